"""What the mouse does: focus, selection, scrolling, and what a program asked for. Hit testing is our own.

A press decides whose the gesture is until the release: the program's, when it asked for the mouse and shift is not held, or a
selection of ours. Neither leaves its pane: what happens outside is told at the pane's edge, and a selection that is dragged
beyond it scrolls.
"""

from collections.abc import Callable
from typing import Protocol

from agentgrid.geometry import Position, Rect
from agentgrid.protocol.messages import MouseMoved
from agentgrid.session.pane import PaneId
from agentgrid.terminal.keys import Modifier
from agentgrid.terminal.mouse import WHEEL_DOWN, WHEEL_LEFT, WHEEL_RIGHT, WHEEL_UP, Mouse
from agentgrid.ui import viewport
from agentgrid.ui.arrangement import Slot
from agentgrid.ui.link import Link
from agentgrid.ui.links import TextLink
from agentgrid.ui.parts import cells
from agentgrid.ui.selection import Point, Selection
from agentgrid.ui.stage import Stage
from agentgrid.ui.widgets.header import flag

LEFT, MIDDLE = 1, 2
WHEEL = frozenset({WHEEL_UP, WHEEL_DOWN, WHEEL_LEFT, WHEEL_RIGHT})
WHEEL_ROWS = 3  # A notch of the wheel, as in most terminals.
CLICK_SECONDS = 0.4  # Between the clicks of a double click; desktops' default.
UNITS = {1: "cell", 2: "word", 3: "line"}
ANY_MOTION = 1003


class Host(Protocol):
    """What the pointer asks of the app."""

    def act(self, action: str) -> None: ...
    def fill(self, number: int) -> None: ...
    def copy(self, pane: PaneId, selection: Selection) -> None: ...
    def follow(self, link: TextLink) -> None: ...


