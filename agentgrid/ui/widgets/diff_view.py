"""Lines of a diff, each in its role's colours, that scroll. Only what is in the window is made."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from agentgrid.ui.parts import cells
from agentgrid.ui.render import UNPRINTABLE
from agentgrid.ui.threeway import DiffLine

TAB_COLUMNS = 4
ROLES = ("common", "base", "side", "skip", "head", "added", "removed", "gutter", "first", "second", "both", "further")


class DiffView(ScrollView):
    """Owned by the dialog that shows it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"diff--{role}" for role in ROLES}
    can_focus = False

    def __init__(self, gutter_columns: int = 3) -> None:
        super().__init__()
        self._lines: list[DiffLine] = []
        self._gutter = gutter_columns

    def show(self, lines: Sequence[DiffLine]) -> None:
        """Show these, from the top."""
        self._lines = [line._replace(text=UNPRINTABLE.sub(" ", line.text.expandtabs(TAB_COLUMNS))) for line in lines]
        self.virtual_size = Size(self.size.width, len(self._lines))
        self.scroll_to(y=0, animate=False)
        self.refresh()

    @property
    def top(self) -> int:
        """The line at the top."""
        return int(self.scroll_offset.y)

    def render_line(self, y: int) -> Strip:
        number = self.top + y
        width = self.size.width
        ground = self.get_component_rich_style("diff--common")
        if number >= len(self._lines):
            return Strip.blank(width, ground)
        line = self._lines[number]
        style = self.get_component_rich_style(f"diff--{role_of(line)}")
        if line.role == "head":
            text = f" {line.text} "
            return Strip([Segment(text, style), Segment(" " * max(0, width - cells(text)), style)]).adjust_cell_length(width, style)
        gutter = line.gutter.ljust(self._gutter)[: self._gutter]
        mark = RichStyle.combine([style, RichStyle(bold=True)])
        return Strip([Segment(gutter, mark), Segment(line.text, style)]).adjust_cell_length(width, style)


def role_of(line: DiffLine) -> str:
    """The role whose colours a line has: of a version, which one it is."""
    if line.role != "side":
        return line.role
    return {"A": "first", "B": "second"}.get(line.gutter, "both" if len(line.gutter) > 1 else "further")
