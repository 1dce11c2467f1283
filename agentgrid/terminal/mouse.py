"""What the mouse and the focus do, as bytes in the modes a program asked for.

``tracking`` (9, 1000, 1002, 1003) says which events a program gets, ``encoding`` how their numbers are written. An event that
was not asked for, or that its encoding cannot tell, is b"".

https://invisible-island.net/xterm/ctlseqs/ctlseqs.html#h2-Mouse-Tracking and xterm's button.c
Deviations: a drag that leaves the pane is told at its edge (xterm does the same with its window). A button beyond the eleven
that xterm knows is not told. Pixels (1016) are made up from the cell's middle where the outer terminal did not tell them.
"""

from typing import Protocol

import msgspec

from agentgrid.terminal.emulator import Modes
from agentgrid.terminal.keys import Key, Modifier
from agentgrid.terminal.keys import encode as encode_key

WHEEL_UP, WHEEL_DOWN, WHEEL_LEFT, WHEEL_RIGHT = 4, 5, 6, 7
WHEEL_LINES = 3  # A notch of the wheel, as cursor keys; xterm's and most terminals' default.

CELL_PIXELS = (10, 20)  # The size of a cell that programs are told when nobody knows it (see ``reports``).


class MouseEvent(Protocol):
    """``kind``: press, release or move. ``button``: 0 none, 1 left, 2 middle, 3 right, 4…7 wheel up, down, left, right, 8… further.
    Columns, rows and pixels are 0-based; pixels are -1 where not known."""

    @property
    def kind(self) -> str: ...
    @property
    def button(self) -> int: ...
    @property
    def column(self) -> int: ...
    @property
    def row(self) -> int: ...
    @property
    def modifiers(self) -> int: ...
    @property
    def pixel_x(self) -> int: ...
    @property
    def pixel_y(self) -> int: ...


class Mouse(msgspec.Struct, frozen=True):
    """A mouse event as a value: see ``MouseEvent``."""

    kind: str
    button: int
    column: int
    row: int
    modifiers: int = 0
    pixel_x: int = -1
    pixel_y: int = -1


_X10_MAX = 255 - 32  # One byte a number, counted from 32.
_UTF8_MAX = 2047 - 32  # Two bytes of UTF-8.


def encode(event: MouseEvent, modes: Modes) -> bytes:
    """The bytes that a program in these modes gets for a mouse event."""
    wheel = WHEEL_UP <= event.button <= WHEEL_RIGHT
    if not modes.mouse_tracking:
        return _scroll(event, modes) if wheel and event.kind == "press" else b""
    if not _wanted(event, modes.mouse_tracking, wheel):
        return b""
    code = _code(event, modes.mouse_tracking)
    if code < 0:
        return b""
    released = event.kind == "release"
    x, y = max(0, event.column) + 1, max(0, event.row) + 1
    match modes.mouse_encoding:
        case 1006:
            return f"\x1b[<{code};{x};{y}{'m' if released else 'M'}".encode()
        case 1016:
            width, height = CELL_PIXELS
            x = max(0, event.pixel_x if event.pixel_x >= 0 else (x - 1) * width + width // 2) + 1
            y = max(0, event.pixel_y if event.pixel_y >= 0 else (y - 1) * height + height // 2) + 1
            return f"\x1b[<{code};{x};{y}{'m' if released else 'M'}".encode()
    if released:
        code = code & ~0b11000011 | 3  # Before 1006 a release does not say of which button.
    match modes.mouse_encoding:
        case 1015:
            return f"\x1b[{code + 32};{x};{y}M".encode()
        case 1005:
            if max(x, y) > _UTF8_MAX:
                return b""
            return f"\x1b[M{chr(code + 32)}{chr(x + 32)}{chr(y + 32)}".encode()
        case _:
            if max(x, y, code) > _X10_MAX:
                return b""
            return b"\x1b[M" + bytes((code + 32, x + 32, y + 32))


def encode_focus(gained: bool, modes: Modes) -> bytes:
    """Focus in or out (mode 1004)."""
    if not modes.focus_events:
        return b""
    return b"\x1b[I" if gained else b"\x1b[O"


def _wanted(event: MouseEvent, tracking: int, wheel: bool) -> bool:
    match event.kind:
        case "press":
            return tracking != 9 or event.button <= 3  # The X10 protocol knows three buttons.
        case "release":
            return tracking != 9 and not wheel
        case _:
            return tracking == 1003 or (tracking == 1002 and event.button != 0)


def _code(event: MouseEvent, tracking: int) -> int:
    """The number of button, motion and modifiers; -1 where there is none."""
    button = event.button
    if button == 0:
        code = 3
    elif button <= 3:
        code = button - 1
    elif button <= 7:
        code = 64 + button - 4
    elif button <= 11:
        code = 128 + button - 8
    else:
        return -1
    if event.kind == "move":
        code += 32
    if tracking != 9:
        code += 4 * bool(event.modifiers & Modifier.SHIFT)
        code += 8 * bool(event.modifiers & (Modifier.ALT | Modifier.META)) + 16 * bool(event.modifiers & Modifier.CTRL)
    return code


def _scroll(event: MouseEvent, modes: Modes) -> bytes:
    """The wheel over the alternate screen of a program that does not ask for the mouse (1007): cursor keys."""
    name = {WHEEL_UP: "up", WHEEL_DOWN: "down"}.get(event.button)
    if name is None or not modes.alternate_screen or not modes.alternate_scroll:
        return b""
    return encode_key(Key(name), modes) * WHEEL_LINES
