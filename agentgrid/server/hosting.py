"""The panes' hosts, watched: what they say, whom they trace, and who takes the place of one that was killed.

    records    what a traced program is about to write → ``authors``; all of them before its end is told
    Exited     → the pane's program has ended; of a host that is being ended: nothing is left, and it may go
    HostLost   → another host takes its place at once, since a traced program that writes waits for one. When that fails it
                 is tried again, for as long as the pane lives

A host that is being ended and was killed is replaced and ended again: what it leaves behind would be nobody's.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, assert_never

from agentgrid.errors import AgentgridError
from agentgrid.process.hosts import Exited, Host, HostLost
from agentgrid.process.spawning import Spawner
from agentgrid.server.loop import READ
from agentgrid.server.runtime import Runtime

if TYPE_CHECKING:
    from agentgrid.server.server import Server

GRACE_SECONDS = 5.0  # What a program gets between SIGHUP and SIGKILL.
AGAIN_SECONDS = 0.5  # Between two tries to replace a host.
MAX_TRIES = 20  # … of one that is being ended: the session's end must not wait for ever.


class Hosting:
    """Part of the server, which owns it."""

    def __init__(self, server: "Server", spawner: Spawner, ended: Callable[[Runtime, int | None], None]) -> None:
        """``ended`` is told with which code a pane's program has ended, None when nobody knows."""
        self._server = server
        self._spawner = spawner
        self._program_ended = ended
        self._ending: list[Host] = []
        self._when_ended: Callable[[], None] | None = None

    def watch(self, host: Host, runtime: Runtime | None) -> None:
        """Hear what the host says from now on; without a runtime it belongs to no pane any more."""
        loop = self._server.loop
        loop.watch(host.fileno(), READ, lambda _: self._speaks(host, runtime))
        if host.records >= 0:
            loop.watch(host.records, READ, lambda _: self._server.authors.heard(host.pane, host.read_records()))

    def end(self, host: Host, runtime: Runtime | None) -> None:
        """End what the host has started, behind the scenes."""
        self._ending.append(host)
        if not host.lost:
            host.end(GRACE_SECONDS)
        elif host.traced:
            self._replace(host, runtime)
        else:
            self._gone(host)

    def end_all(self, then: Callable[[], None]) -> None:
        """``then`` when none that is being ended is left."""
        self._when_ended = then
        if not self._ending:
            then()

    # ------------------------------------------------------------------ what hosts say

    def _speaks(self, host: Host, runtime: Runtime | None) -> None:
        for said in host.receive():
            match said:
                case Exited(code=code):
                    self._hear_all(host)
                    if host in self._ending:
                        self._gone(host)
                    elif runtime is not None:
                        self._program_ended(runtime, code)
                case HostLost(taken=taken):
                    self._unwatch(host)
                    self._hear_all(host)
                    if not taken and (host in self._ending or (runtime is not None and runtime.host is host)):
                        self._replace(host, runtime)
                    elif host in self._ending:
                        self._gone(host)
                case _:
                    assert_never(said)

    def _hear_all(self, host: Host) -> None:
        while records := host.read_records():
            self._server.authors.heard(host.pane, records)

    def _unwatch(self, host: Host) -> None:
        self._server.loop.unwatch(host.fileno())
        if host.records >= 0:
            self._server.loop.unwatch(host.records)

    def _replace(self, lost: Host, runtime: Runtime | None, tries: int = 1) -> None:
        """Another host takes the place of one that was killed, with the same program and terminal."""
        server = self._server
        ending = lost in self._ending
        if not ending and (runtime is None or runtime.host is not lost):
            return  # The pane was closed since, and what it had is being ended.
        try:
            host = self._spawner.succeed(lost)
        except AgentgridError as error:
            self._not_replaced(lost, runtime, tries, error)
            return
        if ending:
            self._ending[self._ending.index(lost)] = host
            host.end(GRACE_SECONDS)
        elif runtime is not None:
            runtime.host = host
        server.authors.hosted(host)
        self.watch(host, runtime)

    def _not_replaced(self, lost: Host, runtime: Runtime | None, tries: int, error: AgentgridError) -> None:
        ending = lost in self._ending
        if lost.traced and not (ending and tries >= MAX_TRIES):
            self._server.loop.call_later(AGAIN_SECONDS, lambda: self._replace(lost, runtime, tries + 1))
        elif ending:
            lost.end(GRACE_SECONDS)
            self._gone(lost)
        if tries == 1 and not ending and runtime is not None:
            name = self._server.session.panes[runtime.pane].name
            waits = "it is tried again, and until then what the program writes waits" if lost.traced else "its program goes on"
            self._server.problem(f"the host of {name} was killed, and nothing can take its place ({error}); {waits}", runtime.pane)

    def _gone(self, host: Host) -> None:
        self._unwatch(host)
        self._ending.remove(host)
        host.release()
        host.close()
        if not self._ending and self._when_ended is not None:
            self._when_ended()
