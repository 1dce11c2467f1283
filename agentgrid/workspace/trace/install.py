"""Put a program under trace: in its process, after fork and before exec, and hand the listener to its host.

    host    ours, theirs = socket.socketpair()
    child   start_tracing(theirs.fileno())      just before exec; never fails, says why instead
    host    listener, problem = take_listener(ours)

The filter is the process's and all its descendants' for good: no new privileges (set-uid programs run without theirs), and
without anybody who answers every traced call fails with ENOSYS. So only a child that is about to exec may do this, and
whoever holds the listener keeps it as long as the program runs.

Between ``start_tracing`` and exec the child opens nothing for writing; from then on its calls wait for the supervisor.
"""

import array
import ctypes
import errno
import os
import socket
import sys

from agentgrid.workspace.trace.filter import assemble, build_filter
from agentgrid.workspace.trace.kernel import (
    ABIS,
    GET_ACTION_AVAIL,
    GET_NOTIF_SIZES,
    KNOWN_SIZES,
    MACHINE,
    NEW_LISTENER,
    RET_USER_NOTIF,
    SET_MODE_FILTER,
    SIZES,
    WAIT_KILLABLE_RECV,
    FilterProgram,
    call_seccomp,
    forbid_new_privileges,
)

MAX_PROBLEM_BYTES = 500  # One line.
CLOSE_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)  # Linux has it, and nothing else comes as far.

WHY_NOT = {
    errno.EBUSY: "this runs inside of something that watches calls in the same way, such as another agentgrid's traced pane",
    errno.EPERM: "this system or container forbids seccomp filters",
    errno.ENOSYS: "this system or container has no seccomp filters",
    errno.EACCES: "this system or container forbids seccomp filters",
    errno.EINVAL: "this kernel is too old; Linux 5.5 or newer can",
    errno.EOPNOTSUPP: "this kernel is too old; Linux 5.5 or newer can",
}


def available() -> str:
    """'' when programs can be traced here as far as can be told without trying; else why not, in one line."""
    if sys.platform != "linux":
        return "only Linux can tell who writes a file"
    if MACHINE not in ABIS:
        return f"it is not written for {MACHINE} machines; it is for {' and '.join(ABIS)}"
    action = ctypes.c_uint32(RET_USER_NOTIF)
    sizes = ctypes.create_string_buffer(SIZES.size)
    try:
        call_seccomp(GET_ACTION_AVAIL, 0, ctypes.byref(action))
        call_seccomp(GET_NOTIF_SIZES, 0, sizes)
    except OSError as error:
        return _why_not(error)
    if SIZES.unpack(sizes.raw) != KNOWN_SIZES:
        return "this kernel's seccomp speaks a newer dialect; a newer agentgrid may know it"
    return ""


def install(*, reads: bool = False) -> int:
    """Filter the calls of this process and all it will start; the listener's descriptor. Raises OSError: nothing has changed then.

    Signals are held back while a call waits for its answer (WAIT_KILLABLE_RECV, Linux 5.19), or a storm of them would
    repeat the call without end.
    """
    instructions = assemble(build_filter(MACHINE, reads=reads))
    buffer = ctypes.create_string_buffer(instructions, len(instructions))
    program = FilterProgram(len(instructions) // 8, ctypes.addressof(buffer))
    forbid_new_privileges()
    try:
        return call_seccomp(SET_MODE_FILTER, NEW_LISTENER | WAIT_KILLABLE_RECV, ctypes.byref(program))
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    return call_seccomp(SET_MODE_FILTER, NEW_LISTENER, ctypes.byref(program))


def start_tracing(channel: int, *, reads: bool = False) -> None:
    """In the child: install, and send the listener, or a line that says why there is none, over a socket. Closes both."""
    connection = socket.socket(fileno=channel)
    problem = available()
    if not problem:
        try:
            listener = install(reads=reads)
        except OSError as error:
            problem = _why_not(error)
        else:
            connection.sendmsg([b"\0"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [listener]))])
            os.close(listener)
    if problem:
        connection.sendall(problem.encode())
    connection.close()


def take_listener(connection: socket.socket) -> tuple[int, str]:
    """In the host: the listener, or -1 and why there is none. Close the child's end first, or this waits for ever."""
    data, rights, _, _ = connection.recvmsg(MAX_PROBLEM_BYTES, socket.CMSG_SPACE(4), CLOSE_ON_EXEC)
    for level, kind, received in rights:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            return array.array("i", received[:4])[0], ""
    return -1, data.decode("utf-8", "replace") or "its process ended before it could be traced"


def _why_not(error: OSError) -> str:
    return WHY_NOT.get(error.errno or 0, f"the kernel refuses ({error.strerror})")
