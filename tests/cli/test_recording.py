"""Recordings as lines: what is written is read again, and what is no recording is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.cli.recording import MAX_SIDE, Moment, Writer, read_header, read_moments
from agentgrid.errors import UsageError
from agentgrid.geometry import Size

SIZES = st.builds(Size, st.integers(1, MAX_SIDE), st.integers(1, MAX_SIDE))
CHUNKS = st.lists(st.one_of(st.binary(min_size=1, max_size=8), st.sampled_from(["é".encode(), b"\xf0\x9f", b"\x98\x80", b"\x1b[31m"])))


@given(SIZES, CHUNKS)
def test_what_is_written_is_read_again(size: Size, chunks: list[bytes]) -> None:
    """As the same text, with U+FFFD for what is no UTF-8, however it was cut."""
    writer = Writer()
    lines = [writer.header(size, 'a "title"\n', 12.5)]
    lines += [writer.line(Moment(number / 10, chunk)) for number, chunk in enumerate(chunks)]
    file = "".join(lines)
    first, *rest = file.splitlines(keepends=True)
    assert read_header(first) == size
    read = b"".join(moment.data for moment in read_moments(rest))
    whole = b"".join(chunks)
    assert whole.decode("utf-8", "replace").startswith(read.decode())
    assert len(whole.decode("utf-8", "replace")) - len(read.decode()) <= 1  # A character that never came whole.


def test_an_asciicast_of_version_2() -> None:
    writer = Writer()
    assert json.loads(writer.header(Size(80, 24), "claude-1", 1700.9)) == {
        "version": 2,
        "width": 80,
        "height": 24,
        "timestamp": 1700,
        "title": "claude-1",
    }
    assert json.loads(writer.line(Moment(0.25, b"hi\r\n"))) == [0.25, "o", "hi\r\n"]
    assert json.loads(writer.line(Moment(1.0, size=Size(100, 30)))) == [1.0, "r", "100x30"]


def test_a_character_in_two_pieces_is_written_once() -> None:
    writer = Writer()
    assert writer.line(Moment(0.1, b"\xe2\x82")) == ""
    assert json.loads(writer.line(Moment(0.2, b"\xac"))) == [0.2, "o", "€"]


@pytest.mark.parametrize(
    ("lines", "moments"),
    [
        pytest.param(
            ['[0.1, "o", "a"]\n', '[0.2, "r", "90x30"]\n'], [Moment(0.1, b"a"), Moment(0.2, size=Size(90, 30))], id="output, resize"
        ),
        pytest.param(['[0.1, "i", "a"]\n', '[0.2, "m", ""]\n'], [], id="input and marks"),
        pytest.param(['[0.1, "o", "a"]\n', '[0.2, "o", "b'], [Moment(0.1, b"a")], id="a last line that was cut off"),
        pytest.param(['[0.1, "o", "a"]\n', "\n"], [Moment(0.1, b"a")], id="an empty line"),
        pytest.param(['[2, "o", "a"]\n', '[1, "o", "b"]\n'], [Moment(2.0, b"a"), Moment(2.0, b"b")], id="time goes on"),
        pytest.param(['[0, "o", "\\ud800"]\n'], [Moment(0.0, b"?")], id="half a character"),
    ],
)
def test_reading(lines: list[str], moments: list[Moment]) -> None:
    assert list(read_moments(lines)) == moments


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("{}\n", id="an object"),
        pytest.param("[0.1]\n", id="too short"),
        pytest.param('["x", "o", "a"]\n', id="no time"),
        pytest.param('[-1, "o", "a"]\n', id="a negative time"),
        pytest.param('[NaN, "o", "a"]\n', id="NaN"),
        pytest.param('[1e99, "o", "a"]\n', id="an endless time"),
        pytest.param('[0, "r", "0x24"]\n', id="no columns"),
        pytest.param('[0, "r", "99999x24"]\n', id="too many columns"),
        pytest.param('[0, "r", "80"]\n', id="half a size"),
        pytest.param("garbage\n", id="no JSON"),
        pytest.param("[" * 100_000 + "\n", id="a deep one"),
    ],
)
def test_what_is_no_event_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(UsageError, match="line 3"):
        list(read_moments(['[0, "o", "a"]\n', line]))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "garbage",
        "[]",
        "{}",
        '{"version": 3}',
        '{"version": 2}',
        '{"version": 2, "width": 0, "height": 1}',
    ],
)
def test_what_is_no_recording_is_refused(line: str) -> None:
    with pytest.raises(UsageError):
        read_header(line)
