"""A recording on this terminal without its bytes ever reaching it: they go to an emulator, its rows go to the terminal. Pure.

``Stage.frame`` paints what differs from the last frame. What is wider or taller than the terminal is cut off.
"""

from agentgrid.cli.output import harmless_sgr
from agentgrid.cli.recording import Moment
from agentgrid.geometry import Size
from agentgrid.server.screens import ansi_text, screen_text
from agentgrid.terminal.emulator import Cursor
from agentgrid.terminal.pyte_emulator import PyteEmulator
from agentgrid.terminal.row import BLANK, WIDE_TAIL, Line

ENTER = "\x1b[?1049h\x1b[?7l\x1b[?25l\x1b[2J"  # A screen of its own, no autowrap, no cursor, blank.
LEAVE = "\x1b[m\x1b[?25h\x1b[?7h\x1b[?1049l"
BEGIN, END = "\x1b[?2026h\x1b[?25l", "\x1b[?2026l"
SHOW_CURSOR = "\x1b[?25h"


class Stage:
    """Owned by the player: an emulator, and what of it the terminal shows."""

    def __init__(self, size: Size) -> None:
        self._emulator = PyteEmulator(size)
        self._window: Size | None = None
        self._lines: list[Line] = []
        self._cursor: Cursor | None = None

    def take(self, moment: Moment) -> None:
        """What the recording did at that moment."""
        if moment.size is not None:
            self._emulator.resize(moment.size)
            self._window = None
        self._emulator.feed(moment.data)

    def frame(self, window: Size) -> str:
        """What a terminal of that size has to be told to show the emulator's screen; empty when it does already."""
        emulator = self._emulator
        lines, cursor = list(emulator.lines[: window.rows]), emulator.cursor
        parts = []
        if window != self._window:
            parts.append("\x1b[m\x1b[2J")
            self._lines = [BLANK] * len(lines)
        for number, (line, known) in enumerate(zip(lines, self._lines, strict=True), 1):
            if line is not known:
                parts.append(f"\x1b[{number};1H\x1b[m\x1b[2K{harmless_sgr(ansi_text(emulator.row(cut(line, window.columns))))}")
        if not parts and cursor == self._cursor:
            return ""
        self._window, self._lines, self._cursor = window, lines, cursor
        row, column = min(cursor.row + 1, window.rows), min(cursor.column + 1, window.columns)
        return f"{BEGIN}{''.join(parts)}\x1b[m\x1b[{row};{column}H{SHOW_CURSOR if cursor.visible else ''}{END}"

    def text(self, *, ansi: bool) -> str:
        """What the screen shows, without blank rows at its end."""
        text = screen_text(self._emulator, 0, ansi=ansi).rstrip("\n")
        return harmless_sgr(text)


def cut(line: Line, columns: int) -> Line:
    """The cells that fit; a wide character that fits by half is left out."""
    if line.text[columns : columns + 1] == WIDE_TAIL:
        columns -= 1
    return Line(line.text[:columns], line.styles[:columns])
