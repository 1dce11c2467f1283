"""What each kind of signal says last, and what of it counts: the half of the detector that has no memory of states.

Strongest first:

    exit > report (OSC 7501) > fresh hook > title > screen > older hook > shell marks, progress > foreground > activity

- A report, a title and the screen are *levels*: they hold until they change. A hook is an *edge*: most agents send none for
  Esc, a permission denied by hand, a kill. So it decides alone only while the screen may still lag behind it
  (``HOOK_LEAD_SECONDS``); after that a title or a screen that says otherwise wins, and ``working`` from a hook ages out.
- A finding of the screen may *refine* what a stronger signal says (``over`` in a profile's rule): ``limited`` while it
  reports ``working``; a background shell that goes on after ``done``. Once the person has pressed a key, an error that
  stays on the screen refines no more; nor does one that was there before anybody had asked for anything.
- Silence says nothing.
"""

from collections.abc import Iterator
from typing import NamedTuple

from agentgrid.agents.profiles import SHELL, Profile
from agentgrid.agents.program_status import Record
from agentgrid.agents.rules import Finding, read_screen, read_title
from agentgrid.agents.signals import (
    AnySignal,
    Exited,
    Hooked,
    Marked,
    Progressed,
    Prompted,
    Ran,
    Reported,
    Showed,
    Titled,
)
from agentgrid.agents.verdict import Dialog, Reason

HOOK_LEAD_SECONDS = {"working": 1.0, "blocked": 2.0, "done": 2.0}
"""A hook comes before the screen shows what it tells: by half a second, on a busy machine by more than a second. Work that
another hook would end holds for less, since most agents send none for an Esc."""
LEAD_SECONDS = 1.0  # … of the other states.
LAG_SECONDS = 4.0  # That it rests was seen before it was asked, and is not news: on a busy machine a spinner comes seconds later.
HOOK_WORKING_SECONDS = 600.0  # As long as a tool may run in silence. Later nobody knows.
ACTIVE_SECONDS = 1.5  # Output that recent is activity …
ACTIVITY_SECONDS = 0.5  # … when it has gone on for that long: a redraw is none.
ECHO_SECONDS = 0.4  # Output that soon after a key is its echo.
INTERRUPT_SECONDS = 5.0  # From the person's Esc to the agent's rest.
RESTING = frozenset({"idle", "done"})
LONG_AGO = -1e9
NEVER = float("inf")


class Opinion(NamedTuple):
    """What one kind of signal says."""

    source: str
    state: str
    at: float
    rule: str = ""
    kind: str = ""
    message: str = ""
    until: float | None = None
    progress: int | None = None
    dialog: Dialog | None = None


class Weighed(NamedTuple):
    """What counts. ``below``: the state that a refinement was made of; ``best`` is None when nothing counts."""

    best: Opinion | None
    below: str
    reasons: tuple[Reason, ...]


class Evidence:
    """The last signals of one run of a program. Owned by its detector."""

    def __init__(self, profile: Profile | None, utc_offset_seconds: float) -> None:
        self._profile = profile
        self._offset = utc_offset_seconds
        self._dialogs = profile is not None and any(rule.state == "blocked" for rule in profile.screens)
        self._backgrounds = profile is not None and any("done" in rule.over and rule.state == "working" for rule in profile.screens)
        self._exit: Exited | None = None
        self._report: Reported | None = None
        self._hook: Hooked | None = None
        self._title: tuple[Finding, float] | None = None
        self._screen: tuple[Finding, ...] = ()
        self._screen_at = LONG_AGO
        self._screen_since: dict[tuple[str, str], float] = {}
        self._shown = False
        self._mark: Marked | None = None
        self._progress: Progressed | None = None
        self._ran: Ran | None = None
        self._worked = False
        self._printed_at = self._printed_since = LONG_AGO
        self.pressed_at = LONG_AGO
        """When a key was pressed last, by the person or for them."""
        self.submitted_at = LONG_AGO
        """When the person, or a verb for them, gave it something to do."""
        self.interrupted_at = LONG_AGO
        """When the person asked it to stop."""

    def take(self, signal: AnySignal) -> None:
        """Remember a signal, if it says anything of the program."""
        at = signal.at
        match signal:
            case Exited():
                self._exit = signal
            case Ran():
                self._ran = signal
            case Reported(record=record):
                if self._report is None or record != self._report.record:
                    self._report = signal
            case Hooked(state=state, kind=kind):
                waits = self._hook is not None and self._hook.state == state == "blocked"
                if state and not (waits and not kind):  # A reminder that it still waits knows less than the request did.
                    self._hook = signal
            case Titled(title=title):
                found = read_title(self._profile.titles, title) if self._profile is not None else None
                if found is None or self._title is None or self._title[0] != found:
                    self._title = None if found is None else (found, at)
            case Showed(rows=rows, columns=columns):
                self._shown = True
                if self._profile is not None:
                    self._screen = read_screen(self._profile.screens, rows, columns)
                    names = [(finding.rule, finding.message) for finding in self._screen]
                    self._screen_since = {name: self._screen_since.get(name, at) for name in names}
                    self._screen_at = at
            case Marked():
                self._mark = signal
            case Progressed():
                self._progress = signal
            case Prompted():
                self.submitted_at, self.interrupted_at = at, LONG_AGO
            case _:
                pass  # Bells and notifications are told to the person as they are; the detector minds who looks.

    @property
    def asked(self) -> bool:
        """Whether anybody has given it something to do in this run."""
        return self.submitted_at > LONG_AGO or (self._hook is not None and self._hook.state == "working")

    def print(self, at: float) -> bool:
        """The program printed something, which may be the echo of a key; whether that can matter."""
        if at - self.pressed_at > ECHO_SECONDS:
            if at - self._printed_at > ACTIVE_SECONDS:
                self._printed_since = at
            self._printed_at = at
        return self._stronger is None

    def press(self, key: str, at: float, *, answers: bool) -> None:
        """The person pressed a key; ``answers``: while it was asking them something, so that Enter gives it nothing new to do."""
        self.pressed_at = at
        if key == "enter":
            self.interrupted_at = LONG_AGO
            self.submitted_at = self.submitted_at if answers else at
        elif key in ("escape", "ctrl+c") or (self._profile is not None and key in self._profile.interrupt):
            self.interrupted_at = at

    def another_turn(self) -> None:
        """What the screen shows from now on belongs to another turn, even if it looks the same."""
        self._screen_since = {}
        self._worked = True

    def times(self, now: float) -> Iterator[float]:
        """When time alone changes what counts."""
        if self._hook is not None and self._exit is None:
            yield self._hook.at + _lead(self._hook)
            yield self._hook.at + LAG_SECONDS
            if self._hook.state == "working":
                yield self._hook.at + HOOK_WORKING_SECONDS
        if now - self._printed_at < ACTIVE_SECONDS and self._stronger is None:
            yield max(self._printed_at + ACTIVE_SECONDS, self._printed_since + ACTIVITY_SECONDS)

    @property
    def _stronger(self) -> object:
        """Anything that is stronger than activity, None when there is nothing."""
        record = self._report.record if self._report is not None else None
        return self._exit or record or self._title or self._mark or (self._screen or None)

    # ------------------------------------------------------------------ weighing

    def weigh(self, now: float) -> Weighed:
        """The strongest opinion that counts, with what weaker ones know of the same state."""
        opinions = list(self._opinions(now))
        reasons: list[Reason] = []
        best: Opinion | None = None
        for opinion in opinions:
            why = self._doubt(opinion, opinions, now) if best is None else f"{best.source} is stronger"
            counted = best is None and not why
            reasons.append(_reason(opinion, counted=counted, why=why))
            if counted:
                best = opinion
        if best is None:
            return Weighed(None, "", tuple(reasons))
        below = best.state
        for opinion, over in self._refinements():
            stopped = opinion.state == "error" and opinion.at - self.interrupted_at <= INTERRUPT_SECONDS
            dismissed = below != "working" and (opinion.at <= self.pressed_at or stopped)
            earlier = opinion.state == "error" and not (self.asked or self._worked)
            counted = below in over and best.source != "exit" and not dismissed and not earlier
            why = f"refines {below}" if counted else "a key was pressed since" if dismissed else f"does not refine {below}"
            why = "it is of an earlier run" if earlier else why
            reasons.append(_reason(opinion, counted=counted, why=why))
            if counted:
                best, below = opinion, best.state
                break
        return Weighed(_detailed(best, opinions), below, tuple(reasons))

    def _opinions(self, now: float) -> Iterator[Opinion]:
        """What each kind of signal says, strongest first."""
        if self._exit is not None:
            yield Opinion("exit", "exited", self._exit.at, message=_ending(self._exit.exit_code))
        if self._report is not None and self._report.record is not None:
            yield _of_record(self._report.record, self._report.at)
        hook = self._hook
        fresh = hook is not None and self._leads(hook, now)
        if hook is not None and fresh:
            yield _of_hook(hook)
        if self._title is not None:
            found, at = self._title
            yield Opinion("title", found.state, at, found.rule, found.kind)
        for finding in self._screen:
            if not finding.over:
                yield self._of_finding(finding)
        if hook is not None and not fresh:
            yield _of_hook(hook)
        yield from self._of_others(now)

    def _leads(self, hook: Hooked, now: float) -> bool:
        """Whether the screen may still lag behind the hook. A question is answered with a key, of which no hook tells."""
        lead = LAG_SECONDS if hook.state == "working" and self._rested_at < hook.at else _lead(hook)
        return now - hook.at < lead and not (hook.state == "blocked" and self.pressed_at > hook.at)

    @property
    def _rested_at(self) -> float:
        """Since when title or screen say that it rests, whichever counts; never when they say otherwise."""
        if self._title is not None and self._title[0].state != "quiet":
            found, at = self._title
            return at if found.state in RESTING else NEVER
        finding = next((finding for finding in self._screen if not finding.over), None)
        return self._of_finding(finding).at if finding is not None and finding.state in RESTING else NEVER

    def _of_others(self, now: float) -> Iterator[Opinion]:
        """What programs tell that are no agents, and activity."""
        if self._mark is not None and self._mark.mark in "ABCD":
            yield Opinion("shell", "working" if self._mark.mark == "C" else "idle", self._mark.at, f"133 {self._mark.mark}")
        if self._progress is not None and self._progress.state:
            shown = self._progress.percent if self._progress.state == 1 else None
            state = "error" if self._progress.state == 2 else "working"
            yield Opinion("progress", state, self._progress.at, f"9;4;{self._progress.state}", progress=shown)
        if self._profile is None:
            return
        if self._profile.name == SHELL:
            if self._ran is not None and self._ran.own:
                yield Opinion("process", "idle", self._ran.at)
            return
        active = now - self._printed_at < ACTIVE_SECONDS and self._printed_at - self._printed_since >= ACTIVITY_SECONDS
        if active and self.asked:
            yield Opinion("activity", "working", self._printed_since)

    def _refinements(self) -> Iterator[tuple[Opinion, tuple[str, ...]]]:
        for finding in self._screen:
            if finding.over:
                yield self._of_finding(finding), finding.over
        hook = self._hook
        if hook is not None and hook.background and hook.state in RESTING and not self._backgrounds:
            yield Opinion("hook", "working", hook.at, hook.event, message=f"{hook.background} in the background"), tuple(RESTING)

    def _of_finding(self, finding: Finding) -> Opinion:
        at = self._screen_since.get((finding.rule, finding.message), self._screen_at)
        seconds = finding.seconds
        until = clock_time(finding.clock, at, self._offset) if seconds is None else self._screen_at + seconds
        return Opinion("screen", finding.state, at, finding.rule, finding.kind, finding.message, until, dialog=finding.dialog)

    def _doubt(self, opinion: Opinion, opinions: list[Opinion], now: float) -> str:
        """Why an opinion does not count, empty when it does."""
        if opinion.source == "hook" and self._hook is not None and not self._leads(self._hook, now):
            if opinion.state == "working" and now - opinion.at >= HOOK_WORKING_SECONDS:
                return f"older than {HOOK_WORKING_SECONDS:g} s"
            told = any(not finding.over for finding in self._screen)
            if opinion.state == "blocked" and self._dialogs and self._shown and (told or self.pressed_at > opinion.at):
                return "no dialog is on the screen"
        if opinion.state == "quiet":
            return "says only that it is not at work"
        if opinion.source == "title" and opinion.state in RESTING and any(o.source == "screen" and o.state == "blocked" for o in opinions):
            return "a dialog is on the screen"
        if opinion.source == "screen" and opinion.state == "working" and any(o.source == "title" and o.state == "quiet" for o in opinions):
            return "the title says that it is not at work"
        return ""


