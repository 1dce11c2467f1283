"""Large plain reads stay bytes until somebody looks. (That looking shows the same is a property: ``test_properties``.)"""

import random
from collections.abc import Callable

import pytest

from agentgrid.geometry import Size
from agentgrid.terminal import flood
from agentgrid.terminal import history as history_module
from agentgrid.terminal.flood import Flood
from agentgrid.terminal.history import MAX_UNMEASURED_BYTES, OPEN_BLOCKS
from agentgrid.terminal.pyte_emulator import PyteEmulator
from agentgrid.terminal.style import Style
from tests.terminal.drive import history, screen

LINES = 2000
LOG = b"".join(b"line %d of a log that goes on\r\n" % number for number in range(LINES))


def unparsed(made: PyteEmulator) -> int:
    """Blocks that are kept as they came."""
    return sum(isinstance(block, Flood) for block in made._screen.history._blocks)


def test_nobody_looks() -> None:
    made = PyteEmulator(Size(40, 10))
    made.feed(LOG)
    assert unparsed(made) > 0
    assert screen(made) == [f"line {number} of a log that goes on" for number in range(LINES - 9, LINES)]
    assert made.history_length == LINES - 9
    assert unparsed(made) > 0  # Knowing how many rows there are is not looking.


def test_looking_parses_only_what_is_looked_at() -> None:
    made = PyteEmulator(Size(40, 10), history_limit=100_000)
    made.feed(LOG * 10)
    blocks = unparsed(made)
    assert blocks > 3
    assert [row[0].text for row in made.history(500, 502)] == ["line 500 of a log that goes on", "line 501 of a log that goes on"]
    assert len(made._screen.history._opened) == 1
    assert made.history(499, 503)[1:3] == made.history(500, 502)
    assert len(made._screen.history._opened) == 1
    made.history(0, 20_000)
    assert unparsed(made) == blocks
    assert len(made._screen.history._opened) == OPEN_BLOCKS  # To look through all of it leaves nothing behind.


def test_whoever_needs_no_styles_makes_none() -> None:
    made = PyteEmulator(Size(40, 10), history_limit=100_000)
    made.feed(b"".join(b"\x1b[38;2;%d;%d;7mline\x1b[m %d\r\n" % (number >> 8, number & 255, number) for number in range(LINES)))
    styles = len(made.styles)
    texts = made.history_texts(0, LINES)
    assert len(made.styles) == styles
    assert [line.text for line in texts] == [line.text for line in made.history_lines(0, LINES)]


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        pytest.param(LOG, True, id="text"),
        pytest.param(LOG.replace(b"log", b"\x1b[1;31mlog\x1b[m"), True, id="SGR"),
        pytest.param("日本 é\r\n".encode() * 4000, True, id="UTF-8"),
        pytest.param(LOG.replace(b"log", b"log\t"), True, id="TAB"),
        pytest.param(LOG.replace(b"\r\n", b"\n"), False, id="LF without CR"),
        pytest.param(LOG.replace(b"log", b"l\x08og"), False, id="BS"),
        pytest.param(LOG.replace(b"log", b"\x1b[Klog"), False, id="other sequences"),
        pytest.param(LOG.replace(b"log", b"\xc2\x85log"), False, id="C1"),
        pytest.param(b"\x1b]2;title\x07" + LOG, True, id="a title before it"),
        pytest.param(LOG + b"\x1b[H", True, id="something after it"),
        pytest.param(b"\x1b[2;5r" + LOG, False, id="margins"),
        pytest.param(b"\x1b[?1049h" + LOG, False, id="the alternate screen"),
        pytest.param(b"\x1b[4h" + LOG, False, id="insert mode"),
        pytest.param(b"\x1b(0" + LOG, False, id="line drawing"),
        pytest.param(b"\x1b[3g" + LOG.replace(b"log", b"log\t"), False, id="tab stops of one's own"),
        pytest.param(b"\x1b[?41h" + LOG.replace(b"log", b"log\t"), False, id="tabs that may wrap, by mode 41"),
    ],
)
def test_what_is_a_flood(data: bytes, kept: bool) -> None:
    lazy, eager = PyteEmulator(Size(40, 10)), PyteEmulator(Size(40, 10), lazy=False)
    setup, rest = data[:8], data[8:]  # Sequences before the flood come in a read of their own.
    for part in (setup, rest):
        lazy.feed(part)
        eager.feed(part)
    assert (unparsed(lazy) > 0) is kept
    assert lazy.snapshot() == eager.snapshot()
    assert history(lazy) == history(eager)


