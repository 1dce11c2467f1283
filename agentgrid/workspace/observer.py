"""The observer: one thread that watches every folder the panes of a session work in, and knows who wrote what.

    observer = Observer(store, deliver=lambda happenings: loop.call_from_thread(…))
    observer.start()
    observer.add_pane(PaneSource(pane=1, folder=Path("/project"), traced=True, program=pid))
    observer.heard(1, host.read_records())             records, as they come
    observer.ask(lambda view: view.changes(), then)     a question; ``then(answer, error)`` through ``deliver_answer``

Everything is passed to the thread, and comes back by the two functions it was given. With nothing to do it sleeps. Panes in
one repository's checkout share a workspace; a pane in a folder of its own has one of its own. What asks git runs in a second
thread, as git may take its time.

A change that no trace explains is ``outside`` when every pane is traced, for it can have been none of them. Otherwise it was
perhaps an untraced pane: the one that had the file open, the only one that was active, or one of several.
"""

import hashlib
import os
import queue
import select
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from agentgrid.errors import AgentgridError
from agentgrid.workspace.attempt import Act, Attempt
from agentgrid.workspace.change import Evidence, Read
from agentgrid.workspace.conflicts import WINDOW_SECONDS
from agentgrid.workspace.git import git_root
from agentgrid.workspace.happening import Happening, Troubled
from agentgrid.workspace.hearing import Heard, Hearing
from agentgrid.workspace.holders import holding_panes
from agentgrid.workspace.observation import Observation
from agentgrid.workspace.pathname import bytes_of, text_of_native
from agentgrid.workspace.places import Places
from agentgrid.workspace.process_witness import ProcessWitness
from agentgrid.workspace.telling import Verdict, suspect
from agentgrid.workspace.trace.records import Record
from agentgrid.workspace.worktree_watch import WorktreeWatch

ACTIVE_SECONDS = 2.0  # A pane that has printed nothing and read no key for so long was not the one.
UNCERTAIN_SECONDS = 2.0  # After a record was lost or had no path, its pane may have made what nobody explains.
ENDED_SECONDS = 1.0  # The watcher tells within milliseconds; on a machine that is too busy, within less than this.
SCAN_SECONDS = 0.05  # How often processes are looked at, at most.
JOIN_SECONDS = 10.0  # A thread that waits for git; it gives up long before.
CONFLICTS_EACH = 100_000  # Numbers of conflicts for each workspace, so that a number says which one.
GIT_FILES = ("index.lock", "HEAD.lock", "logs/HEAD")


class PaneSource(NamedTuple):
    """A pane whose program may write files."""

    pane: int
    folder: Path
    traced: bool
    program: int
    """Its first process."""
    reports: bool = False
    """Whether its agent tells through hooks what it edits."""


class Settings(NamedTuple):
    """``[conflicts]`` of the configuration."""

    window_seconds: float = WINDOW_SECONDS
    ignore: tuple[str, ...] = ()


