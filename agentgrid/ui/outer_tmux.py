"""The tmux around us: whether it lets sequences through to its terminal, and which terminal that is.

tmux swallows what it does not know. With ``allow-passthrough`` it hands on what is wrapped in a DCS of its own, every ESC
doubled. ``TERM`` and ``TERM_PROGRAM`` name tmux itself there, so tmux is asked: for the terminal of the client that shows us,
and for the program that was around when its server was started.

https://github.com/tmux/tmux/wiki/FAQ#what-is-the-passthrough-escape-sequence-and-how-do-i-use-it
"""

import asyncio
import subprocess
from collections.abc import Mapping, Sequence

SECONDS = 5.0  # A tmux that does not answer for so long is stopped.
FORMAT = "#{allow-passthrough} #{client_termname}"


def wrapped(data: str) -> str:
    """The sequence as tmux hands it on."""
    doubled = data.replace("\x1b", "\x1b\x1b")
    return f"\x1bPtmux;{doubled}\x1b\\" if data else ""


async def around(environment: Mapping[str, str]) -> dict[str, str] | None:
    """What the terminal around tmux would have in its environment; None when nothing gets through."""
    return await asyncio.to_thread(_around, environment.get("TMUX_PANE", ""))


def _around(pane: str) -> dict[str, str] | None:
    told = _asked(["tmux", "display-message", "-p", *(["-t", pane] if pane else []), FORMAT])
    passes, _, term = told.partition(" ")
    if passes not in ("on", "all", "1", "2"):
        return None
    program = _asked(["tmux", "show-environment", "-g", "TERM_PROGRAM"])
    return {"TERM": term, "TERM_PROGRAM": program.partition("=")[2]}


def _asked(command: Sequence[str]) -> str:
    """What it prints, empty when it fails."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
