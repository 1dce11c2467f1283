"""One pane watched: what its runtime hears becomes signals, the detector's verdict comes out.

    effects, bytes, screen ─┐
    hooks, processes, keys ─┴→ signals → detector → verdict

The screen is read only when it has changed, and at most every ``LOOK_SECONDS``; ``next_look`` says when to look again. The
last signals are kept, so that ``explain`` can show them and a wrong verdict can become a test. ``memory`` is what a
successor has to know, since no program says it again.

A shell in which somebody starts an agent is watched by that agent's profile while it has the terminal.
"""

from collections import deque
from collections.abc import Iterable, Mapping

import msgspec

from agentgrid.agents.detector import Detector
from agentgrid.agents.profiles import Profile
from agentgrid.agents.program_status import ProgramStatus
from agentgrid.agents.screen import bottom
from agentgrid.agents.signals import (
    AnySignal,
    Exited,
    Hooked,
    Marked,
    Printed,
    Ran,
    Reported,
    Showed,
    Started,
    Titled,
    Watched,
    from_effects,
)
from agentgrid.agents.verdict import Dialog, Verdict
from agentgrid.terminal.effects import Effect
from agentgrid.terminal.emulator import Emulator
from agentgrid.terminal.row import Line

LOOK_SECONDS = 0.25  # How often a screen that changes is read; a quarter of what a person notices.
AGAIN_SECONDS = 0.05  # … when it could not be read, because a program is in the middle of drawing it.
MAX_RECENT = 200  # Signals kept for `explain` and for test cases: some minutes of an agent.
MAX_SCREENS = 40  # … and screens, which are larger: ten seconds of one that changes all the time.
HELD = (Started, Reported, Titled, Marked, Ran, Watched, Exited)
"""Signals that hold until the next of their kind."""


class Memory(msgspec.Struct, frozen=True):
    """What a successor must know of a pane: the signals that hold, and what was said."""

    held: tuple[AnySignal, ...]
    verdict: Verdict
    session: str = ""
    transcript: str = ""


