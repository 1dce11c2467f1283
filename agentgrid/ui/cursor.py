"""The outer terminal's own cursor: where the focused pane has its, as visible and of the same shape. Input methods anchor there.

Pure: from the cursor as it was to the cursor as it shall be, in sequences (DECTCEM, DECSCUSR, CUP).
"""

from typing import NamedTuple


class HardwareCursor(NamedTuple):
    """In window cells. ``shape`` as DECSCUSR has it, 0 is the terminal's own."""

    row: int = 0
    column: int = 0
    visible: bool = False
    shape: int = 0


HIDE = "\x1b[?25l"
SHOW = "\x1b[?25h"


def put(cursor: HardwareCursor) -> str:
    return f"\x1b[{cursor.row + 1};{cursor.column + 1}H"


def look_change(before: HardwareCursor, after: HardwareCursor) -> str:
    """Shape and visibility, where they differ; not the position."""
    out = ""
    if after.shape != before.shape and after.visible:
        out += f"\x1b[{after.shape} q"
    if after.visible != before.visible:
        out += SHOW if after.visible else HIDE
    return out
