"""Styles that nothing shows any more are given up, and those that are left get new codes.

A program that never repeats a colour makes thousands of styles a second, and its rows are gone in the next moment. So when the
table has doubled since it was last looked at, the rows of the history are packed, which then need no codes (see ``packed``), and
the codes are collected that the screens, floods and pens still have. Where they are less than half of the table, it is made anew
from them. Every row is another then, and whoever knows lines by their codes must begin anew: the emulator says so with its
``edition``.

Measured: a flood in random colours takes no longer than with a table that only grows, and a checkpoint of it 5 ms instead of 33.
What loses is a program that repeats thousands of colours over and over: to make a style takes 3 µs, to find it a tenth. So the
panes of a process have a budget together: one alone may keep tens of thousands of styles, nine of the kind no more than they show.
"""

import weakref

from agentgrid.terminal.cells import Cells
from agentgrid.terminal.flood import Flood
from agentgrid.terminal.packed import PACK_ROWS, pack
from agentgrid.terminal.screen import Screen
from agentgrid.terminal.style import StyleTable

BUDGET_STYLES = 40_000  # Thirty megabytes, in the server and in its window.
MIN_STYLES = 2048  # Below it there is nothing to gain: a megabyte. An ordinary pane never has as many.
RETRY_STYLES = 8192  # Between two looks at a table that is full of what is in use.


class StyleBudget:
    """How many styles the panes of a process may have together before it is looked for those that are not in use."""

    def __init__(self, styles: int = BUDGET_STYLES) -> None:
        self._styles = styles
        self._large: weakref.WeakSet[StyleTable] = weakref.WeakSet()

    def share(self, table: StyleTable) -> int:
        """Of a table that is larger than ``MIN_STYLES``: for two of them a quarter each, since the window keeps what they show, too."""
        self._large.add(table)
        for other in [other for other in self._large if other.wanted < MIN_STYLES]:
            self._large.discard(other)
        return self._styles // max(1, len(self._large)) ** 2


def sweep(screen: Screen, budget: StyleBudget) -> bool:
    """Give up what is not in use, if it is time for that and worth it; whether the codes are others now."""
    styles = screen.styles
    if styles.wanted < max(styles.sweep_at, MIN_STYLES) or styles.wanted < budget.share(styles):
        return False
    used = put_away(screen)
    worth = len(used) * 2 < len(styles)
    if worth:
        recode(screen, used)
    full = styles.wanted > len(styles)
    styles.sweep_at = styles.wanted + RETRY_STYLES if full else 2 * len(styles)
    return worth


def put_away(screen: Screen) -> set[str]:
    """Pack the history; the codes that are in use all the same."""
    screen.history.pack(lambda rows: pack(rows, screen.styles), PACK_ROWS)
    used = {screen.pen.code, *(saved.pen for saved in screen.saved), *screen.pen_stack, *(flood.code for flood in _floods(screen))}
    for rows in _rows(screen):
        used.update("".join([row[1] for row in rows]))
    return used


def recode(screen: Screen, used: set[str]) -> None:
    """Keep the styles of these codes alone, in new ones."""
    codes = screen.styles.renew(used)
    screen.pen = screen.styles.pen(codes[ord(screen.pen.code)])
    screen.saved = [saved._replace(pen=codes[ord(saved.pen)]) for saved in screen.saved]
    screen.pen_stack = [codes[ord(code)] for code in screen.pen_stack]
    for flood in _floods(screen):
        flood.code = codes[ord(flood.code)]
    for rows in _rows(screen):
        rows[:] = [(text, styles.translate(codes), wrapped) for text, styles, wrapped in rows]


def _rows(screen: Screen) -> list[list[Cells]]:
    return [screen.rows, screen.other_rows, screen.history.rows]


def _floods(screen: Screen) -> list[Flood]:
    return [block for block in screen.history.everything() if isinstance(block, Flood)]
