"""The whole program beside tmux, the same programs in the panes of both: processor, echo, floods, memory, bytes, many panes.

Each figure is the median of some rounds, in which the two take turns. Of a multiplexer's processes (server, window, pane
hosts) all is counted, of the programs in its panes nothing. The window is 240x72 cells.
"""

import os
import platform
import re
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import psutil
from ptyprocess import PtyProcess

from agentgrid.geometry import Size
from tests.bench import _load
from tests.support.session import COMMAND, Session

ROUNDS = int(os.environ.get("AGENTGRID_BENCH_ROUNDS", "5"))
WINDOW = Size(240, 72)
NINE = 9
MANY = (36, 100)
SETTLE_SECONDS = 2.5
MEASURE_SECONDS = 4.0
KEYS = 60
REST_SECONDS = 0.03
LINE_SECONDS = 0.05
LINE_BYTES = int(5e6 / 8 * LINE_SECONDS)  # What a line of 5 Mbit/s carries in that time.
KINDS = ("ascii", "sgr", "unicode")
LOAD = _load.__file__


class Used(NamedTuple):
    """What a multiplexer has used up so far."""

    seconds: float
    """Of a processor."""
    wakeups: int
    out_bytes: int


class Outer:
    """A terminal that answers nothing but what a program waits for, and counts."""

    def __init__(self, argv: Sequence[str], folder: Path, environment: dict[str, str]) -> None:
        self.out_bytes = 0
        self._last = b""
        self.process = PtyProcess.spawn(list(argv), cwd=str(folder), env=environment, dimensions=(WINDOW.rows, WINDOW.columns))

    def pump(self, seconds: float, until: Callable[[bytes], bool] = lambda _: False) -> bool:
        """Read for so long, or until what has come since says so."""
        end = time.monotonic() + seconds
        self._last = b""
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.process.fd], [], [], left)[0]:
                break
            data = os.read(self.process.fd, 262144)
            self.out_bytes += len(data)
            self._last += data
            if b"\x1b[c" in data or b"\x1b[0c" in data:
                os.write(self.process.fd, b"\x1b[?62;22c")
            if until(self._last):
                return True
        return False

    def read(self, limit: int) -> int:
        """Read so many bytes at most, without waiting; how many there were."""
        if not select.select([self.process.fd], [], [], 0)[0]:
            return 0
        count = len(os.read(self.process.fd, limit))
        self.out_bytes += count
        return count

    def type(self, data: bytes) -> None:
        os.write(self.process.fd, data)

    def echoes(self) -> list[float]:
        """Milliseconds from a key to the bytes that show it."""
        found = []
        for number in range(KEYS):
            key = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number % 26 :][:1]
            self.pump(REST_SECONDS)
            began = time.perf_counter()
            self.type(key)
            if self.pump(5.0, lambda seen, key=key: key in _plain(seen)):  # type: ignore[misc]
                found.append((time.perf_counter() - began) * 1000)
        return found


def _plain(data: bytes) -> bytes:
    """Without sequences, whose final bytes would be taken for keys."""
    return re.sub(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()].|[ -/]*[0-~])", b"", data)


