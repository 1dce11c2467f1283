"""How characters are written: wrapping, widths, clusters, character sets."""

import pytest

from agentgrid.geometry import Size
from agentgrid.terminal.pyte_emulator import PyteEmulator
from tests.terminal.drive import emulator, place, screen


def cells(text: str, columns: int = 20) -> tuple[list[str], int]:
    """The clusters of the first row, a cell each, and how many columns they take."""
    made = emulator(text.encode(), columns=columns)
    line = made.lines[0]
    first = 0x100000
    shown = [made.clusters[ord(c) - first] if ord(c) >= first else c for c in line.text if c != "\0"]
    return shown, len(line.text)


@pytest.mark.parametrize(
    ("text", "expected", "columns"),
    [
        pytest.param("abc", ["a", "b", "c"], 3, id="ascii"),
        pytest.param("é─█", ["é", "─", "█"], 3, id="narrow"),
        pytest.param("日本", ["日", "本"], 4, id="wide"),
        pytest.param("e\u0301x", ["e\u0301", "x"], 2, id="a combining mark"),
        pytest.param("a\u0301\u0302\u0303", ["a\u0301\u0302\u0303"], 1, id="several marks"),
        pytest.param("✔\ufe0f ok", ["✔\ufe0f", " ", "o", "k"], 5, id="VS16 makes wide"),
        pytest.param("⌚\ufe0ex", ["⌚\ufe0e", "x"], 2, id="VS15 makes narrow"),
        pytest.param("👍🏽!", ["👍🏽", "!"], 3, id="a skin tone"),
        pytest.param("🖐🏽!", ["🖐🏽", "!"], 3, id="a skin tone on a narrow base"),
        pytest.param("👨‍👩‍👧!", ["👨‍👩‍👧", "!"], 3, id="ZWJ"),
        pytest.param("🇺🇸🇩🇪🇫", ["🇺🇸", "🇩🇪", "🇫"], 6, id="flags"),
        pytest.param("1\ufe0f\u20e3", ["1\ufe0f\u20e3"], 2, id="a keycap"),
        pytest.param("각", ["각"], 2, id="Hangul in parts"),
        pytest.param("क्षि", ["क्षि"], 2, id="an Indic conjunct"),
        pytest.param("a\u200bb", ["a", "b"], 2, id="a zero-width space is no cell"),
        pytest.param("\U00100001x", ["\U00100001", "x"], 2, id="a private character of plane 16"),
        pytest.param("a\u0301" * 3, ["a\u0301"] * 3, 3, id="one cluster, one number"),
    ],
)
@pytest.mark.parametrize("whole", [pytest.param(True, id="whole"), pytest.param(False, id="by code points")])
def test_clusters(text: str, expected: list[str], columns: int, whole: bool) -> None:
    shown = cells(text) if whole else cells("".join(f"{character}\x1b[m" for character in text))
    assert shown == (expected, columns)


@pytest.mark.parametrize(
    ("data", "expected", "cursor"),
    [
        pytest.param(b"01234567890", ["0123456789", "0"], (1, 1), id="wraps"),
        pytest.param(b"0123456789", ["0123456789"], (0, 9), id="stays in the last column"),
        pytest.param(b"0123456789\r\nx", ["0123456789", "x"], (1, 1), id="CR LF after a full row"),
        pytest.param(b"\x1b[?7l01234567890x", ["012345678x"], (0, 9), id="no autowrap"),
        pytest.param("\x1b[?7l012345678日".encode(), ["012345678"], (0, 9), id="no autowrap, no room for a wide character"),
        pytest.param("\x1b[?7l012345678日x".encode(), ["012345678x"], (0, 9), id="no autowrap, then a narrow one"),
        pytest.param("012345678日".encode(), ["012345678", "日"], (1, 2), id="a wide character goes to the next row whole"),
        pytest.param("012345678✔\ufe0f".encode(), ["012345678", "✔\ufe0f"], (1, 2), id="a cluster that grows wide does too"),
        pytest.param(b"\x1b[?69h\x1b[2;4s\x1b[1;2Habcdefg", [" abc", " def", " g"], (2, 2), id="wraps at the margins"),
        pytest.param(b"\x1b[?69h\x1b[2;4s\x1b[1;6Habcdefg", ["     abcde", " fg"], (1, 3), id="right of the margins it wraps at the edge"),
        pytest.param(b"\x1b[?69h\x1b[2;4s\x1b[?7l\x1b[1;2Habcdefg", [" abg"], (0, 3), id="no autowrap at the margin"),
        pytest.param("日本語日本語".encode(), ["日本語日本", "語"], (1, 2), id="wide characters fill the row"),
    ],
)
def test_wrapping(data: bytes, expected: list[str], cursor: tuple[int, int]) -> None:
    made = emulator(data)
    assert screen(made) == expected
    assert place(made) == cursor


