"""A session on this terminal: whether the terminal is one, and the screen."""

import os
import sys
from pathlib import Path

from agentgrid.addresses import SessionAddress
from agentgrid.errors import UsageError
from agentgrid.geometry import Size


def check_terminal() -> None:
    """Raises UsageError where nothing can be shown: not a terminal, or a pane of ours."""
    if sys.stdin is None or sys.stdout is None or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("this is no terminal, so the session cannot be shown; --no-attach starts it without")
    if os.environ.get("AGENTGRID_PANE"):
        session = os.environ.get("AGENTGRID_SESSION", "")
        raise UsageError(
            f"this is a pane of session '{session}', and a grid inside a grid helps nobody; go to another terminal, or use --no-attach"
        )
    if os.environ.get("TERM", "") in ("", "dumb"):
        raise UsageError(f"TERM is '{os.environ.get('TERM', '')}', a terminal that cannot place text; --no-attach starts it without")


def window_size() -> Size:
    """The terminal's size."""
    columns, rows = os.get_terminal_size(sys.stdout.fileno())
    return Size(columns=columns, rows=rows)


def show(address: SessionAddress, theme: str | None, css: str | None) -> int:
    """The screen, until it is left."""
    from agentgrid.ui.app import run

    run(address, theme=theme, css=None if css is None else Path(css))
    return 0
