"""Searching in a pane: what is being looked for, where it was found, and where to go from here. Pure.

The server searches, since it has all rows; what is visible is marked by the same rules here. While the text is typed the
cursor goes to the nearest place in the direction of the search, and back to where it was when the text is not there.
"""

import struct
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from agentgrid.terminal.row import BLANK, Line
from agentgrid.terminal.searching import find
from agentgrid.ui.copy_mode import CopyMode
from agentgrid.ui.render import Span
from agentgrid.ui.selection import MAX_WRAPPED_ROWS, Point, Reader, line_start

PLACE = struct.Struct("<II")


@dataclass(slots=True)
class Search:
    """One search in one pane. Owned by its sight; changed by the keyboard."""

    forward: bool
    origin: CopyMode
    """Where copying stood when the search began."""
    text: str = ""
    editing: bool = True
    """The text is being typed."""
    count: int | None = None
    """How often it was found; None until that is known."""
    hits: Sequence[Point] = field(default_factory=list)
    """From the top; of very many only the first."""

    def found(self, count: int, hits: bytes) -> None:
        """The server has searched."""
        self.count = count
        self.hits = [Point(row, column) for row, column in PLACE.iter_unpack(hits)]

    def edited(self, text: str) -> None:
        self.text = text
        self.count, self.hits = (None if text else 0), []


def nearest(hits: Sequence[Point], here: Point, *, forward: bool) -> Point | None:
    """The next hit after a place, or before it; round the end where there is none. None where there is no hit at all."""
    if not hits:
        return None
    if forward:
        index = bisect_right(hits, here)
        return hits[index if index < len(hits) else 0]
    return hits[bisect_left(hits, here) - 1]


def number(hits: Sequence[Point], here: Point) -> int:
    """Which hit the cursor is on, counted from 1; 0 when it is on none."""
    index = bisect_left(hits, here)
    return index + 1 if index < len(hits) and hits[index] == here else 0


def edit(text: str, pressed: str) -> str | None:
    """The text after a stroke; None when the stroke is no editing."""
    match pressed:
        case "space":
            return f"{text} "
        case "backspace" | "ctrl+h":
            return text[:-1]
        case "ctrl+u":
            return ""
        case "ctrl+w" | "alt+backspace":
            return text.rstrip().rpartition(" ")[0]
        case _:
            return text + pressed if len(pressed) == 1 else None


def marks(text: str, read: Reader, clusters: Sequence[str], top: int, rows: int, width: int) -> dict[int, list[Span]]:
    """The columns to mark of the rows from ``top`` on, by absolute row."""
    start = max(line_start(top, read), top - MAX_WRAPPED_ROWS)
    lines: list[Line] = [read(row) or BLANK for row in range(start, top + rows)]
    found: dict[int, list[Span]] = {}
    for row, column, cells in find(lines, clusters, text, width):
        row += start
        while cells > 0:
            here = min(cells, width - column)
            found.setdefault(row, []).append(Span(column, column + here, "hit"))
            row, column, cells = row + 1, 0, cells - here
    return found
