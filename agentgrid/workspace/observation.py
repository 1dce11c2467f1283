"""One workspace, watched: what happens in it goes through here into the ledger and the conflicts, and out as events.

    watcher ─ sightings ─┐
    traces ── attempts ──┼─▸ fusion ─▸ changes ─▸ contents, ledger, archive ─▸ conflicts ─▸ events
    git ───── signs ─────┴─▸ git_deeds ─────────────────▸

Owned by the observer's thread, and used in no other. Inside, time is the monotonic clock's; what goes out has seconds since the
epoch, by an offset taken once, so that a clock that is set back makes no change older than the one before it.
"""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import assert_never

import msgspec

from agentgrid.workspace import archive as saved
from agentgrid.workspace.attempt import Attempt, Witness
from agentgrid.workspace.change import NAMES_AN_AUTHOR, Change, ChangeKind, Evidence, GitAction, GitEvent, Read
from agentgrid.workspace.conflicts import GIT, Conflicts
from agentgrid.workspace.contents import Contents, size_of
from agentgrid.workspace.fusion import Fusion
from agentgrid.workspace.git_deeds import GitDeeds
from agentgrid.workspace.git_watch import GitWatch, Locked, Stashed
from agentgrid.workspace.happening import Changed, ChangedMany, Conflicted, GitRan, Happening, Troubled
from agentgrid.workspace.ignore import Ignore, matches, parse_rules
from agentgrid.workspace.ledger import Ledger
from agentgrid.workspace.pathname import bytes_of, native, text_of_native
from agentgrid.workspace.reflog import Moved
from agentgrid.workspace.repository import CommittedContents, open_checkout
from agentgrid.workspace.telling import Verdict
from agentgrid.workspace.watcher import open_watch

MANY_SECONDS = 0.5  # A sweep is told of when it has paused so long, and at least once in
MANY_LONGEST_SECONDS = 2.0
PATIENCE_SECONDS = 5.0  # Nothing is held back for longer.
MAX_MANY_PATHS = 200  # Named in an event; all of them are in the ledger.

Verdicts = Callable[[float], Verdict]
Asker = Callable[[Callable[[], GitEvent | None], Callable[[GitEvent | None], None]], None]


