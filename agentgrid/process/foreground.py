"""Which program has a pane's terminal: the shell itself, or what somebody runs in it.

One ioctl says which process group is in the foreground, cheap enough to ask once a frame; only when it is another one than
before is its command line read.
"""

import os
import sys

if sys.platform != "linux":
    import subprocess

MAX_COMMAND_BYTES = 64 * 1024  # Whose program it is stands at the beginning; a command line can be megabytes of file names.


def foreground_group(descriptor: int) -> int:
    """The process group in the foreground of a PTY, by either of its ends; 0 when there is none or nobody has it open."""
    try:
        return max(os.tcgetpgrp(descriptor), 0)
    except OSError:
        return 0


if sys.platform == "linux":

    def command_line(pid: int) -> tuple[str, ...]:
        """The words of a process's command line; none when it has ended or hides them."""
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                text = file.read(MAX_COMMAND_BYTES)
        except OSError:
            return ()
        return tuple(os.fsdecode(word) for word in text.removesuffix(b"\0").split(b"\0")) if text else ()

else:

    def command_line(pid: int) -> tuple[str, ...]:
        """The words of a process's command line, as far as ps(1) keeps them apart; none when it has ended."""
        argv = ["/bin/ps", "-ww", "-o", "args=", "-p", str(pid)]
        listing = subprocess.run(argv, capture_output=True, check=False, stdin=subprocess.DEVNULL)
        return tuple(os.fsdecode(listing.stdout[:MAX_COMMAND_BYTES]).split())


def is_stopped(descriptor: int) -> bool:
    """Whether the program that has the terminal in the foreground is stopped (SIGSTOP); False where the system does not tell."""
    group = foreground_group(descriptor)
    if sys.platform != "linux" or not group:
        return False
    try:
        with open(f"/proc/{group}/stat", "rb") as file:
            return file.read().rpartition(b") ")[2][:1] in b"Tt"
    except OSError:
        return False
