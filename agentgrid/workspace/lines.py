"""Whose lines these are: a file's lines with the pane that wrote each, carried from one content to the next.

    version = begin(b"one\\ntwo\\n")                            nobody's
    version, edit = advance(version, b"one\\nTWO\\n", author=3)    line 2 is 3's
    version, edit = advance(version, b"one\\n2\\n", author=5)      edit.lost: 3's line 2

Contents are compared by patience: lines that both have exactly once are anchors, in the longest run in which they stand in
the same order; what is between anchors is compared again. A gap without anchors is small enough for difflib, or one hunk.
In a hunk, a line that was there before stays its owner's: a block that was moved or indented together with others is not
lost. A pane's line is lost when its text is in no line that took the place.

Two edits meet when they touch, as for ``git merge``: the line after somebody's last one is near enough. What a pane deleted
leaves a seam between two lines, and whoever writes there meets it.
"""

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agentgrid.workspace.change import Edit, Range

NOBODY = -1
"""The owner of a line that was there before, or that none of the panes wrote."""

DIFFLIB_LINES = 64  # A side; its time grows with the square, and this is 2 ms.
MAX_SEAMS = 200  # Places where something was deleted; nobody reads a list of more.


class Version(NamedTuple):
    """A content by lines, with the owner of each, and the places (index of the next line) where a pane deleted some."""

    lines: tuple[bytes, ...]
    owners: tuple[int, ...]
    seams: tuple[tuple[int, int], ...] = ()


class Hunk(NamedTuple):
    """Lines ``old_start`` to before ``old_stop`` became ``new_start`` to before ``new_stop``; indices from 0."""

    old_start: int
    old_stop: int
    new_start: int
    new_stop: int


def is_text(content: bytes) -> bool:
    """Whether the content has lines: git's own test, a NUL byte near the start."""
    return b"\0" not in content[:8000]


def begin(content: bytes, owner: int = NOBODY) -> Version:
    """A first version, all of it one owner's."""
    lines = _split(content)
    return Version(lines, (owner,) * len(lines))


def advance(before: Version, content: bytes, author: int) -> tuple[Version, Edit]:
    """The version after an author's change, and what the change did to others' lines."""
    new = begin(content).lines
    owners: list[int] = []
    wrote: list[Range] = []
    met: list[tuple[int, Range]] = []
    lost: list[tuple[int, Range]] = []
    seams: list[tuple[int, int]] = []
    done = 0
    shift = 0
    left = list(before.seams)
    for hunk in diff(before.lines, new):
        old_start, old_stop, new_start, new_stop = hunk
        owners += before.owners[done:old_start]
        while left and left[0][0] < old_start:
            seams.append((left[0][0] + shift, left[0][1]))
            left.pop(0)
        place = _place(hunk, len(new))
        removed, touched = _others(before, new, hunk, author)
        while left and left[0][0] <= old_stop:
            _, pane = left.pop(0)
            if pane != author:
                touched.add(pane)
        lost += [(pane, place) for pane in sorted(removed)]
        met += [(pane, place) for pane in sorted(touched - removed)]
        kept = dict(zip(before.lines[old_start:old_stop], before.owners[old_start:old_stop], strict=True))
        mine = [kept.get(line, author) for line in new[new_start:new_stop]]
        fresh = [index for index, line in enumerate(new[new_start:new_stop], new_start) if line not in kept]
        owners += mine
        wrote += ranges(fresh)
        if new_stop - new_start < old_stop - old_start and author != NOBODY:
            seams.append((new_stop, author))
        done, shift = old_stop, new_stop - old_stop
    owners += before.owners[done:]
    seams += [(index + shift, pane) for index, pane in left]
    return Version(new, tuple(owners), tuple(seams[-MAX_SEAMS:])), Edit(wrote=tuple(wrote), met=tuple(met), lost=tuple(lost))


def lines_of(version: Version, pane: int) -> list[Range]:
    """The lines that are a pane's."""
    return ranges([index for index, owner in enumerate(version.owners) if owner == pane])


def ranges(indices: Sequence[int]) -> list[Range]:
    """Ascending indices from 0 as ranges of line numbers from 1."""
    found: list[Range] = []
    for index in indices:
        if found and found[-1].last == index:
            found[-1] = Range(found[-1].first, index + 1)
        else:
            found.append(Range(index + 1, index + 1))
    return found


