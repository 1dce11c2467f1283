"""A terminal that is not ours: tmux, headless, to run the window in as a person does and read what it shows."""

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from agentgrid.geometry import Size
from tests.support.deadline import eventually


class Tmux:
    """A shell in a tmux of its own, with a window of a size. Owned by one test, as a context manager that ends it."""

    def __init__(self, folder: Path, environment: Mapping[str, str], size: Size) -> None:
        if shutil.which("tmux") is None:
            pytest.skip("tmux is not installed")
        self._socket = folder.parent / "tmux.sock"
        self._environment = dict(environment)
        self._folder = folder
        size_options = ("-x", str(size.columns), "-y", str(size.rows))
        self._tmux("-f", "/dev/null", "new-session", "-d", *size_options, "/bin/sh")
        self._tmux("set", "-g", "status", "off")
        self._tmux("set", "-s", "escape-time", "0")
        self._tmux("set", "-as", "terminal-features", ",*:RGB")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._tmux("kill-server")

    @property
    def text(self) -> str:
        return self._tmux("capture-pane", "-p")

    def type(self, text: str) -> None:
        """Type characters, then press nothing."""
        self._tmux("send-keys", "-l", text)

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names: ``C-b``, ``Enter``, ``z``."""
        self._tmux("send-keys", *keys)

    def enter(self, text: str) -> None:
        """Type a line."""
        self.type(text)
        self.press("Enter")

    def resize(self, size: Size) -> None:
        self._tmux("resize-window", "-x", str(size.columns), "-y", str(size.rows))

    def wait_text(self, text: str) -> None:
        """Until the window shows the text."""
        self.wait(text, lambda shown: text in shown)

    def wait_gone(self, text: str) -> None:
        self.wait(f"no more {text}", lambda shown: text not in shown)

    def wait(self, what: str, condition: Callable[[str], bool]) -> None:
        """Until what is shown fulfils the condition; fails with what is shown."""
        shown = ""

        def look() -> bool:
            nonlocal shown
            shown = self.text
            return condition(shown)

        try:
            eventually(look, what)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{shown}") from None

    def _tmux(self, *arguments: str) -> str:
        command = ["tmux", "-S", str(self._socket), *arguments]
        done = subprocess.run(command, env=self._environment, cwd=self._folder, capture_output=True, text=True, check=False, timeout=10)
        assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
        return done.stdout
