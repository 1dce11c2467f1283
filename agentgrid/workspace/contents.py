"""The contents of files that have changed: whose their lines are, and both sides of a collision.

In memory: for each changed file its present content with the owner of each line (``lines``), the least recently changed
forgotten first; a file that is changed for the first time is compared with what the last commit has of it. On disk, below the
session's state and never in the repository: what each pane left of a file that another one wrote, too, under the digest of
the content, 0600.

Neither read nor kept: files that look like secrets, that are larger than a person would compare, and what is no plain file.
"""

import hashlib
import os
import stat
from array import array
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import msgspec

from agentgrid.paths import private_folder
from agentgrid.workspace.change import Edit
from agentgrid.workspace.lines import NOBODY, Version, advance, begin, is_text
from agentgrid.workspace.pathname import bytes_of
from agentgrid.workspace.secret import holds_secrets, is_secret_name

MAX_FILE_BYTES = 1024 * 1024  # What a person or an agent writes by hand; a larger file has no lines that anybody compares.
MAX_MEMORY_BYTES = 24 * 1024 * 1024  # A thousand large source files, or an hour of nine agents.
MAX_DISK_FILES = 10_000  # And as many of them, with a block of the disk and an entry in its folder each.
MAX_DISK_BYTES = 256 * 1024 * 1024  # Sides of collisions; the oldest go first.
MAX_DIGESTS = 20_000  # Of committed contents.
DIGEST_BYTES = 16


class Seen(NamedTuple):
    """What a look at a file gave."""

    size: int
    digest: str = ""
    content: bytes | None = None
    """None when it is not for us to keep."""


class Owned(msgspec.Struct, frozen=True, array_like=True):
    """Whose the lines of a content are, for the disk: (how many lines, whose) one after the other, and the seams."""

    digest: str
    runs: tuple[tuple[int, int], ...]
    seams: tuple[tuple[int, int], ...] = ()


class _Kept(NamedTuple):
    content: bytes
    owners: "array[int]"
    seams: tuple[tuple[int, int], ...]


