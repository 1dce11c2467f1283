"""The supervisor: answers the kernel for every traced call of a pane's programs, and writes down what they were about to do.

Theory of operation. A traced call stops in the kernel until somebody who holds the listener has received its notification
and answered it. We read which path the call names, answer ``continue`` (the kernel then makes the call as if nothing had
been), and hand a record to the outlet. Never is a call refused, changed or made to wait for the server.

If nobody held the listener, every traced call would fail (ENOSYS). So the server keeps a duplicate, and when a host is
killed a successor goes on with it. What the dead one had received and not answered would hang for ever, as the kernel
hands a notification out once. Therefore the notification is received into a page that both share (the ``Desk``), written by
the kernel itself before the call that receives it returns: a successor finds it there and answers it.

What would make others wait is not done before the answer: no file system is asked, except about paths in the pane's own
folder. An answer that fails means that the process was killed meanwhile, and that what we have read may have been another
process of the same number: there is no record then (seccomp_unotify(2), "ID_VALID").
"""

import contextlib
import ctypes
import errno
import fcntl
import mmap
import os
import select
import sys
import time

from agentgrid.workspace.trace.kernel import (
    BY_AUDIT,
    IOCTL_RECV,
    IOCTL_SEND,
    IOCTL_SET_FLAGS,
    LIBC,
    NOTIFICATION,
    O_CREAT,
    O_EXCL,
    O_TMPFILE,
    PATHS,
    RENAME_EXCHANGE,
    RESPONSE,
    RESPONSE_CONTINUE,
    SYNC_WAKE_UP,
    WRITES,
    X32_BIT,
    Call,
)
from agentgrid.workspace.trace.memory import absolute, read_memory, read_string
from agentgrid.workspace.trace.outlet import Outlet
from agentgrid.workspace.trace.program import Programs
from agentgrid.workspace.trace.records import WHAT, Flag, What, encode

AT_ONCE = 64  # Notifications handled before the host looks at its other descriptors.
UNINTERESTING = (b"/dev/", b"/proc/", b"/sys/")
OBJECTS = b"/.git/objects/"  # git's own store: as many files as all others, and never what anybody looks for.

_ioctl = LIBC.ioctl
_ioctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p]
_NEW, _DOUBTFUL, _BLIND = int(Flag.NEW), int(Flag.DOUBTFUL), int(Flag.BLIND)
_WHAT = {call: int(what) for call, what in WHAT.items()}
_EXCHANGE, _READ, _WRITE, _RENAME = int(What.EXCHANGE), int(What.READ), int(What.WRITE), int(What.RENAME)


class Desk:
    """The page that holds the notification being answered. Owned by a supervisor; its descriptor goes to whoever may succeed it."""

    def __init__(self, descriptor: int = -1) -> None:
        self.descriptor = descriptor if descriptor >= 0 else _anonymous_page()
        self.page = mmap.mmap(self.descriptor, mmap.PAGESIZE)
        self._exported = (ctypes.c_char * mmap.PAGESIZE).from_buffer(self.page)
        self.address = ctypes.addressof(self._exported)

    def close(self) -> None:
        """Give up the page."""
        del self._exported
        self.page.close()
        os.close(self.descriptor)


def _anonymous_page() -> int:
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, "only Linux has notifications")
    descriptor = os.memfd_create("agentgrid-desk", os.MFD_CLOEXEC)
    os.ftruncate(descriptor, mmap.PAGESIZE)
    return descriptor


