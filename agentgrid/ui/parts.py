"""A row of chrome as parts: pieces of text, each with a role that a style sheet colours. Pure.

``lay_out`` fits what is on the left and what is on the right of a row into its width; nothing wraps, nothing is cut in the
middle of a character. Which parts a row has, and which it gives up first, is its own business (``header``, ``status``).
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len

from agentgrid.ui.render import UNPRINTABLE

LOOSE = re.compile("^[\u0300-\u036f\u200d\ufe00-\ufe0f]+|(?<![^\0-\u218f])\u200d|\u200d(?![^\0-\u218f])")
"""Marks and joiners that have nothing to join with: they would take hold of whatever stands beside the text.

What joins is at U+2190 or above. It is said as what is not below, which compiles in a fifth of the time.
"""

ELLIPSIS = "…"
GAP = 2  # Between what is at the left and what is at the right, where both are there.


class Part(NamedTuple):
    """Text in one role. ``priority`` says when it goes, where not all fit: the highest first."""

    text: str
    role: str = ""
    priority: int = 0


@lru_cache(maxsize=4096)
def cells(text: str) -> int:
    """How many columns a text takes."""
    return len(text) if text.isascii() else cell_len(text)


@lru_cache(maxsize=2048)
def clean(text: str) -> str:
    """A text of unknown origin on one line, without anything that is not printed."""
    if text.isascii() and text.isprintable():
        return text
    return LOOSE.sub("", " ".join(UNPRINTABLE.sub(" ", text).split()))


@lru_cache(maxsize=2048)
def clip(text: str, width: int) -> str:
    """The text, or its beginning and an ellipsis, in at most ``width`` columns."""
    if cells(text) <= width:
        return text
    if width < 2:
        return ELLIPSIS[:width]
    from wcwidth import iter_graphemes  # Only a text that is cut, and is not plain, needs it.

    kept, room = [], width - 1
    for grapheme in iter_graphemes(text):
        room -= cells(grapheme)
        if room < 0:
            break
        kept.append(grapheme)
    return "".join(kept).rstrip() + ELLIPSIS


def clip_middle(text: str, width: int) -> str:
    """The same for a path: its end says more than its middle."""
    if cells(text) <= width or width < 8:
        return clip(text, width)
    tail = text[-(width * 2 // 3) :]
    while cells(tail) > width - 2:
        tail = tail[1:]
    return clip(text, width - cells(tail)) + tail


def width_of(parts: Iterable[Part]) -> int:
    return sum(cells(part.text) for part in parts)


def fit(parts: Sequence[Part], width: int) -> list[Part]:
    """The parts without those of the highest priorities, until they fit; priority 0 stays, clipped if it must."""
    kept = list(parts)
    while width_of(kept) > width:
        last = max((part.priority for part in kept), default=0)
        if last == 0:
            return clipped(kept, width)
        kept = [part for part in kept if part.priority != last]
    return kept


def clipped(parts: Sequence[Part], width: int) -> list[Part]:
    """As much of the parts, from the left, as fits."""
    found = []
    for part in parts:
        if width <= 0:
            break
        text = clip(part.text, width)
        found.append(part._replace(text=text))
        width -= cells(text)
    return found


def lay_out(left: Sequence[Part], right: Sequence[Part], width: int, fill: str = "") -> list[Part]:
    """Left parts, a gap in the role ``fill``, right parts: exactly ``width`` columns. The left side gives way first."""
    right = fit(right, width)
    left = fit(left, max(0, width - width_of(right) - (GAP if right else 0)))
    gap = width - width_of(left) - width_of(right)
    return [*left, Part(" " * gap, fill), *right] if gap else [*left, *right]
