"""What the kernel counts of a process: the bytes it has written, to whatever (proc(5), ``io``).

It counts what goes through write(2) and its relatives, sendfile(2) and copy_file_range(2); not what is written into a mapping,
nor cutting a file. Threads of one process are counted together. A process that keeps others out (not dumpable) is silent.
"""

import os

UNKNOWN = -1
ENOUGH_BYTES = 256  # The second line of seven short ones.


def characters_written(pid: int) -> int:
    """How many; ``UNKNOWN`` when the process has ended or does not say."""
    try:
        descriptor = os.open(b"/proc/%d/io" % pid, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return UNKNOWN
    try:
        _, found, rest = os.read(descriptor, ENOUGH_BYTES).partition(b"wchar: ")
    except OSError:
        return UNKNOWN
    finally:
        os.close(descriptor)
    return int(rest.split(b"\n", 1)[0]) if found else UNKNOWN
