"""Multiplexers side by side: each runs the same programs (``_load``) in its panes, in the same outer terminal, and is counted.

Of a multiplexer's processes (server, window, pane hosts) all is counted, of the programs in its panes nothing.
"""

import json
import math
import os
import re
import select
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import psutil
from ptyprocess import PtyProcess

from agentgrid.geometry import Size
from tests.bench import _load
from tests.support.deadline import eventually
from tests.support.session import COMMAND, Session

WINDOW = Size(240, 72)
NINE = 9
SETTLE_SECONDS = 2.5
MEASURE_SECONDS = 4.0
REST_SECONDS = 0.03  # Between two keys, as a fast typist leaves it: long enough for processors to fall asleep.
LOAD = _load.__file__
MOST_LOST = 3  # Keys whose echo did not come within seconds: nobody would go on typing.


class Used(NamedTuple):
    """What a multiplexer has used up so far."""

    seconds: float
    """Of a processor."""
    wakeups: int
    out_bytes: int


LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
QUESTIONS = re.compile(rb"\x1b\[0?c|\x1b\[5n")


class Outer:
    """A terminal that answers nothing but what a program waits for, and counts."""

    def __init__(self, argv: Sequence[str], folder: Path, environment: dict[str, str]) -> None:
        self.out_bytes = 0
        self._last = self._tail = b""
        self.process = PtyProcess.spawn(list(argv), cwd=str(folder), env=environment, dimensions=(WINDOW.rows, WINDOW.columns))

    def pump(self, seconds: float, until: Callable[[bytes], bool] = lambda _: False) -> bool:
        """Read for so long, or until what has come since says so."""
        end = time.monotonic() + seconds
        self._last = b""
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.process.fd], [], [], left)[0]:
                break
            self._last += self._read(262144)
            if until(self._last):
                return True
        return False

    def read(self, limit: int, seconds: float | None = 0.0) -> int:
        """Read so many bytes at most, waiting so long (None: for ever) for the first; how many there were."""
        if not select.select([self.process.fd], [], [], seconds)[0]:
            return 0
        return len(self._read(limit))

    def _read(self, limit: int) -> bytes:
        data = os.read(self.process.fd, limit)
        self.out_bytes += len(data)
        seen = self._tail + data  # A question may come in two parts.
        end = 0
        for question in QUESTIONS.finditer(seen):
            end = question.end()
            self.type(b"\x1b[0n" if question.group().endswith(b"n") else b"\x1b[?62;22c")
        self._tail = seen[max(end, len(seen) - 3) :]
        return data

    def type(self, data: bytes) -> None:
        os.write(self.process.fd, data)

    def read_to_the_end(self) -> None:
        """Until the program has given the terminal back."""
        try:
            while self.read(262144, seconds=None):
                pass
        except OSError:  # Linux says EIO when the last process has closed its end.
            return

    def echoes(self, keys: int, letters: Sequence[str] = LETTERS) -> list[float]:
        """Milliseconds from a key to the bytes that show it; none, or few, where too many never came."""
        found: list[float] = []
        for number in range(keys):
            if number - len(found) >= MOST_LOST:
                break
            key = letters[number % len(letters)].encode()
            self.pump(REST_SECONDS)
            began = time.perf_counter()
            self.type(key)
            if self.pump(5.0, lambda seen, key=key: key in plain(seen)):  # type: ignore[misc]
                found.append((time.perf_counter() - began) * 1000)
        return found


def plain(data: bytes) -> bytes:
    """Without sequences, whose final bytes would be taken for keys."""
    return re.sub(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()].|[ -/]*[0-~])", b"", data)


class Multiplexer:
    """One that runs ``kinds`` in as many panes. Owned by one measurement, as a context manager."""

    name = ""
    most_panes = 1000

    def __init__(self, kinds: Sequence[str], environment: Mapping[str, str] | None = None, line: Sequence[str] = ()) -> None:
        """``environment`` is added to that of its own processes. ``line``: what its window runs behind."""
        self.environment = environment or {}
        self.line = line
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
        argv = [*self.line, *self._tmux, "new-session", *self.commands[0]]
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


