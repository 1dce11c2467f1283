"""Rows edited: pure functions from a row and a range of columns to a new row.

A row is a plain ``(text, styles, wrapped)`` tuple here (``Line`` is one too); cells beyond its strings are blank in the default style.
Whatever cuts a wide character in two leaves a blank in place of the other half.
A wrapped row that is shorter than the screen ends in a gap: a wide character did not fit into its last column.
"""

from typing import TypeAlias

from agentgrid.terminal.row import WIDE_TAIL
from agentgrid.terminal.style import DEFAULT_CODE

Cells: TypeAlias = tuple[str, str, bool]

BLANK_CELLS: Cells = ("", "", False)


def blank(columns: int, fill: str) -> Cells:
    """An empty row, in a background when the fill has one."""
    if fill == DEFAULT_CODE:
        return BLANK_CELLS
    return " " * columns, fill * columns, False


def overwrite(row: Cells, start: int, text: str, styles: str) -> Cells:
    """Cells written over those that are there."""
    old, codes, wrapped = row
    length = len(old)
    stop = start + len(text)
    if start >= length:
        gap = start - length
        return old + " " * gap + text, codes + DEFAULT_CODE * gap + styles, wrapped
    if start and old[start] == WIDE_TAIL:
        old = old[: start - 1] + "  " + old[start + 1 :]
    if stop < length and old[stop] == WIDE_TAIL:
        old = old[:stop] + " " + old[stop + 1 :]
    return old[:start] + text + old[stop:], codes[:start] + styles + codes[stop:], wrapped


def erase(row: Cells, start: int, stop: int, fill: str, columns: int) -> Cells:
    """Cells made blank. A row that loses its last cell is no longer wrapped."""
    wrapped = row[2] and stop < columns
    length = len(row[0])
    if fill == DEFAULT_CODE:
        if start >= length:
            return row if wrapped == row[2] else (row[0], row[1], wrapped)
        if stop >= length:
            text, styles, _ = row
            if start and text[start] == WIDE_TAIL:
                text = text[: start - 1] + " " + text[start:]
            return text[:start], styles[:start], wrapped
    text, styles, _ = overwrite(row, start, " " * (stop - start), fill * (stop - start))
    return text, styles, wrapped


def leave_gap(row: Cells, limit: int, columns: int) -> Cells:
    """The last cell before a limit made nothing, because a wide character that goes on below did not fit there."""
    last = limit - 1
    if limit < columns:
        return overwrite(row, last, " ", DEFAULT_CODE)
    if len(row[0]) < last:
        return overwrite(row, last - 1, " ", DEFAULT_CODE)
    return erase(row, last, limit, DEFAULT_CODE, columns)


def insert(row: Cells, start: int, count: int, stop: int, fill: str) -> Cells:
    """Blanks put in at ``start``; what they push beyond ``stop`` is lost."""
    count = min(count, stop - start)
    if start >= len(row[0]) and fill == DEFAULT_CODE:
        return row
    text, styles = _cut(row, start, stop)
    kept = stop - count
    if text[kept] == WIDE_TAIL:
        text = text[: kept - 1] + "  " + text[kept + 1 :]
    text = text[:start] + " " * count + text[start:kept] + text[stop:]
    styles = styles[:start] + fill * count + styles[start:kept] + styles[stop:]
    return text, styles, row[2]


def delete(row: Cells, start: int, count: int, stop: int, fill: str) -> Cells:
    """Cells taken out at ``start``; blanks come in before ``stop``."""
    count = min(count, stop - start)
    if start >= len(row[0]) and fill == DEFAULT_CODE:
        return row
    text, styles = _cut(row, start, stop)
    if start + count < len(text) and text[start + count] == WIDE_TAIL:
        text = text[: start + count] + " " + text[start + count + 1 :]
    text = text[:start] + text[start + count : stop] + " " * count + text[stop:]
    styles = styles[:start] + styles[start + count : stop] + fill * count + styles[stop:]
    return text, styles, row[2]


def copy(row: Cells, start: int, stop: int) -> tuple[str, str]:
    """The cells of a range, padded with blanks; half a wide character is a blank."""
    text, styles, _ = row
    text, styles = text[start:stop], styles[start:stop]
    missing = stop - start - len(text)
    if missing:
        text, styles = text + " " * missing, styles + DEFAULT_CODE * missing
    if text and text[0] == WIDE_TAIL:
        text = " " + text[1:]
    if text and len(row[0]) > stop and row[0][stop] == WIDE_TAIL:
        text = text[:-1] + " "
    return text, styles


def _cut(row: Cells, start: int, stop: int) -> tuple[str, str]:
    """The row padded to ``stop`` and without a wide character across ``start`` or ``stop``."""
    text, styles, _ = row
    missing = stop - len(text)
    if missing > 0:
        text, styles = text + " " * missing, styles + DEFAULT_CODE * missing
    elif len(text) > stop and text[stop] == WIDE_TAIL:
        text = text[: stop - 1] + "  " + text[stop + 1 :]
    if start and text[start] == WIDE_TAIL:
        text = text[: start - 1] + "  " + text[start + 1 :]
    return text, styles
