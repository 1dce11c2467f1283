"""The object of ``status --json`` as a table for a person. Pure.

One line a pane: number, glyph and word of the state, name, since when, files changed, conflicts, and what it says. The
last column takes what room is left, so that nothing wraps in a narrow terminal.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from agentgrid.cli.output import one_line

GLYPHS = {
    "starting": "◌",
    "working": "◐",
    "blocked": "▲",
    "done": "✓",
    "idle": "○",
    "limited": "‖",
    "error": "✗",
    "exited": "■",
    "unknown": "?",
}
"""As the headers on the screen have them; a test keeps them the same."""

SGR = {"working": "32", "blocked": "1;33", "done": "36", "limited": "33", "error": "1;31", "exited": "2", "unknown": "2", "starting": "2"}
MIN_SAID = 8  # Fewer columns of a title say nothing.
UNITS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))


def roster(status: Mapping[str, Any], now: float, columns: int | None, *, colours: bool) -> Iterator[str]:
    """The lines, at most ``columns`` wide where that is given."""
    panes = status["panes"]
    yield _cut(f"{status['session']} · {status['grid']} · {status['folder']}", columns)
    if not panes:
        yield "no panes; 'agentgrid new' makes one"
        return
    table = [_cells(pane, now) for pane in panes]
    widths = [max(width_of(row[column]) for row in table) for column in range(len(table[0]) - 1)]
    kept = [column for column, width in enumerate(widths) if width]
    for pane, row in zip(panes, table, strict=True):
        line = "  ".join(_padded(row[column], widths[column]) for column in kept)
        room = None if columns is None else columns - width_of(line) - 2
        if row[-1] and (room is None or room >= MIN_SAID):
            line = f"{line}  {_cut(row[-1], room)}"
        line = _cut(line.rstrip(), columns)
        code = SGR.get(pane["state"])
        if colours and code and row[1] in line:
            line = line.replace(row[1], f"\x1b[{code}m{row[1]}\x1b[0m", 1)
        yield line


def ago(seconds: float) -> str:
    """``12s``, ``3m``, ``2h``, ``4d``: the largest unit that fits."""
    for size, unit in UNITS:
        if seconds >= size:
            return f"{int(seconds // size)}{unit}"
    return "0s"


def width_of(text: str) -> int:
    """How many columns it takes, near enough for a table: East Asian wide ones are two, combining ones none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1 for character in text)


def _cells(pane: Mapping[str, Any], now: float) -> tuple[str, ...]:
    state = pane["state"]
    code = pane["exit_code"]
    word = f"{state} {code}" if state == "exited" and code is not None else state
    return (
        f"{pane['number']:>2}" if pane["number"] else " –",
        f"{GLYPHS.get(state, '?')} {word}",
        one_line(pane["name"]),
        ago(now - pane["state_since"]) if pane["state_since"] else "",
        f"✎{pane['files_changed']}" if pane["files_changed"] else "",
        f"⚑{pane['conflicts']}" if pane["conflicts"] else "",
        one_line(pane.get("problem") or pane["message"] or pane["title"] or " ".join(pane["command"])),
    )


def _padded(text: str, width: int) -> str:
    return text + " " * (width - width_of(text))


def _cut(text: str, columns: int | None) -> str:
    """The text, or its beginning and an ellipsis."""
    if columns is None or width_of(text) <= columns:
        return text
    while text and width_of(text) > columns - 1:
        text = text[:-1]
    return text.rstrip() + "…"
