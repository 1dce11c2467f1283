"""A pane's trace, as its host keeps it: the kernel is answered, and records are on their way to whichever server there is.

    program ── calls ──▸ kernel ── listener ──▸ supervisor ── outlet ══ records ══▸ the server
                                                   desk

The server holds duplicates of the listener and the desk, for a successor; without a holder of the listener every traced call
fails. A new server gets a records socket of its own, so that an older one takes nothing from it, and first what the older one
left unread: we keep a duplicate of the server's end, and look there.

Nothing here waits for the server. When it does not read, we wait for room in the socket, and records are kept and at last
dropped by the outlet; the program never notices.
"""

import os
import select
import socket
from collections.abc import Callable
from typing import TypeVar

from agentgrid.process.records import MAX_BATCH_BYTES
from agentgrid.workspace.trace.desk import Desk
from agentgrid.workspace.trace.install import start_tracing, take_listener
from agentgrid.workspace.trace.outlet import Outlet
from agentgrid.workspace.trace.supervisor import Supervisor

Started = TypeVar("Started")


class Trace:
    """One pane's trace. Owned by its host, which polls for what ``watched`` names and passes on what is ready."""

    def __init__(self, listener: int, cwd: str, predecessor_desk: int = -1) -> None:
        """``predecessor_desk``: that of a host that was killed, given up here."""
        predecessor = Desk(predecessor_desk) if predecessor_desk >= 0 else None
        self.answers = True
        """Whether a traced process is left."""
        self._outlet = Outlet()
        folders = tuple(dict.fromkeys((os.fsencode(cwd), os.fsencode(os.path.realpath(cwd)))))
        self._supervisor = Supervisor(listener, self._outlet, folders=folders, predecessor=predecessor)
        if predecessor is not None:
            predecessor.close()
        self._sender, self._receiver = _records_pair()
        self._full = False

    def connect(self) -> dict[str, int]:
        """A server has come: the descriptors it gets, by name. They stay ours, too."""
        unread = _batches(self._receiver)
        self._receiver.close()
        self._sender.close()
        self._sender, self._receiver = _records_pair()
        for batch in unread:
            self._sender.send(batch)  # It fits: a socket like this one has held it.
        self._outlet.connect(self._sender)
        self._full = False
        descriptors = {"records": self._receiver.fileno()}
        if self.answers:
            descriptors |= {"listener": self._supervisor.fileno(), "desk": self._supervisor.desk.descriptor}
        return descriptors

    def disconnect(self) -> None:
        """The server has gone: records wait for the next."""
        self._outlet.disconnect()
        self._full = False

    def watched(self) -> dict[int, int]:
        """Which descriptors to poll for what."""
        watched = {self._supervisor.fileno(): select.POLLIN} if self.answers else {}
        if self._full:
            watched[self._sender.fileno()] = select.POLLOUT
        return watched

    def seconds(self, now: float) -> float | None:
        """In how many seconds ``serve`` has something to do though nothing is ready."""
        due = self._outlet.due
        return None if due is None or self._full else max(0.0, due - now)

    def serve(self, ready: dict[int, int], now: float) -> None:
        """Answer the calls that wait, then see to the records."""
        if self.answers and self._supervisor.fileno() in ready:
            self.answers = self._supervisor.serve()
        due = self._outlet.due
        if due is not None and (self._sender.fileno() in ready if self._full else now >= due):
            self.flush(now)

    def flush(self, now: float) -> None:
        """Send what the server takes now."""
        self._outlet.flush(now)
        self._full = self._outlet.due is not None

    def close(self) -> None:
        """Give up everything; traced processes that are left need another holder of the listener."""
        self._supervisor.close()
        self._sender.close()
        self._receiver.close()


def start_traced(start: Callable[[Callable[[], None], int], Started]) -> tuple[Started, int, str]:
    """Start a program under trace; what ``start`` returned, and the listener, or -1 and why it is not traced.

    ``start`` is given what to call in the child, just before exec, and a descriptor to leave open there.
    """
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            started = start(lambda: start_tracing(theirs.fileno()), theirs.fileno())
        listener, problem = take_listener(ours)
    return started, listener, problem


def _records_pair() -> tuple[socket.socket, socket.socket]:
    sender, receiver = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    sender.setblocking(False)
    receiver.setblocking(False)
    return sender, receiver


def _batches(receiver: socket.socket) -> list[bytes]:
    """What nobody has read."""
    unread: list[bytes] = []
    while True:
        try:
            batch = receiver.recv(MAX_BATCH_BYTES)
        except BlockingIOError:
            return unread
        if not batch:  # The outlet has let go of its end, and this was all.
            return unread
        unread.append(batch)
