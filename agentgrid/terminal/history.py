"""Rows that scrolled away from the top of the main screen.

The newest rows are a plain list that the screen appends to, so that a log costs nothing more. Before them come blocks,
oldest first: lists of rows, and floods (see ``flood``). A flood is measured when somebody asks how many rows there are, and
parsed when somebody looks at them; until then its line ends are the least that its rows can be.

The length is brought within the limit once a feed, by ``trim``. As long as a flood is not measured, only whole blocks go, and
numbers that were told stay true: what has gone unmeasured was never numbered. ``at_least`` tells how long the history is without
measuring, for as long as the flood goes on and nobody looks back.
"""

import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeAlias

from agentgrid.terminal.cells import BLANK_CELLS, Cells

MAX_UNMEASURED_BYTES = 4 * 1024 * 1024  # Lines may be far more rows than one: so much is kept before they are counted.


class Unparsed(Protocol):
    """A part of the history that is not rows yet."""

    data: bytes
    lines: int
    """At least so many rows it is."""
    count: int | None
    """Its rows, once measured."""

    def skip(self, count: int) -> None:
        """Forget the first rows."""
        ...


class Reader(Protocol):
    """Who can tell what is not parsed."""

    def measure(self, block: Unparsed) -> int: ...
    def parse(self, block: Unparsed) -> list[Cells]: ...


Block: TypeAlias = list[Cells] | Unparsed


def _size(block: Block) -> int:
    if isinstance(block, list):
        return len(block)
    return block.lines if block.count is None else block.count


def _unmeasured(block: Block) -> int:
    return 0 if isinstance(block, list) or block.count is not None else len(block.data)


class History:
    """The history of one main screen. Owned by it."""

    def __init__(self, limit: int = sys.maxsize, reader: Reader | None = None) -> None:
        self.limit = limit
        self.reader = reader
        self.rows: list[Cells] = []
        """The newest rows; a row that leaves the screen is appended here. Always the same list."""
        self._blocks: deque[Block] = deque()
        self._in_blocks = 0
        self._dropped = 0
        self._unmeasured = 0
        """Bytes that are not measured."""

    def __len__(self) -> int:
        self._measure()
        return self._in_blocks + len(self.rows)

    @property
    def dropped(self) -> int:
        """Rows that have gone at the old end."""
        self._measure()
        return self._dropped

    @property
    def at_least(self) -> tuple[int, int]:
        """How many rows there are at the least, and how many have gone, without measuring. Neither will be less once measured."""
        return self._in_blocks + len(self.rows), self._dropped

    def add(self, block: Unparsed) -> None:
        """Put something unparsed after the newest row."""
        if self.rows:
            self._blocks.append(self.rows.copy())
            self._in_blocks += len(self.rows)
            self.rows.clear()
        self._blocks.append(block)
        self._in_blocks += _size(block)
        self._unmeasured += _unmeasured(block)

    def trim(self) -> None:
        """Drop what is beyond the limit."""
        if self._unmeasured > MAX_UNMEASURED_BYTES:
            self._measure()
            return
        excess = self._in_blocks + len(self.rows) - self.limit
        while excess > 0 and self._blocks:
            block = self._blocks[0]
            size = _size(block)
            if size > excess:
                break
            self._blocks.popleft()
            self._unmeasured -= _unmeasured(block)
            self._in_blocks -= size
            self._dropped += size
            excess -= size
        if excess > 0 and not self._unmeasured:
            self._dropped += excess
            if not self._blocks:
                del self.rows[:excess]
                return
            oldest = self._blocks[0]
            if isinstance(oldest, list):
                del oldest[:excess]
            else:
                oldest.skip(excess)
            self._in_blocks -= excess

    def clear(self) -> None:
        """ED 3."""
        self._dropped += len(self)
        self.rows.clear()
        self._blocks.clear()
        self._in_blocks = 0

    def _measure(self) -> None:
        if self._unmeasured:
            assert self.reader is not None
            for block in self._blocks:
                if not isinstance(block, list) and block.count is None:
                    block.count = self.reader.measure(block)
            self._unmeasured = 0
            self._in_blocks = sum(map(_size, self._blocks))
        self.trim()

    def read(self, start: int, stop: int) -> Sequence[Cells]:
        """Rows by number, 0 the oldest."""
        self._measure()
        found: list[Cells] = []
        first = 0
        for index in range(len(self._blocks)):
            size = _size(self._blocks[index])
            if first < stop and start < first + size:
                found += self._parsed(index)[max(0, start - first) : stop - first]
            first += size
        if first < stop:
            found += self.rows[max(0, start - first) : stop - first]
        return found

    def _parsed(self, index: int) -> list[Cells]:
        block = self._blocks[index]
        if not isinstance(block, list):
            assert self.reader is not None
            block = self._blocks[index] = self.reader.parse(block)
        return block

    def take_newest(self, count: int) -> list[Cells]:
        """Give rows back to the screen."""
        self._measure()
        while len(self.rows) < count and self._blocks:
            self._open_block()
        count = max(0, min(count, len(self.rows)))
        if not count:
            return []
        taken = self.rows[-count:]
        del self.rows[-count:]
        return taken

    def take_unfinished(self) -> list[Cells]:
        """Give back the newest rows that go on in the next one, for the line they are the beginning of."""
        count = 0
        while count < len(self) and self._newest(count)[2]:
            count += 1
        return self.take_newest(count)

    def _newest(self, back: int) -> Cells:
        """A row counted from the newest."""
        if back == len(self.rows) and not isinstance(self._blocks[-1], list):
            return BLANK_CELLS  # A flood ends with a line of its own.
        while back >= len(self.rows):
            self._open_block()
        return self.rows[-1 - back]

    def _open_block(self) -> None:
        """Put the rows of the newest block before the newest rows."""
        block = self._parsed(len(self._blocks) - 1)
        self._blocks.pop()
        self._in_blocks -= len(block)
        self.rows[:0] = block

    def replace(self, change: Callable[[Block], Block]) -> None:
        """Change every block and the newest rows."""
        self._measure()
        self._blocks = deque(map(change, self._blocks))
        self._unmeasured = sum(map(_unmeasured, self._blocks))
        self._in_blocks = sum(map(_size, self._blocks))
        rows = change(self.rows)
        assert isinstance(rows, list)
        self.rows[:] = rows
        self._measure()

    def everything(self) -> Iterator[Block]:
        """The blocks, oldest first, and the newest rows. Nothing is measured for it."""
        yield from self._blocks
        yield self.rows

    def restore(self, blocks: Sequence[Block], dropped: int) -> None:
        """Become what a dump holds."""
        *older, newest = blocks or ([],)
        assert isinstance(newest, list)
        self._blocks, self._dropped = deque(older), dropped
        self.rows[:] = newest
        self._unmeasured = sum(map(_unmeasured, self._blocks))
        self._in_blocks = sum(map(_size, self._blocks))
