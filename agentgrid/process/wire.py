"""JSON lines over a unix socket, each of which may carry descriptors (SCM_RIGHTS).

JSON, because a host outlives the server that started it: the next one may run another version, under another Python.
Descriptors travel with the first byte of their line, so they are there when the line is. A channel never blocks: what
the other side does not take waits in memory, and its owner watches for room while ``waiting`` is true.

Strings may hold surrogate escapes (an argument or a path that is not UTF-8); JSON's ``\\u`` escapes carry them.
"""

import array
import json
import os
import socket
from typing import Any, TypeAlias

Message: TypeAlias = dict[str, Any]

MAX_LINE_BYTES = 32 * 1024 * 1024  # The kernel takes some 6 MB of arguments and environment, and an escape makes six bytes of one.
MAX_DESCRIPTORS = 8  # The most that one line carries.
CHUNK_BYTES = 64 * 1024

RIGHTS_BYTES = socket.CMSG_SPACE(MAX_DESCRIPTORS * 4)
CLOSE_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)  # macOS has none: there they are marked after the fact.


class Channel:
    """One end of a connection. Owned by whoever waits for its socket; ``descriptors`` belong to the owner once received."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self.descriptors: list[int] = []
        """Received and not taken yet, in the order in which they came."""
        self._socket = connection
        self._incoming = bytearray()
        self._outgoing: list[tuple[memoryview, list[int]]] = []

    def fileno(self) -> int:
        return self._socket.fileno()

    @property
    def waiting(self) -> bool:
        """Whether there is something left that the other side has not taken."""
        return bool(self._outgoing)

    def send(self, message: Message, descriptors: list[int] | None = None) -> None:
        """Queue a line and send what goes. The descriptors must stay open until it went. Raises OSError when the other end is gone."""
        self._outgoing.append((memoryview(json.dumps(message).encode("ascii") + b"\n"), descriptors or []))
        self.flush()

    def flush(self) -> None:
        """Send what goes now. Raises OSError when the other end is gone."""
        while self._outgoing:
            data, descriptors = self._outgoing[0]
            try:
                sent = self._socket.sendmsg([data], [_rights(descriptors)] if descriptors else [])
            except BlockingIOError:
                return
            except OSError:
                self._outgoing.clear()  # Nobody will take it; what the other end has said before can still be received.
                raise
            if sent < len(data):
                self._outgoing[0] = (data[sent:], [])
            else:
                self._outgoing.pop(0)

    def receive(self) -> list[Message] | None:
        """The lines that have come; None when the other end is gone and nothing is left. Raises ValueError on what is no message."""
        gone = False
        while True:
            try:
                data = self._read(CHUNK_BYTES)
            except BlockingIOError:
                break
            if not data:
                gone = True
                break
        lines = self._incoming.split(b"\n")
        self._incoming = lines.pop()
        if gone and not lines:
            return None
        return [_message(line) for line in lines]

    def receive_one(self) -> Message | None:
        """The next line and no byte after it, so that the socket stays readable when there is more; None when it is not whole yet.

        Raises ConnectionResetError when the other end is gone, ValueError on what is no message.
        """
        while b"\n" not in self._incoming:
            try:
                ahead = self._socket.recv(CHUNK_BYTES, socket.MSG_PEEK)
                if not self._read(ahead.find(b"\n") + 1 or len(ahead) or 1):
                    raise ConnectionResetError("the other end is gone")
            except BlockingIOError:
                return None
        line, self._incoming = bytes(self._incoming), bytearray()
        return _message(line)

    def take_descriptor(self) -> int:
        """The next descriptor that has come, the caller's from now on; -1 when there is none."""
        return self.descriptors.pop(0) if self.descriptors else -1

    def close(self) -> None:
        """Close the connection, and the descriptors nobody has taken."""
        self._socket.close()
        for descriptor in self.descriptors:
            os.close(descriptor)
        self.descriptors.clear()
        self._outgoing.clear()

    def _read(self, limit: int) -> bytes:
        """Take up to ``limit`` bytes, and what descriptors come with them; nothing at the end. Raises BlockingIOError."""
        try:
            data, rights, _, _ = self._socket.recvmsg(limit, RIGHTS_BYTES, CLOSE_ON_EXEC)
        except ConnectionError:
            return b""
        self._take(rights)
        self._incoming += data
        if len(self._incoming) > MAX_LINE_BYTES:
            raise ValueError("a line without end")
        return data

    def _take(self, rights: list[tuple[int, int, bytes]]) -> None:
        for level, kind, data in rights:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                whole = memoryview(data)[: len(data) // 4 * 4].cast("i")
                for descriptor in whole:
                    os.set_inheritable(descriptor, False)
                    self.descriptors.append(descriptor)


def _rights(descriptors: list[int]) -> "tuple[int, int, array.array[int]]":
    return socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors)  # socket.send_fds imports array at its first call.


def _message(line: bytes | bytearray) -> Message:
    message = json.loads(line)
    if not isinstance(message, dict):
        raise ValueError("a message is an object")
    return message
