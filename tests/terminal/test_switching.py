"""Modes: set, reset, asked for, saved; the screens; resets."""

import pytest

from agentgrid.geometry import Size
from agentgrid.terminal.effects import ScreenReset
from agentgrid.terminal.emulator import Modes
from agentgrid.terminal.modes import ANSI_MODES, PRIVATE_MODES
from agentgrid.terminal.style import Style
from tests.terminal.drive import emulator, history, place, replies, screen, style_at

CHANGEABLE = [number for number, mode in PRIVATE_MODES.items() if not mode.fixed and number not in (3, 1048)]
FIXED = [number for number, mode in PRIVATE_MODES.items() if mode.fixed]


@pytest.mark.parametrize("number", [pytest.param(number, id=f"DECSET, DECRST, DECRQM {number}") for number in CHANGEABLE])
def test_private_mode(number: int) -> None:
    made = emulator()
    initial = 1 if PRIVATE_MODES[number].initial else 2
    assert replies(made.feed(b"\x1b[?%d$p" % number)) == b"\x1b[?%d;%d$y" % (number, initial)
    assert b"\x1b[?%d;1$y" % number in replies(made.feed(b"\x1b[?%dh\x1b[?%d$p" % (number, number)))
    assert replies(made.feed(b"\x1b[?%dl\x1b[?%d$p" % (number, number))) == b"\x1b[?%d;2$y" % number


@pytest.mark.parametrize("number", [pytest.param(number, id=f"SM, RM {number}") for number in ANSI_MODES])
def test_ansi_mode(number: int) -> None:
    made = emulator()
    on, off = (4, 4) if ANSI_MODES[number].fixed else (1, 2)
    assert replies(made.feed(b"\x1b[%dh\x1b[%d$p" % (number, number))) == b"\x1b[%d;%d$y" % (number, on)
    assert replies(made.feed(b"\x1b[%dl\x1b[%d$p" % (number, number))) == b"\x1b[%d;%d$y" % (number, off)


@pytest.mark.parametrize("number", FIXED)
def test_fixed_mode(number: int) -> None:
    answer = b"\x1b[?%d;%d$y" % (number, PRIVATE_MODES[number].fixed)
    assert replies(emulator().feed(b"\x1b[?%dh\x1b[?%d$p\x1b[?%dl\x1b[?%d$p" % ((number,) * 4))) == answer * 2


def test_an_unknown_mode_is_said_to_be_unknown() -> None:
    assert replies(emulator().feed(b"\x1b[?9999h\x1b[?9999$p\x1b[9999$p")) == b"\x1b[?9999;0$y\x1b[9999;0$y"