class Multiplexer:
    """One that runs ``kinds`` in as many panes. Owned by one measurement, as a context manager."""

    name = ""

    def __init__(self, kinds: Sequence[str]) -> None:
        self._stack = ExitStack()
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        self.commands = [[sys.executable, "-I", "-S", LOAD, kind, str(self.folder), str(n)] for n, kind in enumerate(kinds)]
        self.outer = self.start()

    def start(self) -> Outer:
        raise NotImplementedError

    def processes(self) -> list[psutil.Process]:
        """Its own, without the programs in the panes."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self.outer.pump(SETTLE_SECONDS)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        (self.folder / "go").unlink(missing_ok=True)
        self.stop()
        self.outer.process.close(force=True)
        self._stack.close()

    def stop(self) -> None:
        raise NotImplementedError

    def next_page(self) -> float | None:
        """Milliseconds until another page of panes stands whole; None where there are no pages."""
        return None

    def go(self) -> None:
        """Have agents and floods begin."""
        (self.folder / "go").touch()
        self.outer.pump(1.5)

    def used(self) -> Used:
        seconds, wakeups = 0.0, 0
        for process in self.processes():
            seconds += int(Path(f"/proc/{process.pid}/schedstat").read_text().split()[0]) / 1e9
            status = Path(f"/proc/{process.pid}/status").read_text()
            wakeups += int(status.split("voluntary_ctxt_switches:")[1].split()[0])
        return Used(seconds, wakeups, self.outer.out_bytes)

    def measure(self) -> tuple[float, float, float]:
        """Per cent of a processor, wake-ups a second, kilobytes a second to the terminal."""
        before, began = self.used(), time.monotonic()
        self.outer.pump(MEASURE_SECONDS)
        after, took = self.used(), time.monotonic() - began
        return (
            (after.seconds - before.seconds) / took * 100,
            (after.wakeups - before.wakeups) / took,
            (after.out_bytes - before.out_bytes) / took / 1000,
        )

    def megabytes(self) -> float:
        shared_out = [int(process.memory_full_info()._asdict()["pss"]) for process in self.processes()]  # Linux alone has it.
        return sum(shared_out) / 1e6

    def taken(self) -> float:
        """Megabytes of floods that the panes have taken."""
        return sum(int(file.read_text() or "0") for file in self.folder.iterdir() if file.name.isdigit()) / 1e6


class Tmux(Multiplexer):
    name = "tmux"

    def start(self) -> Outer:
        configuration = self.folder / "tmux.conf"
        configuration.write_text(
            "set -g default-terminal tmux-256color\nset -as terminal-features ',xterm-256color:RGB:sync'\n"
            "set -g history-limit 10000\nset -s escape-time 10\n"
        )
        self._tmux = ["tmux", "-S", str(self.folder / "socket"), "-f", str(configuration)]
        argv = [*self._tmux, "new-session", *self.commands[0]]
        for command in self.commands[1:]:
            argv += [";", "split-window", *command, ";", "select-layout", "tiled"]
        argv += [";", "select-pane", "-t", "0"]
        environment = {name: value for name, value in os.environ.items() if name != "TMUX"} | {"TERM": "xterm-256color"}
        return Outer(argv, self.folder, environment)

    def processes(self) -> list[psutil.Process]:
        socket = str(self.folder / "socket")
        return [process for process in psutil.process_iter() if _runs(process, "tmux", socket)]

    def stop(self) -> None:
        subprocess.run([*self._tmux[:3], "kill-server"], check=True)


class Agentgrid(Multiplexer):
    name = "agentgrid"

    def start(self) -> Outer:
        self.session = self._stack.enter_context(Session())
        self.session.start(self.commands, traced=True)
        return Outer([COMMAND], self.session.folder, self.session.environment)

    def processes(self) -> list[psutil.Process]:
        return [process for process in self.session.processes() if not _runs(process, LOAD)]

    def next_page(self) -> float | None:
        began = time.perf_counter()
        self.outer.type(b"\x02\t")
        names = [b"-%d" % number for number in range(NINE + 1, 2 * NINE + 1)]
        if not self.outer.pump(5.0, lambda seen: all(name in _plain(seen) for name in names)):
            raise RuntimeError("the next page never came")
        return (time.perf_counter() - began) * 1000

    def stop(self) -> None:
        self.session.ok("down", "--yes")


def _runs(process: psutil.Process, *words: str) -> bool:
    """Whether all the words are in its command line."""
    try:
        line = " ".join(process.cmdline())
    except psutil.Error:
        return False
    return all(word in line for word in words) and (words != (LOAD,) or "_load.py" in line)


Figures = dict[str, float]


def nine_agents(make: type[Multiplexer]) -> Figures:
    with make(["agent"] * NINE) as it:
        idle, wakeups, _ = it.measure()
        memory = it.megabytes()
        it.go()
        busy, _, out = it.measure()
        return {
            "idle, % of a core": idle,
            "idle, wake-ups/s": wakeups,
            "memory idle, MB": memory,
            "nine agents, % of a core": busy,
            "nine agents, KB/s out": out,
        }


def echoes(make: type[Multiplexer], kind: str, words: str) -> Figures:
    with make(["echo", *[kind] * (NINE - 1)]) as it:
        it.go()
        found = sorted(it.outer.echoes())
        return {f"echo {words}, p50 ms": statistics.median(found), f"echo {words}, p99 ms": found[len(found) * 99 // 100]}


def floods(make: type[Multiplexer], kind: str, count: int) -> Figures:
    with make([kind] * count + ["idle"] * (NINE - count)) as it:
        it.go()
        before, began = it.taken(), time.monotonic()
        it.outer.pump(MEASURE_SECONDS)
        found = {f"{count} × {kind}, MB/s": (it.taken() - before) / (time.monotonic() - began)}
        if count == NINE:
            found[f"memory after {kind}, MB"] = it.megabytes()
        return found


def slow_line(make: type[Multiplexer]) -> Figures:
    """Nine floods over a line of 5 Mbit/s: how long after their end the terminal still gets what is old."""
    with make(["sgr"] * NINE) as it:
        it.go()
        end = time.monotonic() + MEASURE_SECONDS
        while time.monotonic() < end:
            it.outer.read(LINE_BYTES)
            time.sleep(LINE_SECONDS)
        (it.folder / "go").unlink()
        began = last = time.monotonic()
        while time.monotonic() - last < 10 * LINE_SECONDS:
            if it.outer.read(LINE_BYTES):
                last = time.monotonic()
            time.sleep(LINE_SECONDS)
        return {"slow line after floods, s behind": last - began}


def many_panes(make: type[Multiplexer], count: int) -> Figures:
    with make(["echo", *["agent"] * (count - 1)]) as it:
        it.go()
        busy, _, _ = it.measure()
        found = sorted(it.outer.echoes())
        figures = {
            f"{count} panes, % of a core": busy,
            f"{count} panes, MB": it.megabytes(),
            f"{count} panes, echo p95 ms": found[len(found) * 95 // 100],
        }
        if (pages := it.next_page()) is not None:
            figures[f"{count} panes, another page, ms"] = pages
        return figures


MEASUREMENTS: list[tuple[Callable[..., Figures], tuple[object, ...]]] = [
    (nine_agents, ()),
    (echoes, ("idle", "quiet")),
    (echoes, ("agent", "with eight agents")),
    (echoes, ("ascii", "with eight floods")),
    *((floods, (kind, count)) for kind in KINDS for count in (1, NINE)),
    (slow_line, ()),
    *((many_panes, (count,)) for count in MANY),
]


def main() -> None:
    makes: list[type[Multiplexer]] = [Agentgrid, *([Tmux] if shutil.which("tmux") else [])]
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for _ in range(ROUNDS):
        for measurement, arguments in MEASUREMENTS:
            for make in makes:
                for figure, value in measurement(make, *arguments).items():
                    found[figure][make.name].append(value)
    today = datetime.now(tz=UTC).date()
    print(f"{today}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, medians of {ROUNDS}\n")
    print(f"| {'':<32} | agentgrid |     tmux |   times |\n|{'-' * 34}|----------:|---------:|--------:|")
    for figure, values in found.items():
        ours = statistics.median(values["agentgrid"])
        theirs = statistics.median(values["tmux"]) if values["tmux"] else None
        other = f"{theirs:8.3g} | {ours / theirs:7.2f}" if theirs else f"{'–' if theirs is None else theirs:>8} | {'–':>7}"
        print(f"| {figure:<32} | {ours:9.3g} | {other} |")
