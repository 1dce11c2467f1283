"""Where the cursor goes. The screen is 10 columns and 6 rows; ``place`` is its row and column, from 0."""

import pytest

from tests.terminal.drive import emulator, place, screen

AT_3_4 = b"\x1b[4;5H"
ROWS_2_4 = b"\x1b[2;4r"
COLUMNS_3_6 = b"\x1b[?69h\x1b[3;6s"
ORIGIN = b"\x1b[?6h"
TABS = b"\x1b[H"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(AT_3_4, (3, 4), id="CUP"),
        pytest.param(AT_3_4 + b"\x1b[H", (0, 0), id="CUP home"),
        pytest.param(b"\x1b[99;99H", (5, 9), id="CUP stays on the screen"),
        pytest.param(b"\x1b[;3H", (0, 2), id="CUP row left out"),
        pytest.param(ROWS_2_4 + COLUMNS_3_6 + ORIGIN + b"\x1b[2;2H", (2, 3), id="CUP origin mode"),
        pytest.param(ROWS_2_4 + COLUMNS_3_6 + ORIGIN + b"\x1b[9;9H", (3, 5), id="CUP origin mode stays in the margins"),
        pytest.param(b"\x1b[3;4f", (2, 3), id="HVP"),
        pytest.param(AT_3_4 + b"\x1b[A", (2, 4), id="CUU"),
        pytest.param(AT_3_4 + b"\x1b[99A", (0, 4), id="CUU to the edge"),
        pytest.param(ROWS_2_4 + AT_3_4 + b"\x1b[99A", (1, 4), id="CUU to the margin"),
        pytest.param(ROWS_2_4 + b"\x1b[1;1H\x1b[A", (0, 0), id="CUU above the margin"),
        pytest.param(AT_3_4 + b"\x1b[B", (4, 4), id="CUD"),
        pytest.param(ROWS_2_4 + b"\x1b[2;1H\x1b[99B", (3, 0), id="CUD to the margin"),
        pytest.param(ROWS_2_4 + b"\x1b[5;1H\x1b[99B", (5, 0), id="CUD below the margin"),
        pytest.param(AT_3_4 + b"\x1b[2C", (3, 6), id="CUF"),
        pytest.param(COLUMNS_3_6 + AT_3_4 + b"\x1b[99C", (3, 5), id="CUF to the margin"),
        pytest.param(COLUMNS_3_6 + b"\x1b[1;8H\x1b[99C", (0, 9), id="CUF right of the margin"),
        pytest.param(AT_3_4 + b"\x1b[2D", (3, 2), id="CUB"),
        pytest.param(COLUMNS_3_6 + AT_3_4 + b"\x1b[99D", (3, 2), id="CUB to the margin"),
        pytest.param(COLUMNS_3_6 + b"\x1b[1;2H\x1b[99D", (0, 0), id="CUB left of the margin"),
        pytest.param(b"\x1b[?45h\x1b[2;1H\x1b[3D", (0, 7), id="CUB reverse wrap"),
        pytest.param(b"\x1b[?1045h\x1b[H\x1b[D", (5, 9), id="CUB extended reverse wrap, from the top to the bottom"),
        pytest.param(b"\x1b[?45h\x1b[?7l\x1b[2;1H\x1b[3D", (1, 0), id="CUB reverse wrap needs autowrap"),
        pytest.param(b"\x1b[?45h0123456789\x08", (0, 9), id="BS reverse wrap takes back the pending wrap first"),
        pytest.param(b"0123456789\x08", (0, 8), id="BS from a pending wrap"),
        pytest.param(b"\x08", (0, 0), id="BS at the edge"),
        pytest.param(AT_3_4 + b"\x1b[E", (4, 0), id="CNL"),
        pytest.param(AT_3_4 + b"\x1b[2F", (1, 0), id="CPL"),
        pytest.param(AT_3_4 + b"\x1b[8G", (3, 7), id="CHA"),
        pytest.param(AT_3_4 + b"\x1b[8`", (3, 7), id="HPA"),
        pytest.param(AT_3_4 + b"\x1b[2a", (3, 6), id="HPR"),
        pytest.param(ROWS_2_4 + COLUMNS_3_6 + ORIGIN + b"\x1b[2;2H\x1b[2a", (2, 5), id="HPR origin mode"),
        pytest.param(AT_3_4 + b"\x1b[2d", (1, 4), id="VPA"),
        pytest.param(AT_3_4 + b"\x1b[9e", (5, 4), id="VPR"),
        pytest.param(AT_3_4 + b"\r", (3, 0), id="CR"),
        pytest.param(COLUMNS_3_6 + AT_3_4 + b"\r", (3, 2), id="CR to the margin"),
        pytest.param(COLUMNS_3_6 + b"\x1b[1;2H\r", (0, 0), id="CR left of the margin"),
        pytest.param(AT_3_4 + b"\n", (4, 4), id="LF"),
        pytest.param(AT_3_4 + b"\x0b", (4, 4), id="VT"),
        pytest.param(AT_3_4 + b"\x0c", (4, 4), id="FF"),
        pytest.param(b"\x1b[20h" + AT_3_4 + b"\n", (4, 0), id="LF in LNM"),
        pytest.param(AT_3_4 + b"\x1bD", (4, 4), id="IND"),
        pytest.param(AT_3_4 + b"\x1bE", (4, 0), id="NEL"),
        pytest.param(AT_3_4 + b"\x1bM", (2, 4), id="RI"),
        pytest.param(AT_3_4 + b"\x1b6", (3, 3), id="DECBI"),
        pytest.param(AT_3_4 + b"\x1b9", (3, 5), id="DECFI"),
        pytest.param(b"\t", (0, 8), id="HT"),
        pytest.param(b"\t\t\t", (0, 9), id="HT at the last column"),
        pytest.param(b"0123456789\t", (0, 9), id="HT after a full row stays"),
        pytest.param(b"\x1b[?41h0123456789\t", (1, 8), id="HT after a full row wraps first, by mode 41"),
        pytest.param(COLUMNS_3_6 + b"\t\t", (0, 5), id="HT stops at the margin"),
        pytest.param(b"\x1b[3G\x1bH\x1b[H\t", (0, 2), id="HTS"),
        pytest.param(b"\x1b[3G\x1bH\x1b[5G\x1bH\x1b[H\x1b[2I", (0, 4), id="CHT"),
        pytest.param(b"\x1b[3G\x1bH\x1b[10G\x1b[2Z", (0, 2), id="CBT"),
        pytest.param(b"\x1b[9G\x1b[g\x1b[H\t", (0, 9), id="TBC here"),
        pytest.param(b"\x1b[3g\t", (0, 9), id="TBC all"),
        pytest.param(b"\x1b[3G\x1b[W\x1b[H\t", (0, 2), id="CTC set"),
        pytest.param(b"\x1b[5W\t", (0, 9), id="CTC clear all"),
        pytest.param(b"\x1b[3g\x1b[?5W\t", (0, 8), id="DECST8C"),
        pytest.param(AT_3_4 + ROWS_2_4, (0, 0), id="DECSTBM goes home"),
        pytest.param(AT_3_4 + b"\x1b[4;4r", (3, 4), id="DECSTBM of one row is ignored"),
        pytest.param(AT_3_4 + COLUMNS_3_6, (0, 0), id="DECSLRM, SCOSC: margins go home"),
        pytest.param(AT_3_4 + b"\x1b[s\x1b[H\x1b[u", (3, 4), id="SCORC brings back what CSI s saved"),
        pytest.param(AT_3_4 + b"\x1b7\x1b[H\x1b8", (3, 4), id="DECSC"),
        pytest.param(AT_3_4 + b"\x1b8", (0, 0), id="DECRC without DECSC"),
        pytest.param(ROWS_2_4 + b"\x1b7" + ORIGIN + b"\x1b8\x1b[H", (0, 0), id="DECRC brings back origin mode"),
        pytest.param(b"\x1b[99;99H\x1b7\x1b[?1048h\x1b[H\x1b[?1048l", (5, 9), id="DECSC by mode 1048"),
    ],
)
def test_place(data: bytes, expected: tuple[int, int]) -> None:
    assert place(emulator(data, columns=10, rows=6)) == expected


