"""Messages as they come, for the verbs that go on until something happens."""

import select
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentgrid.client.client import Client
    from agentgrid.protocol.messages import ServerMessage


def messages_while_read(client: "Client") -> Iterator["ServerMessage"]:
    """Messages until the server closes the connection.

    Raises BrokenPipeError as soon as nobody reads standard output any more (``| head -1`` has its line), not at the
    next write, which may be hours away.
    """
    poll = select.poll()
    poll.register(client.fileno(), select.POLLIN)
    if sys.stdout is not None:
        poll.register(sys.stdout.fileno(), 0)  # No event asked for: errors are told anyhow.
    while not client.closed:
        yield from client.receive()
        if client.closed:
            return
        for descriptor, events in poll.poll():
            if descriptor != client.fileno() and events & (select.POLLERR | select.POLLHUP):
                raise BrokenPipeError
            if events & select.POLLNVAL:  # macOS cannot watch terminals this way; a write will tell.
                poll.unregister(descriptor)
