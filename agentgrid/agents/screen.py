"""The live bottom of a screen as text that rules can be written for.

``bottom`` takes the rows of a screen from the last that is not blank upwards. ``normal`` brings them into a form that does
not depend on a pane's width: borders and scroll bars at the sides are gone, a run of a line-drawing character is one of it,
and what was padded with blanks is not. Rules say ``(?:\\s+)`` where they have a blank, so that a phrase that was wrapped is
found all the same (``rules``).
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from agentgrid.terminal.row import FIRST_CLUSTER, WIDE_TAIL, Line, spell

MAX_BOTTOM_ROWS = 24  # A dialog with a diff is about 20 rows; more of a screen is its past.

_CLUSTER = re.compile(f"[{chr(FIRST_CLUSTER)}-\U0010ffff]")
_LEFT = re.compile(r"^[\s│┃║▌▏|]+")
_RIGHT = re.compile(r"[\s│┃║█▐▕|]+$")
_RUN = re.compile(r"([─━═╌┄▀▄▔▁_])\1{2,}")
_CORNERS = re.compile(r"^[╭╰┌└╹╻╔╚]?([─━═╌┄▀▄▔▁_])[╮╯┐┘╗╝]?$")


def bottom(lines: Sequence[Line], clusters: Sequence[str], count: int = MAX_BOTTOM_ROWS) -> tuple[str, ...]:
    """The last ``count`` rows down to the last that is not blank, as plain text."""
    end = len(lines)
    while end and not lines[end - 1].text.strip(" \0"):
        end -= 1
    return tuple(_plain(line.text, clusters) for line in lines[max(0, end - count) : end])


def normal(rows: Sequence[str]) -> str:
    """The rows in the form that rules are written for, joined by newlines."""
    return "\n".join([_normal(row) for row in rows])


def inside(row: str) -> str:
    """A row without borders and scroll bars at its sides; its indentation is kept."""
    return _RIGHT.sub("", re.sub(r"^(\s*)[│┃║▌▏|]", r"\1 ", row))


def _plain(text: str, clusters: Sequence[str]) -> str:
    if text.isascii() and WIDE_TAIL not in text:
        return text.rstrip()
    text = text.replace(WIDE_TAIL, "")
    return (spell(text, clusters) if _CLUSTER.search(text) else text).rstrip()


@lru_cache(maxsize=4096)  # Most rows of a bottom are as they were: nine panes of 24 rows, many times over.
def _normal(row: str) -> str:
    row = _RUN.sub(r"\1", row)
    row = _RIGHT.sub("", _LEFT.sub("", row))
    found = _CORNERS.match(row)
    return found.group(1) if found else row
