"""From the second write of a file to its event, at a client of the real server, while eight panes flood their terminals.

Four pairs of panes; the two of a pair write a file of their own by turns, each time another one, so that every second write is a
new conflict. Each pane prints without end meanwhile.
"""

import json
import sys
import threading
import time
from typing import Any

from tests.support.session import Session

ROUNDS = 25
PAUSE_SECONDS = 0.4
WRITER = """
import os, sys, time, threading
pane, rounds, pause, log, start = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4], float(sys.argv[5])
def flood():
    while True:
        os.write(1, b"flood %d the quick brown fox jumps over the lazy dog\\r\\n" % pane * 20)
threading.Thread(target=flood, daemon=True).start()
pair, second = pane // 2, pane % 2
with open(log, "w") as told:
    for number in range(rounds):
        time.sleep(max(0.0, start + number * 2 * pause + second * pause + pair * pause / 4 - time.time()))
        name = "pair%d-%d" % (pair, number)
        with open(name, "a") as file:
            file.write("%d\\n" % pane)
        print(name, time.time(), file=told, flush=True)
time.sleep(600)
"""


def main() -> None:
    waits, missing = measure()
    ordered = sorted(waits) or [0.0]
    median, late = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]
    figures = f"p50 {median * 1000:.1f} ms  p95 {late * 1000:.1f} ms  most {ordered[-1] * 1000:.1f} ms"
    print(f"eight panes flood: {figures}  ({len(waits)} conflicts, {missing} not told)")


def measure() -> tuple[list[float], int]:
    """How long each conflict took, and how many were not told of."""
    with Session() as session:
        writer = session.base / "writer.py"
        writer.write_text(WRITER)
        start = time.time() + 6.0
        logs = [session.base / f"log{pane}" for pane in range(8)]
        session.start(
            [[sys.executable, "-u", *map(str, (writer, pane, ROUNDS, PAUSE_SECONDS, logs[pane], start))] for pane in range(8)],
            traced=True,
        )
        raised: dict[str, float] = {}
        with session.running("events", "--follow") as following:
            assert following.stdout is not None
            lines: Any = following.stdout

            def listen() -> None:
                for line in lines:
                    event = json.loads(line)
                    if event["event"] == "conflict_raised":
                        raised.setdefault(event["path"], time.time())

            listening = threading.Thread(target=listen, daemon=True)
            listening.start()
            listening.join(start + ROUNDS * 2 * PAUSE_SECONDS + 3.0 - time.time())
        written: dict[str, list[float]] = {}
        for log in logs:
            for line in log.read_text().splitlines():
                name, at = line.split()
                written.setdefault(name, []).append(float(at))
        second = {name: sorted(times)[1] for name, times in written.items() if len(times) > 1}
        return [raised[name] - at for name, at in second.items() if name in raised], len(second.keys() - raised.keys())


if __name__ == "__main__":
    main()
