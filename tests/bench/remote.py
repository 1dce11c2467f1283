"""Over a line of 5 Mbit/s with a round trip of 80 ms: echo at rest and under floods, the prefix, what still comes after the floods.

The window runs behind ``_line``: netem in a network namespace where the kernel has it, else a relay with the rate, the delay and a
buffer as a TCP connection has it; which one is printed. Both multiplexers take turns in one run. The letters that are typed are
such as no flood prints.
"""

import os
import shutil
import statistics
import time
from collections import defaultdict

from tests.bench import _line
from tests.bench._multiplexers import MEASURE_SECONDS, NINE, Agentgrid, Multiplexer, Tmux, plain

ROUNDS = int(os.environ.get("AGENTGRID_BENCH_ROUNDS", "3"))
MBIT, ROUND_TRIP_MS = 5, 80
KEYS = 40
PRESSES = 10
CYRILLIC = tuple("АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ")
QUIET_SECONDS = 1.0  # So long nothing has come: nothing more will.
PREFIX = b"\x02"

Figures = dict[str, float]


def echoes(make: type[Multiplexer], kind: str, words: str) -> Figures:
    with make(["echo", *[kind] * (NINE - 1)], line=_line.argv(MBIT, ROUND_TRIP_MS)) as it:
        it.go()
        found = sorted(it.outer.echoes(KEYS, CYRILLIC))
        figures = {f"echo {words}, p50 ms": statistics.median(found), f"echo {words}, p99 ms": found[len(found) * 99 // 100]}
        if make is Agentgrid:
            figures[f"prefix {words}, p50 ms"] = statistics.median(presses(it))
        return figures


def presses(it: Multiplexer) -> list[float]:
    """Milliseconds from the prefix to the keys that may follow it, in the status line; the second one sends it to the program."""
    found = []
    for _ in range(PRESSES):
        it.outer.pump(0.5)
        began = time.perf_counter()
        it.outer.type(PREFIX)
        if it.outer.pump(5.0, lambda seen: b"x close" in plain(seen)):
            found.append((time.perf_counter() - began) * 1000)
        it.outer.type(PREFIX)
    return found


def after_floods(make: type[Multiplexer], kind: str) -> Figures:
    """How long after the end of nine floods the terminal still gets something, the round trip included."""
    with make([kind] * NINE, line=_line.argv(MBIT, ROUND_TRIP_MS)) as it:
        it.go()
        before = it.outer.out_bytes
        it.outer.pump(MEASURE_SECONDS)
        sent = it.outer.out_bytes - before
        (it.folder / "go").unlink()
        began = last = time.monotonic()
        while it.outer.read(262144, QUIET_SECONDS):
            last = time.monotonic()
        return {f"after {kind}, s behind": last - began, f"nine × {kind}, KB/s out": sent / MEASURE_SECONDS / 1000}


def main() -> None:
    way = _line.argv(MBIT, ROUND_TRIP_MS)[-3]
    print(f"{MBIT} Mbit/s, round trip {ROUND_TRIP_MS} ms by {way}, 240x72, medians of {ROUNDS}\n")
    makes: list[type[Multiplexer]] = [Agentgrid, *([Tmux] if shutil.which("tmux") else [])]
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for _ in range(ROUNDS):
        for make in makes:
            figures = echoes(make, "idle", "at rest") | echoes(make, "agent", "with agents")
            for kind in ("ascii", "sgr"):
                figures |= echoes(make, kind, f"under {kind}") | after_floods(make, kind)
            for figure, value in figures.items():
                found[figure][make.name].append(value)
    print(f"| {'':<28} | agentgrid |     tmux |\n|{'-' * 30}|----------:|---------:|")
    for figure, values in found.items():
        ours, theirs = statistics.median(values["agentgrid"]), values["tmux"]
        print(f"| {figure:<28} | {ours:9.3g} | {f'{statistics.median(theirs):8.3g}' if theirs else '       –'} |")


if __name__ == "__main__":
    main()
