"""What a replay does to the terminal: it shows what the recording's program showed, and nothing else happens to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.cli.playback import ENTER, LEAVE, Stage
from agentgrid.cli.recording import Moment
from agentgrid.geometry import Size
from agentgrid.terminal.emulator import Modes
from agentgrid.terminal.pyte_emulator import PyteEmulator

SIZE = Size(columns=20, rows=5)
PIECES = [
    b"hello",
    "日本 é".encode(),
    b"\r\n\r\n",
    b"\x1b[H",
    b"\x1b[31mred\x1b[m",
    b"\x1b[?1049h",
    b"\x1b[?25l",
    b"\x1b]0;a title\x07",
    b"\x1b]52;c;aGk=\x07",
    b"\x1b[?1000h\x1b[?2004h",
    b"\x07",
    b"\x1b[6n",
    b"\x1bc",
    b"a" * 25,
]
MOMENTS = st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=6)), max_size=15)


def shown(terminal: PyteEmulator) -> list[str]:
    return ["".join(run.text for run in row).rstrip() for row in terminal.snapshot().rows]


@given(MOMENTS, st.sets(st.integers(0, 14)))
def test_the_terminal_shows_what_the_program_showed(pieces: list[bytes], frames: set[int]) -> None:
    """However many moments a frame has; and it is told nothing but text, colours and where the cursor is."""
    stage, program, terminal = Stage(SIZE), PyteEmulator(SIZE), PyteEmulator(SIZE)
    effects = list(terminal.feed(ENTER.encode()))
    for number, piece in enumerate(pieces):
        stage.take(Moment(number, piece))
        program.feed(piece)
        if number in frames:
            effects += terminal.feed(stage.frame(SIZE).encode())
    effects += terminal.feed(stage.frame(SIZE).encode())
    assert shown(terminal) == shown(program)
    assert terminal.cursor.visible == program.cursor.visible
    assert terminal.title == ""
    assert effects == []
    terminal.feed(LEAVE.encode())
    assert terminal.modes == Modes()
    assert terminal.cursor.visible


def test_a_frame_that_changes_nothing_is_empty() -> None:
    stage = Stage(SIZE)
    stage.take(Moment(0, b"x"))
    assert stage.frame(SIZE)
    assert stage.frame(SIZE) == ""
    stage.take(Moment(1, b"y"))
    assert "y" in stage.frame(SIZE)


@pytest.mark.parametrize(
    ("window", "rows"),
    [
        pytest.param(Size(10, 2), ["hello worl", "日本 日本"], id="smaller"),
        pytest.param(Size(8, 2), ["hello wo", "日本 日"], id="half a wide character"),
        pytest.param(Size(40, 9), ["hello world", "日本 日本", "three"], id="larger"),
    ],
)
def test_a_terminal_of_another_size_shows_what_fits(window: Size, rows: list[str]) -> None:
    stage, terminal = Stage(SIZE), PyteEmulator(window)
    stage.take(Moment(0, "hello world\r\n日本 日本\r\nthree".encode()))
    terminal.feed((ENTER + stage.frame(window)).encode())
    assert [row for row in shown(terminal) if row] == rows


def test_a_resize_in_the_recording() -> None:
    stage, terminal = Stage(SIZE), PyteEmulator(Size(40, 9))
    stage.take(Moment(0, b"one"))
    terminal.feed((ENTER + stage.frame(Size(40, 9))).encode())
    stage.take(Moment(1, size=Size(30, 7)))
    stage.take(Moment(1, b"\x1b[7;1Hlast"))
    terminal.feed(stage.frame(Size(40, 9)).encode())
    assert shown(terminal)[6] == "last"


def test_text_ends_with_the_last_row_that_says_something() -> None:
    stage = Stage(SIZE)
    stage.take(Moment(0, b"\x1b[32mone\x1b[m\r\n\r\ntwo"))
    assert stage.text(ansi=False) == "one\n\ntwo"
    assert stage.text(ansi=True) == "\x1b[32mone\x1b[0m\n\ntwo"
