"""Which processes have a file open for writing, as far as the system lets us see: /proc on Linux, nothing elsewhere."""

import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple

ACCESS, READ_ONLY, WRITE_ONLY = 0o3, 0o0, 0o1  # O_ACCMODE, O_RDONLY, O_WRONLY, in proc(5)'s fdinfo.
MAX_PROCESSES = 500  # Of one pane: a build has many, and each costs a tenth of a millisecond.


class Descriptor(NamedTuple):
    """A file that is open for writing."""

    position: int
    reads: bool
    """It may be read by it, too."""


def holds(pid: int, path: bytes) -> bool:
    """Whether a process (or thread) has the file open for writing."""
    return bool(descriptors(pid, path))


def descriptors(pid: int, path: bytes) -> list[Descriptor]:
    """By which descriptors a process (or thread) has the file open for writing."""
    try:
        numbers = os.listdir(f"/proc/{pid}/fd")
    except OSError:
        return []
    found = [_descriptor(pid, number) for number in numbers if _link(b"/proc/%d/fd/%s" % (pid, number.encode())) == path]
    return [one for one in found if one is not None]


def runs(pid: int) -> bool:
    """Whether a process (or thread) runs, would if it got a processor, or waits for a disk: proc_pid_stat(5)."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read(512).rpartition(b")")[2][1:2] in (b"R", b"D")
    except OSError:
        return False


def holding_panes(path: bytes, programs: Mapping[int, int]) -> list[int]:
    """The panes in which some process has the file open for writing; ``programs`` are their first processes."""
    return [pane for pane, program in programs.items() if any(holds(pid, path) for pid in family(program))]


def family(pid: int) -> Iterable[int]:
    """A process and all its descendants."""
    found = [pid] if pid > 0 else []
    for process in found:  # Grows while it is walked.
        if len(found) > MAX_PROCESSES:
            break
        found.extend(_children(process))
    return found


def _children(pid: int) -> list[int]:
    children: list[int] = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", "rb") as file:
                children += map(int, file.read().split())
    except OSError:
        return children
    return children


def _link(path: bytes) -> bytes:
    try:
        return os.readlink(path)
    except OSError:
        return b""


def _descriptor(pid: int, number: str) -> Descriptor | None:
    """None when nothing can be written by it, or it is closed by now."""
    try:
        with open(f"/proc/{pid}/fdinfo/{number}", "rb") as file:
            words = dict(line.split(b":", 1) for line in file if b":" in line)
    except OSError:
        return None
    access = int(words.get(b"flags", b"0"), 8) & ACCESS
    return None if access == READ_ONLY else Descriptor(int(words.get(b"pos", b"0")), access != WRITE_ONLY)
