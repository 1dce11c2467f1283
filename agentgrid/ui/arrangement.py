"""Who stands where in the window: the cells of a page, or the zoomed pane with its roster. Pure; the rectangles are ``session.layout``'s.

The page that is shown is the active pane's. The window includes the status line's row, which belongs to nobody here.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agentgrid.geometry import Position, Rect, Size
from agentgrid.session import layout
from agentgrid.session.pane import Pane, PaneId

LEAST_WINDOW = Size(columns=20, rows=4)  # Below it not even one pane with its header says anything.


class Slot(NamedTuple):
    """A cell with its pane, or without one. ``place`` is header and screen together."""

    number: int
    place: Rect
    header_rows: int
    pane: Pane | None

    @property
    def screen(self) -> Rect:
        row, column, columns, rows = self.place
        return Rect(row + self.header_rows, column, columns, rows - self.header_rows)


class Arrangement(NamedTuple):
    """All of a window. ``lines`` are the columns between cells."""

    window: Size
    slots: tuple[Slot, ...] = ()
    lines: tuple[Rect, ...] = ()
    roster: Rect | None = None
    page: int = 0
    pages: int = 1
    zoomed: bool = False

    def slot_at(self, position: Position) -> Slot | None:
        return next((slot for slot in self.slots if slot.place.contains(position)), None)

    def slot_of(self, pane: PaneId | None) -> Slot | None:
        return next((slot for slot in self.slots if slot.pane is not None and slot.pane.id == pane), None)


def arrange(panes: Sequence[Pane], rows: int, columns: int, window: Size, active: PaneId | None, zoom: PaneId | None) -> Arrangement:
    """``panes`` are those of the grid, by number."""
    by_id = {pane.id: pane for pane in panes}
    if window.columns < LEAST_WINDOW.columns or window.rows < LEAST_WINDOW.rows:
        return Arrangement(window)
    if zoom is not None and zoom in by_id:
        return _zoomed(by_id[zoom], len(panes), window)
    shown = layout.shape(rows, columns, window)
    page = layout.page_of(by_id[active].number, shown) if active in by_id else 0
    by_number = {pane.number: pane for pane in panes}
    cells = layout.tile(rows, columns, window, page)
    return Arrangement(
        window,
        tuple(_slot(cell, by_number) for cell in cells),
        tuple(cell.separator for cell in cells if cell.separator.columns),
        page=page,
        pages=layout.pages(max(by_number, default=1), shown),
    )


def first_on_page(panes: Sequence[Pane], rows: int, columns: int, window: Size, page: int) -> Pane | None:
    """Whom a page is entered by."""
    shown = layout.shape(rows, columns, window)
    return next((pane for pane in panes if layout.page_of(pane.number, shown) == page), None)


def neighbour(panes: Sequence[Pane], rows: int, columns: int, window: Size, active: PaneId | None, towards: str) -> Pane | None:
    """The nearest pane in a direction by rows and columns of the grid: across pages, past empty cells, around the edges."""
    here = next((pane for pane in panes if pane.id == active), None)
    if here is None:
        return panes[0] if panes else None
    shown = layout.shape(rows, columns, window)
    across = shown.columns
    place = {pane.number: pane for pane in panes}
    row, column = divmod(here.number - 1, across)
    height = -(-max(place) // across)
    step = {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}[towards]
    for distance in range(1, max(across, height)):
        there = ((row + step[0] * distance) % height) * across + (column + step[1] * distance) % across + 1
        if there in place and there != here.number:
            return place[there]
    return None


def places(arrangement: Arrangement) -> object:
    """What Textual's layout depends on."""
    return arrangement.window, [(slot.place, slot.header_rows) for slot in arrangement.slots], arrangement.roster, arrangement.lines


def shifted(arrangement: Arrangement, origin: Position) -> Arrangement:
    """The arrangement of a grid whose first cell is not the window's."""
    if origin == (0, 0):
        return arrangement

    def move(place: Rect) -> Rect:
        return Rect(place.row + origin.row, place.column + origin.column, place.columns, place.rows)

    return arrangement._replace(
        slots=tuple(slot._replace(place=move(slot.place)) for slot in arrangement.slots),
        lines=tuple(move(line) for line in arrangement.lines),
        roster=move(arrangement.roster) if arrangement.roster is not None else None,
    )


def _slot(cell: layout.Cell, by_number: Mapping[int, Pane]) -> Slot:
    header, screen = cell.header, cell.screen
    place = Rect(min(header.row, screen.row), screen.column, screen.columns, header.rows + screen.rows)
    return Slot(cell.number, place, header.rows, by_number.get(cell.number))


def _zoomed(pane: Pane, count: int, window: Size) -> Arrangement:
    found = layout.zoomed(window, count, pane.number)
    roster = found.roster if found.roster.columns and found.roster.rows else None
    lines = (found.cell.separator,) if found.cell.separator.columns else ()
    return Arrangement(window, (_slot(found.cell, {pane.number: pane}),), lines, roster, zoomed=True)
