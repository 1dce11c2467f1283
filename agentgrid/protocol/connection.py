"""A connection without a socket: bytes in, messages out, and the handshake that comes first.

Both ends are made of the same machine, in the manner of h11: ``receive_data`` takes what the socket gave and returns the
messages that are whole; ``send`` returns the bytes to write. Whoever breaks the rules is named by the error's class.

    client                         server
    Hello(protocol, role)    →
                             ←     Welcome | Refused, then closes
    whatever the role allows ↔     whatever the role gets

``Hello``, ``Welcome`` and ``Refused`` never lose a field, so that any two versions can at least tell each other that
they do not match.
"""

import enum
from typing import Any, Generic, TypeVar, cast

from agentgrid.errors import ERRORS, AgentgridError, VersionMismatch
from agentgrid.protocol.codec import Decoder, encode
from agentgrid.protocol.messages import (
    PROTOCOL_VERSION,
    ClientMessage,
    Hello,
    Message,
    Refused,
    ServerMessage,
    Welcome,
)


class LocalProtocolError(Exception):
    """Our own code tried to send what may not be sent now: a bug here."""


class RemoteProtocolError(Exception):
    """The other end sent what may not come now, or no message at all: close the connection."""


class Phase(enum.Enum):
    """How far a connection is."""

    HANDSHAKE = enum.auto()
    OPEN = enum.auto()
    CLOSED = enum.auto()


M = TypeVar("M")


class _Connection(Generic[M]):
    def __init__(self, incoming: type[M]) -> None:
        self.phase = Phase.HANDSHAKE
        self._decoder = Decoder(incoming)

    def receive_data(self, data: bytes) -> list[M]:
        """The messages in these bytes and those kept from before. ``b""`` is the end of the stream."""
        if self.phase is Phase.CLOSED:
            return []
        if not data:
            self.phase = Phase.CLOSED
            return []
        try:
            messages = self._decoder.feed(data)
        except ValueError as error:
            self.phase = Phase.CLOSED
            raise RemoteProtocolError(str(error)) from error
        return messages

    def send(self, message: Message) -> bytes:
        """The bytes of a message that may be sent now."""
        if self.phase is not Phase.OPEN:
            raise LocalProtocolError(f"{type(message).__name__} cannot be sent: the connection is {self.phase.name.lower()}")
        return encode(message)


class ClientConnection(_Connection[ServerMessage]):
    """The client's end."""

    def __init__(self) -> None:
        super().__init__(cast(Any, ServerMessage))

    def hello(self, hello: Hello) -> bytes:
        """The first bytes to send."""
        if self.phase is not Phase.HANDSHAKE:
            raise LocalProtocolError("the handshake is over")
        return encode(hello)

    def accept(self, answer: ServerMessage) -> Welcome:
        """Judge the server's first message: open the connection, or raise what it was refused with."""
        match answer:
            case Welcome(protocol=protocol) if protocol == PROTOCOL_VERSION:
                self.phase = Phase.OPEN
                return answer
            case Welcome(version=version):
                self.phase = Phase.CLOSED
                raise VersionMismatch(
                    f"the server is agentgrid {version} and speaks another protocol; end it with 'agentgrid down' and start again"
                )
            case Refused(error=error, message=message):
                self.phase = Phase.CLOSED
                raise ERRORS.get(error, AgentgridError)(message)
            case _:
                self.phase = Phase.CLOSED
                raise RemoteProtocolError(f"{type(answer).__name__} came before the handshake was over")


class ServerConnection(_Connection[ClientMessage]):
    """The server's end."""

    def __init__(self) -> None:
        super().__init__(cast(Any, ClientMessage))
        self.role = ""

    def answer(self, first: ClientMessage, welcome: Welcome) -> tuple[bytes, bool]:
        """The answer to a client's first message, and whether the connection is open now."""
        refused: Refused | None = None
        if not isinstance(first, Hello):
            refused = Refused(error="AgentgridError", message="the first message must be a hello")
        elif first.protocol != PROTOCOL_VERSION:
            refused = Refused(
                error="VersionMismatch",
                message=f"this session runs agentgrid {welcome.version} and the command is {first.version}; "
                "end the session with its own version, or attach with it",
            )
        elif first.role not in ("ui", "keys", "cli"):
            refused = Refused(error="AgentgridError", message=f"no such role: {first.role}")
        if refused is not None:
            self.phase = Phase.CLOSED
            return encode(refused), False
        assert isinstance(first, Hello)
        self.role = first.role
        self.phase = Phase.OPEN
        return encode(welcome), True
