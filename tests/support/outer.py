"""An outer terminal for tests: a PTY that answers as a kitty-like, an xterm-like or a silent terminal does.

    with Outer([sys.executable, "-m", "agentgrid", …], kind="kitty") as outer:
        outer.wait_for(b"ready")
        outer.send(b"\x1b[13;2u")
        assert outer.wait_exit() == 0
        outer.assert_restored()

What the program writes is in ``output``; feed it to an emulator to see the screen. ``modes`` is what it has set and not
undone. Nothing here sleeps: it reads until a condition holds or a deadline has passed.
"""

import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from agentgrid.geometry import Size

Kind = Literal["kitty", "xterm", "silent"]

_ASKED = re.compile(
    rb"\x1b\[\?(?P<mode>\d+)\$p|\x1b\[\?(?P<set>[\d;]+)(?P<on>[hl])|\x1b\[(?P<kitty>[>=<?])(?P<flags>[\d;]*)u"
    rb"|\x1b\[>4(?:;(?P<other>\d))?m|(?P<attributes>\x1b\[c)|\x1b\](?P<colour>1[012]);\?(?:\x07|\x1b\\)|\x1b(?P<keypad>[=>])"
    rb"|(?P<version>\x1b\[>0?q)|(?P<cursor>\x1b\[6n)|(?P<well>\x1b\[5n)|(?P<scheme>\x1b\[\?996n)|\x1b\[2[23](?:;\d)?t"
)
_KNOWN_MODES = {"kitty": {1004, 1006, 1016, 2004, 2026, 2031, 2048}, "xterm": {1004, 1006, 2004}, "silent": set[int]()}
_CELL = (10, 20)  # Pixels.
_LONGEST_QUESTION = 24  # Bytes; one may be cut at the end of a read.


