"""Folders that are looked at again and again, because the kernel will not tell of them.

Each look compares every name's size, time and inode with those of the last one. It comes after a pause of twenty times
what the last one took, so that it never takes more than a twentieth of a processor, however many files there are.
"""

import os
import time
from collections.abc import Callable
from typing import NamedTuple

from agentgrid.workspace.pathname import bytes_of, text_of
from agentgrid.workspace.sighting import Seen, Sighting

PAUSE_SECONDS = 1.0  # At least; a person takes a second or two to look at a badge, too.
SHARE = 20


class Mark(NamedTuple):
    """What tells a file from what it was."""

    size: int
    modified_ns: int
    inode: int


class PolledFolders:
    """Owned by a watcher. ``enter`` is told of folders that have appeared, and may add them here or watch them."""

    def __init__(self, top: bytes, ignores: Callable[[str], bool], enter: Callable[[str], list[Sighting]]) -> None:
        self.due: float | None = None
        self._top = top
        self._ignores = ignores
        self._enter = enter
        self._marks: dict[str, dict[str, Mark | None]] = {}

    def __len__(self) -> int:
        return len(self._marks)

    def add(self, folder: str, now: float) -> None:
        """Look at a folder (not what is below it) from now on."""
        self._marks[folder] = self._list(folder) or {}
        self.due = min(self.due or now + PAUSE_SECONDS, now + PAUSE_SECONDS)

    def drop(self, folder: str) -> None:
        """No longer."""
        self._marks.pop(folder, None)

    def look(self, now: float) -> list[Sighting]:
        """What differs from the last look."""
        start = time.monotonic()
        found: list[Sighting] = []
        for folder in list(self._marks):
            before, after = self._marks.get(folder), self._list(folder)
            if before is None:
                continue
            if after is None:
                self.drop(folder)
                after = {}
            else:
                self._marks[folder] = after
            gone = [name for name, mark in before.items() if mark is not None and name not in after]
            found += [Sighting(Seen.MISSED, _join(folder, name), now) for name in gone]
            for name, mark in after.items():
                if mark == before.get(name, ()):
                    continue
                path = _join(folder, name)
                if mark is None:
                    found += self._enter(path)
                elif not self._ignores(path):
                    found.append(Sighting(Seen.FOUND, path, now))
        took = time.monotonic() - start
        self.due = now + max(PAUSE_SECONDS, SHARE * took) if self._marks else None
        return found

    def _list(self, folder: str) -> dict[str, Mark | None] | None:
        """The names in a folder, None for folders; None when it is not there any more."""
        found: dict[str, Mark | None] = {}
        try:
            with os.scandir(_absolute(self._top, folder)) as entries:
                for entry in entries:
                    try:
                        status = entry.stat(follow_symlinks=False)
                        mark = None if entry.is_dir(follow_symlinks=False) else Mark(status.st_size, status.st_mtime_ns, status.st_ino)
                    except FileNotFoundError:
                        continue
                    found[text_of(entry.name)] = mark
        except OSError:
            return None
        return found


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _absolute(top: bytes, folder: str) -> bytes:
    return top + b"/" + bytes_of(folder) if folder else top
