"""The mouse as bytes; expected values by xterm's ctlseqs ("Mouse Tracking")."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.terminal.emulator import Modes
from agentgrid.terminal.keys import Modifier
from agentgrid.terminal.mouse import Mouse, encode, encode_focus

SHIFT, ALT, CTRL = Modifier.SHIFT, Modifier.ALT, Modifier.CTRL
PRESS, RELEASE = Mouse("press", 1, 4, 2), Mouse("release", 1, 4, 2)
DRAG, MOVE, WHEEL = Mouse("move", 1, 4, 2), Mouse("move", 0, 4, 2), Mouse("press", 4, 4, 2)


def modes(tracking: int, encoding: int = 1006) -> Modes:
    return Modes(mouse_tracking=tracking, mouse_encoding=encoding)


@pytest.mark.parametrize(
    ("event", "heard_by"),
    [
        pytest.param(PRESS, {9, 1000, 1002, 1003}, id="press"),
        pytest.param(RELEASE, {1000, 1002, 1003}, id="release"),
        pytest.param(DRAG, {1002, 1003}, id="drag"),
        pytest.param(MOVE, {1003}, id="move"),
        pytest.param(WHEEL, {1000, 1002, 1003}, id="wheel"),
        pytest.param(Mouse("release", 4, 4, 2), set[int](), id="no wheel is released"),
        pytest.param(Mouse("press", 8, 4, 2), {1000, 1002, 1003}, id="a further button"),
        pytest.param(Mouse("press", 12, 4, 2), set[int](), id="a button nobody knows"),
    ],
)
@pytest.mark.parametrize("tracking", [0, 9, 1000, 1002, 1003])
def test_who_hears_what(event: Mouse, heard_by: set[int], tracking: int) -> None:
    assert bool(encode(event, modes(tracking))) == (tracking in heard_by)


@pytest.mark.parametrize(
    ("event", "encoding", "expected"),
    [
        pytest.param(PRESS, 0, b"\x1b[M %#", id="X10: press"),
        pytest.param(RELEASE, 0, b"\x1b[M#%#", id="X10: release is of no button"),
        pytest.param(DRAG, 0, b"\x1b[M@%#", id="X10: drag"),
        pytest.param(MOVE, 0, b"\x1b[MC%#", id="X10: move"),
        pytest.param(WHEEL, 0, b"\x1b[M`%#", id="X10: wheel"),
        pytest.param(Mouse("press", 8, 4, 2), 0, b"\x1b[M\xa0%#", id="X10: button 8"),
        pytest.param(Mouse("release", 8, 4, 2, CTRL), 0, b"\x1b[M3%#", id="X10: release keeps the modifiers"),
        pytest.param(Mouse("press", 1, 222, 222), 0, b"\x1b[M \xff\xff", id="X10: the last cell"),
        pytest.param(Mouse("press", 1, 223, 0), 0, b"", id="X10: beyond it"),
        pytest.param(Mouse("press", 1, 0, 223), 0, b"", id="X10: below it"),
        pytest.param(Mouse("press", 1, 0, 0), 0, b"\x1b[M !!", id="X10: the first cell"),
        pytest.param(PRESS, 1005, b"\x1b[M %#", id="1005: press"),
        pytest.param(Mouse("press", 1, 94, 95), 1005, "\x1b[M \x7f\x80".encode(), id="1005: one and two bytes"),
        pytest.param(Mouse("press", 1, 2014, 0), 1005, "\x1b[M \u07ff!".encode(), id="1005: the last cell"),
        pytest.param(Mouse("press", 1, 2015, 0), 1005, b"", id="1005: beyond it"),
        pytest.param(RELEASE, 1005, b"\x1b[M#%#", id="1005: release"),
        pytest.param(PRESS, 1006, b"\x1b[<0;5;3M", id="1006: press"),
        pytest.param(RELEASE, 1006, b"\x1b[<0;5;3m", id="1006: release"),
        pytest.param(Mouse("release", 3, 4, 2), 1006, b"\x1b[<2;5;3m", id="1006: release of the right one"),
        pytest.param(DRAG, 1006, b"\x1b[<32;5;3M", id="1006: drag"),
        pytest.param(MOVE, 1006, b"\x1b[<35;5;3M", id="1006: move"),
        pytest.param(Mouse("press", 4, 0, 0), 1006, b"\x1b[<64;1;1M", id="1006: wheel up"),
        pytest.param(Mouse("press", 5, 0, 0), 1006, b"\x1b[<65;1;1M", id="1006: wheel down"),
        pytest.param(Mouse("press", 6, 0, 0), 1006, b"\x1b[<66;1;1M", id="1006: wheel left"),
        pytest.param(Mouse("press", 7, 0, 0), 1006, b"\x1b[<67;1;1M", id="1006: wheel right"),
        pytest.param(Mouse("press", 8, 0, 0), 1006, b"\x1b[<128;1;1M", id="1006: button 8"),
        pytest.param(Mouse("release", 11, 0, 0), 1006, b"\x1b[<131;1;1m", id="1006: button 11"),
        pytest.param(Mouse("press", 1, 0, 0, SHIFT), 1006, b"\x1b[<4;1;1M", id="1006: shift"),
        pytest.param(Mouse("press", 1, 0, 0, ALT), 1006, b"\x1b[<8;1;1M", id="1006: alt"),
        pytest.param(Mouse("press", 1, 0, 0, CTRL), 1006, b"\x1b[<16;1;1M", id="1006: ctrl"),
        pytest.param(Mouse("press", 3, 0, 0, SHIFT | ALT | CTRL), 1006, b"\x1b[<30;1;1M", id="1006: all three"),
        pytest.param(Mouse("press", 5, 0, 0, CTRL), 1006, b"\x1b[<81;1;1M", id="1006: ctrl and wheel"),
        pytest.param(Mouse("move", 2, 0, 0, SHIFT), 1006, b"\x1b[<37;1;1M", id="1006: shift and drag"),
        pytest.param(Mouse("press", 1, 9999, 500), 1006, b"\x1b[<0;10000;501M", id="1006: far out"),
        pytest.param(Mouse("move", 1, -3, -1), 1006, b"\x1b[<32;1;1M", id="1006: left of the pane is its edge"),
        pytest.param(PRESS, 1015, b"\x1b[32;5;3M", id="1015: press"),
        pytest.param(RELEASE, 1015, b"\x1b[35;5;3M", id="1015: release"),
        pytest.param(WHEEL, 1015, b"\x1b[96;5;3M", id="1015: wheel"),
        pytest.param(Mouse("move", 1, 499, 2), 1015, b"\x1b[64;500;3M", id="1015: drag"),
        pytest.param(Mouse("press", 1, 4, 2, 0, 47, 51), 1016, b"\x1b[<0;48;52M", id="1016: pixels"),
        pytest.param(Mouse("release", 1, 4, 2, 0, 0, 0), 1016, b"\x1b[<0;1;1m", id="1016: release"),
        pytest.param(PRESS, 1016, b"\x1b[<0;46;51M", id="1016: the middle of the cell where no pixels are known"),
    ],
)
def test_encodings(event: Mouse, encoding: int, expected: bytes) -> None:
    assert encode(event, modes(1003, encoding)) == expected


def test_x10_compatibility_knows_no_modifiers() -> None:
    assert encode(Mouse("press", 3, 4, 2, SHIFT | CTRL), modes(9, 0)) == b'\x1b[M"%#'


@pytest.mark.parametrize(
    ("event", "where", "expected"),
    [
        pytest.param(WHEEL, Modes(alternate_screen=True), b"\x1b[A" * 3, id="up"),
        pytest.param(Mouse("press", 5, 0, 0), Modes(alternate_screen=True), b"\x1b[B" * 3, id="down"),
        pytest.param(WHEEL, Modes(alternate_screen=True, application_cursor=True), b"\x1bOA" * 3, id="as the cursor mode says"),
        pytest.param(Mouse("press", 6, 0, 0), Modes(alternate_screen=True), b"", id="not sideways"),
        pytest.param(WHEEL, Modes(), b"", id="not on the main screen"),
        pytest.param(WHEEL, Modes(alternate_screen=True, alternate_scroll=False), b"", id="not without 1007"),
        pytest.param(WHEEL, Modes(alternate_screen=True, mouse_tracking=9), b"", id="not when the program has the mouse"),
        pytest.param(PRESS, Modes(alternate_screen=True), b"", id="a press is nothing"),
    ],
)
def test_the_wheel_without_mouse(event: Mouse, where: Modes, expected: bytes) -> None:
    assert encode(event, where) == expected


def test_focus() -> None:
    assert encode_focus(True, Modes(focus_events=True)) == b"\x1b[I"
    assert encode_focus(False, Modes(focus_events=True)) == b"\x1b[O"
    assert encode_focus(True, Modes()) == b""


some_events = st.builds(
    Mouse,
    kind=st.sampled_from(["press", "release", "move"]),
    button=st.integers(0, 20),
    column=st.integers(-100, 3000),
    row=st.integers(-100, 3000),
    modifiers=st.integers(0, 255),
    pixel_x=st.integers(-1, 30000),
    pixel_y=st.integers(-1, 30000),
)


@given(some_events, st.sampled_from([0, 9, 1000, 1002, 1003]), st.sampled_from([0, 1005, 1006, 1015, 1016]))
def test_any_event_is_one_whole_sequence_or_none(event: Mouse, tracking: int, encoding: int) -> None:
    sent = encode(event, modes(tracking, encoding))
    match encoding:
        case 1006 | 1016:
            form = rb"\x1b\[<\d+;\d+;\d+[Mm]"
        case 1015:
            form = rb"\x1b\[\d+;\d+;\d+M"
        case 1005:
            assert not sent or (sent.startswith(b"\x1b[M") and len(sent.decode()) == 6)
            return
        case _:
            form = rb"\x1b\[M[\x20-\xff]{3}"
    assert not sent or re.fullmatch(form, sent)
