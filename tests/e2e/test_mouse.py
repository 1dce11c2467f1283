"""Mouse and focus through the whole program: what an outer terminal reports, and what a program in a pane is told of it.

Expected values are xterm's (ctlseqs, "Mouse Tracking" and "FocusIn/FocusOut"), in the coordinates of the pane.
"""

import sys

import pytest

from agentgrid.geometry import Size
from tests.support.outer import Kind, Outer
from tests.support.session import COMMAND, Session

LISTENER = """
import os, sys, tty
log, *modes = sys.argv[1:]
tty.setraw(0)
os.write(1, b"listening")
with open(log, "ab", buffering=0) as file:
    while data := os.read(0, 65536):
        file.write(data)
        for _ in range(data.count(b"n")):
            os.write(1, b"\\x1b[?9;1000;1002;1003;1005;1006;1015;1016l\\x1b[2J\\x1b[H" + modes.pop(0).encode())
"""
PREFIX = {"kitty": b"\x1b[98;5u", "xterm": b"\x1b[27;5;98~"}

HEARD = {
    9: ["press"],
    1000: ["press", "release", "wheel"],
    1002: ["press", "drag", "release", "wheel"],
    1003: ["press", "drag", "release", "move", "wheel"],
}
"""By tracking mode."""
TOLD = {
    0: {"press": "\x1b[M %#", "drag": "\x1b[M@&#", "release": "\x1b[M#&#", "move": "\x1b[MC'#", "wheel": "\x1b[M`'#"},
    1005: {"press": "\x1b[M %#", "drag": "\x1b[M@&#", "release": "\x1b[M#&#", "move": "\x1b[MC'#", "wheel": "\x1b[M`'#"},
    1006: {
        "press": "\x1b[<0;5;3M",
        "drag": "\x1b[<32;6;3M",
        "release": "\x1b[<0;6;3m",
        "move": "\x1b[<35;7;3M",
        "wheel": "\x1b[<64;7;3M",
    },
    1015: {"press": "\x1b[32;5;3M", "drag": "\x1b[64;6;3M", "release": "\x1b[35;6;3M", "move": "\x1b[67;7;3M", "wheel": "\x1b[96;7;3M"},
}
"""By encoding: a press at the fifth cell of the third row, a drag to the next, where the button is released, a move to the next, a turn."""
PIXELS: dict[Kind, dict[str, str]] = {
    "kitty": {
        "press": "\x1b[<0;44;48M",
        "drag": "\x1b[<32;54;48M",
        "release": "\x1b[<0;54;48m",
        "move": "\x1b[<35;64;48M",
        "wheel": "\x1b[<64;64;48M",
    },
    "xterm": {
        "press": "\x1b[<0;46;51M",
        "drag": "\x1b[<32;56;51M",
        "release": "\x1b[<0;56;51m",
        "move": "\x1b[<35;66;51M",
        "wheel": "\x1b[<64;66;51M",
    },
}
"""1016: the fourth pixel of ten and the eighth of twenty, or the middle of a cell, where the outer terminal does not tell pixels."""
MODES = [(tracking, encoding) for tracking in HEARD for encoding in (*TOLD, 1016)]


@pytest.mark.parametrize("kind", ["kitty", "xterm"])
def test_every_tracking_in_every_encoding(session: Session, kind: Kind) -> None:
    log = session.base / "log"
    asks = [f"\x1b[?{tracking}{f';{encoding}' if encoding else ''}hmode-{tracking}-{encoding}-set" for tracking, encoding in MODES]
    listener = [sys.executable, "-c", LISTENER, str(log), *asks]
    session.start([["cat"], listener], "1x2")
    with Outer([COMMAND], kind, Size(120, 40), session.environment, session.folder) as outer:
        outer.wait_for(b"listening")
        outer.wait_for(b"typing into 1")
        outer.send(PREFIX[kind] + b"2")
        outer.wait_for(b"typing into 2")
        left = session.panes()[0]["columns"] + 1  # A column between the panes, a row of chrome above them.
        for tracking, encoding in MODES:
            outer.send(b"n")
            session.wait_text(2, f"mode-{tracking}-{encoding}-set")
            outer.read_until(lambda tracking=tracking: (1003 in outer.modes) is (tracking == 1003), what="any motion is asked for")  # type: ignore[misc]
            for code, column, final in ((0, 4, "M"), (32, 5, "M"), (0, 5, "m"), (35, 6, "M"), (64, 6, "M")):
                if code == 35 and tracking != 1003:
                    continue  # No terminal reports what was not asked for.
                x, y = left + column, 3
                if kind == "kitty":
                    x, y = x * 10 + 3, y * 20 + 7
                outer.send(f"\x1b[<{code};{x + 1};{y + 1}{final}".encode())
        outer.send(b"n.")
        outer.read_until(lambda: log.read_bytes().endswith(b"n."), what="all has come")
    came = log.read_bytes().split(b"n")[1:-1]
    told = [{**TOLD, 1016: PIXELS[kind]}[encoding] for _, encoding in MODES]
    wanted = ["".join(words[event] for event in HEARD[tracking]) for (tracking, _), words in zip(MODES, told, strict=True)]
    assert dict(zip(MODES, came, strict=True)) == {mode: text.encode() for mode, text in zip(MODES, wanted, strict=True)}


def test_focus_is_told_as_it_changes(session: Session) -> None:
    logs = [session.base / f"log{number}" for number in (1, 2)]
    session.start([[sys.executable, "-c", LISTENER, str(log), "\x1b[?1004hfocus-is-told"] for log in logs], "1x2")
    for number in (1, 2):
        session.ok("keys", str(number), "n")
        session.wait_text(number, "focus-is-told")
    gained, lost, prefix = b"\x1b[I", b"\x1b[O", PREFIX["kitty"]
    wanted = [b"n", b"n"]

    def after(typed: bytes, *told: tuple[int, bytes]) -> None:
        """What each is told when this is typed."""
        outer.send(typed)
        for number, event in told:
            wanted[number - 1] += event
        outer.read_until(lambda: [log.read_bytes() for log in logs] == wanted, what=f"{typed!r} is told: {wanted}")

    with Outer([COMMAND], "kitty", Size(120, 40), session.environment, session.folder) as outer:
        outer.wait_for(b"typing into 1")
        after(b"", (1, gained))
        after(prefix + b"2", (1, lost), (2, gained))
        after(prefix + b"z")
        outer.wait_for(b"back to the grid")
        after(prefix + b"1", (2, lost), (1, gained))
        after(b"\x1b[O", (1, lost))
        after(b"\x1b[I", (1, gained))
        outer.send(prefix + b"d")
        outer.wait_exit()
    wanted[0] += lost
    session.ok("keys", "2", ".")
    session.ok("keys", "1", ".")
    assert [log.read_bytes() for log in logs] == [text + b"." for text in wanted]
