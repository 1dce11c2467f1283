"""Modes by number and by name: the one place that knows both.

A mode is in ``Screen.mode`` (a set, as pyte keeps it) while it is set; private modes are there by ``private(number)``.
"""

from typing import NamedTuple

PRIVATE = 5  # pyte shifts a private mode's number by this many bits.


def private(number: int) -> int:
    return number << PRIVATE


KAM, IRM, SRM, LNM = 2, 4, 12, 20
DECCKM = private(1)
DECANM = private(2)
DECCOLM = private(3)
DECSCLM = private(4)
DECSCNM = private(5)
DECOM = private(6)
DECAWM = private(7)
DECARM = private(8)
BLINKING_CURSOR = private(12)
DECTCEM = private(25)
ALLOW_COLUMNS = private(40)
MORE_FIX = private(41)
DECNRCM = private(42)
REVERSE_WRAP = private(45)
DECNKM = private(66)
DECBKM = private(67)
DECLRMM = private(69)
DECSDM = private(80)
DECNCSM = private(95)
ALTERNATE_SCROLL = private(1007)
REVERSE_WRAP_EXTENDED = private(1045)
FOCUS_EVENTS = private(1004)
BRACKETED_PASTE = private(2004)
SYNCHRONIZED = private(2026)
GRAPHEMES = private(2027)
COLOR_SCHEME = private(2031)
RESIZE_REPORTS = private(2048)
ALTERNATE = private(47)
ALTERNATE_CLEARED = private(1047)
SAVED_CURSOR = private(1048)
ALTERNATE_SAVED = private(1049)

MOUSE_TRACKING = (9, 1000, 1002, 1003)
MOUSE_ENCODINGS = (1005, 1006, 1015, 1016)


class Mode(NamedTuple):
    """``fixed``: what DECRQM answers for a mode that cannot be changed: 3 always set, 4 always reset."""

    name: str
    initial: bool = False
    fixed: int = 0


ANSI_MODES: dict[int, Mode] = {
    1: Mode("GATM", fixed=4),
    2: Mode("KAM"),
    3: Mode("CRM", fixed=4),
    4: Mode("IRM"),
    5: Mode("SRTM", fixed=4),
    7: Mode("VEM", fixed=4),
    10: Mode("HEM", fixed=4),
    11: Mode("PUM", fixed=4),
    12: Mode("SRM", initial=True),
    13: Mode("FEAM", fixed=4),
    14: Mode("FETM", fixed=4),
    15: Mode("MATM", fixed=4),
    16: Mode("TTM", fixed=4),
    17: Mode("SATM", fixed=4),
    18: Mode("TSM", fixed=4),
    19: Mode("EBM", fixed=4),
    20: Mode("LNM"),
}

PRIVATE_MODES: dict[int, Mode] = {
    1: Mode("DECCKM, application cursor keys"),
    2: Mode("DECANM, ANSI rather than VT52", fixed=3),
    3: Mode("DECCOLM, 132 columns"),
    4: Mode("DECSCLM, smooth scroll"),
    5: Mode("DECSCNM, reverse screen"),
    6: Mode("DECOM, origin"),
    7: Mode("DECAWM, autowrap", initial=True),
    8: Mode("DECARM, auto-repeat", initial=True),
    9: Mode("mouse: press (X10)"),
    12: Mode("blinking cursor"),
    18: Mode("DECPFF, print form feed"),
    19: Mode("DECPEX, print extent"),
    25: Mode("DECTCEM, cursor visible", initial=True),
    34: Mode("DECRLM, right to left", fixed=4),
    35: Mode("font shifting keys"),
    36: Mode("DECHEM, Hebrew encoding", fixed=4),
    40: Mode("DECCOLM allowed"),
    41: Mode("more(1) fix, a tab after a full row wraps first"),
    42: Mode("DECNRCM, national sets"),
    45: Mode("reverse wrap"),
    47: Mode("alternate screen"),
    57: Mode("DECNAKB, Greek keyboard", fixed=4),
    60: Mode("DECHCCM, horizontal cursor coupling", fixed=4),
    61: Mode("DECVCCM, vertical cursor coupling", fixed=4),
    64: Mode("DECPCCM, page cursor coupling", fixed=4),
    66: Mode("DECNKM, application keypad"),
    67: Mode("DECBKM, Backspace sends BS"),
    68: Mode("DECKBUM, typewriter or data processing keys", fixed=4),
    69: Mode("DECLRMM, left and right margins"),
    73: Mode("DECXRLM, transmit rate limiting", fixed=4),
    80: Mode("DECSDM, sixel display"),
    81: Mode("DECKPM, key position", fixed=4),
    95: Mode("DECNCSM, DECCOLM does not clear"),
    96: Mode("DECRLCM, right to left copy", fixed=4),
    97: Mode("DECCRTSM, CRT save", fixed=4),
    98: Mode("DECARSM, auto resize", fixed=4),
    99: Mode("DECMCM, modem control", fixed=4),
    100: Mode("DECAAM, auto answerback", fixed=4),
    101: Mode("DECCANSM, conceal answerback", fixed=4),
    102: Mode("DECNULM, discard NUL", fixed=4),
    103: Mode("DECHDPXM, half duplex", fixed=4),
    104: Mode("DECESKM, secondary keyboard language", fixed=4),
    106: Mode("DECOSCNM, overscan", fixed=4),
    1000: Mode("mouse: press and release"),
    1001: Mode("mouse: highlight", fixed=4),
    1002: Mode("mouse: drag"),
    1003: Mode("mouse: all motion"),
    1004: Mode("focus events"),
    1005: Mode("mouse: UTF-8 encoding"),
    1006: Mode("mouse: SGR encoding"),
    1007: Mode("alternate scroll", initial=True),
    1015: Mode("mouse: urxvt encoding"),
    1016: Mode("mouse: SGR encoding in pixels"),
    1045: Mode("extended reverse wrap"),
    1047: Mode("alternate screen, cleared on leaving"),
    1048: Mode("cursor saved"),
    1049: Mode("alternate screen with saved cursor"),
    2004: Mode("bracketed paste"),
    2026: Mode("synchronized update"),
    2027: Mode("grapheme clusters"),
    2031: Mode("colour scheme reports"),
    2048: Mode("in-band resize reports"),
}

INITIAL = frozenset(
    [number for number, mode in ANSI_MODES.items() if mode.initial]
    + [private(number) for number, mode in PRIVATE_MODES.items() if mode.initial]
)
