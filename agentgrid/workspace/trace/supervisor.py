"""The supervisor: answers the kernel for every traced call of a pane's programs, and writes down what they were about to do.

Theory of operation. A traced call stops in the kernel until somebody who holds the listener has received its notification
and answered it. We read which path the call names, answer ``continue`` (the kernel then makes the call as if nothing had
been), and hand a record to the outlet. Never is a call refused, changed or made to wait for the server.

If nobody held the listener, every traced call would fail (ENOSYS). So the server keeps a duplicate, and when a host is
killed a successor goes on with it. What the dead one had received and not answered would hang for ever, as the kernel
hands a notification out once. Therefore the notification is received into a page that both share (the ``Desk``), written by
the kernel itself before the call that receives it returns: a successor finds it there and answers it. Beside it are the records
that no server has taken as yet.

What would make others wait is not done before the answer: no file system is asked, except about paths in the pane's own
folder. An answer that fails means that the process was killed meanwhile, and that what we have read may have been another
process of the same number: there is no record then (seccomp_unotify(2), "ID_VALID").
"""

import contextlib
import ctypes
import errno
import fcntl
import os
import select
import time

from agentgrid.workspace.trace.counters import characters_written
from agentgrid.workspace.trace.desk import Desk
from agentgrid.workspace.trace.kernel import (
    ABIS,
    IOCTL_RECV,
    IOCTL_SEND,
    IOCTL_SET_FLAGS,
    LIBC,
    NOTIFICATION,
    O_CREAT,
    O_EXCL,
    O_RDWR,
    O_TMPFILE,
    O_TRUNC,
    O_WRONLY,
    PATHS,
    RENAME_EXCHANGE,
    RESPONSE,
    RESPONSE_CONTINUE,
    SYNC_WAKE_UP,
    WRITES,
    X32_BIT,
    Call,
)
from agentgrid.workspace.trace.memory import Memories, absolute
from agentgrid.workspace.trace.outlet import Outlet
from agentgrid.workspace.trace.program import Programs
from agentgrid.workspace.trace.records import BEFORE as BEFORE_RECORD
from agentgrid.workspace.trace.records import WHAT, Flag, What, encode

LINGER_MILLISECONDS = 1  # A program's next call is often not far away.
BURST_NS, LOOKS = 250_000, 100  # In a burst it is so near (these looks take 70 µs) that falling asleep would take longer.
AT_ONCE = 64  # Notifications handled before the host looks at its other descriptors.
UNINTERESTING = (b"/dev/", b"/proc/", b"/sys/")
GIT = b"/.git/"  # git's own files: that they were touched is all that is asked of them.
OBJECTS = b"/.git/objects/"  # git's own store: as many files as all others, and never what anybody looks for.

# What follows is asked for every call of every program, and an enumeration's hash is a function in Python: plain numbers.
EXCHANGE, READ, WRITE, RENAME, PROGRAM = map(int, (What.EXCHANGE, What.READ, What.WRITE, What.RENAME, What.PROGRAM))
NEW, DOUBTFUL, BLIND, BEFORE, CUTS, READS, CALL_ITSELF = map(
    int, (Flag.NEW, Flag.DOUBTFUL, Flag.BLIND, Flag.BEFORE, Flag.CUTS, Flag.READS, Flag.AT_ONCE)
)
IN_ARGUMENT, IN_MEMORY, FIXED, NO_FLAGS = range(4)
"""Where the flags of an opening are: an argument, a structure that an argument points to, all that write, none."""
FLAGS = {Call.OPEN: (IN_ARGUMENT, 1), Call.OPENAT: (IN_ARGUMENT, 2), Call.OPENAT2: (IN_MEMORY, 2), Call.CREAT: (FIXED, 0)}
PLANS = {
    abi.audit: {
        number: (int(WHAT[call]), FLAGS.get(call, (NO_FLAGS, 0)), tuple(map(tuple, PATHS[call])), call is Call.RENAMEAT2)
        for number, call in abi.calls.items()
    }
    for abis in ABIS.values()
    for abi in abis
}
"""By architecture and number: what the call does, its flags, the (folder, path) arguments, whether it has flags of renaming."""
NO_PLANS: dict[int, tuple[int, tuple[int, int], tuple[tuple[int, ...], ...], bool]] = {}
BLANK = bytes(NOTIFICATION.size)
CHANGES = O_WRONLY | O_RDWR | O_TRUNC

_ioctl = LIBC.ioctl
_ioctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p]


