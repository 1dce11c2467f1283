"""Looking back and copying with the keyboard: tmux's and vi's keys as a table of movements. Pure.

A ``CopyMode`` is where the cursor is, what is at the top of the view, and where a selection began. ``step`` takes a stroke
and returns the next one, a text's ``Copy``, or ``LEAVE``. A number before a movement repeats it. Searching stands in
``searching``, following a link in ``links``.
"""

import re
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from agentgrid.client.mirror import PaneScreen
from agentgrid.terminal.row import BLANK
from agentgrid.ui import viewport
from agentgrid.ui.selection import WORD, Point, Selection

DIGITS = "0123456789"
MAX_DIGITS = 6  # There are never a million rows.
MAX_BRACKET_ROWS = 2000  # A bracket further away is none that one is looking for.
SPACED = re.compile(r"[^\s]+")
"""A word as vi's W has it."""
BRACKETS = {"(": (")", 1), "[": ("]", 1), "{": ("}", 1), ")": ("(", -1), "]": ("[", -1), "}": ("{", -1)}


class CopyMode(NamedTuple):
    """``top`` is the absolute row at the top of the view; ``anchor`` is None while nothing is selected."""

    cursor: Point
    top: int
    anchor: Point | None = None
    unit: str = "cell"
    block: bool = False
    digits: str = ""
    """The number that is being typed before a movement."""
    pending: str = ""
    """f, F, t or T, while its character is to come."""
    jump: tuple[str, str] | None = None
    """The last of them, with its character."""
    mark: Point | None = None

    @property
    def selection(self) -> Selection | None:
        return None if self.anchor is None else Selection(self.anchor, self.cursor, self.unit, self.block)


class Copy(NamedTuple):
    """Copy this and leave."""

    selection: Selection


class Leave(NamedTuple):
    """Back to the live screen."""


class Place(NamedTuple):
    """What movements know: the pane's screen and the size of its view."""

    screen: PaneScreen
    columns: int
    rows: int

    def text(self, row: int) -> str:
        return (viewport.line_at(self.screen, row) or BLANK).text

    @property
    def first(self) -> int:
        return viewport.oldest(self.screen)

    @property
    def last(self) -> int:
        return viewport.end(self.screen) - 1


Movement: TypeAlias = Callable[[CopyMode, Place], Point]


def begin(place: Place, top: int | None) -> CopyMode:
    """Where the program's cursor is, or at the bottom of what is looked at."""
    shown = viewport.top_of(place.screen, top)
    cursor = place.screen.cursor
    row = viewport.screen_top(place.screen) + cursor.row if top is None else shown + place.rows - 1
    return CopyMode(Point(row, min(cursor.column, place.columns - 1) if top is None else 0), shown)


