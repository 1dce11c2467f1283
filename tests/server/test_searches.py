"""Searching a hundred thousand rows in slices: all are found, and nothing else waits for it."""

import struct
from pathlib import Path
from typing import Any

import pytest

from agentgrid.geometry import Size
from agentgrid.server.loop import Loop
from agentgrid.server.runtime import Runtime
from agentgrid.server.searches import Searches
from agentgrid.session.pane import PaneId
from agentgrid.terminal.effects import Effect
from agentgrid.terminal.pyte_emulator import PyteEmulator

ROWS = 100_000
LONGEST_TURN_SECONDS = 0.25  # Two frames would do on a quiet machine; a turn that searched everything would take seconds.


class Deaf:
    def on_effects(self, runtime: Runtime, effects: list[Effect]) -> None: ...
    def on_bytes(self, runtime: Runtime, data: bytes) -> None: ...
    def on_problem(self, runtime: Runtime, message: str) -> None: ...


@pytest.fixture
def runtime(tmp_path: Path) -> Runtime:
    emulator = PyteEmulator(Size(80, 24), history_limit=ROWS + 100)
    return Runtime(PaneId(1), emulator, tmp_path, Loop(), Deaf())  # type: ignore[arg-type]


def search(loop: Loop, runtime: Runtime, text: str) -> tuple[dict[str, Any], float]:
    """The result, and how long the longest turn was."""
    results: list[Any] = []
    searches = Searches(loop)
    searches.start("somebody", runtime, text, results.append)
    longest = 0.0
    while not results:
        before = loop.now()
        loop.turn(0)
        longest = max(longest, loop.now() - before)
    return results[0], longest


def test_all_of_a_hundred_thousand_rows(runtime: Runtime) -> None:
    for start in range(0, ROWS, 1000):
        runtime.emulator.feed(b"".join(b"row %06d of a long log\r\n" % number for number in range(start, start + 1000)))
    loop = Loop()
    result, longest = search(loop, runtime, "row 0999")
    places = list(struct.iter_unpack("<II", result["hits"]))
    assert result["count"] == len(places) == 100
    assert [row for row, _ in places] == list(range(99_900, 100_000))
    assert longest < LONGEST_TURN_SECONDS
    assert search(loop, runtime, "LONG LOG")[0]["count"] == 0
    assert search(loop, runtime, "long log")[0]["count"] == ROWS
    loop.close()


def test_a_new_search_ends_the_last(runtime: Runtime) -> None:
    runtime.emulator.feed(b"one two\r\n")
    loop = Loop()
    searches = Searches(loop)
    results: list[Any] = []
    searches.start("somebody", runtime, "one", results.append)
    searches.start("somebody", runtime, "two", results.append)
    while len(results) < 2:
        loop.turn(0)
    assert results[0] is None
    assert results[1]["count"] == 1
    loop.close()


def test_the_alternate_screen_has_no_history(runtime: Runtime) -> None:
    runtime.emulator.feed(b"row\r\n" * 50 + b"\x1b[?1049hrow")
    loop = Loop()
    assert search(loop, runtime, "row")[0]["count"] == 1
    loop.close()
