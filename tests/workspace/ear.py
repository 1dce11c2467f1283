"""A fusion that is told stories: attempts and sightings at their times, and what it makes of them."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from agentgrid.workspace.attempt import Act, Attempt, Deed
from agentgrid.workspace.change import Change, Evidence
from agentgrid.workspace.fusion import Fusion
from agentgrid.workspace.sighting import Seen, Sighting
from agentgrid.workspace.telling import Verdict
from agentgrid.workspace.trace.records import Before

A, B = 1, 2
OUTSIDE = Verdict(Evidence.OUTSIDE)

Told = tuple[str, int | None, str]


class Ear:
    """Feeds a fusion and collects what it tells. Owned by one test."""

    def __init__(self, there: Sequence[str] = ("f", "g"), verdict: Verdict = OUTSIDE) -> None:
        self.fusion = Fusion(
            lambda at: verdict, was_there=lambda path: path in there, differs=lambda path: path in self.different, witness=self
        )
        self.changes: list[Change] = []
        self.open: set[tuple[int, str]] = set()
        self.different: set[str] = set()
        """Files with another content than was last seen."""
        self.running: set[int] = set()
        """Panes whose processes would run if they were let."""
        self.deeds: dict[int, Deed] = {}
        """What each pane has done to a file, where that is known."""
        self.now = 100.0

    def descriptors(self, attempt: Attempt) -> int:
        return int((attempt.pane, attempt.path) in self.open)

    def inherited(self, attempt: Attempt) -> bool:
        return False

    def runs(self, attempt: Attempt) -> bool:
        return attempt.pane in self.running

    def deed(self, attempt: Attempt) -> Deed:
        return self.deeds.get(attempt.pane, Deed.UNKNOWN)

    def progress(self, attempt: Attempt) -> Deed:
        return self.deeds.get(attempt.pane, Deed.UNKNOWN) if self.descriptors(attempt) else Deed.NOTHING

    def hear(self, *things: Any) -> list[Told]:
        """Things at their own times: ``w(A, "f", 0.1)`` an attempt, ``s(Seen.CLOSED, "f", 0.2)`` a sighting, a float a pause."""
        for kind, group in groupby(things, type):
            if kind is Sighting:
                self.fusion.sight([sighting._replace(at=sighting.at + 100) for sighting in group], self.now)
                continue
            for thing in group:
                match thing:
                    case Attempt():
                        thing.at += 100
                        thing.heard = self.now
                        self.fusion.attempt(thing)
                    case int() | float():
                        self.wait(100 + thing)
        self.wait(self.now)
        return self.told

    def stall(self, until: float) -> None:
        """Nothing is looked at until then."""
        self.now = self.fusion.facts.looked_at = 100 + until

    def wait(self, until: float) -> None:
        """Let time pass as its owner would: awake when there is something to do, and not more often."""
        for _ in range(1000):
            self.changes += self.fusion.tell(self.now)
            due = self.fusion.due
            if due is None or due > until:
                break
            assert due > self.now - 1e-9, "it is due, and nothing is done"
            self.now = max(self.now, due) + 1e-6
        else:
            raise AssertionError("it never rests")
        self.now = max(self.now, until)

    @property
    def told(self) -> list[Told]:
        return [(change.kind.value, change.pane, change.path) for change in self.changes]


def w(pane: int, path: str, at: float, **more: Any) -> Attempt:
    return Attempt(pane=pane, act=Act.WRITE, path=path, at=at, heard=0, **more)


def r(pane: int, path: str, at: float) -> Attempt:
    """Opened to be read and written, and nothing is cut off."""
    return w(pane, path, at, before=Before(1, 1, 1))


def mv(pane: int, old: str, new: str, at: float, *, fresh: bool = False) -> Attempt:
    return Attempt(pane=pane, act=Act.RENAME, path=new, other=old, at=at, heard=0, new=fresh)


def rm(pane: int, path: str, at: float) -> Attempt:
    return Attempt(pane=pane, act=Act.REMOVE, path=path, at=at, heard=0)


def s(seen: str, path: str, at: float, cookie: int = 0) -> Sighting:
    return Sighting(Seen(seen), path, at, cookie)


def wrote(path: str, at: float) -> list[Sighting]:
    return [s("written", path, at), s("closed", path, at)]


def made(path: str, at: float) -> list[Sighting]:
    return [s("created", path, at), *wrote(path, at)]


def moved(old: str, new: str, at: float, cookie: int = 7) -> list[Sighting]:
    return [s("left", old, at, cookie), s("arrived", new, at, cookie)]


def came(old: str, new: str, at: float, cookie: int = 7) -> Sighting:
    """Renamed, from a name that does not count."""
    return s("arrived", new, at, cookie)._replace(old=old)
