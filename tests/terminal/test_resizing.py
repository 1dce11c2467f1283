"""A screen of another size: reflow, the cursor on its character, rows to and from the history."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.geometry import Size
from agentgrid.terminal.reflow import reflow
from tests.terminal.drive import emulator, history, place, screen, style_at
from tests.terminal.streams import GRAPHEMES

TEN_AND_FOUR = "0123456789abcd"


@pytest.mark.parametrize(
    ("data", "size", "expected", "cursor"),
    [
        pytest.param(b"0123456789abcd", Size(20, 4), ["0123456789abcd"], (0, 14), id="wider joins"),
        pytest.param(b"0123456789abcd", Size(5, 4), ["01234", "56789", "abcd"], (2, 4), id="narrower cuts"),
        pytest.param(b"ABCDEFGHI", Size(8, 4), ["ABCDEFGH", "I"], (1, 1), id="narrower cuts a row that was whole"),
        pytest.param(b"ab\r\ncd", Size(20, 4), ["ab", "cd"], (1, 2), id="lines stay lines"),
        pytest.param(b"0123456789abcd\x1b[1;4H", Size(5, 4), ["01234", "56789", "abcd"], (0, 3), id="the cursor stays on its character"),
        pytest.param(b"0123456789abcd\x1b[2;2H", Size(5, 4), ["01234", "56789", "abcd"], (2, 1), id="in the row it went to"),
        pytest.param(b"0123456789", Size(10, 3), ["0123456789"], (0, 9), id="a pending wrap"),
        pytest.param(b"0123456789", Size(20, 4), ["0123456789"], (0, 10), id="a pending wrap, wider"),
        pytest.param("日本語日本語".encode(), Size(5, 4), ["日本", "語日", "本語"], (2, 4), id="a wide character is not cut"),
        pytest.param("012345678日x".encode(), Size(20, 4), ["012345678日x"], (0, 12), id="the gap before a wide character goes"),
        pytest.param(b"ab        \r\ncd", Size(5, 4), ["ab", "cd"], (1, 2), id="blanks at the end make no row"),
        pytest.param(b"1\r\n2\r\n3\r\n4", Size(10, 2), ["3", "4"], (1, 1), id="lower: rows go into the history"),
        pytest.param(b"1\r\n2\x1b[H", Size(10, 2), ["1", "2"], (0, 0), id="lower: blank rows below the cursor go"),
        pytest.param(b"1\r\n2\r\n3\r\n4\x1b[H", Size(10, 2), ["1", "2"], (0, 0), id="lower: the cursor stays on the screen"),
        pytest.param(b"1\r\n2", Size(10, 6), ["1", "2"], (1, 1), id="higher: blank rows below"),
        pytest.param(b"1\r\n2\r\n3\r\n4\r\n5\r\n6", Size(10, 6), ["1", "2", "3", "4", "5", "6"], (5, 1), id="higher: rows come back"),
        pytest.param(
            b"1\r\n2\r\n3\r\n4\r\n5\r\n6\x1b[3;1H",
            Size(10, 6),
            ["3", "4", "5", "6"],
            (2, 0),
            id="higher, the cursor elsewhere: they do not",
        ),
    ],
)
def test_main_screen(data: bytes, size: Size, expected: list[str], cursor: tuple[int, int]) -> None:
    made = emulator(data)
    made.resize(size)
    assert screen(made) == expected
    assert place(made) == cursor
    assert made.size == size


def test_what_reflow_pushes_out_is_in_the_history() -> None:
    made = emulator(b"0123456789abcdefghij\r\n$ ")
    made.resize(Size(5, 3))
    assert history(made) == ["01234", "56789"]
    assert screen(made) == ["abcde", "fghij", "$"]
    made.resize(Size(10, 4))
    assert history(made) == []
    assert screen(made) == ["0123456789", "abcdefghij", "$"]


def test_the_history_is_reflowed() -> None:
    made = emulator(b"".join(b"%d 3456789abc\r\n" % number for number in range(10)))
    made.resize(Size(20, 4))
    assert history(made)[:3] == ["0 3456789abc", "1 3456789abc", "2 3456789abc"]
    assert made.history_length == 7


def test_writing_goes_on_at_the_cursor() -> None:
    made = emulator(b"0123456789")
    made.resize(Size(5, 4))
    made.feed(b"x")
    assert screen(made) == ["01234", "56789", "x"]
    assert made.lines[1].wrapped


def test_the_saved_cursor_stays_on_its_character() -> None:
    made = emulator(b"0123456789ab\x1b7cd\r\n\n")
    made.resize(Size(5, 5))
    made.feed(b"\x1b8X")
    assert screen(made)[:3] == ["01234", "56789", "abXd"]


def test_styles_go_with_their_cells() -> None:
    made = emulator(b"01234567\x1b[31m89ab")
    made.resize(Size(5, 4))
    assert [style_at(made, 1, x).foreground for x in range(5)] == [None, None, None, 1, 1]
    assert style_at(made, 2, 1).foreground == 1


def test_the_alternate_screen_is_clipped_and_the_main_one_reflowed() -> None:
    made = emulator(b"0123456789ab\x1b[?1049h\x1b[H0123456789\x1b[4;1Hend")
    made.resize(Size(5, 3))
    assert screen(made) == ["", "", "end"]
    made.feed(b"\x1b[?1049l")
    assert screen(made) == ["01234", "56789", "ab"]
    assert place(made) == (2, 2)


def test_margins_go_and_new_columns_have_tab_stops() -> None:
    made = emulator(b"\x1b[2;3r\x1b[3g")
    made.resize(Size(30, 4))
    made.feed(b"\x1b[H\t")
    assert place(made) == (0, 16)
    made.feed(b"\x1b[4;1H\nx")
    assert screen(made) == ["", "", "", "x"]


@pytest.mark.parametrize("size", [Size(0, 0), Size(-1, 5)])
def test_no_screen_is_smaller_than_a_cell(size: Size) -> None:
    made = emulator(b"abc")
    made.resize(size)
    made.feed("日x".encode())
    assert min(made.size) == 1


# What VS15 makes narrow was wide first, and a blank is left of it.
words = st.sampled_from([text for text in GRAPHEMES if text.strip(" ") == text and "\ufe0e" not in text])


@given(st.lists(st.lists(words, max_size=8).map("".join), max_size=5), st.integers(2, 20), st.integers(2, 20))
def test_reflow_there_and_back_is_the_same_text(lines: list[str], columns: int, other: int) -> None:
    made = emulator("\r\n".join(lines).encode(), columns=columns, rows=60)
    rows = list(made._screen.rows)
    there = reflow(rows, other)
    assert all(len(text) == len(styles) <= other for text, styles, _ in there)
    text = ["".join(row[0] for row in rows if row[0]), "".join(row[0] for row in there if row[0])]
    assert text[0] == text[1]
    back = reflow(there, columns)
    assert [row[0].rstrip(" ") for row in back] == [row[0].rstrip(" ") for row in rows]


def test_rows_that_fit_are_the_same_objects() -> None:
    rows = [("short", "\0" * 5, False), ("another", "\0" * 7, False)]
    assert all(old is new for old, new in zip(rows, reflow(rows, 20), strict=True))
