"""All of the grid's screen that is no row: who stands where, and the lines between. Two that are equal look alike.

With it the painter knows what the terminal shows after Textual has painted everything, and that it need not do so again.
"""

from collections.abc import Mapping
from typing import NamedTuple

from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from agentgrid.ui.widgets.grid_view import GridView
from agentgrid.ui.widgets.rows import Rows


class Setting(NamedTuple):
    """The places of rows, in the order in which they are painted, each with what is seen of it; and the lines below them."""

    places: tuple[tuple[Rows, Region, Region], ...]
    lines: tuple[tuple[Region, tuple[Strip, ...]], ...]


def setting_of(visible: Mapping[Widget, tuple[Region, Region]]) -> Setting | None:
    """Of a screen whose visible widgets these are; None where something else stands on it, or rows are still to be made."""
    places: list[tuple[Rows, Region, Region]] = []
    lines: list[tuple[Region, tuple[Strip, ...]]] = []
    for widget, (region, clip) in visible.items():
        if isinstance(widget, Rows):
            if widget.stale:
                return None
            places.append((widget, region, clip))
        elif isinstance(widget, GridView):
            lines.append((region, tuple(widget.render_line(y) for y in range(region.height))))
        elif not isinstance(widget, Screen):
            return None
    return Setting(tuple(places), tuple(lines))
