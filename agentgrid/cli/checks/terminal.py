"""What this terminal can do: its environment, and its own answers to a few questions.

The questions end with DA1 (``CSI c``), which every terminal answers, so that nothing is waited for that will not come.

https://sw.kovidgoyal.net/kitty/keyboard-protocol/ (``CSI ? u``); xterm ctlseqs: DECRQM (``CSI ? Pd $ p``), XTVERSION
(``CSI > q``), XTQMODKEYS (``CSI ? 4 m``), DA1.
"""

import os
import re
import select
import sys
import termios
import time
import tty
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from agentgrid.cli.checks.check import Check
from agentgrid.cli.checks.keyboard import keyboard
from agentgrid.cli.checks.tmux import passes_keys
from agentgrid.cli.output import one_line
from agentgrid.geometry import Size
from agentgrid.ui.look import Depth, depth_of

QUESTIONS = b"\x1b[?u\x1b[?2026$p\x1b[>q"
OTHER_KEYS_QUESTION = b"\x1b[?4m"  # Not for Terminal.app, which takes it for an underline.
LAST_QUESTION = b"\x1b[c"
ANSWER_SECONDS = 1.0  # A terminal at the other end of a slow line.
WHOLE_GRID = Size(columns=120, rows=30)  # Smaller windows show fewer, larger cells on pages.
MAX_ANSWER_BYTES = 4096  # Five short answers; whatever else comes is typed ahead, and not ours.

DA1 = re.compile(rb"\x1b\[\?[0-9;]*c")
KITTY = re.compile(rb"\x1b\[\?([0-9]+)u")
SYNCHRONIZED = re.compile(rb"\x1b\[\?2026;([0-4])\$y")
OTHER_KEYS = re.compile(rb"\x1b\[>4(?:;([0-9]))?m")
XTVERSION = re.compile(rb"\x1bP>\|([ -~]*)\x1b\\")


class Answers(NamedTuple):
    """What the terminal said. ``answered``: it said anything at all."""

    answered: bool = False
    version: str = ""
    kitty: bool = False
    synchronized: bool = False
    other_keys: bool = False


def terminal_checks() -> Iterator[Check]:
    """All of them; of a terminal that is not there, only that."""
    if not (sys.stdin is not None and sys.stdin.isatty() and sys.stdout is not None and sys.stdout.isatty()):
        yield Check("terminal", None, "input or output is no terminal", "run 'agentgrid doctor' in the terminal you mean to use")
        return
    answers = understood(ask())
    size = os.get_terminal_size(sys.stdout.fileno())
    yield terminal(os.environ, answers)
    yield window(Size(columns=size.columns, rows=size.lines))
    yield colours(os.environ)
    yield from keyboard(
        os.environ, answered=answers.answered, kitty=answers.kitty, other_keys=answers.other_keys or passes_keys(), version=answers.version
    )
    yield synchronized(answers)


def terminal(environment: Mapping[str, str], answers: Answers) -> Check:
    term = environment.get("TERM", "")
    name = answers.version or " ".join(filter(None, (environment.get("TERM_PROGRAM", ""), environment.get("TERM_PROGRAM_VERSION", ""))))
    found = f"{one_line(name)} (TERM={term})" if name else f"TERM={term}"
    if term in ("", "dumb"):
        return Check("terminal", False, found, "set TERM to what your terminal is, or use another one", needed=True)
    if "STY" in environment:
        return Check("terminal", False, f"{found}, inside GNU screen", "start agentgrid outside of screen: it cuts off colours and keys")
    return Check("terminal", True, found)


def window(size: Size) -> Check:
    ok = size.columns >= WHOLE_GRID.columns and size.rows >= WHOLE_GRID.rows
    advice = f"below {WHOLE_GRID.columns}x{WHOLE_GRID.rows} a grid shows fewer cells, on pages; a smaller font shows them all"
    return Check("window", ok, f"{size.columns}x{size.rows}", "" if ok else advice)


def colours(environment: Mapping[str, str]) -> Check:
    depth = depth_of(environment)
    found = {Depth.NONE: "none", Depth.ANSI: "16", Depth.PALETTE: "256", Depth.TRUE: "16 million"}[depth]
    if environment.get("NO_COLOR"):
        return Check("colours", False, "none: NO_COLOR is set", "unset NO_COLOR to have them")
    advice = "if the terminal has more, say so: export COLORTERM=truecolor"
    return Check("colours", depth is Depth.TRUE, found, "" if depth is Depth.TRUE else advice)


def synchronized(answers: Answers) -> Check:
    if answers.synchronized:
        return Check("synchronized output", True, "frames appear whole")
    if not answers.answered:
        return Check("synchronized output", None, "the terminal did not answer")
    return Check("synchronized output", False, "frames may be seen half drawn", "nothing to set: newer terminals have it, tmux from 3.4 on")


def understood(data: bytes) -> Answers:
    """The answers in what the terminal sent, with whatever was typed ahead between them."""
    version, mode = XTVERSION.search(data), SYNCHRONIZED.search(data)
    return Answers(
        answered=DA1.search(data) is not None,
        version=version[1].decode("ascii") if version else "",
        kitty=KITTY.search(data) is not None,
        synchronized=mode is not None and mode[1] not in (b"0", b"4"),  # 4 is: known, and off for good.
        other_keys=OTHER_KEYS.search(data) is not None,
    )


def ask() -> bytes:
    """Put the questions to the terminal and take what comes until the last answer, or until the time is over."""
    reader, writer = sys.stdin.fileno(), sys.stdout.fileno()
    sys.stdout.flush()
    before = termios.tcgetattr(reader)
    data = b""
    try:
        tty.setcbreak(reader, termios.TCSANOW)
        apple = os.environ.get("TERM_PROGRAM") == "Apple_Terminal"
        os.write(writer, QUESTIONS + (b"" if apple else OTHER_KEYS_QUESTION) + LAST_QUESTION)
        deadline = time.monotonic() + ANSWER_SECONDS
        while not DA1.search(data) and len(data) < MAX_ANSWER_BYTES:
            ready, _, _ = select.select([reader], [], [], max(0.0, deadline - time.monotonic()))
            if not ready or not (chunk := os.read(reader, MAX_ANSWER_BYTES)):
                break
            data += chunk
    finally:
        termios.tcsetattr(reader, termios.TCSAFLUSH, before)
    return data