class Contents:
    """Owned by a workspace. ``committed`` gives what the last commit has of a path, None when it has nothing."""

    def __init__(self, top: bytes, store: Path, committed: Callable[[str], bytes | None]) -> None:
        self._top = top
        self._store = store
        self._committed = committed
        self._kept: dict[str, _Kept] = {}
        self._bytes = 0
        self._sides: dict[str, dict[int, str]] = {}
        self._committed_digests: dict[str, str] = {}

    def look(self, path: str) -> Seen | None:
        """The file as it is now; None when it is not there."""
        if is_secret_name(path):
            return Seen(size_of(self._absolute(path)))
        return read_file(self._absolute(path))

    def changed(self, path: str, seen: Seen | None, pane: int | None, *, created: bool) -> Edit | None:
        """Somebody has made this of the file; what became of whose lines, None when the contents cannot be compared."""
        if seen is not None and (seen.content is None or not is_text(seen.content)):
            self.forget(path)
            return None
        content = b"" if seen is None or seen.content is None else seen.content
        before = self._version(path, created=created)
        if before is None:
            self._remember(path, content, begin(content))
            return None
        after, edit = advance(before, content, NOBODY if pane is None else pane)
        if seen is None:
            self.forget(path)
        else:
            self._remember(path, content, after)
        return edit

    def content(self, path: str) -> bytes | None:
        """What the file held when it was last looked at."""
        kept = self._kept.get(path)
        return None if kept is None else kept.content

    def version(self, path: str) -> Version | None:
        """The same by lines with their owners, None when they are not known."""
        kept = self._kept.get(path)
        return None if kept is None else Version(begin(kept.content).lines, tuple(kept.owners), kept.seams)

    def owned(self, path: str) -> Owned | None:
        """The same as a successor needs it, which finds the content in its place."""
        kept = self._kept.get(path)
        if kept is None:
            return None
        runs = tuple((len(list(run)), owner) for owner, run in groupby(kept.owners))
        return Owned(digest_of(kept.content), runs, kept.seams)

    def restore(self, path: str, owned: Owned) -> None:
        """Go on from what a predecessor knew, if the file is still what it was."""
        seen = self.look(path)
        if seen is None or seen.content is None or seen.digest != owned.digest:
            return
        owners = tuple(owner for count, owner in owned.runs for _ in range(count))
        version = begin(seen.content)
        if len(owners) == len(version.lines):
            self._remember(path, seen.content, Version(version.lines, owners, owned.seams))

    def sides(self) -> dict[str, dict[int, str]]:
        """Digests of what panes left of contested files; a view."""
        return self._sides

    def restore_side(self, path: str, pane: int, digest: str) -> None:
        """A predecessor has written this down."""
        self._sides.setdefault(path, {})[pane] = digest

    def owners(self, path: str) -> list[int] | None:
        """The owner of each line, None when they are not known."""
        kept = self._kept.get(path)
        return None if kept is None else list(kept.owners)

    def settled(self, path: str) -> None:
        """What the file holds is committed, or is what was: its lines are nobody's work."""
        kept = self._kept.get(path)
        if kept is not None:
            self._remember(path, kept.content, begin(kept.content))
        self._sides.pop(path, None)

    def head_moved(self) -> None:
        """The last commit is another one."""
        self._committed_digests.clear()

    def is_committed(self, path: str, digest: str) -> bool:
        """Whether this content is what the last commit has."""
        known = self._committed_digests.get(path)
        if known is None:
            content = self._committed(path)
            if len(self._committed_digests) >= MAX_DIGESTS:
                self._committed_digests.clear()
            known = self._committed_digests[path] = "" if content is None else digest_of(content)
        return known == digest

    def differs(self, path: str, known: str) -> bool:
        """Whether a file's content is another than that of a digest, or if there is none, than was last looked at or committed."""
        if not known:
            content = self.content(path) or self._committed(path)
            known = "" if content is None else digest_of(content)
        seen = self.look(path) if known else None
        return seen is not None and bool(seen.digest) and seen.digest != known

    def moved(self, old: str, new: str) -> None:
        """The file has another name."""
        kept = self._kept.pop(old, None)
        if kept is not None:
            self.forget(new)
            self._kept[new] = kept
        if old in self._sides:
            self._sides[new] = self._sides.pop(old)

    def forget(self, path: str) -> None:
        """What is known of it no longer holds: git has put something else there."""
        kept = self._kept.pop(path, None)
        if kept is not None:
            self._bytes -= len(kept.content)

    def keep(self, path: str, pane: int, content: bytes) -> str:
        """Write down what a pane left of a file that is contested; its digest, '' when it looks like a secret.

        Raises OSError when the disk is full.
        """
        if is_secret_name(path) or holds_secrets(content) or len(content) > MAX_FILE_BYTES:
            return ""
        digest = digest_of(content)
        file = private_folder(self._store) / digest
        if not file.exists():
            fresh = file.with_suffix(".new")
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
            fresh.rename(file)
        self._sides.setdefault(path, {})[pane] = digest
        return digest

    def side(self, path: str, pane: int) -> bytes | None:
        """What a pane left of a contested file, None when that is not known."""
        return self.kept(self._sides.get(path, {}).get(pane, ""))

    def kept(self, digest: str) -> bytes | None:
        """A content that was written down."""
        try:
            return (self._store / digest).read_bytes() if digest else None
        except FileNotFoundError:
            return None

    def tidy(self) -> None:
        """Let go of the oldest contents on disk beyond what they may take, but for those that are somebody's present side."""
        if not self._store.is_dir():
            return
        present = {digest for sides in self._sides.values() for digest in sides.values()}
        files = sorted(
            ((status.st_mtime, status.st_size, entry.name) for entry in os.scandir(self._store) if (status := entry.stat())), reverse=True
        )
        total = 0
        for number, (_, size, name) in enumerate(files):
            total += size
            if total > MAX_DISK_BYTES or (number >= MAX_DISK_FILES and name not in present):
                os.unlink(self._store / name)

    def _version(self, path: str, *, created: bool) -> Version | None:
        """What the file was before; None when nobody knows."""
        kept = self._kept.get(path)
        if kept is not None:
            return Version(begin(kept.content).lines, tuple(kept.owners), kept.seams)
        if created:
            return begin(b"")
        content = self._committed(path)
        return begin(content) if content is not None and len(content) <= MAX_FILE_BYTES and is_text(content) else None

    def _remember(self, path: str, content: bytes, version: Version) -> None:
        self.forget(path)
        self._kept[path] = _Kept(content, array("i", version.owners), version.seams)
        self._bytes += len(content)
        while self._bytes > MAX_MEMORY_BYTES:
            self.forget(next(iter(self._kept)))

    def _absolute(self, path: str) -> bytes:
        return self._top + b"/" + bytes_of(path)


def digest_of(content: bytes) -> str:
    """The name of a content."""
    return hashlib.blake2b(content, digest_size=DIGEST_BYTES).hexdigest()


def size_of(path: bytes) -> int:
    """A file's size; -1 when it is not there."""
    try:
        return os.lstat(path).st_size
    except OSError:
        return -1


def read_file(path: bytes) -> Seen | None:
    """A plain file's size, digest and content. Never waits for the other end of a pipe, nor follows a link."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return Seen(size) if (size := size_of(path)) >= 0 else None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_FILE_BYTES:
            return Seen(status.st_size)
        content = file.read(MAX_FILE_BYTES + 1)
    return Seen(len(content), digest_of(content), content)
