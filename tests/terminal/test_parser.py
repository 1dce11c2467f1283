"""Bytes to tokens: the state machine of the VT500, at any chunking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.terminal.parser import MAX_SEQUENCE, MAX_STRING, Parser, Token, mend
from tests.terminal import streams


def tokens(*chunks: bytes) -> list[Token]:
    parser = Parser()
    found = [token for chunk in chunks for token in parser.feed(chunk)]
    return [token for token in found if token != ("", "")]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"abc", [("", "abc")], id="text"),
        pytest.param(b"a\r\nb\nc", [("", "a"), ("\r\n", "b"), ("\n", "c")], id="CR LF is one token"),
        pytest.param(b"\x1b[1;31mred\x1b[m", [("\x1b[1;31m", "red"), ("\x1b[m", "")], id="CSI and the text after it"),
        pytest.param(b"\x1b[?25l\x1b[2 q\x1b[>4;2m", [("\x1b[?25l", ""), ("\x1b[2 q", ""), ("\x1b[>4;2m", "")], id="prefix, intermediate"),
        pytest.param(b"\x1b7\x1b(0\x1b%Gx", [("\x1b7", ""), ("\x1b(0", ""), ("\x1b%G", "x")], id="ESC"),
        pytest.param(b"\x1b]0;t\x07x", [("\x1b]0;t\x07", "x")], id="OSC to BEL"),
        pytest.param(b"\x1b]0;t\x1b\\x", [("\x1b]0;t\x1b\\", "x")], id="OSC to ST"),
        pytest.param(b"\x1bPq\x07#\x1b\\x", [("\x1bPq\x07#\x1b\\", "x")], id="DCS: BEL is data"),
        pytest.param(
            b"\x1b_Ga\x1b\\\x1b^p\x1b\\\x1bXs\x1b\\", [("\x1b_Ga\x1b\\", ""), ("\x1b^p\x1b\\", ""), ("\x1bXs\x1b\\", "")], id="APC, PM, SOS"
        ),
        pytest.param(b"\x1b]0;t\x18x", [("\x1b]0;t", ""), ("\x18", "x")], id="CAN ends a string"),
        pytest.param(b"\x1b[12\x1ax", [("\x1b[12", ""), ("\x1a", "x")], id="SUB ends a sequence"),
        pytest.param(b"\x1b[1\x1b[2J", [("\x1b[1", ""), ("\x1b[2J", "")], id="ESC begins anew"),
        pytest.param("\x1b[1é".encode(), [("\x1b[1", "é")], id="a character beyond ASCII breaks off"),
        pytest.param(b"\x1b\n[A", [("\n", ""), ("\x1b[A", "")], id="a control right after ESC"),
        pytest.param("\x9b3m\x84\x9d0;t\x9c".encode(), [("\x1b[3m", ""), ("\x1bD", ""), ("\x1b]0;t\x1b\\", "")], id="C1 in UTF-8"),
        pytest.param(b"\x9b3m", [("", "\ufffd3m")], id="a bare C1 byte is ill-formed"),
        pytest.param(b"\xe2\x82\xac\xf0\x9f\x91\x8d", [("", "€👍")], id="UTF-8"),
        pytest.param(
            b"a\xc3b\xe2\x82c\xf0\x80\x80d\xed\xa0\x80",
            [("", "a\ufffdb\ufffdc\ufffd\ufffd\ufffdd\ufffd\ufffd\ufffd")],
            id="ill-formed: maximal subparts",
        ),
    ],
)
def test_tokens(data: bytes, expected: list[Token]) -> None:
    assert tokens(data) == expected


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        pytest.param("\x1b[1\n2A", (["\n"], "\x1b[12A"), id="LF inside CSI"),
        pytest.param("\x1b[\x7f3\x00m", (["\x00"], "\x1b[3m"), id="DEL and NUL inside CSI"),
        pytest.param("\x1b(\r0", (["\r"], "\x1b(0"), id="CR inside ESC ("),
        pytest.param("\x1b[-2A", ([], ""), id="a parameter after an intermediate"),
        pytest.param("\x1b[1?2h", ([], ""), id="a prefix in the middle"),
        pytest.param("\x1b[12", ([], ""), id="broken off"),
        pytest.param("\x1b[" + "1" * MAX_SEQUENCE + "A", ([], ""), id="too long"),
    ],
)
def test_mended(control: str, expected: tuple[list[str], str]) -> None:
    assert mend(control) == expected


@given(
    st.lists(st.one_of(streams.sequences, streams.noise), min_size=1, max_size=4).map(b"".join),
    st.lists(st.integers(0, 2**16), max_size=20),
)
def test_pieces_leave_the_same_unfinished(data: bytes, cuts: list[int]) -> None:
    whole, pieces = Parser(), Parser()
    whole.feed(data)
    for piece in streams.pieces(data, cuts):
        pieces.feed(piece)
    undecoded, pending, string, _ = pieces.state()
    assert (undecoded, pending, "".join(string or ())) == (*whole.state()[:2], "".join(whole.state()[2] or ()))


def test_what_is_unfinished_waits() -> None:
    parser = Parser()
    assert parser.in_ground
    for chunk in (b"\x1b", b"[3", b"8;5;", b"9"):
        assert [token for token in parser.feed(chunk) if token != ("", "")] == []
        assert not parser.in_ground
    assert parser.feed(b"m!")[0] == ("\x1b[38;5;9m", "!")
    assert parser.in_ground


@pytest.mark.parametrize(
    "start", [pytest.param(b"\x1bPq", id="DCS"), pytest.param(b"\x1b_G", id="APC"), pytest.param(b"\x1b]52;c;", id="OSC")]
)
def test_a_string_of_any_size_is_swallowed(start: bytes) -> None:
    parser = Parser()
    parser.feed(start)
    for _ in range(40):
        assert parser.feed(b"A" * (MAX_STRING // 16)) == []
    kept = parser.state()[2]
    assert kept is not None
    assert sum(map(len, kept)) < MAX_STRING
    assert tokens(b"x") == [token for token in parser.feed(b"\x1b\\x") if token != ("", "")]


def test_an_endless_sequence_takes_no_memory() -> None:
    parser = Parser()
    parser.feed(b"\x1b[")
    for _ in range(100):
        parser.feed(b"1;" * 1000)
    assert len(parser.pending) <= MAX_SEQUENCE + 1
    assert [mend(control) for control, _ in parser.feed(b"m") if control] == [([], "")]