class Supervisor:
    """Owned by a pane's host, which waits for ``fileno()`` and calls ``serve``, and ``outlet.flush`` when that is due."""

    def __init__(
        self, listener: int, outlet: Outlet, *, folders: tuple[bytes, ...] = (), reads: bool = False, predecessor: Desk | None = None
    ) -> None:
        """``folders``: whose files are looked at before a call goes on. ``predecessor``: the desk of a host that was killed."""
        self.outlet = outlet
        self.desk = Desk()
        self.handled = 0
        self._listener = listener
        self._reads = reads
        self._folders = tuple(folder.rstrip(b"/") + b"/" for folder in folders)
        self._programs = Programs()
        self._poll = select.poll()
        self._poll.register(listener, select.POLLIN)
        with contextlib.suppress(OSError):  # Older than Linux 6.6.
            fcntl.ioctl(listener, IOCTL_SET_FLAGS, SYNC_WAKE_UP)
        if predecessor is not None:
            ctypes.memmove(self.desk.address, predecessor.address, NOTIFICATION.size)
            self._answer()

    def fileno(self) -> int:
        """The listener: readable when a call waits, hung up when no traced process is left."""
        return self._listener

    def serve(self) -> bool:
        """Answer what waits. False when nothing will ever wait again."""
        for _ in range(AT_ONCE):
            ready = self._poll.poll(0)
            if not ready:
                return True
            if not ready[0][1] & select.POLLIN:
                return False
            ctypes.memset(self.desk.address, 0, NOTIFICATION.size)
            if _ioctl(self._listener, IOCTL_RECV, self.desk.address) == 0:
                self._answer()
            elif ctypes.get_errno() not in (errno.ENOENT, errno.EINTR):  # Killed before we came, or a signal to us.
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number))
        return True

    def close(self) -> None:
        """Give up the listener; without another holder, traced calls fail from now on."""
        os.close(self._listener)
        self.desk.close()
        self.outlet.disconnect()

    def _answer(self) -> None:
        """Answer the call on the desk, and write it down."""
        number, pid, _, call_number, audit, _, *arguments = NOTIFICATION.unpack_from(self.desk.page)
        if number == 0:
            return
        now = time.monotonic_ns()
        abi = BY_AUDIT.get(audit)
        call = None if abi is None else abi.calls.get(call_number & ~X32_BIT)
        records = [] if call is None else self._records(call, pid, arguments, now)
        try:
            fcntl.ioctl(self._listener, IOCTL_SEND, RESPONSE.pack(number, 0, 0, RESPONSE_CONTINUE))
        except OSError:
            return
        self.handled += 1
        for record in records:
            self.outlet.put(record, now / 1e9)

    def _records(self, call: Call, pid: int, arguments: list[int], now: int) -> list[bytes]:
        """What there is to tell of a call."""
        what, flags = _WHAT[call], 0
        try:
            if what == _WRITE:
                flags = _open_flags(call, pid, arguments)
            paths = [absolute(pid, -1 if folder < 0 else arguments[folder], read_string(pid, arguments[at])) for folder, at in PATHS[call]]
        except OSError:
            return [encode(what, _BLIND, pid, now)]
        path = paths[-1]
        if path.startswith(UNINTERESTING) and not path.startswith(self._folders):
            return []
        if OBJECTS in path or flags & O_TMPFILE == O_TMPFILE:
            return []
        told = 0
        if what == _RENAME:
            if call is Call.RENAMEAT2 and arguments[4] & RENAME_EXCHANGE:
                what = _EXCHANGE
            elif path.startswith(self._folders) and not os.path.lexists(path):
                told = _NEW
        elif what == _WRITE:
            if not flags & WRITES and call is not Call.TRUNCATE:
                if not self._reads:
                    return []
                what = _READ
            elif path.startswith(self._folders):
                told = _outlook(path, flags)
        program = self._programs.news(pid, path, now)
        record = encode(what, told, pid, now, path, paths[0] if len(paths) > 1 else b"")
        return [encode(What.PROGRAM, 0, pid, now, program), record] if program else [record]


def _open_flags(call: Call, pid: int, arguments: list[int]) -> int:
    match call:
        case Call.OPEN:
            return arguments[1]
        case Call.OPENAT:
            return arguments[2]
        case Call.OPENAT2:
            return int.from_bytes(read_memory(pid, arguments[2], 8), "little")  # struct open_how begins with its flags.
        case Call.CREAT:
            return WRITES
        case _:
            return 0


def _outlook(path: bytes, flags: int) -> int:
    """Whether a file will be new, and whether opening it will probably fail."""
    if flags & O_EXCL and flags & O_CREAT:
        return _DOUBTFUL if os.path.lexists(path) else _NEW
    if os.access(path, os.W_OK):
        return 0
    if flags & O_CREAT and not os.path.lexists(path):
        return _NEW
    return _DOUBTFUL
