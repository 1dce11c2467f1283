"""Rows of the history put away: compressed, and with their styles spelled out, so that they keep no codes in use.

A code is a style's number in the pane's table (``style``). A program with thousands of colours would fill that with styles that
only rows long gone still show, at half a kilobyte each; packed, a row of ten such colours takes some hundred bytes. Rows are
packed when the table is swept (``sweeping``), so ordinary panes never pay for it. In a block, codes are numbers in its own list.
"""

import zlib
from collections.abc import Sequence

import msgspec

from agentgrid.terminal.cells import Cells
from agentgrid.terminal.reflow import reflow
from agentgrid.terminal.style import Style, StyleTable

PACK_ROWS = 512  # What is opened at once when somebody looks: a few milliseconds of the most colourful rows.
QUICKLY = 1  # zlib's level: others take twice the time for a tenth less.


class Look(Style, array_like=True, frozen=True):
    """A pen's values."""

    protected: bool = False


class Content(msgspec.Struct, array_like=True, frozen=True):
    """What is compressed. ``text``: the rows joined by newlines, which no cell holds."""

    text: str
    codes: bytes
    """Numbers of the looks, as characters; there may be surrogates among them."""
    looks: list[Look]


class Packed(msgspec.Struct, array_like=True, eq=False, tag=3):
    """Rows, compressed. ``skipped`` rows at the beginning have left the history. Changed by the history alone."""

    content: bytes
    wrapped: bytes
    """A byte a row."""
    count: int | None
    """How many are left of them: known from the beginning."""
    skipped: int = 0

    @property
    def size(self) -> int:
        """The bytes that are kept for it."""
        return len(self.content) + len(self.wrapped)

    @property
    def lines(self) -> int:
        return len(self.wrapped) - self.skipped

    @property
    def squeezed(self) -> bool:
        """It cannot be kept in less."""
        return True

    def squeeze(self) -> None:
        """It is."""

    def skip(self, count: int) -> None:
        """Forget the first rows."""
        self.skipped += count
        self.count = self.lines


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Content).decode


def pack(rows: list[Cells], table: StyleTable) -> Packed:
    """Put rows away; there is at least one."""
    codes = "".join([row[1] for row in rows])
    used = sorted(set(codes))
    local = codes.translate({ord(code): number for number, code in enumerate(used)})
    return _packed(rows, local, [table.pen(code).values for code in used])


def _packed(rows: list[Cells], local: str, looks: Sequence[object]) -> Packed:
    content = "\n".join([row[0] for row in rows]), local.encode("utf-8", "surrogatepass"), looks
    return Packed(zlib.compress(_encode(content), QUICKLY), bytes([row[2] for row in rows]), len(rows))


def unpack(packed: Packed, table: StyleTable) -> list[Cells]:
    """The rows, in the table's codes."""
    content = opened(packed)
    codes = {number: table.pen_of(msgspec.structs.astuple(look)).code for number, look in enumerate(content.looks)}
    return [(text, styles.translate(codes), wrapped) for text, styles, wrapped in local_rows(packed, content)]


def opened(packed: Packed) -> Content:
    """What is in it."""
    return _decode(zlib.decompress(packed.content))


def local_rows(packed: Packed, content: Content) -> list[Cells]:
    """The rows, in codes of the block's own."""
    return parted(content.text, content.codes.decode("utf-8", "surrogatepass"), packed.wrapped)[packed.skipped :]


def parted(lines: str, codes: str, wrapped: bytes) -> list[Cells]:
    """Rows of their joined texts and codes. Raises ValueError when there are more of one than of the other."""
    rows: list[Cells] = []
    start = 0
    for text, goes_on in zip(lines.split("\n"), wrapped, strict=True):
        stop = start + len(text)
        rows.append((text, codes[start:stop], goes_on == 1))
        start = stop
    if start != len(codes):
        raise ValueError("rows and their styles are of different lengths")
    return rows


def relaid(packed: Packed, columns: int) -> Packed:
    """The same for another width."""
    content = opened(packed)
    rows = local_rows(packed, content)
    fitting = reflow(rows, columns)
    return packed if fitting == rows else _packed(fitting, "".join([row[1] for row in fitting]), content.looks)
