"""Bytes on their way to the outer terminal: in order, whole, never blocking the loop.

What the terminal does not take waits here. Frames may be dropped: over ``MAX_BACKLOG_BYTES`` those that wait go, and all that
come until the terminal has caught up; then whoever draws is told to draw everything anew. Modes, titles and the clipboard
are never dropped. A piece whose first byte is out is always finished: half a sequence would swallow what follows.

What a descriptor takes is not yet at the terminal: a frame is begun only when ``Pace`` says that the terminal has read enough of
what was sent before.
"""

import asyncio
import contextlib
import errno
import os
import select
import time
from collections import deque
from collections.abc import Callable

from agentgrid.ui.pace import QUESTION, Pace

MAX_BACKLOG_BYTES = 1024 * 1024  # A dozen full frames at 240x72: more than a second behind, the latest state is worth more.
WRITE_BYTES = 64 * 1024  # What is offered at a time; a terminal's buffer takes less.


class Output:
    """The way out of one terminal. Owned by the driver, which gives it a descriptor that does not block.

    ``on_drained``: frames were dropped, and now everything is out. ``on_room``: something has waited, or would have had to,
    nothing was dropped, and now everything is out. ``on_gone``: the terminal is not there any more.
    """

    def __init__(
        self,
        descriptor: int,
        loop: asyncio.AbstractEventLoop,
        *,
        on_drained: Callable[[], None],
        on_room: Callable[[], None],
        on_gone: Callable[[], None],
    ) -> None:
        self._descriptor = descriptor
        self._loop = loop
        self._on_drained = on_drained
        self._on_room = on_room
        self._on_gone = on_gone
        self._queue: deque[tuple[memoryview, bool, bool]] = deque()
        """What is left of each piece, whether it is (of) a frame, and whether it ends with a question."""
        self._pace = Pace()
        self._patience: asyncio.TimerHandle | None = None
        self._begun = False  # The first byte of the first piece is out.
        self._watching = False
        self._behind = False
        self._gone = False
        self.backlog = 0
        """Bytes that are not out yet."""

    @property
    def ahead(self) -> int:
        """Bytes that are not out yet, or too many that the terminal has not read: a frame would have to wait. Else 0."""
        return self.backlog or self._pace.too_far

    @property
    def unanswered(self) -> int:
        """How many answers are still to come."""
        return self._pace.unanswered

    @property
    def wait_seconds(self) -> float:
        """How long the answers that are still to come may take; 0 when there are none."""
        return self._pace.wait_seconds

    def write(self, data: bytes, is_frame: bool) -> None:
        """Send, now or when there is room."""
        if self._gone or not data or (is_frame and self._behind):
            return
        if is_frame and self._queue and self.backlog + len(data) > MAX_BACKLOG_BYTES:
            self._behind = True
            self.drop_frames()
            return
        asks = is_frame and self._pace.asks(self.backlog + len(data))
        if asks:
            data += QUESTION
        self._queue.append((memoryview(data), is_frame, asks))
        self.backlog += len(data)
        if not self._watching:
            self._send()

    def on_answer(self) -> None:
        """The terminal has read everything up to a question."""
        self._pace.on_answer(time.monotonic())
        self._go_on()

    def give_up(self) -> None:
        """No answer has come in time."""
        self._pace.give_up()
        self._go_on()

    def drop_frames(self) -> None:
        """Forget the frames that wait, but one that is half out."""
        first = [self._queue.popleft()] if self._begun else []
        self._queue = deque([*first, *(piece for piece in self._queue if not piece[1])])
        self.backlog = sum(len(data) for data, *_ in self._queue)

    def drain(self, seconds: float) -> None:
        """Send all of it, blocking so long at most. For the end, when there is no loop to come back to."""
        self._pace.give_up()
        deadline = time.monotonic() + seconds
        poll = select.poll()
        poll.register(self._descriptor, select.POLLOUT)
        while self._queue and not self._gone and (left := deadline - time.monotonic()) > 0:
            if poll.poll(left * 1000):
                self._send()

    def close(self) -> None:
        """Forget the rest; the descriptor is the caller's."""
        self._watch(False)
        self._wait(False)
        self._gone = True
        self._begun = False
        self._queue.clear()
        self.backlog = 0

    def _send(self, waited: bool = False) -> None:
        while self._queue:
            data, is_frame, asks = self._queue[0]
            if is_frame and not self._begun and self._pace.too_far:
                self._watch(False)
                self._wait(True)  # Nothing else may go before it either: order is kept.
                return
            try:
                count = os.write(self._descriptor, data[:WRITE_BYTES])
            except BlockingIOError:
                self._watch(True)
                return
            except OSError as error:
                if error.errno not in _TERMINAL_GONE:
                    raise
                self.close()
                self._on_gone()
                return
            self.backlog -= count
            self._pace.on_sent(count)
            self._begun = count < len(data)
            if self._begun:
                self._queue[0] = (data[count:], is_frame, asks)
                continue
            self._queue.popleft()
            if asks:
                self._pace.on_asked(time.monotonic())
        waited = waited or self._watching
        self._watch(False)
        if self._pace.too_far:
            self._wait(True)
        else:
            self._all_out(waited)

    def _go_on(self) -> None:
        """The terminal has read more, or is no longer waited for."""
        if self._patience is None:
            return
        self._wait(False)
        if self._pace.too_far:
            self._wait(True)
        else:
            self._send(waited=True)

    def _all_out(self, waited: bool) -> None:
        if self._behind:
            self._behind = False
            self._on_drained()
        elif waited:
            self._on_room()

    def _watch(self, on: bool) -> None:
        if on == self._watching or self._loop.is_closed():
            return
        self._watching = on
        if on:
            self._loop.add_writer(self._descriptor, self._send)
        else:
            self._loop.remove_writer(self._descriptor)

    def _wait(self, on: bool) -> None:
        """For the terminal's answer, as long as is usual here."""
        if on and self._patience is None:
            self._patience = self._loop.call_later(self._pace.wait_seconds, self.give_up)
        elif not on and self._patience is not None:
            self._patience.cancel()
            self._patience = None


_TERMINAL_GONE = {errno.EIO, errno.EPIPE, errno.ENXIO, errno.ENODEV}


def open_terminal(descriptors: tuple[int, ...]) -> tuple[int, bool]:
    """A descriptor to write to the first of these that is a terminal, and whether it is of its own.

    One of its own does not block while the others, which the shell and our children share, go on blocking. Where the
    terminal cannot be opened by name (a container without its devices) it is a duplicate, and must be set to block again.
    """
    terminals = [descriptor for descriptor in descriptors if os.isatty(descriptor)]
    for descriptor in terminals:
        with contextlib.suppress(OSError):
            return os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC), True
    duplicate = os.dup([*terminals, *descriptors][0])
    os.set_blocking(duplicate, False)
    return duplicate, False
