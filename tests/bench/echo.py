"""Where the time goes between a key and its echo on the screen, beside the same with tmux."""

import shutil
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from agentgrid.profiling import VARIABLE, read
from tests.bench._multiplexers import NINE, Agentgrid, Multiplexer, Tmux

KEYS = 200
PROGRAMS = ["echo", *["idle"] * (NINE - 1)]
STEPS = (
    "screen read a key",
    "screen sent it",
    "server got it",
    "server typed it",
    "server read the echo",
    "server fed it",
    "server sent rows",
    "screen got rows",
    "screen painted",
)


def ways(marks: list[tuple[int, str]]) -> Iterator[dict[str, int]]:
    """Of each key that came all the way, when it came to each step: nanoseconds since it was read."""
    began, way = 0, dict[str, int]()
    for at, name in marks:
        if name == STEPS[0]:
            began, way = at, {}
        way.setdefault(name, at - began)
        if len(way) == len(STEPS):
            yield way
            way = {}


def ours() -> tuple[float, dict[str, list[int]]]:
    """Milliseconds from key to echo, and the nanoseconds from the key's reading to each step."""
    with tempfile.TemporaryDirectory() as folder:
        milliseconds = typed(Agentgrid(PROGRAMS, {VARIABLE: folder}))
        steps: dict[str, list[int]] = defaultdict(list)
        for way in ways(read(Path(folder))):
            for name, at in way.items():
                steps[name].append(at)
        return milliseconds, steps


def typed(multiplexer: Multiplexer) -> float:
    """Milliseconds from key to echo, the median."""
    with multiplexer:
        return statistics.median(multiplexer.outer.echoes(KEYS))


def main() -> None:
    total, steps = ours()
    before = 0.0
    for name in STEPS[1:]:
        at = statistics.median(steps[name]) / 1000
        print(f"  {name:<24}{at - before:>8.0f} µs")
        before = at
    print(f"key to echo, p50{total * 1000:>18.0f} µs   ({len(steps[STEPS[-1]])} of {KEYS} keys came all the way)")
    if shutil.which("tmux"):
        other = typed(Tmux(PROGRAMS))
        print(f"tmux{other * 1000:>30.0f} µs   {total / other:.1f} times")
