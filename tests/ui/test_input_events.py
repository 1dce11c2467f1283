"""What Textual's widgets see of our keys and mouse: the names Textual itself would give, and values that come back whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser

from agentgrid.terminal.emulator import Modes
from agentgrid.terminal.keys import Key, encode, parse_key
from agentgrid.terminal.mouse import Mouse
from agentgrid.ui import input_events
from agentgrid.ui.input import Focus, Paste, Reply
from agentgrid.ui.input_events import message_of, mouse_of, textual_key
from agentgrid.ui.input_mouse import WindowSize

WINDOW = WindowSize(80, 24, 800, 480)


KEYS = """
a z 0 é я ctrl+a ctrl+z ctrl+i ctrl+[ ctrl+] ctrl+space alt+a alt+. alt+1 ctrl+alt+x ctrl+shift+a super+k hyper+k meta+k
alt+enter alt+backspace enter tab escape backspace shift+enter ctrl+enter shift+tab ctrl+tab
up ctrl+shift+right shift+home pageup delete insert f1 f5 f12 f13 shift+f1 ctrl+f5
kp_enter kp_up kp_begin menu pause print_screen . , ; / + - = [ ] \\ ' `
"""


@pytest.mark.parametrize("spec", KEYS.split())
def test_the_same_name_as_by_textuals_own_parser(spec: str) -> None:
    """Bindings in Textual's words go on working."""
    key = parse_key(spec)
    sent = encode(key, Modes(kitty_flags=25)).decode()
    (theirs,) = (event for event in XTermParser().feed(sent) if isinstance(event, events.Key))
    name, character = textual_key(key)
    assert name == theirs.key
    assert character == theirs.character or (name, theirs.character) == ("escape", None)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        pytest.param(Key("a", "A", 1, shifted="A"), ("A", "A"), id="A"),
        pytest.param(Key("1", "!", 1, shifted="!"), ("exclamation_mark", "!"), id="!"),
        pytest.param(Key("q", "@"), ("at", "@"), id="AltGr"),
        pytest.param(Key("space", " ", 1), ("space", " "), id="shift+space"),
        pytest.param(Key("kp_5", "5", 128), ("5", "5"), id="keypad 5"),
        pytest.param(Key("kp_5", "", 4), ("ctrl+5", None), id="ctrl+keypad 5"),
        pytest.param(Key("kp_add", "", 2), ("alt+add", None), id="alt+keypad +"),
        pytest.param(Key("enter", "", 128), ("enter", "\r"), id="enter with NumLock"),
        pytest.param(Key("", "日本"), ("日本", "日本"), id="an input method's commit"),
        pytest.param(Key("", "hello you"), ("hello you", "hello you"), id="fast typing"),
    ],
)
def test_names(key: Key, expected: tuple[str, str | None]) -> None:
    assert textual_key(key) == expected


def test_messages_carry_their_values() -> None:
    key = message_of(Key("a", "a"), WINDOW, None)
    assert isinstance(key, events.Key)
    assert isinstance(key, input_events.Key)
    assert type(key).__name__ == "Key", "or on_key is never called"
    assert key.pressed == Key("a", "a") == key.copy().pressed
    paste = message_of(Paste(b"a\0\xff\n"), WINDOW, None)
    assert isinstance(paste, input_events.Paste)
    assert (paste.raw, paste.text) == (b"a\0\xff\n", "a\ufffd\n")
    assert isinstance(message_of(Focus(True), WINDOW, None), events.AppFocus)
    assert isinstance(message_of(Focus(False), WINDOW, None), events.AppBlur)
    reply = message_of(Reply(b"\x1b[?62c"), WINDOW, None)
    assert isinstance(reply, input_events.Reply)
    assert reply.raw == b"\x1b[?62c"
    resize = message_of(WINDOW, WINDOW, None)
    assert isinstance(resize, events.Resize)
    assert (resize.size, resize.pixel_size) == ((80, 24), (800, 480))


@pytest.mark.parametrize("key", [Key("a", kind=3), Key("left_shift"), Key("left_shift", kind=3), Key("caps_lock")])
def test_what_is_no_press_is_no_key(key: Key) -> None:
    message = message_of(key, WINDOW, None)
    assert not isinstance(message, events.Key)
    assert isinstance(message, input_events.QuietKey)
    assert message.pressed == key


some_mice = st.builds(
    Mouse,
    kind=st.sampled_from(["press", "release", "move"]),
    button=st.sampled_from([0, 1, 2, 3, 8, 9, 10, 11]),
    column=st.integers(-5, 100),
    row=st.integers(-5, 100),
    modifiers=st.integers(0, 7),
)
some_wheels = st.builds(
    Mouse, kind=st.just("press"), button=st.integers(4, 7), column=st.integers(0, 79), row=st.integers(0, 23), modifiers=st.integers(0, 7)
)


@given(some_mice | some_wheels)
def test_a_mouse_event_comes_back_whole(mouse: Mouse) -> None:
    message = message_of(mouse, WINDOW, None)
    assert isinstance(message, events.MouseEvent)
    assert mouse_of(message) == mouse


@given(st.integers(0, 799), st.integers(0, 479))
def test_pixels_come_back_whole(x: int, y: int) -> None:
    mouse = Mouse("move", 1, x // 10, y // 20, 0, x, y)
    message = message_of(mouse, WINDOW, None)
    assert isinstance(message, events.MouseEvent)
    assert mouse_of(message, (10.0, 20.0)) == mouse


def test_pixels_count_from_the_widget() -> None:
    message = message_of(Mouse("press", 1, 4, 2, 0, 45, 50), WINDOW, None)
    assert isinstance(message, events.MouseEvent)
    assert mouse_of(message._apply_offset(-3, -1), (10.0, 20.0)) == Mouse("press", 1, 1, 1, 0, 15, 30)


def test_how_far_the_pointer_moved() -> None:
    message = message_of(Mouse("move", 0, 9, 5), WINDOW, Mouse("move", 0, 4, 7))
    assert isinstance(message, events.MouseMove)
    assert (message.delta_x, message.delta_y) == (5, -2)