def test_a_row_that_goes_on_says_so() -> None:
    made = emulator(b"01234567890\r\nx")
    assert [line.wrapped for line in made.lines] == [True, False, False, False]
    made.feed(b"\x1b[H\x1b[K")
    assert not made.lines[0].wrapped


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"\x1b(0lqk\x1b(Blqk", ["┌─┐lqk"], id="ESC ( 0 line drawing"),
        pytest.param(b"\x1b)0lq\x0elq\x0flq", ["lq┌─lq"], id="SO, SI: G1 in and out"),
        pytest.param(b"\x1b*0a\x1bNqq", ["a─q"], id="SS2: one from G2"),
        pytest.param(b"\x1b+0a\x1bOqq", ["a─q"], id="SS3: one from G3"),
        pytest.param(b"\x1b*0\x1bnq", ["─"], id="LS2: G2 into GL"),
        pytest.param(b"\x1b+0\x1boq", ["─"], id="LS3: G3 into GL"),
        pytest.param(b"\x1b(A#", ["£"], id="United Kingdom"),
        pytest.param(b"\x1b(>!0?@abMR~1", ["⎷⎬∫∴αβ⇔R↓1"], id="DEC Technical"),
        pytest.param(b"\x1b(K[\\]{|}~", ["ÄÖÜäöüß"], id="German"),
        pytest.param(b"\x1b(%6[", ["Ã"], id="Portuguese, by two characters"),
        pytest.param(b"\x1b(%5a", ["á"], id="DEC supplemental"),
        pytest.param(b"\x1b(0\x1b(Zq", ["q"], id="Spanish has a q"),
        pytest.param(b"\x1b(0\x1b(xq", ["─"], id="an unknown set changes nothing"),
        pytest.param("\x1b(0é日q".encode(), ["é日─"], id="what is not ASCII stays"),
        pytest.param(b"\x1b(0\x1b7\x1b(B\x1b8q", ["─"], id="DECRC brings the set back"),
        pytest.param(b"\x1b(0\x1bcq", ["q"], id="RIS"),
    ],
)
def test_character_sets(data: bytes, expected: list[str]) -> None:
    assert screen(emulator(data)) == expected


@pytest.mark.parametrize(
    "data",
    [pytest.param(b"\x1bPq\x1b\\", id="ST"), pytest.param(b"\x1b\\", id="ST alone"), pytest.param(b"\x1b%G\x1b F\x1b#3", id="unknown ESC")],
)
def test_swallowed(data: bytes) -> None:
    assert screen(emulator(b"a" + data + b"b")) == ["ab"]


def test_a_hostile_pile_of_marks_is_one_bounded_cell() -> None:
    made = emulator(b"a" + "\u0301".encode() * 5000 + b"b")
    assert len(made.lines[0].text) == 2
    assert max(map(len, made.clusters)) <= 33


@pytest.mark.parametrize("control", ["\r", "\r\n", "\x1b[H", "\x1b7", "\x1b[m\r"])
def test_what_has_left_no_cell_takes_nothing_behind_a_control_to_it(control: str) -> None:
    """The same in a screen of one row, where the next line begins at the same place."""
    for text in ("\u1161", "\u0301"):
        made = PyteEmulator(Size(20, 1))
        made.feed(f"{text}{control}\U0001f3fd!".encode())
        assert "".join(run.text for run in made.snapshot().rows[0]) == "\U0001f3fd!"
