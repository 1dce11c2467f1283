"""Rows that scrolled away from the top of the main screen.

The newest rows are a plain list that the screen appends to, so that a log costs nothing more. Before them come blocks,
oldest first: lists of rows, floods (see ``flood``), and rows put away (see ``packed``). A flood is measured when somebody asks how
many rows there are; until then its line ends are the least that its rows can be. What is not rows is read when somebody looks, and
stays as it was: only the rows of the blocks that were looked at last are kept beside them.

The length is brought within the limit once a feed, by ``trim``. As long as a flood is not measured, only whole blocks go, and
numbers that were told stay true: what has gone unmeasured was never numbered. ``at_least`` tells how long the history is without
measuring, for as long as the flood goes on and nobody looks back.
"""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeAlias

from agentgrid.terminal.cells import BLANK_CELLS, Cells

OPEN_BLOCKS = 4  # A screen and what a client asks for around it.
MAX_UNMEASURED_BYTES = 4 * 1024 * 1024  # Lines may be far more rows than one: so much is kept before they are counted.
MAX_PLAIN_BYTES = 4 * 1024 * 1024  # Of floods as they came; older ones are squeezed. Ten thousand rows of ten colours each are less.
ROW_BYTES = 1600  # What the rows of a history may take on the average, squeezed: a picture's, in two colours a cell, take half.


class Unparsed(Protocol):
    """A part of the history in another form than rows. Its last row never goes on in the next one."""

    @property
    def size(self) -> int:
        """The bytes that are kept for it."""
        ...

    @property
    def lines(self) -> int:
        """At least so many rows it is."""
        ...

    @property
    def squeezed(self) -> bool:
        """It cannot be kept in less."""
        ...

    count: int | None
    """Its rows, once measured."""

    def skip(self, count: int) -> None:
        """Forget the first rows."""
        ...

    def squeeze(self) -> None:
        """Be kept in fewer bytes, though reading takes longer."""
        ...


class Reader(Protocol):
    """Who can read what is not rows."""

    def measure(self, block: Unparsed) -> int: ...
    def parse(self, block: Unparsed) -> list[Cells]: ...
    def texts(self, block: Unparsed) -> list[Cells]: ...


Block: TypeAlias = list[Cells] | Unparsed


def _size(block: Block) -> int:
    if isinstance(block, list):
        return len(block)
    return block.lines if block.count is None else block.count


def _unmeasured(block: Block) -> int:
    return 0 if isinstance(block, list) or block.count is not None else block.size


def _line_end(rows: list[Cells], stop: int) -> int:
    """After the last row before ``stop`` that does not go on, or 0."""
    stop = min(stop, len(rows))
    while stop and rows[stop - 1][2]:
        stop -= 1
    return stop


