"""The outer terminal's bytes as events: what each sequence is, at every cut of the input, for any bytes."""

import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agentgrid.terminal.emulator import Modes
from agentgrid.terminal.key_tables import NAMES
from agentgrid.terminal.keys import Key, KeyKind, encode, typed
from agentgrid.terminal.mouse import Mouse
from agentgrid.ui.input import (
    ESCAPE_SECONDS,
    ESCAPE_SECONDS_KITTY,
    MAX_PASTE_BYTES,
    MAX_REPLY_BYTES,
    SEQUENCE_SECONDS,
    Decoder,
    Input,
    Paste,
    Reply,
)
from tests.ui.input_sequences import ALT, CTRL, SEQUENCES, SHIFT


def decode(data: bytes) -> list[Input]:
    decoder = Decoder()
    return decoder.feed(data) + decoder.flush()


@pytest.mark.parametrize(("data", "events"), SEQUENCES)
def test_sequences(data: bytes, events: list[Input]) -> None:
    assert decode(data) == events


def spelled_out(events: list[Input]) -> list[Input]:
    """Runs of text letter by letter, and the last of moves that follow one another: what does not depend on the reads."""
    result: list[Input] = []
    for event in events:
        match event:
            case Key(name="", text=text):
                result += typed(text)
            case Mouse(kind="move") if result and isinstance(last := result[-1], Mouse) and last.kind == "move":
                result[-1] = event
            case _:
                result.append(event)
    return result


ALL = b"".join(case.values[0] for case in SEQUENCES if case.id and "never ends" not in str(case.id) and isinstance(case.values[0], bytes))
WHOLE = spelled_out(decode(ALL))


def test_the_same_events_at_every_cut() -> None:
    for cut in range(len(ALL) + 1):
        decoder = Decoder()
        assert spelled_out(decoder.feed(ALL[:cut]) + decoder.feed(ALL[cut:]) + decoder.flush()) == WHOLE, ALL[:cut][-20:]


def test_the_same_events_byte_by_byte() -> None:
    decoder = Decoder()
    events = [event for byte in ALL for event in decoder.feed(bytes([byte]))]
    assert spelled_out(events + decoder.flush()) == WHOLE


pieces = st.lists(
    st.binary(max_size=4)
    | st.sampled_from(
        [b"\x1b", b"\x1b[", b"\x1b[M", b"\x1b[<", b"\x1bO", b"\x1b]1", b"\x1bP1", b"\x1b[200~", b"\x1b[201~", b"\x1b\\", b";", b"3"]
    ),
    max_size=20,
).map(b"".join)


@given(pieces, st.data())
def test_any_bytes_at_any_cut(data: bytes, draw: st.DataObject) -> None:
    """Nothing raises, nothing is held back for ever, and cuts change nothing."""
    whole = spelled_out(decode(data))
    decoder, events = Decoder(), []
    position = 0
    while position < len(data):
        step = draw.draw(st.integers(1, len(data) - position))
        events += decoder.feed(data[position : position + step])
        position += step
    events += decoder.flush()
    assert spelled_out(events) == whole
    if not decoder.pasting:
        assert decoder.wait_seconds is None


@given(st.binary(max_size=300))
def test_a_paste_is_exact(data: bytes) -> None:
    if b"\x1b[201~" not in data:
        assert decode(b"\x1b[200~" + data + b"\x1b[201~") == [Paste(data)]


# ------------------------------------------------------------------ waiting


