"""Finished rows as Textual strips: the compositor passes them on without looking inside.

A ``RowStrip`` carries the bytes it becomes. Its segments are made only when somebody cuts, filters or exports it (a dialog
above it, a screenshot), and show the same.
"""

from collections.abc import Callable, Iterable, Iterator

from rich.console import Console
from rich.segment import Segment
from textual.strip import Strip

from agentgrid.ui.render import Rendered

MIN_ERASED = 6  # ``CSI 79 X`` is five bytes: fewer blanks are cheaper spelled.


class RowStrip(Strip):
    """One row of a widget. Never changed once made."""

    __slots__ = ("_made", "_make", "_prefix", "rendered", "width")

    def __init__(self, rendered: Rendered, width: int, prefix: str, make: Callable[[], list[Segment]]) -> None:
        """``prefix`` sets the base ink that ``rendered`` begins and ends in; ``make`` gives the segments."""
        self.rendered = rendered
        self.width = width
        self._prefix = prefix
        self._make = make
        self._made = False

    def direct(self) -> str:
        """The row's text where the base ink is set and nothing needs to follow on the same row."""
        text, blank = self.rendered
        if blank < MIN_ERASED:
            return text + " " * blank
        if not text:
            text, blank = " ", blank - 1  # tmux takes a line that is erased whole for one that is empty, and copies no ground of it.
        return f"{text}\x1b[{blank}X"

    # What Textual asks; everything else goes through __getattr__ to a strip made of segments.

    def __getattr__(self, name: str) -> object:
        """A slot of Strip that is not filled yet: fill them all, once."""
        if self._made or not name.startswith("_") or name.startswith("__"):
            raise AttributeError(name)
        self._made = True
        super().__init__(self._make(), self.width)
        return object.__getattribute__(self, name)

    @property
    def cell_length(self) -> int:
        return self.width

    def render(self, console: Console) -> str:  # noqa: ARG002
        text, blank = self.rendered
        return f"{self._prefix}{text}{' ' * blank}\x1b[m"

    def divide(self, cuts: Iterable[int]) -> list[Strip]:
        places = list(cuts)
        return [self] if places == [self.width] else list(super().divide(places))

    def crop(self, start: int, end: int | None = None) -> Strip:
        return self if start <= 0 and (end is None or end >= self.width) else super().crop(start, end)

    def __iter__(self) -> Iterator[Segment]:
        return iter(self._segments)

    def __bool__(self) -> bool:
        return self.width > 0
