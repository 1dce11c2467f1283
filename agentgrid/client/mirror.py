"""A session as a client knows it, patched by what the server sends. Pure: no socket, no clock.

The invariant: after every message the mirror of a visible pane equals what the server's emulator showed when it sent it.
Lines are the same immutable values as in the emulator, so that a renderer may cache by them and compare with ``is``.
"""

from dataclasses import dataclass, field

from agentgrid.geometry import Size
from agentgrid.protocol.messages import Detached, Happened, HistoryRows, PaneUpdate, ServerMessage, SessionState
from agentgrid.session import events
from agentgrid.session.events import Event
from agentgrid.session.pane import Pane, PaneId
from agentgrid.terminal.emulator import Cursor, Modes
from agentgrid.terminal.row import BLANK, FIRST_CLUSTER, WIDE_TAIL, Line, Row, Run
from agentgrid.terminal.style import DEFAULT_STYLE, Style


@dataclass(slots=True)
class PaneScreen:
    """What a pane shows, as of its last update. Owned by the mirror; read by the renderer."""

    size: Size
    lines: list[Line]
    cursor: Cursor = field(default_factory=Cursor)
    modes: Modes = field(default_factory=Modes)
    styles: list[Style] = field(default_factory=lambda: [DEFAULT_STYLE])
    clusters: list[str] = field(default_factory=list)
    history_length: int = 0
    history_dropped: int = 0
    history: dict[int, Line] = field(default_factory=dict)
    """Rows of the history that were asked for, by absolute number (``history_dropped + index``)."""
    sequence: int = 0

    def row(self, line: Line) -> Row:
        """A line as runs of text and style."""
        return runs(line, self.styles, self.clusters)


@dataclass(slots=True)
class Changes:
    """What a message changed, for whoever paints."""

    rows: dict[PaneId, set[int]] = field(default_factory=dict)
    """Screen rows that have a new line; every row of the pane when the update was whole."""
    cursors: set[PaneId] = field(default_factory=set)
    """Panes whose cursor or modes differ."""
    modes: set[PaneId] = field(default_factory=set)
    """Panes whose modes differ, or may: their screen is another one."""
    histories: set[PaneId] = field(default_factory=set)
    session: bool = False
    """Panes, their order, names, states, focus, zoom or the grid differ."""
    events: list[Event] = field(default_factory=list)
    detached: str | None = None
    """The server asked this client to leave, and why."""


