"""Why a pane is in its state, for people and for programs; and a wrong verdict as a file that says the same again."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.agents.cases import Case, Said, capture, lines_of, play, read_case, write_case
from agentgrid.agents.explain import explain, explained
from agentgrid.agents.profiles import load_profiles
from agentgrid.agents.signals import Hooked, Pressed, Titled
from agentgrid.errors import UsageError
from agentgrid.geometry import Size
from tests.agents.test_watch import DIALOG, DONE, PROMPT, WORKING, Pane

PROFILES = load_profiles()


def busy() -> Pane:
    """A pane that asks, while a hook says that it works."""
    pane = Pane("claude")
    pane.prints(PROMPT, 1.0)
    pane.take(Pressed(at=2.0, key="enter"))
    pane.take(Hooked(at=2.1, event="UserPromptSubmit", state="working"))
    pane.state(3.0)
    pane.prints(DIALOG, 5.0)
    pane.state(6.0)
    return pane


def test_explanation() -> None:
    found = explain(busy().watch, 17.0)
    assert (found.agent, found.state, found.kind, found.source, found.rule) == (
        "claude",
        "blocked",
        "permission",
        "screen",
        "permission dialog",
    )
    assert found.dialog is not None
    assert [(reason.source, reason.counted) for reason in found.reasons] == [("screen", True), ("hook", False)]
    assert found.screen[0] == "Do you want to proceed?"
    assert json.loads(msgspec.json.encode(found))["unseen"] is True


def test_explained() -> None:
    assert explained(explain(busy().watch, 17.0)) == [
        "blocked (permission) for 12 s, by its screen (permission dialog), not seen yet: Do you want to proceed?",
        "",
        "counted",
        "  screen    blocked  permission dialog, since 12 s",
        "",
        "not counted",
        "  hook      working  UserPromptSubmit, since 15 s –  screen is stronger",
        "",
        "Do you want to proceed?",
        "  > 1. Yes",
        "    2. No",
        "",
        "signals",
        "      17 s ago  started",
        "      15 s ago  pressed enter",
        "      15 s ago  hooked event=UserPromptSubmit state=working",
        "",
        "the screen that was read",
        "  │ Do you want to proceed?",
        "  │ ❯ 1. Yes",
        "  │   2. No",
        "  │ ",
        "  │ Esc to cancel",
    ]


def test_nothing_is_known() -> None:
    assert explained(explain(Pane("claude").watch, 4.0))[:2] == [
        "unknown for 4.0 s",
        "No signal says what it is doing.",
    ]


def test_a_case_says_the_same_again() -> None:
    pane = busy()
    verdict = pane.watch.look(8.0)
    text = capture(pane.watch, verdict, size=Size(columns=40, rows=12), painted=DIALOG.encode(), now=8.0)
    case = read_case(text)
    assert (case.said.agent, case.said.state, case.said.expected) == ("claude", "blocked", "")
    *_, last = play(case, PROFILES)
    assert (last.verdict.state, last.verdict.kind, last.verdict.source, last.verdict.rule) == (
        verdict.state,
        verdict.kind,
        verdict.source,
        verdict.rule,
    )


def test_a_recording_without_signals_is_explained_too() -> None:
    outputs = ((1.0, PROMPT.encode()), (3.0, WORKING.encode()), (5.0, DONE.encode()), (7.0, Size(columns=60, rows=20)))
    moments = list(play(Case(Size(columns=40, rows=12), Said(agent=""), outputs, ()), PROFILES, "claude"))
    assert [moment.verdict.state for moment in moments] == ["unknown", "idle", "working", "done"]
    assert list(lines_of(moments))[2].split() == ["3.50", "s", "working", "report", "7501", "x"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("", "does not begin", id="empty"),
        pytest.param("[]\n", "does not begin", id="no header"),
        pytest.param('{"version":2,"width":0,"height":9}\n', "names no size", id="no size"),
        pytest.param('{"version":2,"width":80,"height":24}\n[1,"o"]\n', "line 2 is no event", id="no event"),
        pytest.param('{"version":2,"width":80,"height":24}\n[1,"s","{}"]\n', "line 2:", id="no signal"),
        pytest.param('{"version":2,"width":80,"height":24,"agentgrid":{}}\n', "line 1:", id="no agent"),
    ],
)
def test_what_is_no_case(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        read_case(text)


CHUNKS = st.lists(st.tuples(st.integers(0, 90).map(float), st.binary(min_size=1, max_size=8)), max_size=6)


@given(CHUNKS, st.lists(st.text(max_size=4), max_size=3))
def test_a_case_is_read_as_it_was_written(chunks: list[tuple[float, bytes]], titles: list[str]) -> None:
    ordered = sorted(chunks, key=lambda chunk: chunk[0])
    signals = tuple(Titled(at=float(number), title=title) for number, title in enumerate(titles))
    case = Case(Size(columns=9, rows=3), Said(agent="claude", state="idle"), tuple(ordered), signals)
    again = read_case(write_case(case))
    assert (again.size, again.said, again.signals) == (case.size, case.said, case.signals)
    written, read = (b"".join(data for _, data in outputs if isinstance(data, bytes)) for outputs in (case.outputs, again.outputs))
    assert written.startswith(read)  # A character that never came whole is left out.
    assert len(written) - len(read) < 4
