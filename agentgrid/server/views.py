"""What all screens together mean for panes: their sizes, and which one a person looks at."""

from typing import TYPE_CHECKING

from agentgrid.geometry import Size
from agentgrid.protocol.messages import Recorded
from agentgrid.server.loop import Timer
from agentgrid.session.pane import PaneId

if TYPE_CHECKING:
    from agentgrid.server.server import Server

RESIZE_REST_SECONDS = 0.06  # While a window is dragged, programs get the size at which it rests.


class Views:
    """Part of the server, which owns it."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._timer: Timer | None = None
        self._last_resize = 0.0
        self._focused: PaneId | None = None

    def resize_soon(self) -> None:
        """A view came: panes get their sizes at once, or when views have come to rest."""
        if self._timer is not None:
            self._timer.cancel()
        now = self._server.loop.now()
        rested = now - self._last_resize > RESIZE_REST_SECONDS
        self._last_resize = now
        if rested:
            self._resize()
        else:
            self._timer = self._server.loop.call_later(RESIZE_REST_SECONDS, self._resize)

    def _resize(self) -> None:
        """Panes take the size of the view that came last."""
        server = self._server
        self._timer = None
        sizes: dict[PaneId, Size] = {}
        for peer in sorted(server.peers.screens(), key=lambda peer: peer.attachment.viewed):
            sizes.update(peer.attachment.sizes)
        for pane, size in sizes.items():
            runtime = server.runtimes.get(pane)
            if runtime is None or size == runtime.emulator.size or min(size) < 1:
                continue
            runtime.resize(size)
            for peer, since in server.recorders(pane):
                peer.send(Recorded(at=server.loop.now() - since, columns=size.columns, rows=size.rows))
            server.change(pane, columns=size.columns, rows=size.rows)
        server.pump.frame_soon()

    def move_focus(self) -> None:
        """Programs that asked for it hear when a person looks at them and when no longer (mode 1004)."""
        server = self._server
        focus = server.session.focus
        looking = any(peer.attachment.focused and focus in peer.attachment.sizes for peer in server.peers.screens())
        focused = focus if looking else None
        server.states.watching(focused)
        server.since.watching(focused)
        if focused == self._focused:
            return
        for pane, gained in ((self._focused, False), (focused, True)):
            runtime = server.runtimes.get(pane) if pane is not None else None
            if runtime is not None and runtime.typing is not None and runtime.emulator.modes.focus_events:
                runtime.typing.write(b"\x1b[I" if gained else b"\x1b[O")
        self._focused = focused
