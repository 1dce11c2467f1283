"""What tracing costs the programs in a pane, in time; what a traced host takes of memory; how long a killed one is missed.

Every program runs in a real pane, traced and untraced in turn, and of each the fastest counts.
"""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agentgrid.process.hosts import Exited, Host
from agentgrid.process.spawning import Spawner, StartRequest
from tests.process.support import finish, next_events, read_until, release, spawner_pid, spawning

ROUNDS = 3
COMPILE = f"cp -r {Path(json.__file__).parent}/../email . && {sys.executable} -I -m compileall -qf -j1 email"
PROGRAMS = {
    "git status, 20 times": "for i in $(seq 20); do git status >/dev/null; done",
    "sort into a file, 200 times": "for i in $(seq 200); do sort -o out$i old; done",
    "compileall": COMPILE,
    "checkout of 2,000 files": "git checkout -q many && git checkout -q -",
    "clone of 2,000 files": "rm -rf clone; git clone -q -b many . clone",
    "one process, 5,000 files": f'{sys.executable} -ISc \'for n in range(5000): open("n%d" % n, "w").close()\'',
}


def main() -> None:
    with folder() as work, spawning(work / "session") as spawner:
        prepare(work / "work")
        for name, script in PROGRAMS.items():
            times = {trace: min(timed(spawner, work / "work", script, trace) for _ in range(ROUNDS)) for trace in (False, True)}
            print(f"{name:30} {times[False]:6.3f} s untraced {times[True]:6.3f} s traced   x {times[True] / times[False]:.2f}", flush=True)
        memory(spawner, work / "work")
        missed(spawner, work / "work")


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as path:
        (Path(path) / "work").mkdir()
        yield Path(path)


def prepare(work: Path) -> None:
    """A repository with one file, and 2,000 more on a branch."""

    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=n", "-c", "user.email=e", *words], cwd=work, check=True, capture_output=True)

    (work / "old").write_text("b\na\n")
    git("init", "-b", "main")
    git("add", "old")
    git("commit", "-m", "one")
    git("checkout", "-b", "many")
    for number in range(2000):
        (work / f"many{number}").write_text(f"{number}\n")
    git("add", ".")
    git("commit", "-m", "many")
    git("checkout", "main")


def start(spawner: Spawner, work: Path, script: str, *, trace: bool, pane: int = 1) -> Host:
    host = spawner.start(StartRequest(pane, ("sh", "-c", script), str(work), dict(os.environ), 80, 24, trace=trace))
    assert host.traced is trace, host.untraced_because
    return host


def timed(spawner: Spawner, work: Path, script: str, trace: bool) -> float:
    """Seconds; the records are read meanwhile, as a server does."""
    began = time.perf_counter()
    host = start(spawner, work, script, trace=trace)
    watched = [host.fileno(), host.records] if trace else [host.fileno()]
    while host.fileno() not in (ready := select.select(watched, [], [], 100)[0]):
        assert ready
        host.read_records()
    seconds = time.perf_counter() - began
    assert host.receive() == [Exited(0)], read_until(host)
    release(host)
    return seconds


def memory(spawner: Spawner, work: Path) -> None:
    """Nine hosts of each kind, whose programs have written."""
    for trace in (False, True):
        script = "for i in $(seq 100); do echo $i > f$i; done; echo done; cat"
        panes = [start(spawner, work, script, trace=trace, pane=pane) for pane in range(1, 10)]
        for host in panes:
            read_until(host, b"done")
        sizes = [pss_kib(host.host_pid) for host in panes]
        kind = "traced" if trace else "untraced"
        print(f"nine {kind} hosts: {min(sizes)} to {max(sizes)} KiB PSS each, their spawner {pss_kib(spawner_pid(spawner))}", flush=True)
        for host in panes:
            finish(host)


def pss_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def missed(spawner: Spawner, work: Path) -> None:
    """A host is killed while its program waits to write; the time until that has written."""
    times = []
    host = start(spawner, work, "while read x; do echo $x > f; echo done; done", trace=True)
    for _ in range(20):
        began = time.perf_counter()
        os.kill(host.host_pid, signal.SIGKILL)
        os.write(host.pty_writer, b"x\n")
        next_events(host)
        host = spawner.succeed(host)
        read_until(host, b"done\r\n")
        times.append((time.perf_counter() - began) * 1000)
    finish(host)
    print(f"a host killed: {sorted(times)[10]:.0f} ms until a write that came then is done, {max(times):.0f} at most", flush=True)
