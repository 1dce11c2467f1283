"""Rendered rows of one pane by the line they show: what scrolls, or is seen again, is drawn once.

A cache is good for one style table, one width, one place in the window and one look; when any of them changes, its owner
makes another (a cache without the width in its key has shown wrong rows). Lines with highlighted columns are not kept.
"""

from collections.abc import Sequence

from rich.segment import Segment
from textual.strip import Strip

from agentgrid.client.mirror import PaneScreen
from agentgrid.terminal.row import Line
from agentgrid.terminal.style import DEFAULT_CODE, DEFAULT_STYLE
from agentgrid.ui.chrome import prefix
from agentgrid.ui.difference import difference, part
from agentgrid.ui.look import Look, ink
from agentgrid.ui.render import Rendered, Span, render, segments
from agentgrid.ui.row_strip import RowStrip, printed

MAX_PART = 2  # A part is drawn anew each time: at more than half of the row, the whole of it (which is kept) costs less.
MAX_CACHED_ROWS = 256  # Some screens of a pane, a kilobyte each; a flood would fill the memory with rows that are never seen again.


class PaneRow(RowStrip):
    """A row of a pane, which knows of another one of that pane how they differ."""

    __slots__ = ("cache", "line", "reverse")

    def __init__(self, cache: "RowCache", line: Line, *, reverse: bool) -> None:
        self.cache = cache
        self.line = line
        self.reverse = reverse
        super().__init__(
            lambda: cache.render(line, reverse=reverse), cache.width, cache.prefix, lambda: cache.segments(line, reverse=reverse)
        )

    def over(self, shown: Strip | None) -> tuple[int, str]:
        if not isinstance(shown, PaneRow) or shown.cache is not self.cache or shown.reverse != self.reverse:
            return super().over(shown)
        width = self.width
        start, stop = difference(shown.line, self.line, width)
        if (stop - start) * MAX_PART > width:
            return super().over(shown)
        if start == stop:
            return width, ""
        cells = part(self.line, start, stop, width)
        if not self.reverse and len(cells.text) == stop - start and is_plain(cells):
            return start, cells.text  # Most of what is typed.
        return start, printed(self.cache.render(cells, reverse=self.reverse, start=start, width=stop - start))


def is_plain(cells: Line) -> bool:
    """Characters that are printed as they are, in the base ink."""
    return cells.text.isascii() and cells.text.isprintable() and not cells.styles.strip(DEFAULT_CODE)


class RowCache:
    """Owned by a pane's view."""

    def __init__(self, screen: PaneScreen, look: Look, width: int, column: int, owner: str) -> None:
        """``column`` is the window column of the first cell; ``owner`` keeps the links of panes apart."""
        self.screen = screen
        self.look = look
        self.width = width
        self.column = column
        self._owner = owner
        self._base = ink(DEFAULT_STYLE, look)
        self.prefix = prefix(look)
        self._reversed = look.reversed()
        self._rows: dict[tuple[str, str, bool], PaneRow] = {}

    def row(self, line: Line, *, reverse: bool = False, spans: Sequence[Span] = ()) -> RowStrip:
        """The row of a line. ``reverse``: the program reversed its screen (DECSCNM)."""
        if spans:
            return RowStrip(
                lambda: self.render(line, reverse=reverse, spans=spans),
                self.width,
                self.prefix,
                lambda: self.segments(line, reverse=reverse, spans=spans),
            )
        key = (line.text, line.styles, reverse)
        row = self._rows.get(key)
        if row is None:
            if len(self._rows) >= MAX_CACHED_ROWS:
                del self._rows[next(iter(self._rows))]  # The oldest: of a flood it has long left the screen.
            row = self._rows[key] = PaneRow(self, line, reverse=reverse)
        return row

    def end(self) -> None:
        """It is another one's turn. Its rows know it as it knows them: they would wait for the collector."""
        self._rows.clear()

    def render(self, line: Line, *, reverse: bool, spans: Sequence[Span] = (), start: int = 0, width: int | None = None) -> Rendered:
        """A line; or one of its parts, that begins in cell ``start`` and is so wide."""
        return render(
            line,
            self.screen.styles,
            self.screen.clusters,
            self._reversed if reverse else self.look,
            self.width if width is None else width,
            column=self.column + start,
            owner=self._owner,
            base=self._base,
            spans=spans,
        )

    def segments(self, line: Line, *, reverse: bool, spans: Sequence[Span] = ()) -> list[Segment]:
        look = self._reversed if reverse else self.look
        return segments(line, self.screen.styles, self.screen.clusters, look, self.width, spans)
