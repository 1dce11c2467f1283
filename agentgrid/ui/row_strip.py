"""Finished rows as Textual strips: the compositor passes them on without looking inside.

A ``RowStrip`` carries the bytes it becomes. Its segments are made only when somebody cuts, filters or exports it (a dialog
above it, a screenshot), and show the same. A row that knows how says what is to be printed where another row stands (``over``).
"""

from collections.abc import Callable, Iterable, Iterator

from rich.console import Console
from rich.segment import Segment
from textual.strip import Strip

from agentgrid.ui.render import Rendered

CSI = "\x1b["
MIN_ERASED = 6  # ``CSI 79 X`` is five bytes: fewer blanks are cheaper spelled.


class RowStrip(Strip):
    """One row of a widget. Never changed once made."""

    __slots__ = ("_draw", "_made", "_make", "_prefix", "_rendered", "width")

    def __init__(self, draw: Callable[[], Rendered], width: int, prefix: str, make: Callable[[], list[Segment]]) -> None:
        """``prefix`` sets the base ink that what ``draw`` returns begins and ends in; ``make`` gives the segments."""
        self.width = width
        self._draw = draw
        self._rendered: Rendered | None = None
        self._prefix = prefix
        self._make = make
        self._made = False

    @property
    def rendered(self) -> Rendered:
        """What prints it. Drawn when it is first asked for: rows into which somebody types are never printed whole."""
        if self._rendered is None:
            self._rendered = self._draw()
        return self._rendered

    def over(self, shown: Strip | None) -> tuple[int, str]:
        """From which cell on what is to be printed, where the base ink is set and the terminal shows this row, or an unknown one."""
        return (self.width, "") if shown is self else (0, printed(self.rendered))

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
        text, erased = _printed(self.rendered)
        return f"{self._prefix}{text}{f'{CSI}{erased}C' if erased else ''}\x1b[m"  # What Textual writes next stands behind the row.

    def divide(self, cuts: Iterable[int]) -> list[Strip]:
        places = list(cuts)
        return [self] if places == [self.width] else list(super().divide(places))

    def crop(self, start: int, end: int | None = None) -> Strip:
        return self if start <= 0 and (end is None or end >= self.width) else super().crop(start, end)

    def __iter__(self) -> Iterator[Segment]:
        return iter(self._segments)

    def __bool__(self) -> bool:
        return self.width > 0


def printed(rendered: Rendered) -> str:
    """What prints a row, or a part of one, behind which nothing needs to follow without the cursor being set."""
    return _printed(rendered)[0]


def _printed(rendered: Rendered) -> tuple[str, int]:
    """The same, and how many cells it erases behind where it leaves the cursor."""
    text, blank = rendered
    if blank < MIN_ERASED:
        return text + " " * blank, 0
    if not text:
        text, blank = " ", blank - 1  # tmux takes a line that is erased whole for one that is empty, and copies no ground of it.
    return f"{text}{CSI}{blank}X", blank
