"""Rows that scrolled away from the top of the main screen.

A row is kept as the screen had it. ``push`` is a plain ``list.append`` on the newest block, so that a log costs nothing more;
the length is brought within the limit once a feed, by ``trim``.
"""

from collections.abc import Callable, Sequence

from agentgrid.terminal.cells import Cells


class History:
    """The history of one main screen. Owned by it."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.dropped = 0
        self.rows: list[Cells] = []

    @property
    def push(self) -> Callable[[Cells], None]:
        """Takes a row that leaves the screen. Good until the next call of anything else."""
        return self.rows.append

    def __len__(self) -> int:
        return min(len(self.rows), self.limit)

    def trim(self) -> None:
        """Drop what is beyond the limit."""
        excess = len(self.rows) - self.limit
        if excess > 0:
            del self.rows[:excess]
            self.dropped += excess

    def clear(self) -> None:
        self.dropped += len(self.rows)
        self.rows = []

    def read(self, start: int, stop: int) -> Sequence[Cells]:
        return self.rows[max(0, start) : max(0, stop)]

    def take_newest(self, count: int) -> list[Cells]:
        """Give rows back to a screen that grew."""
        if count <= 0:
            return []
        taken = self.rows[-count:]
        del self.rows[-count:]
        return taken
