"""From a grid and a window to rectangles: cells, pages, and the zoom with its roster. Pure.

A cell is a header row above a pane's screen; one column of line stands between neighbours, none at the window's edges.
Cells of a page differ by at most one column and one row, the larger ones first, and with the status line (the window's
last row, which is nobody's cell) they cover the window without gap or overlap::

    ┌ header 1 ┐│┌ header 2 ┐│┌ header 3 ┐      240x72 and 3x3: screens of 80x23, 79x23, 79x23
    │ screen   │││ screen   │││ screen   │                               …    79x22
    ┌ header 4 ┐│┌ header 5 ┐│┌ header 6 ┐
    …
    status line

A window that is too small for the grid shows fewer, larger cells on further pages (``shape``). A page's cells are numbered
row by row, so a pane keeps its number in every window.
"""

from typing import NamedTuple

from agentgrid.geometry import Rect, Size

SMALL_WINDOW = Size(columns=120, rows=30)  # In a narrower or shorter one, cells get larger and fewer.
LEAST_CELL = Size(columns=40, rows=10)  # With its line and its header. Agents lay out their footers and questions for 40 columns.
LEAST_CELL_IN_SMALL_WINDOW = Size(columns=50, rows=12)  # Somebody who reads on a small window reads one pane at a time.

ROSTER_ENTRY_COLUMNS = 18  # `3 ● claude-1  ⚑`: number, glyph, a name of some length, flag.
ROSTER_COLUMNS = 24  # The roster as a column has room for the word of the state.
LEAST_ZOOMED_COLUMNS = 80  # What a program may expect of a terminal; a roster beside it must not take it away.


class Shape(NamedTuple):
    """How many cells a page has."""

    rows: int
    columns: int

    @property
    def cells(self) -> int:
        return self.rows * self.columns


class Cell(NamedTuple):
    """The place of pane ``number``: its header, its screen, and the line at its right, which has no columns at the window's edge.

    In a window of fewer than three rows the header has no rows.
    """

    number: int
    header: Rect
    screen: Rect
    separator: Rect


class Zoomed(NamedTuple):
    """One pane with the window. ``roster``: a row below it or a column (``upright``) at its right; no cells when nobody is left out."""

    cell: Cell
    roster: Rect
    upright: bool


def shape(rows: int, columns: int, window: Size) -> Shape:
    """The grid as it is shown in this window: the same, or fewer rows and columns. A shape that fits stays as it is."""
    small = window.columns < SMALL_WINDOW.columns or window.rows < SMALL_WINDOW.rows
    least = LEAST_CELL_IN_SMALL_WINDOW if small else LEAST_CELL
    return Shape(min(rows, max(1, window.rows // least.rows)), min(columns, max(1, window.columns // least.columns)))


def pages(count: int, shown: Shape) -> int:
    """How many pages ``count`` cells take; at least one."""
    return max(1, -(-count // shown.cells))


def page_of(number: int, shown: Shape) -> int:
    """The page, counted from 0, that shows cell ``number``."""
    return max(0, number - 1) // shown.cells


def tile(rows: int, columns: int, window: Size, page: int = 0) -> tuple[Cell, ...]:
    """The cells of a page (counted from 0) of this grid in this window, in the shape that fits."""
    shown = shape(rows, columns, window)
    first = page * shown.cells + 1
    widths = _split(window.columns - (shown.columns - 1), shown.columns)
    heights = _split(max(1, window.rows - 1), shown.rows)
    cells: list[Cell] = []
    top = 0
    for height in heights:
        left = 0
        for width in widths:
            line = 1 if left + width < window.columns else 0
            cells.append(_cell(first + len(cells), Rect(top, left, width, height), line))
            left += width + line
        top += height
    return tuple(cells)


def zoomed(window: Size, count: int, number: int = 1) -> Zoomed:
    """The window for pane ``number``, and a roster for the others of ``count``.

    The roster is a row above the status line, which costs the pane least; where the others do not fit into a row, and the
    window is wide, it is a column at the right. In a small window it is the row all the same, and shows whom it can.
    """
    height = max(1, window.rows - 1)
    others = max(0, count - 1)
    if not others or height < 4:
        return Zoomed(_cell(number, Rect(0, 0, window.columns, height), 0), Rect(height, 0, 0, 0), False)
    in_a_row = others * ROSTER_ENTRY_COLUMNS <= window.columns
    if not in_a_row and window.columns >= LEAST_ZOOMED_COLUMNS + 1 + ROSTER_COLUMNS:
        width = window.columns - 1 - ROSTER_COLUMNS
        return Zoomed(_cell(number, Rect(0, 0, width, height), 1), Rect(0, width + 1, ROSTER_COLUMNS, height), True)
    return Zoomed(_cell(number, Rect(0, 0, window.columns, height - 1), 0), Rect(height - 1, 0, window.columns, 1), False)


def _cell(number: int, place: Rect, line: int) -> Cell:
    row, column, columns, rows = place
    header = 1 if rows > 1 else 0
    return Cell(
        number,
        Rect(row, column, columns, header),
        Rect(row + header, column, columns, rows - header),
        Rect(row, column + columns, line, rows),
    )


def _split(length: int, parts: int) -> list[int]:
    """``length`` in parts that differ by at most one, the larger ones first."""
    least, larger = divmod(length, parts)
    return [least + 1] * larger + [least] * (parts - larger)
