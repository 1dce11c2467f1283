"""The echo of a key in one pane: with nothing else going on, while eight panes flood, and while another one takes a paste of 16 MB as well.

Through the real window on a PTY: from the byte that is typed to the echo in what the window writes, in frames of the screen.
"""

import sys
import time
from typing import NamedTuple

from agentgrid.geometry import Size
from agentgrid.server.pump import FRAME_SECONDS
from tests.e2e.test_pastes import END, FLOOD, SIZE, START
from tests.support.outer import Outer
from tests.support.session import COMMAND, Session

KEYS = 60
ECHO = """
import os, tty
tty.setraw(0)
os.write(1, b"echo-listens")
while data := os.read(0, 4096):
    os.write(1, b"\\r\\x1b[K<" + data + b">")
"""
SLOW_TAKER = """
import os, sys, time, tty
tty.setraw(0)
os.write(1, b"\\x1b[?2004htaker-listens")
count = 0
while data := os.read(0, 65536):
    count += len(data)
    if count >= int(sys.argv[1]):
        os.write(1, b"taker-has-all")
    time.sleep(0.002)
"""


class Echo(NamedTuple):
    """Of many keys, in frames."""

    median: float
    late: float
    most: float

    def __str__(self) -> str:
        return f"p50 {self.median:.2f}  p95 {self.late:.2f}  most {self.most:.2f} frames"


def main() -> None:
    with Session() as session:
        panes = [[sys.executable, "-c", SLOW_TAKER, str(SIZE)], [sys.executable, "-c", ECHO]]
        session.start(panes, "1x2")
        with window(session) as outer:
            quiet = echo(outer)
    print(f"alone:                          {quiet}")
    with Session() as session:
        session.start([*panes, *[[sys.executable, "-c", FLOOD]] * 8], "2x5")
        with window(session) as outer:
            flooded = echo(outer)
            print(f"while eight panes flood:        {flooded}")
            outer.send(b"\x1b[98;5u1" + START + b"a line of a paste that goes on\n" * (SIZE // 31) + END + b"\x1b[98;5u2")
            pasting = echo(outer)
            waits = b"taker-has-all" not in outer.output
    print(f"and one takes 16 MB:            {pasting}" + ("" if waits else "  (the paste was over before)"))
    print(f"flood against alone {flooded.median / quiet.median:.1f}, paste against flood {pasting.median / flooded.median:.1f}")


def window(session: Session) -> Outer:
    session.wait_text(1, "taker-listens")
    session.wait_text(2, "echo-listens")
    session.ok("focus", "2")
    outer = Outer([COMMAND], "kitty", Size(200, 50), session.environment, session.folder)
    outer.wait_for(b"typing into 2")
    return outer


def echo(outer: Outer) -> Echo:
    """Type keys, each once the one before is seen; no two that follow are the same, so that a row drawn anew is no echo."""
    taken: list[float] = []
    for number in range(KEYS):
        key = chr(ord("a") + number % 26)
        wanted, since = f"<{key}>".encode(), len(outer.output)
        begun = time.monotonic()
        outer.send(key.encode())
        outer.wait_for(wanted, since=since)
        taken.append((time.monotonic() - begun) / FRAME_SECONDS)
    taken.sort()
    return Echo(taken[len(taken) // 2], taken[len(taken) * 95 // 100], taken[-1])
