"""What a pane was about to do to a file, by its trace or its own word, and who may be asked what came of it.

Values and a protocol; an ``Attempt`` is filled in by the ``Attempts`` that owns it. Times are seconds of the monotonic clock.
"""

import enum
from typing import Protocol

from agentgrid.workspace.change import Evidence
from agentgrid.workspace.trace.records import Before


class Act(enum.Enum):
    """What was attempted."""

    WRITE = "write"
    RENAME = "rename"
    EXCHANGE = "exchange"
    LINK = "link"
    """A new name for a file, or a symbolic link."""
    REMOVE = "remove"


class Deed(enum.Enum):
    """What somebody who had a file open has done to it since, as far as can be told afterwards."""

    NOTHING = "nothing"
    """The file is what it was."""
    SILENCE = "silence"
    """Its process has written nothing, to whatever; though it may have used a mapping, or cut the file."""
    WROTE = "wrote"
    UNKNOWN = "unknown"


IDLE = frozenset({Deed.NOTHING, Deed.SILENCE})
"""It has not written; or not yet, when its call was only just heard of."""
SURENESS = {Deed.WROTE: 2, Deed.UNKNOWN: 1, Deed.SILENCE: 0, Deed.NOTHING: 0}


class Attempt:
    """One of them. Owned by its ``Attempts``."""

    __slots__ = (
        "act",
        "arrived",
        "at",
        "at_once",
        "before",
        "borne_out",
        "cuts",
        "deed",
        "doubtful",
        "evidence",
        "heard",
        "mark",
        "new",
        "open",
        "other",
        "pane",
        "passed",
        "path",
        "pid",
        "program",
        "reads",
        "spent",
        "stirred",
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
        before: Before | None = None,
        cuts: bool = False,
        reads: bool = False,
        at_once: bool = False,
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
        self.before = before
        """What the file and the process were, where opening it changed nothing as yet."""
        self.cuts = cuts
        """Opening it changed the file."""
        self.reads = reads
        """Opened to be read, and made if it was not there: nothing is written through it."""
        self.at_once = at_once
        """The call itself changes the file: nothing is open afterwards."""
        self.program = program
        self.evidence = evidence
        self.borne_out = False
        """Something has been told of it already, though the file may be open still."""
        self.open = False
        """The process is known to have the file open."""
        self.deed: Deed | None = None
        """What it did, once it no longer has the file open and that was asked."""
        self.mark: tuple[int, int] | None = None
        """The witness's, of the last look while the file is open."""
        self.arrived = False
        """Of a file's renaming: its new name has been seen. A folder's is seen for each of its files."""
        self.spent = False
        """Its closing has been seen."""
        self.passed = False
        """A closing was taken for this one's, and it had not written; if it had not begun, another is to come."""
        self.stirred = False
        """It was seen to have written while the file is open, and that is not told of as yet."""

    def same_process(self, other: "Attempt") -> bool:
        """Whether one process did both, and the one was as sure to come to something as the other."""
        return (self.pane, self.pid, self.evidence, self.doubtful) == (other.pane, other.pid, other.evidence, other.doubtful)

    def may_be_of(self, at: float) -> bool:
        """Whether what was seen at a time may still be its closing."""
        return not self.spent and (self.evidence is not Evidence.TRACED or self.at <= at)


class Witness(Protocol):
    """Looks at the processes that made attempts."""

    def descriptors(self, attempt: Attempt) -> int:
        """By how many its process has the file open for writing now."""
        ...

    def inherited(self, attempt: Attempt) -> bool:
        """Whether another process of its pane has."""
        ...

    def runs(self, attempt: Attempt) -> bool:
        """Whether its process has something to do, or waits for a disk; it has perhaps not come to do it."""
        ...

    def deed(self, attempt: Attempt) -> Deed:
        """What it did to the file, now that it no longer has it open."""
        ...

    def progress(self, attempt: Attempt) -> Deed:
        """What it did, while it has the file open, since the last look (``attempt.mark``)."""
        ...


class NoWitness:
    """Where processes cannot be looked at."""

    def descriptors(self, attempt: Attempt) -> int:  # noqa: ARG002  As the protocol has it; likewise below.
        return 0

    def inherited(self, attempt: Attempt) -> bool:  # noqa: ARG002
        return False

    def runs(self, attempt: Attempt) -> bool:  # noqa: ARG002
        return False

    def deed(self, attempt: Attempt) -> Deed:  # noqa: ARG002
        return Deed.UNKNOWN

    def progress(self, attempt: Attempt) -> Deed:  # noqa: ARG002
        return Deed.UNKNOWN
