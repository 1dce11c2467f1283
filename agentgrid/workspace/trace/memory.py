"""Read the path that a system call names from the memory of the process that makes it, and what it is relative to.

The process waits meanwhile, so what is read is what the kernel will use, unless another of its threads changes it: this is
to know an author, not to guard anything.

A string is read page by page, since the page after its end may not be there. Where one process may not read another's memory
in one call (a container's own filter), /proc/PID/mem is tried; a process that forbids both (not dumpable, Yama and not our
descendant) keeps its paths to itself.
"""

import ctypes
import os
import sys

from agentgrid.workspace.trace.kernel import AT_FDCWD, LIBC, Vector

PAGE_BYTES = 4096  # No page is smaller, and larger ones begin at its multiples.
FIRST_BYTES = 512  # Nearly every path is shorter, and one read takes it whole.
MAX_PATH_BYTES = 4096  # PATH_MAX, with its final NUL.
FD_BITS = 0xFFFFFFFF

_buffer = ctypes.create_string_buffer(MAX_PATH_BYTES)
_ours, _theirs = Vector(ctypes.addressof(_buffer), 0), Vector(0, 0)
_ours_at, _theirs_at = ctypes.byref(_ours), ctypes.byref(_theirs)
_readv = LIBC.process_vm_readv if sys.platform == "linux" else LIBC.getpid  # Elsewhere there is nobody to read.
_readv.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong]
_readv.restype = ctypes.c_ssize_t


def read_memory(pid: int, address: int, length: int) -> bytes:
    """Some bytes of a process, which must not go beyond a page that may be missing. Raises OSError."""
    _ours.length = _theirs.length = length
    _theirs.base = address
    got = _readv(pid, _ours_at, 1, _theirs_at, 1, 0)
    if got >= 0:
        return ctypes.string_at(_buffer, got)
    number = ctypes.get_errno()
    try:
        descriptor = os.open(f"/proc/{pid}/mem", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        raise OSError(number, os.strerror(number)) from None
    try:
        return os.pread(descriptor, length, address)
    finally:
        os.close(descriptor)


def read_string(pid: int, address: int) -> bytes:
    """A string up to its NUL, or as much of it as a path could be. Raises OSError."""
    found = read_memory(pid, address, min(FIRST_BYTES, PAGE_BYTES - address % PAGE_BYTES))
    end = found.find(b"\0")
    if end >= 0:
        return found[:end]
    while 0 < len(found) < MAX_PATH_BYTES:
        start = address + len(found)
        more = read_memory(pid, start, min(PAGE_BYTES - start % PAGE_BYTES, MAX_PATH_BYTES - len(found)))
        end = more.find(b"\0")
        if end >= 0:
            return found + more[:end]
        if not more:
            break
        found += more
    return found


def absolute(pid: int, folder: int, path: bytes) -> bytes:
    """A path as seen from the root; ``folder`` is the call's descriptor, -1 for the working directory. Raises OSError.

    It may still have ``..`` and symbolic links in it. What a process calls its own descriptor (/dev/stdout) is looked up.
    """
    if path[:1] == b"/":
        return _own(pid, path) if path.startswith((b"/dev/", b"/proc/self/")) else path
    if folder == -1 or folder & FD_BITS == AT_FDCWD:
        base = os.readlink(b"/proc/%d/cwd" % pid)
    else:
        base = os.readlink(b"/proc/%d/fd/%d" % (pid, folder & FD_BITS))
    return base + b"/" + path if path else base


STANDARD = {b"/dev/stdin": b"0", b"/dev/stdout": b"1", b"/dev/stderr": b"2"}


def _own(pid: int, path: bytes) -> bytes:
    """``/dev/stdout``, ``/dev/fd/3`` and ``/proc/self/fd/3`` are files that the process has open."""
    number = STANDARD.get(path, b"")
    for prefix in (b"/dev/fd/", b"/proc/self/fd/"):
        if path.startswith(prefix):
            number = path[len(prefix) :]
    return os.readlink(b"/proc/%d/fd/%s" % (pid, number)) if number.isdigit() else path
