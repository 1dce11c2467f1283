"""Modes set, reset, saved and restored: what else happens when one changes."""

from agentgrid.terminal import modes, motion
from agentgrid.terminal.cells import BLANK_CELLS
from agentgrid.terminal.effects import Reply
from agentgrid.terminal.modes import private
from agentgrid.terminal.motion import P, first
from agentgrid.terminal.screen import Screen


def set_ansi(screen: Screen, p: P) -> None:
    """SM."""
    for number in p or (0,):
        if number in modes.ANSI_MODES and not modes.ANSI_MODES[number].fixed:
            screen.mode.add(number)
    screen.tune()


def reset_ansi(screen: Screen, p: P) -> None:
    """RM."""
    screen.mode.difference_update(number for number in p or (0,) if number in modes.ANSI_MODES)
    screen.tune()


def set_private(screen: Screen, p: P) -> None:
    """DECSET."""
    for number in p:
        switch(screen, number, True)


def reset_private(screen: Screen, p: P) -> None:
    """DECRST."""
    for number in p:
        switch(screen, number, False)


def save(screen: Screen, p: P) -> None:
    """XTSAVE."""
    for number in p:
        if number in modes.PRIVATE_MODES:
            screen.saved_modes[number] = is_set(screen, number)


def restore(screen: Screen, p: P) -> None:
    """XTRESTORE."""
    for number in p:
        if number in screen.saved_modes:
            switch(screen, number, screen.saved_modes[number])


def is_set(screen: Screen, number: int) -> bool:
    """Whether a private mode is set."""
    if number in modes.MOUSE_TRACKING:
        return screen.mouse_tracking == number
    if number in modes.MOUSE_ENCODINGS:
        return screen.mouse_encoding == number
    if number in (47, 1047, 1049):
        return screen.alternate
    return private(number) in screen.mode


_MERE = frozenset({1, 4, 5, 8, 12, 66, 67, 1004, 1007, 2004, 2026, 2031})
"""Modes that others ask for: nothing happens here. They are set and reset in every frame of a program."""
_LEVELS = {69: 4, 95: 5}  # The VT level a mode came with; DECSCL can ask for an older one.


def switch(screen: Screen, number: int, on: bool) -> None:
    """Set or reset a private mode; an unknown or fixed one is ignored."""
    mode = modes.PRIVATE_MODES.get(number)
    if mode is None or mode.fixed:
        return
    if number in modes.MOUSE_TRACKING:
        if on or screen.mouse_tracking == number:
            screen.mouse_tracking = number if on else 0
        return
    if number in modes.MOUSE_ENCODINGS:
        if on or screen.mouse_encoding == number:
            screen.mouse_encoding = number if on else 0
        return
    if screen.level < _LEVELS.get(number, 0):
        return
    known = private(number)
    if number not in (47, 1047, 1048, 1049):
        (screen.mode.add if on else screen.mode.discard)(known)
    if number in _MERE:
        return
    if number == 25:
        screen.cursor.hidden = not on
        return
    match number:
        case 3:
            _columns(screen)
        case 6:
            screen.home()
        case 45 | 7:
            screen.wrap_next = screen.wrap_next and number == 45
        case 69:
            screen.left, screen.right = 0, screen.columns - 1
        case 47 | 1047 | 1049:
            _alternate(screen, number, on)
        case 1048:
            screen.save_cursor() if on else screen.restore_cursor()
        case 2048 if on:
            report_size(screen)
        case _:
            pass
    screen.tune()


def _columns(screen: Screen) -> None:
    """DECCOLM: the width is the person's, not the program's; but what else it does happens. Needs mode 40."""
    if modes.ALLOW_COLUMNS not in screen.mode:
        screen.mode.discard(modes.DECCOLM)
        return
    screen.reset_margins()
    screen.mode.discard(modes.DECLRMM)
    if modes.DECNCSM not in screen.mode:
        screen.rows[:] = [screen.blank()] * screen.lines
    screen.move(0, 0)


def _alternate(screen: Screen, number: int, on: bool) -> None:
    if on != screen.alternate:
        if on and number == 1049:
            screen.save_cursor()
        if not on and number == 1047:
            screen.rows[:] = [BLANK_CELLS] * screen.lines
        screen.rows, screen.other_rows = screen.other_rows, screen.rows
        screen.alternate = on
        if on and number == 1049:
            screen.rows[:] = [screen.blank()] * screen.lines
    elif on and number == 1049:
        screen.save_cursor()
        screen.rows[:] = [screen.blank()] * screen.lines
    if not on and number == 1049:
        screen.restore_cursor()


def report_size(screen: Screen) -> None:
    """The in-band report of mode 2048."""
    reply = f"\x1b[48;{screen.lines};{screen.columns};{screen.lines * screen.cell_height};{screen.columns * screen.cell_width}t"
    screen.effects.append(Reply(reply.encode()))


_SOFT = (
    *(modes.IRM, modes.KAM, modes.DECOM, modes.DECCKM, modes.DECNKM, modes.DECLRMM, modes.DECSCNM, modes.DECNRCM),
    *(modes.REVERSE_WRAP, modes.REVERSE_WRAP_EXTENDED),
)


def soft_reset(screen: Screen, _p: P = ()) -> None:
    """DECSTR."""
    screen.mode.difference_update(_SOFT)
    screen.mode.add(modes.DECAWM)
    screen.mode.add(modes.DECTCEM)
    screen.cursor.hidden = False
    screen.reset_margins()
    screen.designations = ["B", "B", "B", "B"]
    screen.charset = screen.single_shift = 0
    screen.reset_pen()
    screen.protection = ""
    screen.cursor_shape = 0
    screen.saved[screen.alternate] = type(screen.saved[0])()
    screen.kitty[screen.alternate] = [0]
    screen.tune()


def cursor_style(screen: Screen, p: P) -> None:
    """DECSCUSR."""
    shape = first(p, 0)
    if shape <= 6:
        screen.cursor_shape = shape


def set_columns_or_save(screen: Screen, p: P) -> None:
    """DECSLRM while side margins are allowed (DECLRMM), else SCOSC."""
    if modes.DECLRMM in screen.mode:
        motion.set_columns(screen, p)
    elif not p:
        screen.save_cursor()


def protect(screen: Screen, p: P) -> None:
    """DECSCA."""
    match first(p, 0):
        case 1:
            screen.protection = "DEC"
            screen.set_protected(True)
        case 0 | 2:
            screen.set_protected(False)


def conformance(screen: Screen, p: P) -> None:
    """DECSCL: a VT level, and with it a reset."""
    level = first(p, 0) - 60
    if 1 <= level <= 5:
        screen.reset()
        screen.level = level


MAX_PENS = 10  # xterm's.


def push_pen(screen: Screen, _p: P) -> None:
    """XTPUSHSGR: all of the rendition, whatever part is asked for."""
    screen.pen_stack.append(screen.pen.code)
    del screen.pen_stack[:-MAX_PENS]


def pop_pen(screen: Screen, _p: P) -> None:
    """XTPOPSGR."""
    if screen.pen_stack:
        screen.pen = screen.styles.pen(screen.pen_stack.pop())
