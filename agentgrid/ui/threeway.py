"""Versions of one file against what they come from, as lines for a person: A against B against the base. Pure.

Where a version differs from the base there is a passage: the base's lines, then each version's own; versions that say the same
are shown once, with both letters. Around it a few lines that all have; the rest is left out.

Of a version that was written on top of another, both say the same where the later one kept the earlier one's work: a passage
with one letter missing is what was lost, or is what only the other did.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from agentgrid.workspace.lines import Hunk, diff

CONTEXT_LINES = 3
MAX_LINES = 5000  # More than anybody scrolls through.


class DiffLine(NamedTuple):
    """``role``: common, base, side, skip or head. ``gutter`` says which versions it is of."""

    role: str
    gutter: str
    text: str


def compare(base: str, sides: Sequence[tuple[str, str]]) -> list[DiffLine]:
    """``sides``: letter and text of each version."""
    old = _lines(base)
    versions = [(letter, _lines(text)) for letter, text in sides]
    hunks = [(letter, lines, diff(old, lines)) for letter, lines in versions]
    passages = _passages([(hunk.old_start, hunk.old_stop) for _, _, found in hunks for hunk in found])
    found: list[DiffLine] = []
    done = 0
    for start, stop in passages:
        found += _common(old, done, start, first=done == 0, last=False)
        found += [DiffLine("base", "-", line.decode("utf-8", "replace")) for line in old[start:stop]]
        own = [(letter, _version(lines, changes, start, stop, old)) for letter, lines, changes in hunks]
        groups: dict[tuple[bytes, ...], str] = {}
        for letter, part in own:
            if part != old[start:stop]:
                groups[part] = groups.get(part, "") + letter
        for part, letters in groups.items():
            found += [DiffLine("side", letters, line.decode("utf-8", "replace")) for line in part] or [
                DiffLine("side", letters, "(nothing)")
            ]
        done = stop
        if len(found) > MAX_LINES:
            return [*found[:MAX_LINES], DiffLine("skip", "", "… and more")]
    if passages:
        found += _common(old, done, len(old), first=False, last=True)
    return found


def coloured(unified: str) -> list[DiffLine]:
    """A unified diff, line by line."""
    found: list[DiffLine] = []
    for line in unified.splitlines()[2:]:
        match line[:1]:
            case "+":
                found.append(DiffLine("added", "+", line[1:]))
            case "-":
                found.append(DiffLine("removed", "-", line[1:]))
            case "@":
                found.append(DiffLine("skip", "", line))
            case _:
                found.append(DiffLine("common", " ", line[1:]))
        if len(found) > MAX_LINES:
            return [*found, DiffLine("skip", "", "… and more")]
    return found


def _lines(text: str) -> tuple[bytes, ...]:
    return tuple(line.encode("utf-8", "replace") for line in text.splitlines())


def _passages(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places of the base, those that meet as one."""
    merged: list[tuple[int, int]] = []
    for (start, stop), _ in groupby(sorted(spans)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], stop))
        else:
            merged.append((start, stop))
    return merged


def _version(lines: tuple[bytes, ...], hunks: list[Hunk], start: int, stop: int, old: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """What a version has in the place of the base's lines from ``start`` to before ``stop``."""
    part: list[bytes] = []
    done = start
    for hunk in hunks:
        if hunk.old_start > stop or hunk.old_stop < start or hunk.old_start < done:
            continue
        part += old[done : hunk.old_start]
        part += lines[hunk.new_start : hunk.new_stop]
        done = hunk.old_stop
    part += old[done:stop]
    return tuple(part)


def _common(old: tuple[bytes, ...], start: int, stop: int, *, first: bool, last: bool) -> list[DiffLine]:
    """What all have between two passages: the lines beside them."""
    before = 0 if first else CONTEXT_LINES
    after = 0 if last else CONTEXT_LINES
    lines = [DiffLine("common", "", line.decode("utf-8", "replace")) for line in old[start:stop]]
    if len(lines) <= before + after + 1:
        return lines
    left = len(lines) - before - after
    skipped = DiffLine("skip", "", f"… {left} lines …")
    return [*lines[:before], skipped, *(lines[-after:] if after else ())]