class Observation:
    """Owned by the observer's thread."""

    def __init__(
        self,
        top: Path,
        store: Path,
        *,
        first_conflict: int = 1,
        window_seconds: float,
        ignored_conflicts: tuple[str, ...],
        verdict: Verdicts,
        witness: Witness,
        ask: Asker,
    ) -> None:
        """``top`` is the workspace's folder, ``store`` a folder of its own in the session's state; a new one's conflicts are
        counted from ``first_conflict``.

        ``verdict`` names whoever is not known (at a time of the monotonic clock); ``witness`` looks into the processes; ``ask``
        has a question answered elsewhere, and calls back here.
        """
        self.top = top.resolve()
        self._top = os.fsencode(self.top)
        self._name = text_of_native(str(self.top))
        self.checkout = open_checkout(self.top)
        self.troubles: list[str] = []
        self._offset = time.time() - time.monotonic()
        self._ask = ask
        self._ignored_conflicts = parse_rules("\n".join(ignored_conflicts).encode())
        common = self.checkout.excludes() if self.checkout is not None else []
        tracked = self.checkout.tracked_though_ignored() if self.checkout is not None else []
        self._watch = open_watch(self._top, Ignore(self._rules, common, tracked), self.troubles.append)
        self._git_watch = GitWatch(self.checkout) if self.checkout is not None else None
        self._committed = CommittedContents(self.checkout) if self.checkout is not None else None
        self.deeds = GitDeeds()
        self.contents = Contents(self._top, store / "contents", self.committed)
        self.archive = saved.Archive(store)
        left, entries = self.archive.load()
        self.ledger = Ledger(left.ledger)
        if left.conflicts.next_id == 1:
            left.conflicts.next_id = first_conflict
        self.conflicts = Conflicts(window_seconds, left.conflicts)
        differs = lambda path: self.contents.differs(path, self.conflicts.writers.digest(path))  # noqa: E731
        self.fusion = Fusion(verdict, was_there=self._was_there, differs=differs, witness=witness)
        self._last_change = left.last_change
        self._many: dict[tuple[int | None, str], ChangedMany] = {}
        self._owned = dict(left.owned)
        for path, digests in left.sides.items():
            for pane, digest in digests.items():
                self.contents.restore_side(path, pane, digest)
        for entry in entries:
            self._replay(entry)
        for path in self.ledger.state().work:
            if path in self._owned:
                self.contents.restore(path, self._owned[path])
        self._owned.clear()
        if not left.segment:
            self.archive.save(self._state())  # The first number of all is known from now on.

    # ------------------------------------------------------------------ what the observer asks

    def filenos(self) -> list[int]:
        """What to wait for."""
        numbers = [self._watch.fileno()] + ([self._git_watch.fileno()] if self._git_watch is not None else [])
        return [number for number in numbers if number >= 0]

    @property
    def due(self) -> float | None:
        """When ``tick`` has something to do, by the monotonic clock."""
        times = [self._watch.due, self.fusion.due, self._git_watch.due if self._git_watch is not None else None]
        epoch = [
            self.conflicts.due,
            self.deeds.due,
            *(min(many.last + MANY_SECONDS, many.first + MANY_LONGEST_SECONDS) for many in self._many.values()),
        ]
        times += [None if at is None else at - self._offset for at in epoch]
        return min((at for at in times if at is not None), default=None)

    @property
    def watched(self) -> tuple[int, int]:
        """How many folders are watched, and how many looked at instead."""
        return self._watch.watched, self._watch.polled

    def start(self) -> None:
        """Begin to watch; what has changed since a predecessor's last change is found."""
        self.fusion.sight(self._watch.start(self._last_change or None), time.monotonic())

    def attempt(self, attempt: Attempt) -> None:
        """A pane is about to do something."""
        self.fusion.attempt(attempt)

    def git_hand(self, name: str, pane: int, at: float) -> None:
        """A pane is about to change one of git's own files."""
        self.deeds.hand(name, pane, at + self._offset)

    def read_by(self, read: Read) -> None:
        """A pane has read a file."""
        self.conflicts.read(msgspec.structs.replace(read, at=read.at + self._offset))

    def look(self) -> list[Happening]:
        """Take in what the watcher has seen."""
        now = time.monotonic()
        self.fusion.sight(self._watch.read(), now)
        self.fusion.facts.looked_at = now
        return []

    def tick(self, now: float) -> list[Happening]:
        """What has happened; ``now`` is of the monotonic clock."""
        at = now + self._offset
        happened: list[Happening] = []
        entries: list[saved.Entry] = []
        for change in self.fusion.tell(now):
            happened += self._changed(change, at, entries)
        if self._git_watch is not None:
            happened += self._git_signs(at, entries)
        for event in self.deeds.tell(at):
            happened += self.git_happened(event, at, entries)
        happened += [Conflicted(event) for event in self.conflicts.tick(at)]
        happened += self._told_many(at)
        happened += [Troubled(trouble) for trouble in self.troubles]
        self.troubles.clear()
        self._write(entries)
        return self._placed(happened)

    def _placed(self, happened: Sequence[Happening]) -> list[Happening]:
        """With the workspace in which it happened."""
        return [one if isinstance(one, Troubled) else msgspec.structs.replace(one, top=self._name) for one in happened]

    def acknowledge(self, number: int) -> list[Happening]:
        """A person has seen a conflict."""
        events = self.conflicts.acknowledge(number)
        if events:
            self._write([saved.Acknowledged(number)])
        return self._placed([Conflicted(event) for event in events])

    def committed_exactly(self, pane: int, paths: tuple[str, ...], clean: tuple[str, ...], summary: str) -> list[Happening]:
        """``commit PANE`` has made a commit that holds the pane's own work alone."""
        at = time.monotonic() + self._offset
        event = GitEvent(
            action=GitAction.COMMITTED, at=at, evidence=Evidence.TRACED, pane=pane, paths=paths, clean=clean, exact=True, summary=summary
        )
        entries: list[saved.Entry] = []
        self.contents.head_moved()
        happened = self.git_happened(event, at, entries)
        self._write(entries)
        return self._placed(happened)

    def diverged(self, path: str, panes: tuple[int, ...], summary: str) -> list[Happening]:
        """The same file differs in two worktrees; no panes: no longer."""
        at = time.monotonic() + self._offset
        events = self.conflicts.diverged(path, panes, summary, at, at) if panes else self.conflicts.converged(path)
        if events:
            self._write([saved.Diverged(path, panes, summary, at)])
        return self._placed([Conflicted(event) for event in events])

    def git_happened(self, event: GitEvent, at: float, entries: list[saved.Entry]) -> list[Happening]:
        """git did something, and it is known what."""
        entries.append(saved.GitHappened(event))
        self.ledger.settle(event)
        for path in event.clean if event.action is GitAction.COMMITTED else event.paths:
            self.contents.settled(path)
        return [GitRan(event), *(Conflicted(conflict) for conflict in self.conflicts.git(event, at))]

    def close(self) -> list[Happening]:
        """Stop watching, tell what was held back, and save everything."""
        self.look()
        happened = self.tick(time.monotonic() + PATIENCE_SECONDS)
        self._watch.close()
        if self._git_watch is not None:
            self._git_watch.close()
        if self._committed is not None:
            self._committed.close()
        self.archive.save(self._state())
        self.archive.close()
        return happened

    # ------------------------------------------------------------------ changes

    def _changed(self, change: Change, now: float, entries: list[saved.Entry]) -> list[Happening]:
        path, pane = change.path, change.pane
        by_git = change.operation.startswith(GIT)
        edit = None
        before = self.contents.content(path)
        if change.kind is ChangeKind.RENAMED:
            self.contents.moved(change.old_path, path)
        if by_git:
            self.contents.forget(path)
            change = msgspec.structs.replace(change, at=change.at + self._offset, size=size_of(self._absolute(path)))
        else:
            seen = None if change.kind is ChangeKind.DELETED else self.contents.look(path)
            digest = "" if seen is None else seen.digest
            if pane is None and digest and digest == self.conflicts.writers.digest(path):
                return []  # Looked at again, and nothing is new.
            if seen is not None or change.kind is ChangeKind.DELETED:  # Otherwise it is gone again, which is a change to come.
                edit = self.contents.changed(path, seen, pane, created=change.kind is ChangeKind.CREATED)
            change = msgspec.structs.replace(change, at=change.at + self._offset, size=-1 if seen is None else seen.size, digest=digest)
        self._last_change = max(self._last_change, change.at)
        self.ledger.record(change)
        entries.append(saved.Changed(change, edit, None if by_git else self.contents.owned(path)))
        happened: list[Happening] = []
        if self._counts_as_conflict(path):
            conflicts = self.conflicts.change(change, now, edit)
            happened += [Conflicted(event) for event in conflicts]
            if pane is not None and change.evidence in NAMES_AN_AUTHOR and len(self.conflicts.writers.others(path, pane, change.at)):
                self._keep_sides(path, pane, before, entries)
        if by_git:
            self.deeds.changed(change)
        elif change.digest and self.checkout is not None and self.contents.is_committed(path, change.digest):
            self.ledger.reverted(path)
            if change.evidence is Evidence.OUTSIDE:
                entries.append(saved.Reverted(path))
                happened += [Conflicted(event) for event in self.conflicts.reverted(path)]
        if change.operation:
            self._many_add(change)
            return happened
        return [Changed(change), *happened]

    def _keep_sides(self, path: str, pane: int, before: bytes | None, entries: list[saved.Entry]) -> None:
        """Write down what the pane found and what it left of a file that is contested."""
        earlier = [worker for worker in self.ledger.workers(path) if worker != pane]
        after = self.contents.content(path)
        try:
            sides = [(earlier[0], before)] if earlier else []
            for one, content in [*sides, (pane, after)]:
                if content is not None and (digest := self.contents.keep(path, one, content)):
                    entries.append(saved.Kept(path, one, digest))
        except OSError as error:
            self.troubles.append(f"cannot keep both sides of {native(path)} ({error.strerror}); {self.archive.advice(error)}")

    def _many_add(self, change: Change) -> None:
        """Part of a sweep, which is told as one."""
        key = change.pane, change.operation
        many = self._many.get(key)
        if many is None:
            self._many[key] = ChangedMany.of(change)
        else:
            self._many[key] = many.and_(change, MAX_MANY_PATHS)

    def _told_many(self, at: float) -> list[Happening]:
        over = [key for key, many in self._many.items() if at - many.last >= MANY_SECONDS or at - many.first >= MANY_LONGEST_SECONDS]
        return [self._many.pop(key) for key in over]

    # ------------------------------------------------------------------ git

    def _git_signs(self, at: float, entries: list[saved.Entry]) -> list[Happening]:
        assert self._git_watch is not None
        happened: list[Happening] = []
        for sign in self._git_watch.read():
            match sign:
                case Moved(action=GitAction.COMMITTED):
                    self._committed_soon(sign, at)
                case Moved():
                    self.contents.head_moved()
                    self.deeds.moved(sign, at)
                case Stashed(summary=summary):
                    self.deeds.stashed(summary, at)
                case Locked(held=held):
                    for event in self.deeds.locked(held, at):
                        happened += self.git_happened(event, at, entries)
        return happened

    def _committed_soon(self, moved: Moved, at: float) -> None:
        """Ask git which files a commit holds; that takes some milliseconds, elsewhere."""
        self.contents.head_moved()
        checkout = self.checkout
        assert checkout is not None

        def question() -> GitEvent | None:
            paths = tuple(checkout.brought(moved.old, moved.new))
            return GitEvent(
                action=GitAction.COMMITTED,
                at=at,
                evidence=Evidence.OUTSIDE,
                paths=paths,
                clean=tuple(checkout.clean(paths)),
                summary=moved.summary,
            )

        def answer(event: GitEvent | None) -> None:
            if event is not None:
                self.deeds.committed(event)

        self._ask(question, answer)

    # ------------------------------------------------------------------ the archive

    def _write(self, entries: list[saved.Entry]) -> None:
        if self.archive.problem:
            return
        self.archive.append(entries)
        if self.archive.wants_state:
            self.archive.save(self._state())
            self.contents.tidy()
        if self.archive.problem:
            self.troubles.append(self.archive.problem)

    def _state(self) -> saved.Saved:
        """All that a successor needs."""
        ledger = self.ledger.state()
        owned = {path: known for path in ledger.work if (known := self.contents.owned(path)) is not None}
        return saved.Saved(0, ledger, self.conflicts.state(), self._last_change, owned, self.contents.sides())

    def _replay(self, entry: saved.Entry) -> None:
        """What a predecessor wrote down after it had saved everything."""
        match entry:
            case saved.Changed(change=change, edit=edit, owned=owned):
                self.ledger.record(change)
                if owned is not None:
                    self._owned[change.path] = owned
                if self._counts_as_conflict(change.path):
                    self.conflicts.change(change, change.at, edit)
                self._last_change = max(self._last_change, change.at)
            case saved.Kept(path=path, pane=pane, digest=digest):
                self.contents.restore_side(path, pane, digest)
            case saved.GitHappened(event=event):
                self.ledger.settle(event)
                for path in event.clean if event.action is GitAction.COMMITTED else event.paths:
                    self.contents.settled(path)
                    self._owned.pop(path, None)
                self.conflicts.git(event, event.at)
            case saved.Acknowledged(conflict=number):
                self.conflicts.acknowledge(number)
            case saved.Reverted(path=path):
                self.ledger.reverted(path)
                self.conflicts.reverted(path)
            case saved.Diverged(path=path, panes=panes, summary=summary, at=at):
                if panes:
                    self.conflicts.diverged(path, panes, summary, at, at)
                else:
                    self.conflicts.converged(path)
            case _:
                assert_never(entry)

    # ------------------------------------------------------------------ small questions

    def _rules(self, path: str) -> bytes | None:
        try:
            with open(self._absolute(path), "rb") as file:
                return file.read(1 << 20)
        except OSError:
            return None

    def _was_there(self, path: str) -> bool:
        return path in self.conflicts.writers.files or self.committed(path) is not None

    def committed(self, path: str) -> bytes | None:
        """What the last commit has of a file."""
        return None if self._committed is None else self._committed.get(path)

    def _counts_as_conflict(self, path: str) -> bool:
        return not self._ignored_conflicts or not matches(self._ignored_conflicts, path)

    def _absolute(self, path: str) -> bytes:
        return self._top + b"/" + bytes_of(path)
