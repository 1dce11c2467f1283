"""Printable text onto the screen, with everything that may be in its way.

This is the whole rule of how a character is written: character sets, graphemes that join the cell before them, insert
mode, autowrap, margins, wide characters at the edge. ``interpreter`` has the same for the ordinary case, inlined.

A wide character that does not fit into the last column goes to the next row and leaves a gap (see ``cells``).
Without autowrap it is dropped there. A cluster that grows wide in the last column moves to the next row as a whole, so
that it makes no difference in which pieces it came.
"""

from agentgrid.terminal import cells, charsets, graphemes, modes
from agentgrid.terminal.row import WIDE_TAIL
from agentgrid.terminal.screen import Screen


def draw(screen: Screen, text: str) -> None:
    """Write text at the cursor."""
    text = _translate(screen, text)
    if not text:
        return
    clusters = screen.clusters
    if text.isascii() and screen.joint is None:
        write(screen, text)
        return
    rest = _join(screen, text)
    if rest:
        screen.joint = None
        written = clusters.to_cells(rest)
        if written:
            write(screen, written)
    if graphemes.stays_open(text):
        screen.joint = screen.cursor.y, screen.cursor.x, screen.wrap_next


def _translate(screen: Screen, text: str) -> str:
    if screen.single_shift:
        table = charsets.CHARSETS[screen.designations[screen.single_shift]]
        first = text[0] if table is None else text[0].translate(table)
        screen.single_shift = 0
        screen.tune()
        text = text[1:]
        return first + (_translate(screen, text) if text else "")
    table = charsets.CHARSETS[screen.designations[screen.charset]]
    return text if table is None else text.translate(table)


def _join(screen: Screen, text: str) -> str:
    """Give the beginning of a text to the cell before the cursor where it belongs there; return the rest."""
    cursor = screen.cursor
    if screen.joint == (cursor.y, cursor.x, screen.wrap_next):
        if text.isascii() and screen.joint is None:
            return text
    elif not graphemes.attaches(text):
        return text
    row = screen.rows[cursor.y]
    column = cursor.x if screen.wrap_next else cursor.x - 1
    if column < 0:
        return text
    known = row[0]
    if 0 < column < len(known) and known[column] == WIDE_TAIL:
        column -= 1
    before = screen.clusters.spell(known[column]) if column < len(known) else " "
    whole = graphemes.first_cluster(before + text)
    taken = len(whole) - len(before)
    if taken <= 0:
        return text
    _grow(screen, column, before, whole)
    return text[taken:]


def _grow(screen: Screen, column: int, before: str, whole: str) -> None:
    """Replace the cluster in a cell by one that has more to it, which may be wider."""
    cursor, clusters = screen.cursor, screen.clusters
    row = screen.rows[cursor.y]
    grown = clusters.cells[whole] or clusters.character(whole[: graphemes.MAX_CLUSTER])
    styles = row[1][column : column + 1] or "\0"
    old_width = 2 if row[0][column + 1 : column + 2] == WIDE_TAIL else 1
    if len(grown) > old_width:
        limit = screen.right + 1 if column <= screen.right else screen.columns
        if column + 2 > limit:
            if modes.DECAWM not in screen.mode or limit - screen.left < 2:
                grown = grown[0]
            else:
                screen.rows[cursor.y] = (*_cut_last(row, column, limit, screen.columns), row[2])
                cursor.x, screen.wrap_next = column, False
                pen = screen.pen
                screen.pen = screen.styles.pen(styles)
                write(screen, grown)
                screen.pen = pen
                return
        elif modes.IRM in screen.mode:
            row = cells.insert(row, column + 1, 1, limit, "\0")
    elif len(grown) < old_width:
        grown += " "
    screen.rows[cursor.y] = cells.overwrite(row, column, grown, styles * len(grown))
    if len(grown) > old_width:
        if column + 2 >= limit:
            cursor.x, screen.wrap_next = limit - 1, True
        else:
            cursor.x = column + 2


def _cut_last(row: cells.Cells, column: int, limit: int, columns: int) -> tuple[str, str]:
    if limit == columns:
        return row[0][:column], row[1][:column]
    text, styles, _ = cells.overwrite(row, column, " ", "\0")
    return text, styles


def write(screen: Screen, written: str) -> None:
    """Write cells at the cursor: wide characters are followed by their tails."""
    cursor = screen.cursor
    code = screen.pen.code
    autowrap, insert = modes.DECAWM in screen.mode, modes.IRM in screen.mode
    position, end = 0, len(written)
    while position < end:
        if screen.wrap_next:
            if autowrap:
                wrap(screen)
            screen.wrap_next = False
        limit = screen.right + 1 if cursor.x <= screen.right else screen.columns
        room = limit - cursor.x
        stop = position + room
        if stop < end and written[stop] == WIDE_TAIL:
            stop -= 1
        part = written[position:stop]
        if not part:  # A wide character and one column.
            if not autowrap or limit - screen.left < 2:
                position += 2
                screen.wrap_next = True
                continue
            _leave_gap(screen, limit)
            wrap(screen)
            continue
        position = stop
        if not autowrap and position < end:
            part = _overprint(part + written[position:], room)
            position = end
        row = screen.rows[cursor.y]
        if insert:
            row = cells.insert(row, cursor.x, len(part), limit, screen.pen.fill)
        screen.rows[cursor.y] = cells.overwrite(row, cursor.x, part, code * len(part))
        cursor.x += len(part)
        if cursor.x >= limit:
            cursor.x, screen.wrap_next = limit - 1, True


def _leave_gap(screen: Screen, limit: int) -> None:
    y = screen.cursor.y
    text, styles, wrapped = screen.rows[y]
    last = limit - 1
    if limit == screen.columns:
        if last < len(text):
            screen.rows[y] = cells.erase((text, styles, wrapped), last, limit, "\0", screen.columns)
        elif len(text) < last:
            screen.rows[y] = cells.overwrite((text, styles, wrapped), last - 1, " ", "\0")
    else:
        screen.rows[y] = cells.overwrite((text, styles, wrapped), last, " ", "\0")


def wrap(screen: Screen) -> None:
    """Go to the beginning of the next row, because the text goes on there."""
    cursor = screen.cursor
    if screen.right == screen.columns - 1:
        text, styles, _ = screen.rows[cursor.y]
        screen.rows[cursor.y] = text, styles, True
    screen.index()
    cursor.x = screen.left


def _overprint(written: str, room: int) -> str:
    """What is to be seen of text that goes on in the last column: its last narrow character there."""
    line = written[:room]
    if written[room : room + 1] == WIDE_TAIL:
        line = line[:-1]
    rest = written[len(line) :]
    narrow = [c for c, following in zip(rest, rest[1:] + " ", strict=True) if c != WIDE_TAIL and following != WIDE_TAIL]
    if not narrow:
        return line
    if len(line) == room and line[-1] == WIDE_TAIL:
        line = line[:-2] + "  "
    return line[: room - 1].ljust(room - 1) + narrow[-1]
