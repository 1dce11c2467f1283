"""Rows that scrolled away from the top of the main screen.

The newest rows are a plain list that the screen appends to, so that a log costs nothing more. Before them come blocks,
oldest first: lists of rows, and floods (see ``flood``), whose rows are known by number and are parsed when somebody looks.
The length is brought within the limit once a feed, by ``trim``.
"""

import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeAlias

from agentgrid.terminal.cells import BLANK_CELLS, Cells


class Unparsed(Protocol):
    """A part of the history that is not rows yet."""

    count: int

    def skip(self, count: int) -> None:
        """Forget the first rows."""
        ...


Block: TypeAlias = list[Cells] | Unparsed
Parse: TypeAlias = Callable[[Unparsed], list[Cells]]


def _size(block: Block) -> int:
    return len(block) if isinstance(block, list) else block.count


class History:
    """The history of one main screen. Owned by it. ``parse`` makes rows of what is not parsed."""

    def __init__(self, limit: int = sys.maxsize, parse: Parse | None = None) -> None:
        self.limit = limit
        self.dropped = 0
        self.rows: list[Cells] = []
        """The newest rows; a row that leaves the screen is appended here. Always the same list."""
        self.blocks: deque[Block] = deque()
        self._in_blocks = 0
        self._parse = parse

    def __len__(self) -> int:
        return min(self._in_blocks + len(self.rows), self.limit)

    def parse_with(self, parse: Parse) -> None:
        """Say who makes rows of what is not parsed."""
        self._parse = parse

    def add(self, block: Unparsed) -> None:
        """Put something unparsed after the newest row."""
        if self.rows:
            self.blocks.append(self.rows.copy())
            self._in_blocks += len(self.rows)
            self.rows.clear()
        self.blocks.append(block)
        self._in_blocks += block.count

    def trim(self) -> None:
        """Drop what is beyond the limit."""
        excess = self._in_blocks + len(self.rows) - self.limit
        if excess <= 0:
            return
        self.dropped += excess
        while excess and self.blocks:
            block = self.blocks[0]
            size = _size(block)
            if size <= excess:
                self.blocks.popleft()
            elif isinstance(block, list):
                del block[:excess]
            else:
                block.skip(excess)
            gone = min(size, excess)
            self._in_blocks -= gone
            excess -= gone
        del self.rows[:excess]

    def clear(self) -> None:
        """ED 3."""
        self.dropped += self._in_blocks + len(self.rows)
        self.rows.clear()
        self.blocks.clear()
        self._in_blocks = 0

    def read(self, start: int, stop: int) -> Sequence[Cells]:
        """Rows by number, 0 the oldest."""
        self.trim()
        found: list[Cells] = []
        first = 0
        for index in range(len(self.blocks)):
            size = _size(self.blocks[index])
            if first < stop and start < first + size:
                found += self._parsed(index)[max(0, start - first) : stop - first]
            first += size
        if first < stop:
            found += self.rows[max(0, start - first) : stop - first]
        return found

    def _parsed(self, index: int) -> list[Cells]:
        block = self.blocks[index]
        if not isinstance(block, list):
            assert self._parse is not None
            block = self.blocks[index] = self._parse(block)
        return block

    def take_newest(self, count: int) -> list[Cells]:
        """Give rows back to the screen."""
        while len(self.rows) < count and self.blocks:
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
        if back == len(self.rows) and not isinstance(self.blocks[-1], list):
            return BLANK_CELLS  # A flood ends with a line of its own.
        while back >= len(self.rows):
            self._open_block()
        return self.rows[-1 - back]

    def _open_block(self) -> None:
        """Put the rows of the newest block before the newest rows."""
        block = self._parsed(len(self.blocks) - 1)
        self.blocks.pop()
        self._in_blocks -= len(block)
        self.rows[:0] = block

    def replace(self, change: Callable[[Block], Block]) -> None:
        """Change every block and the newest rows."""
        self.blocks = deque(map(change, self.blocks))
        self._in_blocks = sum(map(_size, self.blocks))
        rows = change(self.rows)
        assert isinstance(rows, list)
        self.rows[:] = rows
        self.trim()

    def everything(self) -> Iterator[Block]:
        """The blocks, oldest first, and the newest rows."""
        yield from self.blocks
        yield self.rows

    def restore(self, blocks: Sequence[Block], dropped: int) -> None:
        """Become what a dump holds."""
        *older, newest = blocks or ([],)
        assert isinstance(newest, list)
        self.blocks, self.dropped = deque(older), dropped
        self.rows[:] = newest
        self._in_blocks = sum(map(_size, self.blocks))
