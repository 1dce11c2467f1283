"""Copy mode: keys to movements, selections and what is copied."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.client.mirror import PaneScreen
from agentgrid.geometry import Size
from agentgrid.terminal.emulator import Cursor
from agentgrid.terminal.row import Line
from agentgrid.ui.copy_mode import MOVEMENTS, Copy, CopyMode, Leave, Place, begin, step
from agentgrid.ui.selection import Point, Selection

TEXTS = ["one two", "", "  three four.py", "five"]
SCREEN = PaneScreen(
    Size(20, 4),
    [Line(text) for text in TEXTS],
    cursor=Cursor(row=2, column=3),
    history_length=10,
    history={row: Line(f"old {row}") for row in range(10)},
)
PLACE = Place(SCREEN, 20, 4)


def after(*pressed: str, start: CopyMode | None = None) -> CopyMode:
    mode = start or begin(PLACE, None)
    for key in pressed:
        found = step(mode, key, PLACE)
        assert isinstance(found, CopyMode), (key, found)
        mode = found
    return mode


def test_it_begins_where_the_program_is() -> None:
    assert begin(PLACE, None) == CopyMode(Point(12, 3), 10)


def test_it_begins_at_the_bottom_of_what_is_looked_at() -> None:
    assert begin(PLACE, 4) == CopyMode(Point(7, 0), 4)


@pytest.mark.parametrize(
    ("pressed", "cursor"),
    [
        pytest.param(["h"], (12, 2), id="h"),
        pytest.param(["left"], (12, 2), id="left"),
        pytest.param(["l", "l"], (12, 5), id="l"),
        pytest.param(["j"], (13, 3), id="j"),
        pytest.param(["j", "j"], (13, 3), id="not below the last row"),
        pytest.param(["k"], (11, 3), id="k"),
        pytest.param(["0"], (12, 0), id="0"),
        pytest.param(["^"], (12, 2), id="^"),
        pytest.param(["$"], (12, 14), id="$"),
        pytest.param(["w"], (12, 8), id="w"),
        pytest.param(["w", "w"], (13, 0), id="w to the next row"),
        pytest.param(["b"], (12, 2), id="b"),
        pytest.param(["b", "b"], (10, 4), id="b to a row before"),
        pytest.param(["e"], (12, 6), id="e"),
        pytest.param(["g"], (0, 0), id="g"),
        pytest.param(["2", "h"], (12, 1), id="2h"),
        pytest.param(["1", "0", "l"], (12, 13), id="10l"),
        pytest.param(["5", "G"], (4, 0), id="5G"),
        pytest.param(["W"], (12, 8), id="W"),
        pytest.param(["E"], (12, 6), id="E"),
        pytest.param(["B"], (12, 2), id="B"),
        pytest.param(["f", "r"], (12, 4), id="f"),
        pytest.param(["f", "r", ";"], (12, 11), id="f ;"),
        pytest.param(["f", "r", ";", ","], (12, 4), id="f ; ,"),
        pytest.param(["t", "u"], (12, 9), id="t"),
        pytest.param(["$", "F", "f"], (12, 8), id="F"),
        pytest.param(["$", "T", "f"], (12, 9), id="T"),
        pytest.param(["f", "space"], (12, 7), id="f space"),
        pytest.param(["f", "x"], (12, 3), id="f of what is not there"),
        pytest.param(["-"], (11, 0), id="-"),
        pytest.param(["+"], (13, 0), id="+"),
        pytest.param(["X", "g", "alt+x"], (12, 3), id="back to the mark"),
        pytest.param(["4", "ctrl+y"], (9, 3), id="the view moves, the cursor stays in it"),
        pytest.param(["G"], (13, 0), id="G"),
        pytest.param(["H"], (10, 3), id="H"),
        pytest.param(["M"], (12, 3), id="M"),
        pytest.param(["L"], (13, 3), id="L"),
        pytest.param(["pageup"], (9, 3), id="a page up"),
        pytest.param(["ctrl+u"], (11, 3), id="half a page up"),
        pytest.param(["{"], (11, 0), id="the blank row above"),
        pytest.param(["g", "}"], (11, 0), id="the blank row below"),
    ],
)
def test_movement(pressed: list[str], cursor: tuple[int, int]) -> None:
    assert after(*pressed).cursor == cursor


def test_the_view_follows_the_cursor() -> None:
    assert after("g").top == 0
    assert after("g", "G").top == 10
    assert after("k", "k").top == 10
    assert after("k", "k", "k").top == 9


@pytest.mark.parametrize("key", ["q", "i", "ctrl+c", "escape"])
def test_leaving(key: str) -> None:
    assert step(begin(PLACE, None), key, PLACE) == Leave()


def test_escape_first_drops_the_selection() -> None:
    assert after("v", "escape").anchor is None


@pytest.mark.parametrize(
    ("pressed", "selection"),
    [
        pytest.param(["v", "l", "l"], Selection(Point(12, 3), Point(12, 5)), id="v"),
        pytest.param(["space", "k"], Selection(Point(12, 3), Point(11, 3)), id="space, upwards"),
        pytest.param(["V", "k"], Selection(Point(12, 3), Point(11, 3), "line"), id="V"),
        pytest.param(["v", "r", "j", "l"], Selection(Point(12, 3), Point(13, 4), "cell", True), id="a block"),
        pytest.param(["v", "l", "o"], Selection(Point(12, 4), Point(12, 3)), id="o goes to the other end"),
    ],
)
def test_selecting(pressed: list[str], selection: Selection) -> None:
    mode = after(*pressed)
    assert mode.selection == selection
    assert step(mode, "y", PLACE) == Copy(selection)
    assert step(mode, "enter", PLACE) == Copy(selection)


def test_a_line_is_copied_at_once() -> None:
    assert step(begin(PLACE, None), "Y", PLACE) == Copy(Selection(Point(12, 3), Point(12, 3), "line"))


def test_enter_without_a_selection_leaves() -> None:
    assert step(begin(PLACE, None), "enter", PLACE) == Leave()


def test_other_keys_mean_nothing() -> None:
    assert step(begin(PLACE, None), "x", PLACE) is None


@given(st.lists(st.sampled_from([*MOVEMENTS, "v", "V", "r"]), max_size=30))
def test_the_cursor_stays_in_view(pressed: list[str]) -> None:
    mode = after(*pressed)
    assert PLACE.first <= mode.top <= mode.cursor.row < mode.top + PLACE.rows
    assert mode.cursor.row <= PLACE.last
    assert 0 <= mode.cursor.column < PLACE.columns
