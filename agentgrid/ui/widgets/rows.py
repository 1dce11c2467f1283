"""A widget that is a list of finished rows: what its rows are, it knows; when and how they are painted, the painter.

It skips Textual's styles cache and line filters (``render_lines`` answers from the list), so it has no border and no padding.
"""

from collections.abc import Sequence

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from agentgrid.geometry import Rect, Size


class Rows(Widget):
    """Owned by its screen. ``rows`` is replaced row by row, never behind the painter's back."""

    ALLOW_SELECT = False
    can_focus = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self.place = Rect(0, 0, 0, 0)
        """Where it stands in the window, as its owner has arranged it; Textual may not have got there yet."""
        self.laid = Rect(0, 0, 0, 0)
        """Where Textual has it, as of its last layout."""
        self.rows: list[Strip] = []
        self.hidden = False
        """Its owner has put it away. Asking Textual (``display``) would be a twentieth of an echo."""

    def put_away(self, hidden: bool) -> None:
        """Take it from the screen, or put it back."""
        self.hidden = hidden
        self.display = not hidden

    @property
    def stale(self) -> bool:
        """Rows are missing, or look otherwise now."""
        return len(self.rows) != self.place.rows

    def make_rows(self) -> None:
        """Make the rows that are missing, when Textual asks before the owner has brought them up to date."""

    @property
    def settled(self) -> bool:
        """Textual's layout has it where it belongs."""
        return self.laid == self.place

    def note_layout(self) -> None:
        """Textual has laid its screen out: asking at every frame where a widget is would be a tenth of an echo."""
        region = self.region
        self.laid = Rect(region.y, region.x, region.width, region.height)

    def render_lines(self, crop: Region) -> list[Strip]:
        if self.stale:
            self.make_rows()
        rows: list[Strip] = self.rows[crop.y : crop.bottom]
        if len(rows) < crop.height:
            rows += [Strip.blank(crop.width, self.rich_style)] * (crop.height - len(rows))
        if any(row.cell_length != crop.width for row in rows) or crop.x:
            rows = [row.crop_extend(crop.x, crop.right, self.rich_style) for row in rows]
        if self.screen is not self.app.screen:
            ground = self.background_colors[1]
            for line_filter in self.app.get_line_filters():
                rows = [row.apply_filter(line_filter, ground) for row in rows]
        return rows

    def render_line(self, y: int) -> Strip:
        return self.rows[y] if y < len(self.rows) else Strip.blank(self.place.columns, self.rich_style)

    def row_size(self) -> Size:
        return self.place.size

    def regions(self, rows: Sequence[int]) -> list[Region]:
        """Runs of rows, for Textual to repaint."""
        found: list[Region] = []
        for row in sorted(rows):
            if found and found[-1].bottom == row:
                found[-1] = found[-1].grow((0, 0, 1, 0))
            else:
                found.append(Region(0, row, self.place.columns, 1))
        return found
