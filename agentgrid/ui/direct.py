"""Painting: which rows go to the terminal, and which way.

The short way: while nothing but the grid is on the screen, rows that changed are written straight to the driver, in one
synchronized update that ends with the cursor in place; three to four times cheaper than a pass of Textual's compositor.
The long way: through Textual, which knows what covers what. Both paint from the same finished rows, so whatever Textual
paints later is right by construction.

What keeps the short way safe (each has gone wrong without): it is taken only while one screen is on the stack and nothing
but our widgets stands in it, only for widgets that Textual's layout has where they belong, never while the app is
suspended; the rows are always put into the widget before they are painted; all output goes through one ordered writer.
What the terminal shows is known while nobody but the painter has written (``foreign_frames``): then only the cells that differ
are written, else whole rows. It is known, too, after Textual has painted everything; when it is about to do so again, though
nothing but rows looks otherwise, it is the painter's turn (``takes_over``): at a start Textual would do it four times.
While the terminal has not taken what was written, nothing is painted: what is owed is remembered, and painted from the
latest rows as soon as there is room (``go_on``). Under a dialog, Textual paints at most five times a second.
``AGENTGRID_DIRECT=0`` switches the short way off.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from textual.app import App
from textual.geometry import Offset
from textual.strip import Strip

from agentgrid.ui.cursor import HIDE, SHOW, HardwareCursor, look_change, put
from agentgrid.ui.outer_modes import BEGIN_UPDATE, END_UPDATE
from agentgrid.ui.row_strip import RowStrip
from agentgrid.ui.setting import Setting
from agentgrid.ui.widgets.grid_view import GridView
from agentgrid.ui.widgets.rows import Rows

OURS = (GridView, Rows)
COVERED_SECONDS = 0.2  # Under a dialog a frame costs a whole pass of the compositor, and nobody reads there.


class Outlet(Protocol):
    """What the painter needs of the driver."""

    @property
    def backlog(self) -> int:
        """Bytes that the terminal has not taken yet."""
        ...

    @property
    def synchronized(self) -> bool:
        """It knows mode 2026."""
        ...

    @property
    def foreign_frames(self) -> int:
        """How often something was written, or dropped, by which cells may show what the painter has not put there."""
        ...

    def write_frame(self, text: str) -> None:
        """Now, after what was written before."""
        ...


class Painter:
    """Owned by the app."""

    def __init__(self, app: App[Any], outlet: Callable[[], Outlet | None], *, enabled: bool = True) -> None:
        """``outlet``: the driver, once there is one."""
        self._app = app
        self._outlet = outlet
        self.enabled = enabled
        self.suspended = False
        self.prefix = ""
        """What sets the base ink of the rows."""
        self.frames = 0
        self._cursor = HardwareCursor()
        self._wanted = HardwareCursor()
        self._owed: dict[Rows, set[int]] = {}
        self._shown: dict[tuple[int, int], Strip] = {}
        self._shown_since = -1
        self._setting: Setting | None = None
        self._later: asyncio.TimerHandle | None = None
        self._covered: bool | None = None
        """Whether something stands over the grid, as of Textual's last layout; None before the first."""

    def paint(self, fresh: Mapping[Rows, Iterable[int]], cursor: HardwareCursor) -> None:
        """Paint these rows of these widgets, now if it can be, and put the cursor there."""
        for widget, rows in fresh.items():
            self._owed.setdefault(widget, set()).update(rows)
        self._wanted = cursor
        if self._later is None:
            self._flush()

    def go_on(self) -> None:
        """The terminal has taken what was written."""
        if self._later is None:
            self._flush_owed()

    def forget(self) -> None:
        """Textual is about to paint everything: nothing is owed."""
        self._owed.clear()
        self._shown.clear()
        self._setting = None

    def takes_over(self, setting: Setting) -> bool:
        """Textual is about to paint this, with its rows: whether it need not, since all that differs is painted here."""
        outlet = self._outlet()
        if outlet is None or not self.enabled or not self.clear:
            return False
        if outlet.foreign_frames != self._shown_since or setting != self._setting:
            return False
        differing = {
            widget: [y for y, row in enumerate(widget.rows) if self._shown.get((region.y + 1 + y, region.x + 1)) is not row]
            for widget, region, _ in setting.places
        }
        if not all(widget.settled for widget, rows in differing.items() if rows):
            return False
        self.paint({widget: rows for widget, rows in differing.items() if rows}, self._wanted)
        return True

    def has_painted(self, setting: Setting) -> None:
        """Textual has painted everything, and nobody anything since."""
        outlet = self._outlet()
        if outlet is not None:
            self._setting, self._shown_since = setting, outlet.foreign_frames
            self._shown = {
                (region.y + 1 + y, region.x + 1): row for widget, region, _ in setting.places for y, row in enumerate(widget.rows)
            }

    def note_layout(self) -> None:
        """Textual has laid the grid's screen out: asking at every frame what stands there would be the twentieth of an echo."""
        self._covered = self._is_covered()

    def forget_cursor(self) -> None:
        """The terminal's cursor is hidden and of its own shape again, whatever was sent before."""
        self._cursor = HardwareCursor()

    def close(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None

    @property
    def clear(self) -> bool:
        """Nothing but the grid is on the screen."""
        if self.suspended or len(self._app.screen_stack) != 1:
            return False
        return not (self._is_covered() if self._covered is None else self._covered)

    # ------------------------------------------------------------------ below

    def _is_covered(self) -> bool:
        return any(widget.display and widget.region for widget in self._app.screen_stack[0].children if not isinstance(widget, OURS))

    def _flush(self) -> None:
        self._later = None
        outlet = self._outlet()
        if self.suspended or outlet is None:
            return
        if outlet.backlog:
            return
        if not self.clear:
            self._through_textual(outlet, HardwareCursor())
            self._again(COVERED_SECONDS)
        elif self.enabled and all(widget.settled for widget in self._owed):
            self._direct(outlet)
        else:
            self._through_textual(outlet, self._wanted)

    def _again(self, seconds: float) -> None:
        """Hold back what comes until then."""
        self._later = asyncio.get_running_loop().call_later(seconds, self._flush_owed)

    def _flush_owed(self) -> None:
        self._later = None
        if self._owed or self._wanted != self._cursor:
            self._flush()

    def _direct(self, outlet: Outlet) -> None:
        """One synchronized update."""
        cursor = self._wanted
        rows: list[str] = []
        shown = self._shown
        if outlet.foreign_frames != self._shown_since:
            shown.clear()
            self._shown_since = outlet.foreign_frames
        for widget, numbers in self._owed.items():
            if widget.hidden or not widget.laid.rows:
                continue
            top, left = widget.place.row + 1, widget.place.column + 1
            for y in sorted(numbers):
                row = widget.rows[y] if y < len(widget.rows) else None
                if isinstance(row, RowStrip):
                    place = (top + y, left)
                    start, text = row.over(shown.get(place))
                    shown[place] = row
                    if text:
                        rows.append(f"\x1b[{top + y};{left + start}H{text}")
        self._owed.clear()
        if not rows and cursor == self._cursor:
            return
        out: list[str] = []
        stays = self._cursor.visible and cursor.visible
        if rows:
            self.frames += 1
            if outlet.synchronized:
                out.append(BEGIN_UPDATE)
            elif stays:
                out.append(HIDE)
            out += [self.prefix, *rows, "\x1b[m"]
        out.append(look_change(self._cursor, cursor))
        out.append(put(cursor))
        if rows:
            if outlet.synchronized:
                out.append(END_UPDATE)
            elif stays:
                out.append(SHOW)
        self._remember(cursor)
        outlet.write_frame("".join(out))

    def _through_textual(self, outlet: Outlet, cursor: HardwareCursor) -> None:
        for widget, numbers in self._owed.items():
            if widget.is_mounted and widget.display:
                widget.refresh(*widget.regions(sorted(numbers)))
        self._owed.clear()
        change = look_change(self._cursor, cursor)
        moved = (cursor.row, cursor.column) != (self._cursor.row, self._cursor.column)
        if cursor.visible and moved:
            change += put(cursor)
        self._remember(cursor)
        if change:
            outlet.write_frame(change)

    def _remember(self, cursor: HardwareCursor) -> None:
        self._cursor = cursor
        if cursor.visible:
            self._app.cursor_position = Offset(cursor.column, cursor.row)  # Textual's own frames end there too.
