"""Beside a zoomed pane: the others, each with number, state, name and flag, in one row or one column."""

from collections.abc import Sequence
from typing import ClassVar

from agentgrid.geometry import Position, Rect
from agentgrid.session.pane import Pane, PaneId, PaneStatus
from agentgrid.terminal.style import Style
from agentgrid.ui.chrome import draw, role_styles
from agentgrid.ui.look import Look
from agentgrid.ui.parts import Part, cells, clean, clip, width_of
from agentgrid.ui.widgets.header import FLAG, glyph, state_word
from agentgrid.ui.widgets.rows import Rows

ROLES = ("number", "name", "conflict", "quiet", *PaneStatus)


class Roster(Rows):
    """Owned by the grid; shown while a pane is zoomed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"roster--{role}" for role in ROLES}

    def __init__(self) -> None:
        super().__init__()
        self.look = Look()
        self._styles: dict[str, Style] = {}
        self._panes: tuple[Pane, ...] = ()
        self._shown: tuple[tuple[Pane, ...], Rect] | None = None

    def restyle(self, look: Look) -> None:
        self.look = look
        self.notify_style_update()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles = {}
        self._shown = None
        self.rows = []

    def make_rows(self) -> None:
        self.update_panes(self._panes)

    def update_panes(self, panes: Sequence[Pane]) -> list[int]:
        """The panes that are not zoomed, by number; returns the rows that are new."""
        self._panes = tuple(panes)
        shown = (self._panes, self.place)
        if shown == self._shown:
            return []
        self._shown = shown
        if not self._styles:
            self._styles = role_styles(self, "roster", ROLES, self.look)
        lists = [entries(panes, self.place.columns)] if self.place.rows == 1 else column(panes, self.place)
        self.rows = [draw(parts, self._styles, self.look, self.place.column) for parts in lists]
        return list(range(len(self.rows)))

    def pane_at(self, position: Position) -> PaneId | None:
        """Whose entry is at a place in the window."""
        if self._shown is None or not self.place.contains(position):
            return None
        panes = self._shown[0]
        if self.place.rows > 1:
            index = position.row - self.place.row
            return panes[index].id if index < len(panes) else None
        start = self.place.column
        for pane, width in zip(panes, entry_widths(panes, self.place.columns), strict=True):
            if start <= position.column < start + width:
                return pane.id
            start += width
        return None


def entry(pane: Pane, width: int) -> list[Part]:
    """One pane in exactly ``width`` columns: the state's word only where the name has room beside it."""
    state = str(pane.status)
    head = [Part(f" {pane.number} ", "number"), Part(glyph(pane), state)]
    flag = [Part(f" {FLAG}", "conflict")] if pane.conflicts else []
    name = clean(pane.name)
    room = width - width_of([*head, *flag]) - 2
    word = f" {state_word(pane)}"
    parts = [*head, Part(f" {clip(name, max(0, room))}", "name")]
    if room - cells(name) >= cells(word):
        parts.append(Part(word, state))
    gap = width - width_of([*parts, *flag])
    return [*parts, Part(" " * max(0, gap - 1), "quiet"), *flag, Part(" " * min(1, max(0, gap)), "quiet")]


def entry_widths(panes: Sequence[Pane], width: int) -> list[int]:
    """How the row is dealt out: what each needs, or equal shares."""
    needed = [cells(clean(pane.name)) + len(str(pane.number)) + (8 if pane.conflicts else 6) for pane in panes]
    return needed if sum(needed) <= width else [width // len(panes)] * len(panes)


def entries(panes: Sequence[Pane], width: int) -> list[Part]:
    found = [part for pane, share in zip(panes, entry_widths(panes, width), strict=True) for part in entry(pane, share)]
    return [*found, Part(" " * (width - width_of(found)), "quiet")]


def column(panes: Sequence[Pane], place: Rect) -> list[list[Part]]:
    found = [entry(pane, place.columns) for pane in panes[: place.rows]]
    return found + [[Part(" " * place.columns, "quiet")] for _ in range(place.rows - len(found))]
