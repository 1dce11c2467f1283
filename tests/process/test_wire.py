"""Lines and descriptors over a socket: whole, in order, whatever the pieces they come in."""

import json
import os
import socket
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentgrid.process import wire
from agentgrid.process.wire import Channel

VALUES = st.dictionaries(st.text(max_size=8), st.integers() | st.text(st.characters(codec=None), max_size=20) | st.none(), max_size=4)


@pytest.fixture
def pair() -> Iterator[tuple[Channel, Channel]]:
    ours, theirs = (Channel(end) for end in socket.socketpair())
    yield ours, theirs
    ours.close()
    theirs.close()


@settings(max_examples=60, deadline=None)
@given(messages=st.lists(VALUES, max_size=5), sizes=st.lists(st.integers(1, 30), min_size=1))
def test_any_pieces_give_the_same_messages(messages: list[wire.Message], sizes: list[int]) -> None:
    data = b"".join(json.dumps(message).encode() + b"\n" for message in messages)
    sender, receiver = socket.socketpair()
    channel = Channel(receiver)
    received: list[wire.Message] = []
    turn = 0
    while data:
        size = sizes[turn % len(sizes)]
        turn += 1
        sender.sendall(data[:size])
        data = data[size:]
        received += channel.receive() or []
    sender.close()
    assert received == messages
    assert channel.receive() is None
    channel.close()


def test_surrogate_escapes_come_through(pair: tuple[Channel, Channel]) -> None:
    odd = os.fsdecode(bytes(range(1, 256)))
    pair[0].send({"odd": odd})
    assert pair[1].receive() == [{"odd": odd}]


def test_descriptors_come_with_their_line_and_are_not_inherited(pair: tuple[Channel, Channel]) -> None:
    read, write = os.pipe()
    pair[0].send({"number": 1}, [write])
    pair[0].send({"number": 2})
    os.close(write)
    assert pair[1].receive() == [{"number": 1}, {"number": 2}]
    taken = pair[1].take_descriptor()
    assert pair[1].take_descriptor() == -1
    assert not os.get_inheritable(taken)
    os.write(taken, b"x")
    assert os.read(read, 2) == b"x"
    os.close(taken)
    os.close(read)


def test_descriptors_nobody_takes_are_closed(pair: tuple[Channel, Channel]) -> None:
    read, write = os.pipe()
    pair[0].send({}, [write])
    os.close(write)
    pair[1].receive()
    pair[1].close()
    assert os.read(read, 1) == b"", "no writer is left"
    os.close(read)


def test_the_first_message_leaves_what_follows_to_be_read(pair: tuple[Channel, Channel]) -> None:
    read, write = os.pipe()
    pair[0].send({"number": 1}, [read])
    pair[0].send({"number": 2}, [write])
    assert pair[1].receive_one() == {"number": 1}
    assert len(pair[1].descriptors) == 1
    assert socket.socket.recv(pair[1]._socket, 1, socket.MSG_PEEK) == b"{"
    assert pair[1].receive_one() == {"number": 2}
    assert len(pair[1].descriptors) == 2
    assert pair[1].receive_one() is None
    os.close(read)
    os.close(write)


def test_a_reader_that_is_behind_blocks_nobody_and_gets_everything(pair: tuple[Channel, Channel]) -> None:
    message = {"text": "x" * 3_000_000}
    pair[0].send(message)
    assert pair[0].waiting
    first = None
    while first is None:
        pair[0].flush()
        first = pair[1].receive_one()
    assert first == message
    assert not pair[0].waiting


def test_a_channel_whose_other_end_is_gone(pair: tuple[Channel, Channel]) -> None:
    pair[1].send({"last": "words"})
    pair[1].close()
    with pytest.raises(ConnectionError):
        pair[0].send({})
    assert pair[0].receive() == [{"last": "words"}]
    assert pair[0].receive() is None
    with pytest.raises(ConnectionResetError):
        pair[0].receive_one()


@pytest.mark.parametrize("line", [b"[]\n", b"1\n", b"{\n", b"\xff\n", b"\n"])
def test_what_is_no_message_is_refused(line: bytes) -> None:
    sender, receiver = socket.socketpair()
    channel = Channel(receiver)
    sender.sendall(line)
    with pytest.raises(ValueError):  # noqa: PT011  The kinds differ, the answer does not.
        channel.receive()
    sender.close()
    channel.close()


def test_a_line_without_end_is_refused(pair: tuple[Channel, Channel], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAX_LINE_BYTES", 1000)
    pair[0].send({"text": "x" * 1001})
    with pytest.raises(ValueError, match="without end"):
        pair[1].receive()