@pytest.mark.parametrize(
    ("data", "seconds"),
    [
        pytest.param(b"a", None, id="text"),
        pytest.param(b"\x1b[A", None, id="a whole sequence"),
        pytest.param(b"\x1b", ESCAPE_SECONDS, id="ESC"),
        pytest.param(b"\x1b[", ESCAPE_SECONDS, id="alt+["),
        pytest.param(b"\x1bO", ESCAPE_SECONDS, id="alt+O"),
        pytest.param(b"\x1b]", ESCAPE_SECONDS, id="alt+]"),
        pytest.param(b"\x1b\x1b", ESCAPE_SECONDS, id="ESC ESC"),
        pytest.param(b"\x1b[1;", SEQUENCE_SECONDS, id="half a CSI"),
        pytest.param(b"\x1b[<0;5", SEQUENCE_SECONDS, id="half a mouse report"),
        pytest.param(b"\x1b[M ", SEQUENCE_SECONDS, id="half an X10 mouse report"),
        pytest.param(b"\x1b]11;rgb", SEQUENCE_SECONDS, id="half an OSC"),
        pytest.param(b"\x1bP>|kit", SEQUENCE_SECONDS, id="half a DCS"),
        pytest.param(b"\xe6\x97", SEQUENCE_SECONDS, id="half a character"),
        pytest.param(b"\x1b[?29u\x1b", ESCAPE_SECONDS_KITTY, id="ESC where the key is CSI 27 u"),
        pytest.param(b"\x1b[200~abc", None, id="half a paste waits for its end alone"),
    ],
)
def test_how_long_to_wait(data: bytes, seconds: float | None) -> None:
    decoder = Decoder()
    decoder.feed(data)
    assert decoder.wait_seconds == seconds


def test_after_alt_key_nothing_is_held() -> None:
    decoder = Decoder()
    assert decoder.feed(b"\x1bx") == [Key("x", modifiers=ALT)]
    assert decoder.feed(b"h") == [Key("h", "h")]


def test_a_late_rest_comes_apart_into_keys_a_person_could_press() -> None:
    decoder = Decoder()
    assert decoder.feed(b"\x1b") == []
    assert decoder.flush() == [Key("escape")]
    assert decoder.feed(b"[A") == [Key("", "[A")]


def test_a_paste_is_not_flushed() -> None:
    decoder = Decoder()
    decoder.feed(b"\x1b[200~abc\x1b[20")
    assert decoder.flush() == []
    assert decoder.feed(b"1~") == [Paste(b"abc")]


# ------------------------------------------------------------------ what the terminal has said changes what follows


def test_a_cursor_report_that_was_asked_for() -> None:
    decoder = Decoder()
    decoder.cursor_reports_expected = 1
    assert decoder.feed(b"\x1b[1;2R\x1b[1;2R") == [Reply(b"\x1b[1;2R"), Key("f3", modifiers=SHIFT)]


def test_escape_is_never_alt_in_the_kitty_protocol() -> None:
    decoder = Decoder()
    decoder.feed(b"\x1b[?1u")
    assert decoder.feed(b"\x1b\x1b[A") == [Key("escape"), Key("up")]


def test_backspace_as_the_terminal_line_has_it() -> None:
    decoder = Decoder(backspace_is_bs=True)
    assert decoder.feed(b"\x08\x7f") == [Key("backspace"), Key("backspace", modifiers=CTRL)]
    assert decoder.feed(b"\x1b\x08") == [Key("backspace", modifiers=ALT)]


def test_the_mouse_in_pixels_from_the_answer_on() -> None:
    decoder = Decoder()
    before = decoder.feed(b"\x1b[48;24;80;480;800t\x1b[<0;11;21M")
    after = decoder.feed(b"\x1b[?1016;1$y\x1b[<0;11;21M\x1b[<32;-4;21M\x1b[?1016;2$y\x1b[<0;11;21M")
    assert before[-1] == Mouse("press", 1, 10, 20)
    assert [event for event in after if isinstance(event, Mouse)] == [
        Mouse("press", 1, 1, 1, 0, 10, 20),
        Mouse("move", 1, -1, 1, 0, -5, 20),
        Mouse("press", 1, 10, 20),
    ]


def test_moves_within_a_read_are_one() -> None:
    moves = b"".join(b"\x1b[<35;%d;1M" % x for x in range(1, 50))
    assert Decoder().feed(moves) == [Mouse("move", 0, 48, 0)]
    drags = b"\x1b[<32;2;1M\x1b[<36;3;1M\x1b[<36;4;1Ma\x1b[<36;5;1M"
    assert Decoder().feed(drags) == [
        Mouse("move", 1, 1, 0),
        Mouse("move", 1, 3, 0, SHIFT),
        Key("a", "a"),
        Mouse("move", 1, 4, 0, SHIFT),
    ]


