"""The unparsed flood: text that scrolls away faster than anybody reads is kept as it came.

A large read that holds nothing but text, CR LF, TAB and SGR, on the whole main screen, is three parts: some lines that bring
the cursor to the bottom, drawn as ever; a head, which goes into the history as bytes; a tail that fills the screen, drawn.
The head is parsed when somebody looks. What the history then shows is what drawing it would have left there, and the
number of rows is known at once: a line is a row unless it may be wider than the screen, and such lines are measured.

A head is cut into blocks at line ends, each with the pen it begins with. Finding that pen needs only the SGR sequences after
the last reset.
"""

import functools
import re
import zlib

from agentgrid.terminal import graphemes, interpreter, modes, sgr
from agentgrid.terminal.cells import Cells
from agentgrid.terminal.history import History
from agentgrid.terminal.parser import MAX_SEQUENCE, Parser
from agentgrid.terminal.row import WIDE_TAIL
from agentgrid.terminal.screen import Screen, default_tabstops
from agentgrid.terminal.style import DEFAULT_CODE, DEFAULT_VALUES, FIELDS, Pen

FLOOD_BYTES = 8192  # Below it, looking costs more than it saves.
BLOCK_BYTES = 64 * 1024  # What is parsed at once when somebody looks: ten to twenty milliseconds of SGR.
MIN_HEAD_BYTES = 2048
MAX_UNENDED_BYTES = 16 * 1024  # Of a line that does not end, looked at again with each piece.
QUICKLY = 1  # zlib's level: 10 ns a byte, of rows that are nearly all SGR a quarter is left.
MAX_ATTEMPTS = 64  # Plain stretches looked for in one read; with more of them, looking costs more than it saves.

_IN_LINES = bytes(byte for byte in range(256) if (byte >= 0x20 and byte != 0x7F) or byte in b"\t\x1b")
_TEXT_STYLE = graphemes.TEXT_STYLE.encode()
# Possessive (+), since what it takes is never given back: half the time of the whole look.
_NO_SGR = re.compile(rb"\x1b(?!\[[0-9;:]{0,%d}+m)" % (MAX_SEQUENCE - 3)).search
_C1 = re.compile(rb"\xc2[\x80-\x9f]").search
_SGR = re.compile(rb"\x1b\[[0-9;:]*m")
_RETURNS = re.compile(rb"\r+\n")  # Of a program that writes CR LF to a terminal that makes CR LF of LF.
_OFFENCE = re.compile(rb"[^\t\n\r\x1b\x20-\x7e\x80-\xff]|(?<!\r)\n|\x1b(?!\[[0-9;:]{0,%d}+m)|\xc2[\x80-\x9f]" % (MAX_SEQUENCE - 3)).search
_NO_BACKGROUND = rb"(?:[35]8;(?:2;[0-9]++;[0-9]++;[0-9]++|5;[0-9]++)|[1267][0-9]|3[0-79]|49|5[0-79]|9[0-7]|[0-9])?"
_MAY_SET_BACKGROUND = re.compile(rb"\x1b\[(?!%b(?:;%b)*+m)[0-9;:]*m" % (_NO_BACKGROUND, _NO_BACKGROUND)).findall
_BLANK_ENDS = re.compile(rb" (?:[\x80-\xff]|\x1b\[[0-9;:]*+m)*+\r\n").finditer  # What follows the blank may be of no width.


class Flood:
    """Whole lines as they came, not parsed. ``skipped`` rows at its beginning have left the history."""

    __slots__ = ("code", "columns", "count", "kept", "lines", "skipped", "squeezed")

    def __init__(self, data: bytes, code: str, columns: int, count: int | None = None, skipped: int = 0) -> None:
        self.kept, self.code, self.columns, self.count, self.skipped = data, code, columns, count, skipped
        self.lines = data.count(b"\n")
        self.squeezed = False

    @property
    def data(self) -> bytes:
        """What came."""
        return zlib.decompress(self.kept) if self.squeezed else self.kept

    @property
    def size(self) -> int:
        """The bytes that are kept for it."""
        return len(self.kept)

    def squeeze(self) -> None:
        """Keep it compressed from now on."""
        self.kept, self.squeezed = zlib.compress(self.kept, QUICKLY), True

    def skip(self, count: int) -> None:
        """Forget the first rows of a flood that is measured."""
        assert self.count is not None
        self.skipped += count
        self.count -= count


class Scout:
    """How much at the beginning of a read is whole lines of text, TAB and SGR, found piece by piece as it comes.

    The kernel fills a PTY again while a piece is looked at, for which the next read would else wait. To look at text without
    sequences takes less than such a wait, and least in one go: with the first piece of that kind the scout stops.
    """

    __slots__ = ("_over", "_unended", "plain", "tidy")

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """The next piece is the first of another read."""
        self.plain = 0
        """Bytes that are known to be such lines."""
        self.tidy = True
        """They hold CR only in their CR LF."""
        self._unended = b""
        self._over = False

    def look(self, piece: bytes) -> None:
        """What comes next."""
        if self._over or b"\x1b" not in piece:
            self._over = True
            return
        piece = self._unended + piece
        stop, tidy = _plain_until(piece, 0)
        self.plain += stop
        self.tidy = self.tidy and tidy
        self._unended = piece[stop:]
        self._over = len(self._unended) > MAX_UNENDED_BYTES or b"\n" in self._unended


