"""How fast a pane's emulator is, and how large its history: against plain pyte, in one run.

Inputs: what an agent redraws ten times a second, in the pieces a PTY gives; and three logs, in reads of 64 KiB: text alone, with
colours of which no two are the same, and of many scripts. CPU time, the best of several turns taken one by one.
"""

import random
import time
import tracemalloc
from collections.abc import Callable

import pyte

from agentgrid.geometry import Size
from agentgrid.terminal.pyte_emulator import PyteEmulator

SIZE = Size(78, 22)
READ = 64 * 1024
PIECE = 4096
TURNS = 5

WORDS = (
    "the",
    "file",
    "parser",
    "reads",
    "each",
    "row",
    "and",
    "keeps",
    "count",
    "so",
    "that",
    "tests",
    "see",
    "what",
    "changed",
    "when",
    "an",
    "edit",
    "lands",
    "in",
    "src",
    "main",
    "queue",
)
SCRIPTS = ["日本語のログ", "処理中", "한국어", "naïve café ", "→ ✓ ", "😀", "🚀 ", "e\u0301", "— ", "plain words ", "│ ├─ └─ "]


def _redraws(seconds: int = 30) -> bytes:
    """An agent at work: a streaming answer above a block that is erased and drawn anew, inside synchronized updates."""
    chance = random.Random(1)
    out: list[str] = []
    columns = SIZE.columns
    line = ""
    for frame in range(seconds * 10):
        new = ""
        line += chance.choice(WORDS) + " "
        if len(line) > columns - 8:
            new, line = line + "\x1b[0m\r\n", ""
        spinner = "".join(f"\x1b[38;2;{200 + (frame + at) % 50};119;87m{c}" for at, c in enumerate("✻ Pondering…"))
        edge = "─" * (columns - 4)
        block = [
            f"{spinner} \x1b[38;2;153;153;153m({frame // 10}s · ↓ {frame / 10:.1f}k tokens · \x1b[1mesc\x1b[22m to interrupt)\x1b[39m",
            "",
            f"\x1b[38;2;136;136;136m╭{edge}╮\x1b[39m",
            f"\x1b[38;2;136;136;136m│\x1b[39m > \x1b[7m \x1b[27m{' ' * (columns - 9)}\x1b[38;2;136;136;136m│\x1b[39m",
            f"\x1b[38;2;136;136;136m╰{edge}╯\x1b[39m",
            "  \x1b[38;2;175;135;255m⏵⏵ accept edits on\x1b[38;2;153;153;153m (shift+tab to cycle)\x1b[39m",
        ]
        erase = "\x1b[2K\x1b[1A" * 6 + "\x1b[2K\x1b[G" if frame else ""
        out.append(f"\x1b[?2026h\x1b[?25l{erase}{new}\x1b[38;2;255;255;255m● {line}\x1b[39m\r\n" + "\r\n".join(block) + "\x1b[?2026l")
    return "".join(out).encode()


def _log(kind: str, size: int = 1_000_000) -> bytes:
    chance = random.Random(1)
    lines: list[bytes] = []
    total = 0
    while total < size:
        stamp = f"2026-11-24 04:{len(lines) // 60 % 60:02}:{len(lines) % 60:02}"
        words = [chance.choice(WORDS) for _ in range(chance.randrange(3, 16))]
        if kind == "ascii log":
            text = f"{stamp} info worker-{len(lines) % 16} {' '.join(words)} took={chance.randrange(9999)}us"
        elif kind == "SGR log":
            colored = (f"\x1b[38;2;{chance.randrange(256)};{chance.randrange(256)};{chance.randrange(256)}m{word}\x1b[0m" for word in words)
            text = f"\x1b[2m{stamp}\x1b[22m \x1b[32minfo\x1b[0m {' '.join(colored)}"
        else:
            text = f"{stamp} " + "".join(chance.choice(SCRIPTS) for _ in range(chance.randrange(4, 10)))
        lines.append(text.encode() + b"\r\n")
        total += len(lines[-1])
    return b"".join(lines)


def _speed(feed: Callable[[bytes], object], data: bytes, piece: int) -> float:
    """Megabytes a second of CPU time."""
    started = time.process_time()
    for at in range(0, len(data), piece):
        feed(data[at : at + piece])
    return len(data) / 1e6 / (time.process_time() - started)


def _compare(data: bytes, piece: int) -> tuple[float, float, float]:
    """The best of plain pyte, of ours drawing everything, and of ours."""
    plain, drawn, kept = pyte.ByteStream(pyte.Screen(*SIZE)), PyteEmulator(SIZE, lazy=False), PyteEmulator(SIZE)
    best = [0.0, 0.0, 0.0]
    for _ in range(TURNS):
        best[0] = max(best[0], _speed(plain.feed, data[:100_000], piece))
        best[1] = max(best[1], _speed(drawn.feed, data, piece))
        best[2] = max(best[2], _speed(kept.feed, data, piece))
    return best[0], best[1], best[2]


def _milliseconds(what: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(TURNS):
        started = time.process_time()
        what()
        best = min(best, time.process_time() - started)
    return best * 1000


def main() -> None:
    print(f"{'MB/s of CPU time':20} {'plain pyte':>12} {'drawn':>20} {'floods unparsed':>20}")
    inputs = {"agent redraws": (_redraws(), PIECE)} | {kind: (_log(kind), READ) for kind in ("ascii log", "SGR log", "unicode log")}
    for name, (data, piece) in inputs.items():
        plain, drawn, kept = _compare(data, piece)
        print(f"{name:20} {plain:12.2f} {drawn:10.1f} ({drawn / plain:5.1f} x) {kept:10.1f} ({kept / plain:5.0f} x)")
    data = _log("ascii log")
    tracemalloc.start()
    made = PyteEmulator(SIZE, lazy=False)
    for _ in range(2):
        made.feed(data)
    megabytes = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    dump = made.dump()
    sizes = [Size(120, 22), SIZE]
    saving, loading = _milliseconds(made.dump), _milliseconds(lambda: PyteEmulator(SIZE).load(dump))
    reflow = _milliseconds(lambda: [made.resize(size) for size in sizes]) / 2
    print(f"\n{made.history_length} rows of history: {megabytes:.1f} MB")
    print(
        f"a dump of them: {saving:.1f} ms, {len(dump) / 1e6:.2f} MB; its load: {loading:.1f} ms; a reflow to another width: {reflow:.1f} ms"
    )


if __name__ == "__main__":
    main()
