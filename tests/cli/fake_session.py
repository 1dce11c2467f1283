"""A session without a server: a real unix socket that speaks the protocol and answers from a table."""

import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from agentgrid import __version__
from agentgrid.addresses import SessionAddress, claim
from agentgrid.errors import AgentgridError
from agentgrid.protocol import messages as m
from agentgrid.protocol.connection import Phase, ServerConnection

Answer = Callable[[Any], Any]
"""From a question to its result; raises the error it is answered with. A list of messages beside it is sent after it."""


class Then:
    """A result and the messages that follow it; with ``close`` the server ends after them."""

    def __init__(self, result: Any, messages: Sequence[m.Message] = (), *, close: bool = False) -> None:
        self.result = result
        self.messages = messages
        self.close = close


class FakeSession:
    """Owned by a test. ``asked`` holds every question in order."""

    def __init__(self, address: SessionAddress, answers: Mapping[Any, Answer], welcome: m.Welcome) -> None:
        self.address = address
        self.answers = answers
        self.welcome = welcome
        self.asked: list[Any] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve)

    def start(self) -> None:
        claim(self.address)
        self._listener.bind(str(self.address.socket))
        self._listener.listen()
        self._thread.start()

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        for connected in list(self._open):
            with suppress(OSError):  # The verb has closed it already.
                connected.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()
        self.address.socket.unlink()

    def _serve(self) -> None:
        talkers: list[threading.Thread] = []
        while True:
            try:
                connected, _ = self._listener.accept()
            except OSError:
                break
            self._open.append(connected)
            talkers.append(threading.Thread(target=self._talk, args=(connected,)))
            talkers[-1].start()
        for talker in talkers:
            talker.join()

    def _talk(self, connected: socket.socket) -> None:
        connection = ServerConnection()
        with connected:
            try:
                while data := connected.recv(65536):
                    for message in connection.receive_data(data):
                        if connection.phase is Phase.HANDSHAKE:
                            connected.sendall(connection.answer(message, self.welcome)[0])
                        elif isinstance(message, m.Request) and self._answer(connected, connection, message):
                            return
            except OSError:
                return  # The verb has gone, or the test ends.
            finally:
                self._open.remove(connected)

    def _answer(self, connected: socket.socket, connection: ServerConnection, request: m.Request) -> bool:
        """Answer; whether the server ends now."""
        self.asked.append(request.what)
        try:
            result = self.answers[type(request.what)](request.what)
        except AgentgridError as error:
            connected.sendall(connection.send(m.Response(id=request.id, error=type(error).__name__, message=str(error))))
            return False
        then = result if isinstance(result, Then) else Then(result)
        connected.sendall(connection.send(m.Response(id=request.id, result=then.result)))
        for message in then.messages:
            connected.sendall(connection.send(message))
        return then.close


def pane(number: int, **facts: Any) -> dict[str, Any]:
    """A pane of ``status``, as the server tells it."""
    return {
        "id": f"%{number}",
        "number": number,
        "name": f"claude-{number}",
        "agent": "claude",
        "command": ["claude"],
        "folder": "/home/me/project",
        "branch": "",
        "pid": 1000 + number,
        "columns": 80,
        "rows": 24,
        "state": "unknown",
        "state_since": 1000.0,
        "state_source": "",
        "state_kind": "",
        "message": "",
        "title": "",
        "traced": False,
        "files_changed": 0,
        "conflicts": 0,
        "unseen": False,
        "exit_code": None,
        "parked": False,
        "queued": 0,
        "locked": False,
        "problem": "",
        **facts,
    }


def status(*panes: dict[str, Any], grid: str = "3x3") -> dict[str, Any]:
    return {"session": "project", "folder": "/home/me/project", "grid": grid, "panes": list(panes)}


@contextmanager
def fake_session(
    folder: Path, answers: Mapping[Any, Answer], name: str = "project", protocol: int = m.PROTOCOL_VERSION
) -> Iterator[FakeSession]:
    """A session of that name that runs, answering from the table; GetStatus has an answer where the table has none."""
    from agentgrid.paths import session_folder

    address = SessionAddress(name, folder, session_folder(name) / "server.sock")
    welcome = m.Welcome(protocol=protocol, version=__version__, pid=os.getpid(), session=name, folder=str(folder))
    session = FakeSession(address, {m.GetStatus: lambda _: status(pane(1), pane(2)), **answers}, welcome)
    session.start()
    try:
        yield session
    finally:
        session.stop()
