"""Bytes on their way to a program: in order, whole, with pauses, never blocking.

Everything that is typed into a pane goes through one queue: a paste is never torn by a key that is typed while it drains,
and an answer to a query stays where it was asked. A PTY takes some kilobytes at a time; the rest waits here and goes when
the program has read. A pause (between a prompt and its Enter) holds back only what comes after it.
"""

from collections import deque
from collections.abc import Callable

from agentgrid.process.pty import write_some
from agentgrid.server.loop import WRITE, Loop, Timer

MAX_WAITING_BYTES = 64 * 1024 * 1024  # A program that has stopped reading: more than a few pastes is not kept.


class Typing:
    """The queue of one pane. Owned by its runtime. Writes to a duplicate of the PTY, so that reading and writing are watched apart."""

    def __init__(self, loop: Loop, descriptor: int) -> None:
        self._loop = loop
        self._descriptor = descriptor
        self._queue: deque[bytes | memoryview | float | Callable[[], None]] = deque()
        self._pause: Timer | None = None
        self._watching = False
        self._closed = False
        self.waiting_bytes = 0
        """Bytes that the program has not taken yet."""

    def write(self, data: bytes) -> bool:
        """Append bytes; False, and nothing appended, when too much is waiting."""
        if self._closed or self.waiting_bytes + len(data) > MAX_WAITING_BYTES:
            return False
        if data:
            self.waiting_bytes += len(data)
            self._queue.append(data)
            self._drain()
        return True

    def pause(self, seconds: float) -> None:
        """What comes after waits so long."""
        self._queue.append(seconds)
        self._drain()

    def then(self, callback: Callable[[], None]) -> None:
        """Call when the program's PTY has taken everything before."""
        self._queue.append(callback)
        self._drain()

    @property
    def idle(self) -> bool:
        return not self._queue

    def close(self) -> None:
        """Forget the rest; the descriptor is the caller's."""
        self._closed = True
        if self._pause is not None:
            self._pause.cancel()
        self._watch(False)
        self._queue.clear()
        self.waiting_bytes = 0

    def _drain(self) -> None:
        while self._queue and self._pause is None:
            head = self._queue[0]
            if isinstance(head, float):
                self._queue.popleft()
                self._pause = self._loop.call_later(head, self._go_on)
                return
            if not isinstance(head, (bytes, memoryview)):
                self._queue.popleft()
                head()
                continue
            count = write_some(self._descriptor, head)
            if count < 0:
                self.close()
                return
            self.waiting_bytes -= count
            if count < len(head):
                self._queue[0] = memoryview(head)[count:]  # A slice of bytes would copy the rest of a paste at every write.
                self._watch(True)
                return
            self._queue.popleft()
        self._watch(False)

    def _go_on(self) -> None:
        self._pause = None
        self._drain()

    def _watch(self, on: bool) -> None:
        if on == self._watching:
            return
        self._watching = on
        if on:
            self._loop.watch(self._descriptor, WRITE, lambda _: self._drain())
        else:
            self._loop.unwatch(self._descriptor)
