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

from collections import Counter
from collections.abc import Callable, Sequence
from typing import assert_never

from agentgrid.workspace.attempt import Act, Attempt, NoWitness, Witness
from agentgrid.workspace.attempts import Attempts
from agentgrid.workspace.change import Change, ChangeKind, Evidence
from agentgrid.workspace.fact import STAYS_OPEN, SURE_SECONDS, By, Fact, find_author, find_authors, find_renamers
from agentgrid.workspace.facts import HOLD_SECONDS, Facts
from agentgrid.workspace.path_state import STILL_SECONDS, Departure, PathState
from agentgrid.workspace.quiet import Quiet, QuietClosings
from agentgrid.workspace.sighting import Seen, Sighting
from agentgrid.workspace.sweep import Sweeps
from agentgrid.workspace.telling import Verdict, change_of, whole


class Fusion:
    """Owned by whoever watches a workspace."""

    def __init__(
        self,
        verdict: Callable[[float], Verdict],
        *,
        was_there: Callable[[str], bool] = lambda _: False,
        differs: Callable[[str], bool] = lambda _: False,
        witness: Witness | None = None,
    ) -> None:
        """``verdict`` names an author (at a time) where nothing has told; ``was_there`` says whether a file that was never seen
        here existed before; ``differs`` whether a file's content is another than when it was last looked at, as far as is known."""
        self.attempts = Attempts(witness or NoWitness())
        self._differs = differs
        self.reports_expected = False
        self.heard_until, self.behind = float("inf"), False
        """Until when all attempts have come to our ears, and whether something is told once that is later."""
        self._verdict = verdict
        self.facts = Facts(was_there)
        self._departures: dict[int, Departure] = {}
        self._quiet = QuietClosings()
        self._to_arrive: Counter[str] = Counter()
        """How often names will be renamed to, as far as is known already."""
        self._sweeps = Sweeps()

    # ------------------------------------------------------------------ what comes in

    def attempt(self, attempt: Attempt) -> None:
        """A pane is about to do something, or says that it does."""
        self.attempts.add(attempt)
        if (closed_at := self._quiet.closed_by(attempt)) is not None:
            self._close(attempt.path, closed_at, attempt.heard)
        state = self.facts.states.get(attempt.path) if attempt.at_once else None
        if state is not None and state.dirty_at is not None and self._cut(attempt.path, state.dirty_until, attempt.heard):
            state.dirty_at = None if state.dirty_at == state.dirty_until else state.dirty_at

    def sight(self, sightings: Sequence[Sighting], now: float) -> None:
        """A watcher has seen something, in this order."""
        self._to_arrive = Counter(sighting.path for sighting in sightings if sighting.seen is Seen.ARRIVED)
        for sighting in sightings:
            self._sight(sighting, now)
        self._to_arrive.clear()

    def _sight(self, sighting: Sighting, now: float) -> None:
        path, at = sighting.path, sighting.at
        match sighting.seen:
            case Seen.CREATED:
                self._appear(path, By.APPEARING, at, now)
            case Seen.WRITTEN:
                self._write(path, at, now)
            case Seen.CLOSED:
                self._close(path, at, now)
            case Seen.FOUND:
                self._find(path, at, now)
            case Seen.LEFT:
                self._leave(path, sighting.cookie, at, now)
            case Seen.ARRIVED:
                self._arrive(path, sighting, now)
            case Seen.GONE:
                self._go(path, By.LEAVING if sighting.folder else By.REMOVING, at, now)
            case Seen.MISSED:
                self._go(path, By.LOOKING, at, now)
            case Seen.OVERFLOW:
                return  # What was lost is found.
            case _:
                assert_never(sighting.seen)

    def observed(self, path: str, pane: int) -> None:
        """A process of the (untraced) pane was seen to have the file open for writing."""
        for fact in self.facts:
            if fact.path == path and fact.attempt is None and fact.by in STAYS_OPEN:
                fact.observed = pane

    # ------------------------------------------------------------------ what comes out

    @property
    def due(self) -> float | None:
        """When ``tell`` has something to do."""
        times = [
            fact.due(reports_expected=self.reports_expected) for fact in self.facts if not self.behind or fact.heard_all(self.heard_until)
        ]
        times += [at for state in self.facts.states.values() if (at := state.look_at) is not None]
        times += [*self._quiet.due, *([self.attempts.due] if self.attempts.due is not None else [])]
        return min(times, default=None)

    def authorless(self) -> list[str]:
        """Paths of changes that nobody is known to have made, as yet, and that whoever has the file open has made."""
        return [fact.path for fact in self.facts if not fact.named and fact.by in STAYS_OPEN]

    def tell(self, now: float) -> list[Change]:
        """The changes that are certain enough."""
        find_authors(list(self.facts), self.attempts, now)
        unexplained = {fact.path for fact in self.facts if not fact.settled}
        unexplained.update(path for path, state in self.facts.states.items() if state.dirty_at is not None)
        for attempt in self.attempts.believed(now, min(now, self.facts.looked_at), unexplained):
            self.facts.add(attempt.path, ChangeKind.MODIFIED, By.CLOSING, attempt.at, now).settle(attempt)
        self._look_at_open_files(now)
        self._look_at_quiet_files(now)
        self._departures = {cookie: left for cookie, left in self._departures.items() if now - left.at < HOLD_SECONDS}
        told, facts = list[Change](), list(self.facts)
        find_authors(facts, self.attempts, now)
        for fact in facts:  # Grows while it is walked.
            if fact.settled and fact.by is By.CLOSING and not fact.asked:
                facts += self._others(fact, now)
            if now >= fact.due(reports_expected=self.reports_expected):
                if not fact.heard_all(self.heard_until):
                    self.behind = True
                    continue
                told += [change_of(each, self._verdict, self._sweeps) for each in whole(fact, self.attempts, now)]
                self.facts.drop(fact)
                if fact.by is By.APPEARING:  # What was written to it until now is a part of that.
                    state = self.facts.path(fact.path)
                    state.dirty_at, state.told_at = None, now
        return told

    # ------------------------------------------------------------------ sightings

    def _appear(self, path: str, by: By, at: float, now: float) -> None:
        """A name is there: a creation, or what was there before, again."""
        held = self.facts.path(path).held
        if held is None or held.undoes:
            self.facts.hold(path, ChangeKind.CREATED, by, at, now)
        elif held.kind in (ChangeKind.DELETED, ChangeKind.RENAMED):
            self._come_back(path, held, by, at, now)

    def _come_back(self, path: str, held: Fact, by: By, at: float, now: float) -> None:
        """What had gone, or was renamed away, is there again: it was changed, and where it went to is a new file."""
        if held.kind is ChangeKind.RENAMED:
            attempt = held.attempt
            held.again(ChangeKind.CREATED, By.RENAMING, held.at, held.heard, now + HOLD_SECONDS)
            if attempt is not None:
                held.settle(attempt)
            self.facts.path(held.path).held = held
            self.facts.hold(path, ChangeKind.MODIFIED, by, at, now)
        else:
            held.again(ChangeKind.MODIFIED, by, at, now, now + HOLD_SECONDS)
            self.facts.names.set(path, there=True)

    def _write(self, path: str, at: float, now: float) -> None:
        state = self.facts.path(path)
        if state.held is not None or not self._cut(path, at, now):
            state.dirty_at, state.dirty_until = at if state.dirty_at is None else state.dirty_at, at

    def _cut(self, path: str, at: float, now: float) -> bool:
        """It was perhaps cut without being opened."""
        cutter = self.attempts.cutter(path, at)
        if cutter is None:
            return False
        self.facts.add(path, ChangeKind.MODIFIED, By.CUTTING, at, now).settle(cutter)
        self.attempts.closed(cutter, at)
        return True

    def _close(self, path: str, at: float, now: float) -> None:
        state = self.facts.path(path)
        held = state.held
        attempt = self.attempts.closer(path, at, state.dirty_at)
        while attempt is not None and held is None and self._only_closed(state, attempt, at, now):
            again, attempt.passed = attempt.passed, min(at, self.facts.looked_at) - attempt.at <= SURE_SECONDS
            if again or not attempt.passed:
                self.attempts.closed(attempt, 0.0)
            if not again:
                return  # What was written was somebody else's work, who has yet to close it; or this one has only not begun.
            attempt = self.attempts.closer(path, at, state.dirty_at)
        since, state.dirty_at = state.dirty_at, None
        if held is not None and held.kind in (ChangeKind.CREATED, ChangeKind.MODIFIED):
            ours = held.attempt is None or attempt is None or attempt.pane == held.attempt.pane
            again = held.by is By.APPEARING and attempt is not None and attempt.before is not None
            if held.by in (By.APPEARING, By.LOOKING) and ours and not again:
                held.by = By.CLOSING
                if held.settled and attempt is not None:
                    self.attempts.closed(attempt, at)
                elif not held.settled:
                    held.at = held.until = at
                    if not self._to_arrive[path]:  # Else what arrives will say which attempts were before it.
                        find_author(held, self.attempts, now)
                if held.kind is ChangeKind.MODIFIED:
                    self.facts.let_go(state)
                return
            if (held.by is By.CLOSING or again) and ours and since is not None:  # Again, and it may be a temporary file still.
                fact = self.facts.add(path, ChangeKind.MODIFIED, By.CLOSING, at, now)
                fact.ready_at = held.ready_at
                state.more.append(fact)
                return
            self.facts.let_go(state)  # Another pane writes it: the first one's work is no temporary file.
        if since is not None:
            fact = self.facts.add(path, ChangeKind.MODIFIED, By.CLOSING, at, now)
            fact.since, fact.until = since, state.dirty_until
        elif held is None and (attempt is None or min(at, self.facts.looked_at) - attempt.at > SURE_SECONDS):
            self._quiet.add(path, Quiet(at, now, None))
        elif attempt is not None and self.attempts.surely_wrote(attempt):
            self.facts.add(path, ChangeKind.MODIFIED, By.CLOSING, at, now).settle(attempt)  # Another's closing was seen in its place.
            self.attempts.closed(attempt, at)
        elif attempt is not None:
            self.attempts.closed(attempt, 0.0)
            if attempt.before is not None and self.attempts.alone(attempt, at):
                self._close_quietly(path, Quiet(at, now, attempt), now)

    def _only_closed(self, state: PathState, attempt: Attempt, at: float, now: float) -> bool:
        """Whether the one who closed it has not written to it since that was last told."""
        if state.written_before(attempt) or self.attempts.looked_only(attempt, at):
            return True
        if state.dirty_at is None or not attempt.open:
            return False
        others = self._credit(self.attempts.other_hands(attempt.path, attempt.pane, at), state.dirty_at, now)
        state.dirty_at = None if others else state.dirty_at
        return bool(others)

    def _close_quietly(self, path: str, quiet: Quiet, now: float) -> None:
        """Mostly nothing was written; but a watcher sees nothing of what is written by way of a mapping. Another's change that is not
        told as yet would look the same, so that is waited for."""
        if self.facts.of(path):
            self._quiet.add(path, quiet)
        elif self._differs(path):
            fact = self.facts.add(path, ChangeKind.MODIFIED, By.LOOKING, quiet.at, now)
            if quiet.attempt is not None:
                fact.settle(quiet.attempt)

    def _others(self, closing: Fact, now: float) -> list[Fact]:
        """Others have perhaps written, too, and it was seen as one."""
        closing.asked, closer = True, closing.attempt
        if closer is None or closer.evidence is not Evidence.TRACED:
            return []
        return self._credit(self.attempts.hands_before(closing.path, closer, closing.since, closing.at), closing.since, now)

    def _credit(self, attempts: list[Attempt], at: float, now: float) -> list[Fact]:
        """They have written to files that they have open."""
        facts: list[Fact] = []
        for attempt in attempts:
            facts.append(self.facts.add(attempt.path, ChangeKind.MODIFIED, By.WRITING, at, now))
            facts[-1].settle(attempt, borne_out=True)
        return facts

    def _find(self, path: str, at: float, now: float) -> None:
        """It is there: with its folder, which has only just appeared, or as a slow watcher found it."""
        state = self.facts.path(path)
        held = state.held
        if held is not None and held.kind in (ChangeKind.CREATED, ChangeKind.MODIFIED):
            return
        if held is not None or not self.facts.names.has(path):
            self._appear(path, By.LOOKING, at, now)
        else:
            self.facts.hold(path, ChangeKind.MODIFIED, By.LOOKING, at, now)
        panes = {attempt.pane: attempt for attempt in reversed(self.attempts.writers(path, at))}
        for number, attempt in enumerate(reversed(panes.values())):
            fact = self.facts.add(path, ChangeKind.MODIFIED, By.LOOKING, at, now, HOLD_SECONDS) if number else state.held
            if fact is not None:
                fact.settle(attempt)
                attempt.borne_out = True

    def _leave(self, path: str, cookie: int, at: float, now: float) -> None:
        """A name has been renamed away."""
        state = self.facts.path(path)
        held, state.dirty_at = state.held, None
        temporary = held is not None and held.kind is ChangeKind.CREATED
        if held is not None and temporary:
            self.facts.undo(held, state)
            self.facts.names.forget(path)
        else:
            self.facts.let_go(state)
            held = self.facts.hold(path, ChangeKind.DELETED, By.LEAVING, at, now)
        self._departures[cookie] = Departure(path, held, temporary, temporary and held.by is By.APPEARING, at)

    def _arrive(self, path: str, sighting: Sighting, now: float) -> None:
        """A name is there by being renamed to: it replaces what was there, or is new, or the file of another name."""
        at, left = sighting.at, self._departures.pop(sighting.cookie, None)
        old = sighting.old if left is None else left.path
        earlier = self.facts.of(path)
        find_renamers(earlier, self.attempts)
        self._to_arrive[path] -= 1
        attempt = self.attempts.rename(path, old, at, self._to_arrive[path])
        if attempt is not None:
            for fact in earlier:
                fact.was_before(attempt)
            find_authors(earlier, self.attempts, now, for_good=True)
        state = self.facts.path(path)
        self._tell_open(path, state, now)  # It went to the file that was there before.
        held = state.held
        replaced = self.facts.names.has(path) if attempt is None or attempt.evidence is not Evidence.TRACED else not attempt.new
        if held is not None and held.kind is ChangeKind.DELETED and not held.undoes:
            self.facts.drop(held)
            replaced = True
        elif held is not None and held.kind is ChangeKind.RENAMED:
            self._come_back(path, held, By.RENAMING, at, now)
            replaced = True
            if state.held is not None:
                self.facts.drop(state.held)
        self.facts.let_go(state)
        if left is not None and left.fact is not None and attempt is not None and attempt.act is Act.EXCHANGE:
            self.facts.drop(left.fact)  # The other file has taken its place.
        if replaced:
            fact = self.facts.add(path, ChangeKind.MODIFIED, By.RENAMING, at, now)
        elif left is None or left.temporary or left.fact is None:
            fact = self.facts.hold(path, ChangeKind.CREATED, By.RENAMING, at, now)
        else:
            self.facts.drop(left.fact)
            fact = self.facts.add(path, ChangeKind.RENAMED, By.RENAMING, at, now, HOLD_SECONDS)
            self.facts.path(left.path).held = fact
        fact.old_path = old
        fact.still_open = left is not None and left.open
        if attempt is not None:
            fact.settle_rename(attempt, self.attempts)

    def _go(self, path: str, by: By, at: float, now: float) -> None:
        state = self.facts.path(path)
        held, state.dirty_at = state.held, None
        self.attempts.gone(path)
        if held is not None and held.kind is ChangeKind.DELETED:
            return
        made = [held, *state.more] if held is not None and held.kind is ChangeKind.CREATED else []
        if held is not None and made:
            for fact in made:
                find_author(fact, self.attempts, now)
            self.facts.undo(held, state)
        self.facts.let_go(state)
        self.facts.hold(path, ChangeKind.DELETED, by, at, now).undoes = made

    def _look_at_open_files(self, now: float) -> None:
        for path, state in list(self.facts.states.items()):
            if state.look_at is not None and now >= state.look_at:
                self._tell_open(path, state, now)
            elif state.look_at is None and state.held is None and now - state.told_at > STILL_SECONDS:
                del self.facts.states[path]

    def _tell_open(self, path: str, state: PathState, now: float) -> None:
        """Tell what was written to a file that has not been closed."""
        at, state.dirty_at = state.dirty_at, None
        if state.held is None and at is not None:
            state.told_at = now
            self.attempts.drop_passed(path)
            hands = self.attempts.hands(path, at)
            if hands is not None and hands.wrote:
                self._credit(hands.wrote, at, now)
            else:
                self.facts.add(path, ChangeKind.MODIFIED, By.WRITING, at, now).candidates = hands.candidates if hands is not None else ()

    def _look_at_quiet_files(self, now: float) -> None:
        for path, quiet in self._quiet.over(now):
            if not self.facts.of(path):
                attempt = quiet.attempt or self.attempts.closer(path, quiet.at)
                if attempt is not None and not self.attempts.has_open(attempt):
                    self.attempts.closed(attempt, 0.0)
                self._close_quietly(path, quiet._replace(attempt=attempt), now)
