"""Who wrote that file: scripted writers of known truth in one folder, against what the observer says.

For each row: how many of the writes have a change with their author (recall), how many of the changes that name an author are
right (precision), the same of the conflicts (a path and its panes), and how long after the second write of a path its conflict
was raised. Real hosts, real traces, a real folder.
"""

import os
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from agentgrid.workspace.change import Change
from agentgrid.workspace.conflict import Conflict, ConflictRaised
from agentgrid.workspace.happening import Changed, Conflicted, Happening, Troubled
from tests.support.observed import Observed

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
    Row("odd ways, 8 panes, 5/s", 8, 5, 150, "odd"),
    Row("untraced: tools, 8 panes, 1/s", 8, 1, 30, "tools", traced=False),
    Row("untraced: in-process, 8 panes, 1/s", 8, 1, 30, "in-process", traced=False),
    Row("untraced: odd ways, 3 panes, 1/s", 3, 1, 40, "odd", traced=False),
)


class Result(NamedTuple):
    """What was measured."""

    recall: float
    precision: float
    conflict_recall: float
    conflict_precision: float
    latencies: list[float]
    problems: list[str]


def measure(row: Row, seed: int = 0) -> Result:
    """Run a row."""
    with tempfile.TemporaryDirectory(prefix="ag-authors-") as name:
        folder = Path(name).resolve()
        with Observed(folder) as observed:
            for place in ("shared", *(f"own{pane + seed}" for pane in range(1, row.panes + 1))):
                (observed.root / place).mkdir()
            (folder / "elsewhere").mkdir()
            for number in range(SHARED):
                (observed.root / "shared" / f"s{number}").write_text("line\n")
            observed.outside("git init -q . && git add -A && git commit -qm one")
            began = time.monotonic() + 2
            offset = time.time() - time.monotonic()
            for pane in range(1, row.panes + 1):
                writer = [sys.executable, "-I", "-S", str(Path(__file__).with_name("_writer.py"))]
                plan: list[object] = [folder / f"log{pane}", pane + seed, row.writes, row.per_second, SHARED, row.ways, began]
                argv = [*writer, *(str(word) for word in plan)]
                observed.start(pane, argv, traced=row.traced, environment={"ELSEWHERE": str(folder / "elsewhere")})
            observed.pump(*range(1, row.panes + 1))
            observed.mark()  # What is held back is told.
            happened = [item for item in observed.happened if not getattr(getattr(item[1], "change", None), "path", "").startswith("mark-")]
        truth = [
            Write(float(words[0]) + offset, pane, words[1], words[2])
            for pane in range(1, row.panes + 1)
            for line in (folder / f"log{pane}").read_text().splitlines()
            if (words := line.split())
        ]
        return judge(sorted(truth), happened)


class Write(NamedTuple):
    """What a writer logged."""

    at: float
    pane: int
    path: str
    way: str

    @property
    def certain(self) -> bool:
        """Otherwise another one got in between, and nobody knows what was done of it."""
        return self.way != "perhaps"


def judge(truth: list[Write], happened: list[tuple[float, Happening]]) -> Result:
    """Compare."""
    changes = [happening.change for _, happening in happened if isinstance(happening, Changed)]
    problems = [happening.message for _, happening in happened if isinstance(happening, Troubled)]
    by_path: dict[str, list[Change]] = defaultdict(list)
    for change in sorted(changes, key=lambda change: change.at):
        by_path[change.path].append(change)
    matched: set[int] = set()
    found = 0
    for write in sorted(truth, key=lambda write: not write.certain):
        at, pane, path, way = write
        near = [one for one in by_path[path] if id(one) not in matched and one.pane == pane and abs(one.at - at) <= NEAR_SECONDS]
        if near:
            found += write.certain
            matched.add(id(min(near, key=lambda one: abs(one.at - at))))
        else:
            about = [(one.pane, round(one.at - at, 3)) for one in by_path[path] if abs(one.at - at) < 1]
            problems.append(f"missed: {pane} {way} {path} {at:.3f}: {about}")
    named = [change for change in changes if change.pane is not None]
    right = [change for change in named if id(change) in matched]
    for change in changes:
        if id(change) not in matched:
            by = [(one.pane, one.way, round(one.at - change.at, 3)) for one in truth if one.path == change.path]
            problems.append(
                f"wrong: {change.path} {change.pane} {change.candidates} {change.at:.3f}: {[one for one in by if abs(one[2]) < 1]}"
            )
    writers: dict[str, dict[int, float]] = defaultdict(dict)
    for at, pane, path, _ in truth:
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
        found / max(1, sum(write.certain for write in truth)),
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
        authors = f"{result.recall:14.4f} / {result.precision:.4f}"
        conflicts = f"{result.conflict_recall:6.3f} / {result.conflict_precision:.3f}"
        print(f"{row.name:36} {authors}   {conflicts}   p50 {median:7.1f}  p95 {late:7.1f}", flush=True)
        for problem in result.problems[: int(os.environ.get("PROBLEMS", "0"))]:
            print("   ", problem)


if __name__ == "__main__":
    main()
