"""A client over a socket pair, with the server's end played by hand."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentgrid.client.client import Client
from agentgrid.errors import NoSession, TimedOut, UsageError, VersionMismatch
from agentgrid.protocol import messages as m
from agentgrid.protocol.codec import Decoder, encode
from agentgrid.session.events import BellRung
from agentgrid.session.pane import PaneId

WELCOME = m.Welcome(version="1.0", pid=7, session="s", folder="/f")
BELL = m.Happened(event=BellRung(pane=PaneId(1)))


class Played:
    """The server's end: reads what the client sent, answers what a test says."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end
        self._decoder: Decoder[m.ClientMessage] = Decoder(m.ClientMessage)  # type: ignore[arg-type]
        self._read: list[m.ClientMessage] = []

    def say(self, *messages: m.Message) -> None:
        self.end.sendall(b"".join(encode(message) for message in messages))

    def hear(self) -> m.ClientMessage:
        while not self._read:
            self._read += self._decoder.feed(self.end.recv(65536))
        return self._read.pop(0)


@pytest.fixture
def ends() -> Iterator[tuple[Client, Played]]:
    near, far = socket.socketpair()
    far.settimeout(10)
    played = Played(far)
    played.say(WELCOME)
    with Client(near) as client, far:
        client.shake_hands("cli")
        hello = played.hear()
        assert isinstance(hello, m.Hello)
        assert hello.role == "cli"
        yield client, played


def test_the_welcome_is_kept(ends: tuple[Client, Played]) -> None:
    assert ends[0].welcome == WELCOME


def test_an_answer_is_returned_and_what_came_before_it_is_kept(ends: tuple[Client, Played]) -> None:
    client, played = ends
    played.say(BELL, m.Response(id=1, result={"a": 1}), BELL)
    assert client.request(m.GetStatus()) == {"a": 1}
    assert client.receive() == [BELL, BELL]


def test_an_error_is_raised_as_what_it_was(ends: tuple[Client, Played]) -> None:
    client, played = ends
    played.say(m.Response(id=1, error="UsageError", message="no pane 'x'"))
    with pytest.raises(UsageError, match="no pane 'x'"):
        client.request(m.ResolvePane(pane="x"))


def test_a_silent_server_is_a_timeout(ends: tuple[Client, Played]) -> None:
    with pytest.raises(TimedOut):
        ends[0].request(m.GetStatus(), timeout=0.05)


def test_a_server_that_dies_is_said(ends: tuple[Client, Played]) -> None:
    client, played = ends
    played.end.close()
    with pytest.raises(NoSession):
        client.request(m.GetStatus())


def test_messages_end_with_the_connection(ends: tuple[Client, Played]) -> None:
    client, played = ends
    played.say(BELL, BELL)
    played.end.close()
    assert list(client.messages()) == [BELL, BELL]
    assert client.closed


def test_answers_call_back_in_a_loop(ends: tuple[Client, Played]) -> None:
    client, played = ends
    answers: list[m.Response] = []
    client.ask(m.GetStatus(), answers.append)
    played.say(m.Response(id=1, result=5), BELL)
    assert client.receive() == [BELL]
    assert [answer.result for answer in answers] == [5]


def test_a_large_paste_does_not_wait_for_a_server_that_does_not_read(ends: tuple[Client, Played]) -> None:
    client, played = ends
    data = bytes(range(256)) * 40_000
    client.send(m.Pasted(pane=PaneId(1), data=data))
    assert client.wants_write
    heard = None
    while heard is None:
        client.flush()
        played._read += played._decoder.feed(played.end.recv(1 << 20))
        heard = played._read.pop(0) if played._read else None
    assert heard == m.Pasted(pane=PaneId(1), data=data)
    assert not client.wants_write


def test_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(NoSession, match="agentgrid"):
        Client.connect(tmp_path / "none.sock")


def test_a_stale_socket(tmp_path: Path) -> None:
    where = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(where))
    with pytest.raises(NoSession):
        Client.connect(where)


def test_another_version() -> None:
    near, far = socket.socketpair()
    with Client(near) as client, far:
        far.sendall(encode(m.Refused(error="VersionMismatch", message="this session runs 0.9")))
        with pytest.raises(VersionMismatch, match=r"0\.9"):
            client.shake_hands("cli")
