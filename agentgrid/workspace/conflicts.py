"""When panes get in each other's way: a state that takes what happens to files and returns conflicts raised, updated, closed.

For each file it keeps who wrote it since the last commit or acknowledgement. A write to a file that another pane has
written within the window is a conflict; there is one a file, whose kind only gets worse, and everybody hears of it at once
and then at most once a second. It is closed by a commit of the file, by the second pane undoing its part, or by
an acknowledgement; after each of these the counting begins anew.

What git does to many files is one conflict, named after the pane that ran it, and only when it concerns others. So is a
sweep over many files (``bulk``).

Pure: ``now`` and every ``at`` come from outside, seconds of one clock that does not jump. Unknown authors raise nothing: a
badge on the wrong pane is worse than none.
"""

from collections import deque
from collections.abc import Iterable, Sequence

import msgspec

from agentgrid.workspace.change import NAMES_AN_AUTHOR, Change, ChangeKind, Edit, GitAction, GitEvent, Range, Read, ended_by
from agentgrid.workspace.conflict import (
    SEVERITY,
    Closing,
    Conflict,
    ConflictClosed,
    ConflictEvent,
    ConflictKind,
    ConflictRaised,
    ConflictUpdated,
)
from agentgrid.workspace.writers import OTHERS, FileState, Writer, Writers, by_arrival

WINDOW_SECONDS = 20 * 60.0  # Half of the overlaps in real histories of many agents lie within it.
PACE_SECONDS = 1.0  # How often a conflict that goes on is told of.
BULK_SECONDS = 5.0  # A sweep that pauses longer is another one.
MAX_CLOSED = 500  # What ``conflicts --all`` lists.
MAX_PATHS = 1000  # Of one conflict: a list that a person could still go through.

GIT, BULK = "git ", "bulk"
"""How the ``operation`` of a change begins that is part of one; see ``fusion``."""

MOVES_ALL = frozenset({GitAction.SWITCHED, GitAction.MOVED, GitAction.RESET, GitAction.STASHED, GitAction.LOCKED})
"""What the others in a checkout notice whichever files they have written."""
NOT_OF_A_FILE = (ConflictKind.GIT, ConflictKind.WORKTREE)


class State(msgspec.Struct):
    """All of it, for the disk."""

    next_id: int = 1
    files: dict[str, FileState] = {}
    open: dict[int, Conflict] = {}
    closed: list[Conflict] = []


