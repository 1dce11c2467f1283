"""The table of CSI sequences, by prefix, intermediates and final; parameters read once and remembered.

A sequence with a colon in it is none of these (only SGR has sub-parameters), and one that is in no table is ignored.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from agentgrid.terminal import editing, keyboard, motion, rectangles, reports, switching
from agentgrid.terminal.motion import P
from agentgrid.terminal.parser import MAX_SEQUENCE
from agentgrid.terminal.screen import Screen

Action = Callable[[Screen, P], None]

MAX_PARAMETER = 0xFFFF  # As xterm's; more cells than any screen has.


class Sequence(NamedTuple):
    name: str
    action: Action


def _restore_cursor(screen: Screen, p: P) -> None:
    if not p:
        screen.restore_cursor()


SEQUENCES: dict[str, Sequence] = {
    "@": Sequence("ICH", editing.insert_characters),
    "A": Sequence("CUU", motion.up),
    "B": Sequence("CUD", motion.down),
    "C": Sequence("CUF", motion.forward),
    "D": Sequence("CUB", motion.back),
    "E": Sequence("CNL", motion.next_line),
    "F": Sequence("CPL", motion.previous_line),
    "G": Sequence("CHA", motion.column),
    "H": Sequence("CUP", motion.position),
    "I": Sequence("CHT", motion.tab),
    "J": Sequence("ED", editing.erase_in_display),
    "K": Sequence("EL", editing.erase_in_line),
    "L": Sequence("IL", editing.insert_rows),
    "M": Sequence("DL", editing.delete_rows),
    "P": Sequence("DCH", editing.delete_characters),
    "S": Sequence("SU", editing.scroll_up),
    "T": Sequence("SD", editing.scroll_down),
    "^": Sequence("SD", editing.scroll_down),
    "W": Sequence("CTC", motion.tab_control),
    "X": Sequence("ECH", editing.erase_characters),
    "Z": Sequence("CBT", motion.tab_back),
    "`": Sequence("HPA", motion.column),
    "a": Sequence("HPR", motion.column_relative),
    "b": Sequence("REP", editing.repeat),
    "c": Sequence("DA1", reports.primary_attributes),
    "d": Sequence("VPA", motion.row),
    "e": Sequence("VPR", motion.row_relative),
    "f": Sequence("HVP", motion.position),
    "g": Sequence("TBC", motion.clear_tab_stop),
    "h": Sequence("SM", switching.set_ansi),
    "l": Sequence("RM", switching.reset_ansi),
    "n": Sequence("DSR, CPR", reports.status),
    "r": Sequence("DECSTBM", motion.set_rows),
    "s": Sequence("DECSLRM, SCOSC", switching.set_columns_or_save),
    "t": Sequence("XTWINOPS", reports.window),
    "u": Sequence("SCORC", _restore_cursor),
    "x": Sequence("DECREQTPARM", reports.terminal_parameters),
    " @": Sequence("SL", editing.scroll_left),
    " A": Sequence("SR", editing.scroll_right),
    " q": Sequence("DECSCUSR", switching.cursor_style),
    "!p": Sequence("DECSTR", switching.soft_reset),
    "'}": Sequence("DECIC", editing.insert_columns),
    "'~": Sequence("DECDC", editing.delete_columns),
    '"q': Sequence("DECSCA", switching.protect),
    '"p': Sequence("DECSCL", switching.conformance),
    "$p": Sequence("DECRQM", reports.ansi_mode),
    "$r": Sequence("DECCARA", rectangles.change_attributes),
    "$t": Sequence("DECRARA", rectangles.reverse_attributes),
    "$v": Sequence("DECCRA", rectangles.copy),
    "$x": Sequence("DECFRA", rectangles.fill),
    "$z": Sequence("DECERA", rectangles.erase),
    "${": Sequence("DECSERA", rectangles.selective_erase),
    "*x": Sequence("DECSACE", rectangles.set_extent),
    "*y": Sequence("DECRQCRA", rectangles.checksum),
    "#{": Sequence("XTPUSHSGR", switching.push_pen),
    "#}": Sequence("XTPOPSGR", switching.pop_pen),
    "#p": Sequence("XTPUSHSGR", switching.push_pen),
    "#q": Sequence("XTPOPSGR", switching.pop_pen),
    "#|": Sequence("XTREPORTSGR", reports.rendition),
    "?$p": Sequence("DECRQM", reports.private_mode),
    "?J": Sequence("DECSED", editing.selective_in_display),
    "?K": Sequence("DECSEL", editing.selective_in_line),
    "?W": Sequence("DECST8C", motion.default_tab_stops),
    "?h": Sequence("DECSET", switching.set_private),
    "?l": Sequence("DECRST", switching.reset_private),
    "?m": Sequence("XTQMODKEYS", reports.modify_other_keys),
    "?n": Sequence("DSR", reports.private_status),
    "?r": Sequence("XTRESTORE", switching.restore),
    "?s": Sequence("XTSAVE", switching.save),
    "?u": Sequence("kitty keyboard query", reports.kitty_keyboard),
    ">c": Sequence("DA2", reports.secondary_attributes),
    ">m": Sequence("XTMODKEYS", keyboard.modify),
    ">n": Sequence("XTMODKEYS off", keyboard.stop_modifying),
    ">q": Sequence("XTVERSION", reports.version),
    ">u": Sequence("kitty keyboard push", keyboard.push),
    "<u": Sequence("kitty keyboard pop", keyboard.pop),
    "=u": Sequence("kitty keyboard flags", keyboard.change),
    "=c": Sequence("DA3", reports.tertiary_attributes),
}

_PARTS = re.compile(r"\x1b\[([<-?]?)([0-9;]*)([ -/]*)([@-~])").fullmatch


def read(control: str) -> tuple[Action, tuple[int, ...]] | None:
    """The action of a CSI sequence and its parameters, or None when there is none."""
    parts = _PARTS(control)
    if parts is None or len(control) > MAX_SEQUENCE:
        return None
    prefix, parameters, intermediates, final = parts.groups()
    sequence = SEQUENCES.get(prefix + intermediates + final)
    if sequence is None:
        return None
    words = parameters.split(";") if parameters else []
    return sequence.action, tuple([min(int(word), MAX_PARAMETER) if word else 0 for word in words])
