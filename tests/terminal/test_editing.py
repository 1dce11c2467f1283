"""Erase, insert, delete, scroll. The screen is 10 columns and 4 rows, filled with letters where nothing else is said."""

import pytest

from tests.terminal.drive import emulator, history, place, screen, style_at

ABC = b"abcdefghij\r\nklmnopqrst\r\nuvwxyz0123\r\n456789!@#$"
AT_1_3 = ABC + b"\x1b[2;4H"
MARGINS = b"\x1b[?69h\x1b[3;6s\x1b[2;3r"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(AT_1_3 + b"\x1b[K", ["abcdefghij", "klm", "uvwxyz0123", "456789!@#$"], id="EL 0"),
        pytest.param(AT_1_3 + b"\x1b[1K", ["abcdefghij", "    opqrst", "uvwxyz0123", "456789!@#$"], id="EL 1"),
        pytest.param(AT_1_3 + b"\x1b[2K", ["abcdefghij", "", "uvwxyz0123", "456789!@#$"], id="EL 2"),
        pytest.param(AT_1_3 + b"\x1b[9K", ["abcdefghij", "klmnopqrst", "uvwxyz0123", "456789!@#$"], id="EL 9 is unknown"),
        pytest.param(b"0123456789\x1b[Kx", ["012345678x"], id="EL 0 ends a pending wrap"),
        pytest.param(AT_1_3 + b"\x1b[J", ["abcdefghij", "klm"], id="ED 0"),
        pytest.param(AT_1_3 + b"\x1b[1J", ["", "    opqrst", "uvwxyz0123", "456789!@#$"], id="ED 1"),
        pytest.param(AT_1_3 + b"\x1b[2J", [], id="ED 2"),
        pytest.param(AT_1_3 + b"\x1b[3X", ["abcdefghij", "klm   qrst", "uvwxyz0123", "456789!@#$"], id="ECH"),
        pytest.param(AT_1_3 + b"\x1b[2@", ["abcdefghij", "klm  nopqr", "uvwxyz0123", "456789!@#$"], id="ICH"),
        pytest.param(
            AT_1_3 + MARGINS + b"\x1b[2;4H\x1b[2@", ["abcdefghij", "klm  nqrst", "uvwxyz0123", "456789!@#$"], id="ICH in the margins"
        ),
        pytest.param(
            AT_1_3 + MARGINS + b"\x1b[2;8H\x1b[2@", ["abcdefghij", "klmnopqrst", "uvwxyz0123", "456789!@#$"], id="ICH beside them"
        ),
        pytest.param(AT_1_3 + b"\x1b[2P", ["abcdefghij", "klmpqrst", "uvwxyz0123", "456789!@#$"], id="DCH"),
        pytest.param(
            AT_1_3 + MARGINS + b"\x1b[2;4H\x1b[2P", ["abcdefghij", "klmp  qrst", "uvwxyz0123", "456789!@#$"], id="DCH in the margins"
        ),
        pytest.param(AT_1_3 + b"\x1b[L", ["abcdefghij", "", "klmnopqrst", "uvwxyz0123"], id="IL"),
        pytest.param(AT_1_3 + b"\x1b[2;3r\x1b[2;4H\x1b[9L", ["abcdefghij", "", "", "456789!@#$"], id="IL in the margins"),
        pytest.param(AT_1_3 + b"\x1b[2;3r\x1b[4;4H\x1b[L", ["abcdefghij", "klmnopqrst", "uvwxyz0123", "456789!@#$"], id="IL outside them"),
        pytest.param(AT_1_3 + b"\x1b[M", ["abcdefghij", "uvwxyz0123", "456789!@#$"], id="DL"),
        pytest.param(
            AT_1_3 + MARGINS + b"\x1b[2;4H\x1b[M", ["abcdefghij", "klwxyzqrst", "uv    0123", "456789!@#$"], id="DL in four margins"
        ),
        pytest.param(AT_1_3 + b"\x1b[S", ["klmnopqrst", "uvwxyz0123", "456789!@#$"], id="SU"),
        pytest.param(AT_1_3 + MARGINS + b"\x1b[S", ["abcdefghij", "klwxyzqrst", "uv    0123", "456789!@#$"], id="SU in four margins"),
        pytest.param(AT_1_3 + b"\x1b[T", ["", "abcdefghij", "klmnopqrst", "uvwxyz0123"], id="SD"),
        pytest.param(AT_1_3 + b"\x1b[2^", ["", "", "abcdefghij", "klmnopqrst"], id="SD by ^"),
        pytest.param(AT_1_3 + b"\x1b[2 @", ["cdefghij", "mnopqrst", "wxyz0123", "6789!@#$"], id="SL"),
        pytest.param(AT_1_3 + b"\x1b[2 A", ["  abcdefgh", "  klmnopqr", "  uvwxyz01", "  456789!@"], id="SR"),
        pytest.param(AT_1_3 + b"\x1b['}", ["abc defghi", "klm nopqrs", "uvw xyz012", "456 789!@#"], id="DECIC"),
        pytest.param(AT_1_3 + b"\x1b[2'~", ["abcfghij", "klmpqrst", "uvwz0123", "4569!@#$"], id="DECDC"),
        pytest.param(ABC + b"\x1b[2;3r\x1b#8\x1b[?6h\x1b[Hx", ["xEEEEEEEEE", "EEEEEEEEEE", "EEEEEEEEEE", "EEEEEEEEEE"], id="DECALN"),
        pytest.param(b"ab\x1b[3b", ["abbbb"], id="REP"),
        pytest.param(b"a\xe6\x97\xa5\x1b[2b", ["a日日日"], id="REP wide"),
        pytest.param(b"ab\r\x1b[3b", ["ab"], id="REP after a control does nothing"),
        pytest.param(b"abc\x1b[9b", ["abcccccccc", "cc"], id="REP wraps"),
        pytest.param(b"\x1b[4habc\x1b[Hxy", ["xyabc"], id="IRM"),
        pytest.param("日本\x1b[2Gx".encode(), [" x本"], id="the first half of a wide character goes"),
        pytest.param("日本\x1b[Gx".encode(), ["x 本"], id="the second half of a wide character goes"),
        pytest.param("日本\x1b[2G\x1b[X".encode(), ["  本"], id="ECH in a wide character"),
        pytest.param("日本\x1b[2G\x1b[P".encode(), [" 本"], id="DCH in a wide character"),
        pytest.param("日本\x1b[2G\x1b[@".encode(), ["   本"], id="ICH in a wide character"),
        pytest.param("12345678日\x1b[G\x1b[@".encode(), [" 12345678"], id="ICH pushes half a wide character out"),
    ],
)
def test_screen(data: bytes, expected: list[str]) -> None:
    assert screen(emulator(data)) == expected


