"""What a pane printed, on disk, so that the server's successor goes on where a killed server stopped.

Two files a pane: ``checkpoint``, the emulator's dump, and ``tail``, every byte read from the PTY since. A byte is appended
before it is fed, with one ``write``: what the server has read survives its death at any moment (not the machine's: nothing
is synced). When the tail has grown, a new checkpoint is written beside the old one and renamed over it, and a new tail
begins; the checkpoint's header names the tail that belongs to it, so that a death between the two steps mixes nothing.

A resize is in the tail as a mark, since the same bytes look different at another width. A disk that is full stops the
journal, not the pane: ``problem`` says so once.
"""

import errno
import os
import struct
from collections.abc import Iterator
from pathlib import Path

from agentgrid.geometry import Size
from agentgrid.paths import private_folder, what_to_do

CHECKPOINT, TAIL = "checkpoint", "tail"
HEADER = struct.Struct("<8sQ")
MAGIC = b"agrid-c1"
RECORD = struct.Struct("<IHH")  # length, and with length 0 a new size: columns, rows
TAIL_BYTES = 256 * 1024  # Replays in some 50 ms of an agent's redraws, a flood in a tenth of that.
MAX_TAIL_BYTES = 8 * 1024 * 1024  # A flood checkpoints no more often than this.
CHECKPOINT_SECONDS = 2.0  # With nine floods, one a second took an eighth of the server's time.
LOOK_SECONDS = 1.0  # How often it is looked whether the file that is written to still has a name.


class Journal:
    """Owned by the pane's runtime. ``folder`` is the pane's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tail = -1
        self.number = 0
        self._size = 0
        self._last_checkpoint = 0.0
        self._last_look = 0.0
        self.problem = ""

    def append(self, *parts: bytes) -> None:
        """Keep bytes that are about to be fed."""
        self._write(b"".join((RECORD.pack(sum(map(len, parts)), 0, 0), *parts)))

    def resized(self, size: Size) -> None:
        self._write(RECORD.pack(0, size.columns, size.rows))

    def wants_checkpoint(self, now: float) -> bool:
        """Whether the tail has grown enough for a new checkpoint, or somebody has removed it."""
        if now - self._last_look > LOOK_SECONDS:
            self._last_look = now
            if self._tail >= 0 and not os.fstat(self._tail).st_nlink:
                return True
        return self._size > MAX_TAIL_BYTES or (self._size > TAIL_BYTES and now - self._last_checkpoint > CHECKPOINT_SECONDS)

    def checkpoint(self, dump: bytes, now: float) -> None:
        """Replace checkpoint and tail by a dump of the emulator as it is now."""
        self._last_checkpoint = now
        number = self.number + 1
        fresh = self._folder / f"{CHECKPOINT}.new"
        try:
            private_folder(self._folder)
            tail = os.open(self._tail_path(number), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, 0o600)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(HEADER.pack(MAGIC, number) + dump)
            fresh.rename(self._folder / CHECKPOINT)
        except OSError as error:
            self._fail(error)
            return
        self._close_tail()
        self._tail, self.number, self._size = tail, number, 0
        for old in self._folder.glob(f"{TAIL}.*"):
            if old != self._tail_path(number):
                old.unlink(missing_ok=True)
        self.problem = ""

    def close(self) -> None:
        self._close_tail()

    def _tail_path(self, number: int) -> Path:
        return self._folder / f"{TAIL}.{number}"

    def _write(self, record: bytes) -> None:
        if self._tail < 0:
            return
        self._size += len(record)
        try:
            written = os.write(self._tail, record)
        except OSError as error:
            self._fail(error)
            return
        if written < len(record):
            self._fail(OSError(errno.ENOSPC, "the disk is full"))

    def _fail(self, error: OSError) -> None:
        """Stop: half a journal would restore something that never was."""
        self._close_tail()
        advice = what_to_do(error, self._folder.parent)
        self.problem = f"cannot save what panes print ({error.strerror}): a crash would lose it; {advice}"

    def _close_tail(self) -> None:
        if self._tail >= 0:
            os.close(self._tail)
            self._tail = -1


def read_journal(folder: Path) -> tuple[bytes, Iterator[bytes | Size]] | None:
    """The last checkpoint and what came after it (bytes and sizes, in order); None when there is none.

    A record cut off at the end, by a death in the middle of a write, is given as far as it goes.
    """
    try:
        saved = (folder / CHECKPOINT).read_bytes()
    except OSError:
        return None
    if len(saved) < HEADER.size:
        return None
    magic, number = HEADER.unpack_from(saved)
    if magic != MAGIC:
        return None
    try:
        tail = (folder / f"{TAIL}.{number}").read_bytes()
    except FileNotFoundError:
        tail = b""
    return saved[HEADER.size :], _records(tail)


def next_number(folder: Path) -> int:
    """The number after the newest tail's, so that a successor's first checkpoint takes no name that is in use."""
    numbers = [int(path.suffix[1:]) for path in folder.glob(f"{TAIL}.*") if path.suffix[1:].isdigit()]
    return max(numbers, default=0)


def _records(tail: bytes) -> Iterator[bytes | Size]:
    at = 0
    while at + RECORD.size <= len(tail):
        length, columns, rows = RECORD.unpack_from(tail, at)
        at += RECORD.size
        if length:
            yield tail[at : at + length]
            at += length
        else:
            yield Size(columns, rows)
