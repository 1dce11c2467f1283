"""A terminal's rows as values.

``Line`` is how a row is kept, compared and sent: two strings of equal length, one code point a cell.
The second cell of a wide character holds ``WIDE_TAIL``; a cell with more than one code point (combining marks, ZWJ,
variation selectors, flags), or with a code point from ``FIRST_CLUSTER`` on, holds ``FIRST_CLUSTER + n``, where n is an
index into the pane's cluster table. Cells beyond the end of the strings are blank and in the default style.
Lines are immutable and shared between screen, history, wire and renderer: what changed is what is not the same object.

``Row`` is how a row is read: runs of text in one style, clusters spelled out, no tails.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from agentgrid.terminal.style import Style

WIDE_TAIL = "\0"
FIRST_CLUSTER = 0x100000


class Line(NamedTuple):
    """A row as it is kept. ``wrapped``: the row below goes on where this one ends (autowrap, not a new line)."""

    text: str = ""
    styles: str = ""
    wrapped: bool = False


class Run(NamedTuple):
    """Text in one style."""

    text: str
    style: Style


Row: TypeAlias = tuple[Run, ...]

BLANK = Line()


def runs(line: tuple[str, str, bool], styles: Sequence[Style], clusters: Sequence[str]) -> Row:
    """A line as runs of text and style: clusters spelled out, tails of wide characters left out."""
    text, codes, _ = line
    found: list[Run] = []
    start, end = 0, len(codes)
    while start < end:
        code = codes[start]
        stop = start + 1
        while stop < end and codes[stop] == code:
            stop += 1
        run = Run(spell(text[start:stop], clusters), styles[ord(code)])
        if found and found[-1].style == run.style:  # Protected cells have codes of their own.
            run = Run(found.pop().text + run.text, run.style)
        found.append(run)
        start = stop
    return tuple(found)


def spell(text: str, clusters: Sequence[str]) -> str:
    """The characters to print for a line's text."""
    if text.isascii() and WIDE_TAIL not in text:
        return text
    first = chr(FIRST_CLUSTER)
    return "".join(clusters[ord(c) - FIRST_CLUSTER] if c >= first else c for c in text if c != WIDE_TAIL)
