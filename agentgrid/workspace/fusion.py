"""That a file has changed, and who was about to change it, become one change with one author.

Theory of operation. Three streams come in, in any order: attempts of traced panes (``attempts``), what panes report
themselves, and sightings of a watcher. Only what was seen is a change; an attempt is an author who waits for one.

A sighting becomes a ``Fact`` about a path. Most are told at once, when their author is known. What may be the beginning of
something else is held back for a moment:

    a name appears          it may be a temporary file that is about to take another's place, or to go again
    a name goes             it may be written anew under the same name (git, editors that keep a backup)
    a file is renamed       likewise
    a file is written       until it is closed, or has stayed open for a while

So ``sed -i``, an editor's dance and ``git checkout`` are one change of the file's own path each, and a temporary file is none.
A fact without an author waits for one, longer where panes may report; then the rest is for the ``verdict`` to name, or not to.

Pure. Times are seconds of the monotonic clock.
"""

from collections.abc import Callable
from typing import NamedTuple, assert_never

from agentgrid.workspace.attempts import Act, Attempt, Attempts
from agentgrid.workspace.change import Change, ChangeKind, Evidence
from agentgrid.workspace.fact import SURE_SECONDS, By, Fact, find_author
from agentgrid.workspace.sighting import Seen, Sighting
from agentgrid.workspace.sweep import Sweeps

HOLD_SECONDS = 0.06  # A save by way of a temporary file takes a millisecond or two; on a busy machine, ten.
OPEN_SECONDS = 0.1  # A file that stays open is told of after that, and then at most once in
STILL_SECONDS = 1.0
MAX_NAMES = 20_000  # Names known to be there, or not, so that one that appears again is a change and no creation.


class Verdict(NamedTuple):
    """Who is to be named when nothing has told."""

    evidence: Evidence
    pane: int | None = None
    candidates: tuple[int, ...] = ()


class PathState:
    """What is going on with one path. Owned by its ``Fusion``."""

    __slots__ = ("dirty_at", "held", "more", "told_at")

    def __init__(self) -> None:
        self.held: Fact | None = None
        """It appeared, went or was renamed away, and something may follow."""
        self.more: list[Fact] = []
        """What was written to it while it was held."""
        self.dirty_at: float | None = None
        """Written since it was last told of."""
        self.told_at = 0.0

    @property
    def look_at(self) -> float | None:
        """When to tell of it though it stays open."""
        return None if self.dirty_at is None else max(self.dirty_at + OPEN_SECONDS, self.told_at + STILL_SECONDS)


class Departure(NamedTuple):
    """A name that was renamed away."""

    path: str
    fact: Fact | None
    """What was held of it when it had only just appeared: a temporary file; else that it has gone."""
    temporary: bool
    at: float


