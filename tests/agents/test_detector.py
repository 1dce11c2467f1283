"""States from signals: what beats what, what ends a turn, what settles, and what time alone may do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.agents.detector import Detector
from agentgrid.agents.evidence import clock_time
from agentgrid.agents.profiles import Profile
from agentgrid.agents.program_status import Record
from agentgrid.agents.rules import ScreenRule, TitleRule
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
from agentgrid.agents.verdict import Verdict

PROFILE = Profile(
    name="agent",
    command=("agent",),
    interrupt=("escape",),
    titles=(
        TitleRule(state="working", pattern="^W"),
        TitleRule(state="blocked", pattern="^B"),
        TitleRule(state="idle", pattern="^I"),
        TitleRule(state="quiet", pattern="^Q"),
    ),
    screens=(
        ScreenRule(name="dialog", state="blocked", kind="permission", pattern="^Allow .*", question=r"^(Allow [^\n]*)"),
        ScreenRule(name="limit", state="limited", pattern="^limited", over=("working",), until=r"in (?P<seconds>\d+)s"),
        ScreenRule(name="error", state="error", pattern="^broken", over=("idle", "done")),
        ScreenRule(name="background", state="working", pattern="^1 shell", over=("idle", "done")),
        ScreenRule(name="spinner", state="working", pattern="^spin"),
        ScreenRule(name="prompt", state="idle", pattern="^>"),
    ),
)
SHELL = Profile(name="shell", command=())


def report(at: float, state: str, kind: str = "", message: str = "") -> Reported:
    return Reported(at=at, record=Record(state=state, kind=kind, message=message) if state else None)


def screen(at: float, *rows: str) -> Showed:
    return Showed(at=at, rows=rows)


def hook(at: float, state: str, event: str = "Hook", background: int = 0) -> Hooked:
    return Hooked(at=at, event=event, state=state, background=background)


def judged(signals: list[AnySignal], until: float, profile: Profile | None = PROFILE) -> Verdict:
    """The verdict at a time, looked at whenever something came or time was due."""
    detector = Detector(profile)
    pending = sorted(signals, key=lambda signal: signal.at)
    due: float | None = 0.0
    while True:
        upcoming = [time for time in (due, pending[0].at if pending else None) if time is not None]
        if not upcoming or min(upcoming) > until:
            return detector.look(until)
        now = min(upcoming)
        while pending and pending[0].at <= now:
            detector.take(pending.pop(0))
        detector.look(now)
        due = detector.next_look(now)
        assert due is None or due > now


STARTED: list[AnySignal] = [Started(at=0.0), report(0.0, "idle"), Pressed(at=1.0, key="enter")]


@pytest.mark.parametrize(
    ("signals", "state", "source"),
    [
        pytest.param([], "unknown", "", id="nothing"),
        pytest.param([Exited(at=1, exit_code=0), report(1, "working")], "exited", "exit", id="exit over report"),
        pytest.param([report(1, "working"), Titled(at=2, title="I")], "working", "report", id="report over title"),
        pytest.param([report(1, "working"), hook(2, "done")], "working", "report", id="report over hook"),
        pytest.param([hook(9.5, "working"), Titled(at=1, title="I")], "working", "hook", id="fresh hook over title"),
        pytest.param([hook(5, "working"), Titled(at=1, title="I")], "idle", "title", id="title over an older hook"),
        pytest.param([hook(5, "working"), screen(6, ">")], "done", "screen", id="screen over an older hook"),
        pytest.param([hook(5, "working")], "working", "hook", id="an older hook over nothing"),
        pytest.param([Titled(at=1, title="W"), screen(2, ">")], "working", "title", id="title over screen"),
        pytest.param([Titled(at=1, title="Q"), screen(2, ">")], "idle", "screen", id="quiet leaves it to the screen"),
        pytest.param([Titled(at=1, title="Q"), screen(2, "spin")], "unknown", "", id="quiet and a spinner"),
        pytest.param([Titled(at=1, title="Q")], "unknown", "", id="quiet alone"),
        pytest.param([Titled(at=1, title="I"), screen(2, "Allow a.py?")], "blocked", "screen", id="a dialog over an idle title"),
        pytest.param([report(1, "working"), screen(2, "limited")], "limited", "screen", id="limited refines working"),
        pytest.param([report(1, "blocked"), screen(2, "limited")], "blocked", "report", id="limited refines nothing else"),
        pytest.param([report(1, "idle"), screen(2, "1 shell")], "working", "screen", id="a shell in the background"),
        pytest.param([hook(1, "done", background=1), screen(2, ">")], "done", "hook", id="the screen knows of no shell"),
        pytest.param([report(1, "idle"), screen(2, "broken")], "idle", "report", id="an error of an earlier run"),
        pytest.param([report(1, "idle"), Prompted(at=2), screen(3, "broken")], "error", "screen", id="an error of this one"),
        pytest.param([report(1, ""), screen(2, ">")], "idle", "screen", id="a report that was cleared"),
        pytest.param([hook(5, "blocked"), screen(5.1, ">")], "idle", "screen", id="a permission that was denied by hand"),
        pytest.param([Titled(at=1, title="W"), hook(8.5, "done")], "done", "hook", id="the end of a turn, the title lags behind"),
        pytest.param([Titled(at=1, title="W"), hook(7, "done")], "working", "title", id="the end of a turn, and it goes on"),
        pytest.param([screen(2, ">"), hook(7, "working")], "working", "hook", id="the screen has not changed since it was asked"),
        pytest.param([screen(2, ">"), hook(7, "working"), screen(7.5, "spin"), screen(8, ">")], "done", "screen", id="the screen has"),
        pytest.param([screen(2, ">"), hook(5, "working")], "idle", "screen", id="it has not for long"),
        pytest.param([hook(8.5, "blocked"), screen(8, "spin")], "blocked", "hook", id="a permission before its dialog"),
        pytest.param([hook(8.5, "blocked"), screen(8, "spin"), Pressed(at=9)], "working", "screen", id="a permission that was answered"),
    ],
)
def test_what_counts(signals: list[AnySignal], state: str, source: str) -> None:
    verdict = judged([Started(at=0.0), *signals], 10.0)
    assert (verdict.state, verdict.source) == (state, source)
    assert sum(reason.counted for reason in verdict.reasons) >= (state != "unknown")
    assert all(reason.why for reason in verdict.reasons if not reason.counted)


@pytest.mark.parametrize(
    ("signals", "at", "state"),
    [
        pytest.param([report(2, "working"), report(5, "done")], 6, "done", id="done"),
        pytest.param([report(2, "working"), report(5, "idle")], 6, "done", id="at rest after work is done"),
        pytest.param([report(2, "working"), report(5, "done"), report(6, "idle")], 9, "done", id="done until it is seen"),
        pytest.param([report(2, "working"), report(5, "done"), Pressed(at=7)], 8, "idle", id="a key sees it"),
        pytest.param([report(2, "working"), report(5, "done"), Seen(at=7)], 8, "idle", id="seen"),
        pytest.param([Watched(at=1, watching=True), report(2, "working"), report(5, "done")], 5.9, "done", id="watched, not yet seen"),
        pytest.param([Watched(at=1, watching=True), report(2, "working"), report(5, "done")], 6.6, "idle", id="watched for a second"),
        pytest.param(
            [Watched(at=1, watching=True), Watched(at=4, watching=False), report(2, "working"), report(5, "done")],
            30,
            "done",
            id="looked away",
        ),
        pytest.param([report(2, "working"), Pressed(at=4, key="escape"), report(4.2, "idle")], 9, "idle", id="interrupted"),
        pytest.param([report(2, "working"), Pressed(at=4, key="escape"), report(4.2, "done")], 20, "idle", id="interrupted, and says done"),
        pytest.param(
            [report(2, "working"), Pressed(at=3, key="escape"), Pressed(at=3.5, key="enter"), report(4, "done")],
            9,
            "done",
            id="asked again",
        ),
        pytest.param([report(2, "working"), report(3, "error"), report(4, "idle")], 9, "error", id="an error stays"),
        pytest.param([report(2, "working"), report(3, "error"), report(4, "idle"), Pressed(at=5)], 9, "idle", id="until a key"),
        pytest.param([report(2, "working"), report(3, "idle"), screen(3, "broken")], 9, "error", id="an error of the screen"),
        pytest.param(
            [report(2, "working"), report(3, "idle"), screen(3, "broken"), Pressed(at=5), screen(6, "broken", "x")],
            9,
            "idle",
            id="once seen it is history",
        ),
        pytest.param(
            [
                report(2, "working"),
                report(3, "idle"),
                screen(3, "broken"),
                Pressed(at=5, key="enter"),
                report(6, "working"),
                report(6.3, "idle"),
                screen(6.4, "broken", ""),
            ],
            9,
            "error",
            id="the same error again",
        ),
        pytest.param(
            [report(2, "working"), Pressed(at=3, key="escape"), report(3, "idle"), screen(3.1, "broken")], 9, "idle", id="stopped"
        ),
        pytest.param([report(2, "working"), screen(3, "limited in 5s")], 20, "limited", id="a limit that is shown goes on"),
        pytest.param([report(2, "working"), screen(3, "limited"), report(4, "idle"), screen(4, ">")], 9, "idle", id="a limit is not done"),
        pytest.param([report(2, "blocked"), report(2.05, "working")], 9, "working", id="flicker"),
    ],
)
def test_turns(signals: list[AnySignal], at: float, state: str) -> None:
    assert judged([*STARTED, *signals], at).state == state


def test_a_flicker_at_the_start_is_no_turn() -> None:
    signals: list[AnySignal] = [Started(at=0.0), report(1.0, "idle"), report(1.7, "working"), report(1.75, "idle")]
    assert {judged(list(signals), at / 10).state for at in range(15, 40)} == {"idle"}


def test_a_dialog_at_the_start_is_no_turn() -> None:
    signals: list[AnySignal] = [
        Started(at=0.0),
        screen(1.0, "Allow it?"),
        Pressed(at=3.0, key="enter"),
        report(3.1, "idle"),
        screen(3.1, ">"),
    ]
    assert [judged(list(signals), at).state for at in (2.0, 5.0)] == ["blocked", "idle"]


def test_a_turn_that_is_too_short_to_be_told_is_done() -> None:
    signals: list[AnySignal] = [*STARTED, Titled(at=1.0, title="I"), report(1.0, ""), Titled(at=2.0, title="W"), Titled(at=2.05, title="I")]
    assert judged(list(signals), 4.0).state == "done"


def test_since_is_the_first_sign() -> None:
    assert judged([*STARTED, report(2.0, "working"), report(5.0, "done")], 9.0).since == 5.0


def test_another_question_waits_anew() -> None:
    verdict = judged([*STARTED, screen(2.0, "Allow a?"), report(2.0, "blocked"), screen(5.0, "Allow b?")], 9.0)
    assert (verdict.message, verdict.since, verdict.unseen) == ("Allow b?", 5.0, True)


def told(signals: list[AnySignal], until: float) -> list[tuple[str, str]]:
    """What is told, one after the other."""
    found: list[tuple[str, str]] = []
    for number in range(int(until * 20) + 1):
        verdict = judged([signal for signal in signals if signal.at <= number / 20], number / 20)
        if not found or found[-1] != (verdict.state, verdict.kind):
            found.append((verdict.state, verdict.kind))
    return found


@pytest.mark.parametrize(
    ("signals", "states"),
    [
        pytest.param([Titled(at=2, title="B"), screen(2.2, "Allow a?")], [("blocked", "permission")], id="the screen tells the kind"),
        pytest.param([Titled(at=2, title="B")], [("blocked", "")], id="nothing tells it"),
        pytest.param([Titled(at=2, title="B"), screen(4, "Allow a?")], [("blocked", ""), ("blocked", "permission")], id="it is told late"),
        pytest.param(
            [Titled(at=2, title="B"), screen(2.2, "Allow a?"), screen(4, "half drawn")],
            [("blocked", "permission")],
            id="it is kept",
        ),
    ],
)
def test_the_kind_of_what_is_asked(signals: list[AnySignal], states: list[tuple[str, str]]) -> None:
    assert [state for state in told([Started(at=0.0), *signals], 6) if state[0] == "blocked"] == states
    assert judged([Started(at=0.0), *signals], 6).since == 2


@pytest.mark.parametrize(
    ("signals", "states"),
    [
        pytest.param([screen(4, "spin"), screen(4.4, "Allow a?")], ["blocked"], id="drawn anew"),
        pytest.param([screen(4, "spin")], ["blocked", "working"], id="gone"),
        pytest.param([Pressed(at=3.9), screen(4, "spin"), screen(4.4, "Allow a?")], ["blocked", "working", "blocked"], id="answered"),
    ],
)
def test_a_question_that_nobody_has_answered_stays_a_moment(signals: list[AnySignal], states: list[str]) -> None:
    assert [state for state, _ in told([Started(at=0.0), screen(1, "spin"), screen(2, "Allow a?"), *signals], 6)][2:] == states


def test_the_end_of_a_limit_stays_while_it_is_counted_down() -> None:
    counted = [screen(2, "limited in 10s"), screen(3.2, "limited in 9s"), screen(4.1, "limited in 8s")]
    assert judged([*STARTED, report(1.5, "working"), *counted], 5).until == 12
    assert judged([*STARTED, report(1.5, "working"), *counted, screen(4.5, "limited in 20s")], 5).until == 24.5


def test_what_signals_know_is_put_together() -> None:
    verdict = judged([*STARTED, report(2.0, "blocked", "permission"), screen(2.1, "Allow a?")], 4.0)
    assert (verdict.source, verdict.kind, verdict.message) == ("report", "permission", "Allow a?")
    assert verdict.dialog is not None
    assert verdict.dialog.question == "Allow a?"


def test_a_hook_ages_out() -> None:
    signals: list[AnySignal] = [*STARTED, report(1.0, ""), hook(2.0, "working")]
    assert [judged(list(signals), at).state for at in (100.0, 700.0)] == ["working", "unknown"]


def test_a_background_task_that_only_a_hook_knows() -> None:
    profile = Profile(name="agent", command=("agent",))
    assert judged([Started(at=0.0), hook(1.0, "done", background=2)], 9.0, profile).message == "2 in the background"


def test_silence_is_not_done() -> None:
    signals: list[AnySignal] = [*STARTED, report(1.0, ""), *(Printed(at=2 + step / 10) for step in range(20))]
    assert [judged(list(signals), at).state for at in (3.9, 30.0)] == ["working", "unknown"]


@pytest.mark.parametrize(
    ("signals", "state"),
    [
        pytest.param([Ran(at=1, program="bash")], "idle", id="the shell itself"),
        pytest.param([Ran(at=1, program="make", own=False)], "unknown", id="a program"),
        pytest.param([Marked(at=1, mark="A"), Marked(at=2, mark="C")], "working", id="133 C"),
        pytest.param([Marked(at=1, mark="C"), Marked(at=4, mark="D", exit_code=0)], "done", id="133 D"),
        pytest.param([Marked(at=1, mark="A")], "idle", id="133 A"),
        pytest.param([Progressed(at=1, state=1, percent=30)], "working", id="9;4;1"),
        pytest.param([Progressed(at=1, state=1, percent=30), Progressed(at=2, state=0)], "unknown", id="9;4;0"),
        pytest.param([Progressed(at=1, state=2)], "error", id="9;4;2"),
    ],
)
def test_programs_that_are_no_agents(signals: list[AnySignal], state: str) -> None:
    assert judged([Started(at=0.0), *signals], 9.0, SHELL).state == state


def test_a_new_run_knows_nothing_of_the_last_one() -> None:
    verdict = judged([*STARTED, report(2.0, "working"), Exited(at=3.0, exit_code=-9), Started(at=5.0)], 8.0)
    assert (verdict.state, verdict.reasons) == ("unknown", ())


@pytest.mark.parametrize(
    ("clock", "found"),
    [
        ("3pm", 15 * 3600),
        ("3:30 PM", 15.5 * 3600),
        ("12am", 86400.0),
        ("15:30", 15.5 * 3600),
        ("9 a.m.", 9 * 3600 + 86400),
        ("", None),
        ("noon", None),
        ("25:00", None),
        ("9:75", None),
    ],
)
def test_clock_times(clock: str, found: float | None) -> None:
    assert clock_time(clock, 10 * 3600.0, 0.0) == found


def test_clock_times_are_local() -> None:
    assert clock_time("3pm", 10 * 3600.0, 2 * 3600.0) == 13 * 3600.0


TIMES = st.floats(min_value=0.0, max_value=20.0, allow_nan=False)
STATES = st.sampled_from(["", "idle", "working", "done", "blocked", "error"])
SIGNALS = st.lists(
    st.one_of(
        st.builds(report, TIMES, STATES),
        st.builds(hook, TIMES, STATES.filter(bool)),
        st.builds(Titled, at=TIMES, title=st.sampled_from("WBIQ?")),
        st.builds(screen, TIMES, st.sampled_from(["Allow a?", "limited in 3s", "broken", "1 shell", "spin", ">", ""])),
        st.builds(Pressed, at=TIMES, key=st.sampled_from(["enter", "escape", "text"])),
        st.builds(Watched, at=TIMES, watching=st.booleans()),
        st.builds(Printed, at=TIMES),
        st.builds(Prompted, at=TIMES),
        st.builds(Seen, at=TIMES),
        st.builds(Rang, at=TIMES),
        st.builds(Notified, at=TIMES, body=st.just("x")),
        st.builds(Exited, at=TIMES, exit_code=st.just(0)),
    ),
    max_size=14,
)


@given(SIGNALS)
def test_time_alone_never_makes_done(signals: list[AnySignal]) -> None:
    settled = judged(list(signals), 24.0)
    assert judged(list(signals), 2000.0).state != "done" or settled.state == "done"


@given(SIGNALS, st.floats(min_value=20.0, max_value=40.0), st.floats(min_value=0.0, max_value=1.0))
def test_nothing_changes_before_the_next_look(signals: list[AnySignal], now: float, part: float) -> None:
    detector = Detector(PROFILE)
    for signal in sorted(signals, key=lambda signal: signal.at):
        detector.take(signal)
        detector.look(signal.at)
    first = detector.look(now)
    due = detector.next_look(now)
    before = now + 1000 * part if due is None else now + (due - now) * part * 0.999
    again = detector.look(before)
    assert (again.state, again.kind, again.unseen) == (first.state, first.kind, first.unseen)


@given(SIGNALS)
def test_every_verdict_has_its_reason(signals: list[AnySignal]) -> None:
    verdict = judged(list(signals), 30.0)
    assert verdict.state == "unknown" or verdict.source
    assert (verdict.dialog is None) or verdict.state == "blocked"