def test_decrc_brings_back_a_pending_wrap() -> None:
    assert screen(emulator(b"0123456789\x1b7\x1b[3;3Hx\x1b8y")) == ["0123456789", "y", "  x"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"1\r\n2\r\n3\r\n4\r\n5", ["2", "3", "4", "5"], id="LF scrolls"),
        pytest.param(b"1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[3;1H\n5", ["1", "3", "5", "4"], id="LF scrolls between the margins"),
        pytest.param(b"1\r\n2\r\n3\r\n4\x1b[1;3r\x1b[4;1H\n5", ["1", "2", "3", "5"], id="LF below the margins does not scroll"),
        pytest.param(b"1\r\n2\r\n3\r\n4\x1b[H\x1bM0", ["0", "1", "2", "3"], id="RI scrolls"),
        pytest.param(
            b"abcd\r\nefgh\r\nijkl\r\nmnop\x1b[?69h\x1b[2;3s\x1b[4;2H\n",
            ["afgd", "ejkh", "inol", "m  p"],
            id="LF scrolls between four margins",
        ),
        pytest.param(
            b"abcd\r\nefgh\r\nijkl\r\nmnop\x1b[?69h\x1b[2;3s\x1b[4;4H\nX",
            ["abcd", "efgh", "ijkl", "mnoX"],
            id="LF beside the margins does not",
        ),
        pytest.param(b"abcd\r\nefgh\x1b[?69h\x1b[2;3s\x1b[1;2H\x1b6", ["a bd", "e fh"], id="DECBI moves columns"),
        pytest.param(b"abcd\r\nefgh\x1b[?69h\x1b[2;3s\x1b[1;3H\x1b9", ["ac d", "eg h"], id="DECFI moves columns"),
    ],
)
def test_scrolled(data: bytes, expected: list[str]) -> None:
    assert screen(emulator(data, columns=10, rows=4)) == expected
