"""What tracing costs the programs in a pane, in time; what a traced host takes of memory; how long a killed one is missed.

Every program runs in a real pane, traced and untraced in turn, and of each the fastest counts. What is not installed is left
out; ``grep -r`` stands in for ripgrep.
"""

import io
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agentgrid.process.hosts import Exited, Host
from agentgrid.process.spawning import Spawner, StartRequest
from tests.process.support import finish, next_events, read_until, release, spawner_pid, spawning

ROUNDS = 3
FILES = 5000
SOURCES = 40
SEARCH = "rg -c" if shutil.which("rg") else "grep -rc"
SETUP = {
    "make, 40 files in C": "rm -f made/*.o made/all",
    "npm install of 20 packages": "rm -rf installed; mkdir installed; echo '{}' > installed/package.json",
}
"""Not measured."""
COMPILE = f"cp -r {Path(json.__file__).parent}/../email . && {sys.executable} -I -m compileall -qf -j1 email"
PROGRAMS = {
    "make, 40 files in C": "make -s -C made",
    "npm install of 20 packages": "cd installed && npm install --offline --silent --no-audit --no-fund ../packages/*.tgz",
    f"{SEARCH.split()[0]} through 5,000 files, 10 times": f"cd tree; for i in $(seq 10); do {SEARCH} '7.*7' . >/dev/null; done",
    "git status of 5,000 files, 20 times": "cd tree; for i in $(seq 20); do git status; done >/dev/null",
    "git status of one file, 20 times": "for i in $(seq 20); do git status; done >/dev/null",
    "sort into a file, 200 times": "for i in $(seq 200); do sort -o out$i old; done",
    "compileall": COMPILE,
    "checkout of 5,000 files": "git checkout -q many && git checkout -q -",
    "clone of 5,000 files": "rm -rf clone; git clone -q -b many . clone",
    "one process, 5,000 files": f'{sys.executable} -ISc \'for n in range(5000): open("n%d" % n, "w").close()\'',
}


def main() -> None:
    with folder() as work, spawning(work / "session") as spawner:
        prepare(work / "work")
        for name, script in PROGRAMS.items():
            if not shutil.which(script.split("&& ")[-1].split()[0]) and name in SETUP:
                continue
            times = {False: 1000.0, True: 1000.0}
            for trace in (False, True) * ROUNDS:
                subprocess.run(["sh", "-c", SETUP.get(name, ":")], cwd=work / "work", check=True)
                times[trace] = min(times[trace], timed(spawner, work / "work", script, trace))
            print(f"{name:38} {times[False]:6.3f} s untraced {times[True]:6.3f} s traced   x {times[True] / times[False]:.2f}", flush=True)
        memory(spawner, work / "work")
        missed(spawner, work / "work")


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as path:
        (Path(path) / "work").mkdir()
        yield Path(path)


def prepare(work: Path) -> None:
    """A repository with one file, and 5,000 more on a branch; another one with as many files; sources in C, and packages of npm."""

    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=n", "-c", "user.email=e", *words], cwd=work, check=True, capture_output=True)

    (work / "old").write_text("b\na\n")
    git("init", "-b", "main")
    git("add", "old")
    git("commit", "-m", "one")
    git("checkout", "-b", "many")
    for number in range(FILES):
        (work / f"many{number}").write_text(f"{number}\n")
    git("add", ".")
    git("commit", "-m", "many")
    git("checkout", "main")
    (work / ".git" / "info" / "exclude").write_text("/tree\n/made\n/packages\n/installed\n/clone\n/email\n/out*\n/n[0-9]*\n/f[0-9]*\n")
    tree = work / "tree"
    for number in range(FILES):
        place = tree / f"folder{number % 50}" / f"file{number}.py"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("".join(f"line {line} of {number}\n" for line in range(40)))
    git("-C", "tree", "init")
    git("-C", "tree", "add", ".")
    git("-C", "tree", "commit", "-m", "one")
    made = work / "made"
    made.mkdir()
    for number in range(SOURCES):
        (made / f"part{number}.c").write_text(f'#include <stdio.h>\nint part{number}(void) {{ return printf("%d", {number}); }}\n')
    (made / "main.c").write_text("int main(void) { return 0; }\n")
    (made / "Makefile").write_text("all: $(patsubst %.c,%.o,$(wildcard *.c))\n\t$(CC) -o $@ $^\n")
    (work / "packages").mkdir()
    for number in range(20):
        package(work / "packages" / f"p{number}.tgz", f"p{number}", 100)


def package(path: Path, name: str, files: int) -> None:
    """One for npm."""
    with tarfile.open(path, "w:gz") as archive:
        contents = {"package.json": json.dumps({"name": name, "version": "1.0.0"})}
        contents |= {f"lib/file{number}.js": f"module.exports = {number};\n" * 20 for number in range(files)}
        for member, content in contents.items():
            info = tarfile.TarInfo(f"package/{member}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content.encode()))


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