def swallow(screen: Screen, parser: Parser, data: bytes, scouted: Scout) -> bytes:
    """Draw and keep what can be kept of a large read; what is returned is still to be drawn. ``scouted`` has seen its beginning."""
    for _ in range(MAX_ATTEMPTS):
        if len(data) < FLOOD_BYTES or not _is_eligible(screen):
            break
        start = _line_after(data, screen.lines - screen.cursor.y)
        if not start:
            break
        stop, tidy = _plain_until(data, max(start, scouted.plain))
        tidy = tidy and scouted.tidy
        if stop - start < FLOOD_BYTES:
            resume = data.find(b"\n", stop) + 1
            if not resume:
                break
            _draw(screen, parser, data[:resume])
            data, scouted = data[resume:], Scout()
            continue
        _draw(screen, parser, data[:start])
        cut = _last_screen(data, stop, screen.lines, screen.columns)
        custom_tabs = b"\t" in data and (screen.tabstops != default_tabstops(screen.columns) or modes.MORE_FIX in screen.mode)
        if cut - start < MIN_HEAD_BYTES or custom_tabs or not _is_at_bottom(screen, parser):
            return data[start:]
        screen.history.rows += screen.rows[:-1]
        keep(screen, data[start:cut] if tidy else _tidied(data[start:cut]))
        screen.rows[-1] = screen.blank()
        _draw_tail(screen, parser, data[cut:stop])
        data, scouted = data[stop:], Scout()
    return data


def _tidied(data: bytes) -> bytes:
    """With one CR before each LF. Nearly always there are two at the most, which is found in a quarter of the time."""
    data = data.replace(b"\r\r\n", b"\r\n")
    return _RETURNS.sub(b"\r\n", data) if b"\r\r\n" in data else data


def _is_eligible(screen: Screen) -> bool:
    # A wide character has no place in a single column, and measuring counts on one.
    return screen.tuning.simple and not screen.alternate and screen.tuning.whole and screen.columns > 1


def _is_at_bottom(screen: Screen, parser: Parser) -> bool:
    """Whether the next text begins a line of its own in the last row."""
    if not (_is_eligible(screen) and parser.in_ground and screen.cursor.y == screen.bottom and screen.cursor.x == 0):
        return False
    above = screen.rows[-2:-1] or screen.history.rows[-1:]
    return not above or not above[0][2]


def _line_after(data: bytes, count: int) -> int:
    """Where the line after so many line ends begins, or 0."""
    position = 0
    for _ in range(count):
        position = data.find(b"\n", position) + 1
        if not position:
            return 0
    return position


def _last_lines(data: bytes, stop: int, count: int) -> int:
    """Where the last so many lines before ``stop`` begin, or 0."""
    for _ in range(count + 1):
        stop = data.rfind(b"\n", 0, stop)
        if stop < 0:
            return 0
    return stop + 1