class Conflicts:
    """Owned by whoever feeds it, one a workspace."""

    def __init__(self, window_seconds: float = WINDOW_SECONDS, state: State | None = None) -> None:
        state = state or State()
        self.writers = Writers(window_seconds, state.files)
        self._window = window_seconds
        self._next_id = state.next_id
        self._open = state.open
        self._closed = deque(state.closed, MAX_CLOSED)
        self._by_path = {conflict.path: conflict.id for conflict in self._open.values() if _is_of_a_file(conflict)}
        self._sweeps: dict[int, int] = {}
        self._locks: dict[int | None, int] = {}
        self._told: dict[int, float] = {}
        self._untold: set[int] = set()

    # ------------------------------------------------------------------ questions

    def state(self) -> State:
        """All of it, to be saved; ``Conflicts(state=…)`` goes on from there."""
        return State(next_id=self._next_id, files=self.writers.files, open=self._open, closed=list(self._closed))

    def conflicts(self, *, closed: bool = False) -> list[Conflict]:
        """The open ones, oldest first; with ``closed`` also those that are over."""
        return sorted([*(self._closed if closed else ()), *self._open.values()], key=lambda conflict: conflict.id)

    def get(self, number: int) -> Conflict | None:
        """The conflict of that id, open or recently closed."""
        return self._open.get(number) or next((conflict for conflict in self._closed if conflict.id == number), None)

    @property
    def due(self) -> float | None:
        """When ``tick`` has something to do."""
        times = [self._told[number] + PACE_SECONDS for number in self._untold]
        times += [conflict.last + self._window for conflict in self._open.values() if self._expires(conflict)]
        return min(times, default=None)

    # ------------------------------------------------------------------ what happens

    def read(self, read: Read) -> None:
        """A pane has seen the file's content."""
        self.writers.read(read)

    def change(self, change: Change, now: float, edit: Edit | None = None) -> list[ConflictEvent]:
        """A file has changed."""
        happened = self._move(change) if change.kind is ChangeKind.RENAMED else []
        if change.operation.startswith(GIT):
            self.writers.changed_by_git(change)
            return happened
        pane = change.pane if change.evidence in NAMES_AN_AUTHOR else None
        if pane is None:
            self.writers.wrote(change, None)
            return happened
        others = self.writers.others(change.path, pane, change.at)
        missed = self.writers.missed(change.path, pane, change.at)
        writer = self.writers.wrote(change, pane)
        if self.writers.has_undone_itself(change.path, pane):
            return happened if self.writers.crowded(change.path) else happened + self._close_file(change.path, Closing.REVERT)
        panes = {other.pane for other in others}
        met = [span for other, span in edit.met if other in panes] if edit else []
        lost = [span for other, span in edit.lost if other in panes] if edit else []
        kinds = [ConflictKind.SAME_FILE] if others else []
        kinds += [ConflictKind.OVERLAP] if met else []
        kinds += [ConflictKind.STALE] if missed else []
        kinds += [ConflictKind.OVERWRITE] if lost or (others and change.kind is ChangeKind.DELETED) else []
        if not kinds:
            return happened
        involved = by_arrival([*others, *(last for last in missed if last.pane != OTHERS), writer])
        lines = tuple(sorted(set(lost or met)))
        if change.operation == BULK:
            return happened + self._sweep(change, pane, kinds, involved, now)
        return happened + self._raise(change, kinds, involved, lines, now)

    def git(self, event: GitEvent, now: float) -> list[ConflictEvent]:
        """git did something to the checkout."""
        if event.action is GitAction.UNLOCKED:
            return self._close(self._locks.pop(event.pane, 0), Closing.REVERT)
        whole = event.clean if event.action is GitAction.COMMITTED else event.paths
        foreign = [] if event.exact else [path for path in whole if self.writers.others(path, event.pane, event.at)]
        owners = {other.pane for path in foreign for other in self.writers.others(path, event.pane, event.at)}
        if event.action in MOVES_ALL:
            owners |= self.writers.active(event.pane, event.at)
        evidence = (event.evidence, *(self.writers.evidence_of(pane) for pane in sorted(owners)))
        happened = self._settle(event)
        if not owners or event.pane is None or event.evidence not in NAMES_AN_AUTHOR:
            return happened
        conflict = Conflict(
            id=self._number(),
            kind=ConflictKind.GIT,
            kinds=(ConflictKind.GIT,),
            path=foreign[0] if foreign else "",
            panes=(event.pane, *sorted(owners)),
            evidence=evidence,
            first=event.at,
            last=event.at,
            writes=1,
            paths=tuple(foreign[:MAX_PATHS]),
            summary=event.summary or event.action.value,
        )
        if event.action is GitAction.LOCKED:
            self._locks[event.pane] = conflict.id
        return happened + self._add(conflict, now)

    def diverged(self, path: str, panes: Sequence[int], summary: str, at: float, now: float) -> list[ConflictEvent]:
        """The same file differs in two worktrees of a repository."""
        kind = ConflictKind.WORKTREE
        for conflict in self._open.values():
            if conflict.kind is kind and conflict.path == path and set(conflict.panes) == set(panes):
                if conflict.summary == summary:
                    return []
                return self._update(msgspec.structs.replace(conflict, last=at, writes=conflict.writes + 1, summary=summary), now)
        evidence = tuple(self.writers.evidence_of(pane) for pane in panes)
        conflict = Conflict(id=self._number(), kind=kind, path=path, panes=tuple(panes), evidence=evidence, first=at, last=at)
        return self._add(msgspec.structs.replace(conflict, kinds=(kind,), writes=1, summary=summary), now)

    def converged(self, path: str) -> list[ConflictEvent]:
        """… and no longer does."""
        numbers = [number for number, conflict in self._open.items() if conflict.kind is ConflictKind.WORKTREE and conflict.path == path]
        return [event for number in numbers for event in self._close(number, Closing.REVERT)]

    def reverted(self, path: str) -> list[ConflictEvent]:
        """A person, or git at a person's word, has made the file what the last commit has."""
        self.writers.forget(path)
        return self._close_file(path, Closing.REVERT)

    def acknowledge(self, number: int) -> list[ConflictEvent]:
        """A person has seen it: counting begins anew."""
        conflict = self._open.get(number)
        if conflict is not None and conflict.kind not in NOT_OF_A_FILE:
            for path in (conflict.path, *conflict.paths):
                self.writers.forget(path)
        return self._close(number, Closing.ACKNOWLEDGED)

    def tick(self, now: float) -> list[ConflictEvent]:
        """Tell what was held back, and let go what is over."""
        events: list[ConflictEvent] = []
        for number in sorted(self._untold):
            if now - self._told[number] >= PACE_SECONDS:
                self._untold.discard(number)
                self._told[number] = now
                events.append(ConflictUpdated(self._open[number]))
        for conflict in list(self._open.values()):
            if self._expires(conflict) and now - conflict.last >= self._window:
                events += self._close(conflict.id, Closing.EXPIRED)
        return events

    # ------------------------------------------------------------------ how it comes about

    def _move(self, change: Change) -> list[ConflictEvent]:
        """A file's conflict goes where the file goes."""
        self.writers.moved(change.old_path, change.path)
        number = self._by_path.get(change.old_path)
        if number is None or change.path in self._by_path:
            return []
        del self._by_path[change.old_path]
        self._by_path[change.path] = number
        self._open[number] = msgspec.structs.replace(self._open[number], path=change.path)
        return [ConflictUpdated(self._open[number])]

    def _raise(
        self, change: Change, kinds: list[ConflictKind], involved: list[Writer], lines: tuple[Range, ...], now: float
    ) -> list[ConflictEvent]:
        number = self._by_path.get(change.path)
        if number is not None:
            return self._update(_joined(self._open[number], kinds, involved, lines, change.at), now)
        number = self._by_path[change.path] = self._number()
        return self._add(_joined(_fresh(number, change.path, involved), kinds, involved, lines, change.at), now)

    def _sweep(self, change: Change, pane: int, kinds: list[ConflictKind], involved: list[Writer], now: float) -> list[ConflictEvent]:
        """One conflict for all that a sweep hits."""
        conflict = self._open.get(self._sweeps.get(pane, 0))
        if conflict is None or change.at - conflict.last > BULK_SECONDS:
            number = self._sweeps[pane] = self._number()
            fresh = msgspec.structs.replace(_fresh(number, change.path, involved), paths=(change.path,), summary="many files at once")
            return self._add(_joined(fresh, kinds, involved, (), change.at), now)
        paths = conflict.paths if change.path in conflict.paths else (*conflict.paths, change.path)[:MAX_PATHS]
        return self._update(_joined(msgspec.structs.replace(conflict, paths=paths), kinds, involved, (), change.at), now)

    def _settle(self, event: GitEvent) -> list[ConflictEvent]:
        """A commit, and what takes work away, end what was counted for their files."""
        closing = Closing.COMMIT if event.action is GitAction.COMMITTED else Closing.REVERT
        happened: list[ConflictEvent] = []
        for path, pane in ended_by(event):
            self.writers.forget(path, pane)
            if not self.writers.crowded(path):
                happened += self._close_file(path, closing)
        return happened

    # ------------------------------------------------------------------ the list

    def _number(self) -> int:
        self._next_id += 1
        return self._next_id - 1

    def _expires(self, conflict: Conflict) -> bool:
        return conflict.kind is ConflictKind.GIT and conflict.id not in self._locks.values()

    def _add(self, conflict: Conflict, now: float) -> list[ConflictEvent]:
        self._open[conflict.id] = conflict
        self._told[conflict.id] = now
        return [ConflictRaised(conflict)]

    def _update(self, conflict: Conflict, now: float) -> list[ConflictEvent]:
        self._open[conflict.id] = conflict
        if now - self._told.setdefault(conflict.id, now - PACE_SECONDS) < PACE_SECONDS:
            self._untold.add(conflict.id)
            return []
        self._untold.discard(conflict.id)
        self._told[conflict.id] = now
        return [ConflictUpdated(conflict)]

    def _close_file(self, path: str, closing: Closing) -> list[ConflictEvent]:
        happened = self._close(self._by_path.get(path, 0), closing)
        for number in [conflict.id for conflict in self._open.values() if conflict.kind not in NOT_OF_A_FILE and conflict.paths]:
            if not any(self.writers.crowded(other) for other in self._open[number].paths):
                happened += self._close(number, closing)
        return happened

    def _close(self, number: int, closing: Closing) -> list[ConflictEvent]:
        conflict = self._open.pop(number, None)
        if conflict is None:
            return []
        if self._by_path.get(conflict.path) == number:
            del self._by_path[conflict.path]
        self._told.pop(number, None)
        self._untold.discard(number)
        over = msgspec.structs.replace(conflict, open=False, closing=closing)
        self._closed.append(over)
        return [ConflictClosed(over)]


