"""What panes were about to do to files, until it is seen to have happened, or known not to.

A trace tells of attempts, before they are made; some fail. So each waits here for a sighting that bears it out. An open file
is closed once, and each closing bears out one attempt, the latest first: who opened last has mostly the file open for the
shortest time. What nothing has borne out after a moment is looked into: a process that still has the file open keeps its
attempt, any other attempt has failed. Except where two panes had one file open at once: then the kernel may have told of two
closings as one, and the second is believed, too.

Pure: times are seconds of the monotonic clock, ``now`` is when something has come to our ears.
"""

import enum
from collections import deque
from collections.abc import Callable

from agentgrid.workspace.change import Evidence

LINGER_SECONDS = 0.15  # After that, an attempt that nothing has borne out has failed, or its file stays open.
KEEP_SECONDS = 2.0  # A renaming or removal leaves no file open; what is seen of it may come late on a machine that swaps.
REPORT_SECONDS = 3.0  # How far an agent's own word may be from the write: its hooks are programs that must start first.
TOGETHER_SECONDS = 0.01  # Two panes that open one file within this time may have it open at once.
MAX_ATTEMPTS = 50_000  # Writes outside of what is watched are not kept; a pane that renames 50,000 files in two seconds is let down.


class Act(enum.Enum):
    """What was attempted."""

    WRITE = "write"
    RENAME = "rename"
    EXCHANGE = "exchange"
    LINK = "link"
    """A new name for a file, or a symbolic link."""
    REMOVE = "remove"


class Attempt:
    """One of them. Owned by its ``Attempts``."""

    __slots__ = (
        "act",
        "at",
        "borne_out",
        "doubtful",
        "evidence",
        "heard",
        "new",
        "open",
        "other",
        "pane",
        "path",
        "pid",
        "program",
        "used",
    )

    def __init__(
        self,
        *,
        pane: int,
        act: Act,
        path: str,
        at: float,
        heard: float,
        pid: int = 0,
        other: str = "",
        new: bool = False,
        doubtful: bool = False,
        program: str = "",
        evidence: Evidence = Evidence.TRACED,
    ) -> None:
        self.pane = pane
        self.act = act
        self.path = path
        self.other = other
        """Of a renaming: where it was before."""
        self.at = at
        self.heard = heard
        self.pid = pid
        self.new = new
        """There was no such file."""
        self.doubtful = doubtful
        self.program = program
        self.evidence = evidence
        self.borne_out = False
        """Something has been told of it already, though the file may be open still."""
        self.open = False
        """The process is known to have the file open."""
        self.used = False


class Attempts:
    """Owned by a ``Fusion``."""

    def __init__(self, still_open: Callable[[Attempt], bool]) -> None:
        """``still_open`` looks whether the process of an attempt has the file open for writing now."""
        self._still_open = still_open
        self._by_path: dict[str, list[Attempt]] = {}
        self._by_old_path: dict[str, list[Attempt]] = {}
        self._lingering: deque[Attempt] = deque()
        self._short: deque[Attempt] = deque()
        self._closed: dict[str, tuple[float, int, float]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def due(self) -> float | None:
        """When ``believed`` has something to do."""
        return self._lingering[0].heard + LINGER_SECONDS if self._lingering else None

    def add(self, attempt: Attempt) -> None:
        """Something was attempted."""
        if self._count >= MAX_ATTEMPTS:
            return
        self._count += 1
        self._by_path.setdefault(attempt.path, []).append(attempt)
        if attempt.act in (Act.RENAME, Act.EXCHANGE):
            self._by_old_path.setdefault(attempt.other, []).append(attempt)
        if attempt.act is Act.WRITE and attempt.evidence is Evidence.TRACED:
            self._lingering.append(attempt)
        else:
            self._short.append(attempt)

    def writers(self, path: str, at: float) -> list[Attempt]:
        """Who may have the file open for writing at a time, the earliest first."""
        return [attempt for attempt in self._by_path.get(path, ()) if attempt.act is Act.WRITE and _fits(attempt, at)]

    def closer(self, path: str, at: float) -> Attempt | None:
        """Whose closing this most likely was: of those who opened the file before that and no longer have it open, the last."""
        writers = self.writers(path, at)
        if len({writer.pane for writer in writers}) > 1:
            writers = [writer for writer in writers if not self._still_open(writer)] or writers
        return max(writers, key=lambda one: (one.evidence is Evidence.TRACED, not one.doubtful, one.at), default=None)

    def closed(self, attempt: Attempt, at: float) -> None:
        """This one has closed the file."""
        self._closed.pop(attempt.path, None)
        self._closed[attempt.path] = at, attempt.pane, attempt.heard
        if attempt.evidence is Evidence.TRACED:
            self._drop(attempt)

    def rename(self, path: str, old: str, at: float) -> Attempt | None:
        """Who gave a file this name; ``old`` is '' when it came from where nobody looks. A folder above may have moved."""
        for place, before in [(path, old), *_above(path, old)]:
            for attempt in reversed(self._by_path.get(place, ())):
                if attempt.act is Act.RENAME and _fits(attempt, at) and before in ("", attempt.other):
                    return attempt
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
        attempt.used = True
        if attempt.act in (Act.LINK, Act.REMOVE) and attempt.evidence is Evidence.TRACED:
            self._drop(attempt)

    def believed(self, now: float) -> list[Attempt]:
        """Attempts to write that nothing has borne out in time, and that are believed nevertheless; the failed ones are let go."""
        found: list[Attempt] = []
        while self._lingering and now - self._lingering[0].heard >= LINGER_SECONDS:
            attempt = self._lingering.popleft()
            if attempt not in self._by_path.get(attempt.path, ()):
                continue
            if self._still_open(attempt):
                attempt.open = True
                continue
            self._drop(attempt)
            closed_at, pane, _ = self._closed.get(attempt.path, (0.0, attempt.pane, 0.0))
            together = pane != attempt.pane and abs(closed_at - attempt.at) <= TOGETHER_SECONDS
            if together and not attempt.doubtful and not attempt.borne_out:
                found.append(attempt)
        while self._short:
            attempt = self._short[0]
            if now - attempt.heard < (KEEP_SECONDS if attempt.evidence is Evidence.TRACED else REPORT_SECONDS):
                break
            self._drop(self._short.popleft())
        while self._closed:
            path, (_, _, heard) = next(iter(self._closed.items()))
            if now - heard < KEEP_SECONDS:
                break
            del self._closed[path]
        return found

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
