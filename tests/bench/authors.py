"""Who wrote that file: scripted writers of known truth in one folder, against what the observer says.

For each row: how many of the writes have a change with their author (recall), how many of the changes that name an author are
right (precision), the same of the conflicts (a path and its panes), and how long after the second write of a path its conflict
was raised. Real hosts, real traces, a real folder.
"""

import contextlib
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from agentgrid.process.hosts import Host, Spawner, StartRequest
from agentgrid.workspace.change import Change
from agentgrid.workspace.conflict import Conflict, ConflictRaised
from agentgrid.workspace.happening import Changed, Conflicted, Happening, Troubled
from agentgrid.workspace.observer import Observer, PaneSource

SHARED = 34
NEAR_SECONDS = 0.25  # A change belongs to a write that was logged within this time.


class Row(NamedTuple):
    """One line of the table."""

    name: str
    panes: int
    per_second: float
    writes: int
    ways: str
    traced: bool = True


ROWS = (
    Row("agent-like tools, 8 panes, 1/s", 8, 1, 30, "tools"),
    Row("in-process writers, 8 panes, 10/s", 8, 10, 200, "in-process"),
    Row("short-lived tools, 4 panes, 5/s", 4, 5, 100, "tools"),
    Row("editors' dances, 8 panes, 10/s", 8, 10, 200, "dances"),
    Row("everything mixed, 8 panes, 5/s", 8, 5, 150, "mixed"),
)


class Result(NamedTuple):
    """What was measured."""

    recall: float
    precision: float
    conflict_recall: float
    conflict_precision: float
    latencies: list[float]
    problems: list[str]


