"""Who wrote which file, for this session: the observer of its folders, fed and heard.

    hosts: records, starts and ends of programs ─┐
    hooks: what an agent says it edits ──────────┼─▸ observer (its own threads) ─▸ events, facts of panes
    output and keys: which pane was active ──────┘

The observer never runs on the server's loop and never holds it up: everything is handed over, and what has happened comes
back by ``call_from_thread``. A conflict is told at once, the count of a pane's changed files at most ten times a second.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_never

from agentgrid.agents.hooks.parsing import Heard
from agentgrid.errors import AgentgridError
from agentgrid.process.hosts import Host
from agentgrid.server.loop import Timer
from agentgrid.session import events
from agentgrid.session.pane import PaneId
from agentgrid.workspace.conflict import Conflict, ConflictClosed, ConflictEvent, ConflictRaised, ConflictUpdated
from agentgrid.workspace.happening import Changed, ChangedMany, Conflicted, GitRan, Happening, Troubled
from agentgrid.workspace.observation import Observation
from agentgrid.workspace.observer import Observer, PaneSource, Settings
from agentgrid.workspace.trace.records import Record

if TYPE_CHECKING:
    from agentgrid.server.server import Server

COUNT_SECONDS = 0.1  # How soon a pane's count of files follows its writes.
STORE = "authors"

View = dict[Path, Observation]


class Authors:
    """Part of the server, which owns it."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        options = server.config.conflicts
        self._active: dict[int, float] = {}
        """When each pane last printed or was typed into, by the loop's clock. Read in the observer's thread."""
        self._observer = Observer(
            server.store.folder / STORE,
            lambda happened: server.loop.call_from_thread(lambda: self._happened(happened)),
            Settings(options.window_seconds, options.ignore),
            lambda pane: self._active.get(pane, 0.0),
            lambda: server.loop.call_from_thread(self._hear_all),
        )
        self._open: dict[int, Conflict] = {}
        self._count_timer: Timer | None = None
        self._observer.start()

    def close(self) -> None:
        """Save everything; waits for the observer's end."""
        self._observer.close()

    # ------------------------------------------------------------------ what the server knows

    def starting(self, folder: str) -> None:
        """A pane's program is about to run there."""
        self._observer.watch(Path(folder))

    def hosted(self, host: Host) -> None:
        """A pane's program runs in a host, which may be another than before."""
        if host.problem or host.exit_code is not None:
            return
        pane = PaneId(host.pane)
        reports = self._server.hooks.reports(pane)
        self._observer.add_pane(PaneSource(pane, Path(host.cwd), host.traced, host.program_pid, reports))
        self._count_soon()

    def heard(self, pane: int, records: Sequence[Record]) -> None:
        """A traced program is about to write."""
        self._observer.heard(pane, records)

    def _hear_all(self) -> None:
        for host in [runtime.host for runtime in self._server.runtimes.values() if runtime.host is not None]:
            while records := host.read_records():
                self.heard(host.pane, records)
        self._observer.heard_all()

    def reported(self, pane: PaneId, heard: Heard) -> None:
        """An agent's hooks have told what it edits."""
        for edit in heard.edits:
            self._observer.report(pane, edit.path, self._server.loop.now())
        for path in heard.reads:
            self._observer.read(pane, path, self._server.loop.now())

    def active(self, pane: PaneId) -> None:
        """The pane has printed something, or somebody typed into it."""
        self._active[pane] = self._server.loop.now()

    def ended(self, pane: PaneId) -> None:
        """The pane's program has ended."""
        self._observer.drop_pane(pane)

    def closed(self, pane: PaneId) -> None:
        """The pane is gone."""
        self._observer.drop_pane(pane)
        self._active.pop(pane, None)

    # ------------------------------------------------------------------ questions

    def ask(self, question: Callable[[View], Any], done: Callable[[Any], None], failed: Callable[[AgentgridError], None]) -> None:
        """Ask something of what is known, in the observer's thread; the answer comes on the loop."""

        def answered(result: Any, error: Exception | None) -> None:
            if isinstance(error, AgentgridError):
                failed(error)
            elif error is not None:
                raise error
            else:
                done(result)

        call = self._server.loop.call_from_thread
        self._observer.ask(question, lambda result, error: call(lambda: answered(result, error)))

    def do(self, action: Callable[[View], Sequence[Happening]]) -> None:
        """Do something that has consequences, in the observer's thread."""
        self._observer.do(action)

    # ------------------------------------------------------------------ what has happened

    def _happened(self, happened: Sequence[Happening]) -> None:
        self._server.publish([event for one in happened if (event := self._event(one)) is not None])
        self._count_soon()

    def _event(self, happened: Happening) -> events.Event | None:
        clock = self._server.clock
        match happened:
            case Changed(change=change, top=top):
                return events.FileChanged(at=change.at, pane=_pane(change.pane), change=change, top=top)
            case ChangedMany() as many:
                return events.FilesChanged(
                    at=many.last,
                    pane=_pane(many.pane),
                    operation=many.operation,
                    count=many.count,
                    paths=many.paths,
                    evidence=many.evidence.value,
                    top=many.top,
                )
            case Conflicted(event=event, top=top):
                return self._conflict(event, top)
            case GitRan(event=event, top=top):
                return events.GitRan(at=event.at, pane=_pane(event.pane), git=event, top=top)
            case Troubled(message=message):
                return events.ProblemRaised(at=clock(), message=message)
            case _:
                assert_never(happened)

    def _conflict(self, event: ConflictEvent, top: str) -> events.Event:
        conflict = event.conflict
        before = self._open.pop(conflict.id, None)
        if conflict.open:
            self._open[conflict.id] = conflict
        self._tell_panes({*conflict.panes, *(before.panes if before is not None else ())})
        now = self._server.clock()
        match event:
            case ConflictRaised():
                return events.ConflictRaised(at=now, conflict=conflict, top=top)
            case ConflictUpdated():
                return events.ConflictUpdated(at=now, conflict=conflict, top=top)
            case ConflictClosed():
                return events.ConflictClosed(at=now, conflict=conflict, top=top)
            case _:
                assert_never(event)

    def _tell_panes(self, panes: set[int]) -> None:
        """Which conflicts these panes have a part in."""
        for pane in panes:
            ids = tuple(conflict.id for conflict in self._open.values() if pane in conflict.panes)
            self._server.change(PaneId(pane), conflicts=len(ids), conflict_ids=ids)

    def _count_soon(self) -> None:
        if self._count_timer is None:
            self._count_timer = self._server.loop.call_later(COUNT_SECONDS, self._count)

    def _count(self) -> None:
        self._count_timer = None

        def counted(answer: tuple[dict[int, int], list[Conflict]]) -> None:
            counts, conflicts = answer
            self._open = {conflict.id: conflict for conflict in conflicts}
            self._tell_panes(set(self._server.session.panes))
            for pane in list(self._server.session.panes):
                self._server.change(pane, files_changed=counts.get(pane, 0))

        self.ask(_counts_of, counted, lambda error: self._server.problem(str(error)))


def _counts_of(view: View) -> tuple[dict[int, int], list[Conflict]]:
    """In how many files each pane has work that is not committed, and the open conflicts."""
    counts: dict[int, int] = {}
    for observation in view.values():
        for pane, count in observation.ledger.counts().items():
            counts[pane] = counts.get(pane, 0) + count
    return counts, [conflict for observation in view.values() for conflict in observation.conflicts.conflicts()]


def _pane(pane: int | None) -> PaneId | None:
    return None if pane is None else PaneId(pane)
