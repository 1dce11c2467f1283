"""A session on this terminal: whether it can be shown, how it is to look, and the screen itself."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from agentgrid.addresses import SessionAddress
from agentgrid.cli.output import complain
from agentgrid.cli.reach import was_running
from agentgrid.errors import ConfigError, NoSession, UsageError
from agentgrid.geometry import Size
from agentgrid.server.daemon import start

if TYPE_CHECKING:
    from agentgrid.cli.starting import Choices
    from agentgrid.config.options import NotificationOptions


class Look(NamedTuple):
    """How the screen is to look, and what it offers."""

    theme: str
    css: Path | None
    keys: Mapping[str, str]
    agents: Callable[[], Sequence[str]]
    """Those that a new pane can be of. Raises ConfigError."""
    notifications: "NotificationOptions"
    confirm_paste: bool
    copy_keys: str


def check_terminal() -> None:
    """Raises UsageError where nothing can be shown: not a terminal, or a pane of ours."""
    if sys.stdin is None or sys.stdout is None or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("this is no terminal, so the session cannot be shown; 'agentgrid up --no-attach' starts it without")
    if os.environ.get("AGENTGRID_PANE"):
        session = os.environ.get("AGENTGRID_SESSION", "")
        raise UsageError(f"this is a pane of session '{session}', and a grid in a pane helps nobody; use another terminal, or --no-attach")
    term = os.environ.get("TERM", "")
    if term in ("", "dumb", "unknown"):
        raise UsageError(f"TERM={term} cannot show a grid; set TERM to what your terminal is (xterm-256color)")


def window_size() -> Size:
    """The terminal's size."""
    columns, rows = os.get_terminal_size(sys.stdout.fileno())
    return Size(columns=columns, rows=rows)


def look_of(known: "Choices", theme: str | None, css: str | None) -> Look:
    """Flags over the configuration. Raises ConfigError, UsageError: what is wrong is said before anything starts."""
    from agentgrid.config.themes import load_theme

    chosen = theme or known.config.theme
    try:
        load_theme(chosen)
    except ConfigError as error:
        raise ConfigError(f"{'--theme' if theme else known.config.origin('theme')}: {error}") from error
    if css is not None and not Path(css).is_file():
        raise UsageError(f"--css: there is no file {css}")

    def offered() -> Sequence[str]:
        return [*known.installed, *(name for name in known.config.agent if name not in known.installed)]

    css_file = None if css is None else Path(css).resolve()
    config = known.config
    return Look(chosen, css_file, config.keys, offered, config.notifications, config.confirm_paste, config.copy_keys)


def load_screen() -> None:
    """What takes its time to import, for while a server starts."""
    from agentgrid.ui.app import load

    load()


def show(address: SessionAddress, look: Look) -> int:
    """The screen, until it is left; whatever there is to say afterwards goes to stderr."""
    from agentgrid.server.launching import Launch
    from agentgrid.ui.app import run

    again = Launch(session=address.name, folder=str(address.folder), socket=str(address.socket))

    def revive() -> None:
        if not was_running(address):
            raise NoSession("the session has ended")
        start(address, again)

    outcome = run(
        address,
        theme=look.theme,
        css=look.css,
        keys=look.keys,
        agents=look.agents,
        notifications=look.notifications,
        confirm_paste=look.confirm_paste,
        copy_keys=look.copy_keys,
        revive=revive,
    )
    if outcome.message:
        complain(outcome.message)
    return outcome.exit_code
