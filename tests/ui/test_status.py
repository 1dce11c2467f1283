"""The status line: what it counts, and what goes where the window is narrow."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.session.pane import Pane, PaneId, PaneStatus
from agentgrid.ui.parts import cells
from agentgrid.ui.status import Bar, counts, status_line


def panes(**how_many: int) -> list[Pane]:
    return [
        Pane(id=PaneId(1), name="a", command=(), agent="claude", status=PaneStatus(status))
        for status, n in how_many.items()
        for _ in range(n)
    ]


BAR = Bar(
    "shop",
    "typing into 3 claude-2",
    counts=counts(panes(working=4, blocked=2, done=1, idle=2)),
    conflicts=1,
    page="page 1/2",
    keys=(("n", "next that needs you"), ("?", "help"), ("d", "detach")),
    before="ctrl+b",
)


def text(bar: Bar, width: int) -> str:
    return "".join(part.text for part in status_line(bar, width))


def test_counts_are_in_order_of_need() -> None:
    assert [(count, words) for _, count, words, _ in BAR.counts] == [(2, "need you"), (4, "working"), (1, "done"), (2, "idle")]


def test_one_needs() -> None:
    assert "1 needs you" in text(Bar("s", "m", counts=counts(panes(blocked=1))), 80)


def test_programs_are_counted_apart_from_agents() -> None:
    program = Pane(id=PaneId(1), name="a", command=("sh",), status=PaneStatus.UNKNOWN)
    found = counts([*panes(unknown=2), program])
    assert [(count, words) for _, count, words, _ in found] == [(2, "unknown"), (1, "running")]


@pytest.mark.parametrize(
    ("width", "there", "gone"),
    [
        pytest.param(200, ["shop", "2 need you", "4 working", "1 conflict", "2 idle", "typing into 3", "detach", "page 1/2"], [], id="all"),
        pytest.param(120, ["shop", "2 need you", "4 working", "typing into 3", "page 1/2", "n next"], ["detach"], id="keys go first"),
        pytest.param(84, ["shop", "2 need you", "typing into 3", "page 1/2"], ["help", "idle"], id="then the quiet counts"),
        pytest.param(60, ["2 need you", "typing into 3", "page 1/2"], ["working"], id="then the others"),
    ],
)
def test_what_goes_first(width: int, there: list[str], gone: list[str]) -> None:
    shown = text(BAR, width)
    assert cells(shown) == width
    for words in there:
        assert words in shown
    for words in gone:
        assert words not in shown


def test_a_message_takes_the_place_of_the_keys() -> None:
    shown = text(BAR._replace(message="ctrl+b y means nothing"), 100)
    assert "ctrl+b y means nothing" in shown
    assert "detach" not in shown
    assert "2 need you" in shown


@given(st.integers(0, 200), st.text(max_size=80), st.text(max_size=30))
def test_it_is_always_exactly_as_wide_as_the_window(width: int, message: str, mode: str) -> None:
    options: dict[str, Any] = {"message": message, "mode": mode}
    assert cells(text(BAR._replace(**options), width)) == width
