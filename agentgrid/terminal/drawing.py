"""Printable text onto the screen, with everything that may be in its way.

This is the whole rule of how a character is written: character sets, graphemes that join the cell before them, insert
mode, autowrap, margins, wide characters at the edge. ``interpreter`` has the same for the ordinary case, inlined.

In which pieces text comes makes no difference. So a cluster that grows wide in the last column moves to the next row as a
whole, one that VS15 makes narrow is first written wide, and what left no cell (``Joint.lost``) is still there for marks to join.

A wide character that does not fit into the last column goes to the next row and leaves a gap (see ``cells``). Without autowrap
it is lost, unless it has a narrow form to show there: its base without what makes it wide.
"""

from agentgrid.terminal import cells, charsets, graphemes, modes
from agentgrid.terminal.graphemes import TEXT_STYLE
from agentgrid.terminal.row import WIDE_TAIL
from agentgrid.terminal.screen import Joint, Screen
from agentgrid.terminal.style import DEFAULT_CODE


def draw(screen: Screen, text: str) -> None:
    """Write text at the cursor."""
    text = _translate(screen, text)
    if text.isascii() and screen.joint is None:
        write(screen, text)
        return
    while TEXT_STYLE in text:
        before, _, after = text.partition(TEXT_STYLE)
        if before:
            _draw_clusters(screen, before)
        text = TEXT_STYLE + after
        first = graphemes.first_cluster(text)
        _draw_clusters(screen, first)
        text = text[len(first) :]
    if text:
        _draw_clusters(screen, text)


def _draw_clusters(screen: Screen, text: str) -> None:
    rest = _join(screen, text)
    if rest:
        screen.joint = None
        lost = write(screen, screen.clusters.to_cells(rest))
        note_end(screen, rest, lost)


def note_end(screen: Screen, text: str, lost: bool = False) -> None:
    """Remember what more may join the last cluster of a text that was written. ``lost``: it left no cell."""
    if not lost and not graphemes.may_stay_open(text):
        return
    tail = graphemes.last_cluster(text)
    if not lost and screen.clusters.cells[tail]:
        tail = ""
    if tail or graphemes.stays_open(text):
        screen.joint = Joint(screen.cursor.y, screen.cursor.x, screen.wrap_next, tail)


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
    cursor, joint = screen.cursor, screen.joint
    if joint is not None and joint[:3] == (cursor.y, cursor.x, screen.wrap_next):
        if joint.lost:
            whole = graphemes.first_cluster(joint.lost + text)
            taken = len(whole) - len(joint.lost)
            if taken > 0:
                screen.joint = joint._replace(lost=whole[: graphemes.MAX_CLUSTER])
                return text[taken:]
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
    screen.joint = None
    _grow(screen, column, whole)
    if graphemes.stays_open(whole):
        screen.joint = Joint(cursor.y, cursor.x, screen.wrap_next, "")
    return text[taken:]


def _grow(screen: Screen, column: int, whole: str) -> None:
    """Replace the cluster in a cell by one that has more to it, which may be wider, or narrower."""
    cursor, clusters = screen.cursor, screen.clusters
    y = cursor.y
    row = screen.rows[y]
    grown = clusters.cells[whole] or clusters.character(whole[: graphemes.MAX_CLUSTER])
    styles = row[1][column : column + 1] or DEFAULT_CODE
    old = 2 if row[0][column + 1 : column + 2] == WIDE_TAIL else 1
    limit = screen.right + 1 if column <= screen.right else screen.columns
    if len(grown) > old and column + 2 > limit:
        if modes.DECAWM not in screen.mode or limit - screen.left < 2:
            grown = grown[0]  # No room to be wide.
        else:
            screen.rows[y] = cells.leave_gap(row, limit, screen.columns)
            wrap(screen)
            pen, screen.pen = screen.pen, screen.styles.pen(styles)
            write(screen, grown)
            screen.pen = pen
            return
    if len(grown) > old and modes.IRM in screen.mode:
        row = cells.insert(row, column + 1, 1, limit, screen.pen.fill)
    narrowed = len(grown) < old
    text = grown + " " if narrowed else grown
    screen.rows[y] = cells.overwrite(row, column, text, styles * len(text))
    if narrowed:
        cursor.x, screen.wrap_next = column + 1, False
    elif len(grown) > old:
        cursor.x, screen.wrap_next = min(column + 2, limit - 1), column + 2 >= limit


def write(screen: Screen, written: str) -> bool:
    """Write cells at the cursor: wide characters are followed by their tails. Whether the last one was lost."""
    cursor = screen.cursor
    code = screen.pen.code
    autowrap, insert = modes.DECAWM in screen.mode, modes.IRM in screen.mode
    position, end = 0, len(written)
    lost = False
    while position < end:
        lost = False
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
        position = stop
        if not part:  # A wide character and one column.
            if autowrap and limit - screen.left >= 2:
                screen.rows[cursor.y] = cells.leave_gap(screen.rows[cursor.y], limit, screen.columns)
                wrap(screen)
                continue
            part = written[position]
            position += 2
            if not screen.clusters.has_narrow_form(part):
                lost = True
                continue
        row = screen.rows[cursor.y]
        if insert:
            row = cells.insert(row, cursor.x, len(part), limit, screen.pen.fill)
        screen.rows[cursor.y] = cells.overwrite(row, cursor.x, part, code * len(part))
        cursor.x += len(part)
        if cursor.x >= limit:
            cursor.x, screen.wrap_next = limit - 1, True
    return lost


def wrap(screen: Screen) -> None:
    """Go to the beginning of the next row, because the text goes on there."""
    cursor = screen.cursor
    if screen.right == screen.columns - 1:
        text, styles, _ = screen.rows[cursor.y]
        screen.rows[cursor.y] = text, styles, True
    screen.index()
    cursor.x = screen.left
