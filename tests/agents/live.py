"""A real agent CLI on a PTY, offline, watched as the server watches a pane: bytes, screen, hooks, keys, the end."""

import importlib.util
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Self

from ptyprocess import PtyProcess

from agentgrid.agents.answering import answer
from agentgrid.agents.hooks.inbox import Inbox
from agentgrid.agents.hooks.launching import launch_additions, write_additions
from agentgrid.agents.hooks.link import EventLink
from agentgrid.agents.hooks.parsing import Edit, Heard, parse_hook
from agentgrid.agents.profiles import load_profiles
from agentgrid.agents.signals import Exited, Pressed, Started
from agentgrid.agents.verdict import Verdict
from agentgrid.agents.watch import Watch
from agentgrid.geometry import Size
from agentgrid.terminal import keys
from agentgrid.terminal.effects import Reply
from agentgrid.terminal.pyte_emulator import PyteEmulator

KIT = Path(__file__).parents[2] / ".." / "shared" / "agents"
DEADLINE_SECONDS = 90.0  # Some take long to start on a machine that does other things.
TYPED_AT_ONCE = 16  # Characters: more is taken for a paste by some.
REST_SECONDS = 1.0


def kit() -> ModuleType:
    """The kit's module ``run``, loaded from its folder."""
    spec = importlib.util.spec_from_file_location("agents_kit", KIT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Live:
    """Owned by one test, as a context manager that ends the agent and its model."""

    def __init__(self, agent: str, folder: Path, size: Size = Size(80, 24), *, mode: str = "ask") -> None:
        profiles = load_profiles()
        work = folder / "work"
        work.mkdir()
        self._model = subprocess.Popen(
            [sys.executable, KIT / "mockllm.py", "--port", "0", "--quiet", "--exit-with", str(os.getpid())],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._model.stdout is not None
        url = self._model.stdout.readline().split()[-1]
        argv, environment, cwd = kit().prepare(agent, str(folder), url, mode=mode, cwd=str(work))
        self._inbox = Inbox(folder / "inbox")
        made = launch_additions(
            profiles[agent], [agent], environment, folder=folder / "hooks", inbox=self._inbox.folder, port=_free_port(), password="secret"
        )
        write_additions(made)
        self.emulator = PyteEmulator(size)
        self.watch = Watch(profiles[agent], profiles)
        self.edits: list[Edit] = []
        self.watch.take(Started(at=time.time()))
        command = [argv[0], *made.arguments, *argv[1:]]
        self._process = PtyProcess.spawn(command, cwd=cwd, env=environment | dict(made.environment), dimensions=(size.rows, size.columns))
        self._link = EventLink(made.port, "secret", time.time()) if made.port else None
        self._ended = False
        self._printed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._link is not None:
            self._link.close()
        self._process.close(force=True)
        self._inbox.close()
        self._model.terminate()
        self._model.wait()
        assert self._model.stdout is not None
        self._model.stdout.close()

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.emulator.lines)

    def until(self, *states: str, kind: str = "") -> Verdict:
        """The verdict when it is one of these states. Fails with what is said and shown when it is not in time."""
        return self.wait(lambda verdict: verdict.state in states and (not kind or verdict.kind == kind), f"{states} {kind}")

    def wait(self, condition: Callable[[Verdict], bool], what: str) -> Verdict:
        """Read and look until the condition holds of the verdict."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while True:
            now = time.time()
            verdict = self.watch.look(now, None if self.emulator.modes.synchronized else self.emulator)
            if condition(verdict):
                return verdict
            assert time.monotonic() < deadline, f"not {what}, but {verdict}\n{self.text}"
            due = self.watch.next_look(now)
            self._read(0.2 if due is None else min(max(due - now, 0.0), 0.2))

    def type(self, text: str) -> None:
        """Type a prompt, and Enter once it is all there."""
        self._rest()
        for start in range(0, len(text), TYPED_AT_ONCE):
            self._write(text[start : start + TYPED_AT_ONCE].encode())
            self._read(0.05)
        end = text[-4:]
        self.wait(lambda _: end in "".join(line.text.strip(" \0│┃") for line in self.emulator.lines), f"typed {text!r}")
        self._read_for(0.6)  # Together some take the Enter for a line break.
        self.press("enter")

    def press(self, key: str) -> None:
        self._write(keys.encode(keys.parse_key(key), self.emulator.modes))
        self.watch.take(Pressed(at=time.time(), key=key))

    def answer(self, chosen: str) -> None:
        """Give an answer to the question on the screen, once its answers are known."""
        verdict = self.wait(
            lambda now: now.dialog is not None and bool(now.dialog.choices and now.dialog.fingerprint), "a question with answers"
        )
        assert verdict.dialog is not None
        self._rest()
        for key in answer(verdict, verdict.dialog.fingerprint, chosen).keys:
            self.press(key)
            self._read_for(0.1)

    def kill(self) -> None:
        self._process.kill(signal.SIGKILL)

    def _write(self, data: bytes) -> None:
        os.write(self._process.fd, data)

    def _read_for(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._read(left)

    def _rest(self) -> None:
        """Until it prints nothing for a second, as a person reads before they type: some drop what comes before they are ready."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        rested_at = time.monotonic() + REST_SECONDS
        while (left := rested_at - time.monotonic()) > 0 and time.monotonic() < deadline:
            before = self._printed
            self._read(left)
            if self._printed != before:
                rested_at = time.monotonic() + REST_SECONDS

    def _read(self, seconds: float) -> None:
        """Take what comes within some seconds."""
        reading: list[int] = [self._inbox.fileno()] + ([] if self._ended else [self._process.fd])
        writing: list[int] = []
        if self._link is not None:
            self._hear(self._link.step(time.time()))
            if self._link.fileno() >= 0:
                (writing if self._link.connecting else reading).append(self._link.fileno())
        ready, _, _ = select.select(reading, writing, [], seconds)
        now = time.time()
        for report in self._inbox.receive():
            self._hear(parse_hook(report.agent, report.event, report.text, now))
        if self._process.fd not in ready or self._ended:
            return
        try:
            data = os.read(self._process.fd, 65536)
        except OSError:  # Linux says EIO when the last process has closed its end.
            data = b""
        if not data:
            self._ended = True
            self.watch.take(Exited(at=now))
            return
        self._printed += len(data)
        happened = self.emulator.feed(data)
        self.watch.heard(happened, now)
        self.watch.printed(len(data), now)
        for effect in happened:
            if isinstance(effect, Reply):
                self._write(effect.data)

    def _hear(self, heard: Heard) -> None:
        for signal_ in heard.signals:
            self.watch.take(signal_)
        self.edits += heard.edits


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
