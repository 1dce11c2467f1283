"""What is on the screen: which panes, where, which of them is active, how each is looked at.

The stage knows the mirror and the widgets. Changes of the mirror come in (``changed``), finished rows go to the painter;
sizes of the visible panes go to the server. It decides nothing a person decides: actions tell it (``focus``, ``set_zoom``).

Focus and zoom belong to the session, but a person's own move is shown at once and the server's word is waited for; while
an answer is on its way, what the server says of moves before it is not followed (it would jump back and forth).
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from agentgrid.client.mirror import Changes, Mirror, PaneScreen
from agentgrid.geometry import Position, Rect, Size
from agentgrid.protocol.messages import Do, HistoryWanted, Response, View
from agentgrid.session.commands import AnyCommand, FocusPane, ZoomPane
from agentgrid.session.pane import Pane, PaneId
from agentgrid.ui import viewport
from agentgrid.ui.arrangement import Arrangement, Slot, arrange, places, shifted
from agentgrid.ui.cursor import HardwareCursor
from agentgrid.ui.direct import Painter
from agentgrid.ui.link import Link
from agentgrid.ui.links import Finder, TextLink, link_at
from agentgrid.ui.look import Look
from agentgrid.ui.selection import Point, copied
from agentgrid.ui.status import Bar
from agentgrid.ui.widgets.grid_view import GridView
from agentgrid.ui.widgets.header_styles import HeaderStyles
from agentgrid.ui.widgets.pane_view import Hints, PaneView, Sight
from agentgrid.ui.widgets.roster import Roster
from agentgrid.ui.widgets.rows import Rows
from agentgrid.ui.widgets.status_line import StatusLine

Fresh = dict[Rows, set[int]]


class Stage:
    """Owned by the app."""

    def __init__(self, mirror: Mirror, link: Link, painter: Painter, bar: Callable[[], Bar]) -> None:
        """``bar`` is asked for the status line's content whenever anything is painted."""
        self.mirror = mirror
        self.styles = HeaderStyles()
        self.roster = Roster()
        self.grid = GridView(self.roster)
        self.grid.arranging = self._sized
        self.status = StatusLine()
        self.active: PaneId | None = None
        self.previous: PaneId | None = None
        """Whom the person was in before."""
        self.zoom: PaneId | None = None
        self.window_focused = True
        self.moved_by_others: Callable[[PaneId | None], None] = lambda _: None
        """Told whom the focus was taken from when it was not the person who moved it."""
        self.arrangement = Arrangement(Size(0, 0))
        self._link = link
        self._painter = painter
        self._bar = bar
        self._views: list[PaneView] = []
        self._view_of: dict[PaneId, PaneView] = {}  # Those that are displayed and show a pane.
        self._sights: dict[PaneId, Sight] = {}
        self._look = Look()
        self._hints = Hints()
        self._origin = Position(0, 0)
        self._window = Size(0, 0)
        self._unanswered = 0
        self._view_sent: View | None = None
        self._history_asked: dict[PaneId, tuple[int, int]] = {}

    # ------------------------------------------------------------------ what there is

    @property
    def active_pane(self) -> Pane | None:
        return self.mirror.panes.get(self.active) if self.active is not None else None

    @property
    def window(self) -> Size:
        """The size that panes and status line share."""
        return self._window

    def screen_of(self, pane: PaneId | None) -> PaneScreen | None:
        return self.mirror.screens.get(pane) if pane is not None else None

    def sight(self, pane: PaneId) -> Sight:
        if pane not in self._sights:
            self._sights[pane] = Sight()
        return self._sights[pane]

    def view_of(self, pane: PaneId | None) -> PaneView | None:
        """The view that shows the pane now."""
        return self._view_of.get(pane) if pane is not None else None

    def slot_at(self, position: Position) -> Slot | None:
        return self.arrangement.slot_at(position)

    # ------------------------------------------------------------------ what changes

    def begin(self, window: Size) -> None:
        """Before anything is mounted: stand where all of this window is ours, so that the first layout is the last.

        A style sheet may give the grid less; ``placed`` hears of it.
        """
        self._window = window
        self.status.place, self.status.bar = Rect(window.rows - 1, 0, window.columns, 1), self._bar()
        if self.mirror.panes:
            self._rearrange(force=True)

    def placed(self, grid: Rect, status: Rect) -> None:
        """Textual has laid the window out: where the grid is, and where the status line."""
        for widget in (*self._views, self.roster, self.status):
            widget.note_layout()
        origin = Position(grid.row, grid.column)
        self._sized(grid.size)  # Where no child was shown, nobody has asked where to place it.
        if origin != self._origin:
            self._origin = self.grid.origin = origin
            self._rearrange(force=True)
        if status != self.status.place:
            self.status.place = status
        self.redraw()

    def changed(self, changes: Changes) -> None:
        """The mirror has changed so: show it."""
        if changes.session:
            self._follow()
            self._forget_gone()
            self._rearrange()
        fresh: Fresh = {}
        chrome = changes.session
        for pane in changes.rows if not changes.histories else changes.rows.keys() | changes.histories:
            if (view := self._view_of.get(pane)) is None:
                continue
            sight = self.sight(pane)
            view.show(view.pane, self.screen_of(pane), sight, focused=view.focused)
            if not sight.live or sight.selection is not None:
                chrome = True
                self._check_sight(view)
                self._ask_history(view)
            _add(fresh, view, view.patch(changes.rows.get(pane, ())))
        if chrome:
            self.paint(fresh)
        elif self._stands:  # Rows and the cursor alone: no header and no status line says anything else now.
            self._painter.paint(fresh, self.cursor())

    def focus(self, pane: PaneId) -> None:
        """The person goes to this pane."""
        if pane == self.active or pane not in self.mirror.panes:
            return
        self._move(pane)
        if self.zoom is not None:
            self.zoom = pane
        self._tell(FocusPane(pane=pane))
        self.redraw()

    def set_zoom(self, zoomed: bool) -> None:
        """Give the active pane the window, or give it back."""
        self.zoom = self.active if zoomed else None
        self._tell(ZoomPane(pane=self.zoom))
        self.redraw()

    def focus_window(self, focused: bool) -> None:
        """The outer terminal's window has the focus, or no longer."""
        self.window_focused = focused
        self._send_view()
        self.paint({})

    def restyle(self, look: Look, hints: Hints, prefix: str) -> None:
        """Theme, style sheet or keys are others now."""
        self._look, self._hints = look, hints
        self._painter.prefix = prefix
        self.styles.restyle(look)
        for view in self._views:
            view.restyle(look, hints)
        self.grid.restyle(look)
        self.roster.restyle(look)
        self.status.restyle(look)
        self.redraw()

    def finder(self, pane: PaneId) -> Finder:
        """What there is in the pane's folder, for links in it."""
        sight = self.sight(pane)
        if sight.finder is None:
            sight.finder = Finder(self.mirror.panes[pane].folder.path or self.mirror.folder)
        return sight.finder

    def link_at(self, pane: PaneId, point: Point) -> TextLink | None:
        """The link that a cell of the pane is a part of."""
        view, screen = self.view_of(pane), self.screen_of(pane)
        if view is None or screen is None:
            return None
        return link_at(point, view.read, screen.styles, view.place.columns, self.finder(pane))

    def look_back(self, pane: PaneId, rows: int) -> None:
        """Scroll by so many rows into the history (forward when negative)."""
        screen = self.screen_of(pane)
        if screen is not None:
            sight = self.sight(pane)
            sight.top = viewport.scroll(screen, sight.top, rows)
            self.redraw_pane(pane)

    def go_live(self, pane: PaneId) -> bool:
        """Back to the live screen, nothing selected. Whether that changed anything."""
        sight = self._sights.get(pane)
        if sight is None or (sight.live and sight.selection is None):
            return False
        sight.top = sight.copy = sight.selection = sight.search = sight.finder = None
        sight.kept = ""
        if (screen := self.screen_of(pane)) is not None:
            viewport.forget_far(screen, None)
        self.redraw_pane(pane)
        return True

    # ------------------------------------------------------------------ drawing

    def redraw(self) -> None:
        """Arrange anew where that is needed, and bring every row up to date."""
        self._rearrange()
        fresh: Fresh = {}
        for view in self._shown():
            _add(fresh, view, view.update())
        self.paint(fresh)

    def redraw_pane(self, pane: PaneId) -> None:
        """Bring one pane's rows up to date."""
        view = self.view_of(pane)
        if view is not None:
            self._ask_history(view)
            self.paint({view: set(view.update())})

    def paint(self, fresh: Fresh) -> None:
        """Paint these rows, and whatever else of the chrome is not up to date."""
        if not self._stands:
            return
        for view in self._shown():
            _add(fresh, view, view.update(()))
        if self.arrangement.roster is not None:
            _add(fresh, self.roster, self.roster.update_panes([pane for pane in self.mirror.in_order() if pane.id != self.zoom]))
        _add(fresh, self.status, self.status.update_bar(self._bar()))
        self._painter.paint(fresh, self.cursor())

    def cursor(self) -> HardwareCursor:
        """Where the outer terminal's cursor shall be: in the active pane, where its program has it."""
        view = self.view_of(self.active)
        screen = self.screen_of(self.active)
        if view is None or screen is None or view.pane is None or view.pane.exit_code is not None or view.pane.problem:
            return HardwareCursor()
        top, left, columns, rows = (
            view.place.row + view.header_rows,
            view.place.column,
            view.place.columns,
            view.place.rows - view.header_rows,
        )
        sight = view.sight
        if sight.copy is not None:
            row, column = sight.copy.cursor.row - sight.copy.top, sight.copy.cursor.column
            return HardwareCursor(top + row, left + column, 0 <= row < rows)
        if sight.top is not None:
            return HardwareCursor()
        row, column = screen.cursor.row, min(screen.cursor.column, columns - 1)
        return HardwareCursor(top + row, left + column, screen.cursor.visible and row < rows and columns > 0, screen.cursor.shape)

    # ------------------------------------------------------------------ below

    def _sized(self, grid: Size) -> None:
        """Textual is about to place the grid's children: in this size. Without it they would be drawn once where they were."""
        window = Size(grid.columns, grid.rows + 1)  # The layout leaves its last row to the status line, wherever that stands.
        if window != self._window and grid.rows > 0:
            self._window = window
            self._rearrange()

    @property
    def _stands(self) -> bool:
        """There is something to paint on."""
        return bool(self._window.rows) and self.grid.is_mounted

    def _shown(self) -> Sequence[PaneView]:
        """The views that are displayed, in the slots' order."""
        return self._views[: len(self.arrangement.slots)]

    def _follow(self) -> None:
        """Take over the session's focus and zoom, unless it has not heard of the person's last move yet."""
        mirror = self.mirror
        if self.active is not None and self.active not in mirror.panes:
            self._unanswered = 0
        if self._unanswered:
            return
        if mirror.focus != self.active:
            before = self.active
            self._move(mirror.focus)
            if before is not None:
                self.moved_by_others(before)
        self.zoom = mirror.zoom

    def _move(self, pane: PaneId | None) -> None:
        self.previous, self.active = self.active, pane

    def _tell(self, command: AnyCommand) -> None:
        def follow() -> None:
            self._unanswered = max(0, self._unanswered - 1)
            self._follow()
            self.redraw()

        def answered(_: Response) -> None:
            asyncio.get_running_loop().call_soon(follow)  # What happened came before it, and gets into the mirror after it.

        if self._link.alive:
            self._unanswered += 1
            self._link.ask(Do(command=command), answered)

    def _rearrange(self, *, force: bool = False) -> None:
        """Who stands where; Textual's layout only where rectangles differ."""
        mirror, window = self.mirror, self._window
        if not window.rows:
            return
        old = self.arrangement
        new = arrange(mirror.in_order(), mirror.rows, mirror.columns, window, self.active, self.zoom)
        new = shifted(new, self._origin)
        self.arrangement = self.grid.arrangement = new
        missing = len(new.slots) - len(self._views)
        if missing > 0:
            made = [PaneView(self.styles, self.mirror.rivals) for _ in range(missing)]
            for view in made:
                view.restyle(self._look, self._hints)
            self._views += made
            self.grid.add(made)
        moved = force or places(old) != places(new)
        self._view_of = {slot.pane.id: view for view, slot in zip(self._views, new.slots, strict=False) if slot.pane is not None}
        for view, slot in zip(self._views, new.slots, strict=False):
            if moved or view.number != slot.number:
                view.stand(slot.place, slot.header_rows, slot.number)
            pane = slot.pane
            focused = pane is not None and pane.id == self.active
            view.show(pane, self.screen_of(pane.id) if pane else None, self.sight(pane.id) if pane else Sight(), focused=focused)
        active = new.slot_of(self.active)
        beside = active.place if active is not None and len(new.slots) > 1 else None
        if moved:
            self.roster.place = new.roster or Rect(0, 0, 0, 0)
            for number, view in enumerate(self._views):
                view.put_away(number >= len(new.slots))
            self.roster.put_away(new.roster is None)
            self.roster.refresh(layout=True)
        shared = tuple(slot.place for slot in new.slots if slot.pane is not None and self.sight(slot.pane.id).mark == "shared")
        if moved or beside != self.grid.focused_place or shared != self.grid.shared:
            self.grid.focused_place, self.grid.shared = beside, shared
            self.grid.draw()
            self.grid.refresh()
        self._send_view()

    def _send_view(self) -> None:
        sizes = tuple(
            (slot.pane.id, slot.screen.columns, slot.screen.rows)
            for slot in self.arrangement.slots
            if slot.pane is not None and slot.screen.rows
        )
        view = View(panes=sizes, focused=self.window_focused)
        if view != self._view_sent:
            self._view_sent = view
            self._link.send(view)

    def server_is_new(self) -> None:
        """Another server answers: it has not heard of our view."""
        self._view_sent = None
        self._unanswered = 0
        self._history_asked.clear()
        self.mirror.screens.clear()

    def _forget_gone(self) -> None:
        for pane in self._sights.keys() - self.mirror.panes.keys():
            del self._sights[pane]

    def _check_sight(self, view: PaneView) -> None:
        """A screen that was switched or erased takes the view back to it; what was copied is marked while it stands there."""
        sight, screen = view.sight, view.screen_shown
        if screen is None:
            return
        if sight.top is not None and viewport.scrolled(screen, sight.top) == 0:
            sight.top = None
        if sight.selection is None or not sight.kept:
            return
        if copied(sight.selection, view.read, screen.clusters, view.place.columns) != sight.kept:
            sight.selection, sight.kept = None, ""
            view.forget()

    def _ask_history(self, view: PaneView) -> None:
        """Fetch the rows that are looked at and not known here, once."""
        screen, pane = view.screen_shown, view.pane
        if screen is None or pane is None or view.sight.shown_top is None:
            return
        top = viewport.top_of(screen, view.sight.shown_top)
        viewport.forget_far(screen, top)
        wanted = viewport.missing(screen, top, view.place.rows - view.header_rows)
        if wanted is None:
            self._history_asked.pop(pane.id, None)
        elif self._history_asked.get(pane.id) != wanted:
            self._history_asked[pane.id] = wanted
            self._link.send(HistoryWanted(pane=pane.id, start=wanted[0], stop=wanted[1]))


def _add(fresh: Fresh, widget: Rows, rows: Iterable[int]) -> None:
    if rows:
        fresh.setdefault(widget, set()).update(rows)
