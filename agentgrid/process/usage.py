"""What a program and all that it has started take of the machine: processor time and memory.

Read from /proc on Linux when somebody asks; elsewhere it is not known. Memory is what is resident, so that pages which
processes share count for each of them. A process whose parent has ended belongs to the pane's host, and is found by it.
"""

import os
import sys
from collections.abc import Iterable
from typing import NamedTuple

if sys.platform == "linux":
    TICKS = os.sysconf("SC_CLK_TCK")
    PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class Usage(NamedTuple):
    """At one moment. ``cpu_seconds``: of those that run now, since each began."""

    cpu_seconds: float
    memory_bytes: int


if sys.platform == "linux":

    def usage_of(pids: Iterable[int]) -> Usage | None:
        """Of these processes together; None when none of them runs any more."""
        ticks, pages, found = 0, 0, False
        for pid in pids:
            try:
                with open(f"/proc/{pid}/stat", "rb") as file:
                    fields = file.read().rpartition(b")")[2].split()
            except OSError:
                continue  # It has ended since.
            # proc(5), counted from the state: utime is the 12th, stime the 13th, rss the 22nd.
            ticks += int(fields[11]) + int(fields[12])
            pages += int(fields[21])
            found = True
        return Usage(ticks / TICKS, pages * PAGE_BYTES) if found else None

else:

    def usage_of(pids: Iterable[int]) -> Usage | None:
        """Not known here."""
        del pids
        return None
