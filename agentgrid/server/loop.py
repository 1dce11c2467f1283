"""Readiness, timers and turns: the one place where the server waits.

Single-threaded, over ``selectors``. A turn is: handle what is ready, run the timers that are due, do at most one piece of
background work. Background work (feeding a busy pane) never stands before what is ready, so that a key waits for one
pane's budget at the most. With nothing to do the loop sleeps without waking up.

asyncio would do the same for three times the cost a wake-up, and half of a server's time goes into wake-ups.
"""

import contextlib
import heapq
import itertools
import os
import selectors
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeAlias

Callback: TypeAlias = Callable[[], None]
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class Timer:
    """A call that is due at a time; ``cancel`` may be called at any moment."""

    __slots__ = ("callback", "when")

    def __init__(self, when: float, callback: Callback) -> None:
        self.when = when
        self.callback: Callback | None = callback

    def cancel(self) -> None:
        self.callback = None

    @property
    def waits(self) -> bool:
        """It is not due yet, nor cancelled."""
        return self.callback is not None


class Loop:
    """Owned by the process's main thread; ``call_from_thread`` is the only method another thread may call."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()
        self._work: deque[Callback] = deque()
        self._from_threads: deque[Callback] = deque()
        self._running = False
        self.on_error: Callable[[Exception], None] = raise_it
        """What is done with an error that a callback let out: by default it ends the loop."""
        self._wake_read, self._wake_write = os.pipe()
        for descriptor in (self._wake_read, self._wake_write):
            os.set_blocking(descriptor, False)
        self.watch(self._wake_read, READ, self._woken)

    # ------------------------------------------------------------------ readiness

    def watch(self, descriptor: int, events: int, callback: Callable[[int], None]) -> None:
        """Call back with the events that are ready (READ, WRITE), from now on; replaces an earlier watch."""
        if descriptor in self._selector.get_map():
            self._selector.modify(descriptor, events, callback)
        else:
            self._selector.register(descriptor, events, callback)

    def unwatch(self, descriptor: int) -> None:
        """No more calls for this descriptor; nothing happens when it was not watched."""
        if descriptor in self._selector.get_map():
            self._selector.unregister(descriptor)

    # ------------------------------------------------------------------ time

    @staticmethod
    def now() -> float:
        """Seconds of a clock that never jumps."""
        return time.monotonic()

    def call_at(self, when: float, callback: Callback) -> Timer:
        timer = Timer(when, callback)
        heapq.heappush(self._timers, (when, next(self._order), timer))
        return timer

    def call_later(self, seconds: float, callback: Callback) -> Timer:
        return self.call_at(self.now() + seconds, callback)

    # ------------------------------------------------------------------ work

    def work(self, callback: Callback) -> None:
        """Do this in a turn of its own, after what is ready."""
        self._work.append(callback)

    @property
    def working(self) -> bool:
        """Whether there is background work left."""
        return bool(self._work)

    def call_from_thread(self, callback: Callback) -> None:
        """Run the callback on the loop, soon. Thread-safe."""
        self._from_threads.append(callback)
        with contextlib.suppress(BlockingIOError):  # The pipe is full of wake-ups already.
            os.write(self._wake_write, b"\0")

    def in_thread(self, job: Callable[[], Any], then: Callable[[Any, BaseException | None], None]) -> None:
        """Run a job that may block in a thread, then ``then(result, error)`` on the loop."""

        def run() -> None:
            result: Any = None
            error: BaseException | None = None
            try:
                result = job()
            except Exception as caught:  # noqa: BLE001  Whatever it is, it belongs to whoever asked for the job.
                error = caught
            self.call_from_thread(lambda: then(result, error))

        threading.Thread(target=run, daemon=True, name="agentgrid-job").start()

    def on_signal(self, number: int, callback: Callback) -> None:
        """Run the callback on the loop when the process gets the signal."""

        def handler(_number: int, _frame: FrameType | None) -> None:
            self.call_from_thread(callback)

        signal.signal(number, handler)

    # ------------------------------------------------------------------ running

    def run(self) -> None:
        """Turn until ``stop``."""
        self._running = True
        while self._running:
            self.turn()

    def stop(self) -> None:
        self._running = False

    def turn(self, longest: float | None = None) -> None:
        """One turn; waits at most ``longest`` seconds when there is nothing to do."""
        for key, events in self._selector.select(self._patience(longest)):
            if self._selector.get_map().get(key.fd) is key:  # Not unwatched by a call before it.
                self._call(key.data, events)
        now = self.now()
        while self._timers and self._timers[0][0] <= now:
            _, _, timer = heapq.heappop(self._timers)
            due = timer.callback
            if due is not None:
                timer.callback = None
                self._call(due)
        if self._work:
            self._call(self._work.popleft())

    def _call(self, callback: Callable[..., None], *arguments: object) -> None:
        try:
            callback(*arguments)
        except Exception as error:  # noqa: BLE001  A fault of ours in one pane or one client must not end the others.
            self.on_error(error)

    def _patience(self, longest: float | None) -> float | None:
        if self._work:
            return 0.0
        timers = self._timers
        while timers and timers[0][2].callback is None:
            heapq.heappop(timers)
        if not timers:
            return longest
        wait = max(0.0, timers[0][0] - self.now())
        return wait if longest is None else min(wait, longest)

    def _woken(self, _events: int) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake_read, 4096)
        while self._from_threads:
            self._call(self._from_threads.popleft())

    def close(self) -> None:
        self._selector.close()
        os.close(self._wake_read)
        os.close(self._wake_write)


def raise_it(error: Exception) -> None:
    """For tests and small loops: an error is a bug, and loud."""
    raise error
