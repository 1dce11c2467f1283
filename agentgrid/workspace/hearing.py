"""A traced pane's records become attempts: whose, on which file of which workspace.

Pure but for the look at the file system by which a path is found (``places``).
"""

from typing import NamedTuple

from agentgrid.workspace.attempt import Act, Attempt
from agentgrid.workspace.change import Read
from agentgrid.workspace.places import Places
from agentgrid.workspace.trace.records import Flag, Record, What

MAX_PROGRAMS = 5000  # Processes whose program is remembered; a build has many, each for a moment.
SECOND_NS = 1_000_000_000

ACTS = {
    What.WRITE: Act.WRITE,
    What.RENAME: Act.RENAME,
    What.EXCHANGE: Act.EXCHANGE,
    What.LINK: Act.LINK,
    What.SYMLINK: Act.LINK,
    What.REMOVE: Act.REMOVE,
}


class Heard(NamedTuple):
    """An attempt, in the workspace of that number."""

    workspace: int
    attempt: Attempt


class HeardRead(NamedTuple):
    workspace: int
    read: Read


class Hearing:
    """What is known of one pane from its trace. Owned by the observer."""

    def __init__(self, pane: int) -> None:
        self.pane = pane
        self.uncertain_at = float("-inf")
        """When something was told without a path, or lost on the way: seconds of the monotonic clock."""
        self._programs: dict[int, str] = {}

    def hear(self, record: Record, places: Places, now: float) -> list[Heard | HeardRead]:
        """What a record means; a renaming from one workspace to another is an attempt in each."""
        at = record.time_ns / SECOND_NS
        if record.what is What.PROGRAM:
            self._remember(record.pid, record.path.decode("utf-8", "replace"))
            return []
        if record.what is What.LOST or record.flags & Flag.BLIND:
            self.uncertain_at = now
            return []
        found = places.find(record.path, now, follow=record.what in (What.WRITE, What.READ))
        if record.what is What.READ:
            return [] if found is None else [HeardRead(found[0], Read(path=found[1], pane=self.pane, at=at))]
        before = record.before
        other = places.find(record.other, now, follow=False) if record.other and record.what is not What.WRITE else None
        heard: list[Heard | HeardRead] = []
        for place in {found[0] if found is not None else None, other[0] if other is not None else None} - {None}:
            assert place is not None
            attempt = Attempt(
                pane=self.pane,
                act=ACTS[record.what],
                path=found[1] if found is not None and found[0] == place else "",
                other=other[1] if other is not None and other[0] == place else "",
                at=at,
                heard=now,
                pid=record.pid,
                new=bool(record.flags & Flag.NEW),
                doubtful=bool(record.flags & Flag.DOUBTFUL),
                before=before,
                cuts=bool(record.flags & Flag.CUTS),
                reads=bool(record.flags & Flag.READS),
                at_once=bool(record.flags & Flag.AT_ONCE),
                program=self._programs.get(record.pid, ""),
            )
            heard.append(Heard(place, attempt))
        return heard

    def program(self, pid: int) -> str:
        """The program a process runs, if that was told."""
        return self._programs.get(pid, "")

    def _remember(self, pid: int, program: str) -> None:
        self._programs.pop(pid, None)
        self._programs[pid] = program
        if len(self._programs) > MAX_PROGRAMS:
            del self._programs[next(iter(self._programs))]
