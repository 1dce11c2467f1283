"""Where the time goes between a key and its echo on the screen, beside the same with tmux."""

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from agentgrid.geometry import Size
from agentgrid.profiling import VARIABLE, read
from tests.support.deadline import eventually
from tests.support.program import Program
from tests.support.session import COMMAND, Session

WINDOW = Size(240, 72)
KEYS = 200
REST_SECONDS = 0.03  # Between two keys, as a fast typist leaves it: long enough for processors to fall asleep.
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


def typed(window: Program) -> list[float]:
    """Seconds from a key to the bytes that show it, of each key."""
    found = []
    for number in range(KEYS):
        key = "abcdefghijklmnopqrstuvwxyz"[number % 26]
        window.settle(REST_SECONDS)
        del window.output[:]
        began = time.perf_counter()
        window.type(key)
        window.wait(lambda key=key: key.encode() in window.output, "the echo")  # type: ignore[misc]
        found.append(time.perf_counter() - began)
        if number % 40 == 39:
            window.type("\r")
    return found


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


def ours() -> tuple[list[float], dict[str, list[int]]]:
    """Seconds from key to echo, and the nanoseconds from the key's reading to each step."""
    with tempfile.TemporaryDirectory() as folder, Session() as session:
        session.environment[VARIABLE] = folder
        session.start([["cat"]] * 9)
        with Program([COMMAND], WINDOW, folder=session.folder, environment=session.environment) as window:
            window.wait_text("1 cat")
            window.settle(2.5)
            seconds = typed(window)
            window.type("\x02d")
            window.wait_exit()
        session.ok("down", "--yes")
        eventually(lambda: not session.processes(), "the server has written its marks")
        steps: dict[str, list[int]] = defaultdict(list)
        for way in ways(read(Path(folder))):
            for name, at in way.items():
                steps[name].append(at)
        return seconds, steps


def theirs() -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if name != "TMUX"}
        tmux = ["tmux", "-S", str(Path(folder) / "socket"), "-f", "/dev/null"]
        with Program([*tmux, "new-session", "cat"], WINDOW, environment=environment) as window:
            window.settle(1.0)
            seconds = typed(window)
            subprocess.run([*tmux[:3], "kill-server"], check=True)
            return seconds


def main() -> None:
    seconds, steps = ours()
    total = statistics.median(seconds)
    before = 0.0
    for name in STEPS[1:]:
        at = statistics.median(steps[name]) / 1000
        print(f"  {name:<24}{at - before:>8.0f} µs")
        before = at
    print(f"key to echo, p50{total * 1e6:>18.0f} µs   ({len(steps[STEPS[-1]])} of {KEYS} keys came all the way)")
    if shutil.which("tmux"):
        other = statistics.median(theirs())
        print(f"tmux{other * 1e6:>30.0f} µs   {total / other:.1f} times")
