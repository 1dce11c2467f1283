"""A folder under observation, with panes whose programs run in real hosts. Everything that is waited for has a deadline."""

import contextlib
import os
import select
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from agentgrid.process.hosts import Host
from agentgrid.process.spawning import Spawner, StartRequest
from agentgrid.workspace.change import Change
from agentgrid.workspace.conflict import Conflict
from agentgrid.workspace.happening import Changed, ChangedMany, Conflicted, GitRan, Happening, Troubled
from agentgrid.workspace.observer import Observer, PaneSource, Settings

DEADLINE_SECONDS = 30.0
LISTEN_SECONDS = 0.02  # While something is waited for, panes are listened to as often.
PLAIN = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
NAME, MAIL = "Somebody", "somebody@example.org"
IDENTITY = {"GIT_AUTHOR_NAME": NAME, "GIT_COMMITTER_NAME": NAME, "GIT_AUTHOR_EMAIL": MAIL, "GIT_COMMITTER_EMAIL": MAIL}


class Observed:
    """Owned by one test, as a context manager. ``folder`` is a place of its own; ``root`` in it is what is observed."""

    def __init__(
        self, folder: Path, settings: Settings | None = None, last_active: Callable[[int], float] = lambda _: float("inf")
    ) -> None:
        self.folder = folder.resolve()
        self.root = self.folder / "project"
        self.root.mkdir(exist_ok=True)
        self.happened: list[tuple[float, Happening]] = []
        self._settings, self._last_active = settings, last_active
        self._news = threading.Condition()
        self._spawner = Spawner(self.folder / "runtime")
        self._hosts: dict[int, Host] = {}
        self.observer = self._new_observer()

    def __enter__(self) -> Self:
        self.observer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for pane in list(self._hosts):
            self.end(pane)
        self.observer.close()
        self._spawner.close()

    # ------------------------------------------------------------------ what is done

    def outside(self, script: str) -> None:
        """A shell that is in no pane."""
        subprocess.run(["sh", "-e", "-c", script], cwd=self.root, env=os.environ | PLAIN | IDENTITY, check=True, capture_output=True)

    def start(
        self, pane: int, argv: Sequence[str], *, traced: bool = True, folder: Path | None = None, environment: dict[str, str] | None = None
    ) -> Host:
        """A pane's program."""
        if pane in self._hosts:
            self.end(pane)
        place = folder or self.root
        request = StartRequest(pane, tuple(argv), str(place), os.environ | PLAIN | IDENTITY | (environment or {}), 80, 24, traced)
        host = self._spawner.start(request)
        assert not host.problem, host.problem
        assert host.traced is traced, host.untraced_because
        self._hosts[pane] = host
        self.observer.add_pane(PaneSource(pane, place, traced, host.program_pid))
        return host

    def run(self, pane: int, script: str, *, traced: bool = True, folder: Path | None = None) -> None:
        """A shell in a pane, to its end."""
        self.known(lambda view: None)  # Whatever was asked before is done: the folder is watched.
        self.start(pane, ["sh", "-c", f"read go; {script}"], traced=traced, folder=folder)
        self.known(lambda view: None)
        os.write(self._hosts[pane].pty, b"\n")
        assert self.pump(pane) == 0

    def pump(self, *panes: int) -> int | None:
        """Read what panes say until each has ended; the exit code of the last."""
        left = {pane: self._hosts[pane] for pane in panes}
        code = None
        deadline = time.monotonic() + DEADLINE_SECONDS * 4
        while left:
            assert time.monotonic() < deadline, f"{sorted(left)} do not end"
            poll = select.poll()
            for host in left.values():
                for descriptor in (host.fileno(), host.records, host.pty):
                    if descriptor >= 0:
                        poll.register(descriptor, select.POLLIN)
            ready = {descriptor for descriptor, _ in poll.poll(1000)}
            for pane, host in list(left.items()):
                self._listen(pane, host, ready)
                if host.fileno() in ready and host.receive():
                    self.observer.heard(pane, host.read_records())
                    code = host.exit_code
                    del left[pane]
        return code

    def end(self, pane: int) -> None:
        """The pane is no more."""
        host = self._hosts.pop(pane)
        self.observer.heard(pane, host.read_records())
        host.end(0.1)
        host.release()
        host.close()

    def restart(self) -> None:
        """The observer ends, as with its server, and a successor begins."""
        self.observer.close()
        self.observer = self._new_observer()
        self.observer.start()

    # ------------------------------------------------------------------ what is known

    def known(self, question: Callable[[dict[Path, Any]], Any]) -> Any:
        """The answer to a question about the workspaces."""
        done = threading.Event()
        answers: list[Any] = []

        def then(answer: Any, error: Exception | None) -> None:
            answers.append((answer, error))
            done.set()

        self.observer.ask(question, then)
        assert done.wait(DEADLINE_SECONDS), "the observer does not answer"
        answer, error = answers[0]
        if error is not None:
            raise error
        return answer

    def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Wait for what happens."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"{what}\n" + "\n".join(str(happening) for _, happening in self.happened)
            for pane, host in self._hosts.items():
                self._listen(pane, host, {host.records, host.pty})
            with self._news:
                self._news.wait(LISTEN_SECONDS)

    def mark(self) -> list[tuple[str, int | None, str]]:
        """What was told up to now: a file is changed from outside, and that is waited for."""
        name = f"mark-{len(self.happened)}"
        self.outside(f"echo > {name}")
        self.until(lambda: any(change.path == name for change in self.changes))
        return self.told

    @property
    def changes(self) -> list[Change]:
        return [happening.change for _, happening in self.happened if isinstance(happening, Changed)]

    @property
    def told(self) -> list[tuple[str, int | None, str]]:
        return [(change.kind.value, change.pane, change.path) for change in self.changes if not change.path.startswith("mark-")]

    @property
    def conflicts(self) -> list[Conflict]:
        """The last that was said of each."""
        last = {
            happening.event.conflict.id: happening.event.conflict for _, happening in self.happened if isinstance(happening, Conflicted)
        }
        return list(last.values())

    @property
    def sweeps(self) -> list[ChangedMany]:
        return [happening for _, happening in self.happened if isinstance(happening, ChangedMany)]

    @property
    def git_ran(self) -> list[GitRan]:
        return [happening for _, happening in self.happened if isinstance(happening, GitRan)]

    @property
    def troubles(self) -> list[str]:
        return [happening.message for _, happening in self.happened if isinstance(happening, Troubled)]

    def _new_observer(self) -> Observer:
        return Observer(self.folder / "state", self._deliver, self._settings, self._last_active, lambda: self.observer.heard_all())

    def _deliver(self, happenings: Sequence[Happening]) -> None:
        now = time.time()
        with self._news:
            self.happened += [(now, happening) for happening in happenings]
            self._news.notify_all()

    def _listen(self, pane: int, host: Host, ready: set[int]) -> None:
        if host.records in ready:
            self.observer.heard(pane, host.read_records())
        if host.pty in ready:
            with contextlib.suppress(OSError):  # Nobody has it open any more, or there is nothing.
                os.read(host.pty, 65536)
