"""Which program a process runs, told once a process: ``sed``, and of git the command, ``git checkout``.

Asked for while the process waits for an answer, so it is there. A shell that runs a program in its own place keeps its
number: so it is asked again after a while, and when git takes its lock. A command's arguments are never told: they may hold
what nobody should read.
"""

import os

AGAIN_NS = 1_000_000_000  # A process may have become another program since.
MAX_KNOWN = 1000  # Processes; a build has many, each for a moment.
MAX_ARGUMENTS_BYTES = 4096  # git's command is one of its first words.
LOCK = b"/index.lock"
TAKES_A_WORD = frozenset({b"-C", b"-c", b"--git-dir", b"--work-tree", b"--namespace", b"--exec-path", b"--config-env", b"--attr-source"})


class Programs:
    """Owned by a supervisor."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, bytes]] = {}

    def news(self, pid: int, path: bytes, now: int) -> bytes:
        """The program of a process, if that has not been told; else b''."""
        known = self._known.get(pid)
        if known is not None and now - known[0] < AGAIN_NS and not path.endswith(LOCK):
            return b""
        name = program_of(pid)
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        self._known[pid] = now, name
        return b"" if known is not None and known[1] == name else name


def program_of(pid: int) -> bytes:
    """What a process runs now; b'' when it does not say."""
    name = _read(b"/proc/%d/comm" % pid).rstrip(b"\n")
    if name == b"git":
        command = git_command(_read(b"/proc/%d/cmdline" % pid).split(b"\0"))
        return b"git " + command if command else name
    return name


def git_command(words: list[bytes]) -> bytes:
    """``checkout`` of ``git -C folder checkout …``."""
    rest = iter(words[1:])
    for word in rest:
        if word in TAKES_A_WORD:
            next(rest, b"")
        elif word and not word.startswith(b"-"):
            return word
    return b""


def _read(path: bytes) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        return os.read(descriptor, MAX_ARGUMENTS_BYTES)
    except OSError:
        return b""
    finally:
        os.close(descriptor)