def test_what_was_looked_at_while_it_came_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made, data = PyteEmulator(Size(40, 10)), LOG.replace(b"log", b"\x1b[1;31mlog\x1b[m")
    for start in range(0, len(data), 4095):
        made.look(data[start : start + 4095])
    monkeypatch.setattr("agentgrid.terminal.flood._plain_until", unless_much(len(LOG) // LINES))
    made.feed(data)
    assert unparsed(made) > 0


def unless_much(most: int) -> Callable[[bytes, int], tuple[int, bool]]:
    look = flood._plain_until

    def looks(data: bytes, start: int) -> tuple[int, bool]:
        assert len(data) - start <= most
        return look(data, start)

    return looks


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        pytest.param(b"text without sequences\r\n" * 1000, True, id="text"),
        pytest.param(b"\x1b[Kno \x1b[31mflood\r\n" * 1000, False, id="other sequences"),
        pytest.param(b"\x1b[31mno end " * 4000, False, id="a line without an end"),
        pytest.param(b"\x1b[31m\r\n" * 3000, True, id="the same"),
    ],
)
def test_what_comes_after_what_was_scouted(after: bytes, kept: bool) -> None:
    lazy, eager = PyteEmulator(Size(40, 10)), PyteEmulator(Size(40, 10), lazy=False)
    data = b"\x1b[1ma line of a flood\r\n" * 1000 + after
    for start in range(0, len(data), 4095):
        lazy.look(data[start : start + 4095])
    for made in (lazy, eager):
        made.feed(data)
    assert sum(len(block.data) for block in lazy._screen.history._blocks if isinstance(block, Flood)) > len(data) * (0.9 if kept else 0.3)
    assert lazy.snapshot() == eager.snapshot()
    assert history(lazy) == history(eager)


