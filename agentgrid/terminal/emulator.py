"""The seam: what the rest of agentgrid knows of a terminal.

``feed`` takes bytes and returns effects; what is on the screen is read as values. An emulator has no clock and no file
descriptor: replies are effects that the server writes, and a synchronized update (mode 2026) that a program never ends
is ended by the server, which has a clock.

Damage is identity: an emulator replaces the ``Line`` of a row it changed and no other. Whoever draws remembers the lines
it has drawn and compares with ``is not``. ``generation`` grows whenever anything at all may look different.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from agentgrid.geometry import Size
from agentgrid.terminal.effects import Effect
from agentgrid.terminal.row import Line, Row
from agentgrid.terminal.style import Style


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Where the next character goes. ``shape``: DECSCUSR, 0 default, 1/2 block, 3/4 underline, 5/6 bar (odd ones blink)."""

    row: int = 0
    column: int = 0
    visible: bool = True
    shape: int = 0


class Modes(msgspec.Struct, frozen=True, array_like=True):
    """The modes others act on, by name; the numbers stand only in ``modes.py``."""

    alternate_screen: bool = False
    application_cursor: bool = False
    application_keypad: bool = False
    bracketed_paste: bool = False
    focus_events: bool = False
    mouse_tracking: int = 0
    """0 none, else the mode's number: 9 press, 1000 press and release, 1002 drag, 1003 all motion."""
    mouse_encoding: int = 0
    """0 the X10 bytes, else 1005, 1006, 1015 or 1016."""
    alternate_scroll: bool = True
    newline: bool = False
    """LNM: Enter sends CR LF."""
    backspace_sends_bs: bool = False
    """DECBKM (67): Backspace sends BS instead of DEL."""
    modify_other_keys: int = 0
    kitty_flags: int = 0
    synchronized: bool = False
    reverse_screen: bool = False
    resize_reports: bool = False
    """2048: the program wants sizes as CSI 48 t."""
    color_scheme_reports: bool = False
    """2031: the program wants to hear of dark and light."""


class Snapshot(msgspec.Struct, frozen=True):
    """All that is on the screen, as values."""

    size: Size
    rows: tuple[Row, ...]
    cursor: Cursor
    modes: Modes
    title: str


class Palette(msgspec.Struct, frozen=True):
    """The colours a program is told when it asks (OSC 10, 11, 12, 4), as RGB. ``ansi``: the first 16."""

    foreground: tuple[int, int, int] = (0xD0, 0xD0, 0xD0)
    background: tuple[int, int, int] = (0x10, 0x10, 0x10)
    cursor: tuple[int, int, int] = (0xD0, 0xD0, 0xD0)
    ansi: tuple[tuple[int, int, int], ...] = ()
    dark: bool = True


class Emulator(Protocol):
    """A terminal without a wire. Not shared between threads; one owner, the pane's runtime."""

    @property
    def size(self) -> Size: ...
    @property
    def generation(self) -> int: ...
    @property
    def edition(self) -> int:
        """Grows when codes stand for other styles: nothing that is known of lines and styles is good any more."""
        ...

    @property
    def lines(self) -> Sequence[Line]:
        """The screen's rows, top to bottom, ``size.rows`` of them. Valid until the next ``feed`` or ``resize``."""
        ...

    @property
    def cursor(self) -> Cursor: ...
    @property
    def modes(self) -> Modes: ...
    @property
    def title(self) -> str: ...
    @property
    def styles(self) -> Sequence[Style]:
        """Style by code; only grows within an edition, so a reader that knows n of them asks for ``styles[n:]``. Index 0 is the default.

        The indices 0xD800…0xDFFF (surrogates, which UTF-8 cannot carry) are padding and no line uses them.
        """
        ...

    @property
    def clusters(self) -> Sequence[str]:
        """Cluster n is what ``chr(FIRST_CLUSTER + n)`` stands for; only ever grows."""
        ...

    def look(self, piece: bytes) -> None:
        """See what can be known of bytes before they are fed. What is fed next begins with all that was looked at since the last time."""
        ...

    def feed(self, data: bytes) -> Sequence[Effect]:
        """Take any bytes, in any chunking; never raises."""
        ...

    def tidy(self) -> None:
        """Give up styles that nothing shows any more, where they are many; there is another edition then. ``feed`` does it, too."""
        ...

    def resize(self, size: Size) -> Sequence[Effect]:
        """Reflow the main screen and its history to a new width; effects as of mode 2048."""
        ...

    def end_synchronized_update(self) -> None:
        """The program did not end its synchronized update (mode 2026) in time: forget that it began one."""
        ...

    def set_palette(self, palette: Palette) -> Sequence[Effect]:
        """The theme changed: what to answer from now on; effects as of mode 2031."""
        ...

    def snapshot(self) -> Snapshot: ...

    def row(self, line: Line) -> Row:
        """A line as runs of text and style."""
        ...

    @property
    def history_length(self) -> int: ...
    def history(self, start: int, stop: int) -> tuple[Row, ...]:
        """Rows that scrolled away, 0 the oldest that is kept."""
        ...

    def history_lines(self, start: int, stop: int) -> Sequence[Line]: ...
    def history_texts(self, start: int, stop: int) -> Sequence[Line]:
        """The same without styles, for whoever only reads: much cheaper."""
        ...

    @property
    def history_at_least(self) -> tuple[int, int]:
        """``history_length`` and ``history_dropped`` as far as is known without counting the rows of a flood."""
        ...

    @property
    def history_dropped(self) -> int:
        """How many rows have left the history at its old end so far: ``history_dropped + i`` names row i for good."""
        ...

    def dump(self) -> bytes:
        """Everything, so that ``load`` on a new emulator goes on as if nothing had happened (screens, history, modes)."""
        ...

    def load(self, data: bytes) -> None:
        """Become what ``dump`` saved. Raises ValueError, and stays as it was, when the bytes are no dump of this version."""
        ...
