"""Rendered rows are kept as long as they are of use."""

import gc
import weakref

from agentgrid.client.mirror import PaneScreen
from agentgrid.geometry import Size
from agentgrid.terminal.row import Line
from agentgrid.ui.look import Look
from agentgrid.ui.row_cache import MAX_CACHED_ROWS, RowCache

WIDTH = 20


def cache() -> RowCache:
    return RowCache(PaneScreen(Size(WIDTH, 5), []), Look(), WIDTH, 0, "p1")


def line(number: int) -> Line:
    text = f"line {number}"
    return Line(text, "\0" * len(text))


def test_a_line_is_rendered_once() -> None:
    rows = cache()
    assert rows.row(line(1)) is rows.row(line(1))
    assert rows.row(line(1)) is not rows.row(line(1), reverse=True)


def test_a_flood_leaves_the_rows_that_came_last() -> None:
    rows = cache()
    made = [rows.row(line(number)) for number in range(3 * MAX_CACHED_ROWS)]
    assert len(rows._rows) == MAX_CACHED_ROWS
    last = range(2 * MAX_CACHED_ROWS, 3 * MAX_CACHED_ROWS)
    assert all(rows.row(line(number)) is made[number] for number in last)


def test_a_cache_that_has_ended_is_freed_at_once() -> None:
    rows = cache()
    there = weakref.ref(rows)
    rows.row(line(1))
    gc.disable()
    try:
        rows.end()
        del rows
        assert there() is None
    finally:
        gc.enable()
