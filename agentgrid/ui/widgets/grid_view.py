"""The container of the panes: puts each where the arrangement says and draws the lines between them.

The lines beside the focused pane are drawn in its colour, so that its frame closes around it. Everything else of the container
is covered by its panes and worth no rendering.
"""

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.app import ComposeResult
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.strip import Strip
from textual.widget import Widget

from agentgrid import geometry
from agentgrid.geometry import Position, Rect
from agentgrid.ui.arrangement import Arrangement
from agentgrid.ui.chrome import style_of
from agentgrid.ui.look import Look
from agentgrid.ui.render import rich_style
from agentgrid.ui.widgets.rows import Rows

LINES = {"": "│", "-focused": "│", "-shared": "┃"}
"""By what stands beside the line."""


class Placed(Layout):
    """Children stand where their own ``place`` says."""

    name = "placed"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:  # noqa: ARG002
        if isinstance(parent, GridView):
            parent.arranging(geometry.Size(size.width, size.height))
        row, column = parent.origin if isinstance(parent, GridView) else Position(0, 0)
        return [
            WidgetPlacement(
                Region(child.place.column - column, child.place.row - row, child.place.columns, child.place.rows),
                NULL_OFFSET,
                NULL_SPACING,
                child,
            )
            for child in children
            if isinstance(child, Rows)
        ]


class GridView(Widget):
    """Owned by the stage, which sets ``arrangement`` and the children's places and asks for a layout."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"grid--line", "grid--line-focused", "grid--line-shared", "grid--note"}
    ALLOW_SELECT = False
    can_focus = False

    def __init__(self, *children: Widget) -> None:
        super().__init__(*children)
        self.arranging: Callable[[geometry.Size], None] = lambda _: None
        """Called with the size the grid is about to have, before its children are placed."""
        self.arrangement = Arrangement(window=geometry.Size(0, 0))
        self.focused_place: Rect | None = None
        self.shared: tuple[Rect, ...] = ()
        """Where panes are that are typed into together."""
        self.origin = Position(0, 0)
        """The window's cell where it begins."""
        self._first: list[Rows] = []
        self._placed = Placed()
        self._rows: dict[object, Strip] = {}
        self._look = Look()

    def add(self, widgets: Sequence[Rows]) -> None:
        """More children; before the grid is mounted itself they come with it."""
        if self.is_attached:
            self.mount(*widgets)
        else:
            self._first += widgets

    def compose(self) -> ComposeResult:
        yield from self._first

    @property
    def layout(self) -> Layout:
        return self._placed

    def restyle(self, look: Look) -> None:
        self._look = look
        self.draw()

    def draw(self) -> None:
        """Lines or focus are others now: forget what was drawn."""
        self._rows.clear()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._rows.clear()

    def render_lines(self, crop: Region) -> list[Strip]:
        rows = [self.render_line(y) for y in range(crop.y, crop.bottom)]
        return rows if crop.x == 0 and crop.width == self.size.width else [row.crop(crop.x, crop.right) for row in rows]

    def render_line(self, y: int) -> Strip:
        """Blank, with the lines between cells that cross this row; rows that look alike are one strip."""
        if not self.arrangement.slots:
            return self._note(y, self.size.width)
        top, left = self.origin
        crossing = tuple(
            (line.column - left, self._kind(line, y + top)) for line in self.arrangement.lines if line.row <= y + top < line.bottom
        )
        key = (self.size.width, crossing)
        if key not in self._rows:
            self._rows[key] = self._row(self.size.width, sorted(crossing))
        return self._rows[key]

    def _row(self, width: int, crossing: list[tuple[int, str]]) -> Strip:
        ground = self._style(self.rich_style)
        styles = {kind: self._style(self.get_component_rich_style(f"grid--line{kind}")) for kind in LINES}
        segments: list[Segment] = []
        place = 0
        for column, kind in crossing:
            segments += [Segment(" " * (column - place), ground), Segment(LINES[kind], styles[kind])]
            place = column + 1
        segments.append(Segment(" " * (width - place), ground))
        return Strip(segments, width)

    def _style(self, sheet: RichStyle) -> RichStyle:
        """What the style sheet says, as far as the terminal can show it."""
        return rich_style(style_of(sheet), self._look)

    def _kind(self, line: Rect, row: int) -> str:
        """Which line it is at this row: beside panes that are typed into together, beside the focused one, another."""
        if any(beside(place, line, row) for place in self.shared):
            return "-shared"
        return "-focused" if self.focused_place is not None and beside(self.focused_place, line, row) else ""

    def _note(self, y: int, width: int) -> Strip:
        """The window is too small for a pane: say so, on one line."""
        style = self._style(self.get_component_rich_style("grid--note"))
        if y != self.size.height // 2:
            return Strip.blank(width, self._style(self.rich_style))
        columns, rows = self.arrangement.window
        size = f"{columns}x{rows}"
        text = next((text for text in (f"{size} is too small for a pane", f"{size} is too small") if len(text) <= width), "too small")
        return Strip([Segment(text[:width].center(width), style)], width)


def beside(place: Rect, line: Rect, row: int) -> bool:
    """Whether the line is at an edge of the place at this row."""
    return place.row <= row < place.bottom and line.column in (place.column - 1, place.right)
