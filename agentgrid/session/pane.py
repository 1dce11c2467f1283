"""A pane as everybody knows it: the server keeps one of these for each, and clients see copies."""

import enum
from typing import NewType

import msgspec

from agentgrid.agents.verdict import Dialog
from agentgrid.session.since import Since

PaneId = NewType("PaneId", int)
"""Written ``%7``; never used twice in a session."""


class PaneStatus(enum.StrEnum):
    """What the program in a pane is doing, as far as is known."""

    STARTING = "starting"
    WORKING = "working"
    BLOCKED = "blocked"
    DONE = "done"
    IDLE = "idle"
    LIMITED = "limited"
    ERROR = "error"
    EXITED = "exited"
    UNKNOWN = "unknown"


class Folder(msgspec.Struct, frozen=True):
    """Where a pane works. ``kind``: shared, worktree, copy, scratch or path; ``path`` is absolute once the pane is made."""

    kind: str = "shared"
    path: str = ""
    branch: str = ""


class Pane(msgspec.Struct, frozen=True, kw_only=True):
    """One pane. ``number`` is its place in the grid, 1-based, 0 while it is parked."""

    id: PaneId
    name: str
    command: tuple[str, ...]
    agent: str = ""
    """The agent's profile, empty for any other program."""
    folder: Folder = Folder()
    environment: tuple[tuple[str, str], ...] = ()
    """Added to the server's own environment."""
    number: int = 0
    parked: bool = False
    pid: int = 0
    columns: int = 80
    rows: int = 24
    status: PaneStatus = PaneStatus.STARTING
    status_since: float = 0.0
    """Seconds since the epoch."""
    status_source: str = ""
    status_kind: str = ""
    """With ``blocked``: permission, question or auth."""
    status_until: float | None = None
    """With ``limited``: when it is over, where that is known."""
    message: str = ""
    progress: int | None = None
    """0 to 100, where the program tells it."""
    dialog: Dialog | None = None
    """What it asks, while it waits."""
    title: str = ""
    conversation: str = ""
    """The id of the agent's own conversation, empty where it is not known."""
    conversation_begun: bool = False
    """Whether something was asked in it, so that it can be taken up."""
    earlier_conversations: tuple[str, ...] = ()
    """Those before, oldest first."""
    trace: bool = False
    """Whether its writes are to be traced."""
    traced: bool = False
    untraced_because: str = ""
    """Why its writes are not traced, in one line."""
    files_changed: int = 0
    """In how many files it has work that is not committed."""
    conflicts: int = 0
    conflict_ids: tuple[int, ...] = ()
    """The open conflicts it has a part in; panes that share one are in it together."""
    unseen: bool = False
    since: Since = Since()
    """What it has done since somebody looked."""
    queued: int = 0
    """Prompts that wait until it has nothing to do."""
    locked: bool = False
    """Nothing is typed into it."""
    exit_code: int | None = None
    """Of the last run; negative is the signal that ended it, None while it runs."""
    problem: str = ""
    """Why it could not be started, in one line."""
