"""The pages that a pane's hosts hand on when one is killed: the call that is being answered, and what has not been sent of it.

    0                the notification, written by the kernel itself
    NOTED            of which notification a record is in the journal, and how many bytes of records there are
    JOURNAL …        the records that no server has taken

A record is in the journal before its call is answered: whatever a program was let do, some host will tell of it. What was
sent just before a host was killed may be told twice; the second record waits for something to be seen, in vain.
"""

import ctypes
import errno
import mmap
import os
import struct
import sys

NOTED_AT, JOURNAL_AT, SIZE = 128, 144, 64 * 1024
NOTED = struct.Struct("=QQ")


class Desk:
    """Owned by a supervisor; its descriptor goes to whoever may succeed it."""

    def __init__(self, descriptor: int = -1) -> None:
        self.descriptor = descriptor if descriptor >= 0 else _anonymous_pages()
        self.page = mmap.mmap(self.descriptor, 0)
        self._exported = (ctypes.c_char * len(self.page)).from_buffer(self.page)
        self.address = ctypes.addressof(self._exported)

    @property
    def noted(self) -> int:
        """The number of the notification whose record is in the journal; 0 for none."""
        return int(NOTED.unpack_from(self.page, NOTED_AT)[0])

    @property
    def journal(self) -> bytes:
        """The records that are in it."""
        return bytes(self.page[JOURNAL_AT : JOURNAL_AT + NOTED.unpack_from(self.page, NOTED_AT)[1]])

    def take_over(self, predecessor: "Desk") -> None:
        """Have on it what a dead host had on its."""
        self.page[:] = predecessor.page[:].ljust(SIZE, b"\0")[:SIZE]

    def note(self, number: int, record: bytes) -> int:
        """Write down the record of a call that is about to be answered; the journal's length before, for ``retract``."""
        length = int(NOTED.unpack_from(self.page, NOTED_AT)[1])
        start, end = JOURNAL_AT + length, JOURNAL_AT + length + len(record)
        if end <= len(self.page):  # Otherwise no server has taken any for long: the outlet keeps it, and it is lost with us.
            self.page[start:end] = record
            NOTED.pack_into(self.page, NOTED_AT, number, length + len(record))
        return length

    def retract(self, length: int) -> None:
        """The call was not made."""
        NOTED.pack_into(self.page, NOTED_AT, 0, length)

    def sent(self) -> None:
        """A server has taken everything."""
        NOTED.pack_into(self.page, NOTED_AT, self.noted, 0)

    def close(self) -> None:
        """Give up the pages."""
        del self._exported
        self.page.close()
        os.close(self.descriptor)


def _anonymous_pages() -> int:
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, "only Linux has notifications")
    descriptor = os.memfd_create("agentgrid-desk", os.MFD_CLOEXEC)
    os.ftruncate(descriptor, SIZE)
    return descriptor
