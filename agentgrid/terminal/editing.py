"""Sequences that erase, insert, delete and scroll. ``p`` holds the parameters, 0 where one was left out."""

from collections.abc import Callable, Iterable

from agentgrid.terminal import cells, drawing
from agentgrid.terminal.cells import Cells
from agentgrid.terminal.motion import P, first
from agentgrid.terminal.row import WIDE_TAIL
from agentgrid.terminal.screen import Screen
from agentgrid.terminal.style import DEFAULT_CODE

Eraser = Callable[[Screen, Cells, int, int], Cells]


def erase_all(screen: Screen, row: Cells, start: int, stop: int) -> Cells:
    """What ED, EL, ECH and DECERA do: protection counts only when SPA set it."""
    if screen.protection == "ISO":
        return keep_protected(screen, row, start, stop)
    return cells.erase(row, start, stop, screen.pen.fill, screen.columns)


def keep_protected(screen: Screen, row: Cells, start: int, stop: int) -> Cells:
    """Erase the cells of a range but those that are protected."""
    protected, styles = screen.styles.protected, row[1]
    if protected.isdisjoint(styles[start:stop]):
        return cells.erase(row, start, stop, screen.pen.fill, screen.columns)
    for x in range(start, stop):
        if x >= len(styles) or styles[x] not in protected:
            row = cells.erase(row, x, x + 1, screen.pen.fill, screen.columns)
    return row


def selective(screen: Screen, row: Cells, start: int, stop: int) -> Cells:
    """What DECSEL, DECSED and DECSERA do: protection counts only when DECSCA set it."""
    if screen.protection != "DEC":
        return cells.erase(row, start, stop, screen.pen.fill, screen.columns)
    return keep_protected(screen, row, start, stop)


def _in_line(screen: Screen, how: int, erase: Eraser) -> None:
    y, x = screen.cursor.y, screen.cursor.x
    spans = {0: (x, screen.columns), 1: (0, x + 1), 2: (0, screen.columns)}
    if how in spans:
        screen.rows[y] = erase(screen, screen.rows[y], *spans[how])
        screen.wrap_next = False


def _in_display(screen: Screen, how: int, erase: Eraser) -> None:
    y = screen.cursor.y
    spans: dict[int, Iterable[int]] = {0: range(y + 1, screen.lines), 1: range(y), 2: range(screen.lines)}
    if how not in spans:
        return
    if how < 2:
        _in_line(screen, how, erase)
    for other in spans[how]:
        screen.rows[other] = erase(screen, screen.rows[other], 0, screen.columns)
    screen.wrap_next = False


def erase_in_line(screen: Screen, p: P) -> None:
    _in_line(screen, p[0] if p else 0, erase_all)


def erase_in_display(screen: Screen, p: P) -> None:
    """ED; 3 forgets the history."""
    how = p[0] if p else 0
    if how == 3:
        screen.history.clear()
    else:
        _in_display(screen, how, erase_all)


def selective_in_line(screen: Screen, p: P) -> None:
    _in_line(screen, p[0] if p else 0, selective)


def selective_in_display(screen: Screen, p: P) -> None:
    how = p[0] if p else 0
    if how == 3:
        screen.history.clear()
    else:
        _in_display(screen, how, selective)


def erase_characters(screen: Screen, p: P) -> None:
    """ECH; margins do not matter."""
    y, x = screen.cursor.y, screen.cursor.x
    screen.rows[y] = erase_all(screen, screen.rows[y], x, min(x + first(p), screen.columns))
    screen.wrap_next = False


def insert_characters(screen: Screen, p: P) -> None:
    """ICH, within the side margins."""
    y, x = screen.cursor.y, screen.cursor.x
    screen.wrap_next = False
    if screen.left <= x <= screen.right:
        screen.rows[y] = cells.insert(screen.rows[y], x, first(p), screen.right + 1, screen.pen.fill)


def delete_characters(screen: Screen, p: P) -> None:
    """DCH, within the side margins."""
    y, x = screen.cursor.y, screen.cursor.x
    screen.wrap_next = False
    if screen.left <= x <= screen.right:
        row = cells.delete(screen.rows[y], x, first(p), screen.right + 1, screen.pen.fill)
        screen.rows[y] = row[0], row[1], False if screen.right == screen.columns - 1 else row[2]


def insert_rows(screen: Screen, p: P) -> None:
    """IL; nothing outside the margins."""
    if screen.in_margins:
        screen.scroll_down(screen.cursor.y, screen.bottom, first(p))
        screen.cursor.x = screen.left
        screen.wrap_next = False


def delete_rows(screen: Screen, p: P) -> None:
    """DL; nothing outside the margins, nothing into the history."""
    if screen.in_margins:
        screen.delete_rows(screen.cursor.y, screen.bottom, first(p))
        screen.cursor.x = screen.left
        screen.wrap_next = False


def scroll_up(screen: Screen, p: P) -> None:
    """SU."""
    screen.scroll_up(screen.top, screen.bottom, first(p))


def scroll_down(screen: Screen, p: P) -> None:
    """SD."""
    screen.scroll_down(screen.top, screen.bottom, first(p))


def scroll_left(screen: Screen, p: P) -> None:
    """SL."""
    if screen.in_margins:
        shift_columns(screen, screen.left, -first(p))


def scroll_right(screen: Screen, p: P) -> None:
    """SR."""
    if screen.in_margins:
        shift_columns(screen, screen.left, first(p))


def insert_columns(screen: Screen, p: P) -> None:
    """DECIC."""
    if screen.in_margins:
        shift_columns(screen, screen.cursor.x, first(p))


def delete_columns(screen: Screen, p: P) -> None:
    """DECDC."""
    if screen.in_margins:
        shift_columns(screen, screen.cursor.x, -first(p))


def shift_columns(screen: Screen, start: int, right: int) -> None:
    """Move the columns from ``start`` to the right margin, in all rows between the margins."""
    stop, fill = screen.right + 1, screen.pen.fill
    for y in range(screen.top, screen.bottom + 1):
        if right > 0:
            screen.rows[y] = cells.insert(screen.rows[y], start, right, stop, fill)
        else:
            screen.rows[y] = cells.delete(screen.rows[y], start, -right, stop, fill)
    screen.wrap_next = False


def alignment(screen: Screen) -> None:
    """DECALN: a screen of E; margins and origin mode are reset."""
    screen.reset_margins()
    screen.tune()
    screen.rows[:] = [("E" * screen.columns, DEFAULT_CODE * screen.columns, False)] * screen.lines
    screen.move(0, 0)


def repeat(screen: Screen, p: P) -> None:
    """REP: the character written just before again, a screenful at most; after a control, nothing."""
    if not screen.last_text:
        return
    x = screen.cursor.x if screen.wrap_next else screen.cursor.x - 1
    text = screen.rows[screen.cursor.y][0]
    if x >= 1 and text[x : x + 1] == WIDE_TAIL:
        x -= 1
    if 0 <= x < len(text):
        count = min(first(p), screen.columns * screen.lines)
        drawing.write(screen, (text[x] + text[x + 1 : x + 2].replace(" ", "") * (text[x + 1 : x + 2] == WIDE_TAIL)) * count)
