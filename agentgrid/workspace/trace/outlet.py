"""Records on their way to the server: sent when it takes them, kept within bounds when it does not, dropped beyond, counted.

Nothing here ever waits. Records are sent in batches, one in two milliseconds, because each wakes the server; the first after
a pause goes at once. While a checkout writes thousands of files a second it is one in eight. A server that is gone leaves what
it did not take for the next one.
"""

import socket
from collections import deque
from collections.abc import Callable

from agentgrid.workspace.trace.records import What, encode

MAX_KEPT_BYTES = 1024 * 1024  # Some 10,000 records: minutes without a server, and nothing beside a host's own size.
BATCH_BYTES = 32 * 1024  # Fits a socket's buffer several times over.
BURST_RECORDS, BURST_PAUSE_SECONDS = 16, 0.008  # So many since the last batch: the server takes them together sooner than one by one.
PAUSE_SECONDS = 0.002  # Invisible to a person; a build that writes without a pause wakes the server 500 times a second.


class Outlet:
    """Owned by a supervisor's host. ``connection`` is SOCK_SEQPACKET: a batch goes whole or not at all."""

    def __init__(self) -> None:
        self.dropped = 0
        self.emptied: Callable[[], None] = lambda: None
        """Called when a server has taken everything."""
        self._connection: socket.socket | None = None
        self._kept: deque[bytes] = deque()
        self._bytes = 0
        self._untold = 0
        self._next_at = 0.0

    @property
    def due(self) -> float | None:
        """When ``flush`` has something to do; None when there is nothing, or nobody to send it to."""
        return self._next_at if self._kept and self._connection is not None else None

    def connect(self, connection: socket.socket) -> None:
        """Send to this one from now on, what is kept first."""
        self.disconnect()
        connection.setblocking(False)
        self._connection = connection
        self._next_at = 0.0

    def disconnect(self) -> None:
        """Keep records until there is somebody to send them to."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def put(self, record: bytes, now: float) -> None:
        """Send a record (or several, one after the other), now or soon."""
        self._kept.append(record)
        self._bytes += len(record)
        while self._bytes > MAX_KEPT_BYTES:
            self._bytes -= len(self._kept.popleft())
            self.dropped += 1
            self._untold += 1
        if now >= self._next_at and self._connection is not None:
            self.flush(now)

    def flush(self, now: float) -> None:
        """Send what the server takes."""
        self._next_at = now + (BURST_PAUSE_SECONDS if len(self._kept) >= BURST_RECORDS else PAUSE_SECONDS)
        while self._kept and self._connection is not None:
            count, size = 0, 0
            for record in self._kept:
                if size + len(record) > BATCH_BYTES and count:
                    break
                count, size = count + 1, size + len(record)
            lost = encode(What.LOST, 0, self._untold, 0) if self._untold else b""
            batch = lost + b"".join([self._kept[number] for number in range(count)])
            try:
                self._connection.send(batch)
            except BlockingIOError:
                return
            except OSError:
                self.disconnect()
                return
            self._untold = 0
            self._bytes -= size
            for _ in range(count):
                self._kept.popleft()
        if not self._kept:
            self.emptied()
