"""Rows of one width made rows of another: what autowrap cut is joined, what is too long is cut again.

A line is the rows that go on in one another (``wrapped``). Lines that fit, and were never cut, are the rows they were: the same
objects. A line that ends in blanks does not grow a row for them. The gap that a wide character left at a row's end is not
part of the line (see ``cells``).
"""

from collections.abc import Sequence

from agentgrid.terminal.cells import Cells
from agentgrid.terminal.row import WIDE_TAIL

Place = tuple[int, int]
"""A row and a column; one column beyond the last is behind the last character."""


def reflow(rows: Sequence[Cells], columns: int) -> list[Cells]:
    """Rows for another width. The last one's line ends with it."""
    return reflow_places(rows, columns, ())[0]


def reflow_places(rows: Sequence[Cells], columns: int, places: Sequence[Place]) -> tuple[list[Cells], list[Place]]:
    """The same, and where some places are now."""
    found: list[Cells] = []
    moved: dict[int, Place] = {}
    by_row: dict[int, list[int]] = {}
    for index, (y, _) in enumerate(places):
        by_row.setdefault(y, []).append(index)
    start, end = 0, len(rows)
    while start < end:
        row = rows[start]
        stop = start + 1
        if not row[2] and len(row[0]) <= columns:  # By far the most rows.
            for index in by_row.get(start, ()):
                moved[index] = len(found), min(places[index][1], columns)
            found.append(row)
            start = stop
            continue
        while rows[stop - 1][2] and stop < end:
            stop += 1
        pieces = rows[start:stop]
        text = "".join(piece[0] for piece in pieces)
        styles = "".join(piece[1] for piece in pieces)
        if columns == 1 and WIDE_TAIL in text:
            text, styles = _without_wide(text, styles)
        text, styles = _without_blank_end(text, styles, columns)
        cut = _cuts(text, columns)
        for index, offset in _offsets(pieces, start, by_row, places):
            moved[index] = _place(offset, cut, len(found), columns)
        last = len(cut) - 1
        found += [(text[a:b], styles[a:b], i < last) for i, (a, b) in enumerate(cut)]
        if pieces[-1][2]:
            found[-1] = found[-1][0], found[-1][1], True
        start = stop
    return found, [moved[index] for index in range(len(places))]


def _without_wide(text: str, styles: str) -> tuple[str, str]:
    """A screen of one column has no room for wide characters."""
    kept = [
        (" " if following == WIDE_TAIL else c, style)
        for c, following, style in zip(text, text[1:] + " ", styles, strict=True)
        if c != WIDE_TAIL
    ]
    return "".join(c for c, _ in kept), "".join(style for _, style in kept)


def _without_blank_end(text: str, styles: str, columns: int) -> tuple[str, str]:
    """Blanks at the end are not carried over to another row."""
    if len(text) <= columns:
        return text, styles
    length = len(text.rstrip(" "))
    if length > columns:
        full = -(-length // columns) * columns
        length = min(len(text), max(length, full if full <= len(text) else length))
    else:
        length = columns
    return text[:length], styles[:length]


def _cuts(text: str, columns: int) -> list[tuple[int, int]]:
    """Where a line is cut; never in a wide character."""
    if WIDE_TAIL not in text:
        return [(a, min(a + columns, len(text))) for a in range(0, len(text), columns)] or [(0, 0)]
    cut: list[tuple[int, int]] = []
    start = 0
    while len(text) - start > columns:
        stop = start + columns
        if text[stop] == WIDE_TAIL:
            stop -= 1
        cut.append((start, stop))
        start = stop
    cut.append((start, len(text)))
    return cut


def _offsets(pieces: Sequence[Cells], start: int, by_row: dict[int, list[int]], places: Sequence[Place]) -> list[tuple[int, int]]:
    """The places in a line, as offsets from its beginning."""
    offsets: list[tuple[int, int]] = []
    before = 0
    for y, piece in enumerate(pieces, start):
        for index in by_row.get(y, ()):
            column = places[index][1]
            offsets.append((index, before + (min(column, len(piece[0])) if piece[2] else column)))
        before += len(piece[0])
    return offsets


def _place(offset: int, cut: list[tuple[int, int]], first: int, columns: int) -> Place:
    """Where an offset is; the end of a row before the beginning of the next."""
    for y, (a, b) in enumerate(cut):
        if offset <= b or y == len(cut) - 1:
            return first + y, min(max(offset - a, 0), columns)
    raise AssertionError("a line has a last row")
