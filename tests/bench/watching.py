"""What the states of nine busy panes cost: the share of a core that watching takes, beside what their emulators take.

Nine recordings of agents are played at once, in their own time (by their timestamps, not by waiting), looked at as often as the
server looks. Only the processor time inside the watch counts; the emulator's is measured in the same run, to compare.
"""

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from agentgrid.agents.hooks.opencode import EventStream
from agentgrid.agents.hooks.parsing import parse_hook
from agentgrid.agents.profiles import load_profiles
from agentgrid.agents.signals import Started
from agentgrid.agents.watch import LOOK_SECONDS, Watch
from agentgrid.geometry import Size
from agentgrid.server.states import GATHER_SECONDS
from agentgrid.terminal.pyte_emulator import PyteEmulator
from tests.agents.playback import Recording, pressed, recordings

PANES = 9
T = TypeVar("T")


class Player:
    """One pane. ``watching`` and ``emulating`` are seconds of processor time."""

    def __init__(self, recording: Recording) -> None:
        profiles = load_profiles()
        self._data, self._events = recording.data(), recording.events()
        self._agent = recording.agent
        start = self._events[0].fields
        self._emulator = PyteEmulator(Size(columns=start["cols"], rows=start["rows"]))
        self._watch = Watch(profiles[recording.agent], profiles)
        self._stream = EventStream("")
        self._read_at = 0.0
        self._due: float | None = 0.0
        self.watching = self.emulating = 0.0
        self.looks = 0
        self.seconds = self._events[-1].at
        self._watch.take(Started(at=0.0))

    def play(self) -> None:
        for event in self._events:
            while self._due is not None and self._due <= event.at:
                self._look(self._due)
            for _ in self._step(event.kind, event.fields, event.at):
                self._due = event.at if self._due is None else min(self._due, event.at)

    def _step(self, kind: str, fields: dict[str, object], now: float) -> Iterator[None]:
        """Take one event; yields when the pane is to be looked at in this turn."""
        match kind, fields:
            case "o", {"off": int(offset), "len": int(length)}:
                chunk = self._data[offset : offset + length]
                before = time.process_time()
                effects = self._emulator.feed(chunk)
                self.emulating += time.process_time() - before
                if self._timed(lambda: self._watch.heard(effects, now)):
                    yield
                self._timed(lambda: self._watch.printed(length, now))
                due = max(now + GATHER_SECONDS, self._read_at + LOOK_SECONDS)
                self._due = due if self._due is None else min(self._due, due)
            case "i", {"data": str(text)}:
                for signal in pressed(text, now):
                    self._timed(lambda signal=signal: self._watch.take(signal))  # type: ignore[misc]
                yield
            case "r", {"cols": int(columns), "rows": int(rows)}:
                self._emulator.resize(Size(columns=columns, rows=rows))
            case "hook", {"agent": str(agent), "event": str(event), "text": str(text)}:
                heard = self._stream.event(text.encode(), now) if agent == "opencode" else parse_hook(agent, event, text, now)
                for hooked in heard.signals:
                    self._timed(lambda hooked=hooked: self._watch.take(hooked))  # type: ignore[misc]
                yield

    def _look(self, now: float) -> None:
        self.looks += 1
        shows = not self._emulator.modes.synchronized
        if shows and now - self._read_at >= LOOK_SECONDS:
            self._read_at = now
        self._timed(lambda: self._watch.look(now, self._emulator if shows else None))
        self._due = self._timed(lambda: self._watch.next_look(now))

    def _timed(self, call: Callable[[], T]) -> T:
        before = time.process_time()
        result = call()
        self.watching += time.process_time() - before
        return result


def main() -> None:
    """Print the shares."""
    found = [recording for recording in recordings() if recording.name.endswith("-full")][:PANES]
    players = [Player(recording) for recording in found]
    print(f"{'':24}{'seconds':>9}{'looks/s':>9}{'watching':>10}{'emulating':>11}")
    for recording, player in zip(found, players, strict=True):
        player.play()
        shares = [f"{100 * spent / player.seconds:.3f} %" for spent in (player.watching, player.emulating)]
        print(f"{recording.name:24}{player.seconds:>9.0f}{player.looks / player.seconds:>9.1f}{shares[0]:>10}{shares[1]:>11}")
    together = sum(player.watching / player.seconds for player in players)
    emulated = sum(player.emulating / player.seconds for player in players)
    ratio = together / emulated
    print(f"\n{len(players)} panes at once: watching takes {100 * together:.2f} % of a core, {ratio:.2f} of what emulating takes")


if __name__ == "__main__":
    main()
