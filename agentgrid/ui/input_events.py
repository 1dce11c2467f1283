"""What the outer terminal sent, as messages of Textual.

Textual's own widgets go by a key's name and character, and find what is under the pointer; ours want the values that the
decoder made. So a ``Key`` carries the key, a ``Paste`` its bytes, and a mouse event is told back by ``mouse_of``.

The class of a message names its handler: a subclass of Textual's Key must be called Key to reach ``on_key``.
A release, and a modifier alone, is never a ``Key``: no widget would know it from a press.
"""

from textual import events
from textual.keys import _character_to_key
from textual.message import Message

from agentgrid.terminal import keys
from agentgrid.terminal.key_tables import KEYPAD_TEXT, LONE_MODIFIERS
from agentgrid.terminal.keys import KeyKind, Modifier
from agentgrid.terminal.mouse import WHEEL_DOWN, WHEEL_LEFT, WHEEL_RIGHT, WHEEL_UP, Mouse
from agentgrid.ui.input import Focus, Input
from agentgrid.ui.input import Paste as PastedBytes
from agentgrid.ui.input import Reply as ReplyBytes
from agentgrid.ui.input_mouse import WindowSize


class Key(events.Key):
    """A key was pressed or repeats. ``pressed`` has lost nothing."""

    def __init__(self, pressed: keys.Key) -> None:
        super().__init__(*textual_key(pressed))
        self.pressed = pressed

    def copy(self) -> "Key":
        return Key(self.pressed)


class QuietKey(Message):
    """A key was released, or a modifier alone pressed: for programs that ask for it, and for nobody else."""

    def __init__(self, pressed: keys.Key) -> None:
        super().__init__()
        self.pressed = pressed


class Paste(events.Paste):
    """A paste. ``raw`` is exact; ``text`` is what a text field can take of it."""

    def __init__(self, raw: bytes) -> None:
        super().__init__(raw.decode("utf-8", "replace").replace("\0", ""))
        self.raw = raw


class Reply(Message):
    """The terminal's answer to a query of ours, or a report (``CSI ? 997 ; 1 n``)."""

    def __init__(self, raw: bytes) -> None:
        super().__init__()
        self.raw = raw


class Repaint(Message):
    """The terminal no longer shows what was sent to it: forget what was, everything is drawn anew.

    Textual draws by itself. The cursor is hidden and has the terminal's own shape.
    """


def is_quiet(key: keys.Key) -> bool:
    """Released, or a modifier alone."""
    return key.kind == KeyKind.RELEASE or key.name in LONE_MODIFIERS


def message_of(event: Input, window: WindowSize, previous: Mouse | None) -> Message:
    """The message for an event. ``previous``: the mouse event before, for how far the pointer has moved since."""
    match event:
        case keys.Key():
            return QuietKey(event) if is_quiet(event) else Key(event)
        case PastedBytes():
            return Paste(event.data)
        case ReplyBytes():
            return Reply(event.data)
        case Focus():
            return events.AppFocus() if event.gained else events.AppBlur()
        case WindowSize():
            pixels = (event.pixel_width, event.pixel_height) if event.pixel_width and event.pixel_height else None
            return events.Resize.from_dimensions((event.columns, event.rows), pixels)
        case Mouse():
            return _mouse_message(event, window, previous)


# ------------------------------------------------------------------ the mouse

_WHEEL: dict[int, type[events.MouseEvent]] = {
    WHEEL_UP: events.MouseScrollUp,
    WHEEL_DOWN: events.MouseScrollDown,
    WHEEL_LEFT: events.MouseScrollLeft,
    WHEEL_RIGHT: events.MouseScrollRight,
}
_KINDS: dict[str, type[events.MouseEvent]] = {"press": events.MouseDown, "release": events.MouseUp, "move": events.MouseMove}


def _mouse_message(event: Mouse, window: WindowSize, previous: Mouse | None) -> events.MouseEvent:
    """Textual's event, with fractions of a cell where the terminal tells pixels. Further buttons keep their number, from 8 on."""
    kind = _WHEEL.get(event.button) if event.kind != "move" else None
    x, y = float(event.column), float(event.row)
    if event.pixel_x >= 0 and event.pixel_y >= 0 and window.pixel_width and window.pixel_height:
        x, y = event.pixel_x * window.columns / window.pixel_width, event.pixel_y * window.rows / window.pixel_height
    return (kind or _KINDS[event.kind])(
        None,
        x,
        y,
        event.column - previous.column if previous else 0,
        event.row - previous.row if previous else 0,
        0 if kind else event.button,
        bool(event.modifiers & Modifier.SHIFT),
        bool(event.modifiers & (Modifier.ALT | Modifier.META)),
        bool(event.modifiers & Modifier.CTRL),
        screen_x=x,
        screen_y=y,
    )


def mouse_of(event: events.MouseEvent, cell_pixels: tuple[float, float] | None = None) -> Mouse | None:
    """The mouse event of a message, in the coordinates of the widget that got it; None for those that Textual makes up (Click, Enter).

    ``cell_pixels``: the size of a cell, where the terminal tells the mouse in pixels.
    """
    button = next((button for button, kind in _WHEEL.items() if isinstance(event, kind)), event.button)
    kind = "press" if button in _WHEEL else next((word for word, kind in _KINDS.items() if type(event) is kind), "")
    if not kind:
        return None
    modifiers = Modifier.SHIFT * event.shift | Modifier.ALT * event.meta | Modifier.CTRL * event.ctrl
    pixel_x = pixel_y = -1
    if cell_pixels is not None:
        pixel_x, pixel_y = int(event.pointer_x * cell_pixels[0]), int(event.pointer_y * cell_pixels[1])
    return Mouse(kind, button, event.x, event.y, int(modifiers), pixel_x, pixel_y)


# ------------------------------------------------------------------ the names that Textual has for keys

_MODIFIERS = {"alt": Modifier.ALT, "ctrl": Modifier.CTRL, "hyper": Modifier.HYPER, "meta": Modifier.META, "shift": Modifier.SHIFT,
              "super": Modifier.SUPER}  # fmt: skip
"""In the order in which Textual writes them."""

_KEYPAD = {"kp_decimal": "decimal", "kp_divide": "divide", "kp_multiply": "multiply", "kp_subtract": "subtract", "kp_add": "add",
           "kp_equal": "equal", "kp_separator": "separator", "kp_begin": "kp_begin"}  # fmt: skip
_CHARACTERS = {"enter": "\r", "tab": "\t", "backspace": "\x7f", "escape": "\x1b"}


def textual_key(key: keys.Key) -> tuple[str, str | None]:
    """A key's name and character, as Textual has them for the same key."""
    if key.text:
        return (_character_to_key(key.text) if len(key.text) == 1 else key.text), key.text
    name = key.name
    if name.startswith("kp_"):
        name = _KEYPAD.get(name) or KEYPAD_TEXT.get(name) or name[3:]
    elif len(name) == 1:
        name = _character_to_key(name)
    words = [word for word, bit in _MODIFIERS.items() if key.modifiers & bit]
    return "+".join([*words, name]), None if words else _CHARACTERS.get(name)
