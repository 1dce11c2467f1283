"""How a pane is ended: who gets which signal, and when.

    at once      SIGHUP   the program's session, as when a terminal is closed
    then         SIGTERM  everything it has started, once the program has ended or a fifth of the grace is over
    after grace  SIGKILL  what is left, again and again while there is something

Agents run their tools in sessions of their own, and some leave a command running when their terminal goes away: parentage
finds those. What was stopped is continued, or it would not hear the rest. A process that is not ours to signal (a set-uid
program) is let be: it is given up ``GIVE_UP_SECONDS`` after the grace.

Knows no clock: ``now`` is passed in.
"""

import os
import signal
import sys

from agentgrid.process.descendants import Process, below, processes

TERMINATE_SHARE = 0.2  # Of the grace: long enough for an agent to stop its own tools, and most of the time is left for SIGTERM.
KILL_AGAIN_SECONDS = 0.1  # What forks while it is killed is found the next time.
GIVE_UP_SECONDS = 2.0  # What SIGKILL has not ended by then waits for a disk, or belongs to somebody else.


class Ending:
    """The end of one pane, under way. Owned by its host."""

    def __init__(self, program: int, grace_seconds: float, now: float) -> None:
        self._program = program
        self._terminate_at = now + grace_seconds * TERMINATE_SHARE
        self._kill_at = now + grace_seconds
        self._give_up_at = self._kill_at + GIVE_UP_SECONDS
        self._hung_up = False
        self._terminated = False
        self._seen: set[int] = set()

    def step(self, now: float, program_runs: bool) -> float | None:
        """Do what is due; in how many seconds there will be more to do, None when nothing is left."""
        left = self._left()
        if not left or now >= self._give_up_at:
            return None
        if now >= self._kill_at:
            _signal(left, signal.SIGKILL)
            return KILL_AGAIN_SECONDS
        if not program_runs or now >= self._terminate_at:
            if not self._terminated:
                self._terminated = True
                _signal(left, signal.SIGTERM)
            return self._kill_at - now
        if not self._hung_up:
            self._hung_up = True
            _signal([process for process in left if self._program in (process.session, process.pid)], signal.SIGHUP)
        return self._terminate_at - now

    def _left(self) -> list[Process]:
        """What the pane has started and still runs; parents first, so that nobody starts anew what was ended."""
        table = processes()
        found = below(os.getpid(), table)
        if sys.platform == "linux":
            return found
        pids = {process.pid for process in found}
        known = self._seen | pids
        found += [p for p in table if p.pid not in pids and (p.session == self._program or p.pid in known)]
        self._seen = {process.pid for process in found}
        return found


def _signal(targets: list[Process], number: signal.Signals) -> None:
    for process in targets:
        try:
            os.kill(process.pid, number)
            if number is not signal.SIGKILL:
                os.kill(process.pid, signal.SIGCONT)
        except (ProcessLookupError, PermissionError):
            continue  # It has ended by itself, or is not ours to end.
