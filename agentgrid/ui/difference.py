"""Which cells of a row are to be printed where the terminal shows another row of the same pane. Pure.

One stretch, from the first cell that differs to the last: a typed character is one cell, a growing line its new end. Halves of
wide characters are never parted. Rows with characters whose width terminals disagree about are printed whole, since what a
part of them leaves on the screen is not known.
"""

from agentgrid.terminal.row import WIDE_TAIL, Line
from agentgrid.terminal.style import DEFAULT_CODE
from agentgrid.ui.render import CONTESTED, fitted


def difference(shown: Line, wanted: Line, width: int) -> tuple[int, int]:
    """The first cell that differs, and the one after the last; equal where none does."""
    if is_contested(shown.text) or is_contested(wanted.text):
        return 0, width
    old, old_codes = _filled(shown, width)
    new, new_codes = _filled(wanted, width)
    start, stop = _stretch(old, new)
    if old_codes != new_codes:
        first, last = _stretch(old_codes, new_codes)
        start, stop = min(start, first), max(stop, last)
    if not stop:
        return width, width
    while start and WIDE_TAIL in (old[start], new[start]):
        start -= 1
    while stop < width and WIDE_TAIL in (old[stop], new[stop]):
        stop += 1
    return start, stop


def is_contested(text: str) -> bool:
    return not text.isascii() and CONTESTED.search(text) is not None


def part(line: Line, start: int, stop: int, width: int) -> Line:
    """These cells as a line of their own."""
    text, codes = fitted(line, width)
    return Line(text[start:stop], codes[start:stop])


def _filled(line: Line, width: int) -> tuple[str, str]:
    text, codes = fitted(line, width)
    return text.ljust(width), codes.ljust(width, DEFAULT_CODE)


def _stretch(one: str, other: str) -> tuple[int, int]:
    """Where two texts of equal length begin to differ and where they cease to; the length and 0 when they do not.

    As numbers, whose lowest and highest bits that differ tell both: a tenth of what a loop over characters takes.
    """
    if one.isascii() and other.isascii():
        size, bits = len(one), int.from_bytes(one.encode(), "little") ^ int.from_bytes(other.encode(), "little")
        unit = 8
    else:
        size, bits = len(one), _wide(one) ^ _wide(other)
        unit = 32
    if not bits:
        return size, 0
    return ((bits & -bits).bit_length() - 1) // unit, (bits.bit_length() + unit - 1) // unit


def _wide(text: str) -> int:
    return int.from_bytes(text.encode("utf-32-le", "surrogatepass"), "little")
