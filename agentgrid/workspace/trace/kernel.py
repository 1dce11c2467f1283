"""The kernel's interface: system calls by number, the structures of seccomp user notification, and how to call it.

linux/seccomp.h, linux/audit.h, asm/unistd.h; seccomp_unotify(2). A program of another architecture than the kernel's own
(32-bit ones) has numbers of its own, and each table here is one architecture.
"""

import ctypes
import enum
import os
import struct
import sys
from typing import NamedTuple

AT_FDCWD = 0xFFFFFF9C  # -100, as the lower half of a register
O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC = 0o1, 0o2, 0o100, 0o200, 0o1000  # The same on all four.
O_PATH = 0o10000000
O_TMPFILE = 0o20000000  # Its own bit; O_DIRECTORY comes with it.
WRITES = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC
RENAME_EXCHANGE = 2
AT_REMOVEDIR = 0x200
X32_BIT = 0x40000000  # Calls of the x32 ABI have it in their number; otherwise they are x86-64's.


class Call(enum.IntEnum):
    """A traced call. A record's ``what`` is one of these, or of ``records.Also``."""

    OPEN = 1
    OPENAT = 2
    OPENAT2 = 3
    CREAT = 4
    RENAME = 5
    RENAMEAT = 6
    RENAMEAT2 = 7
    LINK = 8
    LINKAT = 9
    SYMLINK = 10
    SYMLINKAT = 11
    UNLINK = 12
    UNLINKAT = 13
    TRUNCATE = 14


class Where(NamedTuple):
    """Which arguments of a call name a path: the descriptor of the folder (-1: the working directory), and the string."""

    folder: int
    path: int


PATHS: dict[Call, tuple[Where, ...]] = {
    Call.OPEN: (Where(-1, 0),),
    Call.OPENAT: (Where(0, 1),),
    Call.OPENAT2: (Where(0, 1),),
    Call.CREAT: (Where(-1, 0),),
    Call.RENAME: (Where(-1, 0), Where(-1, 1)),
    Call.RENAMEAT: (Where(0, 1), Where(2, 3)),
    Call.RENAMEAT2: (Where(0, 1), Where(2, 3)),
    Call.LINK: (Where(-1, 1),),
    Call.LINKAT: (Where(2, 3),),
    Call.SYMLINK: (Where(-1, 1),),
    Call.SYMLINKAT: (Where(1, 2),),
    Call.UNLINK: (Where(-1, 0),),
    Call.UNLINKAT: (Where(0, 1),),
    Call.TRUNCATE: (Where(-1, 0),),
}


class Abi(NamedTuple):
    """What a program of one architecture calls."""

    audit: int
    """AUDIT_ARCH_…"""
    calls: dict[int, Call]
    io_uring_setup: int
    directory: int
    """O_DIRECTORY"""


O, OA, OA2, CR = Call.OPEN, Call.OPENAT, Call.OPENAT2, Call.CREAT  # noqa: E741
R, RA, RA2, L, LA = Call.RENAME, Call.RENAMEAT, Call.RENAMEAT2, Call.LINK, Call.LINKAT
S, SA, U, UA, T = Call.SYMLINK, Call.SYMLINKAT, Call.UNLINK, Call.UNLINKAT, Call.TRUNCATE

X86_64 = Abi(
    0xC000003E,
    {257: OA, 2: O, 437: OA2, 85: CR, 82: R, 264: RA, 316: RA2, 86: L, 265: LA, 88: S, 266: SA, 87: U, 263: UA, 76: T},
    425,
    0o200000,
)
I386 = Abi(
    0x40000003,
    {295: OA, 5: O, 437: OA2, 8: CR, 38: R, 302: RA, 353: RA2, 9: L, 303: LA, 83: S, 304: SA, 10: U, 301: UA, 92: T, 193: T},
    425,
    0o200000,
)
AARCH64 = Abi(0xC00000B7, {56: OA, 437: OA2, 38: RA, 276: RA2, 37: LA, 36: SA, 35: UA, 45: T}, 425, 0o40000)
ARM = Abi(
    0x40000028,
    {322: OA, 5: O, 437: OA2, 8: CR, 38: R, 329: RA, 382: RA2, 9: L, 330: LA, 83: S, 331: SA, 10: U, 328: UA, 92: T, 193: T},
    425,
    0o40000,
)
ABIS: dict[str, tuple[Abi, ...]] = {"x86_64": (X86_64, I386), "aarch64": (AARCH64, ARM)}
"""By machine: its own first, then the 32-bit one it also runs."""
BY_AUDIT = {abi.audit: abi for abis in ABIS.values() for abi in abis}

MACHINE = os.uname().machine if sys.platform == "linux" else ""
SECCOMP = {"x86_64": 317, "aarch64": 277}.get(MACHINE, -1)

# ---------------------------------------------------------------------- seccomp(2)

SET_MODE_FILTER, GET_ACTION_AVAIL, GET_NOTIF_SIZES = 1, 2, 3
NEW_LISTENER, WAIT_KILLABLE_RECV = 1 << 3, 1 << 5
RET_ALLOW, RET_USER_NOTIF, RET_ERRNO = 0x7FFF0000, 0x7FC00000, 0x00050000
PR_SET_NO_NEW_PRIVS = 38

IOCTL_RECV, IOCTL_SEND, IOCTL_ID_VALID, IOCTL_SET_FLAGS = 0xC0502100, 0xC0182101, 0x40082102, 0x40082104
SYNC_WAKE_UP = 1  # Since Linux 6.6: the two processes hand the processor to each other.
RESPONSE_CONTINUE = 1

NOTIFICATION = struct.Struct("=QIIiIQ6Q")  # struct seccomp_notif: id, pid, flags, and seccomp_data: number, audit, where, arguments
RESPONSE = struct.Struct("=QqiI")  # struct seccomp_notif_resp: id, value, error, flags
SIZES = struct.Struct("=HHH")  # struct seccomp_notif_sizes
KNOWN_SIZES = (NOTIFICATION.size, RESPONSE.size, 64)
DATA_NUMBER, DATA_AUDIT, DATA_ARGUMENTS = 0, 4, 16  # Offsets in struct seccomp_data.


class FilterProgram(ctypes.Structure):
    """struct sock_fprog, linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


LIBC = ctypes.CDLL(None, use_errno=True)


def call_seccomp(operation: int, flags: int, argument: object) -> int:
    """seccomp(2). Raises OSError."""
    result: int = LIBC.syscall(ctypes.c_long(SECCOMP), ctypes.c_uint(operation), ctypes.c_uint(flags), argument)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def forbid_new_privileges() -> None:
    """What the kernel wants before an unprivileged process may filter its calls. Raises OSError."""
    zero = ctypes.c_ulong(0)
    if LIBC.prctl(PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), zero, zero, zero) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
