"""Styled text to lines of a width, and lines to the bytes of a frame.

A frame rewrites what changed: the agent's last lines (the *live* ones, down to the composer) are drawn again in place,
everything above them scrolls away for good, as inline agents do it. Each frame stands between the marks of a synchronized
update (mode 2026), so that no terminal shows half of one.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple, TypeAlias

Text: TypeAlias = tuple[tuple[str, str], ...]
"""(style name, characters), see ``looks.STYLES``."""

BEGIN, END = "\x1b[?2026h", "\x1b[?2026l"


class Cursor(NamedTuple):
    """A place among the live lines."""

    row: int
    column: int


@cache
def width_of(character: str) -> int:
    """The columns a character takes."""
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Cc"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def text_width(text: str) -> int:
    return sum(map(width_of, text))


def cut(text: Text, width: int) -> Text:
    """The text as far as it fits into the width."""
    kept: list[tuple[str, str]] = []
    for style, characters in text:
        fitting = ""
        for character in characters:
            width -= width_of(character)
            if width < 0:
                return (*kept, (style, fitting))
            fitting += character
        kept.append((style, fitting))
    return tuple(kept)


def wrap(text: Text, width: int, indent: int = 0) -> list[Text]:
    """The text in lines of at most ``width`` columns, broken at spaces where there are some; further lines are indented."""
    cells = [(style, character) for style, characters in text for character in characters]
    lines: list[Text] = []
    while cells:
        room = max(width - (indent if lines else 0), 1)
        used = end = 0
        while end < len(cells) and used + width_of(cells[end][1]) <= room:
            used += width_of(cells[end][1])
            end += 1
        if end < len(cells):
            spaces = [i for i in range(1, end + 1) if cells[i][1] == " " and cells[i - 1][1] != " "]
            end = spaces[-1] if spaces else max(end, 1)
        lines.append(((("", " " * indent),) if lines and indent else ()) + _joined(cells[:end]))
        cells = cells[end:]
        while cells and cells[0][1] == " ":
            cells.pop(0)
    return lines or [()]


def _joined(cells: Sequence[tuple[str, str]]) -> Text:
    spans: list[tuple[str, str]] = []
    for style, character in cells:
        if spans and spans[-1][0] == style:
            spans[-1] = (style, spans[-1][1] + character)
        else:
            spans.append((style, character))
    return tuple(spans)


def dye(text: Text, styles: Mapping[str, str]) -> str:
    """The text as a terminal takes it: each style's SGR parameters, and a reset."""
    return "".join(f"\x1b[{styles[style]}m{characters}\x1b[m" if style else characters for style, characters in text if characters)


class Painter:
    """What stands in the live lines now. Owned by the program's loop."""

    def __init__(self) -> None:
        self._live: list[str] = []
        self._cursor = Cursor(0, 0)

    def repaint(self, above: Sequence[str], live: Sequence[str], cursor: Cursor) -> str:
        """Everything anew, after a start or a resize: whatever the terminal made of the old lines goes."""
        self._live = list(live)
        self._cursor = cursor
        return BEGIN + "\x1b[2J\x1b[3J\x1b[H" + "\r\n".join([*above, *live]) + self._to_cursor(len(live) - 1) + END

    def frame(self, scrolled: Sequence[str], live: Sequence[str], cursor: Cursor) -> str:
        """Add lines above the live ones, and make these what they are now. Empty when nothing changed."""
        if not scrolled and list(live) == self._live and cursor == self._cursor:
            return ""
        row = self._cursor.row
        parts = [BEGIN]
        if scrolled or len(live) != len(self._live):
            parts += [_vertically(-row), "\r\x1b[J", "\r\n".join([*scrolled, *live])]
            row = len(live) - 1
        else:
            for number, (line, shown) in enumerate(zip(live, self._live, strict=True)):
                if line != shown:
                    parts += [_vertically(number - row), "\r\x1b[2K", line]
                    row = number
        self._live, self._cursor = list(live), cursor
        return "".join([*parts, self._to_cursor(row), END])

    def leave(self) -> str:
        """Below everything, for whatever prints next."""
        return _vertically(len(self._live) - 1 - self._cursor.row) + "\r\n"

    def _to_cursor(self, row: int) -> str:
        return _vertically(self._cursor.row - row) + "\r" + (f"\x1b[{self._cursor.column}C" if self._cursor.column else "")


def _vertically(rows: int) -> str:
    return f"\x1b[{abs(rows)}{'B' if rows > 0 else 'A'}" if rows else ""
