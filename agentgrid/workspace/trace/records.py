"""What the supervisor tells the server: records, as bytes and back.

    what  flags  lengths of two paths  pid  time  paths
    B     B      HH                    I    Q

Times are nanoseconds of CLOCK_MONOTONIC, which all processes share. A record with the flag ``BEFORE`` has, in the place of its
second path, what the file and the process were just before the call (``Before``). A batch is records one after the other; it comes in one
piece (SOCK_SEQPACKET), so a record is never cut.
"""

import enum
import struct
from collections.abc import Iterator
from typing import NamedTuple

from agentgrid.workspace.trace.kernel import Call

HEADER = struct.Struct("<BBHHIQ")
BEFORE = struct.Struct("<qqq")


class What(enum.IntEnum):
    """What a process was about to do, or what else there is to tell."""

    WRITE = 1
    """Open, create or truncate a file."""
    RENAME = 2
    """From the second path to the first."""
    EXCHANGE = 3
    """Two paths change places."""
    LINK = 4
    """A new name for a file."""
    SYMLINK = 5
    REMOVE = 6
    READ = 7
    PROGRAM = 8
    """The process is this program: its name, and of git the command, instead of a path."""
    LOST = 9
    """So many records were dropped: ``pid`` is their number."""


class Flag(enum.IntFlag):
    """More about a record."""

    NEW = 1
    """There was no such file."""
    DOUBTFUL = 2
    """It looked as if it would fail: the file may not be written, or exists and must not."""
    BLIND = 4
    """The process does not let us read which path it meant."""
    BEFORE = 8
    """The second path is a ``Before``."""
    CUTS = 16
    """It cuts off what the file held: the opening itself changes it."""
    READS = 32
    """Opened to be read, and made if it was not there."""
    AT_ONCE = 64
    """The call itself changes the file, and opens nothing that would be closed (truncate)."""


WHAT = {
    Call.OPEN: What.WRITE,
    Call.OPENAT: What.WRITE,
    Call.OPENAT2: What.WRITE,
    Call.CREAT: What.WRITE,
    Call.TRUNCATE: What.WRITE,
    Call.RENAME: What.RENAME,
    Call.RENAMEAT: What.RENAME,
    Call.RENAMEAT2: What.RENAME,
    Call.LINK: What.LINK,
    Call.LINKAT: What.LINK,
    Call.SYMLINK: What.SYMLINK,
    Call.SYMLINKAT: What.SYMLINK,
    Call.UNLINK: What.REMOVE,
    Call.UNLINKAT: What.REMOVE,
}


class Before(NamedTuple):
    """What a file and a process were when the process was about to open the file."""

    size: int
    modified_ns: int
    """The file's, of the clock of the day."""
    characters: int
    """What the process had written by then, to whatever, in bytes (proc(5), ``io``, ``wchar``); -1 where that is not known."""

    def packed(self) -> bytes:
        """For a record."""
        return BEFORE.pack(*self)


class Record(NamedTuple):
    """One of them. Paths are bytes from the root on, as the process named them: with ``..`` and symbolic links."""

    what: What
    flags: Flag
    pid: int
    time_ns: int
    path: bytes = b""
    other: bytes = b""

    @property
    def before(self) -> Before | None:
        """What there was before, where that is told."""
        return Before._make(BEFORE.unpack(self.other)) if self.flags & Flag.BEFORE and len(self.other) == BEFORE.size else None


def encode(what: int, flags: int, pid: int, time_ns: int, path: bytes = b"", other: bytes = b"") -> bytes:
    """A record's bytes; plain numbers, since it is done for every call."""
    return HEADER.pack(what, flags, len(path), len(other), pid, time_ns) + path + other


def decode(batch: bytes) -> Iterator[Record]:
    """The records of a batch. Raises ValueError on what is none: the host is another version's, or mad."""
    at = 0
    while at < len(batch):
        if at + HEADER.size > len(batch):
            raise ValueError("half a record")
        what, flags, length, other_length, pid, time_ns = HEADER.unpack_from(batch, at)
        start = at + HEADER.size
        middle, at = start + length, start + length + other_length
        if at > len(batch):
            raise ValueError("half a record")
        yield Record(What(what), Flag(flags), pid, time_ns, batch[start:middle], batch[middle:at])
