"""Nine panes write for minutes, and hosts are killed meanwhile: what is lost, how the server grows, and how long a write waits.

``SOAK_WRITES`` and ``SOAK_SECONDS`` say how much and how long (9,000 in 30 seconds; ``make soak-authors``: 200,000 in 600). The
writers log how many writes each file got, what failed, and the longest write; a client of the real server counts what it is told.
"""

import json
import os
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psutil

from tests.bench.tracing import pss_kib
from tests.support.session import Session

PANES = 9
OWN, SHARED = 30, 34
KILLS = int(os.environ.get("SOAK_KILLS", "6"))
QUIET_SECONDS = 10.0  # When so long nothing is told, nothing more comes.
WRITER = """
import json, os, random, sys, time
pane, writes, seconds, start, log = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]), sys.argv[5]
chance = random.Random(pane)
counts, failed, longest = {}, 0, 0.0
time.sleep(max(0.0, start - time.time()))
for number in range(writes):
    path = "own%d/f%d" % (pane, chance.randrange(30)) if chance.random() < 0.7 else "shared/s%d" % chance.randrange(34)
    began = time.monotonic()
    try:
        if number % 3 == 0:
            with open(path + ".%d~" % pane, "w") as file:
                file.write("%d %d\\n" % (pane, number))
            os.replace(path + ".%d~" % pane, path)
        else:
            with open(path, "a" if number % 3 == 1 else "w") as file:
                file.write("%d %d\\n" % (pane, number))
        counts[path] = counts.get(path, 0) + 1
    except OSError:
        failed += 1
    longest = max(longest, time.monotonic() - began)
    time.sleep(max(0.0, start + number * seconds / writes - time.time()))
with open(log, "w") as file:
    json.dump([counts, failed, longest], file)
time.sleep(3600)
"""


def main() -> None:
    writes, seconds = int(os.environ.get("SOAK_WRITES", "9000")), float(os.environ.get("SOAK_SECONDS", "30"))
    with Session() as session:
        prepare(session.folder)
        writer = session.base / "writer.py"
        writer.write_text(WRITER)
        start = time.time() + 6.0
        logs = [session.base / f"log{pane}" for pane in range(1, PANES + 1)]
        plan = [[str(pane), str(writes // PANES), str(seconds), str(start), str(log)] for pane, log in enumerate(logs, 1)]
        session.start([[sys.executable, "-ISu", str(writer), *words] for words in plan], traced=True)
        told: Counter[tuple[str, str]] = Counter()
        heard_at = time.time()
        with session.running("events", "--follow") as following:
            assert following.stdout is not None
            lines: Any = following.stdout

            def listen() -> None:
                nonlocal heard_at
                for line in lines:
                    event = json.loads(line)
                    heard_at = time.time()
                    if event["event"] == "file_changed":
                        told[event["pane"] or "", event["path"]] += 1
                    elif event["event"] == "files_changed":  # A sweep is told as one: it looks like one now and then.
                        told.update((event["pane"] or "", path) for path in event["paths"])

            threading.Thread(target=listen, daemon=True).start()
            sizes = []
            for part in range(1, KILLS + 1):
                time.sleep(max(0.0, start + part * seconds / (KILLS + 1) - time.time()))
                sizes.append(pss_kib(session.server().pid) // 1024)
                host = psutil.Process(session.panes()[part % PANES]["pid"]).parent()
                assert host is not None
                host.kill()
            while not all(log.exists() for log in logs) or time.time() - heard_at < QUIET_SECONDS:
                time.sleep(0.5)
            sizes.append(pss_kib(session.server().pid) // 1024)
        report([json.loads(log.read_text()) for log in logs], told, sizes)


def prepare(folder: Path) -> None:
    """All files are there already: each write is a change of its own."""
    for name, count in [("shared/s", SHARED), *((f"own{pane}/f", OWN) for pane in range(1, PANES + 1))]:
        (folder / name).parent.mkdir(exist_ok=True)
        for number in range(count):
            (folder / f"{name}{number}").write_text("line\n")


def report(logs: list[Any], told: Counter[tuple[str, str]], sizes: list[int]) -> None:
    truth = Counter({(f"%{pane}", path): count for pane, (counts, _, _) in enumerate(logs, 1) for path, count in counts.items()})
    lost, extra = truth - told, told - truth
    print(f"{truth.total()} writes, {told.total()} changes told: {lost.total()} lost, {extra.total()} too many or with another author")
    for (pane, path), count in [*lost.most_common(5), *((key, -number) for key, number in extra.most_common(5))]:
        print(f"    {pane or 'nobody'} {path}: {count:+d}")
    print(f"{sum(failed for _, failed, _ in logs)} writes failed; the longest waited {max(longest for *_, longest in logs) * 1000:.0f} ms")
    print(f"the server: {', '.join(map(str, sizes))} MiB PSS in the course of it")


if __name__ == "__main__":
    main()
