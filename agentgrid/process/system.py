"""What Linux offers a process beyond the standard library: prctl(2). Elsewhere these do nothing, and say so by False."""

import ctypes
import sys

PR_SET_NAME, PR_SET_CHILD_SUBREAPER = 15, 36  # linux/prctl.h


if sys.platform == "linux":
    LIBC = ctypes.CDLL(None)
    LIBC.prctl.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_ulong]


def become_subreaper() -> bool:
    """Make orphans among our descendants our children, however far they went (a daemon's double fork, setsid)."""
    return sys.platform == "linux" and bool(LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)


def set_process_name(name: bytes) -> bool:
    """The name that ``ps -o comm`` and ``top`` show; the kernel keeps 15 bytes."""
    return sys.platform == "linux" and bool(LIBC.prctl(PR_SET_NAME, name, 0, 0, 0) == 0)
