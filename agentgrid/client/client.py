"""A connection to a session's server.

One class for both ways of use. A verb blocks: ``request`` and ``messages``. A screen has a loop: it watches ``fileno``,
calls ``receive`` when there is something to read and ``flush`` when ``wants_write``; ``ask`` calls back with the answer.
What is sent never waits for a slow server; it is kept and goes when the socket takes it.
"""

import os
import select
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from agentgrid import __version__
from agentgrid.errors import ERRORS, AgentgridError, NoSession, TimedOut
from agentgrid.protocol.connection import ClientConnection, Phase, RemoteProtocolError
from agentgrid.protocol.messages import Asking, Hello, Message, Request, Response, ServerMessage, Welcome

READ_BYTES = 64 * 1024  # A frame of nine panes; for more, memory is mapped for each read: 16 µs, ten times what the read takes.
HANDSHAKE_SECONDS = 10.0  # A server under a flood answers within a frame; one that is stopped never does.


class Client:
    """Owned by whoever connected; closed by ``close`` or the end of a ``with``."""

    def __init__(self, connected: socket.socket) -> None:
        """Take over a connected stream socket (of any kind: tests use a socket pair)."""
        connected.setblocking(False)
        self._socket = connected
        self._connection = ClientConnection()
        self._outgoing = bytearray()
        self._arrived: deque[ServerMessage] = deque()
        self._waiting: dict[int, Callable[[Response], None]] = {}
        self._last_id = 0
        self.welcome = Welcome(version="", pid=0, session="", folder="")

    @classmethod
    def connect(cls, where: Path, role: str = "cli") -> Self:
        """Connect and shake hands. Raises NoSession when nobody listens, VersionMismatch, TimedOut."""
        connected = socket.socket(socket.AF_UNIX)
        try:
            connected.connect(str(where))
        except (FileNotFoundError, ConnectionRefusedError) as error:
            connected.close()
            raise NoSession("no session runs here; start one with 'agentgrid'") from error
        except OSError as error:
            connected.close()
            raise NoSession(f"cannot reach the session: {error.strerror}") from error
        client = cls(connected)
        try:
            client.shake_hands(role)
        except BaseException:
            client.close()
            raise
        return client

    def shake_hands(self, role: str) -> None:
        """Say hello and wait for the welcome."""
        self._outgoing += self._connection.hello(Hello(version=__version__, role=role, pid=os.getpid()))
        answer = self._next(time.monotonic() + HANDSHAKE_SECONDS)
        if answer is None:
            raise NoSession("the server ended while it was being asked; try again")
        self.welcome = self._connection.accept(answer)

    # ------------------------------------------------------------------ for a verb

    def request(self, what: Asking, timeout: float | None = None) -> Any:
        """Ask and wait for the result. Raises the server's error, or TimedOut; other messages are kept for ``messages``."""
        answers: list[Response] = []
        self.ask(what, answers.append)
        deadline = None if timeout is None else time.monotonic() + timeout
        kept: list[ServerMessage] = []
        while not answers:
            message = self._next(deadline)
            if message is None:
                raise NoSession("the server ended before it answered")
            if not self._answered(message):
                kept.append(message)
        self._arrived.extendleft(reversed(kept))
        return result_of(answers[0])

    def messages(self) -> Iterator[ServerMessage]:
        """Messages as they come, until the server closes the connection."""
        while True:
            message = self._next(None)
            if message is None:
                return
            if not self._answered(message):
                yield message

    # ------------------------------------------------------------------ for a loop

    def fileno(self) -> int:
        return self._socket.fileno()

    def send(self, message: Message) -> None:
        """Send as soon as the socket takes it."""
        self._outgoing += self._connection.send(message)
        self.flush()

    def ask(self, what: Asking, callback: Callable[[Response], None]) -> None:
        """Ask; the callback gets the response while its message is received."""
        self._last_id += 1
        self._waiting[self._last_id] = callback
        self.send(Request(id=self._last_id, what=what))

    @property
    def wants_write(self) -> bool:
        """Something is waiting to be sent: call ``flush`` when the socket is writable."""
        return bool(self._outgoing)

    @property
    def closed(self) -> bool:
        return self._connection.phase is Phase.CLOSED

    def flush(self) -> None:
        try:
            while self._outgoing:
                sent = self._socket.send(self._outgoing)
                del self._outgoing[:sent]
        except BlockingIOError:
            pass
        except OSError:
            self._outgoing.clear()  # The server has gone; reading says so.

    def receive(self) -> list[ServerMessage]:
        """What has come, without waiting; empty with ``closed`` set when the server has gone."""
        self._read()
        messages = [message for message in self._arrived if not self._answered(message)]
        self._arrived.clear()
        return messages

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # ------------------------------------------------------------------ below

    def _read(self) -> None:
        try:
            data = self._socket.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        try:
            self._arrived.extend(self._connection.receive_data(data))
        except RemoteProtocolError as error:
            raise AgentgridError(
                f"the server sent what this version does not understand ({error}); run the same version on both sides"
            ) from error

    def _next(self, deadline: float | None) -> ServerMessage | None:
        """The next message, None at the end of the stream. Raises TimedOut."""
        while not self._arrived:
            if self.closed:
                return None
            wait = None if deadline is None else max(0.0, deadline - time.monotonic())
            readable, writable, _ = select.select([self._socket], [self._socket] if self._outgoing else [], [], wait)
            if not readable and not writable and deadline is not None and time.monotonic() >= deadline:
                raise TimedOut("the server does not answer; it may be stopped or very busy")
            if writable:
                self.flush()
            if readable:
                self._read()
        return self._arrived.popleft()

    def _answered(self, message: ServerMessage) -> bool:
        """Hand a response to whoever asked."""
        if not isinstance(message, Response):
            return False
        callback = self._waiting.pop(message.id, None)
        if callback is not None:
            callback(message)
        return True


def result_of(response: Response) -> Any:
    """The result, or the error that the server answered with."""
    if response.error:
        raise ERRORS.get(response.error, AgentgridError)(response.message)
    return response.result
