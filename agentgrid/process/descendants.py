"""Which processes a program has started, directly or through others.

Below a subreaper (Linux) parentage says it exactly: whoever loses its parent becomes the subreaper's own child, whatever
session, group or terminal it went to. Elsewhere an orphan goes to process 1, so what once was seen below the program and
what still is in the program's session are counted too; a daemon that left both before anybody looked is not found.

A host that succeeds a killed one is nobody's parent. It goes by the session, and by a word in the environment that only this
run of the program got, and counts what descends from those: a daemon that also emptied its environment is not found.

The table is read from /proc (Linux) or ps(1): about 3 ms for 300 processes, so only when a pane is ended.
"""

import os
import sys
from typing import NamedTuple

if sys.platform != "linux":
    import subprocess  # Here and not later: a host imports nothing once it runs.


class Process(NamedTuple):
    """A process, running or not yet waited for by its parent."""

    pid: int
    parent: int
    session: int


def below(ancestor: int, table: list[Process]) -> list[Process]:
    """Those that descend from a process, itself not included; parents before their children."""
    children: dict[int, list[Process]] = {}
    for process in table:
        children.setdefault(process.parent, []).append(process)
    found = list(children.get(ancestor, ()))
    for process in found:  # Grows while it is walked.
        found.extend(children.get(process.pid, ()))
    return found


def carries(pid: int, word: bytes) -> bool:
    """Whether a process was started with this word in its environment, as far as it lets us see."""
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return word in file.read().split(b"\0")
    except OSError:
        return False


if sys.platform == "linux":

    def processes() -> list[Process]:
        """All processes we may see."""
        table = []
        for name in os.listdir("/proc"):
            if not name.isdigit():
                continue
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    status = file.read()
            except OSError:
                continue  # It has ended since.
            # proc(5): pid (comm) state ppid pgrp session …; comm may hold anything, parentheses too. Zombies are kept: the
            # threads of one whose main thread has ended run on.
            _, parent, _, session = status.rpartition(b")")[2].split(None, 4)[:4]
            table.append(Process(int(name), int(parent), int(session)))
        return table

else:

    def processes() -> list[Process]:
        """All processes we may see, but zombies."""
        listing = subprocess.run(["/bin/ps", "-axo", "pid=,ppid=,stat="], capture_output=True, check=False, stdin=subprocess.DEVNULL)
        table = []
        for line in listing.stdout.splitlines():
            pid, parent, state = line.split(None, 2)
            if state.startswith(b"Z"):
                continue
            try:
                session = os.getsid(int(pid))
            except OSError:
                session = 0  # Somebody else's, or gone.
            table.append(Process(int(pid), int(parent), session))
        return table
