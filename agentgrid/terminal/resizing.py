"""A screen of another size.

The main screen and its history are reflowed; the cursor and the saved cursor stay on their characters. Rows that no longer
fit go into the history, blank ones below the cursor first of all simply go. Rows come back from it where reflow has
shortened what is above, or where the cursor was in the last row (as xterm.js does it: there a program wrote a log, and
elsewhere it has its own place for things). The alternate screen is clipped, never reflowed: its program draws it anew.
"""

from agentgrid.geometry import Size
from agentgrid.terminal import cells, flood, packed
from agentgrid.terminal.cells import BLANK_CELLS, Cells
from agentgrid.terminal.history import Block
from agentgrid.terminal.reflow import Place, reflow, reflow_places
from agentgrid.terminal.screen import SavedCursor, Screen, default_tabstops


def resize(screen: Screen, size: Size) -> None:
    """Bring both screens to a size."""
    if screen.alternate:
        _clip(screen, size)
        saved = screen.saved[False]
        main, place, _ = _resize_main(screen, screen.other_rows, size, (saved.row, saved.column + saved.wrap_next), None)
        screen.other_rows = main
        screen.saved[False] = _moved(saved, place, size)
    else:
        cursor, saved = screen.cursor, screen.saved[False]
        here, there = (cursor.y, cursor.x + screen.wrap_next), (saved.row, saved.column + saved.wrap_next)
        main, place, old = _resize_main(screen, screen.rows, size, here, there)
        screen.rows = main
        screen.other_rows = [BLANK_CELLS] * size.rows
        cursor.y, cursor.x = min(place[0], size.rows - 1), min(place[1], size.columns - 1)
        screen.wrap_next = place[1] == size.columns and (screen.wrap_next or screen.columns > size.columns)
        screen.saved[False] = _moved(saved, old or (0, 0), size)
    saved = screen.saved[True]
    screen.saved[True] = _moved(saved, (saved.row, saved.column + saved.wrap_next), size)
    if size.columns > screen.columns:
        screen.tabstops |= {stop for stop in default_tabstops(size.columns) if stop >= screen.columns}
    screen.columns, screen.lines = size
    screen.reset_margins()
    screen.joint = None
    screen.tune()
    screen.history.trim()


def _moved(saved: SavedCursor, place: Place, size: Size) -> SavedCursor:
    row, column = min(max(place[0], 0), size.rows - 1), place[1]
    return saved._replace(row=row, column=min(column, size.columns - 1), wrap_next=saved.wrap_next and column == size.columns)


def _resize_main(
    screen: Screen, rows: list[Cells], size: Size, cursor: Place, saved: Place | None
) -> tuple[list[Cells], Place, Place | None]:
    """The main screen's rows for a size, and where the cursor and the saved cursor are."""
    history = screen.history
    places = [cursor] if saved is None else [cursor, saved]
    at_bottom = cursor[0] == len(rows) - 1
    wanted = size.rows - len(rows) if at_bottom else 0
    if size.columns != screen.columns:
        height = len(rows)
        above = history.take_unfinished()
        history.replace(lambda block: _reflow_block(screen, block, size.columns))
        places = [(y + len(above), x) for y, x in places]
        rows, places = reflow_places([*above, *rows], size.columns, places)
        wanted += max(0, height - len(rows))
    rows, places, excess = _fit(rows, places, size.rows)
    history.rows += rows[:excess]
    rows = rows[excess:]
    places = [(y - excess, x) for y, x in places]
    back = history.take_newest(min(wanted, size.rows - len(rows)))
    rows = [*back, *rows]
    places = [(y + len(back), x) for y, x in places]
    rows += [BLANK_CELLS] * (size.rows - len(rows))
    return rows, places[0], places[1] if saved is not None else None


def _fit(rows: list[Cells], places: list[Place], limit: int) -> tuple[list[Cells], list[Place], int]:
    """Drop blank rows below the cursor beyond a number of rows; how many more have to leave at the top."""
    last = places[0][0]
    while len(rows) > limit and len(rows) - 1 > last and not rows[-1][0].strip(" "):
        rows.pop()
    excess = max(0, len(rows) - limit)
    above = min(excess, last)
    if above < excess:
        del rows[len(rows) - (excess - above) :]
    return rows, places, above


def _reflow_block(screen: Screen, block: Block, columns: int) -> Block:
    if isinstance(block, list):
        return reflow(block, columns)
    if isinstance(block, packed.Packed):
        return packed.relaid(block, columns)
    assert isinstance(block, flood.Flood)
    return flood.relayout(screen, block, columns) or reflow(flood.parse(screen, block), columns)


def _clip(screen: Screen, size: Size) -> None:
    """The alternate screen for a size: the cursor's row stays on it."""
    cursor = screen.cursor
    rows = [row if len(row[0]) <= size.columns else (*cells.copy(row, 0, size.columns), False) for row in screen.rows]
    excess = max(0, cursor.y - size.rows + 1)
    del rows[:excess]
    del rows[size.rows :]
    screen.rows = rows + [BLANK_CELLS] * (size.rows - len(rows))
    cursor.y -= excess
    cursor.x = min(cursor.x, size.columns - 1)
    screen.wrap_next = False
