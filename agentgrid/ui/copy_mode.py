"""Looking back and copying with the keyboard: tmux's and vi's keys as a table of movements. Pure.

A ``CopyMode`` is where the cursor is, what is at the top of the view, and where a selection began. ``step`` takes a stroke
and returns the next one, a text's ``Copy``, or ``LEAVE``. Searching is not here yet: its keys are free.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from agentgrid.client.mirror import PaneScreen
from agentgrid.terminal.row import BLANK
from agentgrid.ui import viewport
from agentgrid.ui.selection import WORD, Point, Selection


class CopyMode(NamedTuple):
    """``top`` is the absolute row at the top of the view; ``anchor`` is None while nothing is selected."""

    cursor: Point
    top: int
    anchor: Point | None = None
    unit: str = "cell"
    block: bool = False

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
    if (movement := MOVEMENTS.get(pressed)) is not None:
        return moved(mode, movement(mode, place), place)
    match pressed:
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


def by(rows: int = 0, columns: int = 0) -> Movement:
    return lambda mode, _: Point(mode.cursor.row + rows, mode.cursor.column + columns)


def by_screens(share: float) -> Movement:
    """So many of the view's heights, at least a row."""
    return lambda mode, place: mode.cursor._replace(
        row=mode.cursor.row + (1 if share > 0 else -1) * max(1, round(abs(share) * place.rows) - 1)
    )


def word_forward(mode: CopyMode, place: Place) -> Point:
    """The start of the next word, on a later row if need be."""
    row, column = mode.cursor
    while row <= place.last:
        for match in WORD.finditer(place.text(row)):
            if row > mode.cursor.row or match.start() > column:
                return Point(row, match.start())
        row += 1
    return mode.cursor


def word_back(mode: CopyMode, place: Place) -> Point:
    """The start of this word, or of the one before."""
    row, column = mode.cursor
    while row >= place.first:
        starts = [match.start() for match in WORD.finditer(place.text(row)) if row < mode.cursor.row or match.start() < column]
        if starts:
            return Point(row, starts[-1])
        row -= 1
    return mode.cursor


def word_end(mode: CopyMode, place: Place) -> Point:
    """The last cell of this word, or of the next."""
    row, column = mode.cursor
    while row <= place.last:
        for match in WORD.finditer(place.text(row)):
            if row > mode.cursor.row or match.end() - 1 > column:
                return Point(row, match.end() - 1)
        row += 1
    return mode.cursor


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
    "w": word_forward,
    "b": word_back,
    "e": word_end,
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
