"""What each pane has done since somebody looked at it: counted from the session's events, forgotten when they leave it.

Somebody has looked when the pane was focused and visible for a moment. The numbers stay while they look, so that whoever comes
to a pane sees what has happened; they are facts of the pane, and so survive the server. A file counts once.
"""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from agentgrid.agents.detector import WATCH_SECONDS
from agentgrid.session import events
from agentgrid.session.pane import PaneId
from agentgrid.session.since import Since
from agentgrid.workspace.change import GitAction

if TYPE_CHECKING:
    from agentgrid.server.server import Server

MAX_FILES = 1000  # Of a pane: more are a number that nobody reads.


class SinceLooked:
    """Part of the server, which owns it."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._files: dict[PaneId, set[str]] = {}
        self._watched: PaneId | None = None
        self._watched_at = 0.0

    def happened(self, event: events.Event) -> None:
        """Something happened in the session."""
        match event:
            case events.FileChanged(pane=pane, change=change) if pane is not None:
                self._wrote(pane, (change.path,), 1)
            case events.FilesChanged(pane=pane, paths=paths, count=count) if pane is not None:
                self._wrote(pane, paths, count)
            case events.GitRan(pane=pane, git=git) if pane is not None and git.action is GitAction.COMMITTED:
                self._add(pane, commits=1)
            case events.StateChanged(pane=pane, state="blocked"):
                self._add(pane, questions=1)
            case events.PaneExited(pane=pane):
                self._add(pane, exits=1)
            case events.PaneClosed(pane=pane):
                self._files.pop(pane, None)
            case _:
                pass

    def watching(self, pane: PaneId | None) -> None:
        """This pane is looked at now, and the one before no longer."""
        if pane == self._watched:
            return
        now, before = self._server.loop.now(), self._watched
        if before is not None and now - self._watched_at >= WATCH_SECONDS and before in self._server.session.panes:
            self._files.pop(before, None)
            self._server.change(before, since=Since())
        self._watched, self._watched_at = pane, now

    def _wrote(self, pane: PaneId, paths: tuple[str, ...], count: int) -> None:
        known = self._files.setdefault(pane, set())
        fresh = set(paths) - known
        if len(known) < MAX_FILES:
            known |= fresh
        self._add(pane, files=len(fresh) + max(0, count - len(paths)))

    def _add(self, pane: PaneId, *, files: int = 0, commits: int = 0, questions: int = 0, exits: int = 0) -> None:
        state = self._server.session.panes.get(pane)
        if state is None or not (files or commits or questions or exits):
            return
        since = state.since
        counted = replace(
            since,
            files=since.files + files,
            commits=since.commits + commits,
            questions=since.questions + questions,
            exits=since.exits + exits,
        )
        self._server.change(pane, since=counted)
