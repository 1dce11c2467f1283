"""The screen a program writes on: a ``pyte.Screen`` whose rows are strings.

pyte keeps the cursor, the modes, the tab stops and the names; rows, margins and everything that moves text are ours,
because a row here is ``(text, styles, wrapped)`` (see ``row`` and ``cells``). Scrolling moves references.

What sequences do is not here but in the modules of their kind (``motion``, ``editing``, ``rectangles`` …), as functions of
a screen; this class holds the state and the few things that all of them build on. The only module that imports pyte.

The cursor's column is always on the screen. ``wrap_next`` says that the last column was written and the next character
wraps (DEC STD 070's last column flag); whatever moves the cursor clears it.
"""

from collections.abc import Callable
from typing import NamedTuple

import pyte
from pyte.screens import Margins

from agentgrid.terminal import cells, charsets, modes
from agentgrid.terminal.cells import BLANK_CELLS, Cells
from agentgrid.terminal.effects import Effect
from agentgrid.terminal.emulator import Palette
from agentgrid.terminal.graphemes import ClusterTable
from agentgrid.terminal.history import History
from agentgrid.terminal.palette import RGB, default_color
from agentgrid.terminal.style import DEFAULT_CODE, Pen, StyleTable


def default_tabstops(columns: int) -> set[int]:
    """Every eighth column."""
    return set(range(8, columns, 8))


class SavedCursor(NamedTuple):
    """What DECSC keeps; each screen has its own."""

    row: int = 0
    column: int = 0
    wrap_next: bool = False
    pen: str = DEFAULT_CODE
    designations: tuple[str, ...] = charsets.DEFAULT_DESIGNATIONS
    charset: int = 0
    origin: bool = False
    autowrap: bool = True


class Tuning(NamedTuple):
    """What the fast way for text depends on."""

    simple: bool
    """Autowrap, no insert mode, no side margins, ASCII."""
    whole: bool
    """The whole screen scrolls."""
    columns: int
    bottom: int
    push: Callable[[Cells], None]
    """Where a row goes that leaves the screen at the top."""


def _forget(row: Cells) -> None:
    """The alternate screen has no history."""


class Joint(NamedTuple):
    """Where the cursor stood behind a cluster that more than marks may join (``graphemes.stays_open``), or that left no cell."""

    row: int
    column: int
    wrap_next: bool
    lost: str