def step(mode: CopyMode, pressed: str, place: Place) -> CopyMode | Copy | Leave | None:
    """What a stroke does; None when it means nothing here."""
    if mode.pending:
        character = " " if pressed == "space" else pressed
        mode, jump = mode._replace(pending=""), (mode.pending, character)
        return moved(mode._replace(jump=jump), jumped(mode, place, *jump), place) if len(character) == 1 else mode
    if len(pressed) == 1 and pressed in DIGITS and (pressed != "0" or mode.digits):
        return mode._replace(digits=(mode.digits + pressed)[:MAX_DIGITS])
    number, mode = int(mode.digits or 0), mode._replace(digits="")
    if pressed == "G" and number:
        return moved(mode, Point(place.first + number - 1, 0), place)
    if (movement := MOVEMENTS.get(pressed)) is not None:
        for _ in range(min(max(1, number), place.last - place.first + place.columns)):
            before, mode = mode, moved(mode, movement(mode, place), place)
            if mode.cursor == before.cursor and mode.top == before.top:
                break
        return mode
    match pressed:
        case "f" | "F" | "t" | "T":
            return mode._replace(pending=pressed)
        case ";" | "," if mode.jump is not None:
            kind, character = mode.jump
            return moved(mode, jumped(mode, place, kind if pressed == ";" else kind.swapcase(), character, again=True), place)
        case "ctrl+e" | "ctrl+down" | "ctrl+y" | "ctrl+up":
            return scrolled(mode, (number or 1) * (1 if pressed in ("ctrl+e", "ctrl+down") else -1), place)
        case "z":
            return scrolled(mode, mode.cursor.row - mode.top - place.rows // 2, place)
        case "X":
            return mode._replace(mark=mode.cursor)
        case "alt+x" if mode.mark is not None:
            return moved(mode._replace(mark=mode.cursor), mode.mark, place)
        case "D":
            return Copy(Selection(mode.cursor, Point(mode.cursor.row, max(mode.cursor.column, place.columns - 1))))
        case "q" | "escape" | "ctrl+c" | "i":
            if pressed == "escape" and mode.anchor is not None:
                return mode._replace(anchor=None)
            return Leave()
        case "v" | "space" | "ctrl+space":
            return (
                mode._replace(anchor=mode.cursor, unit="cell", block=False)
                if mode.anchor is None or mode.unit != "cell"
                else mode._replace(anchor=None)
            )
        case "V":
            return mode._replace(anchor=mode.anchor or mode.cursor, unit="line", block=False)
        case "ctrl+v" | "r":
            return mode._replace(anchor=mode.anchor or mode.cursor, unit="cell", block=not mode.block)
        case "o" if mode.anchor is not None:
            return moved(mode._replace(anchor=mode.cursor), mode.anchor, place)
        case "y" | "enter":
            return Copy(mode.selection) if mode.selection is not None else Leave()
        case "Y":
            return Copy(Selection(mode.cursor, mode.cursor, "line"))
        case _:
            return None


def moved(mode: CopyMode, to: Point, place: Place) -> CopyMode:
    """The cursor put there, within what there is, and the view after it."""
    row = max(place.first, min(to.row, place.last))
    column = max(0, min(to.column, place.columns - 1))
    top = max(min(mode.top, row), row - place.rows + 1)
    top = max(place.first, min(top, viewport.screen_top(place.screen)))
    return mode._replace(cursor=Point(row, column), top=top)


def scrolled(mode: CopyMode, rows: int, place: Place) -> CopyMode:
    """The view moved by so many rows, the cursor with it only where it would leave the view."""
    top = max(place.first, min(mode.top + rows, viewport.screen_top(place.screen)))
    row = max(top, min(mode.cursor.row, top + place.rows - 1))
    return mode._replace(cursor=mode.cursor._replace(row=row), top=top)


def jumped(mode: CopyMode, place: Place, kind: str, character: str, *, again: bool = False) -> Point:
    """To a character on the row (f, F), or beside it (t, T). ``again``: not to the one the cursor stands beside."""
    text, column = place.text(mode.cursor.row), mode.cursor.column
    skip = 1 if again and kind in "tT" else 0
    if kind in "ft":
        found = text.find(character, column + 1 + skip)
        return mode.cursor if found < 0 else mode.cursor._replace(column=found - (kind == "t"))
    found = text.rfind(character, 0, max(0, column - skip))
    return mode.cursor if found < 0 else mode.cursor._replace(column=found + (kind == "T"))


def bracket(mode: CopyMode, place: Place) -> Point:
    """The bracket that belongs to the one at the cursor, or to the next on the row."""
    text, row = place.text(mode.cursor.row), mode.cursor.row
    column = next((index for index in range(mode.cursor.column, len(text)) if text[index] in BRACKETS), -1)
    if column < 0:
        return mode.cursor
    opening = text[column]
    closing, step = BRACKETS[opening]
    depth = 0
    while place.first <= row <= place.last and abs(row - mode.cursor.row) < MAX_BRACKET_ROWS:
        while 0 <= column < len(text):
            depth += (text[column] == opening) - (text[column] == closing)
            if not depth:
                return Point(row, column)
            column += step
        row += step
        text = place.text(row)
        column = 0 if step > 0 else len(text) - 1
    return mode.cursor


def by(rows: int = 0, columns: int = 0) -> Movement:
    return lambda mode, _: Point(mode.cursor.row + rows, mode.cursor.column + columns)


def by_screens(share: float) -> Movement:
    """So many of the view's heights, at least a row."""
    return lambda mode, place: mode.cursor._replace(
        row=mode.cursor.row + (1 if share > 0 else -1) * max(1, round(abs(share) * place.rows) - 1)
    )


def word_forward(word: re.Pattern[str] = WORD) -> Movement:
    """The start of the next word, on a later row if need be."""

    def go(mode: CopyMode, place: Place) -> Point:
        row, column = mode.cursor
        while row <= place.last:
            for match in word.finditer(place.text(row)):
                if row > mode.cursor.row or match.start() > column:
                    return Point(row, match.start())
            row += 1
        return mode.cursor

    return go


def word_back(word: re.Pattern[str] = WORD) -> Movement:
    """The start of this word, or of the one before."""

    def go(mode: CopyMode, place: Place) -> Point:
        row, column = mode.cursor
        while row >= place.first:
            starts = [match.start() for match in word.finditer(place.text(row)) if row < mode.cursor.row or match.start() < column]
            if starts:
                return Point(row, starts[-1])
            row -= 1
        return mode.cursor

    return go


def word_end(word: re.Pattern[str] = WORD) -> Movement:
    """The last cell of this word, or of the next."""

    def go(mode: CopyMode, place: Place) -> Point:
        row, column = mode.cursor
        while row <= place.last:
            for match in word.finditer(place.text(row)):
                if row > mode.cursor.row or match.end() - 1 > column:
                    return Point(row, match.end() - 1)
            row += 1
        return mode.cursor

    return go


def text_start(mode: CopyMode, place: Place) -> Point:
    text = place.text(mode.cursor.row)
    return mode.cursor._replace(column=len(text) - len(text.lstrip()))


def text_end(mode: CopyMode, place: Place) -> Point:
    return mode.cursor._replace(column=max(0, len(place.text(mode.cursor.row).rstrip()) - 1))


def paragraph(direction: int) -> Movement:
    """The next row in that direction that is blank."""

    def go(mode: CopyMode, place: Place) -> Point:
        row = mode.cursor.row + direction
        while place.first <= row <= place.last and place.text(row).strip():
            row += direction
        return Point(row, 0)

    return go


MOVEMENTS: dict[str, Movement] = {
    "h": by(columns=-1),
    "left": by(columns=-1),
    "l": by(columns=1),
    "right": by(columns=1),
    "k": by(rows=-1),
    "up": by(rows=-1),
    "j": by(rows=1),
    "down": by(rows=1),
    "0": lambda mode, _: mode.cursor._replace(column=0),
    "home": lambda mode, _: mode.cursor._replace(column=0),
    "^": text_start,
    "$": text_end,
    "end": text_end,
    "w": word_forward(),
    "b": word_back(),
    "e": word_end(),
    "W": word_forward(SPACED),
    "B": word_back(SPACED),
    "E": word_end(SPACED),
    "%": bracket,
    "+": lambda mode, place: text_start(moved(mode, mode.cursor._replace(row=mode.cursor.row + 1), place), place),
    "-": lambda mode, place: text_start(moved(mode, mode.cursor._replace(row=mode.cursor.row - 1), place), place),
    "_": text_start,
    "{": paragraph(-1),
    "}": paragraph(1),
    "g": lambda _, place: Point(place.first, 0),
    "G": lambda _, place: Point(place.last, 0),
    "H": lambda mode, _: mode.cursor._replace(row=mode.top),
    "M": lambda mode, place: mode.cursor._replace(row=mode.top + place.rows // 2),
    "L": lambda mode, place: mode.cursor._replace(row=mode.top + place.rows - 1),
    "pageup": by_screens(-1),
    "ctrl+b": by_screens(-1),
    "pagedown": by_screens(1),
    "ctrl+f": by_screens(1),
    "ctrl+u": by_screens(-0.5),
    "ctrl+d": by_screens(0.5),
}
