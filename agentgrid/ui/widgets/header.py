"""A pane's header row: what it says and what it gives up where the pane is narrow. Pure.

From the left: number, glyph and word of the state, name, title; at the right: files changed, how far it is scrolled back,
prompts that wait, the lock, the conflict flag with the other pane's number. Least loss first: the title shrinks, then go the
files, the state's word, the name's end; the number, the glyph and the flags stay.

The glyphs are single-width in wcwidth and in the common terminals and have no emoji form, so that no terminal draws them wide.
"""

import re
import time

from agentgrid.session.pane import Pane, PaneStatus
from agentgrid.ui.parts import GAP, Part, cells, clean, clip, width_of

GLYPHS: dict[PaneStatus, str] = {
    PaneStatus.STARTING: "◌",
    PaneStatus.WORKING: "◐",
    PaneStatus.BLOCKED: "▲",
    PaneStatus.DONE: "✓",
    PaneStatus.IDLE: "○",
    PaneStatus.LIMITED: "‖",
    PaneStatus.ERROR: "✗",
    PaneStatus.EXITED: "■",
    PaneStatus.UNKNOWN: "?",
}
RUNNING = "·"
"""Of a program that is no agent: that it runs is all there is to say, and known."""
FLAG = "⚑"
PENCIL = "✎"
QUEUED = "»"
LOCKED = "⊘"
TOGETHER = "≡"
HERE = "▸"
UP = "↑"

SIGN = re.compile(r"^(?:[\u2800-\u28ff\u25c7\u25d0-\u25d7\u2722-\u274b\u270b*·•]\ufe0f?\s+)+")
"""What agents turn in front of their titles: braille cells, half circles, stars, a raised hand."""
MIN_LOCKED = 60  # Where the header is narrower, name and title come before the words at lock and broadcast.
WORDS = {"locked": f" {LOCKED} locked ", "shared": f" {TOGETHER} broadcast "}
"""Signs at the right with their words, where there is room."""
MAX_RIVALS = 3  # Numbers at the flag; the panel has them all.
MIN_TITLE = 6  # Fewer columns of a title say nothing.


def header(
    pane: Pane, width: int, *, focused: bool, scrolled: int = 0, note: str = "", rivals: tuple[int, ...] = (), mark: str = ""
) -> list[Part]:
    """The parts of the row, ``width`` columns in all. ``scrolled``: rows of history between the view and the screen;
    ``rivals``: the numbers of the panes it is in conflict with; ``mark``: it is typed into with others (``shared``), or chosen for that;
    ``note`` stands in place of the title (what an exited pane needs to say)."""
    state = str(pane.status)
    head = [Part(f"{HERE if focused else ' '}{pane.number or ''} ", "number"), Part(glyph(pane), state)]
    word = Part(f" {state_word(pane)}", state)
    name = clean(pane.name)
    flags = [Part(f" {UP}{scrolled:,} ", "scrolled")] if scrolled else []
    words = WORDS if mark != "chosen" else {"locked": WORDS["locked"]}  # Chosen only, it is not typed into yet.
    at_once = words if width >= MIN_LOCKED else {}
    if mark:
        flags.append(Part(at_once.get("shared", f" {TOGETHER} "), "shared"))
    if pane.queued:
        flags.append(Part(f" {QUEUED}{pane.queued} ", "queued"))
    if pane.locked:
        flags.append(Part(at_once.get("locked", f" {LOCKED} "), "locked"))
    if pane.conflicts:
        flags.append(Part(flag(rivals), "conflict"))
    files = Part(f" {PENCIL}{pane.files_changed} ", "files") if pane.files_changed else None
    room = width - width_of([*head, *flags])

    # What is left for words is dealt out in the order of least loss.
    name_space = cells(name) + 2
    with_word = room - cells(word.text) - name_space >= 0
    if with_word:
        room -= cells(word.text)
    with_files = with_word and files is not None and room - name_space - width_of([files]) >= 0
    if files is not None and with_files:
        room -= width_of([files])
    shown_name = clip(name, max(0, room - 1))
    room -= cells(shown_name) + 1
    title = clean(note or title_of(pane))
    shown_title = clip(title, room - 3) if room - 3 >= MIN_TITLE else ""

    row = head
    if with_word:
        row.append(word)
    row.append(Part(f" {shown_name}" if shown_name else "", "name"))
    if shown_title:
        row.append(Part(f"  {shown_title}", "note" if note else "title"))
    right = [files] if files is not None and with_files else []
    gap = width - width_of([*row, *right, *flags])
    for index, part in enumerate(flags):
        spelled = part._replace(text=words.get(part.role, part.text))
        if gap - width_of([spelled]) + width_of([part]) >= GAP:
            gap -= width_of([spelled]) - width_of([part])
            flags[index] = spelled
    parts = [*row, Part(" " * gap, "title"), *right, *flags]
    return [part for part in parts if part.text] if gap >= 0 else narrowest(head, flags, width)


def flag(rivals: tuple[int, ...]) -> str:
    """The conflict flag: with whom, as far as there is room for it."""
    more = "…" if len(rivals) > MAX_RIVALS else ""
    return f" {FLAG}{','.join(map(str, rivals[:MAX_RIVALS]))}{more} "


def narrowest(head: list[Part], flags: list[Part], width: int) -> list[Part]:
    """Where not even number, glyph and flags have room."""
    found, room = [], width
    for part in [*head, *flags]:
        text = clip(part.text, room)
        room -= cells(text)
        found.append(part._replace(text=text))
    return [*found, Part(" " * room, "title")] if room else [part for part in found if part.text]


def glyph(pane: Pane) -> str:
    return RUNNING if is_program(pane) else GLYPHS[pane.status]


def is_program(pane: Pane) -> bool:
    """It is no agent, and runs."""
    return not pane.agent and pane.status is PaneStatus.UNKNOWN


def state_word(pane: Pane) -> str:
    """The state in a word; where it is known, what a pane waits for, how far it is, when its limit is over."""
    if is_program(pane):
        return "running"
    if pane.status is PaneStatus.BLOCKED and pane.status_kind:
        return f"{pane.status}: {pane.status_kind}"
    if pane.status is PaneStatus.WORKING and pane.progress is not None:
        return f"{pane.status} {pane.progress}%"
    if pane.status is PaneStatus.LIMITED and pane.status_until is not None:
        return f"{pane.status} until {time.strftime('%H:%M', time.localtime(pane.status_until))}"
    if pane.status is PaneStatus.EXITED and pane.exit_code:
        return f"exited {pane.exit_code}" if pane.exit_code > 0 else f"killed {-pane.exit_code}"
    return str(pane.status)


def title_of(pane: Pane) -> str:
    """What the agent says of itself: its question while it waits, else its title without the sign that turns in front of it.

    The state's glyph says the same, and does not make the row flicker.
    """
    if pane.status in (PaneStatus.BLOCKED, PaneStatus.LIMITED, PaneStatus.ERROR) and pane.message:
        return pane.message
    title = SIGN.sub("", pane.title)
    return "" if title == pane.name else title


def exit_text(exit_code: int) -> str:
    """``ended``, ``exited with code 3``, ``ended by SIGKILL``."""
    if exit_code == 0:
        return "ended"
    if exit_code > 0:
        return f"exited with code {exit_code}"
    import signal  # Only a pane that was killed needs the names.

    try:
        return f"ended by {signal.Signals(-exit_code).name}"
    except ValueError:
        return f"ended by signal {-exit_code}"
