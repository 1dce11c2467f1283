"""Two ends of a connection back to back, without a socket."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.errors import NoSession, VersionMismatch
from agentgrid.protocol import messages as m
from agentgrid.protocol.codec import LENGTH, MAX_FRAME_BYTES, Decoder, encode
from agentgrid.protocol.connection import ClientConnection, LocalProtocolError, Phase, RemoteProtocolError, ServerConnection
from agentgrid.session.commands import NewPane
from agentgrid.session.events import BellRung, PaneExited
from agentgrid.session.pane import Folder, PaneId
from agentgrid.terminal.emulator import Cursor, Modes
from agentgrid.terminal.keys import Key
from agentgrid.terminal.style import Style

WELCOME = m.Welcome(version="1.0", pid=7, session="s", folder="/f")
PANE = PaneId(1)

FROM_CLIENT = [
    m.Request(id=1, what=m.Do(command=NewPane(agent="claude", folder=Folder(kind="worktree")))),
    m.Request(id=2, what=m.WaitFor(pane="3", text="x", timeout=1.5)),
    m.View(panes=((PANE, 80, 24),)),
    m.KeyPressed(pane=PANE, key=Key("enter", modifiers=1)),
    m.Pasted(pane=PANE, data=b"\xff\x00\x1b[201~"),
    m.MouseMoved(pane=PANE, kind="press", button=1, column=0, row=0),
    m.HistoryWanted(pane=PANE, start=0, stop=100),
]
FROM_SERVER = [
    m.Response(id=1, result={"panes": [1, 2.5, None, "x"]}),
    m.Happened(event=BellRung(at=1.0, pane=PANE)),
    m.Happened(event=PaneExited(pane=PANE, exit_code=-9)),
    m.PaneUpdate(
        pane=PANE,
        sequence=1,
        columns=3,
        rows_count=1,
        rows=((0, "a日\0", "\0\u0001\u0001", True),),
        cursor=Cursor(0, 2, visible=False, shape=5),
        modes=Modes(mouse_tracking=1003),
        history_length=0,
        history_dropped=0,
        styles=(Style(foreground=(1, 2, 3), background=4, underline=3, link="id;http://x"),),
        clusters=("e\u0301",),
    ),
    m.Recorded(at=0.5, data=b"\xff"),
    m.Detached(reason="bye"),
]


def opened() -> tuple[ClientConnection, ServerConnection]:
    client, server = ClientConnection(), ServerConnection()
    (hello,) = server.receive_data(client.hello(m.Hello(version="1.0", role="ui")))
    answer, is_open = server.answer(hello, WELCOME)
    assert is_open
    (welcome,) = client.receive_data(answer)
    assert client.accept(welcome) == WELCOME
    return client, server


@pytest.mark.parametrize("message", FROM_CLIENT, ids=lambda message: type(message).__name__)
def test_what_a_client_sends_arrives_as_it_was(message: m.Message) -> None:
    client, server = opened()
    assert server.receive_data(client.send(message)) == [message]


@pytest.mark.parametrize("message", FROM_SERVER, ids=lambda message: type(message).__name__)
def test_what_a_server_sends_arrives_as_it_was(message: m.Message) -> None:
    client, server = opened()
    assert client.receive_data(server.send(message)) == [message]


@given(st.lists(st.integers(1, 40), max_size=30))
def test_messages_come_whole_at_any_cut(cuts: list[int]) -> None:
    client, server = opened()
    stream = b"".join(client.send(message) for message in FROM_CLIENT)
    found: list[m.ClientMessage] = []
    at = 0
    for cut in cuts:
        if piece := stream[at : at + cut]:
            found += server.receive_data(piece)
        at += cut
    if rest := stream[at:]:
        found += server.receive_data(rest)
    assert found == FROM_CLIENT


@given(st.binary(max_size=200))
def test_no_bytes_break_more_than_their_connection(data: bytes) -> None:
    decoder: Decoder[m.ClientMessage] = Decoder(m.ClientMessage)  # type: ignore[arg-type]
    try:
        decoder.feed(data)
    except ValueError:
        return
    assert decoder.pending <= len(data)


def test_another_protocol_is_refused_in_words() -> None:
    client, server = ClientConnection(), ServerConnection()
    (hello,) = server.receive_data(client.hello(m.Hello(protocol=999, version="9.9", role="ui")))
    answer, is_open = server.answer(hello, WELCOME)
    assert not is_open
    assert server.phase is Phase.CLOSED
    (refused,) = client.receive_data(answer)
    with pytest.raises(VersionMismatch, match=r"1\.0.*9\.9"):
        client.accept(refused)


def test_an_old_server_is_named() -> None:
    client = ClientConnection()
    with pytest.raises(VersionMismatch, match=r"0\.0\.1"):
        client.accept(m.Welcome(protocol=0, version="0.0.1", pid=1, session="s", folder="/f"))


def test_a_refusal_is_raised_as_the_error_it_names() -> None:
    with pytest.raises(NoSession, match="gone"):
        ClientConnection().accept(m.Refused(error="NoSession", message="gone"))


def test_nothing_is_sent_before_the_handshake() -> None:
    with pytest.raises(LocalProtocolError):
        ClientConnection().send(FROM_CLIENT[0])


def test_a_length_that_cannot_be_is_the_other_ends_fault() -> None:
    client, _ = opened()
    with pytest.raises(RemoteProtocolError):
        client.receive_data(LENGTH.pack(MAX_FRAME_BYTES + 1) + b"x")
    assert client.phase is Phase.CLOSED


def test_an_unknown_field_is_no_error() -> None:
    """A newer client may say more than an older server knows."""
    frame = encode(m.Hello(version="2.0", role="cli"))
    body = bytearray(frame[LENGTH.size :])
    body[0] += 1  # One more entry in the map.
    body += b"\xa3new\xc0"
    (hello,) = ServerConnection().receive_data(LENGTH.pack(len(body)) + bytes(body))
    assert isinstance(hello, m.Hello)
    assert hello.version == "2.0"
