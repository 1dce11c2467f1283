"""What the server explains, as lines; who needs the person next."""

import pytest

from agentgrid.session.pane import Pane, PaneId, PaneStatus
from agentgrid.ui.attention import next_in_need
from agentgrid.ui.explained import age, told
from tests.support.explanation import EXPLANATION


def test_told() -> None:
    result = EXPLANATION | {"screen": ["  Run\x07 it?"]}
    lines = told(result).splitlines()
    assert lines[0] == "blocked (permission) for 7.5 s, by its report (7501), not seen yet: Run it?"
    assert lines[-1] == "  │   Run  it?"
    assert lines[1:8] == [
        "since you looked: nothing",
        "",
        "counted",
        "  report    blocked  7501, since 7.5 s",
        "",
        "what it costs",
        "  model      unknown",
    ]
    lines = told(EXPLANATION | {"usage": {"model": "m-1"}, "since_looked": {"files": 3, "commits": 1}}).splitlines()
    assert {"since you looked: 3 files, 1 commit", "  model      m-1"} <= set(lines)


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "0 s"), (59.9, "59 s"), (61, "1 min"), (7200, "2 h"), (200_000, "2 d")])
def test_age(seconds: float, words: str) -> None:
    assert age(seconds) == words


def pane(number: int, status: PaneStatus, since: float = 0.0, *, unseen: bool = True) -> Pane:
    return Pane(
        id=PaneId(number), name=f"p{number}", command=(), agent="claude", number=number, status=status, status_since=since, unseen=unseen
    )


@pytest.mark.parametrize(
    ("panes", "found"),
    [
        pytest.param([pane(1, PaneStatus.BLOCKED, 5), pane(2, PaneStatus.BLOCKED, 3)], 2, id="who has waited longest"),
        pytest.param([pane(1, PaneStatus.DONE, 1), pane(2, PaneStatus.BLOCKED, 9)], 2, id="blocked before done"),
        pytest.param([pane(1, PaneStatus.DONE, 1), pane(2, PaneStatus.ERROR, 9)], 2, id="an error before done"),
        pytest.param([pane(1, PaneStatus.WORKING), pane(2, PaneStatus.IDLE), pane(3, PaneStatus.UNKNOWN)], None, id="nobody"),
        pytest.param([pane(9, PaneStatus.BLOCKED)], None, id="the one that is looked at"),
        pytest.param([pane(1, PaneStatus.ERROR, unseen=False), pane(2, PaneStatus.DONE)], 2, id="an error that was seen calls no more"),
        pytest.param([pane(1, PaneStatus.BLOCKED, unseen=False)], 1, id="a question that was seen does"),
        pytest.param([pane(1, PaneStatus.EXITED)], None, id="an end without an error"),
        pytest.param(
            [pane(1, PaneStatus.BLOCKED, 1), pane(9, PaneStatus.BLOCKED, 2), pane(3, PaneStatus.BLOCKED, 3)], 3, id="on to the next"
        ),
        pytest.param([pane(1, PaneStatus.BLOCKED, 1), pane(9, PaneStatus.DONE, 2)], 1, id="and round again"),
    ],
)
def test_next_in_need(panes: list[Pane], found: int | None) -> None:
    other = next_in_need(panes, PaneId(9))
    assert (other.id if other else None) == found