GUARDED = b'ab\x1b[1"qcd\x1b[0"qef'
ISO = b"ab\x1bVcd\x1bWef"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(GUARDED + b"\x1b[?2K", ["  cd"], id="DECSEL keeps what DECSCA protects"),
        pytest.param(GUARDED + b"\x1b[H\x1b[?J", ["  cd"], id="DECSED keeps it"),
        pytest.param(GUARDED + b"\x1b[2K", [], id="EL does not"),
        pytest.param(GUARDED + b"\x1b[G\x1b[6X", [], id="ECH does not"),
        pytest.param(GUARDED + b'\x1b[1"q\x1b[0m\x1b[?2Kx\x1b[?2K', ["  cd  x"], id="DECSCA is not reset by SGR 0"),
        pytest.param(ISO + b"\x1b[2K", ["  cd"], id="SPA: EL keeps it"),
        pytest.param(ISO + b"\x1b[G\x1b[9X", ["  cd"], id="EPA: what comes after it is not kept"),
        pytest.param(ISO + b"\x1b[?2K", [], id="SPA: DECSEL does not"),
    ],
)
def test_protected(data: bytes, expected: list[str]) -> None:
    assert screen(emulator(data)) == expected


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x1b[2K", id="EL"),
        pytest.param(b"\x1b[2J", id="ED"),
        pytest.param(b"\x1b[10X", id="ECH"),
        pytest.param(b"\x1b[L", id="IL"),
        pytest.param(b"\x1b[4M", id="DL"),
        pytest.param(b"\x1b[T", id="SD"),
        pytest.param(b"\x1b[4S", id="SU"),
        pytest.param(b"\x1b[10@", id="ICH"),
        pytest.param(b"\x1b[10P", id="DCH"),
    ],
)
def test_what_comes_in_has_the_background_of_the_pen(data: bytes) -> None:
    made = emulator(b"x\r\n\n\n\x1b[H\x1b[1;31;44m" + data)
    assert style_at(made, 0, 9).background == 4
    assert not style_at(made, 0, 9).bold
    assert made.snapshot().rows[0][0].text == " " * 10  # Blank cells with a background are there.


def test_erasing_the_history_leaves_the_screen() -> None:
    made = emulator(b"1\r\n2\r\n3\r\n4\r\n5\r\n6")
    assert history(made) == ["1", "2"]
    made.feed(b"\x1b[3J")
    assert history(made) == []
    assert screen(made) == ["3", "4", "5", "6"]
    assert made.history_dropped == 2


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"\x1b[2S", ["a", "b"], id="SU goes into the history"),
        pytest.param(b"\x1b[1;3r\x1b[3;1H\n", ["a"], id="LF with margins from the top does"),
        pytest.param(b"\x1b[2;3r\x1b[3;1H\n", [], id="LF with other margins does not"),
        pytest.param(b"\x1b[H\x1b[2M", [], id="DL does not"),
        pytest.param(b"\x1b[?69h\x1b[2;5s\x1b[2S", [], id="side margins do not"),
        pytest.param(b"\x1b[?1049h\n\n\n\n\n\n", [], id="the alternate screen does not"),
    ],
)
def test_what_goes_into_the_history(data: bytes, expected: list[str]) -> None:
    assert history(emulator(b"a\r\nb\r\nc\r\nd" + data)) == expected


def test_the_cursor_goes_to_the_margin_with_rows() -> None:
    assert place(emulator(AT_1_3 + b"\x1b[L")) == (1, 0)
    assert place(emulator(AT_1_3 + b"\x1b[S")) == (1, 3)
