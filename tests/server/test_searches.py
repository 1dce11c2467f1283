"""Searching a hundred thousand rows in slices: all are found, and nothing else waits for it."""

import struct
import sys
from pathlib import Path
from typing import Any

import pytest

from agentgrid.geometry import Size
from agentgrid.server.loop import Loop
from agentgrid.server.runtime import Runtime
from agentgrid.server.searches import SLICE_ROWS, Searches
from agentgrid.session.pane import PaneId
from agentgrid.terminal.effects import Effect
from agentgrid.terminal.pyte_emulator import PyteEmulator

ROWS = 100_000
SLICES = ROWS // SLICE_ROWS
TURNS_WORK = 3  # Of a slice's share of the whole: rows that are still raw are parsed a block at once, which is no whole slice.


class Deaf:
    def on_effects(self, runtime: Runtime, effects: list[Effect]) -> None: ...
    def on_bytes(self, runtime: Runtime, data: bytes) -> None: ...
    def on_problem(self, runtime: Runtime, message: str) -> None: ...


@pytest.fixture
def runtime(tmp_path: Path) -> Runtime:
    emulator = PyteEmulator(Size(80, 24), history_limit=ROWS + 100)
    return Runtime(PaneId(1), emulator, tmp_path, Loop(), Deaf())  # type: ignore[arg-type]


class Calls:
    """How much was done: the calls of Python and of C. It is the same on a busy machine, as time is not."""

    def __init__(self) -> None:
        self.count = 0

    def _note(self, _frame: object, event: str, _argument: object) -> None:
        self.count += event in ("call", "c_call")

    def __enter__(self) -> "Calls":
        self._before = sys.getprofile()
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(self._before)


def search(loop: Loop, runtime: Runtime, text: str) -> tuple[dict[str, Any], list[int]]:
    """The result, and what each turn did."""
    results: list[Any] = []
    searches = Searches(loop)
    turns: list[int] = []
    with Calls() as calls:
        searches.start("somebody", runtime, text, results.append)
    turns.append(calls.count)
    while not results:
        with Calls() as calls:
            loop.turn(0)
        turns.append(calls.count)
    return results[0], turns


def print_rows(runtime: Runtime, rows: int) -> None:
    for start in range(0, rows, 1000):
        runtime.emulator.feed(b"".join(b"row %06d of a long log\r\n" % number for number in range(start, start + 1000)))


def test_all_of_a_hundred_thousand_rows(runtime: Runtime) -> None:
    print_rows(runtime, ROWS)
    loop = Loop()
    result, _ = search(loop, runtime, "row 0999")
    places = list(struct.iter_unpack("<II", result["hits"]))
    assert result["count"] == len(places) == 100
    assert [row for row, _ in places] == list(range(99_900, 100_000))
    assert search(loop, runtime, "LONG LOG")[0]["count"] == 0
    assert search(loop, runtime, "long log")[0]["count"] == ROWS
    loop.close()


def test_no_turn_does_more_than_its_slice(runtime: Runtime) -> None:
    print_rows(runtime, ROWS)
    loop = Loop()
    for _ in ("raw", "parsed"):
        _, turns = search(loop, runtime, "row 0999")
        assert max(turns) <= TURNS_WORK * sum(turns) / SLICES
    loop.close()


def test_four_times_the_rows_are_four_times_the_work(runtime: Runtime) -> None:
    loop = Loop()
    print_rows(runtime, ROWS // 4)
    search(loop, runtime, "row 0999")  # Parses them.
    quarter = sum(search(loop, runtime, "row 0999")[1])
    print_rows(runtime, ROWS - ROWS // 4)
    search(loop, runtime, "row 0999")
    whole = sum(search(loop, runtime, "row 0999")[1])
    assert whole <= 5 * quarter  # Looking again at what was searched would make it ten.
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
