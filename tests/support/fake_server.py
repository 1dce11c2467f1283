"""A server without programs: a real session and real emulators, spoken to over socket pairs in the test's own event loop.

server = FakeServer.with_panes(3, grid=(1, 3))
app = GridApp(Link(server.connect), settings, driver_class=MemoryDriver)
server.prints(1, b"hello")          # what a program would print; the screen gets it at once
server.typed[PaneId(1)]             # what was typed, encoded as the program would get it
"""

import asyncio
import contextlib
import socket
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, cast

from agentgrid import __version__
from agentgrid.client.client import Client
from agentgrid.errors import AgentgridError
from agentgrid.geometry import Size
from agentgrid.protocol import messages as m
from agentgrid.protocol.codec import Decoder, encode
from agentgrid.server.attachment import Attachment
from agentgrid.server.searches import PLACE
from agentgrid.session import events
from agentgrid.session.commands import NewPane
from agentgrid.session.pane import PaneId, PaneStatus
from agentgrid.session.session import Session
from agentgrid.terminal import keys, mouse
from agentgrid.terminal.pyte_emulator import PyteEmulator
from agentgrid.terminal.searching import find

NOW = 1_700_000_000.0


class FakeServer:
    """Owned by one test."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.emulators: dict[PaneId, PyteEmulator] = {}
        self.typed: dict[PaneId, bytes] = defaultdict(bytes)
        self.mouse: dict[PaneId, bytes] = defaultdict(bytes)
        self.received: list[m.ClientMessage] = []
        self.answers: dict[type, Callable[[Any], dict[str, Any]]] = {}
        """What is answered to a question: ``{"result": …}`` or ``{"error": …, "message": …}``."""
        self.attachment = Attachment()
        self._outgoing = bytearray()
        self._sockets: dict[str, socket.socket] = {}
        self._decoders: dict[str, Decoder[Any]] = {}
        for pane in session.panes.values():
            self.emulators[pane.id] = PyteEmulator(Size(pane.columns, pane.rows))

    @classmethod
    def with_panes(cls, count: int, grid: tuple[int, int] = (3, 3), status: PaneStatus = PaneStatus.UNKNOWN) -> "FakeServer":
        """A session of shells that run."""
        session = Session("shop", "/home/me/shop", *grid)
        for number in range(1, count + 1):
            session.apply(NewPane(name=f"shell-{number}", command=("sh",)), NOW)
            session.change(PaneId(number), NOW, pid=1000 + number, status=status)
        return cls(session)

    def connect(self, role: str) -> Client:
        """A connection of the app's; the welcome is there before it is asked for."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        welcome = m.Welcome(version=__version__, pid=1, session=self.session.name, folder=self.session.folder)
        ours.send(encode(welcome))
        if role == "ui":
            ours.send(encode(self._state()))
        client = Client(theirs)
        client.shake_hands(role)
        self._sockets[role] = ours
        self._decoders[role] = Decoder(cast(Any, m.ClientMessage))
        asyncio.get_running_loop().add_reader(ours.fileno(), self._readable, role)
        return client

    def close(self) -> None:
        """Go away, as a server that was killed."""
        for ours in self._sockets.values():
            asyncio.get_running_loop().remove_reader(ours.fileno())
            asyncio.get_running_loop().remove_writer(ours.fileno())
            ours.close()
        self._sockets.clear()
        self._outgoing.clear()

    # ------------------------------------------------------------------ what a program does

    def prints(self, pane: int, data: bytes | str) -> None:
        """The program in a pane prints; who looks at it is told at once."""
        self.emulators[PaneId(pane)].feed(data.encode() if isinstance(data, str) else data)
        self._update(PaneId(pane))

    def changes(self, pane: int, **facts: Any) -> None:
        """A fact about a pane is a new one."""
        self._publish(self.session.change(PaneId(pane), NOW, **facts))

    def apply(self, command: Any) -> None:
        """Somebody else gives a command."""
        self._publish(self.session.apply(command, NOW))

    def happens(self, event: events.Event) -> None:
        self._publish([event])

    def send(self, message: m.Message) -> None:
        self._outgoing += encode(message)
        self._flush()

    # ------------------------------------------------------------------ below

    def _flush(self) -> None:
        """Send what the socket takes; the rest when it takes more."""
        loop, ours = asyncio.get_running_loop(), self._sockets.get("ui")
        if ours is None:
            self._outgoing.clear()
            return
        with contextlib.suppress(BlockingIOError):
            del self._outgoing[: ours.send(self._outgoing)]
        if self._outgoing:
            loop.add_writer(ours.fileno(), self._flush)
        else:
            loop.remove_writer(ours.fileno())

    def _state(self) -> m.SessionState:
        session = self.session
        return m.SessionState(
            session=session.name,
            folder=session.folder,
            rows=session.rows,
            columns=session.columns,
            panes=tuple(session.panes.values()),
            focus=session.focus,
            zoom=session.zoom,
        )

    def _readable(self, role: str) -> None:
        ours = self._sockets[role]
        data = ours.recv(1 << 20)
        if not data:
            asyncio.get_running_loop().remove_reader(ours.fileno())
            asyncio.get_running_loop().remove_writer(ours.fileno())
            ours.close()
            del self._sockets[role]
            return
        for message in self._decoders[role].feed(data):
            self.received.append(message)
            self._take(message)

    def _take(self, message: m.ClientMessage) -> None:
        match message:
            case m.View(panes=panes, focused=focused):
                self.attachment.view({pane: Size(columns, rows) for pane, columns, rows in panes}, focused, time.monotonic())
                for pane, size in self.attachment.sizes.items():
                    if pane in self.emulators:
                        if self.emulators[pane].size != size:
                            self.emulators[pane].resize(size)
                            self._publish(self.session.change(pane, NOW, columns=size.columns, rows=size.rows))
                        self._update(pane)
            case m.KeyPressed(pane=pane, key=key):
                self.typed[pane] += keys.encode(key, self.emulators[pane].modes)
            case m.Pasted(pane=pane, data=data):
                self.typed[pane] += keys.encode_paste(data, self.emulators[pane].modes)
            case m.MouseMoved(pane=pane):
                self.mouse[pane] += mouse.encode(message, self.emulators[pane].modes)
            case m.HistoryWanted(pane=pane, start=start, stop=stop):
                self.send(self.attachment.history(pane, self.emulators[pane], start, stop))
            case m.Request(id=number, what=m.Search(pane=word, text=text)):
                emulator = self.emulators[PaneId(int(word.removeprefix("%")))]
                lines = [*emulator.history_lines(0, emulator.history_length), *emulator.lines]
                hits = list(find(lines, emulator.clusters, text, emulator.size.columns))
                places = b"".join(PLACE.pack(emulator.history_dropped + hit.row, hit.column) for hit in hits)
                self.send(m.Response(id=number, result={"count": len(hits), "hits": places, "columns": emulator.size.columns}))
            case m.Request(id=number, what=m.Do(command=command)):
                try:
                    happened = self.session.apply(command, NOW)
                except AgentgridError as error:
                    self.send(m.Response(id=number, error=type(error).__name__, message=str(error)))
                    return
                made = [event.pane for event in happened if isinstance(event, events.PaneCreated)]
                for pane in made:
                    self.emulators[pane] = PyteEmulator(Size(80, 24))
                self._publish(happened)
                self.send(m.Response(id=number, result=f"%{made[0]}" if made else None))
            case m.Request(id=number, what=asked) if type(asked) in self.answers:
                self.send(m.Response(id=number, **self.answers[type(asked)](asked)))
            case _:
                pass

    def _publish(self, happened: list[events.Event]) -> None:
        for event in happened:
            self.send(m.Happened(event=cast(Any, event)))

    def _update(self, pane: PaneId) -> None:
        if pane in self.attachment.sizes and "ui" in self._sockets:
            update = self.attachment.update(pane, self.emulators[pane])
            if update is not None:
                self.send(update)


def wants(server: FakeServer, kind: type[m.Message]) -> Callable[[], bool]:
    """Whether such a message has come."""
    return lambda: any(isinstance(message, kind) for message in server.received)
