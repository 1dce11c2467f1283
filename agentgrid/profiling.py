"""Where a key's time goes: marks on its way, written down when ``AGENTGRID_PROFILE`` names a folder, else nothing.

How it works. Each process of ours appends ``(nanoseconds, name)`` to a list at every mark and writes the list to a file of its
own in that folder when it ends (``FILE``: a line a mark, time and name). The clock is the machine's monotonic one, so marks of
different processes can be put in one order. Off, a mark is a call of a function that does nothing: 40 ns.

``python -m tests.bench echo`` reads them. What a CPU does in between is for a sampling profiler (see docs/performance.md).
"""

import atexit
import os
import time
from collections.abc import Callable
from pathlib import Path

VARIABLE = "AGENTGRID_PROFILE"
FILE = "marks-{pid}"
MAX_MARKS = 1_000_000  # Fifty megabytes; an hour of typing.


def _marking(folder: Path) -> Callable[[str], None]:
    marks: list[tuple[int, str]] = []
    clock = time.monotonic_ns

    def write_down() -> None:
        lines = [f"{at} {name}\n" for at, name in marks]
        (folder / FILE.format(pid=os.getpid())).write_text("".join(lines))

    def note(name: str) -> None:
        if len(marks) < MAX_MARKS:
            marks.append((clock(), name))

    atexit.register(write_down)
    return note


def _nothing(name: str) -> None:
    """The mark of a process that is not measured."""


mark: Callable[[str], None] = _marking(Path(os.environ[VARIABLE])) if os.environ.get(VARIABLE) else _nothing
"""Note that something has come so far on its way."""


def read(folder: Path) -> list[tuple[int, str]]:
    """The marks of all processes that have ended, by time in nanoseconds."""
    found = []
    for file in folder.glob(FILE.format(pid="*")):
        for line in file.read_text().splitlines():
            at, _, name = line.partition(" ")
            found.append((int(at), name))
    return sorted(found)