def test_the_pen_goes_on_after_a_flood() -> None:
    made = PyteEmulator(Size(40, 10))
    made.feed(b"\x1b[1m" + LOG.replace(b"line 7 ", b"line 7\x1b[31m ") + b"\x1b[4mx")
    row = made.snapshot().rows[9]
    assert row[0].style == Style(bold=True, foreground=1, underline=1)
    assert made.history(0, 1)[0][0].style == Style(bold=True)


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        pytest.param(b"x" * 10, 1, id="as wide as the screen"),
        pytest.param(b"x" * 11, 2, id="wider"),
        pytest.param(b"x" * 30, 3, id="three rows"),
        pytest.param("日本語日本語".encode(), 2, id="wide characters"),
        pytest.param("a日本語日本語".encode(), 2, id="a gap"),
        pytest.param("e\u0301".encode() * 10, 1, id="marks take no room"),
        pytest.param("👨‍👩‍👧".encode() * 6, 2, id="clusters"),
        pytest.param("aaaaaaaaa⌚\ufe0e".encode(), 2, id="narrow only once it has found its place"),
        pytest.param(b"a\tb", 1, id="TAB"),
        pytest.param(b"0123456789\rab", 1, id="CR in a line"),
        pytest.param(b"01234567890\r0123456789", 2, id="CR on a second row"),
        pytest.param(b"0123456789ab\r0123456789ab\rx", 3, id="CR on each row"),
        pytest.param("日本語日本語\r日本語日本語".encode(), 3, id="CR between wide characters"),
        pytest.param(b"x" * 10 + b"\r", 1, id="CR twice at the end"),
        pytest.param(b"x" * 11 + b"\r\r\r", 2, id="CR four times at the end"),
        pytest.param(b"\x1b[31m" + b"x" * 10 + b"\x1b[m", 1, id="SGR takes no room"),
        pytest.param(b"", 1, id="an empty line"),
    ],
)
def test_rows_are_counted_exactly(line: bytes, rows: int) -> None:
    made = PyteEmulator(Size(10, 4), history_limit=100_000)
    made.feed((line + b"\r\n") * 8000)
    assert unparsed(made) > 0
    assert made.history_length == 8000 * rows - 3


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"the terminal made CR LF of LF\r", id="CR twice at the end"),
        pytest.param(b" 10 %\r 55 %\r100 %", id="CR in a line"),
        pytest.param(b"name\tvalue", id="TAB"),
    ],
)
def test_counting_rows_parses_no_line_that_fits(line: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    made = PyteEmulator(Size(40, 10), history_limit=100_000)
    made.feed((line + b"\r\n") * 2000)
    monkeypatch.setattr("agentgrid.terminal.flood.parse", lambda *_: pytest.fail("a line was parsed"))
    assert made.history_length == 1991


def test_a_flood_beyond_the_limit_is_dropped_by_the_block() -> None:
    made = PyteEmulator(Size(40, 10), history_limit=500)
    for _ in range(20):
        made.feed(LOG)
    assert made.history_length == 500
    assert history(made)[-1] == f"line {LINES - 10} of a log that goes on"
    assert sum(len(block.data) for block in made._screen.history._blocks if isinstance(block, Flood)) < 3 * len(LOG)


def test_a_flood_is_not_measured_before_somebody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    made = PyteEmulator(Size(20, 10), history_limit=1500)
    with monkeypatch.context() as patched:
        patched.setattr("agentgrid.terminal.flood.count_rows", None)
        made.feed(LOG)
        at_least = made.history_at_least
        saved = made.dump()
    again = PyteEmulator(Size(20, 10), history_limit=1500)
    again.load(saved)
    assert again.history_at_least == at_least
    for emulator in (made, again):
        rows = history(emulator)
        assert (len(rows), emulator.history_dropped + len(rows)) == (emulator.history_length, sum(emulator.history_at_least))
        assert sum(emulator.history_at_least) >= sum(at_least)
    assert history(made) == history(again)


def test_long_lines_are_counted_in_time() -> None:
    made = PyteEmulator(Size(40, 10), history_limit=100)
    line = b"x" * 40_000 + b"\r\n"
    for _ in range(400):
        made.feed(line)
    assert sum(len(block.data) for block in made._screen.history._blocks if isinstance(block, Flood)) <= MAX_UNMEASURED_BYTES + len(line)


def test_a_resize_does_not_parse_a_flood() -> None:
    made = PyteEmulator(Size(40, 10), history_limit=100_000)
    made.feed(LOG)
    made.resize(Size(20, 10))
    assert unparsed(made) > 0
    assert history(made)[:4] == ["line 0 of a log that", " goes on", "line 1 of a log that", " goes on"]


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        pytest.param(b"\x1b[38;2;44;104;48mtext\x1b[m", True, id="a colour with a part that would be a background"),
        pytest.param(b"\x1b[1;38;5;44mtext\x1b[0m", True, id="a colour of the palette with such a number"),
        pytest.param(b"\x1b[58;2;1;41;3;39;49mtext\x1b[m", True, id="an underline's colour, and the default background"),
        pytest.param(b"\x1b[38:2::1:44:3mtext\x1b[m", True, id="a colour with colons"),
        pytest.param(b"\x1b[38;2;1;44mtext\x1b[m", True, id="a colour cut short"),
        pytest.param(b"\x1b[44mtext\x1b[m", False, id="a background"),
        pytest.param(b"\x1b[044mtext\x1b[m", False, id="written oddly"),
        pytest.param(b"\x1b[107mtext\x1b[m", False, id="a bright one"),
        pytest.param(b"\x1b[38;2;1;2;3;44mtext\x1b[m", False, id="behind a colour"),
        pytest.param(b"\x1b[48:5:3mtext\x1b[m", False, id="with colons"),
        pytest.param(b"a short line \x1b[1m \x1b[m", True, id="blanks at the end of a line that fits"),
        pytest.param("日本語日本語日 ".encode(), True, id="the same in wide characters"),
        pytest.param(b"a line of more than twenty \x1b[1m \x1b[m", False, id="blanks at the end of one that does not"),
        pytest.param(b"name\tvalue", False, id="TAB"),
    ],
)
def test_what_a_resize_need_not_parse(line: bytes, kept: bool) -> None:
    lazy, eager = PyteEmulator(Size(40, 10), history_limit=100_000), PyteEmulator(Size(40, 10), history_limit=100_000, lazy=False)
    for made in (lazy, eager):
        made.feed((line + b"\r\n") * 4000)
        made.resize(Size(20, 10))
    assert (unparsed(lazy) > 0) is kept
    assert lazy.snapshot() == eager.snapshot()
    assert lazy.history(0, lazy.history_length) == eager.history(0, eager.history_length)


