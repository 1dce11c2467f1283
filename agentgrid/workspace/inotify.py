"""inotify(7): which names in which folders were made, written, closed, moved, removed. Linux only.

A watch is one folder, not what is below it. Events of one instance are in order, each exactly one thing that happened
(identical ones in a row are one). The kernel allows a user so many watches (fs.inotify.max_user_watches) and so many
instances; ``add`` raises OSError with ENOSPC, the constructor with EMFILE.
"""

import ctypes
import os
import struct
from typing import NamedTuple

MODIFY, CLOSE_WRITE, MOVED_FROM, MOVED_TO, CREATE, DELETE = 0x2, 0x8, 0x40, 0x80, 0x100, 0x200
DELETE_SELF, MOVE_SELF, UNMOUNT, Q_OVERFLOW, IGNORED, ISDIR = 0x400, 0x800, 0x2000, 0x4000, 0x8000, 0x40000000
ONLYDIR, DONT_FOLLOW, EXCL_UNLINK = 0x1000000, 0x2000000, 0x4000000

CHANGES = MODIFY | CLOSE_WRITE | MOVED_FROM | MOVED_TO | CREATE | DELETE
ITSELF = DELETE_SELF | MOVE_SELF
READ_BYTES = 256 * 1024  # Some 6,000 events, in one turn.
HEADER = struct.Struct("=iIII")


class Event(NamedTuple):
    """struct inotify_event."""

    watch: int
    mask: int
    cookie: int
    name: bytes


class Inotify:
    """One instance. Owned by whoever waits for ``fileno()``."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._descriptor < 0:
            self._fail("")

    def fileno(self) -> int:
        """Readable when there are events."""
        return int(self._descriptor)

    def add(self, path: bytes, mask: int) -> int:
        """Watch a folder itself, not what a link points to; the watch's number. Raises OSError."""
        watch = self._libc.inotify_add_watch(self._descriptor, path, ctypes.c_uint32(mask | ONLYDIR | DONT_FOLLOW | EXCL_UNLINK))
        if watch < 0:
            self._fail(os.fsdecode(path))
        return int(watch)

    def remove(self, watch: int) -> None:
        """No more events of it; nothing happens when it is gone already."""
        self._libc.inotify_rm_watch(self._descriptor, watch)

    def read(self) -> list[Event]:
        """What has happened, as far as it is there."""
        try:
            data = os.read(self._descriptor, READ_BYTES)
        except BlockingIOError:
            return []
        events: list[Event] = []
        at = 0
        while at < len(data):
            watch, mask, cookie, length = HEADER.unpack_from(data, at)
            at += HEADER.size
            events.append(Event(watch, mask, cookie, data[at : at + length].rstrip(b"\0")))
            at += length
        return events

    def close(self) -> None:
        os.close(self._descriptor)

    def _fail(self, path: str) -> None:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), path)