@pytest.mark.parametrize(
    ("data", "field", "value"),
    [
        pytest.param(b"\x1b[?1h", "application_cursor", True, id="DECCKM"),
        pytest.param(b"\x1b=", "application_keypad", True, id="DECKPAM"),
        pytest.param(b"\x1b=\x1b>", "application_keypad", False, id="DECKPNM"),
        pytest.param(b"\x1b[?66h", "application_keypad", True, id="DECNKM"),
        pytest.param(b"\x1b[?2004h", "bracketed_paste", True, id="bracketed paste"),
        pytest.param(b"\x1b[?1004h", "focus_events", True, id="focus events"),
        pytest.param(b"\x1b[?1000h", "mouse_tracking", 1000, id="mouse 1000"),
        pytest.param(b"\x1b[?1000h\x1b[?1003h", "mouse_tracking", 1003, id="mouse: the last counts"),
        pytest.param(b"\x1b[?1003h\x1b[?1000l", "mouse_tracking", 1003, id="mouse: another one's reset does not"),
        pytest.param(b"\x1b[?9h\x1b[?9l", "mouse_tracking", 0, id="mouse 9 reset"),
        pytest.param(b"\x1b[?1006h", "mouse_encoding", 1006, id="mouse encoding"),
        pytest.param(b"\x1b[?1007l", "alternate_scroll", False, id="alternate scroll"),
        pytest.param(b"\x1b[20h", "newline", True, id="LNM"),
        pytest.param(b"\x1b[?67h", "backspace_sends_bs", True, id="DECBKM"),
        pytest.param(b"\x1b[>4;2m", "modify_other_keys", 2, id="XTMODKEYS"),
        pytest.param(b"\x1b[>4;2m\x1b[>4m", "modify_other_keys", 0, id="XTMODKEYS reset"),
        pytest.param(b"\x1b[>4;2m\x1b[>4n", "modify_other_keys", 0, id="XTMODKEYS off"),
        pytest.param(b"\x1b[>5u", "kitty_flags", 5, id="kitty keyboard push"),
        pytest.param(b"\x1b[>5u\x1b[>1u\x1b[<u", "kitty_flags", 5, id="kitty keyboard pop"),
        pytest.param(b"\x1b[>5u\x1b[<9u", "kitty_flags", 0, id="kitty keyboard pop all"),
        pytest.param(b"\x1b[=5u\x1b[=2;2u", "kitty_flags", 7, id="kitty keyboard flags add"),
        pytest.param(b"\x1b[=7u\x1b[=2;3u", "kitty_flags", 5, id="kitty keyboard flags take away"),
        pytest.param(b"\x1b[>5u\x1b[?1049h", "kitty_flags", 0, id="kitty keyboard: a stack a screen"),
        pytest.param(b"\x1b[>5u\x1b[?1049h\x1b[?1049l", "kitty_flags", 5, id="kitty keyboard: and back"),
        pytest.param(b"\x1b[>1u" * 1000 + b"\x1b[>9u", "kitty_flags", 9, id="kitty keyboard: a bounded stack"),
        pytest.param(b"\x1b[?2026h", "synchronized", True, id="synchronized update"),
        pytest.param(b"\x1b[?5h", "reverse_screen", True, id="DECSCNM"),
        pytest.param(b"\x1b[?2048h", "resize_reports", True, id="resize reports"),
        pytest.param(b"\x1b[?2031h", "color_scheme_reports", True, id="colour scheme reports"),
        pytest.param(b"\x1b[?47h", "alternate_screen", True, id="alternate screen"),
        pytest.param(b"\x1b[?2004h\x1b[?2004s\x1b[?2004l\x1b[?2004r", "bracketed_paste", True, id="XTSAVE, XTRESTORE"),
        pytest.param(b"\x1b[?1000h\x1b[?1000s\x1b[?1000l\x1b[?1000r", "mouse_tracking", 1000, id="XTRESTORE of the mouse"),
        pytest.param(b"\x1b[?1h\x1b=\x1b[!p", "application_cursor", False, id="DECSTR"),
        pytest.param(b"\x1b[?1h\x1b[?1003h\x1b[?2004h\x1bc", "mouse_tracking", 0, id="RIS"),
    ],
)
def test_modes_by_name(data: bytes, field: str, value: object) -> None:
    assert getattr(emulator(data).modes, field) == value


def test_the_modes_at_the_start_and_after_a_reset() -> None:
    assert emulator().modes == Modes()
    everything = b"".join(b"\x1b[?%dh" % number for number in CHANGEABLE) + b"\x1b[4h\x1b[20h\x1b[>4;2m\x1b[>31u\x1b[4 q"
    made = emulator(everything)
    assert made.modes != Modes()
    assert ScreenReset() in made.feed(b"\x1bc")
    assert made.modes == Modes()