class Screen(Multiplexer):
    """GNU screen, all regions of one window."""

    name = "screen"
    most_panes = NINE  # It has no pages, and no regions as small as a hundred would be.

    def start(self) -> Outer:
        columns = math.ceil(math.sqrt(len(self.commands)))
        rows = math.ceil(len(self.commands) / columns)
        lines = ["startup_message off", "defscrollback 10000", "msgwait 0", "defutf8 on"]
        lines += ["split", "focus"] * (rows - 1) + ["focus top"]
        for number, command in enumerate(self.commands):
            if number % columns < columns - 1 and number < len(self.commands) - 1:
                lines.append("split -v")
            lines += [f"screen {shlex.join(command)}", "focus"]
        configuration = self.folder / "screenrc"
        configuration.write_text("\n".join([*lines, "focus top"]) + "\n")
        self._screen = self.folder.name
        sockets = self.folder / "sockets"
        sockets.mkdir(mode=0o700)
        self._environment = {name: value for name, value in os.environ.items() if name != "STY"} | {
            "TERM": "xterm-256color",
            "SCREENDIR": str(sockets),
        }
        return Outer([*self.line, "screen", "-U", "-c", str(configuration), "-S", self._screen], self.folder, self._environment)

    def processes(self) -> list[psutil.Process]:
        return [process for process in psutil.process_iter() if _runs(process, self._screen, "screenrc") and not _runs(process, LOAD)]

    def stop(self) -> None:
        subprocess.run(["screen", "-S", self._screen, "-X", "quit"], env=self._environment, check=False, capture_output=True)


class Mprocs(Multiplexer):
    """mprocs, which shows one pane at a time, beside the list of all."""

    name = "mprocs"
    most_panes = NINE  # What a pane costs that is not shown, the others say.

    def start(self) -> Outer:
        configuration = self.folder / "mprocs.yaml"
        panes = "".join(f"  p{number}:\n    cmd: {json.dumps(command)}\n" for number, command in enumerate(self.commands))
        configuration.write_text(f"scrollback: 10000\nprocs:\n{panes}")
        environment = dict(os.environ) | {"TERM": "xterm-256color"}
        outer = Outer([*self.line, "mprocs", "-c", str(configuration)], self.folder, environment)
        outer.pump(SETTLE_SECONDS, lambda seen: b"p0" in seen)
        outer.type(b"\x01")  # From the list into the pane.
        return outer

    def processes(self) -> list[psutil.Process]:
        return [process for process in psutil.process_iter() if _runs(process, "mprocs", str(self.folder)) and not _runs(process, LOAD)]

    def stop(self) -> None:
        for process in self.processes():
            process.terminate()


class Agentgrid(Multiplexer):
    name = "agentgrid"

    def start(self) -> Outer:
        self.session = self._stack.enter_context(Session())
        self.session.environment |= self.environment
        self.session.start(self.commands, traced=True)
        return Outer([*self.line, COMMAND], self.session.folder, self.session.environment)

    def processes(self) -> list[psutil.Process]:
        return [process for process in self.session.processes() if not _runs(process, LOAD)]

    def next_page(self) -> float | None:
        began = time.perf_counter()
        self.outer.type(b"\x02\t")
        names = [b"-%d" % number for number in range(NINE + 1, 2 * NINE + 1)]
        if not self.outer.pump(5.0, lambda seen: all(name in plain(seen) for name in names)):
            raise RuntimeError("the next page never came")
        return (time.perf_counter() - began) * 1000

    def stop(self) -> None:
        self.outer.type(b"\x02d")
        self.outer.read_to_the_end()
        self.session.ok("down", "--yes")
        eventually(lambda: not self.session.processes(), "it has ended")


OTHERS: tuple[type[Multiplexer], ...] = tuple(kind for kind in (Tmux, Screen, Mprocs) if shutil.which(kind.name))
"""Those that are installed here."""


def _runs(process: psutil.Process, *words: str) -> bool:
    """Whether all the words are in its command line."""
    try:
        line = " ".join(process.cmdline())
    except psutil.Error:
        return False
    return all(word in line for word in words)
