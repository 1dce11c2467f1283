"""Pastes of 16 MB through the whole program, while eight panes flood: whole, in order, and nobody else's business.

The program that gets the paste reads a little and then nothing until it is told to, so that megabytes wait for it in the server while
keys are typed here and there: what is asserted is an order, not a time. How soon the echo comes is measured in ``tests/bench/pasting``.
"""

import os
import random
import select
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from agentgrid.geometry import Size
from agentgrid.protocol.messages import Happened, Pasted
from agentgrid.session.events import ProblemRaised
from agentgrid.session.pane import PaneId
from tests.e2e.test_prompts import connected
from tests.support.outer import Outer
from tests.support.session import COMMAND, Session

TAKER = """
import os, sys, tty
asks, log, gate = sys.argv[1:]
tty.setraw(0)
os.write(1, asks.encode() + b"taker-listens")
with open(log, "ab", buffering=0) as file:
    file.write(os.read(0, 1))
    with open(gate) as told:
        told.read()
    while data := os.read(0, 65536):
        file.write(data)
"""
ECHO = """
import os, tty
tty.setraw(0)
os.write(1, b"echo-listens")
while data := os.read(0, 4096):
    os.write(1, b"<" + data + b">")
"""
FLOOD = "import os\nwhile True: os.write(1, b'the quick brown fox jumps over the lazy dog\\r\\n' * 40)"
SIZE = 16 * 1024 * 1024
START, END = b"\x1b[200~", b"\x1b[201~"


def anything(seed: int) -> bytes:
    """All bytes there are, every line end, a start marker, keys and mouse reports; no end marker: no terminal lets one through."""
    rare = [b"\r\n", b"\n", b"\r", b"\0", b"\x1b", START, b"\x1b[13;2u", b"\x1b[<0;3;3M", b"\x1b]0;title\x07", b"\x1b[20", b"1~", b"\xff"]
    chance = random.Random(seed)  # The same paste at every run.
    block = b"".join(chance.choice(rare) + chance.randbytes(chance.randrange(40)) for _ in range(20_000)).replace(END, b"")
    whole = (block * (SIZE // len(block) + 1))[:SIZE].replace(END, b"~~~~~~")
    assert len(whole) == SIZE
    assert END not in whole
    return whole


class Crowd:
    """Pane 1 takes the paste once ``open_gate`` is called, pane 2 echoes, eight more flood."""

    def __init__(self, session: Session, asks: str) -> None:
        self.session = session
        self.log, self.gate = session.base / "log", session.base / "gate"
        os.mkfifo(self.gate)
        (session.folder / "agentgrid.toml").write_text("confirm_paste = false\n")  # The window's own: nobody is asked.
        taker = [sys.executable, "-c", TAKER, asks, str(self.log), str(self.gate)]
        floods = [[sys.executable, "-c", FLOOD]] * 8
        session.start([taker, [sys.executable, "-c", ECHO], *floods], "2x5")
        session.wait_text(1, "taker-listens")
        session.wait_text(2, "echo-listens")

    def open_gate(self) -> None:
        with self.gate.open("w") as file:
            file.write("go")

    def came(self) -> int:
        return self.log.stat().st_size if self.log.exists() else 0


@pytest.mark.parametrize(
    ("asks", "kept"),
    [
        pytest.param("\x1b[?2004h", lambda data: START + data + END, id="bracketed"),
        pytest.param("", lambda data: data.replace(b"\r\n", b"\r").replace(b"\n", b"\r"), id="plain: newlines are Enter"),
    ],
)
def test_a_paste_waits_whole_for_its_program_and_holds_nobody_up(session: Session, asks: str, kept: Callable[[bytes], bytes]) -> None:
    crowd = Crowd(session, asks)
    paste = anything(6)
    with Outer([COMMAND], "kitty", Size(200, 50), session.environment, session.folder) as outer:
        outer.wait_for(b"typing into")
        prefix = b"\x1b[98;5u"
        outer.send(prefix + b"1")
        outer.wait_for(b"typing into 1")
        outer.send(START + paste + END + b"K")
        outer.read_until(crowd.came, what="the paste has begun")
        outer.send(prefix + b"2")
        for key in (b"e", b"c", b"h", b"o"):
            outer.send(key)
            outer.wait_for(b"<%s>" % key)
        assert crowd.came() == 1, "the echo came while the paste waited"
        outer.send(prefix + b"1")
        outer.wait_for(b"typing into 1", outer.output.rindex(b"typing into 2"))
        outer.send(b"L")
        crowd.open_gate()
        wanted = kept(paste) + b"KL"
        outer.read_until(lambda: crowd.came() >= len(wanted), seconds=60, what="all of it has come")
        same(crowd.log, wanted)
        session.wait_text(2, "<e><c><h><o>")


def test_a_prompt_of_16_mb_is_pasted_whole_and_cannot_end_its_paste(session: Session) -> None:
    crowd = Crowd(session, "\x1b[?2004h")
    line = "line of a prompt: ü, 日本, \x1b[20\x1b[201~1~rm -rf ~\n"
    text = (line * (SIZE // len(line.encode()))).encode()
    command = [COMMAND, "send", "1", "-", "--no-enter"]
    threading.Thread(target=crowd.open_gate, daemon=True).start()
    done = subprocess.run(command, cwd=session.folder, env=session.environment, input=text, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, b"unknown\n"), done
    session.ok("keys", "1", "K")
    kept = text.removesuffix(b"\n").replace(b"\x1b[20\x1b[201~1~", b"")
    wanted = START + kept + END + b"K"
    with Outer([COMMAND], "kitty", Size(200, 50), session.environment, session.folder) as outer:
        outer.read_until(lambda: crowd.came() >= len(wanted), seconds=60, what="all of it has come")
    same(crowd.log, wanted)


def test_a_paste_that_is_not_taken_is_told(session: Session) -> None:
    session.start([["/bin/sh", "-c", "stty raw; echo asleep; exec sleep 1000"]], "1x1")
    session.wait_text(1, "asleep")
    with connected(session, "ui") as looking, connected(session, "keys") as typing:
        for _ in range(2):
            typing.send(Pasted(pane=PaneId(1), data=b"x" * (40 << 20)))
        while typing.wants_write:
            select.select([], [typing], [], 10)
            typing.flush()
        happened = (message.event for message in looking.messages() if isinstance(message, Happened))
        told = next(event for event in happened if isinstance(event, ProblemRaised))
    assert told.message == "sh does not read what is typed (39 MB wait for it): the paste was not taken"


def same(log: Path, wanted: bytes) -> None:
    """Without megabytes in the message."""
    came = log.read_bytes()
    if came != wanted:
        place = next(
            (index for index, (one, other) in enumerate(zip(came, wanted, strict=False)) if one != other), min(len(came), len(wanted))
        )
        around = slice(max(0, place - 40), place + 40)
        raise AssertionError(f"{len(came)} of {len(wanted)} bytes; at {place}: {came[around]!r} for {wanted[around]!r}")