class Stage:
    """Panes with their hosts, and an observer. Owned by one measurement."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "project"
        self.root.mkdir()
        subprocess.run(["git", "init", "-q", self.root], check=True)
        self.happened: list[tuple[float, Happening]] = []
        self.observer = Observer(folder / "state", self._deliver)
        self.observer.start()
        self.spawner = Spawner(folder / "runtime")
        self.hosts: list[Host] = []
        self._stop = threading.Event()
        self._pump = threading.Thread(target=self._read, daemon=True)

    def start(self, argv: Sequence[str], *, traced: bool = True, environment: dict[str, str] | None = None) -> Host:
        """A pane."""
        number = len(self.hosts) + 1
        request = StartRequest(number, tuple(argv), str(self.root), dict(os.environ) | (environment or {}), 80, 24, traced)
        host = self.spawner.start(request)
        assert not host.problem, host.problem
        assert host.traced is traced, host.untraced_because
        self.hosts.append(host)
        self.observer.add_pane(PaneSource(number, self.root, traced, host.program_pid))
        return host

    def run(self) -> None:
        """Read what panes say until all have ended."""
        self._pump.start()
        self._pump.join()

    def close(self) -> None:
        self._stop.set()
        self.observer.close()
        for host in self.hosts:
            host.release()
            host.close()
        self.spawner.close()

    def _deliver(self, happenings: Sequence[Happening]) -> None:
        now = time.time()
        self.happened += [(now, happening) for happening in happenings]

    def _read(self) -> None:
        alive = {host.pane: host for host in self.hosts}
        while alive:
            poll = select.poll()
            for host in alive.values():
                for descriptor in (host.fileno(), host.records, host.pty):
                    if descriptor >= 0:
                        poll.register(descriptor, select.POLLIN)
            ready = {descriptor for descriptor, _ in poll.poll(1000)}
            for pane, host in list(alive.items()):
                if host.records in ready:
                    self.observer.heard(pane, host.read_records())
                if host.pty in ready:
                    with contextlib.suppress(OSError):  # Nobody has it open any more.
                        os.read(host.pty, 65536)
                if host.fileno() in ready and host.receive():
                    self.observer.heard(pane, host.read_records())
                    del alive[pane]


def measure(row: Row, seed: int = 0) -> Result:
    """Run a row."""
    with tempfile.TemporaryDirectory(prefix="ag-authors-") as name:
        folder = Path(name).resolve()
        stage = Stage(folder)
        for place in ("shared", *(f"own{pane + seed}" for pane in range(1, row.panes + 1))):
            (stage.root / place).mkdir()
        (folder / "elsewhere").mkdir()
        for number in range(SHARED):
            (stage.root / "shared" / f"s{number}").write_text("line\n")
        subprocess.run(["git", "-C", stage.root, "add", "-A"], check=True)
        subprocess.run(["git", "-C", stage.root, "-c", "user.name=n", "-c", "user.email=e", "commit", "-qm", "one"], check=True)
        began = time.monotonic() + 2
        offset = time.time() - time.monotonic()
        for pane in range(1, row.panes + 1):
            writer = [sys.executable, "-I", "-S", str(Path(__file__).with_name("_writer.py"))]
            arguments = [
                str(folder / f"log{pane}"),
                str(pane + seed),
                str(row.writes),
                str(row.per_second),
                str(SHARED),
                row.ways,
                str(began),
            ]
            stage.start([*writer, *arguments], traced=row.traced, environment={"ELSEWHERE": str(folder / "elsewhere")})
        stage.run()
        time.sleep(2)  # What is held back is told.
        stage.close()
        truth = [
            (float(words[0]) + offset, pane, words[1])
            for pane in range(1, row.panes + 1)
            for line in (folder / f"log{pane}").read_text().splitlines()
            if (words := line.split())
        ]
        return judge(sorted(truth), stage.happened)


def judge(truth: list[tuple[float, int, str]], happened: list[tuple[float, Happening]]) -> Result:
    """Compare."""
    changes = [happening.change for _, happening in happened if isinstance(happening, Changed)]
    problems = [happening.message for _, happening in happened if isinstance(happening, Troubled)]
    by_path: dict[str, list[Change]] = defaultdict(list)
    for change in sorted(changes, key=lambda change: change.at):
        by_path[change.path].append(change)
    matched: set[int] = set()
    found = 0
    for at, pane, path in truth:
        near = [one for one in by_path[path] if id(one) not in matched and one.pane == pane and abs(one.at - at) <= NEAR_SECONDS]
        if near:
            found += 1
            matched.add(id(min(near, key=lambda one: abs(one.at - at))))
        else:
            problems.append(
                f"missed: {pane} {path} {at:.3f}: {[(one.pane, round(one.at - at, 3)) for one in by_path[path] if abs(one.at - at) < 1]}"
            )
    named = [change for change in changes if change.pane is not None]
    right = [change for change in named if id(change) in matched]
    problems += [f"wrong: {change}" for change in changes if id(change) not in matched]
    writers: dict[str, dict[int, float]] = defaultdict(dict)
    for at, pane, path in truth:
        writers[path].setdefault(pane, at)
    expected = {path: frozenset(panes) for path, panes in writers.items() if len(panes) > 1}
    last: dict[str, Conflict] = {}
    raised: dict[str, float] = {}
    for at, happening in happened:
        if isinstance(happening, Conflicted):
            conflict = happening.event.conflict
            last[conflict.path] = conflict
            if isinstance(happening.event, ConflictRaised):
                raised.setdefault(conflict.path, at)
    said = {path: frozenset(conflict.panes) for path, conflict in last.items()}
    agreed = {path for path in said if said[path] == expected.get(path)}
    problems += [
        f"conflict: {path} {sorted(said.get(path, ()))} != {sorted(expected.get(path, ()))}" for path in {*said, *expected} - agreed
    ]
    latencies = [raised[path] - sorted(writers[path].values())[1] for path in expected if path in raised]
    return Result(
        found / max(1, len(truth)),
        len(right) / max(1, len(named)),
        len(agreed) / max(1, len(expected)),
        len(agreed) / max(1, len(said)),
        sorted(latencies),
        problems,
    )


def main() -> None:
    print(f"{'':36} {'author recall / precision':>26} {'conflicts':>15} {'second write to event, ms':>28}")
    for row in ROWS:
        result = measure(row)
        waits = [wait * 1000 for wait in result.latencies] or [0.0]
        median, late = waits[len(waits) // 2], waits[min(len(waits) - 1, len(waits) * 95 // 100)]
        print(
            f"{row.name:36} {result.recall:13.4f} /{result.precision:.4f}   {result.conflict_recall:6.3f} / {result.conflict_precision:.3f}"
            f"   p50 {median:7.1f}  p95 {late:7.1f}",
            flush=True,
        )
        for problem in result.problems[: int(os.environ.get("PROBLEMS", "0"))]:
            print("   ", problem)


if __name__ == "__main__":
    main()
