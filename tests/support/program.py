"""A program on a real PTY, seen through agentgrid's emulator. Everything that is waited for has a deadline."""

import os
import select
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from ptyprocess import PtyProcess

from agentgrid.geometry import Size
from agentgrid.terminal.effects import Effect, Reply
from agentgrid.terminal.pyte_emulator import PyteEmulator

DEADLINE_SECONDS = 20.0  # Generous: a loaded machine is no failure, and what comes true ends the wait at once.


class Program:
    """Owned by one test, as a context manager that ends the program.

    ``answers``: what the program asks the terminal is answered, as a pane does it.
    """

    def __init__(
        self,
        argv: Sequence[str],
        size: Size = Size(80, 24),
        *,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
        answers: bool = True,
    ) -> None:
        self.emulator = PyteEmulator(size)
        self.output = bytearray()
        self.effects: list[Effect] = []
        self._answers = answers
        self._process = PtyProcess.spawn(
            list(argv),
            cwd=str(folder) if folder else None,
            env={**_inherited(), "TERM": "xterm-256color", **(environment or {})},
            dimensions=(size.rows, size.columns),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.close(force=True)

    @property
    def pid(self) -> int:
        return int(self._process.pid)

    @property
    def rows(self) -> list[str]:
        """The screen's rows as text, without trailing blanks."""
        return ["".join(run.text for run in row).rstrip() for row in self.emulator.snapshot().rows]

    @property
    def text(self) -> str:
        return "\n".join(self.rows)

    def type(self, text: str) -> None:
        """Press keys: the bytes of a text, in one write."""
        os.write(self._process.fd, text.encode())

    def resize(self, size: Size) -> None:
        self.emulator.resize(size)
        self._process.setwinsize(size.rows, size.columns)

    def wait(self, condition: Callable[[], object], what: str = "") -> None:
        """Read what the program prints until the condition holds. Fails with the screen when it does not in time, or can no more."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not condition():
            left = deadline - time.monotonic()
            if left <= 0 or not self._read(left):
                raise AssertionError(f"{'too late' if left <= 0 else 'the program ended'}: {what or condition}\n{self.text}")

    def wait_text(self, text: str) -> None:
        """Until the screen shows the text, in one row."""
        self.wait(lambda: text in self.text, repr(text))

    def wait_effect(self, effect: Effect) -> None:
        self.wait(lambda: effect in self.effects, repr(effect))

    def wait_exit(self) -> int:
        """Read to the end. The exit status, negative for a signal."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while self._read(max(deadline - time.monotonic(), 0)):
            if time.monotonic() > deadline:
                raise AssertionError(f"it does not end\n{self.text}")
        self._process.wait()
        return int(-self._process.signalstatus if self._process.signalstatus is not None else self._process.exitstatus)

    def _read(self, seconds: float) -> bool:
        """Feed the emulator what comes within some seconds; False at the end of the output."""
        ready, _, _ = select.select([self._process.fd], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self._process.fd, 65536)
        except OSError:  # Linux says EIO when the last process has closed its end.
            return False
        self.output += data
        for effect in self.emulator.feed(data):
            self.effects.append(effect)
            if self._answers and isinstance(effect, Reply):
                os.write(self._process.fd, effect.data)
        return bool(data)


def _inherited() -> dict[str, str]:
    """Ours without what is meant for this Python only: a program that may not keep its bytecode compiles itself at every start."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
