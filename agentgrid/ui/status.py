"""The status line: session, how the panes are, conflicts, mode, page, and the keys that matter now. Pure.

A message (a mistake, an answer) takes the place of mode and keys while it is fresh. Where the window is narrow the keys go
first, then the quieter counts, then the page; the mode and what needs the person stay.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from agentgrid.session.pane import Pane, PaneStatus
from agentgrid.ui.parts import GAP, Part, cells, clean, clip, lay_out
from agentgrid.ui.widgets.header import FLAG, is_program

COUNTED: tuple[tuple[PaneStatus, str, int], ...] = (
    (PaneStatus.BLOCKED, "need you", 1),
    (PaneStatus.ERROR, "error", 2),
    (PaneStatus.LIMITED, "limited", 3),
    (PaneStatus.WORKING, "working", 4),
    (PaneStatus.DONE, "done", 4),
    (PaneStatus.IDLE, "idle", 6),
    (PaneStatus.STARTING, "starting", 6),
    (PaneStatus.EXITED, "exited", 5),
    (PaneStatus.UNKNOWN, "unknown", 5),
)
"""State, how its count reads, and when it gives way."""


class Bar(NamedTuple):
    """All that the line shows. ``keys`` are (key, what it does), most useful first."""

    session: str
    mode: str
    mode_role: str = "mode"
    counts: tuple[tuple[str, int, str, int], ...] = ()
    conflicts: int = 0
    parked: int = 0
    page: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    before: str = ""
    """The key that comes before all of ``keys``."""
    message: str = ""
    message_role: str = "message"


def counts(panes: Iterable[Pane]) -> tuple[tuple[str, int, str, int], ...]:
    """(state, how many, how it reads, when it goes) of every state that some pane is in."""
    shown = list(panes)
    programs = sum(1 for pane in shown if is_program(pane))
    tally = Counter(pane.status for pane in shown if not is_program(pane))
    found = [(str(status), tally[status], words, goes) for status, words, goes in COUNTED if tally[status]]
    return (*found, (str(PaneStatus.UNKNOWN), programs, "running", 7)) if programs else tuple(found)


def status_line(bar: Bar, width: int) -> list[Part]:
    """The parts of the row, ``width`` columns in all."""
    left = [Part(f" {clean(bar.session)} ", "session", 2), Part(" ", "fill", 2)]
    for number, (state, count, words, goes) in enumerate(bar.counts):
        if number:
            left.append(Part(" · ", "quiet", goes))
        left.append(Part(f"{count} {plural(words, count)}", state, goes))
    if bar.conflicts:
        left.append(Part(f"  {FLAG}{bar.conflicts} {'conflict' if bar.conflicts == 1 else 'conflicts'}", "conflict", 1))
    if bar.parked:
        left.append(Part(f"  {bar.parked} parked", "quiet", 6))
    right = []
    if bar.page:
        right.append(Part(f" {bar.page} ", "page"))
    if bar.message:
        room = width - sum(cells(part.text) for part in right) - 2
        right.insert(0, Part(f" {clip(clean(bar.message), max(8, room))} ", bar.message_role))
        return lay_out(left, right, width, "fill")
    right = [Part(f" {clean(bar.mode)} ", bar.mode_role), *key_parts(bar.keys, bar.before), *right]
    kept = keys_that_fit(right, width - GAP - sum(cells(part.text) for part in left if part.priority < 6))
    return lay_out(left, kept, width, "fill")


def plural(words: str, count: int) -> str:
    """``2 need you``, ``1 needs you``; the other words stay."""
    return "needs you" if words == "need you" and count == 1 else words


def key_parts(keys: Sequence[tuple[str, str]], before: str) -> list[Part]:
    """Two parts a key; the last key is the first to go."""
    found = [Part(f" {before}", "quiet", 10)] if before and keys else []
    for number, (key, does) in enumerate(keys):
        found.append(Part(f" {key}", "key", 10 + number))
        found.append(Part(f" {does} ", "quiet", 10 + number))
    return found


def keys_that_fit(parts: list[Part], width: int) -> list[Part]:
    """The right side without the keys that would push out a count."""
    while sum(cells(part.text) for part in parts) > width:
        last = max(part.priority for part in parts)
        if last < 10:
            return parts
        parts = [part for part in parts if part.priority != last]
    return parts