class Pointer:
    """Owned by the app."""

    def __init__(self, stage: Stage, link: Link, host: Host, cell_pixels: Callable[[], tuple[float, float] | None]) -> None:
        self._stage = stage
        self._link = link
        self._host = host
        self._cell_pixels = cell_pixels
        self._program: PaneId | None = None
        """Whose the gesture is, where it is a program's."""
        self._selecting: PaneId | None = None
        self._clicks = 0
        self._last_click = (0.0, Position(-1, -1))

    def mouse(self, event: Mouse, at: float) -> None:
        """A mouse event in window cells."""
        place = Position(event.row, event.column)
        if event.button in WHEEL:
            self._wheel(event, place)
        elif event.kind == "press":
            self._press(event, place, at)
        elif event.kind == "release":
            self._release(event)
        else:
            self._move(event, place)

    # ------------------------------------------------------------------ below

    def _press(self, event: Mouse, place: Position, at: float) -> None:
        stage = self._stage
        self._count_clicks(place, at)
        if (chosen := stage.roster.pane_at(place)) is not None and stage.arrangement.roster is not None:
            stage.focus(chosen)
            return
        slot = stage.slot_at(place)
        if slot is None:
            return
        if slot.pane is None:
            if event.button == LEFT:
                self._host.fill(slot.number)
            return
        pane = slot.pane.id
        stage.focus(pane)
        if place.row < slot.screen.row:
            if (
                event.button == LEFT
                and slot.pane.conflicts
                and place.column >= slot.place.right - cells(flag(stage.mirror.rivals(slot.pane)))
            ):
                self._host.act("conflicts")
            elif event.button == LEFT and self._clicks == 2:
                self._host.act("zoom")
            return
        if self._programs(pane, event):
            self._program = pane
            self._send(pane, slot.screen, event)
        elif event.button == LEFT and event.modifiers & Modifier.CTRL and (link := self._link_under(pane, slot, place)) is not None:
            self._host.follow(link)
        elif event.button == LEFT:
            self._begin_selection(pane, slot, event, place)
        elif event.button == MIDDLE:
            self._host.act("paste")

    def _release(self, event: Mouse) -> None:
        if self._program is not None:
            pane, self._program = self._program, None
            if (screen := self._screen_place(pane)) is not None:
                self._send(pane, screen, event)
            return
        if self._selecting is None:
            return
        pane, self._selecting = self._selecting, None
        sight = self._stage.sight(pane)
        selection = sight.selection
        if selection is None:
            return
        if selection.unit == "cell" and selection.anchor == selection.head:
            sight.selection = None
            self._stage.redraw_pane(pane)
        else:
            self._host.copy(pane, selection)

    def _move(self, event: Mouse, place: Position) -> None:
        if self._program is not None:
            if (screen := self._screen_place(self._program)) is not None:
                self._send(self._program, screen, event)
        elif self._selecting is not None:
            self._drag(self._selecting, place)
        elif (slot := self._stage.slot_at(place)) is not None and slot.pane is not None and slot.screen.contains(place):
            screen_shown = self._stage.screen_of(slot.pane.id)
            if screen_shown is not None and screen_shown.modes.mouse_tracking == ANY_MOTION and self._programs(slot.pane.id, event):
                self._send(slot.pane.id, slot.screen, event)

    def _wheel(self, event: Mouse, place: Position) -> None:
        slot = self._stage.slot_at(place)
        if slot is None or slot.pane is None or event.kind != "press":
            return
        pane = slot.pane.id
        screen = self._stage.screen_of(pane)
        if screen is None:
            return
        live = self._stage.sight(pane).live
        if self._programs(pane, event) or (live and screen.modes.alternate_screen):
            self._send(pane, slot.screen, event)
        elif event.button in (WHEEL_UP, WHEEL_DOWN) and self._stage.sight(pane).copy is None:
            self._stage.look_back(pane, WHEEL_ROWS if event.button == WHEEL_UP else -WHEEL_ROWS)

    def _programs(self, pane: PaneId, event: Mouse) -> bool:
        """Whether the event is for the pane's program."""
        screen = self._stage.screen_of(pane)
        shifted = event.modifiers & Modifier.SHIFT
        known = self._stage.mirror.panes.get(pane)
        if known is None or known.locked:
            return False
        return screen is not None and bool(screen.modes.mouse_tracking) and not shifted and self._stage.sight(pane).live

    def _begin_selection(self, pane: PaneId, slot: Slot, event: Mouse, place: Position) -> None:
        point = self._point(pane, slot.screen, place)
        if point is None:
            return
        sight = self._stage.sight(pane)
        if sight.copy is not None:
            sight.top, sight.copy = sight.copy.top, None
        block = bool(event.modifiers & Modifier.ALT)
        sight.selection, sight.kept = Selection(point, point, UNITS[self._clicks], block), ""
        self._selecting = pane
        self._stage.redraw_pane(pane)

    def _link_under(self, pane: PaneId, slot: Slot, place: Position) -> TextLink | None:
        """The link under the pointer; looked for anew, since a file may have come or gone since the last click."""
        point = self._point(pane, slot.screen, place)
        if self._stage.sight(pane).copy is None:
            self._stage.sight(pane).finder = None
        return None if point is None else self._stage.link_at(pane, point)

    def _drag(self, pane: PaneId, place: Position) -> None:
        screen = self._screen_place(pane)
        sight = self._stage.sight(pane)
        if screen is None or sight.selection is None:
            return
        if place.row < screen.row:
            self._stage.look_back(pane, 1)
        elif place.row >= screen.bottom:
            self._stage.look_back(pane, -1)
        point = self._point(pane, screen, place)
        if point is not None and point != sight.selection.head:
            sight.selection = sight.selection._replace(head=point)
            self._stage.redraw_pane(pane)

    def _point(self, pane: PaneId, place: Rect, position: Position) -> Point | None:
        """The pane's cell at a place in the window, the nearest where it is outside."""
        screen = self._stage.screen_of(pane)
        if screen is None or not place.rows or not place.columns:
            return None
        row = max(0, min(position.row - place.row, place.rows - 1))
        column = max(0, min(position.column - place.column, place.columns - 1))
        return Point(viewport.top_of(screen, self._stage.sight(pane).shown_top) + row, column)

    def _screen_place(self, pane: PaneId) -> Rect | None:
        slot = self._stage.arrangement.slot_of(pane)
        return slot.screen if slot is not None else None

    def _send(self, pane: PaneId, place: Rect, event: Mouse) -> None:
        """In the pane's own cells, and pixels where they are known."""
        column = max(0, min(event.column - place.column, place.columns - 1))
        row = max(0, min(event.row - place.row, place.rows - 1))
        pixel_x = pixel_y = -1
        cell = self._cell_pixels()
        if cell is not None and event.pixel_x >= 0:
            pixel_x = max(0, min(event.pixel_x - int(place.column * cell[0]), int(place.columns * cell[0]) - 1))
            pixel_y = max(0, min(event.pixel_y - int(place.row * cell[1]), int(place.rows * cell[1]) - 1))
        self._link.press(
            MouseMoved(
                pane=pane,
                kind=event.kind,
                button=event.button,
                column=column,
                row=row,
                modifiers=event.modifiers,
                pixel_x=pixel_x,
                pixel_y=pixel_y,
            )
        )

    def _count_clicks(self, place: Position, at: float) -> None:
        then, where = self._last_click
        again = at - then <= CLICK_SECONDS and where == place
        self._clicks = self._clicks % 3 + 1 if again else 1
        self._last_click = (at, place)
