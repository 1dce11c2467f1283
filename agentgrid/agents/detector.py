"""What a pane's program is doing, from what it shows of itself: signals and now in, a state and its reasons out.

Every look weighs anew what the signals say last (``evidence``). On top of that it knows what was before:

- What ends a turn is remembered (``_Turn``): a program at rest is ``done`` until somebody has looked, then ``idle``; after the
  person's own interrupt it is ``idle`` at once; an ``error`` and a limit stay until the person does something about them.
- A new state must hold for a moment before it is told (``SETTLE_SECONDS``), so that nothing flickers.
- Silence makes ``unknown`` of what nobody says any more, never ``done``.

No clock and no I/O: ``next_look`` says when time alone may change the verdict, so that nobody needs to poll.
"""

from typing import NamedTuple, assert_never

from msgspec.structs import replace

from agentgrid.agents.evidence import INTERRUPT_SECONDS, LONG_AGO, RESTING, Evidence, Weighed
from agentgrid.agents.profiles import Profile
from agentgrid.agents.signals import (
    AnySignal,
    Exited,
    Hooked,
    Marked,
    Notified,
    Pressed,
    Printed,
    Progressed,
    Prompted,
    Ran,
    Rang,
    Reported,
    Seen,
    Showed,
    Started,
    Titled,
    Watched,
)
from agentgrid.agents.verdict import Dialog, State, Verdict

WATCH_SECONDS = 1.0  # How long one looks at a pane until one has seen it.
SUBMIT_SECONDS = 10.0  # From Enter to the first sign of work.
START_SECONDS = 0.5  # Before anybody has asked for anything, some spin for a moment.
SETTLE_SECONDS: dict[str, float] = {
    "working": 0.1,  # A permission that is granted passes through it.
    "blocked": 0.15,  # A dialog that a rule of the user's answers is gone in a frame.
    "done": 0.35,  # Between two tools some say for a moment that they rest.
    "idle": 0.35,
    "limited": 0.2,
    "error": 0.5,  # The screen may say more of it: that it is a limit.
    "exited": 0.0,
    "unknown": 2.0,  # A frame that is half drawn says nothing; a later one does.
}
"""How long a state must hold before it is told."""
KIND_SECONDS = 0.4
"""The same of ``blocked``, until it is known for what: the screen tells it a moment after a title."""
STEADY_SECONDS = 2.0  # An end of a limit is counted down in seconds, and read a moment later.
UNANSWERED_SECONDS = 0.6
"""… of what only the screen says after a question that nobody has answered: it is being drawn anew."""
SURE = frozenset({"exit", "report"})
"""Sources that mean what they say: half the time to settle."""
CALLING = frozenset({"blocked", "done", "error", "limited", "exited"})
"""States that begin unseen."""


class _Turn(NamedTuple):
    """How the last turn ended. ``outcome`` is empty while none has, or once it is history."""

    outcome: str = ""
    message: str = ""
    rule: str = ""
    source: str = ""
    until: float | None = None


