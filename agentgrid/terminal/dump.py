"""An emulator as bytes, and back: everything, so that whoever loads it goes on as if nothing had happened.

Made at every checkpoint, so it is quick: rows are not written one by one but as one text and one text of style codes, which is
nearly all zeros and compresses to nothing. Floods in the history stay as they came, and unmeasured.

The format is a struct in msgpack behind a version; a dump of another version is refused. It is read from the user's own
files, yet checked: what does not fit raises ValueError, and nothing has changed.
"""

import zlib
from collections.abc import Sequence
from typing import TypeAlias, assert_never

import msgspec

from agentgrid.terminal.cells import Cells
from agentgrid.terminal.emulator import Palette
from agentgrid.terminal.flood import Flood
from agentgrid.terminal.graphemes import MAX_CLUSTERS, ClusterTable
from agentgrid.terminal.history import Block, History
from agentgrid.terminal.packed import Packed, local_rows, opened, parted
from agentgrid.terminal.palette import RGB
from agentgrid.terminal.parser import Parser
from agentgrid.terminal.row import FIRST_CLUSTER
from agentgrid.terminal.screen import Joint, SavedCursor, Screen
from agentgrid.terminal.style import MAX_CODES, Style, StyleTable

VERSION = 1
MAGIC = b"agentgrid screen %d\n" % VERSION


class Rows(msgspec.Struct, array_like=True, frozen=True, tag=1):
    """``text``: rows joined by newlines, which no cell holds. ``styles``: codes, compressed. ``wrapped``: a byte a row."""

    text: str
    styles: bytes
    wrapped: bytes


class Raw(msgspec.Struct, array_like=True, frozen=True, tag=2):
    """A flood."""

    data: bytes
    code: str
    columns: int
    count: int | None
    skipped: int


class Squeezed(Raw, array_like=True, frozen=True, tag=4):
    """A flood whose data is compressed."""


Kept: TypeAlias = Rows | Raw | Squeezed | Packed


class State(msgspec.Struct, frozen=True):
    """Everything. Fields are named as in ``Screen``."""

    columns: int
    lines: int
    ambiguous_width: int
    styles: list[Style]
    protected: list[int]
    clusters: list[str]
    rows: Rows
    other_rows: Rows
    history: list[Kept]
    history_limit: int
    dropped: int
    cursor: tuple[int, int, bool, bool]
    pen: str
    alternate: bool
    saved: list[SavedCursor]
    mode: list[int]
    saved_modes: dict[int, bool]
    margins: tuple[int, int, int, int]
    tabstops: list[int]
    charset: int
    single_shift: int
    designations: list[str]
    joint: Joint | None
    last_text: str
    protection: str
    cursor_shape: int
    mouse_tracking: int
    mouse_encoding: int
    modify_other_keys: int
    kitty: list[list[int]]
    title: str
    icon_name: str
    title_stack: list[tuple[str, str]]
    notifications: dict[str, tuple[str, str]]
    attribute_extent: int
    level: int
    pen_stack: list[str]
    palette: Palette
    own_colors: dict[int, RGB]
    parser: tuple[bytes, str, list[str] | None, int]
    checksum_flags: int = 0


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(State)


def save(screen: Screen, parser: Parser) -> bytes:
    """The dump of a screen and of what its parser has begun."""
    screen.history.trim()
    cursor = screen.cursor
    return MAGIC + _encoder.encode(
        State(
            columns=screen.columns,
            lines=screen.lines,
            ambiguous_width=screen.clusters.ambiguous_width,
            styles=screen.styles.styles[:],
            protected=sorted(map(ord, screen.styles.protected)),
            clusters=screen.clusters.clusters,
            rows=_pack(screen.rows),
            other_rows=_pack(screen.other_rows),
            history=list(map(_kept, screen.history.everything())),
            history_limit=screen.history.limit,
            dropped=screen.history.at_least[1],
            cursor=(cursor.y, cursor.x, cursor.hidden, screen.wrap_next),
            pen=screen.pen.code,
            alternate=screen.alternate,
            saved=screen.saved,
            mode=sorted(screen.mode),
            saved_modes=screen.saved_modes,
            margins=(screen.top, screen.bottom, screen.left, screen.right),
            tabstops=sorted(screen.tabstops),
            charset=screen.charset,
            single_shift=screen.single_shift,
            designations=screen.designations,
            joint=screen.joint,
            last_text=screen.last_text,
            protection=screen.protection,
            cursor_shape=screen.cursor_shape,
            mouse_tracking=screen.mouse_tracking,
            mouse_encoding=screen.mouse_encoding,
            modify_other_keys=screen.modify_other_keys,
            kitty=screen.kitty,
            title=screen.title,
            icon_name=screen.icon_name,
            title_stack=screen.title_stack,
            notifications=screen.notifications,
            attribute_extent=screen.attribute_extent,
            level=screen.level,
            pen_stack=screen.pen_stack,
            palette=screen.palette,
            own_colors=screen.own_colors,
            parser=parser.state(),
            checksum_flags=screen.checksum_flags,
        )
    )


