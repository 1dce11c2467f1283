"""Pastes as a program gets them (``keys.encode_paste``)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.terminal.emulator import Modes
from agentgrid.terminal.keys import encode_paste


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"one\r\ntwo\nthree\rfour\ttab", b"one\rtwo\rthree\rfour\ttab", id="newlines are Enter"),
        pytest.param(b"\n\n", b"\r\r", id="empty lines"),
        pytest.param(b"\xff\x00\x1b[A", b"\xff\x00\x1b[A", id="anything else is kept"),
        pytest.param(b"", b"", id="nothing"),
    ],
)
def test_a_plain_paste(data: bytes, expected: bytes) -> None:
    assert encode_paste(data, Modes()) == expected


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        pytest.param(b"one\r\ntwo\nthree", b"one\r\ntwo\nthree", id="newlines are kept"),
        pytest.param(b"", b"", id="nothing"),
        pytest.param(b"a\x1b[200~b", b"a\x1b[200~b", id="a start marker is harmless"),
        pytest.param(b"\x00\xff\x1b", b"\x00\xff\x1b", id="NUL, invalid UTF-8, ESC"),
        pytest.param(b"a\x1b[201~rm -rf ~\n", b"arm -rf ~\n", id="an end marker"),
        pytest.param(b"a\x1b[20\x1b[201~1~b", b"ab", id="an end marker inside another"),
        pytest.param(b"\x1b[2\x1b[20\x1b[201~1~01~", b"", id="three deep"),
        pytest.param(b"\x1b[20" * 3 + b"1~" * 3 + b"x", b"x", id="only the innermost is whole"),
    ],
)
def test_a_bracketed_paste_cannot_break_out(data: bytes, kept: bytes) -> None:
    assert encode_paste(data, Modes(bracketed_paste=True)) == b"\x1b[200~" + kept + b"\x1b[201~"


@given(st.lists(st.sampled_from([b"\x1b[201~", b"\x1b[20", b"1~", b"\x1b", b"[201~", b"x"]), max_size=30).map(b"".join))
def test_what_is_kept_is_what_taking_out_again_and_again_keeps(data: bytes) -> None:
    kept = data
    while b"\x1b[201~" in kept:
        kept = kept.replace(b"\x1b[201~", b"", 1)
    assert encode_paste(data, Modes(bracketed_paste=True))[6:-6] == kept


def test_markers_inside_markers_cost_no_more_than_their_length() -> None:
    deep = b"\x1b[20" * 200_000 + b"1~" * 200_000
    assert encode_paste(deep, Modes(bracketed_paste=True)) == b"\x1b[200~\x1b[201~"


@given(st.lists(st.sampled_from([b"\x1b[201~", b"\x1b[20", b"1~", b"\x1b", b"[201~", b"x"]), max_size=30).map(b"".join))
def test_no_paste_ends_early(data: bytes) -> None:
    sent = encode_paste(data, Modes(bracketed_paste=True))
    assert sent.find(b"\x1b[201~") == len(sent) - len(b"\x1b[201~")
