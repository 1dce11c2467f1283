"""Classes of characters by the Unicode tables, as regular expressions.

A class has hundreds of ranges and takes milliseconds to compile, so each expression is compiled when it is first used: most
panes never print what half of them look for. Beyond the BMP ``re`` looks through a class range by range, and there nearly
everything is odd: such characters are taken whole.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from wcwidth.table_ambiguous import AMBIGUOUS_EASTASIAN
from wcwidth.table_grapheme import (
    GRAPHEME_EXTEND,
    GRAPHEME_L,
    GRAPHEME_LV,
    GRAPHEME_LVT,
    GRAPHEME_PREPEND,
    GRAPHEME_REGIONAL_INDICATOR,
    GRAPHEME_SPACINGMARK,
    GRAPHEME_T,
    GRAPHEME_V,
    INCB_LINKER,
)
from wcwidth.table_wide import WIDE_EASTASIAN
from wcwidth.table_zero import ZERO_WIDTH

Ranges = Iterable[tuple[int, int]]

_BMP = 0xFFFF
_ALL_BEYOND = "\\U00010000-\\U0010ffff"
_JOINING_BEYOND = "\\U00010000-\\U0001f1ff\\U0001f3fb-\\U0001f3ff\\U000e0000-\\U0010ffff"
_JOINS_BEFORE = (GRAPHEME_EXTEND, GRAPHEME_SPACINGMARK, [(0x200D, 0x200D)])
_JOINS_MAYBE = (GRAPHEME_REGIONAL_INDICATOR, GRAPHEME_L, GRAPHEME_V, GRAPHEME_T, GRAPHEME_LV, GRAPHEME_LVT)


class Expression:
    """A pattern that is compiled at its first use; from then on its methods are the pattern's own."""

    def __init__(self, text: Callable[[], str]) -> None:
        self._text = text

    if TYPE_CHECKING:
        search: Callable[[str], re.Match[str] | None]
        match: Callable[[str], re.Match[str] | None]
        finditer: Callable[[str], Iterable[re.Match[str]]]
        sub: Callable[[Callable[[re.Match[str]], str], str], str]
    else:

        def __getattr__(self, name: str) -> object:
            pattern = re.compile(self._text())
            self.search, self.match, self.finditer, self.sub = pattern.search, pattern.match, pattern.finditer, pattern.sub
            return object.__getattribute__(self, name)


def _newest(tables: Mapping[str, Ranges]) -> Ranges:
    return list(tables.values())[-1]


def _ranges(*tables: Ranges, last: int = 0x10FFFF) -> str:
    """The inside of a character class, beyond ASCII: few ranges of plain characters, since ``re`` is slow to read escapes."""
    merged: list[list[int]] = []
    for first, end in sorted((first, min(end, last)) for table in tables for first, end in table if 0x7F < first <= last):
        if merged and first <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([first, end])
    return "".join(f"{chr(first)}-{chr(end)}" for first, end in merged)


@cache
def _odd() -> str:
    tables = (_newest(WIDE_EASTASIAN), _newest(ZERO_WIDTH), *_JOINS_BEFORE, *_JOINS_MAYBE, GRAPHEME_PREPEND)
    return _ranges(*tables, last=_BMP) + _ALL_BEYOND


@cache
def _odd_or_ambiguous() -> str:
    return _odd() + _ranges(_newest(AMBIGUOUS_EASTASIAN), last=_BMP)


@cache
def _joining() -> str:
    tables = (*_JOINS_BEFORE, GRAPHEME_REGIONAL_INDICATOR, GRAPHEME_L, GRAPHEME_V, GRAPHEME_T, GRAPHEME_PREPEND)
    return _ranges(*tables, last=_BMP) + _JOINING_BEYOND


@cache
def _joining_oddly() -> str:
    marks = [(0x200D, 0x200D), (0xFE0E, 0xFE0F)]
    tables = (marks, GRAPHEME_SPACINGMARK, GRAPHEME_L, GRAPHEME_V, GRAPHEME_T, GRAPHEME_PREPEND, INCB_LINKER)
    return _ranges(*tables, last=_BMP) + _JOINING_BEYOND


ODD = Expression(lambda: f"[{_odd()}]")
"""Anything but characters of one cell that stand alone."""
ODD_OR_AMBIGUOUS = Expression(lambda: f"[{_odd_or_ambiguous()}]")
ODD_RUN = Expression(lambda: f"[{_odd()}]+")
ODD_OR_AMBIGUOUS_RUN = Expression(lambda: f"[{_odd_or_ambiguous()}]+")
JOINING = Expression(lambda: f"[{_joining()}]")
"""What may be one cluster with a neighbour. No two other characters ever are."""
JOINING_RUN = Expression(lambda: f"[{_joining()}]+")
JOINING_ODDLY = Expression(lambda: f"[{_joining_oddly()}]")
"""What makes the width of a text another than the sum of its characters' widths."""
ATTACHED = Expression(lambda: f"[{_ranges(*_JOINS_BEFORE, _newest(ZERO_WIDTH))}]")
"""What belongs to the cell before it, wherever that came from."""
OPEN_MAYBE = Expression(lambda: f"[{_joining()}{_ranges(GRAPHEME_LV, GRAPHEME_LVT, _newest(ZERO_WIDTH), last=_BMP)}]")
"""What more than marks may join; quick, and true as well of some that nothing joins."""
OPEN = Expression(
    lambda: f"[{_ranges(GRAPHEME_PREPEND, *_JOINS_MAYBE, [(0x200D, 0x200D)])}]\\Z|[{_ranges(INCB_LINKER)}][{_ranges(*_JOINS_BEFORE)}]*\\Z"
)
"""A text that ends in a cluster which more than marks may join."""
