"""What panes were about to do to files, until it is seen to have happened, or known not to.

A trace tells of attempts, before they are made; some fail. So each waits here for a sighting that bears it out. An open file
is closed once, and each closing bears out one attempt, the latest first: who opened last has mostly the file open for the
shortest time. What nothing has borne out after a moment is looked into: a process that still has the file open keeps its
attempt, any other attempt has failed. Except where two panes had one file open at once: then the kernel may have told of two
closings as one, and the second is believed, too.

Who opened a file for writing need not have written: programs look whether they may, or take a lock. So where it matters, a
witness is asked what is left of it: whether the file has changed since it was opened, and whether its process has written.

Pure: times are seconds of the monotonic clock, ``now`` is when something has come to our ears.
"""

from collections import deque
from collections.abc import Collection
from typing import NamedTuple

from agentgrid.workspace.attempt import IDLE, SURENESS, Act, Attempt, Deed, Witness
from agentgrid.workspace.change import Evidence

LINGER_SECONDS = 0.15  # After that, an attempt that nothing has borne out has failed, or its file stays open.
KEEP_SECONDS = 2.0  # A renaming or removal leaves no file open; what is seen of it may come late on a machine that swaps.
REPORT_SECONDS = 3.0  # How far an agent's own word may be from the write: its hooks are programs that must start first.
BEGIN_SECONDS = 0.02  # Who has opened a file to write to it has begun by then, where anything runs at all.
TOGETHER_SECONDS = 0.01  # Two panes that open one file within this time may have it open at once.
MAX_ATTEMPTS = 50_000  # Writes outside of what is watched are not kept; a pane that renames 50,000 files in two seconds is let down.


class Hands(NamedTuple):
    """Who has written to a file that several panes have open."""

    wrote: list[Attempt]
    candidates: tuple[int, ...]
    """The panes it was one of, where that is all that is known."""


class Closing(NamedTuple):
    """A file was closed after it had been written."""

    at: float
    pane: int
    heard: float