# ------------------------------------------------------------------ the way back: what we encode is what we read

single_keys = st.sampled_from(sorted(NAMES)) | st.sampled_from("abcxyz0189;,./[]-=é日")


@given(single_keys, st.integers(0, 255), st.sampled_from(KeyKind))
def test_a_key_by_the_kitty_protocol_comes_back(name: str, modifiers: int, kind: KeyKind) -> None:
    (key,) = decode(encode(Key(name, modifiers=modifiers, kind=kind), Modes(kitty_flags=31)))
    assert isinstance(key, Key)
    assert (key.name, key.modifiers, key.kind) == (name, modifiers, kind)


@given(single_keys, st.sampled_from([0, SHIFT, ALT, CTRL, ALT | SHIFT, CTRL | SHIFT, CTRL | ALT]))
def test_a_key_by_modify_other_keys_means_the_same_to_the_next(name: str, modifiers: int) -> None:
    """Through one more terminal of the same kind nothing changes, but for the one key that xterm sends as another (docs/keys.md)."""
    assume((name, modifiers & CTRL) != ("backspace", CTRL))
    once = encode(Key(name, modifiers=modifiers), Modes(modify_other_keys=2))
    (*events,) = decode(once)
    assert b"".join(encode(key, Modes(modify_other_keys=2)) for key in events if isinstance(key, Key)) == once


# ------------------------------------------------------------------ size


def test_a_large_paste_is_cheap() -> None:
    """16 MB in reads of 4 KB cost what a copy costs, not what looking at them again and again would."""
    data = b"    def f(self, x):  # comment \x1b[31m\n" * (16 * 1024 * 1024 // 38)
    decoder, events = Decoder(), []
    stream = b"\x1b[200~" + data + b"\x1b[201~"
    began = time.process_time()
    for start in range(0, len(stream), 4096):
        events += decoder.feed(stream[start : start + 4096])
    assert events == [Paste(data)]
    copies = time.process_time()
    for start in range(0, len(stream), 4096):
        bytes(stream[start : start + 4096]).find(b"\x1b[201~")
    assert copies - began < 40 * max(time.process_time() - copies, 0.01)


def test_a_paste_without_end_comes_in_parts() -> None:
    decoder, part = Decoder(), b"x" * (MAX_PASTE_BYTES // 4)
    decoder.feed(b"\x1b[200~")
    events = [event for _ in range(5) for event in decoder.feed(part)] + decoder.feed(b"\x1b[201~")
    assert [len(event.data) for event in events if isinstance(event, Paste)] == [len(part) * 5, 0]


@pytest.mark.parametrize("end", [b"\x1b\\", b"\x07", b"\x18"])
def test_an_endless_answer_is_swallowed(end: bytes) -> None:
    decoder = Decoder()
    assert decoder.feed(b"\x1b]52;c;" + b"x" * MAX_REPLY_BYTES) == []
    assert decoder.feed(b"yyy") == []
    assert decoder.wait_seconds == SEQUENCE_SECONDS
    assert decoder.feed(b"zz" + end[:1]) + decoder.feed(end[1:] + b"a") == [Key("a", "a")]


def test_an_endless_answer_that_stops_is_given_up() -> None:
    decoder = Decoder()
    decoder.feed(b"\x1b]52;c;" + b"x" * MAX_REPLY_BYTES)
    assert decoder.flush() == []
    assert decoder.feed(b"a") == [Key("a", "a")]


@pytest.mark.parametrize("unit", [b"\x1b", b"\x1b[", b"\x1b[<", b"\x1b]1", b"\x1bP1", b"\x1b[M", b"\x1b[200~", b"\xe6", b"\0", b"1;"])
def test_repetition_is_not_quadratic(unit: bytes) -> None:
    def seconds(count: int) -> float:
        began = time.process_time()
        decode(unit * count)
        return time.process_time() - began

    assert seconds(80_000) < 30 * max(seconds(10_000), 0.001)