def diff(old: Sequence[bytes], new: Sequence[bytes]) -> list[Hunk]:
    """What differs, in order; hunks neither overlap nor touch each other's both sides."""
    merged: list[Hunk] = []
    for hunk in _gaps(old, new, 0, len(old), 0, len(new)):
        if merged and merged[-1].old_stop == hunk.old_start and merged[-1].new_stop == hunk.new_start:
            merged[-1] = Hunk(merged[-1].old_start, hunk.old_stop, merged[-1].new_start, hunk.new_stop)
        else:
            merged.append(hunk)
    return merged


def _gaps(old: Sequence[bytes], new: Sequence[bytes], old_start: int, old_stop: int, new_start: int, new_stop: int) -> Iterator[Hunk]:
    """The hunks of a part of both; a stack instead of recursion, since a file may have as many anchors as lines."""
    stack = [(old_start, old_stop, new_start, new_stop)]
    while stack:
        old_start, old_stop, new_start, new_stop = stack.pop()
        while old_start < old_stop and new_start < new_stop and old[old_start] == new[new_start]:
            old_start, new_start = old_start + 1, new_start + 1
        while old_start < old_stop and new_start < new_stop and old[old_stop - 1] == new[new_stop - 1]:
            old_stop, new_stop = old_stop - 1, new_stop - 1
        if old_start == old_stop or new_start == new_stop:
            if old_start < old_stop or new_start < new_stop:
                yield Hunk(old_start, old_stop, new_start, new_stop)
            continue
        anchors = _anchors(old[old_start:old_stop], new[new_start:new_stop])
        if anchors:
            ends = [(old_start + a, new_start + b) for a, b in anchors]
            begins = [(old_start, new_start), *((a + 1, b + 1) for a, b in ends)]
            parts = [(a, c, b, d) for (a, b), (c, d) in zip(begins, [*ends, (old_stop, new_stop)], strict=True)]
            stack += reversed(parts)
        elif old_stop - old_start <= DIFFLIB_LINES and new_stop - new_start <= DIFFLIB_LINES:
            matcher = difflib.SequenceMatcher(None, old[old_start:old_stop], new[new_start:new_stop], autojunk=False)
            for tag, a, b, c, d in matcher.get_opcodes():
                if tag != "equal":
                    yield Hunk(old_start + a, old_start + b, new_start + c, new_start + d)
        else:
            yield Hunk(old_start, old_stop, new_start, new_stop)


def _anchors(old: Sequence[bytes], new: Sequence[bytes]) -> list[tuple[int, int]]:
    """Indices of the lines that each has exactly once, in the longest run with one order in both."""
    counts = Counter(old)
    places = {line: index for index, line in enumerate(old) if counts[line] == 1}
    counts = Counter(new)
    pairs = [(places[line], index) for index, line in enumerate(new) if counts[line] == 1 and line in places]
    tails: list[int] = []
    ends: list[int] = []
    previous = [-1] * len(pairs)
    for number, (place, _) in enumerate(pairs):
        length = bisect_left(tails, place)
        previous[number] = ends[length - 1] if length else -1
        tails[length : length + 1] = [place]
        ends[length : length + 1] = [number]
    chain: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        chain.append(pairs[number])
        number = previous[number]
    return chain[::-1]


def _others(before: Version, new: Sequence[bytes], hunk: Hunk, author: int) -> tuple[set[int], set[int]]:
    """The panes whose lines a hunk removed, and those whose lines it touched."""
    old_start, old_stop, new_start, new_stop = hunk
    touched = set(before.owners[max(old_start - 1, 0) : old_stop + 1]) - {author, NOBODY}
    if not touched:
        return set(), touched
    instead = b"".join(new[new_start:new_stop])
    removed = {
        owner
        for line, owner in zip(before.lines[old_start:old_stop], before.owners[old_start:old_stop], strict=True)
        if owner in touched and (text := line.strip()) and text not in instead
    }
    return removed, touched


def _place(hunk: Hunk, length: int) -> Range:
    """Where a hunk is in the new content; of a deletion, the line that now stands there."""
    if hunk.new_stop > hunk.new_start:
        return Range(hunk.new_start + 1, hunk.new_stop)
    line = max(1, min(hunk.new_start + 1, length))
    return Range(line, line)


def _split(content: bytes) -> tuple[bytes, ...]:
    """By line feeds alone; ``splitlines`` takes a carriage return for one, too."""
    *whole, rest = content.split(b"\n")
    return (*(line + b"\n" for line in whole), *([rest] if rest else []))
