"""What of a file's changes since the last commit is one pane's: the content that its commit gets.

    committed ──diff──▸ present, with the owner of each line and the places where a pane deleted some (``lines``)
    a hunk all the pane's         is taken            a hunk of others        is left as committed
    a hunk of both                is taken line by line where lines stand for lines, or nothing was there before;
                                  else nobody could say what it would have been: ``Entangled``

Pure.
"""

from typing import NamedTuple

from agentgrid.workspace.change import Range
from agentgrid.workspace.lines import NOBODY, Hunk, Version, begin, diff


class Portion(NamedTuple):
    """The content of a pane's commit. ``whole``: it is the present content, nobody else has a part in it."""

    content: bytes
    whole: bool
    empty: bool
    """Nothing of the pane's is left in the file."""


class Entangled(NamedTuple):
    """Lines of the present content that cannot be told apart, and the panes they are of (``NOBODY``: somebody outside)."""

    lines: Range
    owners: tuple[int, ...]


def portion_of(committed: bytes, present: Version, pane: int) -> Portion | Entangled:
    """The committed content with the pane's changes, and no other's."""
    base = begin(committed).lines
    kept: list[bytes] = []
    done = 0
    taken = others = False
    for hunk in diff(base, present.lines):
        kept += base[done : hunk.old_start]
        done = hunk.old_stop
        owners = _owners(hunk, present)
        if owners == {pane}:
            kept += present.lines[hunk.new_start : hunk.new_stop]
            taken = True
            continue
        others = True
        if pane not in owners:
            kept += base[hunk.old_start : hunk.old_stop]
            continue
        mixed = _line_by_line(hunk, base, present, pane)
        if mixed is None:
            return Entangled(Range(hunk.new_start + 1, max(hunk.new_stop, hunk.new_start + 1)), tuple(sorted(owners)))
        kept += mixed
        taken = True
    kept += base[done:]
    return Portion(b"".join(kept), not others, not taken)


def _owners(hunk: Hunk, present: Version) -> set[int]:
    """Who made the hunk. A seam counts where lines went and others came in their place."""
    owners = set(present.owners[hunk.new_start : hunk.new_stop])
    shrinks = hunk.new_stop - hunk.new_start < hunk.old_stop - hunk.old_start
    if shrinks:
        owners |= {pane for index, pane in present.seams if hunk.new_start <= index <= hunk.new_stop}
    return owners or {NOBODY}


def _line_by_line(hunk: Hunk, base: tuple[bytes, ...], present: Version, pane: int) -> list[bytes] | None:
    """The pane's lines of a hunk that several made; None where lines do not stand for lines."""
    new = list(zip(present.lines[hunk.new_start : hunk.new_stop], present.owners[hunk.new_start : hunk.new_stop], strict=True))
    if hunk.old_start == hunk.old_stop:
        return [line for line, owner in new if owner == pane]
    if hunk.old_stop - hunk.old_start != len(new):
        return None
    old = base[hunk.old_start : hunk.old_stop]
    return [line if owner == pane else before for before, (line, owner) in zip(old, new, strict=True)]
