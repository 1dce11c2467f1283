"""Bytes on their way to a program: in order, whole, never blocking.

Everything that is typed into a pane goes through one queue: a paste is never torn by a key that is typed while it drains. A
PTY takes some kilobytes at a time; the rest waits here and goes when the program has read. Whoever types more than one thing
that belongs together (a prompt, and its Enter once it is seen) holds the queue: what others type meanwhile comes after it.
The answer to a query is held back by nobody, since the program waits for it.
"""

from collections import deque
from collections.abc import Callable
from typing import TypeAlias

from agentgrid.process.pty import write_some
from agentgrid.server.loop import WRITE, Loop

MAX_WAITING_BYTES = 64 * 1024 * 1024  # A program that has stopped reading: more than a few pastes is not kept.

Entry: TypeAlias = bytes | memoryview | Callable[[], None]


class Hold:
    """A turn at the queue: what is written through it goes before everything that waits. Ended by ``release``."""

    def __init__(self, typing: "Typing", begin: Callable[["Hold"], None]) -> None:
        self._typing = typing
        self._begin = begin
        self.released = False

    def __call__(self) -> None:
        self._begin(self)

    def write(self, data: bytes) -> None:
        self._typing.put_ahead(data)

    def then(self, callback: Callable[[], None]) -> None:
        """Call when the program's PTY has taken what was written before."""
        self._typing.put_ahead(callback)

    def release(self) -> None:
        """Let the others go on; nothing happens the second time."""
        if not self.released:
            self.released = True
            self._typing.let_go(self)


class Typing:
    """The queue of one pane. Owned by its runtime. Writes to a duplicate of the PTY, so that reading and writing are watched apart."""

    def __init__(self, loop: Loop, descriptor: int) -> None:
        self._loop = loop
        self._descriptor = descriptor
        self._queue: deque[Entry] = deque()
        self._ahead: deque[Entry] = deque()
        """What goes before the queue: of the holder, and answers to queries."""
        self._holder: Hold | None = None
        self._watching = False
        self.closed = False
        self.waiting_bytes = 0
        """Bytes that the program has not taken yet."""

    def write(self, data: bytes) -> bool:
        """Append bytes; False, and nothing appended, when too much is waiting."""
        if self.closed or self.waiting_bytes + len(data) > MAX_WAITING_BYTES:
            return False
        if data:
            self.waiting_bytes += len(data)
            self._queue.append(data)
            self.drain()
        return True

    def reply(self, data: bytes) -> None:
        """The answer to a query: where nothing is on its way, or somebody holds the queue, at once."""
        if self._holder is not None and not self.closed:
            self.put_ahead(data)
        else:
            self.write(data)

    def put_ahead(self, entry: Entry) -> None:
        """Before the queue, which somebody holds."""
        if not self.closed:
            self.waiting_bytes += 0 if callable(entry) else len(entry)
            self._ahead.append(entry)
            self.drain()

    def hold(self, begin: Callable[[Hold], None]) -> Hold:
        """Have the queue, once what was typed before has gone: ``begin`` is called then."""
        made = Hold(self, begin)
        self._queue.append(made)
        self.drain()
        return made

    def pause(self, seconds: float) -> None:
        """What comes after waits so long."""
        self.hold(lambda hold: self._release_later(hold, seconds))

    def then(self, callback: Callable[[], None]) -> None:
        """Call when the program's PTY has taken everything before."""
        self._queue.append(callback)
        self.drain()

    @property
    def idle(self) -> bool:
        return not self._queue and not self._ahead and self._holder is None

    def close(self) -> None:
        """Forget the rest; the descriptor is the caller's."""
        self.closed = True
        self._watch(False)
        self._queue.clear()
        self._ahead.clear()
        self.waiting_bytes = 0

    def let_go(self, hold: Hold) -> None:
        """Called by a hold that is released."""
        if self._holder is hold:
            self.put_ahead(self._free)  # What it wrote goes out before others do.
        elif hold in self._queue:
            self._queue.remove(hold)
            self.drain()

    def drain(self) -> None:
        """Write what the program takes now."""
        while not self.closed and (self._ahead or (self._queue and self._holder is None)):
            waiting = self._ahead or self._queue
            head = waiting[0]
            if not isinstance(head, (bytes, memoryview)):
                waiting.popleft()
                if isinstance(head, Hold):
                    self._holder = head
                head()
                continue
            count = write_some(self._descriptor, head)
            if count < 0:
                self.close()
                return
            self.waiting_bytes -= count
            if count < len(head):
                waiting[0] = memoryview(head)[count:]  # A slice of bytes would copy the rest of a paste at every write.
                self._watch(True)
                return
            waiting.popleft()
        self._watch(False)

    def _release_later(self, hold: Hold, seconds: float) -> None:
        self._loop.call_later(seconds, hold.release)

    def _free(self) -> None:
        self._holder = None

    def _watch(self, on: bool) -> None:
        if on == self._watching:
            return
        self._watching = on
        if on:
            self._loop.watch(self._descriptor, WRITE, lambda _: self.drain())
        else:
            self._loop.unwatch(self._descriptor)
