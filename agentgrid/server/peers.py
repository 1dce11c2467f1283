"""The connections of clients: sockets in, messages out.

A peer never makes the server wait. What it does not read is kept up to a bound; beyond it a screen loses its updates and
events and gets the whole state when it reads again, and anybody else is disconnected, since it would miss something silently.
"""

import os
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from agentgrid import __version__
from agentgrid.protocol.connection import Phase, RemoteProtocolError, ServerConnection
from agentgrid.protocol.messages import ClientMessage, Message, Welcome
from agentgrid.server.attachment import Attachment
from agentgrid.server.loop import READ, WRITE, Loop

READ_BYTES = 64 * 1024  # For more, memory is mapped for each read: 16 µs, ten times what the read takes.
SCREEN_BACKLOG_BYTES = 1024 * 1024  # Several whole frames: beyond it a screen is behind and gets the latest state later.
OTHER_BACKLOG_BYTES = 64 * 1024 * 1024  # A long history on its way to a slow reader is fine; one that has stopped is not kept.
SEND_BUFFER_BYTES = 1024 * 1024  # One frame of nine panes goes out in one write.


class Handler(Protocol):
    """What the server does for its peers."""

    def on_message(self, peer: "Peer", message: ClientMessage) -> None: ...
    def on_drained(self, peer: "Peer") -> None: ...
    def on_gone(self, peer: "Peer") -> None: ...


class Peer:
    """One connection. Owned by ``Peers``."""

    def __init__(self, connected: socket.socket, loop: Loop, handler: Handler, welcome: Welcome) -> None:
        self._socket = connected
        self._loop = loop
        self._handler = handler
        self._welcome = welcome
        self._connection = ServerConnection()
        self._outgoing = bytearray()
        self._ending = False
        self.attachment = Attachment()
        self.following = False
        self.stale = False
        """A screen that missed events: it needs the whole state."""
        loop.watch(connected.fileno(), READ, self._ready)

    @property
    def role(self) -> str:
        return self._connection.role

    @property
    def gone(self) -> bool:
        return self._socket.fileno() < 0

    @property
    def backlogged(self) -> bool:
        """It has not read all that was sent."""
        return bool(self._outgoing)

    def send(self, *messages: Message) -> None:
        """Send now, all in one write, or as soon as the peer reads."""
        if self.gone or self._connection.phase is not Phase.OPEN:
            return
        if self.role == "ui" and len(self._outgoing) > SCREEN_BACKLOG_BYTES:
            self.stale = True
            return
        self._write(b"".join([self._connection.send(message) for message in messages]))

    def end(self) -> None:
        """Close once everything sent so far has gone out."""
        self._ending = True
        if not self._outgoing:
            self.close()

    def close(self) -> None:
        if not self.gone:
            self._loop.unwatch(self._socket.fileno())
            self._socket.close()
            self._handler.on_gone(self)

    def _write(self, data: bytes) -> None:
        self._outgoing += data
        if len(self._outgoing) == len(data):
            self._flush()
        if len(self._outgoing) > OTHER_BACKLOG_BYTES:
            self.close()

    def _flush(self) -> None:
        try:
            sent = self._socket.send(self._outgoing)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.close()
            return
        del self._outgoing[:sent]
        if self._outgoing:
            self._loop.watch(self._socket.fileno(), READ | WRITE, self._ready)
        elif self._ending:
            self.close()

    def _ready(self, events: int) -> None:
        if events & WRITE and self._outgoing:
            self._flush()
            if not self.gone and not self._outgoing:
                self._loop.watch(self._socket.fileno(), READ, self._ready)
                self._handler.on_drained(self)
        if events & READ and not self.gone:
            self._read()

    def _read(self) -> None:
        try:
            data = self._socket.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        try:
            messages = self._connection.receive_data(data)
        except RemoteProtocolError:
            messages = []
        for message in messages:
            if self._connection.phase is Phase.HANDSHAKE:
                answer, opened = self._connection.answer(message, self._welcome)
                self._write(answer)
                if not opened:
                    self.end()
                    return
            if self.gone:
                return
            self._handler.on_message(self, message)
        if self._connection.phase is Phase.CLOSED:
            self.close()


class Peers:
    """The listening socket and everybody connected to it. Owned by the server."""

    def __init__(self, where: Path, loop: Loop, handler: Handler, session: str, folder: str) -> None:
        """Listen. The socket's folder must be the user's alone; the caller holds the session's lock, so a socket that stands is stale."""
        self._loop = loop
        self._handler = handler
        self._where = where
        self._welcome = Welcome(version=__version__, pid=os.getpid(), session=session, folder=folder)
        self.all: list[Peer] = []
        where.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.setblocking(False)
        old = os.umask(0o177)
        try:
            self._listener.bind(str(where))
        finally:
            os.umask(old)
        self._listener.listen(64)
        loop.watch(self._listener.fileno(), READ, self._accept)

    def screens(self) -> list[Peer]:
        """Those that show panes."""
        return [peer for peer in self.all if peer.role == "ui"]

    def to_listeners(self, make: Callable[[], Message]) -> None:
        """Send a message to all screens and followers; made once, and only if there is one."""
        message: Message | None = None
        for peer in self.all[:]:
            if peer.role == "ui" or peer.following:
                message = message or make()
                peer.send(message)

    def forget(self, peer: Peer) -> None:
        if peer in self.all:
            self.all.remove(peer)

    def close(self) -> None:
        """Listen no more and end all, once what was sent has gone out."""
        self._loop.unwatch(self._listener.fileno())
        self._listener.close()
        self._where.unlink(missing_ok=True)
        for peer in self.all[:]:
            peer.end()

    def _accept(self, _events: int) -> None:
        try:
            connected, _ = self._listener.accept()
        except OSError:
            return  # It has gone already, or there is no descriptor left: the client sees it.
        if _user_of(connected) not in (os.getuid(), None):
            connected.close()
            return
        connected.setblocking(False)
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        self.all.append(Peer(connected, self._loop, self._handler, self._welcome))


def _user_of(connected: socket.socket) -> int | None:
    """The peer's user, where the system tells."""
    if sys.platform == "linux":
        credentials = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return int(struct.unpack("3i", credentials)[1])
    return None  # The folder's rights (0700) keep others out.
