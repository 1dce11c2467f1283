"""What every pane's program is doing: one watch a pane, fed with all that is known of it, asked when its answer may be another.

    effects, bytes ─┐
    keys, prompts  ─┤
    hooks          ─┼→ Watch → verdict → the pane's facts → events
    foreground, end─┤
    who looks      ─┘

A signal has its pane looked at in the next turn of the loop, what is printed a moment later and four times a second at most;
time alone (a state that has to hold, a limit that ends) through ``next_look``. One timer for all panes; with nothing to
look at nothing wakes up. What a successor must know is written beside the pane's journal whenever the state is a new one.

Not here: what a signal means (``agents``), how hooks get here (``hooks``), who is told (the clients).
"""

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from agentgrid.agents.cases import capture
from agentgrid.agents.explain import Explanation, explain
from agentgrid.agents.hooks.parsing import Heard
from agentgrid.agents.profiles import Profile
from agentgrid.agents.recognition import identify
from agentgrid.agents.signals import AnySignal, Exited, Pressed, Prompted, Ran, Seen, Started, Watched
from agentgrid.agents.verdict import Verdict
from agentgrid.agents.watch import LOOK_SECONDS, Watch
from agentgrid.process.foreground import command_line, foreground_group
from agentgrid.server.loop import Timer
from agentgrid.server.runtime import Runtime
from agentgrid.server.screens import painted
from agentgrid.session.pane import PaneId, PaneStatus
from agentgrid.terminal.effects import Effect
from agentgrid.terminal.keys import STRONG, Key, key_name

if TYPE_CHECKING:
    from agentgrid.server.server import Server

MEMORY = "state.json"
GATHER_SECONDS = 0.03  # What a program prints comes in pieces; a frame later it is mostly there.
DRAWING_SECONDS = 0.05  # When to look again at a program in the middle of drawing.
RECOGNISE_SECONDS = 20.0  # A program that runs another one (npx, a script) has become it by then.
RELEASE = 3  # The kitty protocol's kind of a key that was let go.


