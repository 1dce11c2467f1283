"""The connection to a server of events, with a server on the loopback that behaves as opencode's does."""

import select
import socket
import time
from collections.abc import Iterator

import pytest

from agentgrid.agents.hooks.link import EventLink
from agentgrid.agents.hooks.opencode import ANSWER_SECONDS
from agentgrid.agents.hooks.parsing import Heard
from tests.agents.hooks.test_opencode import BUSY, HEAD, IDLE, chunked

DEADLINE_SECONDS = 20.0


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(DEADLINE_SECONDS)
        yield listening


def port(server: socket.socket) -> int:
    return int(server.getsockname()[1])


def ready(link: EventLink) -> None:
    """Wait until the link's socket is."""
    writing = [link] if link.connecting else []
    assert select.select([link], writing, [], DEADLINE_SECONDS) != ([], [], [])


def asked(server: socket.socket, link: EventLink, now: float) -> tuple[socket.socket, bytes]:
    """Take the link's connection, and what it asks."""
    link.step(now)
    connection, _ = server.accept()
    if link.connecting:
        ready(link)
        link.step(now)
    connection.settimeout(DEADLINE_SECONDS)
    return connection, connection.recv(4096)


def heard(link: EventLink, now: float) -> Heard:
    ready(link)
    return link.step(now)


def test_it_asks_then_listens(server: socket.socket) -> None:
    link = EventLink(port(server), "secret", 0.0)
    connection, request = asked(server, link, 0.0)
    assert request.startswith(b"GET /session ")
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")
    heard(link, 1.0)
    connection.close()
    connection, _ = server.accept()
    if link.connecting:
        ready(link)
        link.step(1.0)
    assert connection.recv(4096).startswith(b"GET /event ")
    assert link.due() is None
    connection.sendall(HEAD + chunked(BUSY, IDLE))
    states: list[str] = []
    deadline = time.monotonic() + DEADLINE_SECONDS
    while len(states) < 2 and time.monotonic() < deadline:
        states += [signal.state for signal in heard(link, 2.0).signals]
    assert states == ["working", "done"]
    connection.close()
    heard(link, 3.0)
    assert (link.fileno(), link.due()) == (-1, None)


def test_a_connection_that_is_not_answered_is_dropped(server: socket.socket) -> None:
    link = EventLink(port(server), "secret", 0.0)
    connection, _ = asked(server, link, 0.0)
    assert link.due() == ANSWER_SECONDS
    link.step(ANSWER_SECONDS)
    assert link.fileno() == -1
    again = link.due()
    assert again is not None
    assert again > ANSWER_SECONDS
    connection.close()
    connection, request = asked(server, link, again)
    assert request.startswith(b"GET /session ")
    connection.close()
    link.close()


def test_a_port_that_nobody_has_is_tried_again_for_a_while(server: socket.socket) -> None:
    number = port(server)
    server.close()
    link = EventLink(number, "secret", 0.0)
    now, tries = 0.0, 0
    while (due := link.due()) is not None:
        now = max(now, due)
        link.step(now)
        tries += 1
        if link.fileno() >= 0:
            ready(link)
            link.step(now)
    assert 60 < now < 200
    assert tries > 50
    assert link.fileno() == -1


def test_a_link_that_is_closed_does_nothing(server: socket.socket) -> None:
    link = EventLink(port(server), "secret", 0.0)
    link.step(0.0)
    link.close()
    link.step(9.0)
    assert (link.fileno(), link.due()) == (-1, None)