def _last_screen(data: bytes, stop: int, count: int, columns: int) -> int:
    """Where the last lines before ``stop`` begin that fill so many rows, or 0. Where they may wrap, fewer lines do."""
    start = _last_lines(data, stop, count)
    tail = data[start:stop]
    if not start or len(tail) < count * columns or b"\t" in tail or tail.count(b"\r") > count or not tail.isascii():
        return start
    rows = 0
    for line in reversed(tail.split(b"\r\n")[:-1]):
        stop -= len(line) + 2
        rows += -(-len(_SGR.sub(b"", line) if b"\x1b" in line else line) // columns) or 1
        if rows >= count:
            break
    return stop


def _plain_until(data: bytes, start: int) -> tuple[int, bool]:
    """The end of the whole lines from ``start`` on that hold nothing but text, CR LF, TAB and SGR; and whether CR is nowhere else."""
    stop = max(data.rfind(b"\n", start) + 1, start)
    body = data[start:stop]
    ends = body.count(b"\r\n")
    others = body.translate(None, _IN_LINES)
    tidy = len(others) == 2 * ends
    if (
        (tidy or (others.count(b"\n") == ends and not others.translate(None, b"\r\n")))
        and not (b"\x1b" in body and _NO_SGR(body))
        and not (b"\xc2" in body and _C1(body))
    ):
        return stop, tidy
    offence = _OFFENCE(data, start)
    return data.rfind(b"\n", start, offence.start() if offence else stop) + 1 or start, False


def _draw(screen: Screen, parser: Parser, data: bytes) -> None:
    interpreter.run(screen, parser.feed(data))


def _draw_tail(screen: Screen, parser: Parser, tail: bytes) -> None:
    """Draw what fills the screen. The rows it scrolls away first are those that have gone before the flood."""
    history = screen.history
    screen.history = History()
    screen.tune()
    _draw(screen, parser, tail)
    history.rows += screen.history.rows[screen.lines - 1 :]
    screen.history = history
    screen.tune()


def keep(screen: Screen, head: bytes) -> None:
    """Put a head into the history, in blocks, and leave the pen as it leaves it."""
    start = 0
    while start < len(head):
        stop = head.find(b"\n", start + BLOCK_BYTES - 1) + 1 or len(head)
        block = head[start:stop]
        screen.history.add(Flood(block, screen.pen.code, screen.columns))
        screen.pen = _pen_after(screen, screen.pen, block)
        start = stop


def _pen_after(screen: Screen, pen: Pen, data: bytes) -> Pen:
    if b"\x1b" not in data:
        return pen
    last = max(data.rfind(b"\x1b[m"), data.rfind(b"\x1b[0m"), 0)
    for control in _SGR.findall(data, last):
        control = control.decode("ascii")
        after = pen.after.get(control) or interpreter.turn(screen, pen, control)
        assert after is not None
        pen = after
    return pen


def count_rows(screen: Screen, data: bytes, columns: int) -> int:
    """How many rows whole lines take."""
    if b"\x1b" in data:
        data = _SGR.sub(b"", data)
    lines = data.split(b"\r\n")
    lines.pop()
    if b"\t" not in data and max(map(len, lines)) <= columns:  # No other character has more cells than bytes.
        return len(lines)
    if b"\t" in data or data.count(b"\r") != len(lines):
        return sum([_rows_of(screen, line, columns) for line in lines])
    if data.isascii():
        return sum([(length + columns - 1) // columns or 1 for length in map(len, lines)])
    text = data.decode("utf-8", "replace")
    if graphemes.joins_oddly(text):
        return sum([_rows_of(screen, line, columns) for line in lines])
    widths = map(screen.clusters.text_width, text.split("\r\n"))
    return sum([_rows_of_width(screen, line, width, columns) if width > columns else 1 for line, width in zip(lines, widths, strict=False)])


def _rows_of_width(screen: Screen, line: bytes, width: int, columns: int) -> int:
    rows = -(-width // columns)
    if width + rows - 1 <= rows * columns:  # Gaps for wide characters, one a row at most, fit in.
        return rows
    return _rows_of(screen, line, columns)


def _rows_of(screen: Screen, line: bytes, columns: int) -> int:
    """The rows of a line of any kind, exactly."""
    if len(line) + 7 * line.count(b"\t") <= columns:  # A tab is eight cells at the most.
        return 1
    if b"\t" in line or _TEXT_STYLE in line:  # VS15 comes when the wide form has found its place.
        return len(parse(screen, Flood(line + b"\r\n", DEFAULT_CODE, columns)))
    if b"\r" in line:  # What comes after it begins on the row where it stands.
        return 1 + sum([_rows_of(screen, part, columns) - 1 for part in line.split(b"\r") if len(part) > columns])
    written = screen.clusters.to_cells(line.decode("utf-8", "replace"))
    rows, end = 1, columns
    while end < len(written):
        rows += 1
        end += columns - (written[end] == WIDE_TAIL)
    return rows


def parse(screen: Screen, flood: Flood) -> list[Cells]:
    """The rows of a flood, as drawing it would have left them."""
    scratch = Screen(flood.columns, 1, styles=screen.styles, clusters=screen.clusters)
    scratch.pen = screen.styles.pen(flood.code)
    scratch.rows[0] = scratch.blank()
    interpreter.run(scratch, Parser().feed(flood.data))
    return scratch.history.rows[flood.skipped :]


def parse_text(screen: Screen, flood: Flood) -> list[Cells]:
    """The same in the default style, which costs little and makes no styles; blanks at the end may be missing."""
    return parse(screen, Flood(_SGR.sub(b"", flood.data), DEFAULT_CODE, flood.columns, None, flood.skipped))


def relayout(screen: Screen, flood: Flood, columns: int) -> Flood | None:
    """The flood for another width; None when its rows have to be parsed and reflowed, which not all text survives unchanged."""
    data = flood.data
    if columns < 2:
        return None
    if (
        flood.skipped
        or screen.styles.style(flood.code).background is not None
        or any(map(_sets_background, set(_MAY_SET_BACKGROUND(data))))
    ):
        return None  # A row is in a background up to the width it was made in.
    if b"\t" in data or data.count(b"\r") != data.count(b"\r\n"):
        return None
    if any(_width(screen, data[data.rfind(b"\n", 0, end.start()) + 1 : end.end() - 2]) > columns for end in _BLANK_ENDS(data)):
        return None  # Blanks at the end of a line are not carried over to another row.
    return Flood(data, flood.code, columns)


def _width(screen: Screen, line: bytes) -> int:
    """The cells of a line of text and SGR."""
    text = _SGR.sub(b"", line)
    return len(text) if text.isascii() else screen.clusters.text_width(text.decode("utf-8", "replace"))


@functools.lru_cache(maxsize=4096)
def _sets_background(control: bytes) -> bool:
    return sgr.apply(DEFAULT_VALUES, control[2:-1].decode("ascii"))[FIELDS["background"]] is not None