class Observer:
    """Owned by the server. Every method may be called from its thread; none waits, but ``close``."""

    def __init__(
        self,
        store: Path,
        deliver: Callable[[Sequence[Happening]], None],
        settings: Settings | None = None,
        last_active: Callable[[int], float] = lambda _: float("inf"),
        hear_all: Callable[[], None] | None = None,
    ) -> None:
        """``store`` is a folder in the session's state. ``deliver`` is called from our thread, and so are ``last_active``, which
        says when (monotonic seconds) a pane last printed or was typed into, and ``hear_all``: hand over what hosts have told, then
        call ``heard_all``, so that on a machine that is too busy nothing is nobody's work whose record has only not been read."""
        self._store = store
        self._deliver = deliver
        self._settings = settings or Settings()
        self._last_active = last_active
        self._hear_all = hear_all
        self._asked_at: float | None = None
        self._inbox: deque[Callable[[], Sequence[Happening]]] = deque()
        self._woken, self._wake = os.pipe()
        for descriptor in (self._woken, self._wake):
            os.set_blocking(descriptor, False)
        self._running = True
        self._known_workspaces = len(list(store.iterdir())) if store.is_dir() else 0
        self._observations: dict[Path, Observation] = {}
        self._order: list[Observation] = []
        self._places = Places()
        self._panes: dict[int, PaneSource] = {}
        self._gone: dict[int, tuple[PaneSource, float]] = {}
        self._tops: dict[int, Path] = {}
        self._worktrees = WorktreeWatch(self._ask_git)
        self._endings: deque[tuple[int, float]] = deque()
        self._hearings: dict[int, Hearing] = {}
        self._next_scan = 0.0
        self._faults: set[str] = set()
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="agentgrid-observer", daemon=True)
        self._helper = threading.Thread(target=self._work, name="agentgrid-observer-git", daemon=True)

    # ------------------------------------------------------------------ from the server's thread

    def start(self) -> None:
        """Begin."""
        self._thread.start()
        self._helper.start()

    def add_pane(self, source: PaneSource) -> None:
        """A pane's program is about to run; again, when it is restarted."""
        self._post(lambda: self._add_pane(source))

    def watch(self, folder: Path) -> None:
        """Watch a folder in which a pane is about to work; what is done there before ``add_pane`` is seen, too."""
        self._post(lambda: self._watch(folder))

    def drop_pane(self, pane: int) -> None:
        """The pane's program, and all it started, has ended."""
        self._post(lambda: self._drop_pane(pane))

    def heard(self, pane: int, records: Sequence[Record]) -> None:
        """Records of a traced pane."""
        if records:
            self._post(lambda: self._heard(pane, records))

    def heard_all(self) -> None:
        """All that hosts had told when that was asked for has been handed over."""
        self._post(self._heard_all)

    def report(self, pane: int, path: str, at: float) -> None:
        """An agent says that it writes a file, or has (``path`` absolute; ``at`` monotonic seconds)."""
        self._post(lambda: self._report(pane, path, at))

    def read(self, pane: int, path: str, at: float) -> None:
        """An agent says that it has read a file (``path`` absolute; ``at`` monotonic seconds)."""
        self._post(lambda: self._read(pane, path, at))

    def ask(self, question: Callable[[dict[Path, Observation]], Any], then: Callable[[Any, Exception | None], None]) -> None:
        """Ask something of what is known, by workspace; ``then`` is called from the observer's thread."""

        def answer() -> Sequence[Happening]:
            try:
                result = question(self._observations)
            except Exception as error:  # noqa: BLE001  It belongs to whoever asked.
                then(None, error)
            else:
                then(result, None)
            return ()

        self._post(answer)

    def do(self, action: Callable[[dict[Path, Observation]], Sequence[Happening]]) -> None:
        """Do something that has consequences, such as acknowledging; they are delivered."""
        self._post(lambda: action(self._observations))

    def close(self) -> None:
        """Save everything, and end."""
        self._running = False
        self._jobs.put(None)
        self._wake_up()
        for thread in (self._thread, self._helper):
            if thread.is_alive():
                thread.join(JOIN_SECONDS)
        os.close(self._woken)
        os.close(self._wake)

    def _post(self, action: Callable[[], Sequence[Happening]]) -> None:
        self._inbox.append(action)
        self._wake_up()

    def _wake_up(self) -> None:
        try:
            os.write(self._wake, b"\0")
        except BlockingIOError:
            return  # It is full of wake-ups already.

    # ------------------------------------------------------------------ the thread

    def _run(self) -> None:
        while self._running:
            self._wait()
            happened = self._messages()
            for observation in self._order:
                happened += self._guarded(observation.look)
            happened += self._messages()  # What caused a sighting was told before it.
            for observation in self._order:
                happened += self._guarded(lambda observation=observation: self._tick(observation))  # type: ignore[misc]
            self._forget_ended()
            self._worktrees.look(happened, self._order, [(pane, self._tops[pane]) for pane in self._panes], time.monotonic())
            if happened:
                self._deliver(happened)
        happened = self._messages()
        for observation in self._order:
            happened += self._guarded(observation.close)
        if happened:
            self._deliver(happened)

    def _guarded(self, action: Callable[[], Sequence[Happening]]) -> list[Happening]:
        """A fault in one thing must not end the watch over all others: it is told, once."""
        try:
            return list(action())
        except Exception as error:  # noqa: BLE001
            words = "".join(traceback.format_exception_only(error)).strip()
            if words in self._faults:
                return []
            self._faults.add(words)
            traceback.print_exc()
            return [Troubled(f"a fault of agentgrid's while it watched files: {words}; its log says more")]

    def _wait(self) -> None:
        poll = select.poll()
        poll.register(self._woken, select.POLLIN)
        for observation in self._order:
            for number in observation.filenos():
                poll.register(number, select.POLLIN)
        times = [at for observation in self._order if (at := observation.due) is not None]
        times += [self._endings[0][1] + ENDED_SECONDS] if self._endings else []
        times += [self._worktrees.due] if self._worktrees.due is not None else []
        due = min(times, default=None)
        poll.poll(None if due is None else max(0.0, due - time.monotonic()) * 1000)
        try:
            os.read(self._woken, 4096)
        except BlockingIOError:
            return

    def _messages(self) -> list[Happening]:
        happened: list[Happening] = []
        for _ in range(len(self._inbox)):  # What comes meanwhile must not keep us from looking at the files.
            happened += self._guarded(self._inbox.popleft())
        return happened

    def _tick(self, observation: Observation) -> list[Happening]:
        now = time.monotonic()
        fusion = observation.fusion
        untraced = {source.pane: source.program for source in self._panes.values() if not source.traced}
        if untraced and now >= self._next_scan and (paths := fusion.authorless()):
            self._next_scan = now + SCAN_SECONDS
            for path in paths[:20]:
                panes = holding_panes(os.fsencode(observation.top) + b"/" + bytes_of(path), untraced)
                if len(panes) == 1:
                    fusion.observed(path, panes[0])
        happened = observation.tick(now)
        if fusion.behind and self._asked_at is None and self._hear_all is not None:
            self._asked_at = now
            self._hear_all()
        return happened

    def _heard_all(self) -> list[Happening]:
        asked_at, self._asked_at = self._asked_at or 0.0, None
        for observation in self._order:
            observation.fusion.heard_until, observation.fusion.behind = asked_at, False
        return []

    def _program(self, pane: int) -> int | None:
        """The first process of a pane."""
        source = self._panes.get(pane)
        return None if source is None else source.program

    # ------------------------------------------------------------------ panes

    def _add_pane(self, source: PaneSource) -> list[Happening]:
        self._panes[source.pane] = source
        self._tops[source.pane] = (git_root(source.folder) or source.folder).resolve()
        self._gone.pop(source.pane, None)
        self._hearings.setdefault(source.pane, Hearing(source.pane))
        happened = self._watch(source.folder)
        for observation in self._order:
            observation.fusion.reports_expected = any(other.reports and not other.traced for other in self._panes.values())
        return happened

    def _watch(self, folder: Path) -> list[Happening]:
        top = (git_root(folder) or folder).resolve()
        if top in self._observations:
            return []
        try:
            observation = self._observe(top)
        except OSError as error:
            return [Troubled(f"cannot watch {top} ({error.strerror}): its changes are not seen")]
        observation.fusion.heard_until = float("inf") if self._hear_all is None else 0.0
        self._observations[top] = observation
        self._order.append(observation)
        self._places.set([os.fsencode(other.top) for other in self._order])
        observation.start()
        return []

    def _observe(self, top: Path) -> Observation:
        digest = hashlib.sha256(os.fsencode(top)).hexdigest()[:8]
        store = self._store / f"{text_of_native(str(top)).strip('/').replace('/', '-')[-60:]}-{digest}"
        if not store.is_dir():
            self._known_workspaces += 1
        return Observation(
            top,
            store,
            first_conflict=1 + (self._known_workspaces - 1) * CONFLICTS_EACH,
            window_seconds=self._settings.window_seconds,
            ignored_conflicts=self._settings.ignore,
            verdict=self._verdict,
            witness=ProcessWitness(os.fsencode(top), self._program),
            ask=self._ask_git,
        )

    def _drop_pane(self, pane: int) -> list[Happening]:
        source = self._panes.pop(pane, None)
        if source is not None:
            self._gone[pane] = source, time.monotonic()
        self._endings.append((pane, time.monotonic()))
        return []

    def _forget_ended(self) -> None:
        """What an ended pane had open it has no more. A little later: of what it did last, the watcher may not have told yet."""
        while self._endings and time.monotonic() - self._endings[0][1] >= ENDED_SECONDS:
            pane, at = self._endings.popleft()
            for observation in self._order:
                observation.fusion.attempts.forget(pane, at)

    def _heard(self, pane: int, records: Sequence[Record]) -> list[Happening]:
        hearing = self._hearings.setdefault(pane, Hearing(pane))
        now = time.monotonic()
        for record in records:
            for heard in hearing.hear(record, self._places, now):
                observation = self._order[heard.workspace]
                if not isinstance(heard, Heard):
                    observation.read_by(heard.read)
                    continue
                attempt = heard.attempt
                name = attempt.path or attempt.other
                if name.startswith(".git/"):
                    self._git_hand(observation, attempt, name.removeprefix(".git/"))
                else:
                    observation.attempt(attempt)
        return []

    def _git_hand(self, observation: Observation, attempt: Attempt, name: str) -> None:
        """git's own files: of this checkout, or of a worktree that has its files there."""
        for suffix in GIT_FILES:
            if name == suffix:
                observation.git_hand(suffix, attempt.pane, attempt.at)
            elif name.startswith("worktrees/") and name.split("/", 2)[2:] == [suffix]:
                git_dir = observation.top / ".git" / "worktrees" / name.split("/")[1]
                for other in self._order:
                    if other.checkout is not None and other.checkout.git_dir == git_dir:
                        other.git_hand(suffix, attempt.pane, attempt.at)

    def _report(self, pane: int, path: str, at: float) -> list[Happening]:
        source = self._panes.get(pane)
        now = time.monotonic()
        found = self._places.find(os.fsencode(path), now, follow=True)
        if found is not None and source is not None and not source.traced:
            attempt = Attempt(pane=pane, act=Act.WRITE, path=found[1], at=at, heard=now, evidence=Evidence.REPORTED)
            self._order[found[0]].attempt(attempt)
        return []

    def _read(self, pane: int, path: str, at: float) -> list[Happening]:
        found = self._places.find(os.fsencode(path), time.monotonic(), follow=True)
        if found is not None:
            self._order[found[0]].read_by(Read(path=found[1], pane=pane, at=at))
        return []

    # ------------------------------------------------------------------ who it may have been

    def _verdict(self, at: float) -> Verdict:
        """Who is to be named for a change that nobody has told of."""
        uncertain = [hearing.pane for hearing in self._hearings.values() if at - hearing.uncertain_at <= UNCERTAIN_SECONDS]
        for pane, (_, left_at) in list(self._gone.items()):
            if at - left_at > ACTIVE_SECONDS:
                del self._gone[pane]
        there = [*self._panes.values(), *(source for source, _ in self._gone.values())]
        untraced = [source.pane for source in there if not source.traced]
        return suspect(untraced, [pane for pane in untraced if self._last_active(pane) >= at - ACTIVE_SECONDS], uncertain)

    # ------------------------------------------------------------------ the second thread

    def _ask_git(self, question: Callable[[], Any], answer: Callable[[Any], Sequence[Happening] | None]) -> None:
        """``answer`` is called in the observer's thread, and may have things happen."""

        def job() -> None:
            trouble: list[Happening] = []
            try:
                result = question()
            except AgentgridError as error:
                trouble = [Troubled(str(error))]
            self._post(lambda: trouble or answer(result) or ())

        self._jobs.put(job)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