class States:
    """Part of the server, which owns it."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._panes: dict[PaneId, _Pane] = {}
        self._timer: Timer | None = None
        self._timer_due = 0.0
        self._watching: PaneId | None = None

    # ------------------------------------------------------------------ a pane's life

    def started(self, pane: PaneId) -> None:
        """A program starts in the pane: nothing of an earlier run holds."""
        entry = self._panes[pane] = self._new(pane)
        self._take(entry, Started(at=self._server.clock()))
        if self._watching == pane:
            self._take(entry, Watched(at=self._server.clock(), watching=True))

    def adopted(self, pane: PaneId) -> None:
        """The pane's program runs since before this server: go on where the last one was."""
        entry = self._panes[pane] = self._new(pane)
        with suppress(OSError, ValueError):  # Nothing was said yet, or another version wrote it: unknown until it shows something.
            entry.watch.recall((self._server.store.pane_folder(pane) / MEMORY).read_bytes())
        self._want(entry, self._server.clock())

    def exited(self, pane: PaneId, exit_code: int | None) -> dict[str, Any]:
        """The program has ended: the facts of the pane that follow from it."""
        entry, now = self._panes.get(pane), self._server.clock()
        if entry is None:
            return {"status": PaneStatus.EXITED}
        entry.watch.take(Exited(at=now, exit_code=exit_code))
        entry.verdict = entry.watch.look(now)
        entry.told = _told(entry.verdict)
        self._remember(pane, entry, now)
        return _facts(entry.verdict)

    def forget(self, pane: PaneId) -> None:
        """The pane is gone."""
        self._panes.pop(pane, None)

    def reload(self) -> None:
        """The profiles are others now."""
        now = self._server.clock()
        for pane, entry in self._panes.items():
            entry.watch.rule(self._profile(pane), self._server.profiles, now)
            self._want(entry, now)

    # ------------------------------------------------------------------ what is heard

    def effects(self, pane: PaneId, happened: Sequence[Effect]) -> None:
        """What the program did besides drawing."""
        entry, now = self._panes.get(pane), self._server.clock()
        if entry is not None and entry.watch.heard(happened, now):
            self._want(entry, now)

    def printed(self, pane: PaneId, count: int) -> None:
        """The program printed so many bytes."""
        entry = self._panes.get(pane)
        if entry is None:
            return
        now = self._server.clock()
        entry.watch.printed(count, now)
        entry.unread = True
        self._want(entry, max(now + GATHER_SECONDS, entry.read_at + LOOK_SECONDS))

    def take(self, pane: PaneId, signal: AnySignal) -> None:
        """Any signal: a hook's, an event stream's."""
        entry = self._panes.get(pane)
        if entry is not None:
            self._take(entry, signal)

    def pressed(self, pane: PaneId, key: Key) -> None:
        """The person, or a verb for them, pressed a key in the pane."""
        entry = self._panes.get(pane)
        if entry is None or key.kind == RELEASE:
            return
        now = self._server.clock()
        text = (key.text and not key.modifiers & STRONG and key.name not in ("enter", "escape")) or not key.name
        entry.watch.take(Pressed(at=now, key="text" if text else key_name(key)))
        self._want(entry, now + GATHER_SECONDS)  # Nothing stands between a key and its echo.

    def prompted(self, pane: PaneId) -> None:
        """A prompt was typed with its Enter."""
        self.take(pane, Prompted(at=self._server.clock()))

    def reported(self, pane: PaneId, heard: Heard) -> None:
        """The agent's hooks have told what it does."""
        for signal in heard.signals:
            self.take(pane, signal)

    def seen(self, pane: PaneId) -> None:
        """The person says that they know."""
        self.take(pane, Seen(at=self._server.clock()))

    def watching(self, pane: PaneId | None) -> None:
        """This pane is the one that is focused and visible now, on a screen that has the focus itself."""
        if pane == self._watching:
            return
        now = self._server.clock()
        for other, watched in ((self._watching, False), (pane, True)):
            if other is not None:
                self.take(other, Watched(at=now, watching=watched))
        self._watching = pane

    # ------------------------------------------------------------------ what is said

    def verdict(self, pane: PaneId) -> Verdict:
        """What is known now, of a pane that was told last or has been looked at just now."""
        entry = self._panes.get(pane)
        if entry is None:
            return Verdict()
        self._look(pane, entry, self._server.clock())
        return entry.verdict

    def watch(self, pane: PaneId) -> Watch | None:
        """The pane's watch; None before its program has started."""
        entry = self._panes.get(pane)
        return None if entry is None else entry.watch

    def agent(self, pane: PaneId) -> str:
        """By which profile the pane is watched: its agent, or the one that somebody has started in its shell."""
        entry = self._panes.get(pane)
        return self._server.session.panes[pane].agent if entry is None else entry.watch.agent

    def explain(self, pane: PaneId) -> Explanation | None:
        """Why the pane is in its state."""
        entry = self._panes.get(pane)
        return None if entry is None else explain(entry.watch, self._server.clock())

    def case(self, pane: PaneId) -> str | None:
        """The pane as it is now, as a test case."""
        entry, runtime = self._panes.get(pane), self._server.runtimes.get(pane)
        if entry is None or runtime is None:
            return None
        now = self._server.clock()
        emulator = runtime.emulator
        return capture(entry.watch, entry.watch.look(now), size=emulator.size, painted=painted(emulator), now=now)

    def settle(self) -> None:
        """Whatever can be known now is known now, for who asks for the status."""
        now = self._server.clock()
        for pane, entry in list(self._panes.items()):
            if entry.due is not None and entry.due <= now + GATHER_SECONDS:
                self._look(pane, entry, now)

    def close(self) -> None:
        """The server ends: write down what the successor must know."""
        now = self._server.clock()
        for pane, entry in self._panes.items():
            self._remember(pane, entry, now)

    # ------------------------------------------------------------------ below

    def _new(self, pane: PaneId) -> "_Pane":
        return _Pane(Watch(self._profile(pane), self._server.profiles, time.localtime().tm_gmtoff))

    def _profile(self, pane: PaneId) -> Profile | None:
        return self._server.profiles.get(self._server.session.panes[pane].agent)

    def _take(self, entry: "_Pane", signal: AnySignal) -> None:
        entry.watch.take(signal)
        self._want(entry, signal.at)

    def _want(self, entry: "_Pane", at: float) -> None:
        """Have the pane looked at by then."""
        if entry.due is not None and entry.due <= at:
            return
        entry.due = at
        if self._timer is None or at < self._timer_due:
            self._arm(at)

    def _arm(self, due: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_due = due
        self._timer = self._server.loop.call_later(max(due - self._server.clock(), 0.0), self._run)

    def _run(self) -> None:
        self._timer = None
        now = self._server.clock()
        for pane, entry in list(self._panes.items()):
            if entry.due is not None and entry.due <= now:
                self._look(pane, entry, now)
        due = min((entry.due for entry in self._panes.values() if entry.due is not None), default=None)
        if due is not None and (self._timer is None or due < self._timer_due):
            self._arm(due)

    def _look(self, pane: PaneId, entry: "_Pane", now: float) -> None:
        entry.due = None
        state, runtime = self._server.session.panes.get(pane), self._server.runtimes.get(pane)
        if state is None or runtime is None:
            return
        if not state.agent and runtime.descriptor >= 0:
            self._recognise(pane, entry, runtime, now)
        shows = entry.unread and runtime.shows(self._server.loop.now())
        if shows and now - entry.read_at >= LOOK_SECONDS:
            entry.read_at, entry.unread = now, False
        verdict = entry.watch.look(now, runtime.emulator if shows else None)
        due = entry.watch.next_look(now)
        if due is not None:
            self._want(entry, due)
        if entry.unread:
            self._want(entry, max(entry.read_at + LOOK_SECONDS, now + DRAWING_SECONDS))
        entry.verdict, told = verdict, _told(verdict)
        if told == entry.told or state.problem:
            return
        entry.told = told
        self._server.change(pane, **_facts(verdict))
        self._remember(pane, entry, now)

    def _recognise(self, pane: PaneId, entry: "_Pane", runtime: Runtime, now: float) -> None:
        """Which program has the terminal: somebody may have started an agent in a shell, or a script has become one."""
        group = foreground_group(runtime.descriptor)
        if group != entry.group:
            entry.group, entry.group_since, entry.words = group, now, ()
        elif now - entry.group_since > RECOGNISE_SECONDS:
            return
        words = command_line(group) if group else ()
        if not words or words == entry.words:
            return
        entry.words = words
        agent = identify(words, self._server.profiles)
        own = runtime.host is not None and group == runtime.host.program_pid
        entry.watch.take(Ran(at=now, program=os.path.basename(words[0]).lstrip("-"), agent=agent, own=own and not agent))
        if own and agent:
            self._server.change(pane, agent=agent)

    def _remember(self, pane: PaneId, entry: "_Pane", now: float) -> None:
        folder = self._server.store.pane_folder(pane)
        fresh = folder / f"{MEMORY}.new"
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(entry.watch.memory(now))
            fresh.rename(folder / MEMORY)
        except OSError:
            pass  # The pane's journal, in the same folder, says what is wrong with the disk.


class _Pane:
    """What is kept of one pane. Owned by ``States``."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.verdict = Verdict()
        self.told: tuple[object, ...] | None = None
        self.due: float | None = None
        self.unread = True
        self.read_at = 0.0
        self.group = 0
        self.group_since = 0.0
        self.words: tuple[str, ...] = ()


def _told(verdict: Verdict) -> tuple[object, ...]:
    """What of a verdict is told: all but its reasons."""
    return tuple(_facts(verdict).values())


def _facts(verdict: Verdict) -> dict[str, Any]:
    """A verdict as facts of a pane."""
    return {
        "status": PaneStatus(verdict.state),
        "status_since": verdict.since,
        "status_source": verdict.source,
        "status_kind": verdict.kind,
        "status_until": verdict.until,
        "message": verdict.message,
        "progress": verdict.progress,
        "dialog": verdict.dialog,
        "unseen": verdict.unseen,
    }
