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

from agentgrid.process.descendants import Process, below, carries, processes

TERMINATE_SHARE = 0.2  # Of the grace: long enough for an agent to stop its own tools, and most of the time is left for SIGTERM.
KILL_AGAIN_SECONDS = 0.1  # What forks while it is killed is found the next time.
LOOK_AGAIN_SECONDS = 0.1  # Who is not our child ends without telling us.
GIVE_UP_SECONDS = 2.0  # What SIGKILL has not ended by then waits for a disk, or belongs to somebody else.


class Ending:
    """The end of one pane, under way. Owned by its host."""

    def __init__(self, program: int, grace_seconds: float, now: float, mark: bytes = b"") -> None:
        """``mark``: the word in the environment of what the pane has started, when we are not its ancestor."""
        self._program = program
        self._mark = mark
        self._terminate_at = now + grace_seconds * TERMINATE_SHARE
        self._kill_at = now + grace_seconds
        self._give_up_at = self._kill_at + GIVE_UP_SECONDS
        self._hung_up = False
        self._terminated = False
        self._seen: set[int] = set()

    def step(self, now: float, program_runs: bool) -> float | None:
        """Do what is due; in how many seconds there will be more to do, None when nothing is left."""
        left = self._left(program_runs)
        if not left or now >= self._give_up_at:
            return None
        wait = self._ask(left, now, program_runs)
        return min(wait, LOOK_AGAIN_SECONDS) if self._mark else wait

    def _ask(self, left: list[Process], now: float, program_runs: bool) -> float:
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

    def _left(self, program_runs: bool) -> list[Process]:
        """What the pane has started and still runs; parents first, so that nobody starts anew what was ended."""
        table = processes()
        found = below(os.getpid(), table)
        if sys.platform == "linux":
            return self._marked(table, program_runs) if self._mark else found
        pids = {process.pid for process in found}
        known = self._seen | pids
        found += [p for p in table if p.pid not in pids and (p.session == self._program or p.pid in known)]
        self._seen = {process.pid for process in found}
        return found

    def _marked(self, table: list[Process], program_runs: bool) -> list[Process]:
        """The same for what is not below us. The session's number is the program's, and another's when both are gone."""
        if program_runs:
            self._seen |= {process.pid for process in table if process.session == self._program}
        mine = [p for p in table if (p.pid in self._seen or carries(p.pid, self._mark)) and (program_runs or p.pid != self._program)]
        found = list(dict.fromkeys(p for first in mine for p in (first, *below(first.pid, table))))
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