def find_conflicts(changes: Iterable[Change], *, window_seconds: float = WINDOW_SECONDS) -> list[Conflict]:
    """The conflicts in changes that nothing has been done about: neither committed, nor reverted, nor acknowledged."""
    state = Conflicts(window_seconds)
    for change in changes:
        state.change(change, change.at)
    return state.conflicts()


def _fresh(number: int, path: str, involved: list[Writer]) -> Conflict:
    first = min(writer.first for writer in involved)
    return Conflict(id=number, kind=ConflictKind.SAME_FILE, path=path, panes=(), evidence=(), first=first, last=first)


def _joined(conflict: Conflict, kinds: list[ConflictKind], involved: list[Writer], lines: tuple[Range, ...], at: float) -> Conflict:
    """The conflict with another write."""
    evidence = dict(zip(conflict.panes, conflict.evidence, strict=True)) | {writer.pane: writer.evidence for writer in involved}
    all_kinds = sorted({*conflict.kinds, *kinds}, key=SEVERITY.__getitem__)
    return msgspec.structs.replace(
        conflict,
        kind=all_kinds[-1],
        kinds=tuple(all_kinds),
        panes=tuple(evidence),
        evidence=tuple(evidence.values()),
        lines=lines or conflict.lines,
        last=at,
        writes=conflict.writes + 1,
    )


def _is_of_a_file(conflict: Conflict) -> bool:
    return conflict.kind not in NOT_OF_A_FILE and not conflict.paths
