"""Read the path that a system call names from the memory of the process that makes it, and what it is relative to.

The process waits meanwhile, so what is read is what the kernel will use, unless another of its threads changes it: this is
to know an author, not to guard anything.

/proc/PID/mem of the last few processes stays open, for a read of it is a microsecond and everything else takes more. Such a
descriptor belongs to one memory, not to a number: when the process has ended, or runs another program, a read gives nothing,
and it is opened again. A process that keeps others out (not dumpable, Yama and not our descendant) keeps its paths to itself.
"""

import os

from agentgrid.workspace.trace.kernel import AT_FDCWD

FIRST_BYTES = 256  # Nearly every path is shorter, and one read takes it whole.
MAX_PATH_BYTES = 4096  # PATH_MAX, with its final NUL.
MAX_OPEN = 8  # Processes that write by turns; a descriptor holds on to a little memory of the kernel's.
LOW_BITS = 0xFFFFFFFF


class Memories:
    """Owned by a supervisor."""

    def __init__(self) -> None:
        self._open: dict[int, int] = {}

    def read(self, pid: int, address: int, length: int) -> bytes:
        """Some bytes of a process, as many as are there. Raises OSError."""
        descriptor = self._open.get(pid, -1)
        if descriptor >= 0:
            found = os.pread(descriptor, length, address)
            if found:
                return found
            os.close(self._open.pop(pid))
        descriptor = os.open(b"/proc/%d/mem" % pid, os.O_RDONLY | os.O_CLOEXEC)
        if len(self._open) >= MAX_OPEN:
            os.close(self._open.pop(next(iter(self._open))))
        self._open[pid] = descriptor
        return os.pread(descriptor, length, address)

    def string(self, pid: int, address: int) -> bytes:
        """A string up to its NUL, or as much of it as a path could be. Raises OSError.

        A read ends where memory does, so the page after the string need not be there.
        """
        found = self.read(pid, address, FIRST_BYTES)
        end = found.find(b"\0")
        if end < 0:
            found = self.read(pid, address, MAX_PATH_BYTES)
            end = found.find(b"\0")
        return found[:end] if end >= 0 else found

    def close(self) -> None:
        for descriptor in self._open.values():
            os.close(descriptor)
        self._open.clear()


def absolute(pid: int, folder: int, path: bytes) -> bytes:
    """A path as seen from the root; ``folder`` is the call's descriptor, -1 for the working directory. Raises OSError.

    It may still have ``..`` and symbolic links in it. What a process calls by a descriptor (/dev/stdout, /proc/self/fd/3/name) is
    looked up.
    """
    if path[:1] == b"/":
        return _own(pid, path) if path.startswith((b"/dev/", b"/proc/")) else path
    if folder == -1 or folder & LOW_BITS == AT_FDCWD:
        base = os.readlink(b"/proc/%d/cwd" % pid)
    else:
        base = os.readlink(b"/proc/%d/fd/%d" % (pid, folder & LOW_BITS))
    return base + b"/" + path if path else base


STANDARD = {b"/dev/stdin": b"0", b"/dev/stdout": b"1", b"/dev/stderr": b"2"}


def _own(pid: int, path: bytes) -> bytes:
    """``/dev/stdout``, ``/dev/fd/3`` and ``/proc/self/fd/3`` are files that the process has open; ``/proc/self/fd/3/name`` is in a
    folder that it has open, which is how a program keeps to a folder that others may move meanwhile."""
    words = path.split(b"/", 5)
    number = STANDARD.get(path, b"")
    process, rest = b"%d" % pid, b""
    if words[1:3] == [b"dev", b"fd"] and len(words) > 3:
        number, rest = words[3], b"/".join(words[4:])
    elif words[1] == b"proc" and len(words) > 4 and words[3] == b"fd":
        process = process if words[2] in (b"self", b"thread-self") else words[2]
        number, rest = words[4], b"/".join(words[5:])
    elif words[1] == b"proc" and len(words) > 4 and words[3] in (b"cwd", b"root"):
        process = process if words[2] in (b"self", b"thread-self") else words[2]
        base = os.readlink(b"/proc/%s/%s" % (process, words[3]))
        return base.rstrip(b"/") + b"/" + b"/".join(words[4:])
    if not number.isdigit() or not process.isdigit():
        return path
    base = os.readlink(b"/proc/%s/fd/%s" % (process, number))
    return base + b"/" + rest if rest else base
