"""When the person is called, and what they are told."""

from typing import Any

import pytest

from agentgrid.session.calling import GATHER_SECONDS, REST_SECONDS, Call, Calling, in_hours, told
from agentgrid.session.pane import Pane, PaneId, PaneStatus

ALL = ("blocked", "done", "error", "limited", "exited")
NOON = 12 * 60


def pane(number: int, status: PaneStatus, message: str = "", **facts: Any) -> Pane:
    return Pane(id=PaneId(number), number=number, name=f"p{number}", command=(), agent="claude", status=status, message=message, **facts)


def called(calling: Calling, panes: list[Pane], now: float, *, in_view: tuple[int, ...] = (), minute: int = NOON) -> Call | None:
    return calling.call({pane.id: pane for pane in panes}, [PaneId(number) for number in in_view], now, minute, "shop")


def test_a_burst_is_told_once() -> None:
    calling = Calling(ALL)
    panes = [pane(1, PaneStatus.BLOCKED, "Run it?"), pane(2, PaneStatus.DONE)]
    calling.changed(panes[0], 10.0)
    assert calling.due == 10.0 + GATHER_SECONDS
    calling.changed(panes[1], 11.0)
    assert calling.due == 10.0 + GATHER_SECONDS
    assert called(calling, panes, 11.5) == Call("agentgrid: shop", "1 p1 needs you · 2 p2 is done", (PaneId(1), PaneId(2)))
    assert calling.due is None
    calling.changed(panes[0], 12.0)
    assert calling.due == 11.5 + REST_SECONDS


def test_what_is_over_or_in_view_is_not_told() -> None:
    calling = Calling(ALL)
    calling.changed(pane(1, PaneStatus.BLOCKED), 1.0)
    calling.changed(pane(2, PaneStatus.BLOCKED), 1.0)
    calling.changed(pane(3, PaneStatus.DONE), 1.0)
    calling.changed(pane(3, PaneStatus.WORKING), 1.2)
    assert (
        called(calling, [pane(1, PaneStatus.WORKING), pane(2, PaneStatus.BLOCKED), pane(3, PaneStatus.WORKING)], 3.0, in_view=(2,)) is None
    )
    calling.changed(pane(2, PaneStatus.BLOCKED), 4.0)
    assert calling.due == 4.0 + GATHER_SECONDS, "nobody was called, so there is no rest"


@pytest.mark.parametrize(
    ("state", "calls"),
    [
        pytest.param(pane(1, PaneStatus.WORKING), False, id="working"),
        pytest.param(pane(1, PaneStatus.ERROR), False, id="a state that was not chosen"),
        pytest.param(pane(1, PaneStatus.BLOCKED), True, id="blocked"),
        pytest.param(pane(1, PaneStatus.EXITED, exit_code=0), False, id="an end as it should be"),
        pytest.param(pane(1, PaneStatus.EXITED, exit_code=-9), True, id="killed"),
    ],
)
def test_which_states_call(state: Pane, calls: bool) -> None:
    calling = Calling(("blocked", "exited"))
    calling.changed(state, 1.0)
    assert (calling.due is not None) is calls


def test_nothing_in_the_quiet_hours() -> None:
    calling = Calling(ALL, (22 * 60, 7 * 60))
    calling.changed(pane(1, PaneStatus.BLOCKED), 1.0)
    assert called(calling, [pane(1, PaneStatus.BLOCKED)], 3.0, minute=23 * 60) is None
    assert calling.due is None


@pytest.mark.parametrize(
    ("hours", "minute", "inside"),
    [
        pytest.param(None, 0, False, id="none"),
        pytest.param((60, 120), 60, True, id="from"),
        pytest.param((60, 120), 120, False, id="to"),
        pytest.param((1320, 420), 1380, True, id="before midnight"),
        pytest.param((1320, 420), 30, True, id="after midnight"),
        pytest.param((1320, 420), NOON, False, id="by day"),
    ],
)
def test_hours(hours: tuple[int, int] | None, minute: int, inside: bool) -> None:
    assert in_hours(hours, minute) is inside


def test_many_are_told_by_their_first_names() -> None:
    assert told([pane(number, PaneStatus.BLOCKED) for number in range(1, 7)]) == "1 p1, 2 p2, 3 p3, 4 p4 and 2 more need you"
    assert told([pane(1, PaneStatus.DONE), pane(2, PaneStatus.DONE)]) == "1 p1, 2 p2 are done"
    assert told([pane(1, PaneStatus.BLOCKED, "Run it?")]) == "1 p1 needs you: Run it?"