class Mirror:
    """Owned by the client; patched only by ``apply``."""

    def __init__(self) -> None:
        self.session = ""
        self.folder = ""
        self.rows = 1
        self.columns = 1
        self.panes: dict[PaneId, Pane] = {}
        self.focus: PaneId | None = None
        self.zoom: PaneId | None = None
        self.screens: dict[PaneId, PaneScreen] = {}

    def in_order(self) -> list[Pane]:
        """The panes on the grid by number; parked ones are not among them."""
        return sorted((pane for pane in self.panes.values() if pane.number), key=lambda pane: pane.number)

    def rivals(self, pane: Pane) -> tuple[int, ...]:
        """The numbers of the panes it is in conflict with."""
        if not pane.conflict_ids:
            return ()
        own = set(pane.conflict_ids)
        return tuple(other.number for other in self.in_order() if other.id != pane.id and not own.isdisjoint(other.conflict_ids))

    def apply(self, message: ServerMessage, changes: Changes | None = None) -> Changes:
        """Take a message; what it changed is added to ``changes``, so that several make one frame."""
        changes = Changes() if changes is None else changes
        match message:
            case PaneUpdate():
                self._patch(message, changes)
            case HistoryRows():
                self._remember(message, changes)
            case SessionState():
                self._replace(message)
                changes.session = True
            case Happened(event=event):
                self._happen(event)
                changes.events.append(event)
                changes.session = True
            case Detached(reason=reason):
                changes.detached = reason
            case _:
                pass  # The handshake, responses and recordings are the connection's.
        return changes

    def _patch(self, update: PaneUpdate, changes: Changes) -> None:
        screen = self.screens.get(update.pane)
        size = Size(update.columns, update.rows_count)
        if screen is None or update.whole:
            screen = self.screens[update.pane] = PaneScreen(size, [BLANK] * size.rows)
            changes.histories.add(update.pane)
            changes.modes.add(update.pane)
            touched = set(range(size.rows))
        else:
            touched = set()
            if screen.size != size:
                del screen.lines[size.rows :]
                screen.lines += [BLANK] * (size.rows - len(screen.lines))
                screen.size = size
                screen.history.clear()
                touched = set(range(size.rows))
        if update.styles:
            _extend_styles(screen.styles, update.style_base, update.styles)
        if update.clusters:
            _extend_clusters(screen.clusters, update.cluster_base, update.clusters)
        lines = screen.lines
        for y, text, styles, wrapped in update.rows:
            lines[y] = Line(text, styles, wrapped)
            touched.add(y)
        if touched:
            changes.rows.setdefault(update.pane, set()).update(touched)
        if update.cursor != screen.cursor or update.modes != screen.modes:
            changes.cursors.add(update.pane)
            if update.modes != screen.modes:
                changes.modes.add(update.pane)
        if (update.history_length, update.history_dropped) != (screen.history_length, screen.history_dropped):
            changes.histories.add(update.pane)
            if update.history_dropped + update.history_length < screen.history_dropped + screen.history_length:
                screen.history.clear()  # The history was erased or reflowed: its rows are others now.
        screen.cursor, screen.modes = update.cursor, update.modes
        screen.history_length, screen.history_dropped = update.history_length, update.history_dropped
        screen.sequence = update.sequence
        for number, (text, styles, wrapped) in enumerate(update.history, update.history_start):
            screen.history[number] = Line(text, styles, wrapped)

    def _remember(self, rows: HistoryRows, changes: Changes) -> None:
        screen = self.screens.get(rows.pane)
        if screen is None:
            return
        _extend_styles(screen.styles, rows.style_base, rows.styles)
        _extend_clusters(screen.clusters, rows.cluster_base, rows.clusters)
        for number, (text, styles, wrapped) in enumerate(rows.rows, rows.start):
            screen.history[number] = Line(text, styles, wrapped)
        screen.history_length, screen.history_dropped = rows.history_length, rows.history_dropped
        changes.histories.add(rows.pane)

    def _replace(self, state: SessionState) -> None:
        self.session, self.folder = state.session, state.folder
        self.rows, self.columns = state.rows, state.columns
        self.panes = {pane.id: pane for pane in state.panes}
        self.focus, self.zoom = state.focus, state.zoom
        for gone in self.screens.keys() - self.panes.keys():
            del self.screens[gone]

    def _happen(self, event: Event) -> None:
        match event:
            case events.PaneCreated(pane=pane, state=state) | events.PaneChanged(pane=pane, state=state):
                self.panes[pane] = state
            case events.PaneClosed(pane=pane):
                self.panes.pop(pane, None)
                self.screens.pop(pane, None)
            case events.FocusMoved(pane=focus):
                self.focus = focus
            case events.ZoomChanged(pane=zoom):
                self.zoom = zoom
            case events.GridChanged(rows=rows, columns=columns):
                self.rows, self.columns = rows, columns
            case _:
                pass  # A PaneChanged with the whole pane follows whatever else changes one.


def _extend_styles(known: list[Style], base: int, new: tuple[Style, ...]) -> None:
    known.extend(new[max(0, len(known) - base) :])


def _extend_clusters(known: list[str], base: int, new: tuple[str, ...]) -> None:
    known.extend(new[max(0, len(known) - base) :])


def runs(line: Line, styles: list[Style], clusters: list[str]) -> Row:
    """A line as runs of text and style: clusters spelled out, tails of wide characters left out."""
    found: list[Run] = []
    text, codes, _ = line
    start, end = 0, len(codes)
    while start < end:
        code = codes[start]
        stop = start + 1
        while stop < end and codes[stop] == code:
            stop += 1
        found.append(Run(spell(text[start:stop], clusters), styles[ord(code)]))
        start = stop
    return tuple(found)


def spell(text: str, clusters: list[str]) -> str:
    """The characters to print for a line's text."""
    if text.isascii() and WIDE_TAIL not in text:
        return text
    first = chr(FIRST_CLUSTER)
    return "".join(clusters[ord(c) - FIRST_CLUSTER] if c >= first else c for c in text if c != WIDE_TAIL)
