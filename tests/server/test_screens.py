"""A screen as text and as bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.geometry import Size
from agentgrid.server.screens import painted, screen_text
from agentgrid.terminal.pyte_emulator import PyteEmulator

SIZE = Size(columns=20, rows=5)
PIECES = [
    b"hello",
    "naïve 日本 👍🏽".encode(),
    b"\r\n",
    b"\x1b[3;4H",
    b"\x1b[1;31;44mred\x1b[m",
    b"\x1b[4:3;58:2::1:2:3mcurly\x1b[m",
    b"\x1b[?1049h",
    b"\x1b[?1049l",
    b"\x1b[?25l",
    b"\x1b[2J",
    b"\x1b[7mreverse\x1b[27m",
    b"\x1b[38;5;200mx\x1b[m",
]


def emulator_of(*pieces: bytes) -> PyteEmulator:
    emulator = PyteEmulator(SIZE)
    for piece in pieces:
        emulator.feed(piece)
    return emulator


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_what_is_painted_looks_the_same(pieces: list[bytes]) -> None:
    shown = emulator_of(*pieces).snapshot()
    copy = emulator_of(painted(emulator_of(*pieces))).snapshot()
    assert screen_rows(copy.rows) == screen_rows(shown.rows)
    assert (copy.cursor.row, copy.cursor.column, copy.cursor.visible) == (shown.cursor.row, shown.cursor.column, shown.cursor.visible)
    assert copy.modes.alternate_screen == shown.modes.alternate_screen


def screen_rows(rows: tuple[tuple[object, ...], ...]) -> list[tuple[object, ...]]:
    return list(rows)


@pytest.mark.parametrize(
    ("history", "text"),
    [
        pytest.param(0, "6\n7\n8\n9\n", id="the screen"),
        pytest.param(2, "4\n5\n6\n7\n8\n9\n", id="two rows before it"),
        pytest.param(-1, "1\n2\n3\n4\n5\n6\n7\n8\n9\n", id="all"),
        pytest.param(99, "1\n2\n3\n4\n5\n6\n7\n8\n9\n", id="more than there is"),
    ],
)
def test_history(history: int, text: str) -> None:
    emulator = emulator_of(*(f"{number}\r\n".encode() for number in range(1, 10)))
    assert screen_text(emulator, history) == text


def test_colours_end_with_the_text_they_colour() -> None:
    assert screen_text(emulator_of(b"a\x1b[1;32mb\x1b[mc"), 0, ansi=True).splitlines()[0] == "a\x1b[1;32mb\x1b[0mc"
