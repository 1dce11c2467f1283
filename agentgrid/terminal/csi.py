"""The table of CSI sequences, by prefix, intermediates and final; parameters read once and remembered.

A sequence with a colon in it is none of these (only SGR has sub-parameters), and one that is in no table is ignored.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from agentgrid.terminal import editing, keyboard, motion, presentation, rectangles, reports, switching
from agentgrid.terminal.motion import P
from agentgrid.terminal.parser import MAX_SEQUENCE
from agentgrid.terminal.screen import Screen

Action = Callable[[Screen, P], None]

MAX_PARAMETER = 0xFFFF  # As xterm's; more cells than any screen has.


class Sequence(NamedTuple):
    name: str
    what: str
    """What we do, for docs/terminal.md."""
    action: Action


def _restore_cursor(screen: Screen, p: P) -> None:
    if not p:
        screen.restore_cursor()


SEQUENCES: dict[str, Sequence] = {
    "@": Sequence("ICH", "blanks put in at the cursor, within the side margins", editing.insert_characters),
    "A": Sequence("CUU", "up, to the top margin when at or below it", motion.up),
    "B": Sequence("CUD", "down, to the bottom margin when at or above it", motion.down),
    "C": Sequence("CUF", "right, to the right margin when at or left of it", motion.forward),
    "D": Sequence("CUB", "left, to the left margin when at or right of it; over row ends with reverse wrap", motion.back),
    "E": Sequence("CNL", "down, and to the left margin", motion.next_line),
    "F": Sequence("CPL", "up, and to the left margin", motion.previous_line),
    "G": Sequence("CHA", "to a column", motion.column),
    "H": Sequence("CUP", "to a row and column; from the margins' corner in origin mode", motion.position),
    "I": Sequence("CHT", "to the next tab stop, n times, the right margin at most", motion.tab),
    "J": Sequence("ED", "erase to the end (0), the beginning (1) or all (2) of the screen, or the history (3)", editing.erase_in_display),
    "K": Sequence("EL", "erase to the end (0), the beginning (1) or all (2) of the row", editing.erase_in_line),
    "L": Sequence("IL", "blank rows put in, within the margins", editing.insert_rows),
    "M": Sequence("DL", "rows taken out, within the margins", editing.delete_rows),
    "P": Sequence("DCH", "cells taken out, within the side margins", editing.delete_characters),
    "S": Sequence("SU", "scroll up; on the whole main screen rows go into the history", editing.scroll_up),
    "T": Sequence("SD", "scroll down", editing.scroll_down),
    "^": Sequence("SD", "scroll down", editing.scroll_down),
    "W": Sequence("CTC", "set a tab stop (0), clear it (2), clear all (5)", motion.tab_control),
    "X": Sequence("ECH", "erase n cells", editing.erase_characters),
    "Z": Sequence("CBT", "to the tab stop before, n times", motion.tab_back),
    "`": Sequence("HPA", "to a column", motion.column),
    "a": Sequence("HPR", "right, to the edge", motion.column_relative),
    "b": Sequence("REP", "the character written just before again; nothing after a control", editing.repeat),
    "c": Sequence(
        "DA1",
        "answered: VT525 with selective erase, national sets, technical set, windows, horizontal scrolling, colour, rectangles",
        reports.primary_attributes,
    ),
    "d": Sequence("VPA", "to a row", motion.row),
    "e": Sequence("VPR", "down, to the edge", motion.row_relative),
    "f": Sequence("HVP", "as CUP", motion.position),
    "g": Sequence("TBC", "clear a tab stop (0) or all (3)", motion.clear_tab_stop),
    "h": Sequence("SM", "set modes (see below)", switching.set_ansi),
    "l": Sequence("RM", "reset modes (see below)", switching.reset_ansi),
    "n": Sequence("DSR, CPR", "answered: in order (5), the cursor's place (6)", reports.status),
    "r": Sequence("DECSTBM", "top and bottom margin; home", motion.set_rows),
    "s": Sequence("DECSLRM, SCOSC", "left and right margin while DECLRMM is set, else save the cursor", switching.set_columns_or_save),
    "t": Sequence(
        "XTWINOPS",
        "answered: state, place, sizes (11, 13–16, 18, 19), an empty title (20, 21); titles pushed and popped (22, 23); nothing else",
        reports.window,
    ),
    "u": Sequence("SCORC", "restore the cursor", _restore_cursor),
    "x": Sequence("DECREQTPARM", "answered, as a VT100 of 9600 baud would", reports.terminal_parameters),
    " @": Sequence("SL", "columns move left, within the margins", editing.scroll_left),
    " A": Sequence("SR", "columns move right, within the margins", editing.scroll_right),
    " q": Sequence("DECSCUSR", "the cursor's shape", switching.cursor_style),
    "!p": Sequence("DECSTR", "soft reset", switching.soft_reset),
    "'}": Sequence("DECIC", "columns put in at the cursor, within the margins", editing.insert_columns),
    "'~": Sequence("DECDC", "columns taken out at the cursor, within the margins", editing.delete_columns),
    '"q': Sequence("DECSCA", "what is written is protected from DECSED, DECSEL, DECSERA", switching.protect),
    '"p': Sequence("DECSCL", "a VT level, and a reset with it", switching.conformance),
    "$p": Sequence("DECRQM", "answered: set, reset, permanently so, or unknown", reports.ansi_mode),
    "$r": Sequence("DECCARA", "set or reset attributes of an area", rectangles.change_attributes),
    "$t": Sequence("DECRARA", "turn over attributes of an area", rectangles.reverse_attributes),
    "$v": Sequence("DECCRA", "copy an area", rectangles.copy),
    "$w": Sequence("DECRQPSR", "answered: the state of the cursor (1), the tab stops (2)", presentation.report),
    "$x": Sequence("DECFRA", "fill an area with a character", rectangles.fill),
    "$z": Sequence("DECERA", "erase an area", rectangles.erase),
    "${": Sequence("DECSERA", "erase what is not protected in an area", rectangles.selective_erase),
    "*x": Sequence("DECSACE", "whether DECCARA and DECRARA take a stream or a rectangle", rectangles.set_extent),
    "*y": Sequence("DECRQCRA", "answered: the negated sum of an area's text and renditions, or as XTCHECKSUM says", rectangles.checksum),
    "#{": Sequence("XTPUSHSGR", "push the rendition, whole", switching.push_pen),
    "#}": Sequence("XTPOPSGR", "pop the rendition", switching.pop_pen),
    "#p": Sequence("XTPUSHSGR", "push the rendition, whole", switching.push_pen),
    "#q": Sequence("XTPOPSGR", "pop the rendition", switching.pop_pen),
    "#y": Sequence("XTCHECKSUM", "how DECRQCRA sums: not negated (1), characters only (2)", rectangles.set_checksum),
    "#|": Sequence("XTREPORTSGR", "answered: the rendition of an area's first cell", reports.rendition),
    "?$p": Sequence("DECRQM", "answered: set, reset, permanently so, or unknown", reports.private_mode),
    "?J": Sequence("DECSED", "as ED, but not what DECSCA protects", editing.selective_in_display),
    "?K": Sequence("DECSEL", "as EL, but not what DECSCA protects", editing.selective_in_line),
    "?W": Sequence("DECST8C", "a tab stop every eight columns (5)", motion.default_tab_stops),
    "?h": Sequence("DECSET", "set modes (see below)", switching.set_private),
    "?l": Sequence("DECRST", "reset modes (see below)", switching.reset_private),
    "?m": Sequence("XTQMODKEYS", "answered: modifyOtherKeys", reports.modify_other_keys),
    "?n": Sequence(
        "DSR",
        "answered: the cursor's place (6), no printer, locator or macros (15, 25, 26, 53, 55, 56, 62, 63, 75, 85), dark or light (996)",
        reports.private_status,
    ),
    "?r": Sequence("XTRESTORE", "modes as they were saved", switching.restore),
    "?s": Sequence("XTSAVE", "save modes", switching.save),
    "?u": Sequence("kitty keyboard query", "answered: the keyboard flags of this screen", reports.kitty_keyboard),
    ">c": Sequence("DA2", "answered: VT525, our version", reports.secondary_attributes),
    ">m": Sequence("XTMODKEYS", "modifyOtherKeys", keyboard.modify),
    ">n": Sequence("XTMODKEYS off", "modifyOtherKeys off", keyboard.stop_modifying),
    ">q": Sequence("XTVERSION", "answered: agentgrid and its version", reports.version),
    ">u": Sequence("kitty keyboard push", "push keyboard flags", keyboard.push),
    "<u": Sequence("kitty keyboard pop", "pop keyboard flags", keyboard.pop),
    "=u": Sequence("kitty keyboard flags", "set (1), add (2) or take away (3) keyboard flags", keyboard.change),
    "=c": Sequence("DA3", "answered: a unit of no number", reports.tertiary_attributes),
}

_MISSPELT: dict[str, tuple[Action, tuple[int, ...]]] = {
    "\x1b[>4;?m": (reports.modify_other_keys, (4,)),  # Gemini CLI asks for modifyOtherKeys so, and waits.
}
_PARTS = re.compile(r"\x1b\[([<-?]?)([0-9;]*)([ -/]*)([@-~])").fullmatch


def read(control: str) -> tuple[Action, tuple[int, ...]] | None:
    """The action of a CSI sequence and its parameters, or None when there is none."""
    parts = _PARTS(control)
    if parts is None or len(control) > MAX_SEQUENCE:
        return _MISSPELT.get(control)
    prefix, parameters, intermediates, final = parts.groups()
    sequence = SEQUENCES.get(prefix + intermediates + final)
    if sequence is None:
        return None
    words = parameters.split(";") if parameters else []
    return sequence.action, tuple([min(int(word), MAX_PARAMETER) if word else 0 for word in words])
