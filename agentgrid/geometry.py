"""Sizes, positions and rectangles in terminal cells; 0-based, read by field name.

Other libraries say lines, rows/cols or width/height in their own order: convert where they are called, pass only these on.
"""

from typing import NamedTuple


class Size(NamedTuple):
    """A number of columns and rows, each at least 1 where it describes a terminal."""

    columns: int
    rows: int


class Position(NamedTuple):
    """A cell: its row and column, counted from 0 at the top left."""

    row: int
    column: int


class Rect(NamedTuple):
    """Where something stands in a window: its top left cell and its size."""

    row: int
    column: int
    columns: int
    rows: int

    @property
    def size(self) -> Size:
        return Size(self.columns, self.rows)

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.row + self.rows

    @property
    def right(self) -> int:
        """The first column to the right of it."""
        return self.column + self.columns

    def contains(self, position: Position) -> bool:
        return self.row <= position.row < self.bottom and self.column <= position.column < self.right