def test_nor_one_whose_lines_end_with_two_returns() -> None:
    made = PyteEmulator(Size(40, 10), history_limit=100_000)
    made.feed(LOG.replace(b"\r\n", b"\r\r\n"))
    made.resize(Size(20, 10))
    assert unparsed(made) > 0
    assert history(made)[:2] == ["line 0 of a log that", " goes on"]


def test_a_single_column_has_no_floods() -> None:
    made = PyteEmulator(Size(1, 3))
    made.feed("日a\r\n".encode() * 5000)
    assert unparsed(made) == 0
    wide = PyteEmulator(Size(10, 3))
    wide.feed("日a\r\n".encode() * 5000)
    wide.resize(Size(1, 3))
    assert unparsed(wide) == 0
    assert wide.history_length == 9998


@pytest.mark.parametrize("columns", [2, 7, 20, 21, 39, 40])
@pytest.mark.parametrize(
    "line",
    [
        b"a line of forty characters, just as many\r\n",
        b"\x1b[32mshort\x1b[m and \x1b[1;44mlong\x1b[0m enough to wrap in most widths that are tried\r\n",
        b"a line of forty characters, just as many\r\r\n",
        b"over\rwritten by what comes after the return, and that more than once\r\n",
        "é is no ASCII, and this wraps as well as the others do\r\n".encode(),
    ],
)
def test_what_fills_the_screen_is_drawn_where_lines_wrap(line: bytes, columns: int) -> None:
    lazy, eager = PyteEmulator(Size(columns, 9)), PyteEmulator(Size(columns, 9), lazy=False)
    for made in (lazy, eager):
        for _ in range(3):
            made.feed(b"before\r\n" + line * 400 + b"\r\n" * 3 + line * 7 + b"after")
    assert unparsed(lazy) > 0
    assert screen(lazy) == screen(eager)
    assert history(lazy) == history(eager)


def dense(rows: int, first: int = 0) -> bytes:
    """A picture: every cell in two colours of its own."""
    chance = random.Random(first)
    return b"".join(
        b"".join(
            b"\x1b[38;2;%d;%d;%d;48;2;%d;%d;%dm\xe2\x96\x80" % (*chance.randbytes(3), *chance.randbytes(3)) for _ in range(40)
        ) + b"\x1b[m\r\n"
        for _ in range(rows)
    )  # fmt: skip


def kept(made: PyteEmulator) -> int:
    """The bytes of the history's floods."""
    return sum(block.size for block in made._screen.history._blocks if isinstance(block, Flood))


def test_rows_of_many_bytes_are_squeezed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_module, "MAX_PLAIN_BYTES", 200_000)
    made, plain = PyteEmulator(Size(40, 10), history_limit=3000), PyteEmulator(Size(40, 10), history_limit=3000, lazy=False)
    picture = dense(200)
    for _ in range(10):
        made.feed(picture)
    plain.feed(picture * 10)
    assert made._screen.history._plain_bytes <= 200_000
    assert kept(made) < 0.6 * 10 * len(picture)
    assert kept(made) == made._screen.history._bytes
    copy = PyteEmulator(Size(1, 1), history_limit=3000)
    copy.load(made.dump())
    assert copy._screen.history._bytes == kept(copy) == kept(made)
    assert made.history_length == copy.history_length == plain.history_length
    assert made.history(1000, 1100) == copy.history(1000, 1100) == plain.history(1000, 1100)


def test_a_history_has_an_end_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_module, "MAX_PLAIN_BYTES", 200_000)
    made = PyteEmulator(Size(40, 10), history_limit=1000)
    data = b"".join(b"".join(b"\x1b[38;5;%dm" % byte for byte in random.Random(n).randbytes(1000)) + b"\x1b[mrow\r\n" for n in range(800))
    for _ in range(4):
        made.feed(data)
        assert kept(made) <= 1000 * history_module.ROW_BYTES + 200_000
    assert 0 < made.history_length < 1000
    assert made.history_length + made.history_dropped == 4 * 800 - 9
    assert made._screen.history._bytes == kept(made)
