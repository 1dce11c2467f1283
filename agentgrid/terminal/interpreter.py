"""Tokens to a screen: the one long function, because everything else is called from it.

Measured: with names bound to locals, text of the ordinary kind written in place and SGR looked up in the pen, a redraw costs
about a third of what the same costs with a call a token. Everything out of the ordinary is a call: ``drawing`` for text,
``csi``, ``escapes``, ``osc`` and ``dcs`` for sequences.

``row``, ``column``, ``wrap_next`` and ``pen`` live in locals between calls, and are given to the screen before one.
"""

from agentgrid.terminal import csi, dcs, drawing, escapes, osc, sgr
from agentgrid.terminal.cells import BLANK_CELLS, blank, overwrite
from agentgrid.terminal.graphemes import TEXT_STYLE, attaches
from agentgrid.terminal.parser import MAX_SEQUENCE, MAX_STRING, Token, mend
from agentgrid.terminal.row import WIDE_TAIL
from agentgrid.terminal.screen import Screen
from agentgrid.terminal.style import DEFAULT_CODE, Pen

MAX_REMEMBERED = 20_000  # Sequences whose meaning is remembered: every cell of a screen may be addressed.

_RESETS = frozenset(["\x1b[m", "\x1b[0m"])
_read: dict[str, tuple[csi.Action, tuple[int, ...]] | None] = {}


def run(screen: Screen, tokens: list[Token]) -> None:
    """Do what the tokens say."""
    cursor, rows, pen, previous = screen.cursor, screen.rows, screen.pen, screen.last_text
    x, y, wrap_next = cursor.x, cursor.y, screen.wrap_next
    after, code = pen.after, pen.code
    tuning = screen.tuning
    simple, whole, columns, bottom, push = tuning
    is_odd, to_cells = screen.clusters.is_odd, screen.clusters.to_cells
    for control, text in tokens:
        if control:
            step = after.get(control)
            if step is not None:
                pen = step
                after, code = pen.after, pen.code
            elif control == "\r\n" and simple and (whole or y < bottom):
                x, wrap_next = 0, False
                if screen.joint is not None:
                    screen.joint = None
                if y < bottom:
                    y += 1
                else:
                    push(rows[0])
                    del rows[0]
                    rows.append(BLANK_CELLS if pen.fill == DEFAULT_CODE else blank(columns, pen.fill))
            elif control in _RESETS:
                pen = pen.reset or pen
                after, code = pen.after, pen.code
            elif control[-1] == "m" and control[1] == "[" and (step := turn(screen, pen, control)) is not None:
                pen = step
                after, code = pen.after, pen.code
            else:
                cursor.x, cursor.y, screen.pen, screen.wrap_next, screen.last_text = x, y, pen, wrap_next, previous
                if screen.joint is not None and screen.joint.lost:
                    screen.joint = None  # A control ends a cluster; one that has left no cell stands nowhere, so its place tells nothing.
                perform(screen, control)
                rows, cursor = screen.rows, screen.cursor  # A reset makes new ones.
                x, y, pen, wrap_next = cursor.x, cursor.y, screen.pen, screen.wrap_next
                after, code = pen.after, pen.code
                if screen.tuning is not tuning:
                    tuning = screen.tuning
                    simple, whole, columns, bottom, push = tuning
        elif not text:
            continue  # At the end of the data there is an empty match.
        previous = text
        if not text:
            continue
        odd = not text.isascii() and is_odd(text)
        if simple and screen.joint is None and not (odd and (attaches(text) or TEXT_STYLE in text)):
            if odd:
                text = to_cells(text)
            while text:
                if wrap_next:
                    if y < bottom:
                        row = rows[y]
                        rows[y] = row[0], row[1], True
                        y += 1
                    elif whole:
                        row = rows[y]
                        rows[y] = row[0], row[1], True
                        push(rows[0])
                        del rows[0]
                        rows.append(BLANK_CELLS if pen.fill == DEFAULT_CODE else blank(columns, pen.fill))
                    else:
                        break
                    x, wrap_next = 0, False
                width = len(text)
                room = columns - x
                rest = ""
                if width >= room:
                    if width > room and text[room] == WIDE_TAIL:
                        break
                    text, rest, width, wrap_next = text[:room], text[room:], room, True
                row = rows[y]
                old = row[0]
                if x == len(old):
                    rows[y] = old + text, row[1] + code * width, row[2]
                else:
                    rows[y] = overwrite(row, x, text, code * width)
                x = columns - 1 if wrap_next else x + width
                text = rest
            if odd or text:
                cursor.x, cursor.y, screen.pen, screen.wrap_next = x, y, pen, wrap_next
                lost = drawing.write(screen, text) if text else False
                drawing.note_end(screen, previous, lost)
                x, y, wrap_next = cursor.x, cursor.y, screen.wrap_next
            continue
        cursor.x, cursor.y, screen.pen, screen.wrap_next = x, y, pen, wrap_next
        drawing.draw(screen, text)
        x, y, wrap_next = cursor.x, cursor.y, screen.wrap_next
        if screen.tuning is not tuning:
            tuning = screen.tuning
            simple, whole, columns, bottom, push = tuning
    screen.last_text = previous
    cursor.x, cursor.y, screen.pen, screen.wrap_next = x, y, pen, wrap_next


def turn(screen: Screen, pen: Pen, control: str) -> Pen | None:
    """The pen after an SGR, remembered; None when the sequence is none."""
    parameters = control[2:-1]
    values = sgr.truecolor(pen.values, parameters)
    if values is None:
        if parameters.strip("0123456789;:") or len(control) > MAX_SEQUENCE:
            return None
        values = sgr.apply(pen.values, parameters)
    after = screen.styles.pen_of(values)
    screen.styles.remember(pen, control, after)
    return after


def perform(screen: Screen, control: str) -> None:
    """Do what a control or a sequence says; it is no SGR."""
    if len(control) == 1:
        execute(screen, control)
    elif control == "\r\n":
        screen.carriage_return()
        screen.linefeed()
    elif control[1] == "[":
        if control in _read:
            known = _read[control]
        else:
            known = csi.read(control)
            if len(_read) >= MAX_REMEMBERED:
                _read.clear()
            _read[control] = known
        if known is not None:
            known[0](screen, known[1])
        else:
            _rescue(screen, control)
    elif control[1] == "]" and control[-1] in "\x07\\":
        if len(control) <= MAX_STRING:
            osc.act(screen, control)
    elif control[1] in "P_^X" and control[-1] == "\\":
        if len(control) <= MAX_STRING:
            dcs.act(screen, control)
    elif (action := escapes.SEQUENCES.get(control[1:])) is not None:
        action.action(screen)
    elif control[1] in escapes.SLOTS and len(control) in (3, 4) and control[1:].isprintable():
        screen.designate(escapes.SLOTS[control[1]], control[2:])
    else:
        _rescue(screen, control)


def _rescue(screen: Screen, control: str) -> None:
    """A sequence that is unknown, or has controls in it, which take effect."""
    if control[1:2] in "]P_^X" and len(control) > 1:
        return
    inside, clean = mend(control)
    for character in inside:
        execute(screen, character)
    if clean and clean != control:
        if clean[-1] == "m" and (after := turn(screen, screen.pen, clean)) is not None:
            screen.pen = after
        else:
            perform(screen, clean)


def execute(screen: Screen, control: str) -> None:
    """Do what a C0 control says."""
    known = escapes.CONTROLS.get(control)
    if known is not None:
        known.action(screen)
