"""What happened in a session: past tense, frozen. ``at`` is seconds since the epoch, stamped by the server.

``event_name(PaneStarted)`` is the ``pane_started`` of ``agentgrid events``.
"""

import re

import msgspec

from agentgrid.session.pane import Pane, PaneId
from agentgrid.workspace.change import Change, GitEvent
from agentgrid.workspace.conflict import Conflict


class Event(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Base of all events."""

    at: float = 0.0


class PaneCreated(Event, frozen=True, kw_only=True):
    """A pane was added to the session; its program is about to start."""

    pane: PaneId
    state: Pane


class PaneStarted(Event, frozen=True, kw_only=True):
    pane: PaneId
    pid: int


class PaneExited(Event, frozen=True, kw_only=True):
    """The program ended. ``exit_code`` is negative for a signal."""

    pane: PaneId
    exit_code: int


class PaneClosed(Event, frozen=True, kw_only=True):
    pane: PaneId


class PaneChanged(Event, frozen=True, kw_only=True):
    """Name, number, size or another field is a new one: the whole pane, as it is now."""

    pane: PaneId
    state: Pane


class StateChanged(Event, frozen=True, kw_only=True):
    pane: PaneId
    state: str
    kind: str = ""
    message: str = ""
    source: str = ""


class TitleChanged(Event, frozen=True, kw_only=True):
    pane: PaneId
    title: str


class BellRung(Event, frozen=True, kw_only=True):
    pane: PaneId


class NotificationShown(Event, frozen=True, kw_only=True):
    pane: PaneId
    title: str
    body: str


class ClipboardSet(Event, frozen=True, kw_only=True):
    """A program put text on the clipboard (OSC 52)."""

    pane: PaneId
    text: str


class FocusMoved(Event, frozen=True, kw_only=True):
    pane: PaneId | None


class ZoomChanged(Event, frozen=True, kw_only=True):
    pane: PaneId | None


class GridChanged(Event, frozen=True, kw_only=True):
    rows: int
    columns: int


class PromptDelivered(Event, frozen=True, kw_only=True):
    pane: PaneId
    receipt: str


class FileChanged(Event, frozen=True, kw_only=True):
    """A file was written. ``pane`` is its author, None when nobody is known for it. ``top``: the workspace's folder."""

    pane: PaneId | None
    change: Change
    top: str


class FilesChanged(Event, frozen=True, kw_only=True):
    """Many files were, in one sweep: ``paths`` names the first of them."""

    pane: PaneId | None
    operation: str
    count: int
    paths: tuple[str, ...]
    evidence: str
    top: str


class GitRan(Event, frozen=True, kw_only=True):
    """git has done something to a checkout."""

    pane: PaneId | None
    git: GitEvent
    top: str


class ConflictRaised(Event, frozen=True, kw_only=True):
    """Two panes have written one file, or git took something from under a pane."""

    conflict: Conflict
    top: str


class ConflictUpdated(Event, frozen=True, kw_only=True):
    """… and go on."""

    conflict: Conflict
    top: str


class ConflictClosed(Event, frozen=True, kw_only=True):
    """It is over: committed, reverted or acknowledged."""

    conflict: Conflict
    top: str


class AttentionCalled(Event, frozen=True, kw_only=True):
    """The person is called to panes that need them and are not in view: one line for all that came about together."""

    title: str
    body: str
    panes: tuple[PaneId, ...]


class ProblemRaised(Event, frozen=True, kw_only=True):
    """Something of ours or of the system does not work and a person should know: one line."""

    message: str
    pane: PaneId | None = None


class SessionEnded(Event, frozen=True, kw_only=True):
    """The server is about to end."""


def event_name(event: type[Event]) -> str:
    """``PaneStarted`` → ``pane_started``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()
