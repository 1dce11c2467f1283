"""Rectangular operations, on a screen of letters."""

import pytest

from agentgrid.terminal.style import Style
from tests.terminal.drive import emulator, place, replies, screen, style_at

ABC = b"abcdef\r\nghijkl\r\nmnopqr\r\nstuvwx"
IN_MARGINS = b"\x1b[?69h\x1b[2;5s\x1b[2;4r\x1b[?6h"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"\x1b[1;1;2;2;1;3;4;1$v", ["abcdef", "ghijkl", "mnoabr", "stughx"], id="DECCRA"),
        pytest.param(b"\x1b[1;1;3;3;1;2;2;1$v", ["abcdef", "gabckl", "mghiqr", "smnowx"], id="DECCRA onto itself"),
        pytest.param(b"\x1b[1;1;2;2;1;4;9;1$v", ["abcdef", "ghijkl", "mnopqr", "stuvwx  ab"], id="DECCRA is cut at the screen"),
        pytest.param(b"\x1b[3;3;2;2;1;1;1;1$v", ["abcdef", "ghijkl", "mnopqr", "stuvwx"], id="DECCRA of nothing"),
        pytest.param(b"\x1b[42;2;2;3;4$x", ["abcdef", "g***kl", "m***qr", "stuvwx"], id="DECFRA"),
        pytest.param(b"\x1b[42$x", ["**********"] * 4, id="DECFRA everything"),
        pytest.param(b"\x1b[7;1;1;2;2$x", ["abcdef", "ghijkl", "mnopqr", "stuvwx"], id="DECFRA with no character"),
        pytest.param(IN_MARGINS + b"\x1b[42;1;1;2;2$x", ["abcdef", "g**jkl", "m**pqr", "stuvwx"], id="DECFRA origin mode"),
        pytest.param(b"\x1b[2;2;3;4$z", ["abcdef", "g   kl", "m   qr", "stuvwx"], id="DECERA"),
        pytest.param(b'\x1b[2;2H\x1b[1"qH\x1b[0"q\x1b[2;1;2;9${', ["abcdef", " H", "mnopqr", "stuvwx"], id="DECSERA"),
    ],
)
def test_screen(data: bytes, expected: list[str]) -> None:
    assert screen(emulator(ABC + data)) == expected


def test_the_cursor_stays() -> None:
    assert place(emulator(ABC + b"\x1b[2;3H\x1b[1;1;2;2;1;3;4;1$v\x1b[42;1;1;2;2$x")) == (1, 2)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"\x1b[2*x\x1b[1;2;2;3;1;4$r", {(0, 1), (0, 2), (1, 1), (1, 2)}, id="DECCARA in a rectangle, by DECSACE"),
        pytest.param(b"\x1b[1;5;2;2;1;4$r", {(0, x) for x in range(4, 10)} | {(1, 0), (1, 1)}, id="DECCARA in a stream"),
        pytest.param(b"\x1b[1;1;2;2;1;4$r\x1b[2*x\x1b[1;1;4;10;0$r", set(), id="DECCARA 0 takes all away"),
        pytest.param(b"\x1b[2*x\x1b[1;1;1;2;1;4$t\x1b[1;2;1;3;1;4$t", {(0, 0), (0, 2)}, id="DECRARA turns over"),
    ],
)
def test_attributes(data: bytes, expected: set[tuple[int, int]]) -> None:
    made = emulator(ABC + data)
    styles = {(y, x): style_at(made, y, x) for y in range(4) for x in range(10)}
    assert {cell for cell, style in styles.items() if style != Style()} == expected
    assert all(styles[cell] == Style(bold=True, underline=1) for cell in expected)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"\x1b[1;0;1;1;1;1*y", -ord("a"), id="DECRQCRA of one cell"),
        pytest.param(b"\x1b[1;0;1;9;1;9*y", -ord(" "), id="DECRQCRA of a blank"),
        pytest.param(b"\x1b[1;0;1;1;1;3*y", -sum(b"abc"), id="DECRQCRA sums"),
        pytest.param(b"\x1b[H\x1b[1ma\x1b[1;0;1;1;1;1*y", -(ord("a") + 0x80), id="DECRQCRA counts renditions"),
        pytest.param(b"\x1b[1#y\x1b[1;0;1;1;1;3*y", sum(b"abc"), id="XTCHECKSUM not negated"),
        pytest.param(b"\x1b[2#y\x1b[H\x1b[1ma\x1b[1;0;1;1;1;1*y", -ord("a"), id="XTCHECKSUM without renditions"),
        pytest.param(b"\x1b[7#y\x1b[0#y\x1b[1;0;1;1;1;1*y", -ord("a"), id="XTCHECKSUM back to DEC's"),
        pytest.param(b"\x1b[7#y\x1bcb\x1b[1;0;1;1;1;1*y", -ord("b"), id="XTCHECKSUM reset by RIS"),
    ],
)
def test_checksum(data: bytes, expected: int) -> None:
    made = emulator(ABC)
    assert replies(made.feed(data)) == b"\x1bP1!~%04X\x1b\\" % (expected & 0xFFFF)
