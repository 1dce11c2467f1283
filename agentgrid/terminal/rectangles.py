"""Rectangular operations of the VT400: copy, fill, erase, change attributes, checksum.

A rectangle is ``top ; left ; bottom ; right``, counted from 1 and from the margins' corner in origin mode, cut to the screen.
There is one page. The cursor does not move, and margins do not matter.

DEC STD 070 chapter 5; VT510 manual, "DECCARA" … "DECSERA"; DECRQCRA as in xterm: the negated sum of characters and renditions,
unless XTCHECKSUM asks for another. Deviation: blanks count wherever they are, as they did in xterm before 2017.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from agentgrid.terminal import cells, editing, modes
from agentgrid.terminal.motion import P, first
from agentgrid.terminal.reports import reply
from agentgrid.terminal.row import WIDE_TAIL
from agentgrid.terminal.screen import Screen
from agentgrid.terminal.style import DEFAULT_CODE, FIELDS, Values


class Area(NamedTuple):
    """Rows and columns of the screen; ``bottom`` and ``right`` are the first beyond it."""

    top: int
    left: int
    bottom: int
    right: int


def _area(screen: Screen, p: P) -> Area | None:
    """The rectangle of four parameters, or None for one that is empty."""
    area = _corners(screen, p)
    return area if area.top < area.bottom and area.left < area.right else None


def _corners(screen: Screen, p: P) -> Area:
    """Four parameters as the corners they are, cut to the screen."""
    values = [*p[:4], 0, 0, 0, 0]
    if modes.DECOM in screen.mode:
        origin_row, origin_column, rows, columns = screen.top, screen.left, screen.bottom + 1, screen.right + 1
    else:
        origin_row, origin_column, rows, columns = 0, 0, screen.lines, screen.columns
    top = max(values[0], 1) - 1 + origin_row
    left = max(values[1], 1) - 1 + origin_column
    bottom = min(values[2] + origin_row if values[2] else rows, rows)
    right = min(values[3] + origin_column if values[3] else columns, columns)
    return Area(top, left, bottom, right)


def copy(screen: Screen, p: P) -> None:
    """DECCRA."""
    source = _area(screen, p)
    to_row, to_column = (value or 1 for value in [*p[5:7], 0, 0][:2])
    target = _area(screen, (to_row, to_column, 0, 0))
    if source is None or target is None:
        return
    width = min(source.right - source.left, target.right - target.left)
    parts = [cells.copy(row, source.left, source.left + width) for row in screen.rows[source.top : source.bottom]]
    for y, (text, styles) in enumerate(parts[: target.bottom - target.top], target.top):
        screen.rows[y] = cells.overwrite(screen.rows[y], target.left, text, styles)


def fill(screen: Screen, p: P) -> None:
    """DECFRA: with one printable character of Latin-1, in the present rendition."""
    code, area = first(p, 0), _area(screen, p[1:])
    if area is not None and (0x20 <= code <= 0x7E or 0xA0 <= code <= 0xFF):
        width = area.right - area.left
        for y in range(area.top, area.bottom):
            screen.rows[y] = cells.overwrite(screen.rows[y], area.left, chr(code) * width, screen.pen.code * width)


def erase(screen: Screen, p: P) -> None:
    """DECERA."""
    _erase(screen, p, editing.erase_all)


def selective_erase(screen: Screen, p: P) -> None:
    """DECSERA."""
    _erase(screen, p, editing.selective)


def _erase(screen: Screen, p: P, eraser: editing.Eraser) -> None:
    area = _area(screen, p)
    if area is not None:
        for y in range(area.top, area.bottom):
            screen.rows[y] = eraser(screen, screen.rows[y], area.left, area.right)


def set_extent(screen: Screen, p: P) -> None:
    """DECSACE: whether DECCARA and DECRARA take a stream of characters or a rectangle."""
    if first(p, 0) <= 2:
        screen.attribute_extent = first(p, 0)


_OFF_AND_ON: dict[int, tuple[int, object, object]] = {
    1: (FIELDS["bold"], False, True),
    4: (FIELDS["underline"], 0, 1),
    5: (FIELDS["blink"], False, True),
    7: (FIELDS["reverse"], False, True),
    8: (FIELDS["conceal"], False, True),
}
_OFF = {22: 1, 24: 4, 25: 5, 27: 7, 28: 8}

Change: TypeAlias = Callable[[list[object], int], None]
"""What one parameter does to a pen's values."""


def change_attributes(screen: Screen, p: P) -> None:
    """DECCARA: set or reset attributes."""
    _restyle(screen, p, _change)


def _change(values: list[object], number: int) -> None:
    for each in _OFF_AND_ON if number == 0 else (number,):
        on = each in _OFF_AND_ON and number != 0
        found = _OFF_AND_ON.get(_OFF.get(each, each))
        if found is not None:
            field, unset, is_set = found
            values[field] = is_set if on else unset


def reverse_attributes(screen: Screen, p: P) -> None:
    """DECRARA: turn attributes over."""
    _restyle(screen, p, _turn_over)


def _turn_over(values: list[object], number: int) -> None:
    for each in _OFF_AND_ON if number == 0 else (number,):
        if each in _OFF_AND_ON:
            field, unset, is_set = _OFF_AND_ON[each]
            values[field] = unset if values[field] else is_set


def _restyle(screen: Screen, p: P, change: Change) -> None:
    area = _corners(screen, p)
    is_stream = screen.attribute_extent != 2
    numbers = p[4:] or (0,)
    known: dict[str, str] = {}
    for y in range(area.top, area.bottom):
        start, stop = area.left, area.right
        if is_stream:  # From the first cell to the last, row after row.
            start = area.left if y == area.top else 0
            stop = area.right if y == area.bottom - 1 else screen.columns
        if start >= stop:
            continue
        text, styles = cells.copy(screen.rows[y], start, stop)
        for code in set(styles) - known.keys():
            values = list(screen.styles.pen(code).values)
            for number in numbers:
                change(values, number)
            known[code] = screen.styles.pen_of(tuple(values)).code
        screen.rows[y] = cells.overwrite(screen.rows[y], start, text, "".join(map(known.__getitem__, styles)))


_WEIGHTS = (("underline", 0x10), ("reverse", 0x20), ("blink", 0x40), ("bold", 0x80), ("conceal", 0x08), ("protected", 0x04))


_POSITIVE, _CHARACTERS_ONLY = 1, 2


def set_checksum(screen: Screen, p: P) -> None:
    """XTCHECKSUM: bits of how DECRQCRA sums; those about blanks and uninitialized cells make no difference here."""
    screen.checksum_flags = first(p, 0) & (_POSITIVE | _CHARACTERS_ONLY)


def checksum(screen: Screen, p: P) -> None:
    """DECRQCRA."""
    request = first(p, 0)
    area = _area(screen, p[2:])
    total = 0
    if area is not None:
        for row in screen.rows[area.top : area.bottom]:
            text, styles = cells.copy(row, area.left, area.right)
            total += sum(map(ord, "".join(map(screen.clusters.spell, text.replace(WIDE_TAIL, "")))))
            if not screen.checksum_flags & _CHARACTERS_ONLY:
                total += sum(_weight(screen.styles.pen(code).values) for code in styles if code != DEFAULT_CODE)
    total = total if screen.checksum_flags & _POSITIVE else -total
    reply(screen, f"\x1bP{request}!~{total & 0xFFFF:04X}\x1b\\")


def _weight(values: Values) -> int:
    return sum(weight for name, weight in _WEIGHTS if values[FIELDS[name]])
