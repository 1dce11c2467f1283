"""Where a path that a program named really is: which workspace it is in, and what it is called there.

A trace tells paths as programs spell them, with ``..`` and by way of symbolic links; a watcher tells real ones. The folder
of a file is looked up and remembered for a moment (a build names a thousand files of one folder), the last part only where
the call follows a link there.
"""

import os
import stat
from collections.abc import Sequence

from agentgrid.workspace.pathname import text_of

REMEMBER_SECONDS = 1.0  # A link that is changed meanwhile leads one second longer to where it did.
MAX_REMEMBERED = 10_000  # Folders; one turn of a build.


class Places:
    """Owned by whoever asks. ``tops`` are the workspaces' folders; they may lie in each other, and the innermost counts."""

    def __init__(self, tops: Sequence[bytes] = ()) -> None:
        self._tops: list[tuple[bytes, int]] = []
        self._folders: dict[bytes, bytes] = {}
        self._until = 0.0
        self.set(tops)

    def set(self, tops: Sequence[bytes]) -> None:
        """The workspaces are these now."""
        real = [(os.path.realpath(top).rstrip(b"/") + b"/", number) for number, top in enumerate(tops)]
        self._tops = sorted(real, key=lambda item: -len(item[0]))

    def find(self, path: bytes, now: float, *, follow: bool) -> tuple[int, str] | None:
        """The number of the workspace and the path in it; None when it is in none. ``follow``: what a link leads to is meant."""
        folder, _, name = path.rpartition(b"/")
        if name in (b"", b".", b".."):
            return self._inside(os.path.realpath(path))
        real = self._folder(folder or b"/", now) + b"/" + name
        found = self._inside(real)
        if follow and self._is_link(real):
            return self._inside(os.path.realpath(real))
        return found

    def _inside(self, real: bytes) -> tuple[int, str] | None:
        for top, number in self._tops:
            if real.startswith(top):
                return number, text_of(real[len(top) :])
        return None

    def _folder(self, folder: bytes, now: float) -> bytes:
        if now >= self._until or len(self._folders) >= MAX_REMEMBERED:
            self._folders.clear()
            self._until = now + REMEMBER_SECONDS
        real = self._folders.get(folder)
        if real is None:
            real = self._folders[folder] = os.path.realpath(folder).rstrip(b"/")
        return real

    @staticmethod
    def _is_link(path: bytes) -> bool:
        try:
            return stat.S_ISLNK(os.lstat(path).st_mode)
        except OSError:
            return False
