"""What can be asked of a session: imperative, frozen, checked by ``Session.apply``. They travel as they are."""

from typing import TypeAlias

import msgspec

from agentgrid.session.pane import Folder, PaneId


class Command(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Base of all commands."""


class NewPane(Command, frozen=True, kw_only=True):
    """Start a program in a pane of its own. An empty ``command`` is the agent's own; both empty is the user's shell.

    ``number``: the cell to fill, 0 for the first empty one (or a new page).
    """

    agent: str = ""
    command: tuple[str, ...] = ()
    folder: Folder = Folder()
    name: str = ""
    prompt: str = ""
    number: int = 0
    trace: bool | None = None
    """None: as the agent's profile says."""


class ClosePane(Command, frozen=True, kw_only=True):
    """End the program politely and remove the pane."""

    pane: PaneId


class RestartPane(Command, frozen=True, kw_only=True):
    """Run the pane's command again in place; a program that still runs is ended first."""

    pane: PaneId


class RenamePane(Command, frozen=True, kw_only=True):
    pane: PaneId
    name: str


class MovePane(Command, frozen=True, kw_only=True):
    """Put the pane in cell ``number`` (1-based); whoever was there takes its place."""

    pane: PaneId
    number: int


class FocusPane(Command, frozen=True, kw_only=True):
    pane: PaneId


class ZoomPane(Command, frozen=True, kw_only=True):
    """Give one pane the window; None gives it back to the grid."""

    pane: PaneId | None


class ParkPane(Command, frozen=True, kw_only=True):
    """Take the pane off the grid; it lives on."""

    pane: PaneId


class UnparkPane(Command, frozen=True, kw_only=True):
    pane: PaneId
    number: int = 0


class LockPane(Command, frozen=True, kw_only=True):
    """Nothing is typed into the pane any more, or (``locked`` is False) it is open again."""

    pane: PaneId
    locked: bool = True


class SetGrid(Command, frozen=True, kw_only=True):
    """Arrange by ``rows`` and ``columns``; panes beyond the first page go to further pages."""

    rows: int
    columns: int


AnyCommand: TypeAlias = (
    NewPane | ClosePane | RestartPane | RenamePane | MovePane | FocusPane | ZoomPane | ParkPane | UnparkPane | LockPane | SetGrid
)
