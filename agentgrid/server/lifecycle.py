"""How a pane's program starts, ends, and is run again.

execute(NewPane)  → the session has the pane (starting) → its folder is made (in a thread) → a host starts the program
host says Exited  → the rest of the output is read → the pane is ``exited`` and keeps its screen
ClosePane         → the pane is gone at once; its program is ended behind the scenes, and nothing it started is left
adopt             → hosts that run are asked for their descriptors; screens come from the journals; programs repaint
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from agentgrid.config.agents import resolve_launch
from agentgrid.errors import AgentgridError, TimedOut, Unavailable
from agentgrid.geometry import Size
from agentgrid.process.hosts import Host
from agentgrid.process.spawning import START_SECONDS, Spawner, SpawnerLost, Starting, StartRequest
from agentgrid.server.hosting import Hosting
from agentgrid.server.keepsakes import keepsake
from agentgrid.server.launching import Launch, pane_environment
from agentgrid.server.loop import READ
from agentgrid.server.runtime import Runtime
from agentgrid.session import commands, events
from agentgrid.session.layout import tile
from agentgrid.session.pane import Folder, Pane, PaneId, PaneStatus
from agentgrid.terminal.pyte_emulator import PyteEmulator
from agentgrid.terminal.sweeping import StyleBudget
from agentgrid.workspace.folders import prepare

if TYPE_CHECKING:
    from agentgrid.server.server import Server

Done = Callable[[PaneId | None], None]
Failed = Callable[[AgentgridError], None]

UNSEEN_SIZE = Size(columns=80, rows=24)  # A pane nobody has looked at yet.
REPAINT_SECONDS = 0.05  # Between the two sizes that make a program repaint: one frame of its own.
PROMPT_QUIET_SECONDS = 1.0  # An agent that has printed and is quiet this long takes its first prompt.
PROMPT_WAIT_SECONDS = 20.0

AGAIN = b"\x18\x1b[?1049l\x1b[!p\x1b[?9;1000;1002;1003;1004;1005;1006;1015;1016;2004;2026l\x1b[>4;0m\x1b[=0u\x1b[0 q\x1b[r"
"""Before a pane's next run: whatever the last program left switched on is off."""


