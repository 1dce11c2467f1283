"""The demo agent as a program: ``python -m agentgrid.agents.demo --role tides --seed 1 --folder .``.

A frame is a tenth of a second (``--fast``: a few milliseconds), and only a working agent has frames: one that waits for a
person sleeps until a key comes. What it draws depends on the role, the seed, the keys and the number of frames alone.
"""

import argparse
import base64
import contextlib
import os
import select
import signal
import sys
import termios
import time
import tty
from collections.abc import Iterator
from pathlib import Path

from agentgrid.agents.demo import keys, looks, roles
from agentgrid.agents.demo.agent import Agent, Report
from agentgrid.agents.demo.hands import FolderHands
from agentgrid.agents.demo.paint import Cursor, Painter, Text, dye
from agentgrid.agents.demo.steps import FRAMES_A_SECOND, Role

FAST_FRAME_SECONDS = 0.004
REPAINTED_LINES = 200  # After a resize; what stood further up is not drawn again.
LOG_LINE_FRAMES = 9
APP = "agentgrid-demo"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m agentgrid.agents.demo", description="A scripted agent: no account, no network, no model."
    )
    parser.add_argument("--role", choices=list(roles.BY_NAME), default="review", help="the part it plays (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="the same seed draws the same")
    parser.add_argument("--folder", type=Path, default=Path(), help="where it edits files (default: this folder)")
    parser.add_argument("--fast", action="store_true", help="do not wait between frames, for tests")
    options = parser.parse_args()
    frame_seconds = FAST_FRAME_SECONDS if options.fast else 1 / FRAMES_A_SECOND
    role = roles.BY_NAME[options.role]
    if role.log:
        print_log(role, frame_seconds)
    elif not (sys.stdin.isatty() and sys.stdout.isatty()):
        parser.error("an agent needs a terminal")
    else:
        Program(role, options.seed, options.folder, frame_seconds).run()


def print_log(role: Role, frame_seconds: float) -> None:
    """A program that is no agent: it prints its lines at its pace until it is ended."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    greeting, *lines = role.log
    print(greeting, flush=True)
    while True:
        for line in lines:
            time.sleep(frame_seconds * LOG_LINE_FRAMES)
            print(line, flush=True)


class Program:
    """An agent at a terminal: owns the two descriptors, the pace and what has been drawn."""

    def __init__(self, role: Role, seed: int, folder: Path, frame_seconds: float) -> None:
        self._look = looks.LOOKS[role.look]
        self._agent = Agent(role, seed, FolderHands(folder, renames=self._look.framed))
        self._frame_seconds = frame_seconds
        self._painter = Painter()
        self._size = os.get_terminal_size(1)
        self._scrolled = 0
        """How many entries stand above the live lines."""
        self._reported: Report | None = None
        self._reports = not self._look.framed  # One family reports unasked, the other when the terminal has answered.
        self._title = ""

    def run(self) -> None:
        """Until the person leaves or the terminal goes."""
        with raw_terminal(), resize_pipe() as resized:
            if not self._reports:
                write("\x1b]7501;?\x1b\\\x1b[c")
            self._draw(whole=True)
            with contextlib.suppress(OSError):  # The terminal went: EIO.
                self._loop(resized)
            with contextlib.suppress(OSError):
                write(self._painter.leave() + (report_bytes(Report("clear")) if self._reports else "") + "\x1b]0;\x1b\\")

    def _loop(self, resized: int) -> None:
        waiting = ""
        due = time.monotonic() + self._frame_seconds
        while not self._agent.leaving:
            timeout = max(due - time.monotonic(), 0) if self._agent.busy else None
            ready, _, _ = select.select([0, resized], [], [], timeout)
            if resized in ready:
                os.read(resized, 512)
                self._size = os.get_terminal_size(1)
            if 0 in ready:
                data = os.read(0, 65536)
                if not data:
                    return
                waiting = self._hear(waiting + data.decode("utf-8", "replace"))
            if self._agent.busy and time.monotonic() >= due:
                self._agent.tick()
                due = time.monotonic() + self._frame_seconds
            self._draw(whole=resized in ready)

    def _hear(self, text: str) -> str:
        inputs, waiting = keys.read(text)
        for given in inputs:
            self._reports = self._reports or isinstance(given, keys.Supported)
            self._agent.take(given)
        return waiting

    def _draw(self, *, whole: bool) -> None:
        columns, rows = max(self._size.columns, 4), self._size.lines
        entries = self._agent.entries[max(self._scrolled - self._agent.forgotten, 0) :]
        live, cursor = looks.draw(self._agent, self._look, columns, rows)
        lines = [dye(line, self._look.styles) for line in live]
        if whole:
            above = [line for entry in self._agent.entries for line in looks.transcript(entry, self._look, columns)]
            drawn = self._painter.repaint(
                self._dyed([*looks.banner(self._agent, columns), *above][-REPAINTED_LINES:]), lines, Cursor(*cursor)
            )
        else:
            scrolled = [line for entry in entries for line in looks.transcript(entry, self._look, columns)]
            drawn = self._painter.frame(self._dyed(scrolled), lines, cursor)
        self._scrolled = self._agent.forgotten + len(self._agent.entries)
        write(self._announcements() + drawn)

    def _dyed(self, lines: list[Text]) -> list[str]:
        return [dye(line, self._look.styles) for line in lines]

    def _announcements(self) -> str:
        """Title, report and bell, as far as they changed."""
        parts = []
        title = looks.title(self._agent, self._look)
        if title != self._title:
            self._title = title
            parts.append(f"\x1b]0;{title}\x07")
        report = self._agent.report
        if self._reports and report != self._reported:
            self._reported = report
            parts.append(report_bytes(report) + ("\x07" if report.state in {"blocked", "done"} else ""))
        return "".join(parts)


def report_bytes(report: Report) -> str:
    """A report as OSC 7501, the Program Status Protocol."""
    fields = [f"state={report.state}", f"app={APP}"]
    if report.kind:
        fields.append(f"kind={report.kind}")
    if report.message:
        fields.append(f"msg={base64.b64encode(report.message.encode()).decode()}")
    return f"\x1b]7501;{':'.join(fields)}\x1b\\"


def write(text: str) -> None:
    """All of it, as bytes, to the terminal."""
    data = text.encode()
    while data:
        data = data[os.write(1, data) :]


@contextlib.contextmanager
def raw_terminal() -> Iterator[None]:
    """Keys as they are pressed, pastes in brackets; everything as it was afterwards."""
    before = termios.tcgetattr(0)
    tty.setraw(0)
    try:
        write("\x1b[?2004h")
        yield
    finally:
        with contextlib.suppress(OSError, termios.error):  # The terminal went, and its settings with it.
            write("\x1b[?2004l")
            termios.tcsetattr(0, termios.TCSADRAIN, before)


@contextlib.contextmanager
def resize_pipe() -> Iterator[int]:
    """A descriptor that becomes readable when the terminal's size changes."""
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    before = signal.signal(signal.SIGWINCH, lambda _number, _frame: None)
    woken = signal.set_wakeup_fd(write_end)
    try:
        yield read_end
    finally:
        signal.set_wakeup_fd(woken)
        signal.signal(signal.SIGWINCH, before)
        os.close(read_end)
        os.close(write_end)


if __name__ == "__main__":
    main()