@pytest.mark.parametrize(
    ("data", "expected", "cursor"),
    [
        pytest.param(b"main\x1b[?47halt", ["    alt"], (0, 7), id="47 keeps the cursor"),
        pytest.param(b"main\x1b[?47halt\x1b[?47l", ["main"], (0, 7), id="47 and back"),
        pytest.param(b"main\x1b[?47halt\x1b[?47l\x1b[?47h", ["    alt"], (0, 7), id="47 keeps its text"),
        pytest.param(b"main\x1b[?1047halt\x1b[?1047l\x1b[?1047h", [], (0, 7), id="1047 clears on leaving"),
        pytest.param(b"main\x1b[?1049h\x1b[Halt", ["alt"], (0, 3), id="1049"),
        pytest.param(b"main\x1b[?1049h\x1b[Halt\x1b[?1049l", ["main"], (0, 4), id="1049 brings the cursor back"),
        pytest.param(b"main\x1b[?1049halt\x1b[?47l\x1b[?1049h", [], (0, 7), id="1049 clears on entering"),
        pytest.param(b"\x1b[2;2H\x1b7\x1b[?47h\x1b[3;3H\x1b7\x1b[?47l\x1b8", [], (1, 1), id="saved cursors are the screens' own"),
        pytest.param(b"main\x1b[?1049halt\x1bc", [], (0, 0), id="RIS leaves it"),
    ],
)
def test_alternate_screen(data: bytes, expected: list[str], cursor: tuple[int, int]) -> None:
    made = emulator(data)
    assert screen(made) == expected
    assert place(made) == cursor


def test_a_soft_reset_keeps_the_screen_and_the_cursor() -> None:
    made = emulator(b"ab\x1b[2;3r\x1b[?6h\x1b[1;31m\x1b[4h\x1b[?7l\x1b[?25l\x1b[2;2H\x1b[!p")
    assert screen(made) == ["ab"]
    assert place(made) == (2, 1)
    assert made.cursor.visible
    made.feed(b"\x1b[H0123456789x\x1b[H!")
    assert screen(made) == ["!123456789", "x"]
    assert style_at(made, 0, 0) == Style()


def test_a_reset_keeps_the_history_and_the_title() -> None:
    made = emulator(b"\x1b]2;t\x071\r\n2\r\n3\r\n4\r\n5\x1bc")
    assert history(made) == ["1"]
    assert screen(made) == []
    assert made.title == "t"


@pytest.mark.parametrize(
    ("data", "shape", "visible"),
    [
        pytest.param(b"\x1b[4 q", 4, True, id="DECSCUSR"),
        pytest.param(b"\x1b[9 q", 0, True, id="DECSCUSR unknown"),
        pytest.param(b"\x1b[?25l", 0, False, id="DECTCEM"),
    ],
)
def test_cursor(data: bytes, shape: int, visible: bool) -> None:
    cursor = emulator(data).cursor
    assert (cursor.shape, cursor.visible) == (shape, visible)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"ab\x1b[?3h", ["ab"], id="DECCOLM is not allowed"),
        pytest.param(b"\x1b[?40hab\x1b[?3h", [], id="DECCOLM clears"),
        pytest.param(b"\x1b[?40h\x1b[?95hab\x1b[?3h", ["ab"], id="DECNCSM: it does not"),
        pytest.param(b'\x1b[64"p\x1b[?40h\x1b[?95hab\x1b[?3h', [], id="DECNCSM is not of level 4, by DECSCL"),
    ],
)
def test_column_mode_changes_no_width(data: bytes, expected: list[str]) -> None:
    made = emulator(data)
    assert screen(made) == expected
    assert made.size == Size(10, 4)


@pytest.mark.parametrize(
    ("data", "answers"),
    [
        pytest.param(b'\x1b[62"p', b"", id="DECSCL 2 has no DECRQM"),
        pytest.param(b'\x1b[63"p', b"\x1b[4;2$y", id="DECSCL 3 has"),
    ],
)
def test_conformance_level(data: bytes, answers: bytes) -> None:
    made = emulator(b"x")
    assert replies(made.feed(data + b"\x1b[4$p")) == answers
    assert screen(made) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"\x1b[1;31m\x1b[#{\x1b[m\x1b[#}x", Style(bold=True, foreground=1), id="XTPUSHSGR, XTPOPSGR"),
        pytest.param(b"\x1b[#}\x1b[#qx", Style(), id="XTPOPSGR of nothing"),
    ],
)
def test_pen_stack(data: bytes, expected: Style) -> None:
    assert style_at(emulator(data), 0, 0) == expected


def test_a_synchronized_update_that_nobody_ends() -> None:
    made = emulator(b"\x1b[?2026hx")
    assert made.modes.synchronized
    generation = made.generation
    made.end_synchronized_update()
    assert not made.modes.synchronized
    assert made.generation > generation
