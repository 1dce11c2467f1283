"""The real program from outside: verbs run as a person or a script runs them, in folders of their own."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import psutil

from tests.support.deadline import DEADLINE_SECONDS

COMMAND = str(Path(sys.executable).with_name("agentgrid"))
VERB_SECONDS = 30.0  # No verb takes this long; one that hangs fails its own test.


class Answer(NamedTuple):
    """What a verb ended with."""

    code: int
    out: str
    err: str


class Session:
    """A folder to work in and agentgrid's own folders, all throw-away. Owned by one test, as a context manager.

    At the end the session is ended, and whatever would still run is killed; ``processes`` tells what runs, for tests of that.
    """

    def __init__(self) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="ag-"))  # A short path: sockets stand below it.
        self.folder = self.base / "project"
        self.folder.mkdir()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("AGENTGRID", "PYTHON", "TMUX"))},
            **{f"AGENTGRID_{name.upper()}_DIR": str(self.base / name) for name in ("runtime", "state", "config")},
            "HOME": str(self.base),
            "SHELL": "/bin/sh",
            "PS1": "$ ",
            "TERM": "xterm-256color",
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if self.processes():
                self.run("down", "--yes")
        finally:
            for process in self.processes():
                with contextlib.suppress(psutil.NoSuchProcess):  # It went by itself just now.
                    process.kill()
            shutil.rmtree(self.base)

    def run(self, *arguments: str | Path, seconds: float = VERB_SECONDS) -> Answer:
        """A verb, to its end."""
        command = [COMMAND, *map(str, arguments)]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    @contextlib.contextmanager
    def running(self, *arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
        """A verb that goes on, its output a pipe; ended at the end, whatever happens."""
        command = [COMMAND, *map(str, arguments)]
        with subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield process
            finally:
                process.terminate()

    def ok(self, *arguments: str | Path) -> str:
        """The output of a verb that has to succeed."""
        answer = self.run(*arguments)
        assert answer.code == 0, f"agentgrid {' '.join(map(str, arguments))}: {answer}"
        return answer.out

    def json(self, *arguments: str) -> Any:
        return json.loads(self.ok(*arguments, "--json"))

    def panes(self) -> list[dict[str, Any]]:
        """The panes of ``status --json``."""
        panes: list[dict[str, Any]] = self.json("status")["panes"]
        return panes

    def start(self, commands: Sequence[Sequence[str]], grid: str = "3x3", *, traced: bool = False, config_text: str = "") -> None:
        """A session without a window: a pane for each command."""
        config = self.base / "panes.toml"
        panes = [f"[[pane]]\ntrace = {str(traced).lower()}\ncommand = {json.dumps(list(command))}" for command in commands]
        config.write_text("\n".join([config_text, *panes]))
        self.ok("up", "--no-attach", "--config", config, grid)

    def screen(self, pane: int | str, *options: str) -> str:
        return self.ok("screen", str(pane), *options)

    def wait_text(self, pane: int | str, pattern: str, *, seconds: float = DEADLINE_SECONDS) -> None:
        """Until the pane's screen shows what the regular expression says; fails with the screen."""
        answer = self.run("wait", str(pane), "--text", pattern, "--timeout", str(seconds), seconds=seconds + VERB_SECONDS)
        assert answer.code == 0, f"{answer.err}\n{self.screen(pane)}"

    def processes(self) -> list[psutil.Process]:
        """All that runs for this session: the server, the hosts, their programs and what these started."""
        mark = self.environment["AGENTGRID_STATE_DIR"]
        return [
            process
            for process in psutil.process_iter()
            if _variable(process, "AGENTGRID_STATE_DIR") == mark or _complains_to(process).is_relative_to(self.base)
        ]

    def server(self) -> psutil.Process:
        """The session's server."""
        (found,) = self._servers()
        return found

    def serves(self) -> bool:
        """Whether a server runs. One that is just ending is none."""
        return bool(self._servers())

    def _servers(self) -> list[psutil.Process]:
        return [process for process in self.processes() if "agentgrid.server" in " ".join(_words(process))]


def _variable(process: psutil.Process, name: str) -> str:
    try:
        return process.environ().get(name, "")
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        return ""


def _complains_to(process: psutil.Process) -> Path:
    """Where its errors go: a host and the spawner have an empty environment, but a file of the session's for what they have to say."""
    try:
        return Path(f"/proc/{process.pid}/fd/2").readlink()
    except OSError:
        return Path()


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []
