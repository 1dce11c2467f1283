"""Why a pane is in its state: which signals count, by which rule, what was rejected and why, since when; and the last screen.

One object for ``explain --json`` and for windows, and lines of text for people.
"""

import msgspec

from agentgrid.agents.signals import AnySignal, Pressed, Printed, Showed
from agentgrid.agents.verdict import Dialog, Reason
from agentgrid.agents.watch import Watch

MAX_SIGNALS = 30  # What came last is what people look for; the rest is in the test case.


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict with all that it rests on. Times are seconds since the epoch, as the signals' are."""

    at: float
    agent: str
    state: str
    kind: str
    message: str
    source: str
    rule: str
    since: float
    until: float | None
    unseen: bool
    dialog: Dialog | None
    reasons: tuple[Reason, ...]
    signals: tuple[str, ...]
    """The last ones, a line each, oldest first."""
    screen: tuple[str, ...]
    """The rows that the rules were applied to."""


def explain(watch: Watch, now: float) -> Explanation:
    """What is to be said of the pane's state."""
    verdict = watch.look(now)
    told = [signal for signal in watch.recent if not isinstance(signal, Printed | Showed)]
    return Explanation(
        at=now,
        agent=watch.agent,
        state=verdict.state,
        kind=verdict.kind,
        message=verdict.message,
        source=verdict.source,
        rule=verdict.rule,
        since=verdict.since,
        until=verdict.until,
        unseen=verdict.unseen,
        dialog=verdict.dialog,
        reasons=verdict.reasons,
        signals=tuple(told_signal(signal, now) for signal in told[-MAX_SIGNALS:]),
        screen=watch.screen.rows if watch.screen is not None else (),
    )


def explained(explanation: Explanation) -> list[str]:
    """The explanation as lines of text."""
    now = explanation.at
    lines = [headline(explanation)]
    counted = [reason for reason in explanation.reasons if reason.counted]
    if not counted:
        lines.append("No signal says what it is doing.")
    for title, reasons in (("counted", counted), ("not counted", [reason for reason in explanation.reasons if not reason.counted])):
        if reasons:
            lines += ["", title, *(_reason(reason, now) for reason in reasons)]
    if explanation.dialog is not None and explanation.dialog.choices:
        lines += ["", explanation.dialog.question or "the question", *_choices(explanation.dialog)]
    if explanation.signals:
        lines += ["", "signals", *(f"  {signal}" for signal in explanation.signals)]
    if explanation.screen:
        lines += ["", "the screen that was read", *(f"  │ {row}" for row in explanation.screen)]
    return lines


def headline(explanation: Explanation) -> str:
    """One sentence: the state, since when, by what."""
    kind = f" ({explanation.kind})" if explanation.kind else ""
    message = f": {explanation.message}" if explanation.message else ""
    by = f", by its {explanation.source}" + (f" ({explanation.rule})" if explanation.rule else "") if explanation.source else ""
    seen = ", not seen yet" if explanation.unseen else ""
    until = f", over in {_seconds(explanation.until - explanation.at)}" if explanation.until is not None else ""
    return f"{explanation.state}{kind} for {_seconds(explanation.at - explanation.since)}{by}{seen}{until}{message}"


def told_signal(signal: AnySignal, now: float) -> str:
    """One line for a signal."""
    name = type(signal).__name__.lower()
    if isinstance(signal, Pressed):
        return f"{_seconds(now - signal.at):>8} ago  pressed {signal.key}"
    fields = {key: value for key, value in msgspec.structs.asdict(signal).items() if key != "at" and value not in ("", None, (), 0)}
    return f"{_seconds(now - signal.at):>8} ago  {name}" + "".join(f" {key}={_short(value)}" for key, value in fields.items())


def _reason(reason: Reason, now: float) -> str:
    why = f"  {reason.why}" if reason.why else ""
    rule = f" {reason.rule}" if reason.rule else ""
    return f"  {reason.source:9} {reason.state:8}{rule}, since {_seconds(now - reason.at)}{why and ' –'}{why}"


def _choices(dialog: Dialog) -> list[str]:
    return [f"  {'>' if choice.chosen else ' '} {choice.key or number}. {choice.label}" for number, choice in enumerate(dialog.choices, 1)]


def _short(value: object) -> str:
    if isinstance(value, msgspec.Struct):
        shown = {key: field for key, field in msgspec.structs.asdict(value).items() if field not in ("", None, ())}
        return " ".join(f"{key}={_short(field)}" for key, field in shown.items())
    text = str(value)
    return text if len(text) <= 80 else f"{text[:80]}…"


def _seconds(seconds: float) -> str:
    """``0.4 s``, ``12 s``, ``3 min``, ``2.5 h``."""
    if seconds < 10:
        return f"{max(seconds, 0):.1f} s"
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
