"""Waits: what comes true, what does not in time, what never will."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from agentgrid.errors import AgentgridError, TimedOut, UsageError
from agentgrid.protocol.messages import WaitFor
from agentgrid.server.loop import Loop
from agentgrid.server.waits import Waits, check_of
from agentgrid.session.pane import Pane, PaneId, PaneStatus

PANE = PaneId(1)


class Stage:
    def __init__(self) -> None:
        self.loop = Loop()
        self.waits = Waits(self.loop)
        self.pane = Pane(id=PANE, name="p", command=("sh",), status=PaneStatus.UNKNOWN)
        self.screen = ""
        self.results: list[dict[str, Any]] = []
        self.errors: list[AgentgridError] = []

    def wait(self, what: WaitFor) -> None:
        check = check_of(what, lambda: self.pane, lambda: self.screen)
        self.waits.add(PANE, check, what.timeout, self.results.append, self.errors.append)


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.loop.close()


def test_what_is_true_already_is_answered_at_once(stage: Stage) -> None:
    stage.screen = "all done"
    stage.wait(WaitFor(pane="1", text=r"d\w+e"))
    assert stage.results == [{"text": "done"}]
    assert not stage.waits


@pytest.mark.parametrize(
    ("what", "change", "result"),
    [
        pytest.param(WaitFor(pane="1", text="^ready$"), {"screen": "x\nready\ny"}, {"text": "ready"}, id="text on a line"),
        pytest.param(WaitFor(pane="1", states=("done", "idle")), {"status": PaneStatus.IDLE}, {"state": "idle"}, id="one of the states"),
        pytest.param(WaitFor(pane="1", exit=True), {"status": PaneStatus.EXITED, "exit_code": 3}, {"exit_code": 3}, id="exit"),
        pytest.param(WaitFor(pane="1", exit=True), {"status": PaneStatus.EXITED}, {"exit_code": None}, id="exit with a code nobody knows"),
    ],
)
def test_what_comes_true(stage: Stage, what: WaitFor, change: dict[str, Any], result: dict[str, Any]) -> None:
    stage.wait(what)
    stage.waits.look(PaneId(2))
    stage.waits.look(PANE)
    assert stage.results == []
    stage.screen = change.pop("screen", stage.screen)
    stage.pane = msgspec.structs.replace(stage.pane, **change)
    stage.waits.look(PANE)
    assert stage.results == [result]
    stage.waits.look(PANE)
    assert len(stage.results) == 1


def test_the_time_is_over(stage: Stage) -> None:
    stage.wait(WaitFor(pane="1", exit=True, timeout=0.01))
    while not stage.errors:
        stage.loop.turn(5)
    assert isinstance(stage.errors[0], TimedOut)
    assert not stage.waits


def test_a_pane_that_is_closed(stage: Stage) -> None:
    stage.wait(WaitFor(pane="1", exit=True))
    stage.waits.closed(PANE)
    assert "closed" in str(stage.errors[0])


@pytest.mark.parametrize("what", [WaitFor(pane="1"), WaitFor(pane="1", text="(")], ids=["nothing", "no expression"])
def test_a_wait_that_cannot_be(stage: Stage, what: WaitFor) -> None:
    with pytest.raises(UsageError):
        stage.wait(what)
