"""One pane watched: what its runtime hears becomes signals, the detector's verdict comes out.

    effects, bytes, screen ─┐
    hooks, processes, keys ─┴→ signals → detector → verdict

The screen is read only when it has changed, and at most every ``LOOK_SECONDS``; ``next_look`` says when to look again. The
last signals are kept, so that ``explain`` can show them and a wrong verdict can become a test.

A shell in which somebody starts an agent is watched by that agent's profile while it has the terminal.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from agentgrid.agents.detector import Detector
from agentgrid.agents.profiles import Profile
from agentgrid.agents.program_status import ProgramStatus
from agentgrid.agents.screen import bottom
from agentgrid.agents.signals import AnySignal, Exited, Marked, Printed, Ran, Reported, Showed, Started, Titled, from_effects
from agentgrid.agents.verdict import Verdict
from agentgrid.terminal.effects import Effect
from agentgrid.terminal.emulator import Emulator
from agentgrid.terminal.row import Line

LOOK_SECONDS = 0.25  # How often a screen that changes is read: four rules' worth of delay is a quarter of what a person notices.
AGAIN_SECONDS = 0.05  # … when the screen could not be read, because a program is in the middle of drawing it.
MAX_RECENT = 200  # Signals kept for `explain` and for test cases: some minutes of an agent.


class Watch:
    """Owned by the server, one a pane. No clock: ``now`` is passed in, the clock of the signals."""

    def __init__(self, profile: Profile | None, profiles: Mapping[str, Profile] | None = None, utc_offset_seconds: float = 0.0) -> None:
        """``profile`` is None for a program that is no agent; ``profiles``: those that are recognised when one is started in a shell."""
        self._home = self._profile = profile
        self._profiles = profiles or {}
        self._offset = utc_offset_seconds
        self._detector = Detector(profile, utc_offset_seconds)
        self._status = ProgramStatus()
        self._lines: tuple[Line, ...] = ()
        self._generation = -1
        self._read_at = -1e9
        self._unread = False
        self.recent: deque[AnySignal] = deque(maxlen=MAX_RECENT)
        self.showed: Showed | None = None
        """What of the screen the verdict is based on."""
        self.session = ""
        """The id of the agent's conversation, as soon as it has told."""
        self.transcript = ""

    @property
    def agent(self) -> str:
        """The profile by which the pane is watched now."""
        return self._profile.name if self._profile is not None else ""

    def use(self, profile: Profile | None, profiles: Mapping[str, Profile] | None = None) -> None:
        """The profiles were edited: the signals that hold are judged anew."""
        self._home = profile
        self._profiles = profiles or self._profiles
        self._switch(profile)

    # ------------------------------------------------------------------ what is heard

    def heard(self, happened: Iterable[Effect], now: float) -> bool:
        """Effects of the emulator; whether there was a signal in them."""
        found = list(from_effects(happened, self._status, now))
        for signal in found:
            self.take(signal)
        return bool(found)

    def printed(self, count: int, now: float) -> None:
        """The program printed so many bytes."""
        self._detector.take(Printed(at=now, count=count))

    def take(self, signal: AnySignal) -> None:
        """Any other signal: a hook, a key, the start and the end of the program, who looks."""
        match signal:
            case Started():
                self._status.reset()
                self._switch(self._home)
                self._lines, self.showed = (), None
            case Exited():
                self._status.settled()
            case Ran(agent=agent, own=own):
                wanted = self._home if own else self._profiles.get(agent, self._home)
                if wanted is not self._profile:
                    self._switch(wanted)
            case _:
                pass
        session, transcript = getattr(signal, "session", ""), getattr(signal, "transcript", "")
        self.session, self.transcript = session or self.session, transcript or self.transcript
        self._keep(signal)
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

    def next_look(self, now: float) -> float | None:
        """When to look again although nothing was heard; None when there is no need."""
        time = self._detector.next_look(now)
        if not self._unread:
            return time
        again = max(self._read_at + LOOK_SECONDS, now + AGAIN_SECONDS)
        return again if time is None else min(again, time)

    def _read(self, emulator: Emulator, now: float) -> None:
        self._generation, self._read_at, self._unread = emulator.generation, now, False
        lines = emulator.lines
        if len(lines) == len(self._lines) and all(line is known for line, known in zip(lines, self._lines, strict=True)):
            return  # The cursor moved, or a mode changed.
        self._lines = tuple(lines)
        self._show(Showed(at=now, rows=bottom(lines, emulator.clusters), columns=emulator.size.columns))

    def _show(self, showed: Showed) -> None:
        before, self.showed = self.showed, showed
        if before is None or showed.rows != before.rows or showed.columns != before.columns:
            self._detector.take(showed)

    def _switch(self, profile: Profile | None) -> None:
        """Watch by another profile; what is seen now is seen by it too."""
        self._profile = profile
        self._detector = Detector(profile, self._offset)
        for signal in held(self.recent):
            self._detector.take(signal)
        if self.showed is not None:
            self._detector.take(self.showed)

    def _keep(self, signal: AnySignal) -> None:
        """Remember for ``explain``; of a title that spins only the last."""
        if isinstance(signal, Titled) and self.recent and isinstance(self.recent[-1], Titled):
            self.recent.pop()
        self.recent.append(signal)


def held(signals: Sequence[AnySignal] | deque[AnySignal]) -> list[AnySignal]:
    """The last of each kind of signal that holds until it changes, since the program's start."""
    last: dict[type, AnySignal] = {}
    for signal in signals:
        if isinstance(signal, Started):
            last.clear()
        elif isinstance(signal, Reported | Titled | Marked):
            last[type(signal)] = signal
    return list(last.values())
