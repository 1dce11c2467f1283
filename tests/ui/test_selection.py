"""Selected text: which columns of which row, and what is copied."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.terminal.row import WIDE_TAIL, Line
from agentgrid.ui.render import Span
from agentgrid.ui.selection import Point, Selection, copied, line_end, line_start, span, word_at

WIDTH = 10
LINES = [
    Line("$ ls -la   "),  # 0
    Line("a long lin", wrapped=True),  # 1
    Line("e that wra", wrapped=True),  # 2
    Line("ps        "),  # 3
    Line(""),  # 4
    Line("日本".replace("日", "日" + WIDE_TAIL).replace("本", "本" + WIDE_TAIL) + " x"),  # 5
    Line("see src/a.", wrapped=True),  # 6
    Line("py:12 now"),  # 7
]


def read(row: int) -> Line | None:
    return LINES[row] if 0 <= row < len(LINES) else None


def select(start: tuple[int, int], stop: tuple[int, int], unit: str = "cell", *, block: bool = False) -> Selection:
    return Selection(Point(*start), Point(*stop), unit, block)


@pytest.mark.parametrize(
    ("selection", "text"),
    [
        pytest.param(select((0, 2), (0, 3)), "ls", id="a part of a row"),
        pytest.param(select((0, 3), (0, 2)), "ls", id="backwards"),
        pytest.param(select((0, 0), (0, 9)), "$ ls -la", id="blanks at the end go"),
        pytest.param(select((1, 0), (3, 9)), "a long line that wraps", id="wrapped rows are one line"),
        pytest.param(select((0, 5), (1, 5)), "-la\na long", id="two lines"),
        pytest.param(select((3, 0), (5, 9)), "ps\n\n日本 x", id="an empty row between"),
        pytest.param(select((5, 1), (5, 2)), "日本", id="wide characters are taken whole"),
        pytest.param(select((0, 4), (0, 4), "word"), "", id="no word there"),
        pytest.param(select((0, 5), (0, 5), "word"), "-la", id="a word"),
        pytest.param(select((6, 5), (6, 5), "word"), "src/a.py:12", id="a word over the edge"),
        pytest.param(select((7, 1), (7, 1), "word"), "src/a.py:12", id="from its other end"),
        pytest.param(select((0, 2), (1, 3), "word"), "ls -la\na long", id="from word to word"),
        pytest.param(select((2, 4), (2, 4), "line"), "a long line that wraps", id="a whole line"),
        pytest.param(select((0, 1), (2, 1), "line"), "$ ls -la\na long line that wraps", id="lines"),
        pytest.param(select((0, 2), (2, 3), block=True), "ls\nlo\nth", id="a block"),
        pytest.param(select((0, 3), (2, 2), block=True), "ls\nlo\nth", id="a block from its other corner"),
    ],
)
def test_copied(selection: Selection, text: str) -> None:
    assert copied(selection, read, [], WIDTH) == text


@pytest.mark.parametrize(
    ("selection", "row", "columns"),
    [
        pytest.param(select((1, 3), (2, 4)), 0, None, id="above"),
        pytest.param(select((1, 3), (2, 4)), 1, Span(3, 10), id="from its beginning to the edge"),
        pytest.param(select((1, 3), (2, 4)), 2, Span(0, 5), id="up to its end"),
        pytest.param(select((0, 3), (2, 4)), 1, Span(0, 10), id="a row between"),
        pytest.param(select((0, 3), (2, 4), block=True), 1, Span(3, 5), id="a block"),
        pytest.param(select((5, 1), (5, 2)), 5, Span(0, 4), id="wide characters whole"),
    ],
)
def test_span(selection: Selection, row: int, columns: Span | None) -> None:
    assert span(selection, row, read, WIDTH) == columns


def test_line_ends() -> None:
    assert (line_start(2, read), line_end(2, read)) == (1, 3)
    assert (line_start(0, read), line_end(0, read)) == (0, 0)


def test_a_word_of_nothing_is_the_cell() -> None:
    assert word_at(Point(4, 3), read, WIDTH) == (Point(4, 3), Point(4, 3))


POINTS = st.tuples(st.integers(-1, 9), st.integers(0, WIDTH - 1))


@given(POINTS, POINTS, st.sampled_from(["cell", "word", "line"]), st.booleans())
def test_any_selection_can_be_drawn_and_copied(start: tuple[int, int], stop: tuple[int, int], unit: str, block: bool) -> None:
    selection = select(start, stop, unit, block=block)
    text = copied(selection, read, [], WIDTH)
    assert WIDE_TAIL not in text
    for row in range(-2, 11):
        columns = span(selection, row, read, WIDTH)
        assert columns is None or 0 <= columns.start < columns.stop