def _detailed(best: Opinion, opinions: list[Opinion]) -> Opinion:
    """The same state, with what other signals know of it: the question's text, its answers."""
    for other in opinions:
        if other is best or other.state != best.state or (best.kind and other.kind and other.kind != best.kind):
            continue
        known = other.dialog is not None and bool(other.dialog.fingerprint)
        better = other.dialog if best.dialog is None or (known and not best.dialog.fingerprint) else best.dialog
        best = best._replace(
            kind=best.kind or other.kind,
            message=best.message or other.message,
            until=other.until if best.until is None else best.until,
            dialog=better,
        )
    return best


def _lead(hook: Hooked) -> float:
    return HOOK_LEAD_SECONDS.get(hook.state, LEAD_SECONDS)


def _reason(opinion: Opinion, *, counted: bool, why: str) -> Reason:
    return Reason(source=opinion.source, state=opinion.state, rule=opinion.rule, at=opinion.at, counted=counted, why=why)


def _of_record(record: Record, at: float) -> Opinion:
    rule = f"7501 {record.app}".strip()
    return Opinion("report", record.state, at, rule, record.kind, record.message or record.title, progress=record.progress)


def _of_hook(hook: Hooked) -> Opinion:
    dialog = None
    if hook.state == "blocked":
        dialog = Dialog(kind=hook.kind, question=hook.message, choices=hook.choices, subject=hook.tool)
    return Opinion("hook", hook.state, hook.at, hook.event, hook.kind, hook.message, hook.until, dialog=dialog)


def _ending(code: int | None) -> str:
    return "" if not code else f"signal {-code}" if code < 0 else f"exit code {code}"


def clock_time(clock: str, at: float, utc_offset_seconds: float) -> float | None:
    """The next time after ``at`` that a clock shows ``3pm``, ``3:30 PM`` or ``15:30``; None when it is no such time."""
    text = clock.lower().replace(" ", "").replace(".", "")
    half = 12 if text.endswith("pm") else 0 if text.endswith("am") else None
    hours, _, minutes = text.removesuffix("pm").removesuffix("am").partition(":")
    if not hours.isdecimal() or (minutes and not minutes.isdecimal()):
        return None
    hour, minute = int(hours), int(minutes or 0)
    if hour > 24 or minute > 59:
        return None
    if half is not None:
        hour = hour % 12 + half
    midnight = (at + utc_offset_seconds) // 86400 * 86400 - utc_offset_seconds
    found = midnight + hour * 3600 + minute * 60
    return found if found > at else found + 86400
