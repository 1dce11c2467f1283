"""The two connections of a screen to its session's server, on the event loop: one for keys, one for everything else.

Keys have a connection of their own so that nothing stands before them. What cannot be sent yet waits in the client and goes
when the socket takes it. When the server goes away the link says so once, and looks for its successor until there is one.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from agentgrid.client.client import Client
from agentgrid.errors import AgentgridError, NoSession
from agentgrid.profiling import mark
from agentgrid.protocol.messages import Asking, KeyPressed, Message, MouseMoved, Pasted, Response, ServerMessage

RETRY_SECONDS = 0.5  # How long a new server of the session may wait for us to see it.

Connect = Callable[[str], Client]
"""A connection for a role, shaken hands. Raises AgentgridError."""


class Link:
    """Owned by the app. Opened before Textual starts, so that what is wrong is said on a terminal that is still as it was."""

    def __init__(self, connect: Connect) -> None:
        """Connects twice. Raises NoSession, VersionMismatch, TimedOut."""
        self._connect = connect
        self._screen = connect("ui")
        try:
            self._keys = connect("keys")
        except BaseException:
            self._screen.close()
            raise
        self._loop: asyncio.AbstractEventLoop | None = None
        self._retry: asyncio.TimerHandle | None = None
        self._on_messages: Callable[[list[ServerMessage]], None] = lambda _: None
        self._on_lost: Callable[[str], None] = lambda _: None
        self._on_back: Callable[[], None] = lambda: None
        self.alive = True

    def start(
        self,
        loop: asyncio.AbstractEventLoop,
        on_messages: Callable[[list[ServerMessage]], None],
        on_lost: Callable[[str], None],
        on_back: Callable[[], None],
    ) -> None:
        """Watch both sockets. ``on_lost`` gets the reason; ``on_back`` is called when there is a new server."""
        self._loop = loop
        self._on_messages, self._on_lost, self._on_back = on_messages, on_lost, on_back
        self._watch()

    def send(self, message: Message) -> None:
        """On the connection for everything but keys. Dropped while there is no server."""
        self._send(self._screen, message)

    def press(self, message: KeyPressed | Pasted | MouseMoved) -> None:
        """What a person does, on the connection for keys."""
        self._send(self._keys, message)
        mark("screen sent it")

    def ask(self, what: Asking, callback: Callable[[Response], None]) -> None:
        """Ask; the callback gets the answer, unless the server goes away first."""
        if self.alive:
            self._screen.ask(what, callback)
            if self._screen.wants_write:
                self._flush_later(self._screen)

    def close(self) -> None:
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        self._unwatch()
        self._screen.close()
        self._keys.close()
        self.alive = False

    # ------------------------------------------------------------------ below

    def _send(self, client: Client, message: Message) -> None:
        if self.alive and not client.closed:
            client.send(message)
            if client.wants_write:
                self._flush_later(client)

    def _flush_later(self, client: Client) -> None:
        if self._loop is not None:
            self._loop.add_writer(client.fileno(), self._writable, client)

    def _writable(self, client: Client) -> None:
        client.flush()
        if not client.wants_write and self._loop is not None:
            self._loop.remove_writer(client.fileno())

    def _watch(self) -> None:
        assert self._loop is not None
        self._loop.add_reader(self._screen.fileno(), self._readable, self._screen)
        self._loop.add_reader(self._keys.fileno(), self._readable, self._keys)
        self._loop.call_soon(self._readable, self._screen)  # What came with the welcome has been read from the socket already.

    def _unwatch(self) -> None:
        if self._loop is None:
            return
        for client in (self._screen, self._keys):
            if client.fileno() >= 0:
                self._loop.remove_reader(client.fileno())
                self._loop.remove_writer(client.fileno())

    def _readable(self, client: Client) -> None:
        if client.fileno() < 0:
            return
        reason = ""
        messages: list[ServerMessage] = []
        try:
            messages = client.receive()
        except AgentgridError as error:
            reason = str(error)
        if messages and client is self._screen:
            mark("screen got rows")
            self._on_messages(messages)
        if (reason or client.closed) and self.alive:
            self._lose(reason)

    def _lose(self, reason: str) -> None:
        self.close()
        self._on_lost(reason)
        self._look_again_later()

    def _look_again_later(self) -> None:
        assert self._loop is not None
        self._retry = self._loop.call_later(RETRY_SECONDS, self._look_again)

    def _look_again(self) -> None:
        try:
            screen = self._connect("ui")
        except NoSession:
            self._look_again_later()
            return
        except AgentgridError as error:
            self._on_lost(str(error))  # There is a server, but not for us: no use in asking it again and again.
            return
        try:
            keys = self._connect("keys")
        except AgentgridError:
            screen.close()
            self._look_again_later()
            return
        self._screen, self._keys = screen, keys
        self.alive = True
        self._watch()
        self._on_back()


def result(response: Response, on_error: Callable[[str], None]) -> Any:
    """The answer's result; an error's text goes to ``on_error``, and the result is None."""
    if response.error:
        on_error(response.message)
        return None
    return response.result
