"""A pane's rows as text, plain or with SGR, for ``agentgrid screen`` and for waits. Pure."""

from agentgrid.terminal.emulator import Emulator
from agentgrid.terminal.row import Row
from agentgrid.terminal.style import DEFAULT_STYLE, Color, Style

FLAGS = (
    ("bold", "1"),
    ("dim", "2"),
    ("italic", "3"),
    ("blink", "5"),
    ("reverse", "7"),
    ("conceal", "8"),
    ("strike", "9"),
    ("overline", "53"),
)


def screen_text(emulator: Emulator, history: int, *, ansi: bool = False) -> str:
    """The screen, with ``history`` rows before it (-1: all of them), rows joined by newlines, trailing blanks dropped."""
    length = emulator.history_length
    start = 0 if history < 0 else max(0, length - history)
    rows = [*emulator.history(start, length), *emulator.snapshot().rows]
    return "\n".join(ansi_text(row) if ansi else "".join(run.text for run in row).rstrip() for row in rows)


def painted(emulator: Emulator) -> bytes:
    """What makes an empty terminal of that size show the same screen: how a recording begins in the middle of a program."""
    screen = emulator.snapshot()
    parts = ["\x1b[?1049h"] if screen.modes.alternate_screen else []
    parts += [f"\x1b[{number};1H{ansi_text(row)}" for number, row in enumerate(screen.rows, 1) if row]
    parts.append(f"\x1b[{screen.cursor.row + 1};{screen.cursor.column + 1}H")
    if not screen.cursor.visible:
        parts.append("\x1b[?25l")
    return "".join(parts).encode("utf-8", "replace")


def ansi_text(row: Row) -> str:
    """A row with SGR sequences, beginning and ending in the default style."""
    return "".join(run.text if run.style == DEFAULT_STYLE else f"{sgr(run.style)}{run.text}\x1b[0m" for run in row)


def sgr(style: Style) -> str:
    """The sequence that sets a style from the default one."""
    codes = [code for name, code in FLAGS if getattr(style, name)]
    if style.underline:
        codes.append("4" if style.underline == 1 else f"4:{style.underline}")
    codes += _color(style.foreground, 30) + _color(style.background, 40)
    if style.underline_color is not None:
        codes += _color(style.underline_color, 50)
    return f"\x1b[{';'.join(codes)}m"


def _color(color: Color, base: int) -> list[str]:
    match color:
        case None:
            return []
        case int(index) if base < 50 and index < 8:
            return [str(base + index)]
        case int(index) if base < 50 and index < 16:
            return [str(base + 60 + index - 8)]
        case int(index):
            return [f"{base + 8}{';' if base < 50 else ':'}5{';' if base < 50 else ':'}{index}"]
        case (red, green, blue):
            return [f"{base + 8};2;{red};{green};{blue}" if base < 50 else f"58:2::{red}:{green}:{blue}"]
