"""What Linux offers a process beyond what Python has everywhere: prctl(2), pidfd_open(2), malloc_trim(3). Elsewhere these do nothing,
and say so."""

import ctypes
import os
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


def follow(pid: int) -> int:
    """A descriptor that stands for this process and never for another of its number: readable once it has ended, whoever its
    parent is. -1 where there is no such thing: elsewhere, before Linux 5.3, and where a container forbids it."""
    if sys.platform != "linux":
        return -1
    try:
        return os.pidfd_open(pid)
    except OSError:
        return -1


def give_back_memory() -> bool:
    """Return to the system what is free: glibc keeps it, tens of megabytes after a flood. False where there is no such thing (musl)."""
    if sys.platform == "linux" and hasattr(LIBC, "malloc_trim"):
        return bool(LIBC.malloc_trim(0))
    return False
