"""What is printed where a row differs: painted over the row before, the terminal shows what it shows when painted whole."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.client.mirror import PaneScreen
from agentgrid.geometry import Size
from agentgrid.terminal.pyte_emulator import PyteEmulator
from agentgrid.terminal.row import FIRST_CLUSTER, WIDE_TAIL, Line
from agentgrid.terminal.style import DEFAULT_STYLE, Style
from agentgrid.ui.difference import difference
from agentgrid.ui.look import Depth, Look
from agentgrid.ui.row_cache import RowCache
from tests.ui.test_render import CELLS, CLUSTERS, STYLES

COLUMN = 3
WIDE = "日" + WIDE_TAIL
ROCKET = "🚀" + WIDE_TAIL


def plain(text: str) -> Line:
    return Line(text, "\0" * len(text))


DIFFERENT = [
    # What is shown, what is wanted, the cells that are printed.
    ("hello", "hello", None),
    ("hello", "hello   ", None),
    ("hello", "hello!", (5, 6)),
    ("hello", "hell", (4, 5)),
    ("| working 1s |", "| working 2s |", (10, 11)),
    ("", "x", (0, 1)),
    ("x", "", (0, 1)),
    (WIDE + "b", WIDE + "c", (2, 3)),
    (WIDE + "b", "ab" + "b", (0, 2)),
    ("a" + WIDE, "a日b", (1, 3)),
    ("a" + WIDE, "ab" + WIDE, (1, 4)),
    (WIDE * 2, " " + WIDE + "x", (0, 4)),
    ("a" * 18 + WIDE + "b", "a" * 19, (18, 20)),
    ("a" * 19 + WIDE, "a" * 18, (18, 19)),
    (f"a{ROCKET}b", f"a{ROCKET}c", (0, 20)),
    ("a", chr(FIRST_CLUSTER), (0, 20)),
    (chr(FIRST_CLUSTER), "a", (0, 20)),
]


@pytest.mark.parametrize(("shown", "wanted", "cells"), DIFFERENT)
def test_cells_that_are_printed(shown: str, wanted: str, cells: tuple[int, int] | None) -> None:
    assert difference(plain(shown), plain(wanted), 20) == (cells or (20, 20))


def test_another_style_is_another_cell() -> None:
    assert difference(Line("abcdef", "\0\0\1\1\0\0"), Line("abcdef", "\0\0\1\2\0\0"), 20) == (3, 4)
    assert difference(Line("ab", "\0\0"), Line("ab  ", "\0\0\1\1"), 20) == (2, 4)


PRINTED = [
    # What is shown, what is wanted, from which cell on what is printed.
    ("hello", "hello!", 5, "!"),
    ("hello", "hell", 4, " "),
    ("hello", "h", 1, "    "),
    ("hello there", "hello", 6, " " * 5),
    ("hello there", "hell", 4, " \x1b[6X"),
    ("a tab", "a\x07tab", 1, " "),
]


@pytest.mark.parametrize(("shown", "wanted", "start", "text"), PRINTED)
def test_what_is_printed(shown: str, wanted: str, start: int, text: str) -> None:
    cache = RowCache(PaneScreen(Size(40, 1), []), look(Depth.TRUE), 40, 0, "p1")
    assert cache.row(plain(wanted)).over(cache.row(plain(shown))) == (start, text)


CELL = CELLS | st.sampled_from(["🚀" + WIDE_TAIL, "語" + WIDE_TAIL])


@st.composite
def edits(draw: st.DrawFn) -> tuple[list[Line], list[Style]]:
    """A line and what becomes of it: cells replaced, put in and taken out, in any of three styles."""
    styles = [DEFAULT_STYLE, draw(STYLES), draw(STYLES)]
    cells = st.tuples(CELL, st.integers(0, 2))
    row = draw(st.lists(cells, max_size=14))
    found = []
    for _ in range(draw(st.integers(2, 6))):
        found.append(Line("".join(cell for cell, _ in row), "".join(chr(code) * len(cell) for cell, code in row)))
        start = draw(st.integers(0, len(row)))
        row = [*row[:start], *draw(st.lists(cells, max_size=3)), *row[start + draw(st.integers(0, 3)) :]]
    return found, styles


def look(depth: Depth) -> Look:
    return Look(foreground=(200, 201, 202), background=(10, 11, 12), ansi=tuple((10 * n, n, n) for n in range(16)), depth=depth)


@given(edits(), st.integers(1, 24), st.sampled_from(Depth), st.booleans())
def test_painting_what_differs_is_painting_all(made: tuple[list[Line], list[Style]], width: int, depth: Depth, reverse: bool) -> None:
    lines, styles = made
    cache = RowCache(PaneScreen(Size(width, 1), [], styles=styles, clusters=CLUSTERS), look(depth), width, COLUMN, "p1")
    rows = [cache.row(line, reverse=reverse) for line in lines]
    by_parts = PyteEmulator(Size(COLUMN + width + 4, 1))
    by_parts.feed(b"#" * (COLUMN + width + 4))
    before = None
    for row in rows:
        start, text = row.over(before)
        before = row
        by_parts.feed(f"\x1b[1;{COLUMN + start + 1}H{cache.prefix}{text}\x1b[m".encode())
        whole = PyteEmulator(by_parts.size)
        whole.feed(b"#" * (COLUMN + width + 4))
        whole.feed(f"\x1b[1;{COLUMN + 1}H{cache.prefix}{row.over(None)[1]}\x1b[m".encode())
        assert seen(by_parts) == seen(whole)


def seen(terminal: PyteEmulator) -> list[tuple[str, Style]]:
    """Character by character; a blank that is erased has no ink, and one that is printed shows none."""
    cells = [(character, run.style) for row in terminal.snapshot().rows for run in row for character in run.text]
    return [(character, without_ink(style) if character == " " else style) for character, style in cells]


def without_ink(style: Style) -> Style:
    """What is seen of it in a blank."""
    if style.reverse or style.strike or style.overline or style.underline:
        return style
    return msgspec.structs.replace(style, foreground=None)
