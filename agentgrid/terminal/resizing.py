"""A screen of another size: rows given and taken at the top of the main screen, and reflow."""

from agentgrid.geometry import Size
from agentgrid.terminal import cells
from agentgrid.terminal.cells import BLANK_CELLS, Cells
from agentgrid.terminal.screen import Screen


def resize(screen: Screen, size: Size) -> None:
    """Bring both screens to a size; the main one gives rows to the history and takes them back."""
    main = screen.other_rows if screen.alternate else screen.rows
    other = screen.rows if screen.alternate else screen.other_rows
    if size.columns < screen.columns:
        main[:] = [_clip(row, size.columns) for row in main]
        other[:] = [_clip(row, size.columns) for row in other]
    missing = size.rows - len(main)
    cursor = screen.cursor
    if missing > 0:
        back = (
            []
            if screen.alternate or cursor.y < screen.lines - 1
            else [_clip(row, size.columns) for row in screen.history.take_newest(missing)]
        )
        main[:0] = back
        main += [BLANK_CELLS] * (size.rows - len(main))
        cursor.y += len(back)
    else:
        last = cursor.y if not screen.alternate else len(main) - 1
        while len(main) > size.rows and len(main) - 1 > last and main[-1] == BLANK_CELLS:
            main.pop()
        excess = len(main) - size.rows
        screen.history.rows.extend(main[:excess])
        del main[:excess]
        cursor.y -= 0 if screen.alternate else excess
    del other[size.rows :]
    other += [BLANK_CELLS] * (size.rows - len(other))
    screen.columns, screen.lines = size
    screen.reset_margins()
    screen.move(cursor.y, cursor.x)
    screen.tabstops |= set(range(8, size.columns, 8))
    screen.tune()
    screen.history.trim()


def _clip(row: Cells, columns: int) -> Cells:
    if len(row[0]) <= columns:
        return row
    text, styles = cells.copy(row, 0, columns)
    return text, styles, row[2]
