"""Recordings of real agents, at every mark as a reference terminal shows them: text, cursor and its visibility.

The screens are those of xterm.js with the widths of Unicode 11. Where a resize reflows, ways differ; ours shows the same here.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from agentgrid.geometry import Size
from agentgrid.terminal.pyte_emulator import PyteEmulator
from tests.terminal.drive import place, replies, text_of

RECORDINGS = Path(__file__).parents[2] / ".." / "shared" / "recordings"
WHOLE_READS = 0


def _recordings() -> list[ParameterSet]:
    found = sorted(RECORDINGS.glob("*.bin"))
    missing = pytest.mark.skip(reason="no recordings beside the checkout: ../shared/recordings")
    return [pytest.param(path, id=path.stem) for path in found] or [pytest.param(RECORDINGS, id="none", marks=missing)]


@cache
def _marks(path: Path) -> dict[tuple[str, int], dict[str, Any]]:
    screens = json.loads(path.with_name(f"{path.stem}.screens.json").read_text(encoding="utf-8"))
    return {(mark["mark"], mark["offset"]): mark for mark in screens}


def _play(path: Path, chunk: int) -> dict[str, tuple[object, object]]:
    """By mark: what is shown and what should be, for the marks where they differ."""
    data = path.read_bytes()
    marks = _marks(path)
    wrong: dict[str, tuple[object, object]] = {}
    emulator = PyteEmulator(Size(80, 24))
    position = 0
    seen = 0
    for line in path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        kind = event["k"]
        if kind == "start":
            emulator.resize(Size(event["cols"], event["rows"]))
        stop = event["off"] + (event["len"] if kind == "o" else 0)
        while position < stop:
            end = min(stop, position + chunk) if chunk else stop
            emulator.feed(data[position:end])
            position = end
        if kind == "r":
            emulator.resize(Size(event["cols"], event["rows"]))
        if kind == "mark":
            mark = marks[event["name"], event["off"]]
            rows = [row.rstrip() for row in mark["screen"]]
            row, column = mark["cursor"]
            # xterm.js has the cursor behind the last column where we and CPR have it in it.
            expected = rows + [""] * (mark["rows"] - len(rows)), (row, min(column, mark["columns"] - 1)), mark["visible"]
            shown = [text_of(row).rstrip() for row in emulator.snapshot().rows], place(emulator), emulator.cursor.visible
            seen += 1
            if shown != expected:
                wrong[event["name"]] = shown, expected
    assert seen == len(marks)
    return wrong


@pytest.mark.parametrize(
    "chunk", [pytest.param(WHOLE_READS, id="whole reads"), pytest.param(7, id="7 bytes"), pytest.param(1, id="1 byte")]
)
@pytest.mark.parametrize("path", _recordings())
def test_screens_at_every_mark(path: Path, chunk: int) -> None:
    assert _play(path, chunk) == {}


@pytest.mark.parametrize("path", _recordings())
def test_every_query_is_answered(path: Path) -> None:
    """Each question of a program that the recording's terminal answered gets an answer of the same kind, in the same order."""
    events = [json.loads(line) for line in path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()]
    if not any(event["k"] == "q" for event in events):
        pytest.skip("the program asked nothing")
    emulator = PyteEmulator(Size(80, 24))
    answers = replies(emulator.feed(path.read_bytes()))
    position = 0
    for event in events:
        if event["k"] == "q" and event["a"] is not None:
            start = event["a"].encode()[:2]  # ESC and what it opens; the answer itself may well be another one.
            found = answers.find(start, position)
            assert found >= 0, event["q"]
            position = found + 1