class Watch:
    """Owned by the server, one a pane. No clock: ``now`` is passed in, the clock of the signals."""

    def __init__(self, profile: Profile | None, profiles: Mapping[str, Profile] | None = None, utc_offset_seconds: float = 0.0) -> None:
        """``profile`` is None for a program that is no agent; ``profiles``: those that are recognised when one is started in a shell."""
        self._home = self._profile = profile
        self._profiles = profiles or {}
        self._offset = utc_offset_seconds
        self._detector = Detector(profile, utc_offset_seconds)
        self._status = ProgramStatus()
        self._held: dict[type, AnySignal] = {}
        self._recent: deque[AnySignal] = deque(maxlen=MAX_RECENT)
        self._screens: deque[Showed] = deque(maxlen=MAX_SCREENS)
        self._lines: tuple[Line, ...] = ()
        self._generation = -1
        self._read_at = -1e9
        self._unread = False
        self.session = ""
        """The id of the agent's conversation, as soon as it has told."""
        self.transcript = ""

    @property
    def agent(self) -> str:
        """The profile by which the pane is watched now."""
        return self._profile.name if self._profile is not None else ""

    @property
    def held(self) -> tuple[AnySignal, ...]:
        """The last of each kind of signal that holds until the next one."""
        return tuple(self._held.values())

    @property
    def screen(self) -> Showed | None:
        """What of the screen the verdict is based on."""
        return self._screens[-1] if self._screens else None

    @property
    def recent(self) -> list[AnySignal]:
        """The signals of late, screens among them, in their order."""
        return sorted([*self._recent, *self._screens], key=lambda signal: signal.at)

    # ------------------------------------------------------------------ what is heard

    def heard(self, happened: Iterable[Effect], now: float) -> bool:
        """Effects of the emulator; whether there was a signal in them."""
        found = False
        for signal in from_effects(happened, self._status, now):
            self.take(signal)
            found = True
        return found

    def printed(self, count: int, now: float) -> None:
        """The program printed so many bytes."""
        self._detector.take(Printed(at=now, count=count))

    def take(self, signal: AnySignal) -> None:
        """Any other signal: a hook, a key, the start and the end of the program, who looks."""
        match signal:
            case Started():
                self._status.reset()
                self._held.clear()
                self._screens.clear()
                self._lines = ()
                self._switch(self._home)
            case Exited():
                self._status.settled()
            case Ran(agent=agent, own=own):
                wanted = self._home if own else self._profiles.get(agent, self._home)
                if wanted is not self._profile:
                    self._switch(wanted)
            case Hooked(session=session, transcript=transcript):
                self.session, self.transcript = session or self.session, transcript or self.transcript
            case _:
                pass
        if isinstance(signal, HELD):
            self._held[type(signal)] = signal
        if isinstance(signal, Titled) and self._recent and isinstance(self._recent[-1], Titled):
            self._recent.pop()  # Of a title that spins only the last.
        self._recent.append(signal)
        self._detector.take(signal)

    # ------------------------------------------------------------------ what is said

    def look(self, now: float, emulator: Emulator | None = None) -> Verdict:
        """The verdict now. With an emulator its screen is read, if it has changed and the last time was long enough ago.

        Not to be given in the middle of a synchronized update: what is half drawn says nothing."""
        if emulator is not None and emulator.generation != self._generation:
            self._unread = True
            if now - self._read_at >= LOOK_SECONDS:
                self._read(emulator, now)
        return self._detector.look(now)

    def dialog(self, now: float, emulator: Emulator) -> Dialog | None:
        """What is asked on the screen at this very moment, for somebody who is about to answer it."""
        self._read(emulator, now)
        self._detector.look(now)
        return self._detector.dialog(now)

    def rule(self, profile: Profile | None, profiles: Mapping[str, Profile], now: float) -> None:
        """These are the profiles from now on, ``profile`` the pane's own. What was is not forgotten: only the rules are others."""
        followed = self._profile is not self._home and self._profile is not None
        wanted = profiles.get(self.agent) if followed else profile
        self._home, self._profiles = profile, profiles
        if wanted == self._profile:
            self._profile = wanted
            return
        verdict = self._detector.look(now)
        self._switch(wanted)
        self._detector.resume(verdict)

    def next_look(self, now: float) -> float | None:
        """When to look again although nothing was heard; None when there is no need."""
        time = self._detector.next_look(now)
        if not self._unread:
            return time
        again = max(self._read_at + LOOK_SECONDS, now + AGAIN_SECONDS)
        return again if time is None else min(again, time)

    def memory(self, now: float) -> bytes:
        """What a successor must know, for ``recall``."""
        verdict = msgspec.structs.replace(self._detector.look(now), reasons=())
        held = tuple(signal for signal in self.held if not isinstance(signal, Watched))  # Who looks then, nobody knows.
        return msgspec.json.encode(Memory(held, verdict, self.session, self.transcript))

    def recall(self, memory: bytes) -> None:
        """Go on where a predecessor was. Raises ValueError, and knows nothing, when the bytes are none of this version's."""
        found = msgspec.json.decode(memory, type=Memory)
        for signal in found.held:
            self._held[type(signal)] = signal
            self._detector.take(signal)
        self.session, self.transcript = found.session, found.transcript
        self._detector.resume(found.verdict)

    def _read(self, emulator: Emulator, now: float) -> None:
        self._generation, self._read_at, self._unread = emulator.generation, now, False
        lines = emulator.lines
        if len(lines) == len(self._lines) and all(line is known for line, known in zip(lines, self._lines, strict=True)):
            return  # The cursor moved, or a mode changed.
        self._lines = tuple(lines)
        rows, columns, before = bottom(lines, emulator.clusters), emulator.size.columns, self.screen
        if before is None or rows != before.rows or columns != before.columns:
            showed = Showed(at=now, rows=rows, columns=columns)
            self._screens.append(showed)
            self._detector.take(showed)

    def _switch(self, profile: Profile | None) -> None:
        """Watch by another profile; what is seen now is seen by it too."""
        if profile is not self._profile:
            self._profile = profile
            self._detector = Detector(profile, self._offset)
            for signal in (*self.held, *([self.screen] if self.screen is not None else [])):
                self._detector.take(signal)