class Outer:
    """A terminal with one program on it. The program is killed, and the PTY closed, at the end of the ``with``."""

    def __init__(
        self,
        command: Sequence[str],
        kind: Kind = "kitty",
        size: Size = Size(80, 24),
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        self.kind: Kind = kind
        self.size = size
        self.output = bytearray()
        self.modes: set[int] = set()
        """Private modes that are set."""
        self.kitty_stack: list[int] = []
        self.modify_other_keys = 0
        self.keypad = False
        self.exit_code: int | None = None
        self.answering = True
        self._scanned = 0
        variables = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "TERM_PROGRAM", "LC_TERMINAL", "TMUX"}}
        variables |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **(environment or {})}
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:  # pragma: no cover
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            fcntl.ioctl(0, termios.TIOCSWINSZ, self._packed_size())
            os.chdir(folder or ".")
            os.execvpe(command[0], list(command), variables)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, self._packed_size())
        os.set_blocking(self.descriptor, False)
        self.attributes_before = termios.tcgetattr(self.descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # ------------------------------------------------------------------ reading

    def read_until(self, condition: Callable[[], object], seconds: float = 20.0, what: str = "") -> None:
        """Read, and answer what is asked, until the condition holds; fails with the end of the output after so long."""
        deadline = time.monotonic() + seconds
        while not condition():
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"not within {seconds} s: {what or condition}; the output ends with {bytes(self.output[-400:])!r}")
            self._read(min(left, 0.02))

    def wait_for(self, text: bytes, seconds: float = 20.0, since: int = 0) -> int:
        """Read until the program has written this (after the first ``since`` bytes); where it ends."""
        self.read_until(lambda: self.output.find(text, since) >= 0, seconds, f"output {text!r}")
        return self.output.find(text, since) + len(text)

    def read_for(self, seconds: float) -> None:
        """Read for so long: for what must not happen."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self._read(left)

    def wait_exit(self, seconds: float = 20.0) -> int:
        """Read until the program has ended; its exit code, negative for a signal."""
        self.read_until(self._has_exited, seconds, "the program ends")
        while self._read(0.0):
            pass
        assert self.exit_code is not None
        return self.exit_code

    def _has_exited(self) -> bool:
        if self.exit_code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.exit_code = os.waitstatus_to_exitcode(status)
        return self.exit_code is not None

    def _read(self, seconds: float) -> bool:
        """Read once; whether there was anything."""
        if not select.select([self.descriptor], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.descriptor, 65536)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            select.select([], [], [], min(seconds, 0.01))  # Nobody has the other side open: the program is about to end.
            return False
        self.output += data
        self._follow()
        return bool(data)

    def _follow(self) -> None:
        """Note modes and answer questions, each once, in order."""
        while found := _ASKED.search(self.output, self._scanned):
            self._scanned = found.end()
            self._on_sequence(found)
        self._scanned = max(self._scanned, len(self.output) - _LONGEST_QUESTION)

    def _on_sequence(self, found: "re.Match[bytes]") -> None:
        asked = {name: value for name, value in found.groupdict().items() if value is not None}
        match asked:
            case {"mode": mode}:
                number = int(mode)
                state = (1 if number in self.modes else 2) if number in _KNOWN_MODES[self.kind] else 0
                self._answer(b"\x1b[?%d;%d$y" % (number, state))
            case {"set": numbers, "on": on}:
                for number in map(int, numbers.split(b";")):
                    (self.modes.add if on == b"h" else self.modes.discard)(number)
                    if number == 2048 and on == b"h" and self.kind == "kitty":
                        self.tell_size()
            case {"kitty": operation, "flags": flags}:
                self._on_kitty(operation, [int(flag) for flag in flags.split(b";") if flag])
            case {"attributes": _}:
                self._answer(b"\x1b[?62;4;22c")
            case {"colour": number}:
                self._answer(b"\x1b]%s;rgb:1e1e/1e1e/2e2e\x1b\\" % number)
            case {"keypad": on}:
                self.keypad = on == b"="
            case {"version": _}:
                self._answer(b"\x1bP>|%s(1)\x1b\\" % self.kind.encode())
            case {"cursor": _}:
                self._answer(b"\x1b[1;1R")
            case {"well": _}:
                self._answer(b"\x1b[0n")
            case {"scheme": _}:
                self._answer(b"\x1b[?997;1n")
            case _:
                if found.group().startswith(b"\x1b[>4"):
                    self.modify_other_keys = int(asked.get("other", b"0"))

    def _on_kitty(self, operation: bytes, numbers: list[int]) -> None:
        if self.kind != "kitty":
            return
        match operation:
            case b">":
                self.kitty_stack.append(numbers[0] if numbers else 0)
            case b"<":
                del self.kitty_stack[-(numbers[0] if numbers else 1) :]
            case b"=":
                assert self.kitty_stack, "flags set without a level of one's own"
                self.kitty_stack[-1] = numbers[0]
            case _:
                self._answer(b"\x1b[?%du" % (self.kitty_stack[-1] if self.kitty_stack else 0))

    def _answer(self, data: bytes) -> None:
        if self.kind != "silent" and self.answering:
            self.send(data)

    # ------------------------------------------------------------------ writing

    def send(self, data: bytes, seconds: float = 60.0) -> None:
        """Type bytes, reading the while."""
        view, deadline = memoryview(data), time.monotonic() + seconds
        while view:
            assert time.monotonic() < deadline, f"{len(view)} bytes not taken"
            readable, writable, _ = select.select([self.descriptor], [self.descriptor], [], 0.5)
            if readable:
                self._collect()
            if writable:
                try:
                    view = view[os.write(self.descriptor, view[:4096]) :]
                except BlockingIOError:
                    continue
        self._follow()

    def _collect(self) -> None:
        try:
            self.output += os.read(self.descriptor, 65536)
        except BlockingIOError:
            return

    def resize(self, size: Size, in_band: bool | None = None) -> None:
        """Another size, by SIGWINCH, and in band when the program has asked for it (or as told)."""
        self.size = size
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, self._packed_size())
        if in_band if in_band is not None else 2048 in self.modes and self.kind == "kitty":
            self.tell_size()

    def tell_size(self) -> None:
        columns, rows = self.size
        self._answer(b"\x1b[48;%d;%d;%d;%dt" % (rows, columns, rows * _CELL[1], columns * _CELL[0]))

    def _packed_size(self) -> bytes:
        return struct.pack("HHHH", self.size.rows, self.size.columns, self.size.columns * _CELL[0], self.size.rows * _CELL[1])

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    # ------------------------------------------------------------------ the end

    @property
    def attributes(self) -> list[Any]:
        """The terminal's line settings now (termios)."""
        return termios.tcgetattr(self.descriptor)

    def assert_restored(self) -> None:
        """All is as it was before the program began."""
        self._read(0.0)
        assert self.modes <= {7, 25}, f"still set: {self.modes}"
        assert {7, 25} <= self.modes, "no cursor, or no wrapping"
        assert self.kitty_stack == []
        assert self.modify_other_keys == 0
        assert not self.keypad
        assert self.attributes == self.attributes_before

    def hang_up(self) -> None:
        """The window is closed: the program loses its terminal."""
        os.close(self.descriptor)
        self.descriptor = -1

    def close(self) -> None:
        if self.exit_code is None:
            try:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
            except (ProcessLookupError, ChildProcessError):
                pass
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1
