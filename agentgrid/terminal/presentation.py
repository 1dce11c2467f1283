"""The presentation state: where the cursor is and how it writes, and the tab stops, reported (DECRQPSR) and restored (DECRSPS).

A program that borrows the screen asks for it and sends the same words back when it is done. What is no such report, or does
not fit the screen, changes nothing, or as much of it as fits.

VT510 manual, "DECRQPSR", "DECCIR", "DECTABSR", "DECRSPS".
Deviation: colours are no part of the report, so restoring one leaves them as they are; GR is reported as G2, as xterm does.
"""

import re

from agentgrid.terminal import charsets, modes
from agentgrid.terminal.motion import P, first
from agentgrid.terminal.reports import reply
from agentgrid.terminal.screen import Screen
from agentgrid.terminal.style import FIELDS

_RENDITION = {"bold": 1, "underline": 2, "blink": 4, "reverse": 8}
_ORIGIN, _SINGLE_SHIFT_2, _SINGLE_SHIFT_3, _WRAP = 1, 2, 4, 8
_BITS = 0x40  # Bits are sent as a character of the column that begins with @.
_GR = 2

_CURSOR = re.compile(r"([0-9]+);([0-9]+);[0-9]*;([@-O])[@-~]*;([@-A])[@-~]*;([@-O]);([0-3]);[0-3];[@-~]+;(\S+)").fullmatch
_DESIGNATION = re.compile(r"[ -/]?[0-~]").findall
_TAB_STOPS = re.compile(r"[0-9]{1,5}(?:/[0-9]{1,5})*").fullmatch


def report(screen: Screen, p: P) -> None:
    """DECRQPSR."""
    match first(p, 0):
        case 1:
            reply(screen, f"\x1bP1$u{_cursor(screen)}\x1b\\")
        case 2:
            reply(screen, f"\x1bP2$u{'/'.join(str(stop + 1) for stop in sorted(screen.tabstops))}\x1b\\")


def restore(screen: Screen, kind: str, text: str) -> None:
    """DECRSPS: a report sent back."""
    if kind == "1" and (cursor := _CURSOR(text)) is not None:
        _restore_cursor(screen, *cursor.groups())
    elif kind == "2" and (_TAB_STOPS(text) or not text):
        stops = [int(word) - 1 for word in text.split("/") if word]
        screen.tabstops = {stop for stop in stops if 0 <= stop < screen.columns}


def _cursor(screen: Screen) -> str:
    values = screen.pen.values
    rendition = sum(bit for name, bit in _RENDITION.items() if values[FIELDS[name]])
    state = _ORIGIN if modes.DECOM in screen.mode else 0
    state |= {2: _SINGLE_SHIFT_2, 3: _SINGLE_SHIFT_3}.get(screen.single_shift, 0)
    state |= _WRAP if screen.wrap_next else 0
    bits = [chr(_BITS + number) for number in (rendition, screen.is_protecting, state)]
    place = f"{screen.cursor.y + 1};{screen.cursor.x + 1};1"
    return f"{place};{';'.join(bits)};{screen.charset};{_GR};@;{''.join(screen.designations)}"


def _restore_cursor(
    screen: Screen, row: str, column: str, rendition: str, protected: str, state: str, charset: str, designated: str
) -> None:
    bits = ord(rendition)
    for name, bit in _RENDITION.items():
        wanted = bool(bits & bit)
        if wanted != bool(screen.pen.values[FIELDS[name]]):
            screen.pen = screen.styles.pen_with(screen.pen, name, int(wanted) if name == "underline" else wanted)
    screen.set_protected(protected == "A")
    if protected == "A":
        screen.protection = "DEC"
    flags = ord(state)
    (screen.mode.add if flags & _ORIGIN else screen.mode.discard)(modes.DECOM)
    screen.single_shift = 2 if flags & _SINGLE_SHIFT_2 else 3 if flags & _SINGLE_SHIFT_3 else 0
    screen.charset = int(charset)
    for slot, code in enumerate(_DESIGNATION(designated)[:4]):
        if code in charsets.CHARSETS:
            screen.designations[slot] = code
    screen.move(int(row[-6:]) - 1, int(column[-6:]) - 1)
    screen.wrap_next = bool(flags & _WRAP) and screen.cursor.x in (screen.right, screen.columns - 1)
    screen.tune()
