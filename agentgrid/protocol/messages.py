"""The messages between a client and the server; ``docs/protocol.md`` tells the story of a connection.

A connection begins with ``Hello`` and is answered by ``Welcome`` or ``Refused``. Its role says what goes on it:
``ui`` a screen (views, pane updates, events), ``keys`` what a person types (a connection of its own, so that nothing
stands before a key), ``cli`` requests and answers.
"""

from typing import Any, TypeAlias

import msgspec

from agentgrid.protocol.asked import Asked, FileQuestion
from agentgrid.session import commands, events
from agentgrid.session.pane import Pane, PaneId
from agentgrid.terminal.emulator import Cursor, Modes, Palette
from agentgrid.terminal.keys import Key
from agentgrid.terminal.style import Style

PROTOCOL_VERSION = 1


class Message(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Base of all messages."""


# ------------------------------------------------------------------ both ways: the handshake


class Hello(Message, frozen=True, kw_only=True):
    """The client's first message."""

    protocol: int = PROTOCOL_VERSION
    version: str
    role: str
    pid: int = 0


class Welcome(Message, frozen=True, kw_only=True):
    """The server's answer: what a client needs before anything else."""

    protocol: int = PROTOCOL_VERSION
    version: str
    pid: int
    session: str
    folder: str


class Refused(Message, frozen=True, kw_only=True):
    """The server will not talk. ``error`` is a name of ``errors.ERRORS``."""

    error: str
    message: str


# ------------------------------------------------------------------ client to server


class Request(Message, frozen=True, kw_only=True):
    """Ask for something; ``id`` comes back with the ``Response``."""

    id: int
    what: "Asking"


class View(Message, frozen=True, kw_only=True):
    """What a client's screen shows now: the visible panes with their sizes. Only these get updates.

    The view that came last decides a pane's size.
    """

    panes: tuple[tuple[PaneId, int, int], ...]
    """(pane, columns, rows) of each."""
    focused: bool = True
    """The client's own window has the focus."""


class SetPalette(Message, frozen=True, kw_only=True):
    """The colours the client shows, for programs that ask."""

    palette: Palette


class KeyPressed(Message, frozen=True, kw_only=True):
    pane: PaneId
    key: Key


class Pasted(Message, frozen=True, kw_only=True):
    """Text to be pasted as the program asked for it; bytes as they came from the outer terminal."""

    pane: PaneId
    data: bytes


class MouseMoved(Message, frozen=True, kw_only=True):
    """A mouse event inside a pane, 0-based cells. ``kind``: press, release, move. ``button``: 0 none, 1 left, 2 middle, 3 right,
    4…7 wheel up, down, left, right, 8… further ones. ``pixel_x`` and ``pixel_y`` are 0-based, -1 where not known."""

    pane: PaneId
    kind: str
    button: int
    column: int
    row: int
    modifiers: int = 0
    pixel_x: int = -1
    pixel_y: int = -1


class HistoryWanted(Message, frozen=True, kw_only=True):
    """Rows of a pane's history, counted from the oldest that is kept; answered by ``HistoryRows``."""

    pane: PaneId
    start: int
    stop: int


# ------------------------------------------------------------------ server to client


class Response(Message, frozen=True, kw_only=True):
    """The answer to a request: a result as the question's class documents it, or an error."""

    id: int
    result: Any = None
    error: str = ""
    message: str = ""


class SessionState(Message, frozen=True, kw_only=True):
    """The whole session, at the start and whenever a client has missed something; events then change it."""

    session: str
    folder: str
    rows: int
    columns: int
    panes: tuple[Pane, ...]
    focus: PaneId | None
    zoom: PaneId | None


class Happened(Message, frozen=True, kw_only=True):
    """Something has happened in the session."""

    event: (
        events.PaneCreated
        | events.PaneStarted
        | events.PaneExited
        | events.PaneClosed
        | events.PaneChanged
        | events.StateChanged
        | events.TitleChanged
        | events.BellRung
        | events.NotificationShown
        | events.ClipboardSet
        | events.FocusMoved
        | events.ZoomChanged
        | events.GridChanged
        | events.PromptDelivered
        | events.AttentionCalled
        | events.FileChanged
        | events.FilesChanged
        | events.GitRan
        | events.ConflictRaised
        | events.ConflictUpdated
        | events.ConflictClosed
        | events.ProblemRaised
        | events.SessionEnded
    )


class PaneUpdate(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What changed on a pane's screen since the last update of it on this connection.

    ``whole``: forget what was known of this pane (tables too) before applying it.
    ``style_base``: the code of the first of ``styles``, where there are any; the same for clusters.
    ``rows``: (screen_row, text, styles, wrapped), see ``terminal.row.Line``.
    ``history``: rows from ``history_start`` on, as in ``HistoryRows``: those that the client asked for last, when it has to forget.
    ``history_length``, ``history_dropped``: the least that they are while the pane floods and the client has not asked for rows.
    """

    pane: PaneId
    sequence: int
    columns: int
    rows_count: int
    rows: tuple[tuple[int, str, str, bool], ...]
    cursor: Cursor
    modes: Modes
    history_length: int
    history_dropped: int
    whole: bool = False
    style_base: int = 0
    styles: tuple[Style, ...] = ()
    cluster_base: int = 0
    clusters: tuple[str, ...] = ()
    history_start: int = 0
    history: tuple[tuple[str, str, bool], ...] = ()


class HistoryRows(Message, frozen=True, kw_only=True):
    """The answer to ``HistoryWanted``: rows from ``start`` on (counted like ``history_dropped``), with the tables so far."""

    pane: PaneId
    start: int
    rows: tuple[tuple[str, str, bool], ...]
    history_length: int
    history_dropped: int
    style_base: int = 0
    styles: tuple[Style, ...] = ()
    cluster_base: int = 0
    clusters: tuple[str, ...] = ()


# ------------------------------------------------------------------ what a request may ask


class Do(Asked, frozen=True, kw_only=True):
    """Apply a command of the session. Result: the id of the pane concerned, as ``%7``, or None."""

    command: (
        commands.NewPane
        | commands.ClosePane
        | commands.RestartPane
        | commands.RenamePane
        | commands.MovePane
        | commands.FocusPane
        | commands.ZoomPane
        | commands.ParkPane
        | commands.UnparkPane
        | commands.LockPane
        | commands.SetGrid
    )


class GetStatus(Asked, frozen=True, kw_only=True):
    """Result: the object of ``status --json``."""


class GetScreen(Asked, frozen=True, kw_only=True):
    """Result: text, rows joined by newlines. ``history``: how many rows of it before the screen, -1 for all."""

    pane: str
    history: int = 0
    ansi: bool = False


class Search(Asked, frozen=True, kw_only=True):
    """Find a text in a pane's history and screen; small letters find capitals too. A new search ends the last of this connection.

    Result: {"count", "hits", "columns"}, or None when another search came. ``hits``: (absolute row, column) of each from the
    top, as little-endian 32-bit numbers; there may be fewer than ``count``.
    """

    pane: str
    text: str


class SendText(Asked, frozen=True, kw_only=True):
    """Type a text as a person would; with ``enter``, Enter after it. Result: {"receipt": delivered|stranded|unknown|queued}."""

    pane: str
    text: str
    enter: bool = True
    when_idle: bool = False


class GetQueue(Asked, frozen=True, kw_only=True):
    """The prompts that wait for a pane, in order. Result: [{"number", "text", "sending"}, …]."""

    pane: str


class EditPrompt(Asked, frozen=True, kw_only=True):
    """Another text for a prompt that waits; an empty one drops it. Result: None."""

    pane: str
    number: int
    text: str = ""


class SendKeys(Asked, frozen=True, kw_only=True):
    """Press keys by name (``ctrl+c``, ``up``, ``a``). Result: None."""

    pane: str
    keys: tuple[str, ...]


class Broadcast(Asked, frozen=True, kw_only=True):
    """Send a text to several panes, all when none is named. Result: {"%1": {"receipt": …}, …}."""

    text: str
    panes: tuple[str, ...] = ()
    enter: bool = True


class WaitFor(Asked, frozen=True, kw_only=True):
    """Answered when it has come true. One of ``states``, ``text`` (a regular expression on the screen) or ``exit``.

    Result: {"state"} or {"text"} or {"exit_code"}; the error TimedOut after ``timeout`` seconds.
    """

    pane: str
    states: tuple[str, ...] = ()
    text: str = ""
    exit: bool = False
    timeout: float | None = None


class ResolvePane(Asked, frozen=True, kw_only=True):
    """Result: the pane's id, as a number."""

    pane: str


class FollowEvents(Asked, frozen=True, kw_only=True):
    """Events as ``Happened`` on this connection from now on; first the present state of every pane. Result: None."""


class RecordPane(Asked, frozen=True, kw_only=True):
    """The pane's bytes as they come, as ``Recorded``, on this connection until it closes. Result: {"columns", "rows", "name", "agent"}."""

    pane: str


class EndSession(Asked, frozen=True, kw_only=True):
    """End every program politely, then the server. Result: None, once all are gone."""


class Explain(Asked, frozen=True, kw_only=True):
    """Result: why the pane's state is what it is: ``agents.explain.Explanation`` with the pane's ``id``, ``name`` and ``number``."""

    pane: str


class SaveCase(Asked, frozen=True, kw_only=True):
    """Write the pane's screen, signals and state as a test case. Result: the path of the file."""

    pane: str


class AnswerDialog(Asked, frozen=True, kw_only=True):
    """Answer what a pane asks: ``choice`` is the answer's number, counted from 1, or its text. Sent only if the question on the
    screen still has the ``fingerprint`` that was shown. Result: {"receipt": answered|stranded, "choice"}."""

    pane: str
    fingerprint: str
    choice: str


class DetachClients(Asked, frozen=True, kw_only=True):
    """Every screen closes; the session goes on. Result: how many."""


class Recorded(Message, frozen=True, kw_only=True):
    """Bytes of a pane that is being recorded. ``at`` in seconds since the recording began; a resize has no data."""

    at: float
    data: bytes = b""
    columns: int = 0
    rows: int = 0


class Detached(Message, frozen=True, kw_only=True):
    """The server asks this client to leave."""

    reason: str


Asking: TypeAlias = (
    Do
    | GetStatus
    | GetScreen
    | Search
    | SendText
    | GetQueue
    | EditPrompt
    | SendKeys
    | Broadcast
    | WaitFor
    | ResolvePane
    | FollowEvents
    | RecordPane
    | EndSession
    | Explain
    | SaveCase
    | AnswerDialog
    | DetachClients
    | FileQuestion
)

ClientMessage: TypeAlias = Hello | Request | View | SetPalette | KeyPressed | Pasted | MouseMoved | HistoryWanted
ServerMessage: TypeAlias = Welcome | Refused | Response | SessionState | Happened | PaneUpdate | HistoryRows | Recorded | Detached