class Lifecycle:
    """Part of the server, which owns it."""

    def __init__(self, server: "Server", launch: Launch, spawner: Spawner) -> None:
        self._server = server
        self._launch = launch
        self._spawner = spawner
        self._styles = StyleBudget()
        self._hosting = Hosting(server, spawner, self._program_ended)
        self._starting: dict[PaneId, Starting] = {}
        """Of each pane whose program was asked for and does not run yet, what was asked for last."""
        self._awaited = 0
        self._when_started: Callable[[], None] | None = None

    # ------------------------------------------------------------------ commands

    def execute(self, command: commands.AnyCommand, done: Done, failed: Failed) -> None:
        """Apply a command and make it so. Raises UsageError; what fails later goes to ``failed``."""
        server = self._server
        match command:
            case commands.NewPane():
                self._create(command, done, failed)
            case commands.ClosePane(pane=pane):
                server.publish(server.session.apply(command, server.clock()))
                self._forget(pane)
                done(pane)
            case commands.RestartPane(pane=pane):
                server.publish(server.session.apply(command, server.clock()))
                self.restart(pane, lambda: done(pane))
            case _:
                server.publish(server.session.apply(command, server.clock()))
                done(getattr(command, "pane", None))

    def _create(self, command: commands.NewPane, done: Done, failed: Failed) -> None:
        server = self._server
        launch = resolve_launch(server.config, server.profiles, agent=command.agent, command=command.command, trace=command.trace)
        resolved = commands.NewPane(
            agent=launch.agent,
            command=launch.command,
            folder=command.folder,
            name=command.name,
            prompt=command.prompt,
            number=command.number,
            trace=launch.trace,
        )
        happened = server.session.apply(resolved, server.clock())
        pane = next(event.pane for event in happened if isinstance(event, events.PaneCreated))
        server.publish(happened)
        state = server.session.panes[pane]
        folder, root = command.folder, Path(server.session.folder)

        def made(result: tuple[Path, str] | None, error: BaseException | None) -> None:
            if pane not in server.session.panes:
                failed(Unavailable(f"{state.name} was closed before it had started"))
            elif isinstance(error, AgentgridError):
                self._no_program(pane, str(error))
                failed(error)
            elif error is not None:
                raise error
            else:
                assert result is not None
                path, branch = result
                server.change(pane, folder=Folder(kind=folder.kind, path=str(path), branch=branch))
                self._start(pane, started)

        def started() -> None:
            if pane not in server.session.panes:
                failed(Unavailable(f"{state.name} was closed before it had started"))
                return
            done(pane)
            if command.prompt:
                self._first_prompt(pane, command.prompt, server.loop.now() + PROMPT_WAIT_SECONDS)

        def job() -> tuple[Path, str]:
            return prepare(folder.kind, folder.path, root=root, name=state.name)

        if folder.kind in ("shared", "path"):
            try:
                ready = job()
            except AgentgridError as error:
                made(None, error)
            else:
                made(ready, None)
        else:
            server.loop.in_thread(job, made)

    # ------------------------------------------------------------------ start and end

    def empty(self, pane: PaneId) -> Runtime:
        """The pane's runtime, without a program."""
        server = self._server
        runtime = server.runtimes.get(pane)
        if runtime is None:
            size, rows = self._first_size(server.session.panes[pane]), server.config.history_rows
            emulator = PyteEmulator(size, history_limit=rows, budget=self._styles)
            emulator.set_palette(server.palette)
            runtime = Runtime(pane, emulator, server.store.pane_folder(pane), server.loop, server)
            server.runtimes[pane] = runtime
        return runtime

    def _start(self, pane: PaneId, then: Callable[[], None]) -> None:
        """Start the program; what prevents it is the pane's problem, not the server's. ``then`` when it runs, or does not."""
        server = self._server
        state = server.session.panes[pane]
        size = self.empty(pane).emulator.size
        environment = pane_environment(os.environ, session=server.session.name, pane=pane, name=state.name, added=dict(state.environment))
        server.authors.starting(state.folder.path)
        command = (*state.command, *server.conversations.arguments(pane))
        command, environment = server.hooks.add(pane, server.profiles.get(state.agent), command, environment)
        request = StartRequest(
            pane=pane,
            argv=command,
            cwd=state.folder.path,
            environment=environment,
            columns=size.columns,
            rows=size.rows,
            trace=state.trace,
            keepsake=keepsake(server.session, state),
        )
        self._ask_for(request, then, again=True)

    def _ask_for(self, request: StartRequest, then: Callable[[], None], *, again: bool) -> None:
        """Have the spawner make the host, which may take as long as a folder on the network does. ``again``: ask twice, if need be."""
        loop, pane = self._server.loop, PaneId(request.pane)
        try:
            starting = self._spawner.begin(request)
        except AgentgridError as error:
            self._not_started(pane, error)
            then()
            return
        self._starting[pane] = starting
        self._awaited += 1

        def spoken(_: object) -> None:
            host = error = None
            try:
                host = starting.receive()
                if host is None:
                    return
            except AgentgridError as problem:
                error = problem
            over(host, error)

        def late() -> None:
            over(None, TimedOut("a pane's host does not answer: the machine may be out of memory, or a network file system hangs"))

        def over(host: Host | None, error: AgentgridError | None) -> None:
            timer.cancel()
            loop.unwatch(starting.fileno())
            wanted = self._starting.get(pane) is starting
            if wanted:
                del self._starting[pane]
            if host is None:
                starting.close()
            elif wanted:
                self._started(pane, host, Size(request.columns, request.rows))
            else:  # The pane was closed or restarted since.
                self.end_host(host)
            self._awaited -= 1
            if wanted and again and isinstance(error, SpawnerLost):
                self._ask_for(request, then, again=False)
                return
            if wanted and error is not None:
                self._not_started(pane, error)
            then()
            if not self._awaited and self._when_started is not None:
                self._when_started()

        timer = loop.call_later(START_SECONDS, late)
        loop.watch(starting.fileno(), READ, spoken)

    def _not_started(self, pane: PaneId, error: AgentgridError) -> None:
        self._no_program(pane, str(error))

    def _no_program(self, pane: PaneId, problem: str) -> None:
        """Nothing runs in the pane: it says why, where its program would have printed."""
        server = self._server
        runtime = self.empty(pane)
        runtime.emulator.feed(problem.encode("utf-8", "replace") + b"\r\n")
        runtime.checkpoint(server.loop.now())
        server.change(pane, problem=problem, status=PaneStatus.EXITED, pid=0)
        server.forget_screen(pane)

    def _started(self, pane: PaneId, host: Host, size: Size) -> None:
        server = self._server
        runtime = self.empty(pane)
        server.states.started(pane)
        self._take(runtime, host)
        if host.problem:
            self._no_program(pane, host.problem)
            return
        if runtime.emulator.size != size:  # A screen has looked at the pane meanwhile.
            host.resize(runtime.emulator.size)
        server.change(
            pane,
            pid=host.program_pid,
            status=PaneStatus.UNKNOWN,
            exit_code=None,
            problem="",
            traced=host.traced,
            untraced_because="" if host.traced else host.untraced_because,
            columns=runtime.emulator.size.columns,
            rows=runtime.emulator.size.rows,
        )

    def _take(self, runtime: Runtime, host: Host) -> None:
        server = self._server
        runtime.start(host, server.loop.now())
        server.authors.hosted(host)
        self._hosting.watch(host, runtime)
        if runtime.descriptor >= 0:
            server.pump.add(runtime)

    def _program_ended(self, runtime: Runtime, code: int | None) -> None:
        runtime.catch_up()
        self._server.hooks.drop(runtime.pane)
        self._server.authors.ended(runtime.pane)
        facts = self._server.states.exited(runtime.pane, code)
        self._server.conversations.ended(runtime.pane, code)
        self._server.change(runtime.pane, **facts, exit_code=code, pid=0)
        self._server.pump.frame_soon()

    def pty_ended(self, runtime: Runtime) -> None:
        """Nobody has the PTY open any more. The host says with which code; without a host nobody knows."""
        if runtime.host is None or runtime.host.lost:
            self._program_ended(runtime, None)

    def _let_go(self, runtime: Runtime) -> None:
        """End what runs in the pane, or is about to, behind the scenes."""
        server = self._server
        self._starting.pop(runtime.pane, None)
        if runtime.descriptor >= 0:
            server.pump.remove(runtime)
        host = runtime.stop()
        if host is None:
            return
        self._hosting.end(host, runtime)

    def _forget(self, pane: PaneId) -> None:
        """The pane was closed: its program, screen and journal go."""
        server = self._server
        runtime = server.runtimes.pop(pane, None)
        if runtime is not None:
            self._let_go(runtime)
            runtime.journal.close()
            server.thrift.soon()
        server.states.forget(pane)
        server.hooks.drop(pane)
        server.authors.closed(pane)
        server.store.drop_pane(pane)
        server.forget_screen(pane)

    def restart(self, pane: PaneId, then: Callable[[], None] = lambda: None) -> None:
        """Run the command again in place; the text of the last run stays in the history. ``then`` when it runs, or does not."""
        runtime = self.empty(pane)
        self._let_go(runtime)
        size = runtime.emulator.size
        runtime.emulator.feed(AGAIN + f"\x1b[{size.rows};1H".encode() + b"\r\n" * size.rows + b"\x1b[H")
        self._start(pane, then)
        self._server.forget_screen(pane)

    def end_all(self, then: Callable[[], None]) -> None:
        """End every program politely; ``then`` when all are gone and nothing that they started is left."""
        for runtime in list(self._server.runtimes.values()):
            self._let_go(runtime)
        if self._awaited:  # What has been asked for will run, and is ended then.
            self._when_started = lambda: self._hosting.end_all(then)
        else:
            self._hosting.end_all(then)

    def close(self) -> None:
        """The server ends and the programs go on: give up the descriptors."""
        for runtime in self._server.runtimes.values():
            if runtime.host is not None:
                runtime.host.close()
        for starting in self._starting.values():
            starting.close()
        self._spawner.close()

    # ------------------------------------------------------------------ taking over

    def take(self, runtime: Runtime, host: Host) -> None:
        """Go on with a host that another server had: its program is asked to repaint."""
        server = self._server
        server.states.adopted(runtime.pane)
        self._take(runtime, host)
        if host.exit_code is not None:
            self._program_ended(runtime, host.exit_code)
        elif not host.problem:
            server.hooks.resume(runtime.pane)
            server.change(
                runtime.pane,
                pid=host.program_pid,
                traced=host.traced,
                untraced_because="" if host.traced else host.untraced_because,
            )
            self._repaint(host)

    def end_host(self, host: Host) -> None:
        """End a host that belongs to no pane."""
        self._hosting.watch(host, None)
        self._hosting.end(host, None)

    def _repaint(self, host: Host) -> None:
        """A size that differs and the right one again: the program draws anew what it may have drawn while nobody read."""
        size = host.shrink()
        self._server.loop.call_later(REPAINT_SECONDS, lambda: None if host.lost else host.resize(size))

    # ------------------------------------------------------------------ beginnings

    def _first_size(self, state: Pane) -> Size:
        """The size a new pane will have on the screen that is about to attach, or has in a neighbour's cell."""
        launch = self._launch
        if launch.window_columns and state.number:
            window = Size(launch.window_columns, launch.window_rows)
            cells = tile(self._server.session.rows, self._server.session.columns, window)
            return cells[(state.number - 1) % len(cells)].screen.size
        for peer in self._server.peers.screens():
            for size in peer.attachment.sizes.values():
                return size
        return Size(state.columns, state.rows)

    def _first_prompt(self, pane: PaneId, text: str, deadline: float) -> None:
        """Type the pane's first prompt once its program has drawn itself and is quiet."""
        server = self._server
        runtime = server.runtimes.get(pane)
        if runtime is None or runtime.typing is None:
            return
        seen, now = runtime.read_total, server.loop.now()

        def refused(error: AgentgridError) -> None:
            server.problem(f"the first prompt was not typed: {error}", pane)

        def look() -> None:
            if runtime.typing is None:
                return
            if (runtime.read_total == seen and seen > 0) or server.loop.now() >= deadline:
                try:
                    server.deliveries.send(pane, text, enter=True, done=lambda _: None, failed=refused)
                except AgentgridError as error:
                    refused(error)
            else:
                self._first_prompt(pane, text, deadline)

        server.loop.call_at(min(now + PROMPT_QUIET_SECONDS, deadline), look)
