"""Free memory goes back once, a while after there was a reason."""

from collections.abc import Callable
from typing import cast

from agentgrid.process.system import give_back_memory
from agentgrid.server.loop import Loop
from agentgrid.server.thrift import MUCH_BYTES, PATIENCE_SECONDS, Thrift


class Fake:
    """A loop whose time passes at once, and how often memory was given back."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []
        self.given = 0
        self.thrift = Thrift(cast("Loop", self), self.give)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> None:
        assert seconds == PATIENCE_SECONDS
        self.waiting.append(callback)

    def give(self) -> None:
        self.given += 1

    def passes(self) -> None:
        waiting, self.waiting = self.waiting, []
        for callback in waiting:
            callback()


def test_little_that_is_printed_wakes_nobody() -> None:
    fake = Fake()
    fake.thrift.printed(MUCH_BYTES)
    assert not fake.waiting


def test_a_flood() -> None:
    fake = Fake()
    for _ in range(100):
        fake.thrift.printed(MUCH_BYTES // 4)
    assert len(fake.waiting) == 1
    fake.passes()
    assert fake.given == 1
    fake.thrift.printed(MUCH_BYTES // 4)
    assert not fake.waiting  # From then on it is counted anew.


def test_closed_panes() -> None:
    fake = Fake()
    fake.thrift.soon()
    fake.thrift.soon()
    fake.passes()
    assert fake.given == 1
    fake.thrift.soon()
    fake.passes()
    assert fake.given == 2


def test_here_it_does_no_harm() -> None:
    assert give_back_memory() in (True, False)
