"""What parts of agentgrid cost, in units of something that stays: plain pyte, a bare Python. One JSON object, name to ratio, on stdout.

    PYTHONPATH=CHECKOUT python tests/bench/_ratios.py

Self-contained, and of agentgrid only what has been there long, so that it can measure another checkout too. Less is better.
"""

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import pyte

from agentgrid.geometry import Size
from agentgrid.terminal.pyte_emulator import PyteEmulator

SIZE = Size(78, 22)
TURNS = 5
STARTS = 9
READ, SMALL_READ = 64 * 1024, 4096
LINES = 6000
WORDS = ("the agent", "reads", "a file", "and", "writes", "another one", "日本語", "żółw", "✔ fertig", "🚀")


def log(kind: str) -> bytes:
    chance = random.Random(kind)
    lines = []
    for _ in range(LINES):
        words = [chance.choice(WORDS[: 6 if kind != "unicode" else None]) for _ in range(8)]
        if kind == "sgr":
            words = [f"\x1b[38;2;{chance.randrange(256)};{chance.randrange(256)};99m{word}\x1b[0m" for word in words]
        lines.append(" ".join(words))
    return "\r\n".join(lines).encode()


def redraws() -> bytes:
    """As an agent repaints the end of its screen."""
    rows = [f"\x1b[{row};1H\x1b[2K\x1b[36m● step {row}\x1b[39m and what it is about" for row in range(15, 23)]
    return b"".join(f"\x1b[?2026h{''.join(rows)} {frame}\x1b[?2026l".encode() for frame in range(800))


def byte_seconds(feed: Callable[[bytes], object], data: bytes, piece: int) -> float:
    started = time.process_time()
    for at in range(0, len(data), piece):
        feed(data[at : at + piece])
    return (time.process_time() - started) / len(data)


def emulators() -> dict[str, float]:
    found = {}
    for name, data, piece in [("redraws", redraws(), SMALL_READ), *((kind, log(kind), READ) for kind in ("ascii", "sgr", "unicode"))]:
        plain = drawn = flood = float("inf")
        for _ in range(TURNS):  # By turns, so that a busy machine is busy for all.
            plain = min(plain, byte_seconds(pyte.ByteStream(pyte.Screen(*SIZE)).feed, data[:100_000], piece))
            drawn = min(drawn, byte_seconds(PyteEmulator(SIZE, lazy=False).feed, data, piece))
            flood = min(flood, byte_seconds(PyteEmulator(SIZE).feed, data, piece))
        found[f"{name}, drawn / plain pyte"] = drawn / plain
        if name != "redraws":
            found[f"{name}, flood / plain pyte"] = flood / plain
    return found


def start_seconds(program: str) -> float:
    """Processor time of a Python that runs this."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], check=True, env=os.environ)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def starts() -> dict[str, float]:
    programs = {
        "a verb": "import agentgrid.cli.main",
        "the server": "import agentgrid.server.server",
        "the window": "import agentgrid.ui.app",
    }
    times = {name: [start_seconds(program) for _ in range(STARTS)] for name, program in {"bare": "pass", **programs}.items()}
    return {f"import of {name} / bare Python": min(times[name]) / min(times["bare"]) for name in programs}


if __name__ == "__main__":
    json.dump(emulators() | starts(), sys.stdout)
