"""See what git does to a checkout: HEAD moves, stashes come and go, the index is locked.

git writes a line into a reflog for each; inotify says when, where there is inotify, else the files' sizes do, looked at once a
second. A repository without reflogs (bare, or switched off) tells of its lock only.
"""

import os
import sys
import time
from pathlib import Path
from typing import NamedTuple

from agentgrid.workspace import inotify
from agentgrid.workspace.inotify import Inotify
from agentgrid.workspace.reflog import Moved, read_reflog
from agentgrid.workspace.repository import Checkout

LOOK_SECONDS = 1.0
MAX_READ_BYTES = 256 * 1024  # Of a reflog at once; a rebase of a thousand commits writes half of that.
MASK = inotify.CREATE | inotify.DELETE | inotify.MODIFY | inotify.MOVED_FROM | inotify.MOVED_TO
LOCK = "index.lock"


class Stashed(NamedTuple):
    """A stash was pushed, or one was popped or dropped."""

    pushed: bool
    summary: str


class Locked(NamedTuple):
    """``index.lock`` is held, or no longer."""

    held: bool


GitSign = Moved | Stashed | Locked


class GitWatch:
    """Owned by the thread that waits for ``fileno()``."""

    def __init__(self, checkout: Checkout) -> None:
        self._head = checkout.git_dir / "logs" / "HEAD"
        self._stash = checkout.common_dir / "logs" / "refs" / "stash"
        self._lock = checkout.git_dir / LOCK
        self._sizes = {path: _size(path) for path in (self._head, self._stash)}
        self._held = self._lock.exists()
        self._inotify: Inotify | None = None
        self._missing: list[Path] = []
        self._next_look = time.monotonic() + LOOK_SECONDS
        if sys.platform == "linux":
            self._watch(checkout)

    def fileno(self) -> int:
        """Readable when git has done something; -1 where only looking tells."""
        return -1 if self._inotify is None else self._inotify.fileno()

    @property
    def due(self) -> float | None:
        """When to look, where nothing tells."""
        return self._next_look if self._inotify is None else None

    def read(self) -> list[GitSign]:
        """What git has done since the last call."""
        self._next_look = time.monotonic() + LOOK_SECONDS
        signs: list[GitSign] = []
        if self._inotify is None:
            held = self._lock.exists()
            if held is not self._held:
                signs.append(Locked(held))
            self._held = held
        else:
            events = self._inotify.read()
            if any(event.mask & inotify.ISDIR for event in events):
                self._add_missing()
            appears = inotify.CREATE | inotify.MODIFY | inotify.MOVED_TO
            signs += [Locked(bool(event.mask & appears)) for event in events if event.name == LOCK.encode()]
        signs += self._moved()
        signs += self._stashed()
        return signs

    def close(self) -> None:
        if self._inotify is not None:
            self._inotify.close()

    def _watch(self, checkout: Checkout) -> None:
        try:
            self._inotify = Inotify()
        except OSError:
            return  # No instance left: it is looked at.
        self._missing = [checkout.git_dir, self._head.parent, self._stash.parent, checkout.common_dir / "refs"]
        self._add_missing()

    def _add_missing(self) -> None:
        """Watch the folders that are there by now; before its first commit, a repository has no logs."""
        assert self._inotify is not None
        for folder in list(self._missing):
            try:
                self._inotify.add(os.fsencode(folder), MASK)
            except FileNotFoundError:
                continue
            except OSError:
                self._inotify.close()
                self._inotify = None
                return
            self._missing.remove(folder)

    def _moved(self) -> list[Moved]:
        return read_reflog(self._news(self._head))

    def _stashed(self) -> list[Stashed]:
        before, after = self._sizes[self._stash], _size(self._stash)
        if after == before:
            return []
        lines = read_reflog(self._news(self._stash))
        self._sizes[self._stash] = after
        return [Stashed(after > before, lines[-1].summary if lines else "stash")]

    def _news(self, path: Path) -> bytes:
        """What was appended to a file."""
        before, after = self._sizes[path], _size(path)
        self._sizes[path] = after
        if after <= before:
            return b""
        with path.open("rb") as file:
            file.seek(before)
            return file.read(min(after - before, MAX_READ_BYTES))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
