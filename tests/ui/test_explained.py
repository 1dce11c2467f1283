"""What the server explains, as lines; who needs the person next."""

import time

import pytest

from agentgrid.session.pane import Pane, PaneId, PaneStatus
from agentgrid.ui.attention import next_in_need
from agentgrid.ui.explained import told


def test_told() -> None:
    since = time.mktime((2025, 11, 24, 12, 3, 4, 0, 0, -1))
    result = {"state": "blocked", "state_since": since, "command": ["sh", "-c", "true"], "traced": False, "message": "", "exit_code": None}
    assert told(result) == "state        blocked\nstate since  12:03:04\ncommand      sh -c true\ntraced       no"


def test_told_of_something_else() -> None:
    assert told("nothing is known") == "nothing is known"


def pane(number: int, status: PaneStatus, since: float = 0.0) -> Pane:
    return Pane(id=PaneId(number), name=f"p{number}", command=(), number=number, status=status, status_since=since)


@pytest.mark.parametrize(
    ("panes", "found"),
    [
        pytest.param([pane(1, PaneStatus.BLOCKED, 5), pane(2, PaneStatus.BLOCKED, 3)], 2, id="who has waited longest"),
        pytest.param([pane(1, PaneStatus.DONE, 1), pane(2, PaneStatus.BLOCKED, 9)], 2, id="blocked before done"),
        pytest.param([pane(1, PaneStatus.DONE, 1), pane(2, PaneStatus.ERROR, 9)], 2, id="an error before done"),
        pytest.param([pane(1, PaneStatus.WORKING), pane(2, PaneStatus.IDLE), pane(3, PaneStatus.UNKNOWN)], None, id="nobody"),
        pytest.param([pane(9, PaneStatus.BLOCKED)], None, id="the one that is looked at"),
    ],
)
def test_next_in_need(panes: list[Pane], found: int | None) -> None:
    other = next_in_need(panes, PaneId(9))
    assert (other.id if other else None) == found
