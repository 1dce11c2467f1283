"""Text found in a terminal's rows. Pure.

Rows that were wrapped are one text. Small letters find both, a capital only itself. A hit is where it begins, and how many
cells it takes from there on, over the edge of a wrapped row too.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agentgrid.terminal.row import FIRST_CLUSTER, WIDE_TAIL, Line


class Hit(NamedTuple):
    """``row`` is an index into what was searched; ``cells`` go on in the rows below where they are wrapped."""

    row: int
    column: int
    cells: int


def find(lines: Sequence[Line], clusters: Sequence[str], text: str, width: int) -> Iterator[Hit]:
    """Every place of the text, from the top, none over another."""
    if not text or width < 1:
        return
    folded = text == text.lower()
    row, end = 0, len(lines)
    while row < end:
        start, whole = row, lines[row].text
        while lines[row].wrapped and row + 1 < end:
            row += 1
            whole = whole.ljust(width * (row - start)) + lines[row].text
        row += 1
        if whole.isascii() and WIDE_TAIL not in whole:
            hay = whole.lower() if folded else whole
            place = hay.find(text)
            while place >= 0:
                yield Hit(start + place // width, place % width, len(text))
                place = hay.find(text, place + len(text))
        else:
            yield from _spelled(whole, clusters, text, folded, start, width)


def _spelled(whole: str, clusters: Sequence[str], text: str, folded: bool, start: int, width: int) -> Iterator[Hit]:
    """The same where cells and characters are not one to one."""
    characters: list[str] = []
    columns: list[int] = []
    for column, cell in enumerate(whole):
        if cell == WIDE_TAIL:
            continue
        index = ord(cell) - FIRST_CLUSTER
        shown = cell if index < 0 else clusters[index] if index < len(clusters) else ""
        for character in shown.lower() if folded else shown:
            characters.append(character)
            columns.append(column)
    columns.append(len(whole))
    hay = "".join(characters)
    place = hay.find(text)
    while place >= 0:
        first, last = columns[place], columns[place + len(text) - 1]
        after = last + 1
        while after < len(whole) and whole[after] == WIDE_TAIL:
            after += 1
        yield Hit(start + first // width, first % width, after - first)
        place = hay.find(text, place + len(text))
