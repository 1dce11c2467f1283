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
    start = min(_common(old, new), _common(old_codes, new_codes))
    if start == width:
        return width, width
    stop = width - min(_common(old[::-1], new[::-1]), _common(old_codes[::-1], new_codes[::-1]))
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


def _common(one: str, other: str) -> int:
    """How many characters both begin with, by halving: comparing slices is much faster than a loop over characters."""
    low, high = 0, len(one)
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