class Attempts:
    """Owned by a ``Fusion``."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness
        self._by_path: dict[str, list[Attempt]] = {}
        self._by_old_path: dict[str, list[Attempt]] = {}
        self._lingering: deque[tuple[float, Attempt]] = deque()
        """With the time since when nothing was heard of them."""
        self._replaced: list[Attempt] = []
        """They have written to a file that has been replaced since; who is believed, is so at once."""
        self._idle: list[Attempt] = []
        """They had done nothing when that was asked, or not as yet."""
        self._short: deque[Attempt] = deque()
        self._later: list[tuple[float, Attempt]] = []
        """Attempts that may yet explain something: that has a time of its own."""
        self._closings: dict[str, list[Closing]] = {}
        self._latest_closings: deque[tuple[str, Closing]] = deque()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def due(self) -> float | None:
        """When ``believed`` has something to do."""
        times = [0.0] if self._replaced else []
        times += [self._lingering[0][0] + LINGER_SECONDS] if self._lingering else []
        return min([*times, *(attempt.at + BEGIN_SECONDS for attempt in self._idle)], default=None)

    def add(self, attempt: Attempt) -> None:
        """Something was attempted."""
        if self._count >= MAX_ATTEMPTS:
            return
        self._count += 1
        self._by_path.setdefault(attempt.path, []).append(attempt)
        if attempt.act in (Act.RENAME, Act.EXCHANGE):
            self._by_old_path.setdefault(attempt.other, []).append(attempt)
        if attempt.act is Act.WRITE and attempt.evidence is Evidence.TRACED:
            self._lingering.append((attempt.heard, attempt))
        else:
            self._short.append(attempt)

    def writers(self, path: str, at: float) -> list[Attempt]:
        """Who may have the file open for writing at a time, the earliest first."""
        return [one for one in self.openers(path, at) if not one.reads and not one.at_once]

    def openers(self, path: str, at: float) -> list[Attempt]:
        """Who may have opened the file, or cut it, by then, be it to read it when it was made."""
        return [attempt for attempt in self._by_path.get(path, ()) if attempt.act is Act.WRITE and _fits(attempt, at)]

    def has_open(self, attempt: Attempt) -> bool:
        """Whether it is one of those that keep the file open, and does."""
        return attempt in self._still_open(self.writers(attempt.path, attempt.at))

    def alone(self, attempt: Attempt, at: float) -> bool:
        """Whether nobody else has only just opened the file, too."""
        return all(one.pane == attempt.pane or one.open for one in self.writers(attempt.path, at))

    def cutter(self, path: str, at: float) -> Attempt | None:
        """Who changed the file without opening it."""
        return next((one for one in self.openers(path, at) if one.at_once and not one.doubtful), None)

    def hands(self, path: str, at: float) -> Hands | None:
        """Who has written to a file that is open; None when no more than one pane has it open, and so is the author anyway."""
        if len({writer.pane for writer in self.writers(path, at)}) < 2:
            return None
        wrote, perhaps = self._holders(path, at)
        if not wrote and len(perhaps) == 1:
            wrote = perhaps
        return Hands(wrote, () if wrote else tuple(sorted(one.pane for one in perhaps)))

    def other_hands(self, path: str, pane: int, at: float) -> list[Attempt]:
        """Which other panes have written to a file that they have open."""
        return [attempt for attempt in self._holders(path, at)[0] if attempt.pane != pane]

    def hands_before(self, path: str, closer: Attempt, since: float, at: float) -> list[Attempt]:
        """Who else has written, where one was seen to close the file, and bytes were written since a time: whoever had it open before
        that one came, and other panes that have it open."""
        before = [writer for writer in self.writers(path, since) if writer is not closer] if since < closer.at else []
        if len({writer.pane for writer in before}) != 1:
            return self.other_hands(path, closer.pane, at)
        self.seen_writing(before[-1])
        return before[-1:]

    def _holders(self, path: str, at: float) -> tuple[list[Attempt], list[Attempt]]:
        """Of the panes that have the file open, one attempt for each that has written since the last look, and for each that may
        have."""
        wrote: dict[int, Attempt] = {}
        perhaps: dict[int, Attempt] = {}
        for writer in self.writers(path, at):
            if writer.evidence is Evidence.TRACED and not writer.doubtful:
                deed = self._progress(writer)
                if deed is Deed.WROTE:
                    wrote[writer.pane] = writer
                    writer.stirred = False
                elif deed is Deed.UNKNOWN:
                    perhaps[writer.pane] = writer
        return list(wrote.values()), [one for one in perhaps.values() if one.pane not in wrote]

    def seen_writing(self, attempt: Attempt) -> None:
        """What it has written up to now is told of."""
        if attempt.evidence is Evidence.TRACED:
            self._witness.progress(attempt)
            attempt.stirred = False

    def looked_only(self, attempt: Attempt, at: float) -> bool:
        """Whether it closed the file without having written: another one's work is what was seen."""
        deed = self._deed(attempt)
        return deed is Deed.NOTHING or (deed is Deed.SILENCE and self._had_company(attempt, at))

    def surely_wrote(self, attempt: Attempt) -> bool:
        """Whether it has changed the file, though another one's closing may have been taken for that."""
        if attempt.borne_out or attempt.doubtful or attempt.evidence is not Evidence.TRACED:
            return False
        hidden = any(closing.at >= attempt.at for closing in self._others_closings(attempt))
        return hidden and self._deed(attempt) is Deed.WROTE

    def closer(self, path: str, at: float, since: float | None = None) -> Attempt | None:
        """Whose closing this most likely was: of those who opened the file before that and no longer have it open, the last; and if any
        did so before bytes were first written (``since``), of these; and if any are sure to have written, of these. What one process
        has opened several times, it closes in that order."""
        writers = self.writers(path, at)
        if len(writers) > 1:
            still_open = self._still_open(writers)
            writers = [writer for writer in writers if writer not in still_open] or writers
        if len({writer.pane for writer in writers}) > 1:
            writers = [writer for writer in writers if since is None or writer.at <= since] or writers
        several = len({writer.pane for writer in writers}) > 1
        for writer in writers:
            if writer.deed in IDLE:
                writer.deed = None  # It had perhaps only not begun.

        def likely(one: Attempt) -> tuple[bool, bool, int, float]:
            return one.evidence is Evidence.TRACED, not one.doubtful, SURENESS[self._deed(one)] if several else 0, one.at

        found = max(writers, key=likely, default=None)
        return found and min((one for one in writers if found.same_process(one)), key=lambda one: one.at)

    def closed(self, attempt: Attempt, at: float) -> None:
        """This one has closed the file, at 0 without having written."""
        if at:
            closing = Closing(at, attempt.pane, attempt.heard)
            self._closings.setdefault(attempt.path, []).append(closing)
            self._latest_closings.append((attempt.path, closing))
        if attempt.evidence is Evidence.TRACED:
            attempt.spent = True
            self._drop(attempt)

    def drop_passed(self, path: str) -> None:
        """Who had not written when a closing was taken for theirs has not come back."""
        for attempt in [one for one in self._by_path.get(path, ()) if one.passed]:
            self._drop(attempt)

    def rename(self, path: str, old: str, at: float, ahead: int = 0) -> Attempt | None:
        """Who gave a file this name, the last of them, where as many as are ``ahead`` are known to have done so after that; ``old`` is ''
        when it came from where nobody looks. A folder above may have moved."""
        for place, before in [(path, old), *_above(path, old)]:
            found = [
                attempt
                for attempt in self._by_path.get(place, ())
                if attempt.act is Act.RENAME and _fits(attempt, at) and before in ("", attempt.other) and not attempt.arrived
            ]
            if found:
                attempt = found[max(0, len(found) - 1 - ahead)]
                attempt.arrived = place == path
                return attempt
            for attempt in reversed(self._by_path.get(place, ())):
                if attempt.act is Act.EXCHANGE and _fits(attempt, at):
                    return attempt
            for attempt in reversed(self._by_old_path.get(place, ())):
                if attempt.act is Act.EXCHANGE and _fits(attempt, at):
                    return attempt
        return self._reported(path, at)

    def leave(self, path: str, at: float) -> Attempt | None:
        """Who moved a file (or a folder) away."""
        for place, _ in [(path, ""), *_above(path, "")]:
            for attempt in reversed(self._by_old_path.get(place, ())):
                if _fits(attempt, at):
                    return attempt
        return self._reported(path, at)

    def other(self, act: Act, path: str, at: float) -> Attempt | None:
        """Who linked or removed the name."""
        for attempt in reversed(self._by_path.get(path, ())):
            if attempt.act is act and _fits(attempt, at):
                return attempt
        return self._reported(path, at)

    def use(self, attempt: Attempt) -> None:
        """It has been borne out, and can be so once only; a folder's renaming, for each of its files."""
        if attempt.act in (Act.LINK, Act.REMOVE) and attempt.evidence is Evidence.TRACED:
            self._drop(attempt)

    def believed(self, now: float, looked_at: float, unexplained: Collection[str]) -> list[Attempt]:
        """Attempts to write that nothing has borne out in time, by what was seen until ``looked_at``, and that are believed nevertheless;
        the failed ones are let go, but for those that may yet explain something: what was seen of their path is ``unexplained``, or their
        process does not get to run."""
        found = [attempt for attempt in self._replaced if attempt.path not in unexplained]
        self._replaced.clear()
        idle, self._idle = self._idle, []
        for attempt in idle:
            if now < attempt.at + BEGIN_SECONDS:
                self._idle.append(attempt)
            elif attempt.deed in IDLE:
                attempt.deed = self._witness.deed(attempt)
        self._lingering.extendleft(reversed(self._later))
        self._later.clear()
        while self._lingering and looked_at >= self._lingering[0][0] + LINGER_SECONDS:
            since, attempt = self._lingering.popleft()
            if attempt not in self._by_path.get(attempt.path, ()):
                continue
            if attempt.path in unexplained:
                self._later.append((since, attempt))
                continue
            if not attempt.at_once and not attempt.reads and self.has_open(attempt):
                attempt.open = True
                continue
            if looked_at < attempt.heard + KEEP_SECONDS and not attempt.borne_out and self._witness.runs(attempt):
                self._lingering.append((looked_at, attempt))
                continue
            if self._has_written(attempt):
                found.append(attempt)
            self._drop(attempt)
        while self._short:
            attempt = self._short[0]
            if now - attempt.heard < (KEEP_SECONDS if attempt.evidence is Evidence.TRACED else REPORT_SECONDS):
                break
            self._drop(self._short.popleft())
        while self._latest_closings and now - self._latest_closings[0][1].heard >= KEEP_SECONDS:
            path, closing = self._latest_closings.popleft()
            self._closings[path].remove(closing)
            if not self._closings[path]:
                del self._closings[path]
        return found

    def replaced(self, path: str, old: str, at: float) -> None:
        """The file of another name ('' when that is not known) has taken this one's: whoever had opened what was there before writes
        to no name any more, and who had opened the other goes on under this one."""
        for attempt in [one for one in self.writers(path, at) if one.evidence is Evidence.TRACED]:
            if self._has_written(attempt):
                self._replaced.append(attempt)
            self._drop(attempt)
        for attempt in [one for one in self.writers(old, at) if one.evidence is Evidence.TRACED] if old else []:
            self._drop(attempt)
            attempt.path = path
            self.add(attempt)

    def gone(self, path: str) -> None:
        """The file is no more: nobody will be seen to close it."""
        for attempt in [
            attempt for attempt in self._by_path.get(path, ()) if attempt.act is Act.WRITE and attempt.borne_out | attempt.open
        ]:
            self._drop(attempt)

    def forget(self, pane: int, at: float) -> None:
        """The pane had ended by then, and holds nothing open."""
        for attempt in [one for attempts in self._by_path.values() for one in attempts if one.pane == pane and one.open and one.at <= at]:
            self._drop(attempt)

    def _deed(self, attempt: Attempt) -> Deed:
        """Asked once: later, its process will have done other things."""
        if attempt.deed is None:
            attempt.deed = Deed.WROTE if attempt.cuts else Deed.UNKNOWN if attempt.before is None else self._witness.deed(attempt)
            if attempt.deed in IDLE:
                self._idle.append(attempt)
        return attempt.deed

    def _still_open(self, writers: list[Attempt]) -> set[Attempt]:
        """Which of the writers of one file have it open. Of several by one process the first, as most are open for a moment only."""
        found: set[Attempt] = set()
        by_process: dict[tuple[int, int], list[Attempt]] = {}
        for writer in writers:
            by_process.setdefault((writer.pane, writer.pid), []).append(writer)
        for group in by_process.values():
            found.update(group[: self._witness.descriptors(group[0])])
        panes = {writer.pane for writer in found}
        return found | {writer for writer in writers if writer.pane not in panes and self._witness.inherited(writer)}

    def _had_company(self, attempt: Attempt, at: float) -> bool:
        """Whether another pane wrote to the file, or is about to, while this one had it open."""
        if any(closing.at >= attempt.at for closing in self._others_closings(attempt)):
            return True
        others = [writer for writer in self.writers(attempt.path, at) if writer.pane != attempt.pane]
        return any(not other.open or self._progress(other) is Deed.WROTE for other in others)

    def _has_written(self, attempt: Attempt) -> bool:
        """Whether it has, though no closing was seen to be its own: two at once may have been seen as one."""
        if attempt.reads or attempt.doubtful or attempt.borne_out:
            return False
        together = any(abs(closing.at - attempt.at) <= TOGETHER_SECONDS for closing in self._others_closings(attempt))
        return together and self._deed(attempt) not in IDLE

    def _others_closings(self, attempt: Attempt) -> list[Closing]:
        """Other panes' of the same file, seen lately."""
        return [closing for closing in self._closings.get(attempt.path, ()) if closing.pane != attempt.pane]

    def _progress(self, attempt: Attempt) -> Deed:
        """Since it was last told of."""
        deed = self._witness.progress(attempt)
        attempt.stirred = attempt.stirred or deed is Deed.WROTE
        return Deed.WROTE if attempt.stirred else deed

    def _reported(self, path: str, at: float) -> Attempt | None:
        """Whose own word says that it wrote here."""
        found = [one for one in self._by_path.get(path, ()) if one.evidence is not Evidence.TRACED and _fits(one, at)]
        return found[-1] if found else None

    def _drop(self, attempt: Attempt) -> None:
        for table, key in ((self._by_path, attempt.path), (self._by_old_path, attempt.other)):
            attempts = table.get(key)
            if attempts and attempt in attempts:
                attempts.remove(attempt)
                self._count -= table is self._by_path
                if not attempts:
                    del table[key]


def _fits(attempt: Attempt, at: float) -> bool:
    """Whether an attempt may be what was seen at a time."""
    if attempt.evidence is Evidence.TRACED:
        return attempt.at <= at
    return abs(attempt.at - at) <= REPORT_SECONDS


def _above(path: str, old: str) -> list[tuple[str, str]]:
    """The folders above a path, with where each would have been before a renaming that took the file from ``old`` here."""
    found = []
    while "/" in path:
        path, _, name = path.rpartition("/")
        if old:
            if not old.endswith(f"/{name}"):
                break
            old = old[: -len(name) - 1]
        found.append((path, old))
    return found
