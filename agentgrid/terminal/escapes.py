"""The tables of C0 controls and of ESC sequences."""

from collections.abc import Callable
from typing import NamedTuple

from agentgrid.terminal import charsets, editing, modes, motion, reports
from agentgrid.terminal.effects import Bell, ScreenReset
from agentgrid.terminal.screen import Screen

SLOTS = charsets.SLOTS


class Escape(NamedTuple):
    name: str
    what: str
    """What we do, for docs/terminal.md."""
    action: Callable[[Screen], None]


def _bell(screen: Screen) -> None:
    screen.effects.append(Bell())


def _shift(number: int) -> Callable[[Screen], None]:
    def act(screen: Screen) -> None:
        screen.charset = number
        screen.tune()

    return act


def _single(number: int) -> Callable[[Screen], None]:
    def act(screen: Screen) -> None:
        screen.single_shift = number
        screen.tune()

    return act


def _set_tab(screen: Screen) -> None:
    screen.set_tab_stop()


def _next_line(screen: Screen) -> None:
    screen.index()
    screen.carriage_return()


def _keypad(on: bool) -> Callable[[Screen], None]:
    def act(screen: Screen) -> None:
        (screen.mode.add if on else screen.mode.discard)(modes.DECNKM)

    return act


def _protect(on: bool) -> Callable[[Screen], None]:
    def act(screen: Screen) -> None:
        screen.protection = "ISO" if on else screen.protection
        screen.set_protected(on)

    return act


def _reset(screen: Screen) -> None:
    screen.reset()
    screen.effects.append(ScreenReset())


def _ignore(screen: Screen) -> None:
    pass


def _identify(screen: Screen) -> None:
    reports.primary_attributes(screen, ())


CONTROLS: dict[str, Escape] = {
    "\x07": Escape("BEL", "a bell, as an effect", _bell),
    "\x08": Escape("BS", "left, to the left margin; over row ends with reverse wrap", motion.backspace),
    "\x09": Escape("HT", "to the next tab stop, the right margin at most", motion.tab),
    "\x0a": Escape("LF", "down; at the bottom margin, scroll up; to the left margin too in LNM", Screen.linefeed),
    "\x0b": Escape("VT", "as LF", Screen.linefeed),
    "\x0c": Escape("FF", "as LF", Screen.linefeed),
    "\x0d": Escape("CR", "to the left margin, or to the edge from left of it", Screen.carriage_return),
    "\x0e": Escape("SO", "G1 into GL", _shift(1)),
    "\x0f": Escape("SI", "G0 into GL", _shift(0)),
}

SEQUENCES: dict[str, Escape] = {
    "6": Escape("DECBI", "left; at the left margin, columns move right", motion.back_index),
    "7": Escape("DECSC", "save the cursor, with rendition, character sets, origin mode and pending wrap", Screen.save_cursor),
    "8": Escape("DECRC", "restore the cursor; home without a DECSC before", Screen.restore_cursor),
    "9": Escape("DECFI", "right; at the right margin, columns move left", motion.forward_index),
    "=": Escape("DECKPAM", "the keypad sends its own codes", _keypad(True)),
    ">": Escape("DECKPNM", "the keypad sends digits", _keypad(False)),
    "D": Escape("IND", "down; at the bottom margin, scroll up", Screen.index),
    "E": Escape("NEL", "down, and to the left margin; at the bottom margin, scroll up", _next_line),
    "H": Escape("HTS", "set a tab stop", _set_tab),
    "M": Escape("RI", "up; at the top margin, scroll down", Screen.reverse_index),
    "N": Escape("SS2", "the next character from G2", _single(2)),
    "O": Escape("SS3", "the next character from G3", _single(3)),
    "V": Escape("SPA", "what is written is protected from ED, EL, ECH, DECERA", _protect(True)),
    "W": Escape("EPA", "no longer protected", _protect(False)),
    "Z": Escape("DECID", "answered, as DA1", _identify),
    "\\": Escape("ST", "end of a string", _ignore),
    "c": Escape("RIS", "reset; the history stays", _reset),
    "n": Escape("LS2", "G2 into GL", _shift(2)),
    "o": Escape("LS3", "G3 into GL", _shift(3)),
    "#8": Escape("DECALN", "a screen of E; margins and origin mode reset", editing.alignment),
}