class Fusion:
    """Owned by whoever watches a workspace."""

    def __init__(
        self,
        verdict: Callable[[float], Verdict],
        *,
        was_there: Callable[[str], bool] = lambda _: False,
        still_open: Callable[[Attempt], bool] = lambda _: False,
    ) -> None:
        """``verdict`` names an author (at a time) where nothing has told; ``was_there`` says whether a file that was never seen
        here existed before; ``still_open`` whether the process of an attempt has the file open for writing now."""
        self.attempts = Attempts(still_open)
        self.reports_expected = False
        self._verdict = verdict
        self._was_there = was_there
        self._paths: dict[str, PathState] = {}
        self._facts: dict[Fact, None] = {}
        self._departures: dict[int, Departure] = {}
        self._names: dict[str, bool] = {}
        self._sweeps = Sweeps()

    # ------------------------------------------------------------------ what comes in

    def attempt(self, attempt: Attempt) -> None:
        """A pane is about to do something, or says that it does."""
        self.attempts.add(attempt)

    def sight(self, sighting: Sighting, now: float) -> None:
        """A watcher has seen something."""
        path, at = sighting.path, sighting.at
        match sighting.seen:
            case Seen.CREATED:
                self._appear(path, By.APPEARING, at, now)
            case Seen.WRITTEN:
                state = self._path(path)
                state.dirty_at = at if state.dirty_at is None else state.dirty_at
            case Seen.CLOSED:
                self._close(path, at, now)
            case Seen.FOUND:
                self._find(path, at, now)
            case Seen.LEFT:
                self._leave(path, sighting.cookie, at, now)
            case Seen.ARRIVED:
                self._arrive(path, sighting.cookie, at, now)
            case Seen.GONE:
                self._go(path, By.LEAVING if sighting.folder else By.REMOVING, at, now)
            case Seen.MISSED:
                self._go(path, By.LOOKING, at, now)
            case Seen.OVERFLOW:
                pass  # What was lost is found.
            case _:
                assert_never(sighting.seen)

    def observed(self, path: str, pane: int) -> None:
        """A process of the (untraced) pane was seen to have the file open for writing."""
        for fact in self._facts:
            if fact.path == path and fact.attempt is None:
                fact.observed = pane

    # ------------------------------------------------------------------ what comes out

    @property
    def due(self) -> float | None:
        """When ``tell`` has something to do."""
        times = [fact.due(reports_expected=self.reports_expected) for fact in self._facts]
        times += [at for state in self._paths.values() if (at := state.look_at) is not None]
        times += [self.attempts.due] if self.attempts.due is not None else []
        return min(times, default=None)

    def authorless(self) -> list[str]:
        """Paths of changes that nobody is known to have made, as yet."""
        return [fact.path for fact in self._facts if fact.attempt is None and fact.observed is None]

    def tell(self, now: float) -> list[Change]:
        """The changes that are certain enough."""
        for attempt in self.attempts.believed(now):
            self._add(attempt.path, ChangeKind.MODIFIED, By.CLOSING, attempt.at, now).settle(attempt)
        self._look_at_open_files(now)
        for cookie in [cookie for cookie, left in self._departures.items() if now - left.at >= HOLD_SECONDS]:
            del self._departures[cookie]
        told: list[Change] = []
        for fact in list(self._facts):
            find_author(fact, self.attempts, now)
            if now >= fact.due(reports_expected=self.reports_expected):
                told += [self._change(each) for each in self._complete(fact, now)]
                self._drop(fact)
        return told

    def _complete(self, fact: Fact, now: float) -> list[Fact]:
        """What there is to tell of a fact: of a file that went as soon as it had come, nothing, unless it were two panes."""
        if not fact.undoes:
            return [fact]
        for made in fact.undoes:
            find_author(made, self.attempts, now)
        pane = None if fact.attempt is None else fact.attempt.pane
        anothers = [made for made in fact.undoes if made.attempt is not None and pane is not None and made.attempt.pane != pane]
        return [*anothers, fact] if anothers else []

    def _change(self, fact: Fact) -> Change:
        attempt = fact.attempt
        if attempt is not None and attempt.doubtful:
            verdict = Verdict(Evidence.UNKNOWN, None, (attempt.pane,))
        elif attempt is not None:
            verdict = Verdict(attempt.evidence, attempt.pane)
        elif fact.observed is not None:
            verdict = Verdict(Evidence.OBSERVED, fact.observed)
        else:
            verdict = self._verdict(fact.at)
        program = "" if attempt is None else attempt.program
        at = fact.at if attempt is None or fact.at - attempt.at > SURE_SECONDS else min(fact.at, attempt.at)
        return Change(
            path=fact.path,
            kind=fact.kind,
            at=at,
            evidence=verdict.evidence,
            pane=verdict.pane,
            candidates=verdict.candidates,
            old_path=fact.old_path if fact.kind is ChangeKind.RENAMED else "",
            program=program,
            operation=self._sweeps.operation(verdict.pane, program, fact.path, at),
        )

    # ------------------------------------------------------------------ sightings

    def _appear(self, path: str, by: By, at: float, now: float) -> None:
        """A name is there: a creation, or what was there before, again."""
        held = self._path(path).held
        if held is None or held.undoes:
            self._hold(path, ChangeKind.CREATED, by, at, now)
        elif held.kind in (ChangeKind.DELETED, ChangeKind.RENAMED):
            self._come_back(path, held, by, at, now)

    def _come_back(self, path: str, held: Fact, by: By, at: float, now: float) -> None:
        """What had gone, or was renamed away, is there again: it was changed, and where it went to is a new file."""
        if held.kind is ChangeKind.RENAMED:
            attempt = held.attempt
            held.again(ChangeKind.CREATED, By.RENAMING, held.at, held.heard, now + HOLD_SECONDS)
            if attempt is not None:
                held.settle(attempt)
            self._path(held.path).held = held
            self._hold(path, ChangeKind.MODIFIED, by, at, now)
        else:
            held.again(ChangeKind.MODIFIED, by, at, now, now + HOLD_SECONDS)
            self._names[path] = True

    def _close(self, path: str, at: float, now: float) -> None:
        state = self._path(path)
        dirty, state.dirty_at = state.dirty_at is not None, None
        attempt = self.attempts.closer(path, at)
        held = state.held
        if held is not None and held.kind in (ChangeKind.CREATED, ChangeKind.MODIFIED):
            ours = held.attempt is None or attempt is None or attempt.pane == held.attempt.pane
            if held.by in (By.APPEARING, By.LOOKING) and ours:
                held.by = By.CLOSING
                if held.settled and attempt is not None:
                    self.attempts.closed(attempt, at)
                elif not held.settled:
                    held.at = at
                    find_author(held, self.attempts, now)
                if held.kind is ChangeKind.MODIFIED:
                    self._let_go(state)
                return
            if held.by is By.CLOSING and ours and dirty:  # Again, and it may be a temporary file still.
                fact = self._add(path, ChangeKind.MODIFIED, By.CLOSING, at, now)
                fact.ready_at = held.ready_at
                state.more.append(fact)
                return
            self._let_go(state)  # Another pane writes it: the first one's work is no temporary file.
        if dirty:
            self._add(path, ChangeKind.MODIFIED, By.CLOSING, at, now)
        elif attempt is not None:
            self.attempts.closed(attempt, 0.0)  # Opened, and nothing written.

    def _find(self, path: str, at: float, now: float) -> None:
        """It is there: with its folder, which has only just appeared, or as a slow watcher found it."""
        state = self._path(path)
        held = state.held
        if held is not None and held.kind in (ChangeKind.CREATED, ChangeKind.MODIFIED):
            return
        if held is not None or not self._is_there(path):
            self._appear(path, By.LOOKING, at, now)
        else:
            self._hold(path, ChangeKind.MODIFIED, By.LOOKING, at, now)
        panes = {attempt.pane: attempt for attempt in reversed(self.attempts.writers(path, at))}
        for number, attempt in enumerate(reversed(panes.values())):
            fact = self._add(path, ChangeKind.MODIFIED, By.LOOKING, at, now, HOLD_SECONDS) if number else state.held
            if fact is not None:
                fact.settle(attempt)
                attempt.borne_out = True

    def _leave(self, path: str, cookie: int, at: float, now: float) -> None:
        """A name has been renamed away."""
        state = self._path(path)
        held, state.dirty_at = state.held, None
        temporary = held is not None and held.kind is ChangeKind.CREATED
        if held is not None and temporary:
            self._undo(held, state)
            self._names.pop(path, None)
        else:
            self._let_go(state)
            held = self._hold(path, ChangeKind.DELETED, By.LEAVING, at, now)
        self._departures[cookie] = Departure(path, held, temporary, at)

    def _arrive(self, path: str, cookie: int, at: float, now: float) -> None:
        """A name is there by being renamed to: it replaces what was there, or is new, or the file of another name."""
        left = self._departures.pop(cookie, None)
        attempt = self.attempts.rename(path, left.path if left is not None else "", at)
        state = self._path(path)
        held, state.dirty_at = state.held, None
        replaced = self._is_there(path) if attempt is None or attempt.evidence is not Evidence.TRACED else not attempt.new
        if held is not None and held.kind is ChangeKind.DELETED and not held.undoes:
            self._drop(held)
            replaced = True
        elif held is not None and held.kind is ChangeKind.RENAMED:
            self._come_back(path, held, By.RENAMING, at, now)
            replaced = True
            if state.held is not None:
                self._drop(state.held)
        self._let_go(state)
        if left is not None and left.fact is not None and attempt is not None and attempt.act is Act.EXCHANGE:
            self._drop(left.fact)  # The other file has taken its place.
        if replaced:
            fact = self._add(path, ChangeKind.MODIFIED, By.RENAMING, at, now)
        elif left is None or left.temporary or left.fact is None:
            fact = self._hold(path, ChangeKind.CREATED, By.RENAMING, at, now)
        else:
            self._drop(left.fact)
            fact = self._add(path, ChangeKind.RENAMED, By.RENAMING, at, now, HOLD_SECONDS)
            self._path(left.path).held = fact
        fact.old_path = left.path if left is not None else ""
        if attempt is not None:
            fact.settle(attempt)

    def _go(self, path: str, by: By, at: float, now: float) -> None:
        state = self._path(path)
        held, state.dirty_at = state.held, None
        self.attempts.gone(path)
        if held is not None and held.kind is ChangeKind.DELETED:
            return
        made = [held, *state.more] if held is not None and held.kind is ChangeKind.CREATED else []
        if held is not None and made:
            for fact in made:
                find_author(fact, self.attempts, now)
            self._undo(held, state)
        self._let_go(state)
        self._hold(path, ChangeKind.DELETED, by, at, now).undoes = made

    def _look_at_open_files(self, now: float) -> None:
        for path, state in list(self._paths.items()):
            look_at = state.look_at
            if look_at is not None and now >= look_at:
                at, state.dirty_at = state.dirty_at, None
                if state.held is None and at is not None:
                    state.told_at = now
                    self._add(path, ChangeKind.MODIFIED, By.WRITING, at, now)
            elif look_at is None and state.held is None and now - state.told_at > STILL_SECONDS:
                del self._paths[path]

    # ------------------------------------------------------------------ bookkeeping

    def _add(self, path: str, kind: ChangeKind, by: By, at: float, now: float, hold_seconds: float = 0.0) -> Fact:
        fact = Fact(path, kind, by, at, now, now + hold_seconds if hold_seconds else 0.0)
        self._facts[fact] = None
        if len(self._names) >= MAX_NAMES:
            self._names.clear()
        self._names[path] = kind is not ChangeKind.DELETED
        return fact

    def _hold(self, path: str, kind: ChangeKind, by: By, at: float, now: float) -> Fact:
        fact = self._path(path).held = self._add(path, kind, by, at, now, HOLD_SECONDS)
        return fact

    def _let_go(self, state: PathState) -> None:
        """What is held of a path stands: nothing that follows is a part of it."""
        if state.held is not None:
            for fact in (state.held, *state.more):
                fact.ready_at = 0.0
            state.held = None
            state.more.clear()

    def _undo(self, held: Fact, state: PathState) -> None:
        """It was a temporary file: nothing of it is told."""
        for fact in (held, *state.more):
            self._facts.pop(fact, None)
        state.held = None
        state.more.clear()

    def _drop(self, fact: Fact) -> None:
        self._facts.pop(fact, None)
        for state in (self._paths.get(fact.path), self._paths.get(fact.old_path)):
            if state is not None and state.held is fact:
                state.held = None
                state.more.clear()

    def _path(self, path: str) -> PathState:
        state = self._paths.get(path)
        if state is None:
            state = self._paths[path] = PathState()
        return state

    def _is_there(self, path: str) -> bool:
        known = self._names.get(path)
        return self._was_there(path) if known is None else known
