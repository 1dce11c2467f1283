"""Which processes have a file open for writing, as far as the system lets us see: /proc on Linux, nothing elsewhere."""

import os
from collections.abc import Iterable, Mapping

ACCESS, READ_ONLY = 0o3, 0o0  # O_ACCMODE, O_RDONLY, in proc(5)'s fdinfo.
MAX_PROCESSES = 500  # Of one pane: a build has many, and each costs a tenth of a millisecond.


def holds(pid: int, path: bytes) -> bool:
    """Whether a process (or thread) has the file open for writing."""
    try:
        numbers = os.listdir(f"/proc/{pid}/fd")
    except OSError:
        return False
    return any(_link(b"/proc/%d/fd/%s" % (pid, number.encode())) == path and _writes(pid, number) for number in numbers)


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


def _writes(pid: int, number: str) -> bool:
    try:
        with open(f"/proc/{pid}/fdinfo/{number}", "rb") as file:
            for line in file:
                if line.startswith(b"flags:"):
                    return int(line.split()[1], 8) & ACCESS != READ_ONLY
    except OSError:
        return False
    return False
