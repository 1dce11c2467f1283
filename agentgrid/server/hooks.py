"""The hooks of agents: put into a launch, and what they report told to whoever listens.

    launch  → ``additions`` makes a pane's inbox and gives the launch what its agent needs to report there
    report  → the inbox (or the agent's stream of events) is readable → ``parse_hook`` → every listener gets (pane, ``Heard``)

The inbox stands beside the session's sockets, so that a successor of this server finds it (``resume``), and reads first what
came while no server ran. Whoever wants states takes the signals, whoever wants authors the edits; nothing is kept here.
"""

import secrets
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from agentgrid.agents.hooks import guard
from agentgrid.agents.hooks.inbox import Inbox
from agentgrid.agents.hooks.launching import launch_additions, write_additions
from agentgrid.agents.hooks.link import EventLink
from agentgrid.agents.hooks.parsing import Heard, parse_hook
from agentgrid.agents.profiles import Profile
from agentgrid.paths import private_folder, state_dir
from agentgrid.server.loop import READ, WRITE, Loop, Timer
from agentgrid.session.pane import PaneId

INBOXES = "hooks"
STREAM = "stream"
"""Beside the inbox's own files: where the agent's stream of events is, for a successor."""

GUARD = Path(guard.__file__)
Decide = Callable[[PaneId, str, Heard, Callable[[bytes], None]], None]
"""Asked before an agent (by its name) writes: what its hook is to print, empty when it may go on."""
Listener = Callable[[PaneId, Heard], None]


class Stream(msgspec.Struct, frozen=True):
    """An agent's server of events."""

    port: int
    password: str


class Hooks:
    """Owned by the server. ``clock`` is seconds since the epoch, which signals and edits are stamped with."""

    def __init__(
        self,
        loop: Loop,
        folder: Path,
        clock: Callable[[], float],
        problem: Callable[[str, PaneId], None],
        decide: Decide | None = None,
    ) -> None:
        """``folder`` is that of the session's sockets; ``problem`` is told when a pane's agent cannot report; ``decide`` is the
        guard, where one is wanted."""
        self._decide = decide
        self._loop = loop
        self._folder = folder / INBOXES
        self._clock = clock
        self._problem = problem
        self._inboxes: dict[PaneId, Inbox] = {}
        self._streams: dict[PaneId, _Listening] = {}
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Tell this one, too, from now on."""
        self._listeners.append(listener)

    def reports(self, pane: PaneId) -> bool:
        """Whether the pane's agent was started so that it reports."""
        return pane in self._inboxes

    # ------------------------------------------------------------------ a pane's life

    def add(
        self, pane: PaneId, profile: Profile | None, command: tuple[str, ...], environment: dict[str, str]
    ) -> tuple[tuple[str, ...], dict[str, str]]:
        """The command and the environment with which the pane's agent reports; as they were when it cannot."""
        self.drop(pane)
        if profile is None or not profile.hooks:
            return command, environment
        inbox = self._folder / str(pane)
        stream = Stream(_free_port(), secrets.token_urlsafe(24)) if profile.hooks == "opencode" else Stream(0, "")
        try:
            additions = launch_additions(
                profile,
                command,
                environment,
                folder=private_folder(private_folder(state_dir()) / INBOXES),
                inbox=inbox,
                port=stream.port,
                password=stream.password,
            )
            if not additions.arguments and not additions.environment:
                return command, environment
            write_additions(additions)
            private_folder(self._folder)
            shutil.rmtree(inbox, ignore_errors=True)  # Of a run that nobody remembers.
            self._open(pane, Inbox(inbox))
            if additions.port:
                file = inbox / STREAM
                file.touch(mode=0o600)
                file.write_bytes(msgspec.json.encode(stream))
                self._follow(pane, stream)
        except OSError as error:
            self._problem(f"the agent's hooks cannot be set up ({error.strerror}): it is started without them", pane)
            self.drop(pane)
            return command, environment
        guarded = {} if self._decide is None else {"AGENTGRID_GUARD": str(GUARD), "AGENTGRID_PYTHON": sys.executable}
        return (*command, *additions.arguments), environment | dict(additions.environment) | guarded

    def resume(self, pane: PaneId) -> None:
        """Go on listening to a pane whose program an earlier server had started."""
        folder = self._folder / str(pane)
        if not folder.is_dir():
            return
        self._open(pane, Inbox(folder))
        self._receive(pane)
        try:
            stream = msgspec.json.decode((folder / STREAM).read_bytes(), type=Stream)
        except (FileNotFoundError, msgspec.MsgspecError):
            return
        self._follow(pane, stream)

    def drop(self, pane: PaneId) -> None:
        """The pane's program has ended, or is another: nothing more comes from it."""
        listening = self._streams.pop(pane, None)
        if listening is not None:
            listening.close()
        inbox = self._inboxes.pop(pane, None)
        if inbox is not None:
            self._loop.unwatch(inbox.fileno())
            (inbox.folder / STREAM).unlink(missing_ok=True)
            inbox.close()

    def close(self, *, forget: bool) -> None:
        """This server ends. ``forget``: and so does the session; else the inboxes stay, for a successor."""
        for listening in self._streams.values():
            listening.close()
        for inbox in self._inboxes.values():
            self._loop.unwatch(inbox.fileno())
            inbox.let_go()
        if forget:
            shutil.rmtree(self._folder, ignore_errors=True)

    # ------------------------------------------------------------------ what comes

    def _open(self, pane: PaneId, inbox: Inbox) -> None:
        self._inboxes[pane] = inbox
        self._loop.watch(inbox.fileno(), READ, lambda _: self._receive(pane))

    def _receive(self, pane: PaneId) -> None:
        inbox = self._inboxes[pane]
        for report in inbox.receive():
            heard = parse_hook(report.agent, report.event, report.text, self._clock())
            self._tell(pane, heard)
            if self._decide is not None and inbox.waits(report):
                self._decide(pane, report.agent, heard, lambda text, report=report: inbox.answer(report, text))  # type: ignore[misc]

    def _follow(self, pane: PaneId, stream: Stream) -> None:
        self._streams[pane] = _Listening(
            self._loop, EventLink(stream.port, stream.password, self._clock()), self._clock, lambda heard: self._tell(pane, heard)
        )

    def _tell(self, pane: PaneId, heard: Heard) -> None:
        if heard.signals or heard.edits or heard.reads:
            for listener in self._listeners:
                listener(pane, heard)


class _Listening:
    """The loop's side of one ``EventLink``. Owned by ``Hooks``."""

    def __init__(self, loop: Loop, link: EventLink, clock: Callable[[], float], tell: Callable[[Heard], None]) -> None:
        self._loop = loop
        self._link = link
        self._clock = clock
        self._tell = tell
        self._watched = -1
        self._timer: Timer | None = None
        self._wait()

    def close(self) -> None:
        self._rest()
        self._link.close()

    def _step(self) -> None:
        self._rest()
        heard = self._link.step(self._clock())
        self._wait()
        self._tell(heard)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._watched >= 0:
            self._loop.unwatch(self._watched)
            self._watched = -1

    def _wait(self) -> None:
        self._watched = self._link.fileno()
        if self._watched >= 0:
            self._loop.watch(self._watched, READ | WRITE if self._link.connecting else READ, lambda _: self._step())
        due = self._link.due()
        if due is not None:
            self._timer = self._loop.call_later(max(0.0, due - self._clock()), self._step)


def _free_port() -> int:
    """A port on the loopback that nobody has now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
