"""The screen of a session: ``run`` takes the terminal, shows the panes until the person leaves, and gives the terminal back.

Textual is imported only here below, and only after what it reads at its import has been set.
"""

import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from agentgrid.addresses import SessionAddress
from agentgrid.client.client import Client
from agentgrid.config.options import NotificationOptions
from agentgrid.errors import UsageError
from agentgrid.sparing import instead_of, without
from agentgrid.ui.keymap import keymap

TEXTUAL_SETTINGS = {
    "TEXTUAL_FPS": "240",  # Textual's own timer. The server paces; what it sent is to be drawn in the same turn.
    "TEXTUAL_DISABLE_KITTY_KEY": "1",  # Our driver asks for the protocol itself, with more of it.
}
"""What Textual reads from the environment when it is imported."""

PALETTE = ("CommandListItem", "CommandPalette", "DiscoveryHit", "Hit", "Hits", "Provider", "SimpleProvider")
"""What Textual mentions of its command palette, which is off here, and for which it imports two dozen modules."""


class Outcome(NamedTuple):
    """How it ended. ``kind``: ``detached``, ``ended`` (the session), ``lost`` (no server), ``failed`` (a fault of ours)."""

    kind: str
    message: str = ""

    @property
    def exit_code(self) -> int:
        return {"detached": 0, "ended": 0, "lost": 3}.get(self.kind, 1)


def run(
    address: SessionAddress,
    *,
    theme: str = "harbour",
    css: Path | None = None,
    keys: Mapping[str, str] | None = None,
    agents: Callable[[], Sequence[str]] | None = None,
    notifications: NotificationOptions | None = None,
    confirm_paste: bool = True,
    copy_keys: str = "vi",
    revive: Callable[[], object] | None = None,
) -> Outcome:
    """Attach to a session whose server runs.

    ``agents``: what the new-pane panel offers, those on PATH by default. ``revive`` starts a new server when this one has
    gone away; it may block. Raises NoSession, VersionMismatch, ConfigError (theme, keys) and UsageError (no terminal to
    draw on), before anything is drawn.
    """
    check_terminal(os.environ)
    gc.disable()  # What is imported stays; the app switches the collector on when its first frame stands.
    bound = keymap(keys or {})
    with without("ssl"):  # For asyncio.
        from agentgrid.ui.link import Link

    link = Link(lambda role: Client.connect(address.socket, role))  # Before the rest is imported: the server answers meanwhile.
    try:
        load()
        from agentgrid.ui.grid_app import GridApp, Settings

        settings = Settings(
            theme=theme,
            css=css,
            keys=bound,
            agents=agents,
            notifications=notifications or NotificationOptions(),
            confirm_paste=confirm_paste,
            copy_keys=copy_keys,
            revive=revive,
        )
        app = GridApp(link, settings)
        outcome = app.run()
    finally:
        link.close()
    return outcome or app.failure or Outcome("detached")


def load() -> None:
    """Import what the screen needs, which takes a third of a second: whoever has to wait for a server does it meanwhile."""
    gc.disable()  # As in ``run``.
    before = {name: os.environ.get(name) for name in TEXTUAL_SETTINGS}
    os.environ.update({name: value for name, value in TEXTUAL_SETTINGS.items() if before[name] is None})
    with without("ssl"), instead_of("textual.command", *PALETTE), instead_of("platformdirs", "user_downloads_path"):
        import agentgrid.ui.grid_app  # noqa: F401 (imported for the time it takes)

    for name in (name for name, value in before.items() if value is None):
        del os.environ[name]  # Textual has read it, and a server that is started from here is not to hand it on to programs.


def check_terminal(environment: Mapping[str, str]) -> None:
    """Raises UsageError where no grid can be drawn, with what can be done there."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("a grid needs a terminal; 'agentgrid status', 'screen' and 'send' work without one")
    if environment.get("TERM", "") in ("", "dumb", "unknown"):
        raise UsageError(f"TERM={environment.get('TERM', '')} cannot show a grid; set TERM to what your terminal is (xterm-256color)")