class Detector:
    """One pane's signals. Owned by whoever watches the pane; nothing in it reads a clock."""

    def __init__(self, profile: Profile | None = None, utc_offset_seconds: float = 0.0) -> None:
        """``profile`` is None for a program that is no agent. ``utc_offset_seconds``: for limits that end at a time of the clock."""
        self._profile = profile
        self._offset = utc_offset_seconds
        self._watching_since: float | None = None
        self._start(0.0)

    def _start(self, at: float) -> None:
        self._evidence = Evidence(self._profile, self._offset)
        self._turn = _Turn()
        self._in_turn = False
        self._has_worked = False
        self._seen_at = LONG_AGO
        self._verdict = Verdict(since=at)
        self._candidate: Verdict | None = None
        self._candidate_since = at
        self._below = ""
        self._dirty = True
        self._due: float | None = None

    def take(self, signal: AnySignal) -> None:
        """Take a signal; the verdict may be another one now."""
        if isinstance(signal, Printed):
            self._dirty |= self._evidence.print(signal.at)
            return
        self._dirty = True
        match signal:
            case Started():
                self._start(signal.at)
            case Watched(watching=watching):
                self._watching_since = signal.at if watching else None
            case Seen():
                self._see(signal.at)
            case Pressed(key=key):
                self._evidence.press(key, signal.at, answers=self._verdict.state == "blocked")
                self._see(signal.at)
                if self._turn.outcome:
                    self._turn = _Turn()
            case Exited() | Ran() | Reported() | Titled() | Notified() | Rang() | Progressed() | Marked() | Hooked() | Showed():
                self._evidence.take(signal)
            case Prompted():
                self._evidence.take(signal)
            case _:
                assert_never(signal)

    def look(self, now: float) -> Verdict:
        """The state now, with its reasons."""
        if self._dirty or (self._due is not None and now >= self._due):
            self._judge(now)
            self._dirty, self._due = False, self._next_look(now)
        return self._verdict

    def _judge(self, now: float) -> None:
        if self._watched_long(now):
            self._see(now)
        known = self._verdict
        found = _steady(self._found(now), known)
        if found.state == known.state and (found.kind == known.kind or not known.kind):
            self._candidate = None
            if found.state == "working" and found.source != "activity":
                self._begin_turn()
            another = found.state == "blocked" and _another(found, known)
            self._verdict = replace(found, since=now if another else known.since, unseen=known.unseen or another)
            return
        before = self._candidate
        if before is None or before.state != found.state or (before.kind and before.kind != found.kind):
            self._candidate_since = now
        self._candidate = found
        if found.state == "working" and found.source != "activity" and now - self._evidence.submitted_at <= SUBMIT_SECONDS:
            self._begin_turn()  # However short: it was asked for.
        if now - self._candidate_since >= self._settle_seconds(found):
            self._settle(found)

    def dialog(self, now: float) -> Dialog | None:
        """What is asked at this moment, whether or not it has held long enough to be told."""
        best = self._evidence.weigh(now).best
        return best.dialog if best is not None and best.state == "blocked" else None

    def resume(self, verdict: Verdict) -> None:
        """A predecessor said this: what is unseen stays so, and what was worked on goes on."""
        self._dirty = True
        self._verdict = verdict
        self._in_turn = self._has_worked = verdict.state in ("working", "blocked")
        if verdict.state not in ("idle", "unknown"):
            self._evidence.another_turn()
        if verdict.unseen and verdict.state in ("done", "error", "limited"):
            self._turn = _Turn(verdict.state, verdict.message, verdict.rule, verdict.source, verdict.until)
        elif verdict.state == "idle":
            self._seen_at = verdict.since

    def next_look(self, now: float) -> float | None:
        """When time alone may change the verdict; None when it cannot."""
        return now if self._dirty else self._due

    def _next_look(self, now: float) -> float | None:
        times = list(self._evidence.times(now))
        if self._candidate is not None:
            times.append(max(self._candidate_since + self._settle_seconds(self._candidate), now + 0.01))
        if self._watching_since is not None and self._verdict.unseen:
            times.append(max(self._watching_since, self._verdict.since) + WATCH_SECONDS)
        if self._verdict.until is not None:
            times.append(self._verdict.until)
        return min((time for time in times if time > now), default=None)

    def _watched_long(self, now: float) -> bool:
        since = self._watching_since
        return since is not None and self._verdict.unseen and now - max(since, self._verdict.since) >= WATCH_SECONDS

    def _see(self, at: float) -> None:
        """What was unseen is seen."""
        self._seen_at = at
        if self._turn.outcome == "done":
            self._turn = _Turn()
        if self._verdict.unseen:
            self._verdict = replace(self._verdict, unseen=False)

    def _settle_seconds(self, found: Verdict) -> float:
        if found.state == "working" and not self._asked:
            return START_SECONDS
        unanswered = self._verdict.state == "blocked" and self._evidence.pressed_at < self._verdict.since
        if unanswered and found.source in ("screen", "activity"):
            return max(UNANSWERED_SECONDS, SETTLE_SECONDS[found.state])
        seconds = KIND_SECONDS if found.state == "blocked" and not found.kind else SETTLE_SECONDS[found.state]
        return seconds / 2 if found.source in SURE and found.state != "error" else seconds

    def _settle(self, found: Verdict) -> None:
        """The state is a new one. ``since`` is when its first sign came."""
        since, self._candidate = self._candidate_since, None
        match found.state:
            case "working" if found.source == "activity":
                pass  # What it prints may be anything.
            case "working":
                self._begin_turn()
            case "blocked":  # At the start it may be a dialog of its own, after which nothing is done.
                self._in_turn, self._turn = self._in_turn or self._asked, _Turn()
            case "limited" if self._below == "working":
                self._in_turn, self._turn = True, _Turn()
            case "done" | "error" | "limited":
                self._in_turn = False
                self._turn = _Turn(found.state, found.message, found.rule, found.source, found.until)
            case "idle":
                self._in_turn, self._seen_at = False, since
            case "exited":
                self._in_turn, self._turn = False, _Turn()
            case "unknown":
                pass  # What was, was; only what is, nobody knows.
            case _:
                assert_never(found.state)
        self._verdict = replace(found, since=since, unseen=found.state in CALLING)

    def _begin_turn(self) -> None:
        if not self._in_turn:
            self._evidence.another_turn()
        self._in_turn, self._has_worked, self._turn = True, True, _Turn()

    @property
    def _asked(self) -> bool:
        """Whether it has had anything to do in this run."""
        return self._has_worked or self._evidence.asked

    def _found(self, now: float) -> Verdict:
        """What the signals say, and what being at rest means after what was before."""
        best, self._below, reasons = weighed = self._evidence.weigh(now)
        if best is None:
            return Verdict(state="unknown", since=now, reasons=reasons)
        state, until, turn = best.state, best.until, self._turn
        message, rule, source = best.message, best.rule, best.source
        if turn.until is not None and turn.until <= now:
            turn = self._turn = _Turn()
        if state == "limited" and self._below != "working" and until is not None and until <= now:
            state, until = "idle", None
        if state in RESTING or (state == "error" and turn.outcome == "limited"):
            if turn.outcome:
                state, message, rule, source, until = turn.outcome, turn.message or message, turn.rule, turn.source, turn.until
            else:
                state = self._rest(weighed, now)
        blocked = state == "blocked"
        return Verdict(
            state=_state(state),
            kind=best.kind if blocked else "",
            message=message,
            source=source,
            rule=rule,
            since=now,
            until=until,
            progress=best.progress,
            dialog=best.dialog if blocked else None,
            reasons=reasons,
        )

    def _rest(self, weighed: Weighed, now: float) -> str:
        """Whether a program at rest has done something that nobody has seen yet."""
        assert weighed.best is not None
        if now - self._evidence.interrupted_at <= INTERRUPT_SECONDS or weighed.best.at <= self._seen_at:
            return "idle"
        if weighed.best.state == "done":
            return "done"
        return "done" if self._in_turn and self._verdict.state != "limited" else "idle"


def _steady(found: Verdict, known: Verdict) -> Verdict:
    """Without what is only another look at the same: a dialog that is half drawn, an end that is counted down."""
    if found.state != known.state:
        return found
    if found.state == "blocked" and not found.kind and known.kind:
        found = replace(found, kind=known.kind, message=found.message or known.message, dialog=found.dialog or known.dialog)
    if found.until is not None and known.until is not None and abs(found.until - known.until) < STEADY_SECONDS:
        found = replace(found, until=known.until)
    return found


def _another(found: Verdict, known: Verdict) -> bool:
    """Whether two dialogs are not the same one, as far as both are known."""
    if found.dialog is not None and known.dialog is not None and found.dialog.fingerprint and known.dialog.fingerprint:
        return found.dialog.fingerprint != known.dialog.fingerprint
    return bool(found.message and known.message) and found.message != known.message


def _state(word: str) -> State:
    """The word as a state; one that is none is not known."""
    match word:
        case "working" | "blocked" | "done" | "idle" | "limited" | "error" | "exited":
            return word
        case _:
            return "unknown"
