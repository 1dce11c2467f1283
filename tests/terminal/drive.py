"""An emulator driven by bytes, and its screen read as text."""

from collections.abc import Sequence

from agentgrid.geometry import Size
from agentgrid.terminal.effects import Effect, Reply
from agentgrid.terminal.pyte_emulator import PyteEmulator
from agentgrid.terminal.row import Row
from agentgrid.terminal.style import Style


def emulator(data: bytes = b"", columns: int = 10, rows: int = 4, history_limit: int = 100) -> PyteEmulator:
    """An emulator that has been fed."""
    made = PyteEmulator(Size(columns, rows), history_limit=history_limit)
    made.feed(data)
    return made


def text_of(row: Row) -> str:
    """A row's text, blanks at its end left out."""
    return "".join(run.text for run in row).rstrip(" ")


def screen(made: PyteEmulator) -> list[str]:
    """The rows' texts down to the last that is not blank."""
    texts = [text_of(row) for row in made.snapshot().rows]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def history(made: PyteEmulator) -> list[str]:
    return [text_of(row) for row in made.history(0, made.history_length)]


def place(made: PyteEmulator) -> tuple[int, int]:
    """The cursor's row and column."""
    cursor = made.cursor
    return cursor.row, cursor.column


def style_at(made: PyteEmulator, row: int, column: int) -> Style:
    line = made.lines[row]
    return made.styles[ord(line.styles[column])] if column < len(line.styles) else Style()


def replies(effects: Sequence[Effect]) -> bytes:
    """All that was answered."""
    return b"".join(effect.data for effect in effects if isinstance(effect, Reply))


def state(made: PyteEmulator) -> object:
    """Everything that can be seen of an emulator, clusters spelled out and styles by value."""
    snapshot = made.snapshot()
    wrapped = [line.wrapped for line in made.lines]
    widths = [len(line.text) for line in made.lines]
    return snapshot, wrapped, widths, made.history_length, made.history(0, made.history_length)
