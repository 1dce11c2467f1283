"""What the kernel still shows of a process that opened a file: whether it has it open, and whether it has written to it.

Two things are compared with what they were just before the call (``Before``, in the call's record):

    the file      its size and time of modification: when they are the same, nobody has written since
    the process   how many bytes it has written, to whatever: when they are as many, it was not this one

and of a file that is still open, the position of its descriptor, which only writing moves where it cannot be read by it.
A process that has ended says nothing any more. Linux only; elsewhere everything is unknown.

A file's time is that of the kernel's last tick, so that of two writes within one the second may leave no mark. Since Linux
6.13 some file systems are exact where somebody has looked in between, as the tracer does ("multigrain timestamps").
"""

import os
import time
from collections.abc import Callable, Iterable

from agentgrid.workspace.attempt import Attempt, Deed
from agentgrid.workspace.holders import descriptors, family, runs
from agentgrid.workspace.pathname import bytes_of
from agentgrid.workspace.trace.counters import UNKNOWN, characters_written

TICK_NS = 10_000_000  # The longest tick there is (CONFIG_HZ=100).
EXACT_SINCE = (6, 13)
EXACT = frozenset({b"ext4", b"xfs", b"btrfs", b"tmpfs"})


class ProcessWitness:
    """Of one workspace. ``program`` is the first process of a pane, None when it is no more."""

    def __init__(self, top: bytes, program: Callable[[int], int | None]) -> None:
        self._top = top
        self._program = program
        self._exact = has_exact_times(top)

    def descriptors(self, attempt: Attempt) -> int:
        """By how many the process has the file open for writing."""
        return len(descriptors(attempt.pid, self._absolute(attempt)))

    def inherited(self, attempt: Attempt) -> bool:
        """Whether another process of the pane has."""
        program = self._program(attempt.pane)
        return program is not None and any(descriptors(pid, self._absolute(attempt)) for pid in family(program))

    def runs(self, attempt: Attempt) -> bool:
        """Whether its process has something to do, or waits for a disk; it has perhaps not come to do it."""
        return runs(attempt.pid)

    def deed(self, attempt: Attempt) -> Deed:
        """What it did, now that it no longer has the file open."""
        before = attempt.before
        if before is None:
            return Deed.UNKNOWN
        try:
            status = os.stat(self._absolute(attempt))
        except OSError:
            return Deed.UNKNOWN
        opened_ns = time.time_ns() - int((time.monotonic() - attempt.at) * 1e9)
        if (status.st_size, status.st_mtime_ns) == before[:2] and (self._exact or before.modified_ns < opened_ns - TICK_NS):
            return Deed.NOTHING
        characters = characters_written(attempt.pid)
        if UNKNOWN in (characters, before.characters):
            return Deed.UNKNOWN
        return Deed.SILENCE if characters == before.characters else Deed.WROTE

    def progress(self, attempt: Attempt) -> Deed:
        """What it did since the last look, while it has the file open."""
        path = self._absolute(attempt)
        pid, found = next(((pid, found) for pid in self._processes(attempt) if (found := descriptors(pid, path))), (0, []))
        if not found:
            return Deed.NOTHING
        position = sum(one.position for one in found)
        characters = characters_written(pid)
        last, attempt.mark = attempt.mark, (position, characters)
        if last is None:
            if attempt.borne_out:
                return Deed.UNKNOWN  # Nobody has looked when it was last told of.
            last = 0, attempt.before.characters if attempt.before is not None else UNKNOWN
        if position != last[0] and not any(one.reads for one in found):
            return Deed.WROTE
        return Deed.NOTHING if characters == last[1] != UNKNOWN else Deed.UNKNOWN

    def _processes(self, attempt: Attempt) -> Iterable[int]:
        yield attempt.pid
        program = self._program(attempt.pane)
        if program is not None:
            yield from family(program)

    def _absolute(self, attempt: Attempt) -> bytes:
        return self._top + b"/" + bytes_of(attempt.path)


def has_exact_times(folder: bytes) -> bool:
    """Whether no two writes in this folder have the same time, where somebody looks in between."""
    try:
        release = os.uname().release.split("-", 1)[0].split(".")
        device = os.stat(folder).st_dev
        with open("/proc/self/mountinfo", "rb") as file:
            mounts = [line.split() for line in file]
    except OSError:
        return False
    if tuple(int(word) for word in release[:2] if word.isdigit()) < EXACT_SINCE:
        return False
    name = b"%d:%d" % (os.major(device), os.minor(device))
    return any(words[2] == name and words[words.index(b"-") + 1] in EXACT for words in mounts)
