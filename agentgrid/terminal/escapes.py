"""The tables of C0 controls and of ESC sequences."""

from collections.abc import Callable
from typing import NamedTuple

from agentgrid.terminal import charsets, editing, modes, motion, reports
from agentgrid.terminal.effects import Bell, ScreenReset
from agentgrid.terminal.screen import Screen

SLOTS = charsets.SLOTS


class Escape(NamedTuple):
    name: str
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


CONTROLS: dict[str, Callable[[Screen], None]] = {
    "\x07": _bell,
    "\x08": motion.backspace,
    "\x09": motion.tab,
    "\x0a": Screen.linefeed,
    "\x0b": Screen.linefeed,
    "\x0c": Screen.linefeed,
    "\x0d": Screen.carriage_return,
    "\x0e": _shift(1),
    "\x0f": _shift(0),
}

SEQUENCES: dict[str, Escape] = {
    "6": Escape("DECBI", motion.back_index),
    "7": Escape("DECSC", Screen.save_cursor),
    "8": Escape("DECRC", Screen.restore_cursor),
    "9": Escape("DECFI", motion.forward_index),
    "=": Escape("DECKPAM", _keypad(True)),
    ">": Escape("DECKPNM", _keypad(False)),
    "D": Escape("IND", Screen.index),
    "E": Escape("NEL", _next_line),
    "H": Escape("HTS", _set_tab),
    "M": Escape("RI", Screen.reverse_index),
    "N": Escape("SS2", _single(2)),
    "O": Escape("SS3", _single(3)),
    "V": Escape("SPA", _protect(True)),
    "W": Escape("EPA", _protect(False)),
    "Z": Escape("DECID", _identify),
    "\\": Escape("ST", _ignore),
    "c": Escape("RIS", _reset),
    "n": Escape("LS2", _shift(2)),
    "o": Escape("LS3", _shift(3)),
    "#8": Escape("DECALN", editing.alignment),
}
