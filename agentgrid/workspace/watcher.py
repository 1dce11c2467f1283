"""See that files of a workspace change: by inotify on Linux, elsewhere through watchfiles (FSEvents on macOS).

watchfiles is coarse: it says that a file is new, differs or is gone, each once in a while, and it wakes up for that twenty
times a second. So Linux, where authors can be known exactly, has a watcher of its own (``watched_tree``). This module alone
imports watchfiles.
"""

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from agentgrid.workspace.ignore import Ignore
from agentgrid.workspace.pathname import text_of
from agentgrid.workspace.sighting import Seen, Sighting
from agentgrid.workspace.watched_tree import WatchedTree

STEP_MILLISECONDS = 50  # How often watchfiles looks whether anything has come.
STOP_SECONDS = 5.0  # It looks for our wish to stop as often; this is a machine that swaps.


class Watch(Protocol):
    """A workspace that is being watched."""

    def fileno(self) -> int:
        """Readable when ``read`` has something; -1 when only time tells."""
        ...

    @property
    def due(self) -> float | None:
        """When to call ``read`` (monotonic seconds) though nothing is readable."""
        ...

    @property
    def watched(self) -> int: ...

    @property
    def polled(self) -> int: ...

    def start(self, since: float | None = None) -> list[Sighting]:
        """Begin. With a time, seconds since the epoch, what has changed since is found, where that can be told."""
        ...

    def read(self) -> list[Sighting]: ...

    def close(self) -> None: ...


def open_watch(top: bytes, ignore: Ignore, problem: Callable[[str], None]) -> Watch:
    """The watch of this system; nothing is watched until ``start``."""
    return WatchedTree(top, ignore, problem) if sys.platform == "linux" else CoarseWatch(top, ignore, problem)


class CoarseWatch:
    """watchfiles in a thread. ``force_polling`` is for file systems that tell of nothing."""

    polled = 0
    due = None

    def __init__(self, top: bytes, ignore: Ignore, problem: Callable[[str], None], *, force_polling: bool = False) -> None:
        self.top = os.path.realpath(top)
        self.watched = 1
        self._ignore = ignore
        self._problem = problem
        self._force_polling = force_polling
        self._waiting: deque[set[tuple[int, str]]] = deque()
        self._stop = threading.Event()
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._woken, False)
        self._thread = threading.Thread(target=self._run, name="agentgrid-watch", daemon=True)
        self._started = threading.Event()

    def fileno(self) -> int:
        return self._woken

    def start(self, since: float | None = None) -> list[Sighting]:  # noqa: ARG002  FSEvents tells of no past that can be trusted.
        self._thread.start()
        self._started.wait(STOP_SECONDS)
        return []

    def read(self) -> list[Sighting]:
        now = time.monotonic()
        try:
            os.read(self._woken, 4096)
        except BlockingIOError:
            return []
        found: list[Sighting] = []
        prefix = os.fsdecode(self.top) + "/"
        while self._waiting:
            for _, raw in sorted(self._waiting.popleft(), key=lambda change: change[1]):
                path = text_of(os.fsencode(raw.removeprefix(prefix)))
                if self._ignore.ignores(path):
                    continue
                if path.rpartition("/")[2] == ".gitignore":
                    self._ignore.forget()
                there = os.path.lexists(raw)
                if there and os.path.isdir(raw) and not os.path.islink(raw):
                    continue
                found.append(Sighting(Seen.FOUND if there else Seen.MISSED, path, now))
        return found

    def close(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)
        os.close(self._woken)
        os.close(self._wake)

    def _run(self) -> None:
        from watchfiles._rust_notify import RustNotify  # The loop of its ``watch`` swallows signals and cannot be woken.

        try:
            with RustNotify([os.fsdecode(self.top)], False, self._force_polling, 300, True, True) as notify:
                self._started.set()
                while not self._stop.is_set():
                    changes = notify.watch(STEP_MILLISECONDS, STEP_MILLISECONDS, 500, self._stop)
                    if isinstance(changes, set):
                        self._waiting.append(changes)
                        os.write(self._wake, b"\0")
        except OSError as error:
            self._problem(f"cannot watch {os.fsdecode(self.top)}: {error}")
        finally:
            self._started.set()
