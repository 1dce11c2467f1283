"""The whole program beside tmux and screen, the same programs in their panes: processor, echo, floods, memory, bytes, many panes.

Each figure is the median of some rounds, in which they take turns. Of a multiplexer's processes (server, window, pane
hosts) all is counted, of the programs in its panes nothing. The window is 240x72 cells.
"""

import os
import platform
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime

from tests.bench._multiplexers import MEASURE_SECONDS, NINE, OTHERS, Agentgrid, Multiplexer

ROUNDS = int(os.environ.get("AGENTGRID_BENCH_ROUNDS", "5"))
KEYS = 60
MANY = (36, 100)
KINDS = ("ascii", "sgr", "unicode")

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
        found = sorted(it.outer.echoes(KEYS))
        if not found:
            return {}
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


def many_panes(make: type[Multiplexer], count: int) -> Figures:
    if count > make.most_panes:
        return {}
    with make(["echo", *["agent"] * (count - 1)]) as it:
        it.go()
        busy, _, _ = it.measure()
        found = sorted(it.outer.echoes(KEYS))
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
    *((many_panes, (count,)) for count in MANY),
]


def main() -> None:
    makes: list[type[Multiplexer]] = [Agentgrid, *OTHERS]
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for _ in range(ROUNDS):
        for measurement, arguments in MEASUREMENTS:
            for make in makes:
                for figure, value in measurement(make, *arguments).items():
                    found[figure][make.name].append(value)
    today = datetime.now(tz=UTC).date()
    print(f"{today}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, medians of {ROUNDS}\n")
    names = [make.name for make in OTHERS]
    print(f"| {'':<32} | agentgrid |" + "".join(f" {name:>8} |   times |" for name in names))
    print(f"|{'-' * 34}|----------:|" + "---------:|--------:|" * len(names))
    for figure, values in found.items():
        ours = statistics.median(values["agentgrid"])
        print(f"| {figure:<32} | {ours:9.3g} |" + "".join(f" {beside(ours, values[name])} |" for name in names))


def beside(ours: float, values: list[float]) -> str:
    """What another one needs, and how many times that we do."""
    if not values:
        return f"{'–':>8} | {'–':>7}"
    theirs = statistics.median(values)
    return f"{theirs:8.3g} | {f'{ours / theirs:.2f}' if theirs else '–':>7}"
