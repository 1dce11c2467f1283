"""Rendered rows of one pane by the line they show: what scrolls, or is seen again, is drawn once.

A cache is good for one style table, one width, one place in the window and one look; when any of them changes, its owner
makes another (a cache without the width in its key has shown wrong rows). Lines with highlighted columns are not kept.
"""

from collections.abc import Sequence

from agentgrid.client.mirror import PaneScreen
from agentgrid.terminal.row import Line
from agentgrid.terminal.style import DEFAULT_STYLE
from agentgrid.ui.chrome import prefix
from agentgrid.ui.look import Look, ink
from agentgrid.ui.render import Span, render, segments
from agentgrid.ui.row_strip import RowStrip

MAX_CACHED_ROWS = 1024  # Some ten screens of a pane; a flood would fill the memory with rows that are never seen again.


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
        self._prefix = prefix(look)
        self._rows: dict[tuple[str, str, bool], RowStrip] = {}

    def row(self, line: Line, *, reverse: bool = False, spans: Sequence[Span] = ()) -> RowStrip:
        """The row of a line. ``reverse``: the program reversed its screen (DECSCNM)."""
        key = (line.text, line.styles, reverse)
        if not spans and (known := self._rows.get(key)) is not None:
            return known
        screen, width = self.screen, self.width
        look = self.look.reversed() if reverse else self.look
        rendered = render(
            line, screen.styles, screen.clusters, look, width, column=self.column, owner=self._owner, base=self._base, spans=spans
        )
        row = RowStrip(rendered, width, self._prefix, lambda: segments(line, screen.styles, screen.clusters, look, width, spans))
        if not spans:
            if len(self._rows) >= MAX_CACHED_ROWS:
                self._rows.clear()
            self._rows[key] = row
        return row