def load(data: bytes, old: Screen) -> tuple[Screen, Parser]:
    """A screen and a parser as they were dumped. The history keeps the limit of the screen that asks."""
    if not data.startswith(MAGIC):
        raise ValueError("not a screen saved by this version")
    try:
        state = _decoder.decode(memoryview(data)[len(MAGIC) :])
        return _screen(state, old.history.limit), _parser(state)
    except (msgspec.MsgspecError, zlib.error, IndexError, UnicodeDecodeError) as error:
        raise ValueError(f"a damaged dump of a screen: {error}") from error


def _screen(state: State, history_limit: int) -> Screen:
    styles = StyleTable()
    clusters = ClusterTable(state.ambiguous_width)
    _require(state.columns > 0 and state.lines > 0 and len(state.styles) <= MAX_CODES + 2 and len(state.clusters) <= MAX_CLUSTERS)
    styles.restore(state.styles, state.protected)
    clusters.restore(state.clusters)
    screen = Screen(state.columns, state.lines, styles=styles, clusters=clusters)
    screen.rows, screen.other_rows = _unpack(state.rows, state), _unpack(state.other_rows, state)
    _require(len(screen.rows) == len(screen.other_rows) == state.lines)
    screen.history = History(history_limit)
    blocks = [_block(block, state) for block in state.history]
    _require(bool(blocks) and isinstance(blocks[-1], list))
    screen.history.restore(blocks, state.dropped)
    top, bottom, left, right = state.margins
    _require(0 <= top <= bottom < state.lines and 0 <= left <= right < state.columns)
    screen.top, screen.bottom, screen.left, screen.right = state.margins
    row, column, hidden, wrap_next = state.cursor
    screen.move(row, column)
    screen.cursor.hidden, screen.wrap_next = hidden, wrap_next
    screen.pen = styles.pen(_code(state.pen, state))
    _require(len(state.saved) == len(state.kitty) == 2 and all(state.kitty) and len(state.designations) == 4)
    screen.saved = [saved._replace(pen=_code(saved.pen, state)) for saved in state.saved]
    screen.pen_stack = [_code(code, state) for code in state.pen_stack]
    screen.mode = set(state.mode)
    screen.tabstops = set(state.tabstops)
    screen.alternate = state.alternate
    for name in _PLAIN_FIELDS:
        setattr(screen, name, getattr(state, name))
    screen.tune()
    return screen


_PLAIN_FIELDS = (
    *("saved_modes", "charset", "single_shift", "designations", "joint", "last_text", "protection", "cursor_shape"),
    *("mouse_tracking", "mouse_encoding", "modify_other_keys", "kitty", "title", "icon_name", "title_stack", "palette", "own_colors"),
    *("notifications", "attribute_extent", "level", "checksum_flags"),
)


def _parser(state: State) -> Parser:
    parser = Parser()
    parser.restore(*state.parser)
    return parser


def _require(fits: bool) -> None:
    if not fits:
        raise ValueError("a damaged dump of a screen: parts of it do not fit together")


def _pack(rows: Sequence[Cells]) -> Rows:
    styles = "".join([row[1] for row in rows]).encode()
    return Rows("\n".join([row[0] for row in rows]), zlib.compress(styles, 1), bytes([row[2] for row in rows]))


def _unpack(packed: Rows, state: State) -> list[Cells]:
    if not packed.wrapped:
        return []
    codes = zlib.decompress(packed.styles).decode()
    _require(not codes or ord(max(codes)) < len(state.styles))
    _require(ord(max(packed.text, default="\0")) < FIRST_CLUSTER + len(state.clusters))
    return parted(packed.text, codes, packed.wrapped)


def _kept(block: Block) -> Kept:
    if isinstance(block, list):
        return _pack(block)
    if isinstance(block, Packed):
        return block
    assert isinstance(block, Flood)
    return (Squeezed if block.squeezed else Raw)(block.kept, block.code, block.columns, block.count, block.skipped)


def _block(kept: Kept, state: State) -> Block:
    match kept:
        case Rows():
            return _unpack(kept, state)
        case Squeezed():
            flood = _flood(kept, state, zlib.decompress(kept.data))
            flood.kept, flood.squeezed = kept.data, True
            return flood
        case Raw():
            return _flood(kept, state, kept.data)
        case Packed():
            return _checked(kept, state)
        case _:
            assert_never(kept)


def _checked(packed: Packed, state: State) -> Packed:
    _require(bool(packed.wrapped) and 0 <= packed.skipped < len(packed.wrapped) and packed.count == packed.lines)
    content = opened(packed)
    for text, codes, _ in local_rows(packed, content):
        _require(len(text) == len(codes) and (not codes or ord(max(codes)) < len(content.looks)))
        _require(ord(max(text, default="\0")) < FIRST_CLUSTER + len(state.clusters))
    return packed


def _flood(raw: Raw, state: State, data: bytes) -> Flood:
    _require(raw.columns > 0 and (raw.count is None or raw.count > 0) and raw.skipped >= 0 and (raw.count is not None or not raw.skipped))
    return Flood(data, _code(raw.code, state), raw.columns, raw.count, raw.skipped)


def _code(code: str, state: State) -> str:
    _require(len(code) == 1 and ord(code) < len(state.styles))
    return code
