"""The connection to opencode's server of events: a socket that never blocks, for a loop that calls back.

Whoever owns it watches ``fileno()`` for reading (and writing, while ``connecting``), calls ``step`` when it is ready or when
``due`` has come, and then looks again at both: a step may open another socket, or none.
"""

import socket

from agentgrid.agents.hooks.opencode import AGAIN_SECONDS, ANSWER_SECONDS, EventStream
from agentgrid.agents.hooks.parsing import Edit, Heard
from agentgrid.agents.signals import Hooked

READ_BYTES = 64 * 1024  # What a socket gives at once.
MAX_READS = 16  # In one step, so that a server that floods does not hold up the loop.
GIVE_UP_SECONDS = 120.0  # A server that has not come up by then has not been asked to.


class EventLink:
    """One program's connection. Owned by the server, until ``close``."""

    def __init__(self, port: int, password: str, now: float) -> None:
        self.stream = EventStream(password)
        self.connecting = False
        self._port = port
        self._socket: socket.socket | None = None
        self._end = now + GIVE_UP_SECONDS
        self._due: float | None = now

    def fileno(self) -> int:
        """The socket to watch, -1 while there is none."""
        return -1 if self._socket is None else self._socket.fileno()

    def due(self) -> float | None:
        """When to step although nothing is ready; None when there is no need."""
        return self._due

    def step(self, now: float) -> Heard:
        """Connect, ask, read: whatever can be done now."""
        if self._socket is None:
            if self._due is not None and now >= self._due:
                self._connect(now)
            return Heard()
        if self.connecting:
            self._ask(now)
            return Heard()
        return self._read(now)

    def close(self) -> None:
        """The program has ended, or nobody listens any more."""
        self._drop()
        self._due = None

    def _connect(self, now: float) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM | getattr(socket, "SOCK_CLOEXEC", 0))
        self._socket.setblocking(False)
        self.connecting = True
        self._due = now + ANSWER_SECONDS
        if self._socket.connect_ex(("127.0.0.1", self._port)) == 0:
            self._ask(now)

    def _ask(self, now: float) -> None:
        assert self._socket is not None
        if self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._again(now)
            return
        try:
            self._socket.send(self.stream.request())  # Some hundred bytes: they fit into an empty buffer.
        except OSError:
            if self._due is not None and now >= self._due:
                self._again(now)
            return  # Not connected yet.
        self.connecting = False
        self._due = now + ANSWER_SECONDS if self.stream.phase == "asking" else None

    def _read(self, now: float) -> Heard:
        assert self._socket is not None
        phase = self.stream.phase
        signals: list[Hooked] = []
        edits: list[Edit] = []
        for _ in range(MAX_READS):
            try:
                data = self._socket.recv(READ_BYTES)
            except BlockingIOError:
                if self._due is not None and now >= self._due:
                    self._again(now)
                break
            except OSError:
                self._again(now)
                break
            if not data:
                self._again(now)
                break
            heard = self.stream.receive(data, now)
            signals += heard.signals
            edits += heard.edits
            if self.stream.phase != phase:  # It is up: listen, at once.
                self._drop()
                self._connect(now)
                break
        return Heard(tuple(signals), tuple(edits))

    def _again(self, now: float) -> None:
        """This connection is over; another one a little later, while there is hope."""
        self._drop()
        self._due = now + AGAIN_SECONDS if self.stream.phase == "asking" and now < self._end else None

    def _drop(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self.connecting = False
