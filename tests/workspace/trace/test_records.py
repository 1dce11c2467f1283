"""Records: bytes and back, and the outlet that never waits."""

import contextlib
import socket
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.workspace.trace import outlet as outlet_module
from agentgrid.workspace.trace.outlet import PAUSE_SECONDS, Outlet
from agentgrid.workspace.trace.records import Flag, Record, What, decode, encode

needs_packets = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has SOCK_SEQPACKET between processes")

RECORDS = st.builds(
    Record,
    st.sampled_from(list(What)),
    st.sampled_from([Flag(0), Flag.NEW, Flag.DOUBTFUL, Flag.BLIND, Flag.NEW | Flag.BLIND]),
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**64 - 1),
    st.binary(max_size=50),
    st.binary(max_size=50),
)


@given(st.lists(RECORDS))
def test_a_batch_there_and_back(records: list[Record]) -> None:
    assert list(decode(b"".join(encode(*record) for record in records))) == records


@given(RECORDS, st.integers(0, 200))
def test_half_a_record_is_an_error(record: Record, cut: int) -> None:
    data = encode(*record)
    if 0 < cut < len(data):
        with pytest.raises(ValueError, match="half a record"):
            list(decode(data[:cut]))


@given(st.binary(min_size=1))
def test_anything_else_is_a_value_error_or_records(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        list(decode(data))


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    theirs.setblocking(False)
    yield ours, theirs
    ours.close()
    theirs.close()


def received(connection: socket.socket) -> list[Record]:
    found: list[Record] = []
    while True:
        try:
            batch = connection.recv(1 << 20)
        except BlockingIOError:
            return found
        if not batch:
            return found
        found += decode(batch)


def record(number: int) -> bytes:
    return encode(What.WRITE, 0, number, 0, b"/folder/file")


def numbers(records: list[Record]) -> list[int]:
    return [record.pid for record in records]


@needs_packets
def test_the_first_at_once_the_next_together(pair: tuple[socket.socket, socket.socket]) -> None:
    outlet = Outlet()
    outlet.connect(pair[0])
    outlet.put(record(1), 10.0)
    assert numbers(received(pair[1])) == [1]
    outlet.put(record(2), 10.0005)
    outlet.put(record(3), 10.001)
    assert received(pair[1]) == []
    assert outlet.due == 10.0 + PAUSE_SECONDS
    outlet.flush(10.002)
    assert numbers(received(pair[1])) == [2, 3]
    assert outlet.due is None


@needs_packets
def test_a_server_that_does_not_read_costs_the_oldest_and_is_told_how_many(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlet_module, "MAX_KEPT_BYTES", 100 * len(record(0)))
    outlet = Outlet()
    outlet.connect(pair[0])
    for number in range(100_000):
        outlet.put(record(number), number / 100)
    assert outlet.dropped > 0
    first = received(pair[1])
    outlet.flush(2000.0)
    second = received(pair[1])
    assert numbers(first) == list(range(len(first)))
    assert second[0] == Record(What.LOST, Flag(0), outlet.dropped, 0)
    assert numbers(second[1:]) == list(range(100_000 - 100, 100_000))
    assert len(first) + outlet.dropped + len(second) - 1 == 100_000


@needs_packets
def test_the_next_server_gets_what_the_last_one_did_not(pair: tuple[socket.socket, socket.socket]) -> None:
    outlet = Outlet()
    gone, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    other.close()
    outlet.connect(gone)
    for number in range(3):
        outlet.put(record(number), float(number))
    assert outlet.due is None
    outlet.connect(pair[0])
    assert outlet.due == 0.0
    outlet.flush(5.0)
    assert numbers(received(pair[1])) == [0, 1, 2]