class Screen(pyte.Screen):
    """State of a terminal. Owned by its emulator; changed by the functions of this package alone."""

    def __init__(self, columns: int, lines: int, *, styles: StyleTable | None = None, clusters: ClusterTable | None = None) -> None:
        self.styles = styles or StyleTable()
        self.clusters = clusters or ClusterTable()
        self.history = History()
        self.effects: list[Effect] = []
        self.palette = Palette()
        self.own_colors: dict[int, RGB] = {}
        """What the program set: palette entries, and by negative number OSC 10…19."""
        self.cell_width, self.cell_height = 10, 20  # What pixel reports are made of: a cell is not a pane's to know.
        self.pen: Pen = self.styles.pen(DEFAULT_CODE)
        super().__init__(columns, lines)
        self.buffer = {}  # pyte's own rows, unused: the function that makes them knows the screen, which would wait for the collector.
        self.reset()

    def reset(self) -> None:
        """RIS, but for the history and what the program has asked to be told."""
        names = getattr(self, "title", ""), getattr(self, "icon_name", "")
        super().reset()
        self.title, self.icon_name = names
        self.mode: set[int] = set(modes.INITIAL)
        self.rows: list[Cells] = [BLANK_CELLS] * self.lines
        self.other_rows: list[Cells] = [BLANK_CELLS] * self.lines
        self.alternate = False
        self.saved = [SavedCursor(), SavedCursor()]
        self.tabstops = default_tabstops(self.columns)
        self.charset = 0
        self.single_shift = 0
        self.designations = list(charsets.DEFAULT_DESIGNATIONS)
        self.wrap_next = False
        self.joint: Joint | None = None
        self.last_text = ""
        """The text that came last, "" when a control came after it: what REP needs to know."""
        self.protection = ""
        """Who set protected cells last: DEC (DECSCA) or ISO (SPA), or nobody."""
        self.attribute_extent = 0
        """DECSACE: 2 for a rectangle, else a stream."""
        self.checksum_flags = 0
        """XTCHECKSUM: how DECRQCRA sums."""
        self.level = 5
        """DECSCL: the VT level the program asked for."""
        self.pen_stack: list[str] = []
        self.cursor_shape = 0
        self.mouse_tracking = 0
        self.mouse_encoding = 0
        self.modify_other_keys = 0
        self.kitty: list[list[int]] = [[0], [0]]
        """The stacks of kitty keyboard flags, of the main and the alternate screen; the last entry counts."""
        self.title_stack: list[tuple[str, str]] = []
        """Icon name and title."""
        self.notifications: dict[str, tuple[str, str]] = {}
        """OSC 99: title and body by id, as far as they have come."""
        self.saved_modes: dict[int, bool] = {}
        self.own_colors.clear()
        self.pen = self.styles.pen(DEFAULT_CODE)
        self.cursor.hidden = False
        self.reset_margins()
        self.tune()

    # ------------------------------------------------------------------ margins

    @property
    def margins(self) -> Margins | None:
        """pyte's view of the margins."""
        return Margins(self.top, self.bottom) if (self.top, self.bottom) != (0, self.lines - 1) else None

    @margins.setter
    def margins(self, margins: Margins | None) -> None:
        self.top, self.bottom = margins or (0, self.lines - 1)

    def reset_margins(self) -> None:
        self.top, self.bottom = 0, self.lines - 1
        self.left, self.right = 0, self.columns - 1

    @property
    def has_side_margins(self) -> bool:
        return self.left > 0 or self.right < self.columns - 1

    @property
    def in_margins(self) -> bool:
        """The cursor is inside all four margins."""
        return self.top <= self.cursor.y <= self.bottom and self.left <= self.cursor.x <= self.right

    def tune(self) -> None:
        """To be called when a mode, a margin, a character set, the screen or its history is another one."""
        simple = (
            modes.DECAWM in self.mode
            and modes.IRM not in self.mode
            and not self.has_side_margins
            and not self.single_shift
            and charsets.CHARSETS[self.designations[self.charset]] is None
        )
        whole = self.top == 0 and self.bottom == self.lines - 1
        push = _forget if self.alternate else self.history.rows.append
        self.tuning = Tuning(simple, whole, self.columns, self.bottom, push)

    # ------------------------------------------------------------------ the pen

    def set_protected(self, protected: bool) -> None:
        self.pen = self.styles.pen_with(self.pen, "protected", protected)

    @property
    def is_protecting(self) -> bool:
        return self.pen.code in self.styles.protected

    def reset_pen(self) -> None:
        self.pen = self.styles.pen(DEFAULT_CODE)

    # ------------------------------------------------------------------ moving

    def move(self, row: int, column: int) -> None:
        """Put the cursor on a cell of the screen."""
        self.cursor.y = min(max(row, 0), self.lines - 1)
        self.cursor.x = min(max(column, 0), self.columns - 1)
        self.wrap_next = False

    def address(self, row: int, column: int) -> None:
        """Put the cursor on a cell as programs count them: from the margins' corner in origin mode (DECOM)."""
        if modes.DECOM in self.mode:
            row = min(max(row + self.top, self.top), self.bottom)
            column = min(max(column + self.left, self.left), self.right)
        self.move(row, column)

    def home(self) -> None:
        self.address(0, 0)

    def carriage_return(self) -> None:
        """CR: to the left margin, or to the edge from left of it."""
        cursor = self.cursor
        cursor.x = self.left if cursor.x >= self.left or modes.DECOM in self.mode else 0
        self.wrap_next = False

    def index(self) -> None:
        """IND: down, scrolling at the bottom margin."""
        cursor = self.cursor
        self.wrap_next = False
        if cursor.y == self.bottom:
            if self.left <= cursor.x <= self.right:
                self.scroll_up(self.top, self.bottom, 1)
        elif cursor.y < self.lines - 1:
            cursor.y += 1

    def reverse_index(self) -> None:
        """RI: up, scrolling at the top margin."""
        cursor = self.cursor
        self.wrap_next = False
        if cursor.y == self.top:
            if self.left <= cursor.x <= self.right:
                self.scroll_down(self.top, self.bottom, 1)
        elif cursor.y > 0:
            cursor.y -= 1

    def linefeed(self) -> None:
        """LF, VT, FF."""
        self.index()
        if modes.LNM in self.mode:
            self.carriage_return()

    # ------------------------------------------------------------------ scrolling

    def scroll_up(self, top: int, bottom: int, count: int) -> None:
        """Rows of a region move up, within the side margins; on the main screen the top row goes into the history."""
        count = min(count, bottom - top + 1)
        if self.has_side_margins:
            self._shift(top, bottom, count)
            return
        if top == 0 and not self.alternate:
            self.history.rows.extend(self.rows[:count])
        self.delete_rows(top, bottom, count)

    def scroll_down(self, top: int, bottom: int, count: int) -> None:
        """Rows of a region move down, within the side margins."""
        count = min(count, bottom - top + 1)
        if self.has_side_margins:
            self._shift(top, bottom, -count)
            return
        rows = self.rows
        del rows[bottom - count + 1 : bottom + 1]
        rows[top:top] = [self.blank()] * count

    def delete_rows(self, top: int, bottom: int, count: int) -> None:
        """Rows of a region move up, within the side margins, and the history has no part in it."""
        count = min(count, bottom - top + 1)
        if self.has_side_margins:
            self._shift(top, bottom, count)
            return
        del self.rows[top : top + count]
        self.rows[bottom - count + 1 : bottom - count + 1] = [self.blank()] * count

    def _shift(self, top: int, bottom: int, up: int) -> None:
        """Move the part of rows between the side margins."""
        left, stop, fill = self.left, self.right + 1, self.pen.fill
        rows = self.rows
        parts = [cells.copy(row, left, stop) for row in rows[top : bottom + 1]]
        empty = [(" " * (stop - left), fill * (stop - left))] * abs(up)
        parts = parts[up:] + empty if up > 0 else empty + parts[:up]
        for y, (text, styles) in enumerate(parts, top):
            rows[y] = cells.overwrite(rows[y], left, text, styles)

    def blank(self) -> Cells:
        """A row as it comes in: empty, in the pen's background (BCE)."""
        return cells.blank(self.columns, self.pen.fill)

    # ------------------------------------------------------------------ saving

    def save_cursor(self) -> None:
        """DECSC."""
        self.saved[self.alternate] = SavedCursor(
            self.cursor.y,
            self.cursor.x,
            self.wrap_next,
            self.pen.code,
            tuple(self.designations),
            self.charset,
            modes.DECOM in self.mode,
            modes.DECAWM in self.mode,
        )

    def restore_cursor(self) -> None:
        """DECRC; without a DECSC before it, home with everything as at the start."""
        saved = self.saved[self.alternate]
        self.pen = self.styles.pen(saved.pen)
        self.designations = list(saved.designations)
        self.charset = saved.charset
        (self.mode.add if saved.origin else self.mode.discard)(modes.DECOM)
        self.move(saved.row, saved.column)
        self.wrap_next = saved.wrap_next and self.cursor.x == saved.column
        self.tune()

    def designate(self, slot: int, code: str) -> None:
        """Put a character set into G0…G3; an unknown one changes nothing."""
        if code in charsets.CHARSETS:
            self.designations[slot] = code
            self.tune()

    # ------------------------------------------------------------------ colours

    def indexed_color(self, index: int) -> RGB:
        """A palette entry as a program is told it."""
        if index in self.own_colors:
            return self.own_colors[index]
        if index < len(self.palette.ansi):
            return self.palette.ansi[index]
        return default_color(index) if index < 256 else self.palette.foreground

    def dynamic_color(self, number: int) -> RGB:
        """The colour of OSC 10…19."""
        if -number in self.own_colors:
            return self.own_colors[-number]
        if number in (11, 14, 16):
            return self.dynamic_color(11) if number != 11 else self.palette.background
        return self.palette.cursor if number == 12 else self.palette.foreground

    @property
    def display(self) -> list[str]:
        """The rows as text, full width, wide characters counted once."""
        return ["".join(map(self.clusters.spell, text.replace("\0", ""))) for text, _, _ in self.rows]
