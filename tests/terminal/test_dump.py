"""An emulator as bytes and back. (That it goes on as if nothing had happened is a property: ``test_properties``.)"""

import time
from collections.abc import Callable

import pytest

from agentgrid.geometry import Size
from agentgrid.terminal import dump
from agentgrid.terminal.pyte_emulator import PyteEmulator
from agentgrid.terminal.style import MAX_CODES
from tests.terminal.drive import emulator, history, replies, screen, state, style_at
from tests.terminal.test_flood import LOG, unparsed

BUSY = (
    b"\x1b]0;title\x07\x1b[22t\x1b[1;38;2;1;2;3m\x1b]8;;http://a\x07styled\x1b[m\r\n"
    b"\x1b[2;3r\x1b[?6h\x1b[?1003h\x1b[?1006h\x1b[>5u\x1b[>4;2m\x1b[4 q\x1b(0\x1b7\x1b[?2004h\x1b]11;#123456\x07"
    b"\x1b[?1049hon the other\x1b[=3u\x1b[3;3H" + "👨‍👩‍👧\u0301".encode()
)


def loaded(data: bytes, limit: int = 100) -> PyteEmulator:
    made = PyteEmulator(Size(3, 3), history_limit=limit)
    made.load(data)
    return made


def test_everything_comes_back() -> None:
    made = emulator(BUSY)
    copy = loaded(made.dump())
    assert state(copy) == state(made)
    assert list(copy.clusters) == list(made.clusters)
    for data in (b"\x1b]11;?\x07\x1b[?u\x1b[23t", b"\x1b[?1049lq\x1b8q", b"\x1b[23t\x1b[?u\x1b[H"):
        assert copy.feed(data) == made.feed(data)
        assert state(copy) == state(made)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"\x1b[1;3", b"1mx", id="in a CSI"),
        pytest.param(b"\x1b]2;ti", b"tle\x07x", id="in an OSC"),
        pytest.param(b"\x1b]2;title\x1b", b"\\x", id="before the end of an ST"),
        pytest.param(b"\xf0\x9f\x91", b"\x8dx", id="in a character"),
        pytest.param("👍".encode(), "🏽x".encode(), id="in a cluster"),
        pytest.param(b"\x1bN", b"x", id="after SS2"),
        pytest.param(b"abc", b"\x1b[3b", id="before REP"),
    ],
)
def test_what_was_half_done_is_finished(before: bytes, after: bytes) -> None:
    made = emulator(before)
    copy = loaded(made.dump())
    assert copy.feed(after) == made.feed(after)
    assert state(copy) == state(made)


def test_a_flood_stays_unparsed() -> None:
    made = PyteEmulator(Size(40, 10), history_limit=5000)
    made.feed(LOG)
    copy = loaded(made.dump(), 5000)
    assert unparsed(copy) == unparsed(made) > 0
    assert history(copy) == history(made)
    assert copy.history_dropped == made.history_dropped


def test_the_history_keeps_the_limit_of_who_loads() -> None:
    made = emulator(b"".join(b"%d\r\n" % number for number in range(50)))
    copy = loaded(made.dump(), 5)
    assert history(copy) == ["42", "43", "44", "45", "46"]


def test_every_style_comes_back_by_its_code() -> None:
    made = PyteEmulator(Size(10, 2))
    made.feed(b"".join(b"\x1b[48;2;%d;%d;1mx\x1b[m\r" % (number >> 8, number & 255) for number in range(61_000)) + b"\x1b[31my")
    copy = loaded(made.dump())
    assert len(copy.styles) == len(made.styles) <= MAX_CODES + 1
    assert style_at(copy, 0, 0) == style_at(made, 0, 0)
    made.feed(b"\x1b[48;2;9;9;9;1mz")
    copy.feed(b"\x1b[48;2;9;9;9;1mz")
    assert style_at(copy, 0, 1) == style_at(made, 0, 1)


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"", id="nothing"),
        pytest.param(lambda data: b"hello", id="something else"),
        pytest.param(lambda data: data.replace(b"screen 1", b"screen 0"), id="another version"),
        pytest.param(lambda data: data[:-10], id="cut off"),
        pytest.param(lambda data: data + b"\0", id="too long"),
        pytest.param(lambda data: data[: len(dump.MAGIC)] + b"\xc0", id="no state"),
    ],
)
def test_a_damaged_dump_changes_nothing(damage: Callable[[bytes], bytes]) -> None:
    made = emulator(b"abc")
    before = state(made)
    with pytest.raises(ValueError, match="screen"):
        made.load(damage(emulator(BUSY).dump()))
    assert state(made) == before


def test_any_byte_may_be_wrong() -> None:
    data = emulator(BUSY).dump()
    for at in range(len(dump.MAGIC), len(data), 7):
        made = emulator()
        broken = data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
        try:
            made.load(broken)
        except ValueError:
            continue
        made.feed(b"abc\x1b[2J\x1b[?1049h\x1b[?1049l\r\n" * 5)
        made.snapshot()
        assert replies(made.feed(b"\x1b[5n")) == b"\x1b[0n" or made._parser.pending or not made._parser.in_ground


def test_a_checkpoint_of_a_long_history_is_small() -> None:
    made = PyteEmulator(Size(80, 24), lazy=False)
    row = b"2026-11-24 04:15:12 \x1b[32minfo\x1b[m worker-3: the file parser reads each row\r\n"
    made.feed(row * 11_000)
    started = time.process_time()
    data = made.dump()
    assert time.process_time() - started < 1  # Ten milliseconds on a quiet machine: tests/bench/emulator.
    assert len(data) < 10_000 * 90
    assert screen(loaded(data, 10_000)) == screen(made)
