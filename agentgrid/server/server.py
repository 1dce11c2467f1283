"""The session and its live things meet here, and only here.

The session says what panes there are; for each there is a runtime (host, emulator, journal); the pump reads them; peers
see them. Every change goes one way: a command or a fact changes the session, the events it returns are published (to the
record on disk, to whoever waits, to everybody who listens). How programs start and end is ``lifecycle``.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import assert_never

from agentgrid.addresses import disown
from agentgrid.agents.profiles import Profile
from agentgrid.config.load import Config
from agentgrid.errors import UsageError
from agentgrid.geometry import Size
from agentgrid.paths import config_dir, what_to_do
from agentgrid.process.spawning import Spawner
from agentgrid.protocol import messages as m
from agentgrid.server import answers, inputs
from agentgrid.server.authors import Authors
from agentgrid.server.conversations import Conversations
from agentgrid.server.deliveries import Deliveries
from agentgrid.server.details import Details
from agentgrid.server.guard import decide
from agentgrid.server.hooks import Hooks
from agentgrid.server.keepsakes import hand_out
from agentgrid.server.launching import Launch
from agentgrid.server.lifecycle import Done, Failed, Lifecycle
from agentgrid.server.loop import Loop, Timer
from agentgrid.server.notifying import Notifying
from agentgrid.server.peers import Peer, Peers
from agentgrid.server.profile_files import ProfileFiles
from agentgrid.server.pump import Pump, Source
from agentgrid.server.runtime import SYNCHRONIZED_SECONDS, Runtime
from agentgrid.server.searches import Searches
from agentgrid.server.since import SinceLooked
from agentgrid.server.states import States
from agentgrid.server.store import Store
from agentgrid.server.thrift import Thrift
from agentgrid.server.views import Views
from agentgrid.server.waits import Waits
from agentgrid.session import commands, events
from agentgrid.session.pane import PaneId, PaneStatus
from agentgrid.session.session import Session
from agentgrid.terminal import effects, keys
from agentgrid.terminal.effects import Effect
from agentgrid.terminal.emulator import Palette

LASTING = (events.PaneCreated, events.PaneStarted, events.PaneExited, events.PaneClosed)
"""Saved at once: a host whose pane the record does not know would be nobody's after a crash."""
LASTING_FACTS = frozenset({"conversation", "conversation_begun", "earlier_conversations"})  # So are they: no program says them again.
SAVE_SECONDS = 0.25  # A record that changes often (titles) is written this often.


