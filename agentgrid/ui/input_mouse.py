"""The outer terminal's mouse reports as events: X10 bytes, urxvt's numbers (1015), SGR (1006) and SGR in pixels (1016).

https://invisible-island.net/xterm/ctlseqs/ctlseqs.html#h2-Mouse-Tracking
Deviation: beyond the window's edge a coordinate may be negative (terminals that follow a drag out of the window say so).
"""

import msgspec

from agentgrid.terminal.keys import Modifier
from agentgrid.terminal.mouse import Mouse


class WindowSize(msgspec.Struct, frozen=True):
    """The window's size, told in band. Pixels are 0 where not known."""

    columns: int
    rows: int
    pixel_width: int = 0
    pixel_height: int = 0


class MouseDecoder:
    """Reports to events. Owned by a ``Decoder``."""

    def __init__(self) -> None:
        self.window = WindowSize(0, 0)
        """The size told last; pixels become cells by it."""
        self.in_pixels = False
        self._held_button = 0

    def sgr(self, code: int, x: int, y: int, released: bool) -> Mouse | None:
        """``CSI < code ; x ; y M`` or ``m``."""
        window = self.window
        if not (self.in_pixels and window.pixel_width and window.pixel_height):
            return self._event(code, x - 1, y - 1, released)
        column, row = (x - 1) * window.columns // window.pixel_width, (y - 1) * window.rows // window.pixel_height
        return self._event(code, column, row, released, x - 1, y - 1)

    def numbers(self, code: int, x: int, y: int) -> Mouse | None:
        """The older forms, without their offset of 32; a coordinate that did not fit is no event."""
        return self._event(code, x - 1, y - 1, released=False) if x > 0 and y > 0 else None

    def _event(self, code: int, column: int, row: int, released: bool, pixel_x: int = -1, pixel_y: int = -1) -> Mouse | None:
        if not 0 <= code < 256:
            return None
        low, group, moved = code & 3, code >> 6, bool(code & 32)
        button = 4 * group + low if group else 0 if low == 3 else low + 1
        if button == 0 and not moved:
            released, button = True, self._held_button  # Before mode 1006 a release does not say of which.
        if not moved and not group:
            self._held_button = 0 if released else button
        modifiers = Modifier.SHIFT * bool(code & 4) | Modifier.ALT * bool(code & 8) | Modifier.CTRL * bool(code & 16)
        kind = "release" if released else "move" if moved else "press"
        return Mouse(kind, button, column, row, int(modifiers), pixel_x, pixel_y)
