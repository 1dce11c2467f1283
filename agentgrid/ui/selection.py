"""Text selected inside one pane: from where to where, which columns that is on a row, and what is copied. Pure.

Rows are absolute (see ``viewport``), so a selection stays with its text while the program prints. Copied text joins rows
that were wrapped and drops the blanks at the end of the others. A word may run over the edge of a wrapped row.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from agentgrid.terminal.row import BLANK, WIDE_TAIL, Line
from agentgrid.ui.render import Span, plain

Reader: TypeAlias = Callable[[int], Line | None]
"""The line at an absolute row."""

WORD = re.compile(r"[\w\-./~:@%+#=?&,$\0]+")
"""What a double click takes: words, paths, addresses. A wide character's tail belongs to it."""
MAX_WRAPPED_ROWS = 100  # A word of more rows is no word; the search for its end must end.


class Point(NamedTuple):
    """A cell: absolute row and column."""

    row: int
    column: int


class Selection(NamedTuple):
    """From ``anchor``, where it began, to ``head``, where it ends now; both cells belong to it.

    ``unit``: ``cell``, ``word`` or ``line``. ``block``: a rectangle instead of running text.
    """

    anchor: Point
    head: Point
    unit: str = "cell"
    block: bool = False


def ends(selection: Selection, read: Reader, width: int) -> tuple[Point, Point]:
    """First and last cell, in order, grown to whole words or lines."""
    first, last = sorted((selection.anchor, selection.head))
    match selection.unit:
        case "word":
            return word_at(first, read, width)[0], word_at(last, read, width)[1]
        case "line":
            return Point(line_start(first.row, read), 0), Point(line_end(last.row, read), width - 1)
        case _:
            return first, last


def span(selection: Selection, row: int, read: Reader, width: int) -> Span | None:
    """The columns of an absolute row that are selected."""
    first, last = ends(selection, read, width)
    if not first.row <= row <= last.row:
        return None
    if selection.block:
        start, stop = sorted((selection.anchor.column, selection.head.column))
    else:
        start = first.column if row == first.row else 0
        stop = last.column if row == last.row else width - 1
    return whole_characters(read(row) or BLANK, start, min(stop, width - 1) + 1)


def copied(selection: Selection, read: Reader, clusters: Sequence[str], width: int) -> str:
    """The selected text."""
    first, last = ends(selection, read, width)
    out: list[str] = []
    for row in range(first.row, last.row + 1):
        line = read(row) or BLANK
        columns = span(selection, row, read, width)
        if columns is None:
            continue
        text = plain(line.text[columns.start : columns.stop], clusters)
        joined = line.wrapped and not selection.block and row < last.row
        out.append(text if joined else text.rstrip() + ("\n" if row < last.row else ""))
    return "".join(out)


def word_at(point: Point, read: Reader, width: int) -> tuple[Point, Point]:
    """First and last cell of the word at a cell; the cell alone where there is none."""
    start = max(line_start(point.row, read), point.row - MAX_WRAPPED_ROWS)
    stop = min(line_end(point.row, read), point.row + MAX_WRAPPED_ROWS)
    text = "".join((read(row) or BLANK).text.ljust(width)[:width] for row in range(start, stop + 1))
    index = (point.row - start) * width + min(point.column, width - 1)
    for match in WORD.finditer(text):
        if match.start() <= index < match.end():
            return cell(match.start(), start, width), cell(match.end() - 1, start, width)
    return point, point


def line_start(row: int, read: Reader) -> int:
    """The first of the rows that are wrapped into one line with this one."""
    while (above := read(row - 1)) is not None and above.wrapped:
        row -= 1
    return row


def line_end(row: int, read: Reader) -> int:
    """The last of them."""
    while (line := read(row)) is not None and line.wrapped and read(row + 1) is not None:
        row += 1
    return row


def cell(index: int, first_row: int, width: int) -> Point:
    return Point(first_row + index // width, index % width)


def whole_characters(line: Line, start: int, stop: int) -> Span:
    """A wide character is selected whole or not at all."""
    text = line.text
    if start < len(text) and text[start] == WIDE_TAIL:
        start -= 1
    if stop < len(text) and text[stop] == WIDE_TAIL:
        stop += 1
    return Span(max(0, start), stop)