class Server:
    """One a process. Handler of its peers, listener of its runtimes, and what the pump calls at a frame."""

    def __init__(
        self, loop: Loop, session: Session, config: Config, store: Store, launch: Launch, spawner: Spawner, clock: Callable[[], float]
    ) -> None:
        """``clock`` is seconds since the epoch."""
        self.loop = loop
        self.session = session
        self.config = config
        self.store = store
        self.clock = clock
        self.socket = Path(launch.socket)
        self._profile_files = ProfileFiles(loop, config_dir() / "profiles", config, lambda: self.states.reload(), self.problem)
        self.palette = Palette()
        self.runtimes: dict[PaneId, Runtime] = {}
        self.waits = Waits(loop)
        self.thrift = Thrift(loop)
        self.notifying = Notifying(self)
        self.pump = Pump(loop, on_frame=self._frame, on_echo=self._echo, on_end=self._pty_ended)
        guarded = None if config.conflicts.guard == "off" else partial(decide, self)
        self.hooks = Hooks(loop, self.socket.parent, clock, self.problem, guarded)
        self.authors = Authors(self)
        self.states = States(self)
        self.since = SinceLooked(self)
        self.conversations = Conversations(self)
        self.details = Details(self)
        self.hooks.listen(self.states.reported)
        self.hooks.listen(self.conversations.reported)
        self.hooks.listen(self.authors.reported)
        self.lifecycle = Lifecycle(self, launch, spawner)
        self.deliveries = Deliveries(self)
        self.searches = Searches(loop)
        self.peers = Peers(self.socket, loop, self, session.name, session.folder)
        self._printed: set[PaneId] = set()
        self._titles: dict[PaneId, str] = {}
        self._bells: set[PaneId] = set()
        self._recorders: dict[PaneId, list[tuple[Peer, float]]] = {}
        self._save_timer: Timer | None = None
        self.views = Views(self)
        self._ended = False

    # ------------------------------------------------------------------ what others of the server ask

    @property
    def profiles(self) -> dict[str, Profile]:
        """Those that ship and the user's, as their files say now."""
        return self._profile_files.profiles

    def runtime(self, pane: PaneId) -> Runtime:
        """The pane's runtime; a pane that has none yet is still being made."""
        try:
            return self.runtimes[pane]
        except KeyError:
            raise UsageError("the pane is still being made; try again in a moment") from None

    def running(self, pane: PaneId) -> Runtime:
        """The same, of a pane whose program runs. Raises UsageError that says how to start it."""
        runtime = self.runtime(pane)
        state = self.session.panes[pane]
        if runtime.typing is None and state.status is PaneStatus.STARTING:
            raise UsageError(f"{state.name} is still starting; try again in a moment")
        if runtime.typing is None or state.exit_code is not None or state.problem:
            raise UsageError(f"the program in {state.name} has ended; 'agentgrid restart {state.name}' runs it again")
        return runtime

    def publish(self, happened: Sequence[events.Event], *, lasting: bool = False) -> None:
        """Tell everybody, and keep the record, at once if it is lasting."""
        for event in happened:
            self.peers.to_listeners(lambda event=event: m.Happened(event=event))  # type: ignore[misc]
            self.notifying.happened(event)
            self.since.happened(event)
            self.conversations.happened(event)
            pane = getattr(event, "pane", None)
            match event:
                case events.StateChanged():
                    self.deliveries.look(event.pane)
                case events.PaneClosed():
                    self.deliveries.forget(event.pane)
                case _:
                    pass
            if pane is not None and self.waits:
                if isinstance(event, events.PaneClosed):
                    self.waits.closed(pane)
                else:
                    self.waits.look(pane)
        if happened:
            if lasting or any(isinstance(event, LASTING) for event in happened):
                self._save()
            else:
                self._save_soon()
            self.views.move_focus()

    def change(self, pane: PaneId, **facts: object) -> None:
        """A fact about a pane is a new one."""
        if pane in self.session.panes:
            self.publish(self.session.change(pane, self.clock(), **facts), lasting=not LASTING_FACTS.isdisjoint(facts))

    def problem(self, message: str, pane: PaneId | None = None) -> None:
        """Something a person should know."""
        self.publish([events.ProblemRaised(at=self.clock(), message=message, pane=pane)])

    def forget_screen(self, pane: PaneId) -> None:
        """The pane's emulator is another one, or gone: screens get all of it anew."""
        for peer in self.peers.all:
            peer.attachment.forget(pane)
        self.pump.frame_soon()

    def typed(self, runtime: Runtime) -> None:
        """Somebody typed into the pane just now."""
        self.authors.active(runtime.pane)
        if runtime.descriptor >= 0:
            self.pump.key(runtime)

    def press(self, pane: PaneId, pressed: Sequence[keys.Key]) -> None:
        """Keys, encoded as the program wants them now."""
        runtime = self.running(pane)
        assert runtime.typing is not None
        for key in pressed:
            runtime.typing.write(keys.encode(key, runtime.emulator.modes))
            self.states.pressed(pane, key)
        self.typed(runtime)

    def record(self, pane: PaneId, peer: Peer) -> None:
        """The peer gets the pane's bytes from now on."""
        self._recorders.setdefault(pane, []).append((peer, self.loop.now()))

    def recorders(self, pane: PaneId) -> list[tuple[Peer, float]]:
        """Who records the pane, and since when by the loop's clock."""
        return self._recorders.get(pane, [])

    def detach_screens(self, reason: str) -> int:
        """Ask every screen to leave; how many."""
        screens = self.peers.screens()
        for peer in screens:
            peer.send(m.Detached(reason=reason))
        return len(screens)

    def execute(self, command: commands.AnyCommand, done: Done, failed: Failed) -> None:
        """Apply a command and make it so. Raises UsageError; what fails later goes to ``failed``."""
        self.lifecycle.execute(command, done, failed)

    def settle(self) -> None:
        """Whatever was printed until now is known now: titles, for who asks for the status."""
        self._tell_news()
        self.states.settle()

    def enter_pause_seconds(self, pane: PaneId) -> float:
        """How long to wait between a prompt and its Enter: as the agent's profile says, at once for other programs."""
        profile = self.profiles.get(self.states.agent(pane))
        return 0.0 if profile is None else profile.enter_pause_seconds

    def end_session(self, done: Callable[[], None]) -> None:
        """End every program, then this server; nothing of the session is kept."""

        def gone() -> None:
            done()
            self.publish([events.SessionEnded(at=self.clock())])
            self.detach_screens("the session has ended")
            self._ended = True
            self.loop.stop()

        self.lifecycle.end_all(gone)

    def close(self) -> None:
        """The process is about to end: what is on disk is complete, the socket is gone, hosts live on."""
        self.hooks.close(forget=self._ended)
        self.authors.close()
        if not self._ended:
            self._save()
        for runtime in self.runtimes.values():
            runtime.catch_up()
            runtime.journal.close()
        if self._ended:
            from agentgrid.agents.demo_scratch import remove_scratch  # What it needs is not loaded for every session's start.

            self.store.clear()
            remove_scratch(Path(self.session.folder))
            disown(self.socket)
        self._profile_files.close()
        self.states.close()
        self.lifecycle.close()
        self.peers.close()

    # ------------------------------------------------------------------ peers

    def on_message(self, peer: Peer, message: m.ClientMessage) -> None:
        """A message of an open connection; its ``Hello`` is the first."""
        match message:
            case m.Hello(role=role):
                if role == "ui":
                    peer.send(self._state())
            case m.Request():
                answers.answer(self, peer, message)
            case m.KeyPressed() | m.Pasted() | m.MouseMoved():
                inputs.take(self, message)
            case m.View(panes=panes, focused=focused):
                peer.attachment.view({pane: Size(columns, rows) for pane, columns, rows in panes}, focused, self.loop.now())
                self.views.resize_soon()
                self.views.move_focus()
                self.pump.frame_soon()
            case m.SetPalette(palette=palette):
                self.palette = palette
                for runtime in self.runtimes.values():
                    runtime.apply(runtime.emulator.set_palette(palette))
            case m.HistoryWanted(pane=pane, start=start, stop=stop):
                if (looked_at := self.runtimes.get(pane)) is not None:
                    looked_at.emulator.tidy()
                    self._send_update(peer, looked_at)
                    peer.send(peer.attachment.history(pane, looked_at.emulator, start, stop))
            case _:
                assert_never(message)

    def on_drained(self, peer: Peer) -> None:
        if peer.stale:
            peer.stale = False
            peer.send(self._state())
        self.pump.frame_soon()

    def on_gone(self, peer: Peer) -> None:
        self.peers.forget(peer)
        self.searches.stop(peer)
        for listening in self._recorders.values():
            listening[:] = [entry for entry in listening if entry[0] is not peer]
        self.views.move_focus()

    # ------------------------------------------------------------------ runtimes

    def on_effects(self, runtime: Runtime, happened: Sequence[Effect]) -> None:
        """What a program did besides drawing."""
        now = self.clock()
        for effect in happened:
            match effect:
                case effects.TitleChanged(title=title):
                    self._titles[runtime.pane] = title  # A program may change it at every frame of its own: told once a frame of ours.
                case effects.Bell():
                    self._bells.add(runtime.pane)
                case effects.Notification(title=title, body=body):
                    self.publish([events.NotificationShown(at=now, pane=runtime.pane, title=title, body=body)])
                case effects.ClipboardSet(data=data):
                    self.publish([events.ClipboardSet(at=now, pane=runtime.pane, text=data.decode("utf-8", "replace"))])
                case _:
                    pass  # Signals of a state are told to those who judge it, colours and marks to nobody.
        self.states.effects(runtime.pane, happened)

    def on_bytes(self, runtime: Runtime, data: bytes) -> None:
        self._printed.add(runtime.pane)
        self.states.printed(runtime.pane, len(data))
        self.thrift.printed(len(data))
        self.authors.active(runtime.pane)
        for peer, since in self.recorders(runtime.pane):
            peer.send(m.Recorded(at=self.loop.now() - since, data=data))

    def on_problem(self, runtime: Runtime, message: str) -> None:
        self.problem(message, runtime.pane)

    # ------------------------------------------------------------------ frames

    def _echo(self, source: Source) -> bool:
        """Show one pane at once; False when it is in the middle of a synchronized update."""
        assert isinstance(source, Runtime)
        if not source.shows(self.loop.now()):
            return False
        for peer in self.peers.screens():
            if source.pane in peer.attachment.sizes and not peer.backlogged:
                self._send_update(peer, source)
        if self.waits:
            self.waits.look(source.pane)
        return True

    def _frame(self) -> None:
        """Everybody gets what they lack."""
        now = self.loop.now()
        self._tell_news()
        late = False
        for peer in self.peers.screens():
            if peer.backlogged:
                continue
            updates = []
            for pane in peer.attachment.sizes:
                runtime = self.runtimes.get(pane)
                if runtime is None:
                    continue
                if not runtime.shows(now):
                    late = True
                elif (update := peer.attachment.update(pane, runtime.emulator, floods=self.pump.floods(runtime))) is not None:
                    updates.append(update)
            if updates:
                peer.send(*updates)
        if late:
            self.loop.call_later(SYNCHRONIZED_SECONDS, self.pump.frame_soon)
        if self.waits:
            for pane in self._printed:
                self.waits.look(pane)
        self._printed.clear()

    def _send_update(self, peer: Peer, runtime: Runtime) -> None:
        update = peer.attachment.update(runtime.pane, runtime.emulator)
        if update is not None:
            peer.send(update)

    def _tell_news(self) -> None:
        for pane, title in self._titles.items():
            self.change(pane, title=title)
        self._titles.clear()
        for pane in self._bells:
            self.publish([events.BellRung(at=self.clock(), pane=pane)])
        self._bells.clear()

    def _pty_ended(self, source: Source) -> None:
        assert isinstance(source, Runtime)
        self.lifecycle.pty_ended(source)

    # ------------------------------------------------------------------ the record

    def _state(self) -> m.SessionState:
        session = self.session
        return m.SessionState(
            session=session.name,
            folder=session.folder,
            rows=session.rows,
            columns=session.columns,
            panes=tuple(session.panes.values()),
            focus=session.focus,
            zoom=session.zoom,
        )

    def _save_soon(self) -> None:
        if self._save_timer is None:
            self._save_timer = self.loop.call_later(SAVE_SECONDS, self._save)

    def _save(self) -> None:
        if self._save_timer is not None:
            self._save_timer.cancel()
            self._save_timer = None
        hand_out(self.session, [runtime.host for runtime in self.runtimes.values() if runtime.host is not None])
        try:
            removed = self.store.save(self.session.record())
        except OSError as error:
            removed = False
            self.problem(f"cannot save the session ({error.strerror}): {what_to_do(error, self.store.folder)}")
        if removed:
            for runtime in self.runtimes.values():
                runtime.checkpoint(self.loop.now())