class History:
    """The history of one main screen. Owned by it."""

    def __init__(self, limit: int = sys.maxsize, reader: Reader | None = None) -> None:
        self.limit = limit
        self.reader = reader
        self.rows: list[Cells] = []
        """The newest rows; a row that leaves the screen is appended here. Always the same list."""
        self._blocks: deque[Block] = deque()
        self._opened: dict[Unparsed, list[Cells]] = {}
        """The rows of the blocks that were looked at last, the last one at the end."""
        self._in_blocks = 0
        self._dropped = 0
        self._unmeasured = 0
        """Bytes that are not measured."""
        self._plain: deque[Unparsed] = deque()
        """Blocks that are not squeezed, oldest first."""
        self._plain_bytes = 0
        self._bytes = 0
        """What is kept for all blocks but lists."""

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
        self._plain.append(block)
        self._plain_bytes += block.size
        self._bytes += block.size
        while self._plain_bytes > MAX_PLAIN_BYTES:
            self._squeeze(self._plain.popleft())

    def _squeeze(self, block: Unparsed) -> None:
        unmeasured, size = _unmeasured(block), block.size
        block.squeeze()
        self._plain_bytes -= size
        self._bytes += block.size - size
        self._unmeasured += _unmeasured(block) - unmeasured

    def trim(self) -> None:
        """Drop what is beyond the limit."""
        if self._unmeasured > MAX_UNMEASURED_BYTES:
            self._measure()
            return
        excess = self._in_blocks + len(self.rows) - self.limit
        most = self.limit * ROW_BYTES
        while self._blocks and (excess > 0 or self._bytes > most):
            block = self._blocks[0]
            size = _size(block)
            if size > excess and self._bytes <= most:
                break
            self._drop(self._blocks.popleft())
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
                self._opened.pop(oldest, None)
            self._in_blocks -= excess

    def clear(self) -> None:
        """ED 3."""
        self._dropped += len(self)
        self.rows.clear()
        self._hold(())

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
        return self._read(start, stop, self._parsed)

    def texts(self, start: int, stop: int) -> Sequence[Cells]:
        """The same without styles: what stands in their place is no code of anything. Nothing is kept for it."""
        return self._read(start, stop, self._texts)

    def _read(self, start: int, stop: int, rows_of: Callable[[Block], list[Cells]]) -> Sequence[Cells]:
        self._measure()
        found: list[Cells] = []
        first = 0
        for block in self._blocks:
            size = _size(block)
            if first < stop and start < first + size:
                found += rows_of(block)[max(0, start - first) : stop - first]
            first += size
        if first < stop:
            found += self.rows[max(0, start - first) : stop - first]
        return found

    def _parsed(self, block: Block) -> list[Cells]:
        if isinstance(block, list):
            return block
        assert self.reader is not None
        rows = self._opened.pop(block, None)
        if rows is None:
            rows = self.reader.parse(block)
            if len(self._opened) >= OPEN_BLOCKS:
                del self._opened[next(iter(self._opened))]
        self._opened[block] = rows
        return rows

    def _texts(self, block: Block) -> list[Cells]:
        if isinstance(block, list):
            return block
        assert self.reader is not None
        return self._opened.get(block) or self.reader.texts(block)

    def _drop(self, block: Block) -> None:
        """A block is none of the history's any more."""
        if isinstance(block, list):
            return
        self._opened.pop(block, None)
        self._unmeasured -= _unmeasured(block)
        self._bytes -= block.size
        if self._plain and block in (self._plain[0], self._plain[-1]):
            self._plain.remove(block)
            self._plain_bytes -= block.size

    def _hold(self, blocks: Iterable[Block]) -> None:
        """These are the blocks from now on."""
        self._blocks = deque(blocks)
        self._opened.clear()
        others = [block for block in self._blocks if not isinstance(block, list)]
        self._in_blocks = sum(map(_size, self._blocks))
        self._unmeasured = sum(map(_unmeasured, self._blocks))
        self._bytes = sum(block.size for block in others)
        self._plain = deque(block for block in others if not block.squeezed)
        self._plain_bytes = sum(block.size for block in self._plain)

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
            return BLANK_CELLS  # Or any other that does not go on.
        while back >= len(self.rows):
            self._open_block()
        return self.rows[-1 - back]

    def _open_block(self) -> None:
        """Put the rows of the newest block before the newest rows."""
        block = self._blocks.pop()
        rows = self._parsed(block)
        self._drop(block)
        self._in_blocks -= len(rows)
        self.rows[:0] = rows

    def pack(self, pack: Callable[[list[Cells]], Unparsed], most: int) -> None:
        """Put all rows away, so many in one block and to the end of a line, but for those whose line may go on on the screen."""
        end = _line_end(self.rows, max(0, len(self.rows) - 1))
        older: list[Block] = [*self._blocks, self.rows[:end]]
        del self.rows[:end]
        blocks: list[Block] = []
        for block in older:
            if not isinstance(block, list):
                blocks.append(block)
                continue
            while block:
                stop = _line_end(block, most) or len(block)
                blocks.append(pack(block[:stop]))
                del block[:stop]
        self._hold(blocks)

    def replace(self, change: Callable[[Block], Block]) -> None:
        """Change every block and the newest rows."""
        self._measure()
        self._hold(map(change, self._blocks))
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
        self._hold(older)
        self._dropped = dropped
        self.rows[:] = newest