class Supervisor:
    """Owned by a pane's host, which waits for ``fileno()`` and calls ``serve``, and ``outlet.flush`` when that is due."""

    def __init__(
        self, listener: int, outlet: Outlet, *, folders: tuple[bytes, ...] = (), reads: bool = False, predecessor: Desk | None = None
    ) -> None:
        """``folders``: whose files are looked at before a call goes on. ``predecessor``: the desk of a host that was killed."""
        self.outlet = outlet
        self.desk = Desk()
        self.handled = 0
        self._answered_ns = 0
        self._listener = listener
        self._reads = reads
        self._folders = tuple(folder.rstrip(b"/") + b"/" for folder in folders)
        self._programs = Programs()
        self._memories = Memories()
        self._poll = select.poll()
        self._poll.register(listener, select.POLLIN)
        with contextlib.suppress(OSError):  # Older than Linux 6.6.
            fcntl.ioctl(listener, IOCTL_SET_FLAGS, SYNC_WAKE_UP)
        outlet.emptied = self.desk.sent
        if predecessor is not None:
            self.desk.take_over(predecessor)
            if journal := self.desk.journal:
                outlet.put(journal, time.monotonic())
            self._answer()

    def fileno(self) -> int:
        """The listener: readable when a call waits, hung up when no traced process is left."""
        return self._listener

    def serve(self) -> bool:
        """Answer what waits, and what comes right after it. False when nothing will ever wait again."""
        poll, page, address, listener = self._poll.poll, self.desk.page, self.desk.address, self._listener
        looks = 1
        for _ in range(AT_ONCE):
            for _ in range(looks):
                ready = poll(0)
                if ready:
                    break
            else:
                ready = poll(LINGER_MILLISECONDS)
            if not ready:
                return True
            if not ready[0][1] & select.POLLIN:
                return False
            page[: len(BLANK)] = BLANK
            if _ioctl(listener, IOCTL_RECV, address) == 0:
                before = self._answered_ns
                self._answer()
                looks = LOOKS if self._answered_ns - before < BURST_NS else 1
            elif ctypes.get_errno() not in (errno.ENOENT, errno.EINTR):  # Killed before we came, or a signal to us.
                number = ctypes.get_errno()
                raise OSError(number, os.strerror(number))
        return True

    def close(self) -> None:
        """Give up the listener; without another holder, traced calls fail from now on."""
        os.close(self._listener)
        self._memories.close()
        self.desk.close()
        self.outlet.disconnect()

    def _answer(self) -> None:
        """Answer the call on the desk, and write it down."""
        number, pid, _, call, audit, _, *arguments = NOTIFICATION.unpack_from(self.desk.page)
        if number == 0:
            return
        if self.desk.noted == number:  # By a predecessor.
            with contextlib.suppress(OSError):  # It has answered, too.
                self._send(number)
            return
        now = self._answered_ns = time.monotonic_ns()
        plan = PLANS.get(audit, NO_PLANS).get(call & ~X32_BIT)
        told = None
        program = b""
        if plan is not None:
            try:
                told = self._look(plan, pid, arguments)
            except OSError:
                told = plan[0], BLIND, b"", b""
            if told is not None:
                program = self._programs.news(pid, told[2], now)
        record = b""
        if told is not None:
            what, flags, path, other = told
            record = (encode(PROGRAM, 0, pid, now, program) if program else b"") + encode(what, flags, pid, now, path, other)
        length = self.desk.note(number, record)
        try:
            self._send(number)
        except OSError:
            self.desk.retract(length)
            return
        self.handled += 1
        if record:
            self.outlet.put(record, now / 1e9)

    def _send(self, number: int) -> None:
        """Let the call be made. Raises OSError when its process has been killed."""
        fcntl.ioctl(self._listener, IOCTL_SEND, RESPONSE.pack(number, 0, 0, RESPONSE_CONTINUE))

    def _look(
        self, plan: tuple[int, tuple[int, int], tuple[tuple[int, ...], ...], bool], pid: int, arguments: list[int]
    ) -> tuple[int, int, bytes, bytes] | None:
        """What the call is about: what, flags, path and other path; None when it is nothing to tell of. Raises OSError."""
        what, (where, at), names, renames = plan
        flags = WRITES
        if where == IN_ARGUMENT:
            flags = arguments[at]
        elif where == IN_MEMORY:
            flags = int.from_bytes(self._memories.read(pid, arguments[at], 8), "little")  # struct open_how begins with its flags.
        folder, place = names[-1]
        path = absolute(pid, -1 if folder < 0 else arguments[folder], self._memories.string(pid, arguments[place]))
        other = b""
        if len(names) > 1:
            folder, place = names[0]
            other = absolute(pid, -1 if folder < 0 else arguments[folder], self._memories.string(pid, arguments[place]))
        ours = path.startswith(self._folders)
        if (not ours and path.startswith(UNINTERESTING)) or OBJECTS in path:
            return None
        if what == WRITE:
            if flags & O_TMPFILE == O_TMPFILE:
                return None
            if where == NO_FLAGS:
                return what, CALL_ITSELF | (DOUBTFUL if ours and not os.access(path, os.W_OK) else 0), path, other
            if not flags & WRITES:
                return (READ, 0, path, other) if self._reads else None
            outlook, before = _outlook(pid, path, flags) if ours and GIT not in path else (0, b"")
            return what, outlook | (0 if flags & CHANGES else READS), path, before
        if what == RENAME:
            if renames and arguments[4] & RENAME_EXCHANGE:
                return EXCHANGE, 0, path, other
            return what, NEW if ours and not os.access(path, os.F_OK) else 0, path, other
        return what, 0, path, other


def _outlook(pid: int, path: bytes, flags: int) -> tuple[int, bytes]:
    """Whether a file will be new, whether opening it will probably fail; where opening it changes nothing as yet, what there is before."""
    if not os.access(path, os.F_OK):  # Of most new files there is no more to ask, and no exception costs less.
        return NEW if flags & O_CREAT else DOUBTFUL, b""
    if flags & (O_EXCL | O_CREAT) == O_EXCL | O_CREAT:
        return DOUBTFUL, b""
    try:
        status = os.stat(path)
    except OSError:
        return DOUBTFUL, b""
    if flags & CHANGES and not os.access(path, os.W_OK):
        return DOUBTFUL, b""
    if flags & O_TRUNC and status.st_size:
        return CUTS, b""
    return BEFORE, BEFORE_RECORD.pack(status.st_size, status.st_mtime_ns, characters_written(pid))
