"""What becomes of a link that a person follows: a file is edited in a pane of its own, an address opened, or copied.

Part of ``deeds``. A link whose text is the address of another place is asked about, with where it really leads.
"""

import os
import socket
from typing import TYPE_CHECKING

from agentgrid.session.commands import NewPane
from agentgrid.session.pane import PaneId
from agentgrid.ui.links import TextLink, local_path
from agentgrid.ui.opening import editing, open_address, opener
from agentgrid.ui.parts import clean, clip_middle
from agentgrid.ui.screens.confirm import ConfirmScreen

if TYPE_CHECKING:
    from agentgrid.ui.deeds import Deeds
    from agentgrid.ui.grid_app import GridApp


def follow(app: "GridApp", deeds: "Deeds", link: TextLink) -> None:
    """Open it."""
    if link.is_file:
        _edit(app, deeds, link.target, link.line, link.column)
    elif link.target.lower().startswith("file:"):
        if path := local_path(link.target, socket.gethostname()):
            _edit(app, deeds, path, 0, 0)
        else:
            app.say("that file is on another machine")
    elif link.lies:
        detail = f"It leads to {clip_middle(link.target, 160)}, whatever its text says."
        app.open(ConfirmScreen("Open this link?", detail, "opens it"), lambda yes: _open(app, link.target) if yes else None)
    else:
        _open(app, link.target)


def _edit(app: "GridApp", deeds: "Deeds", path: str, line: int, column: int) -> None:
    if not os.path.isfile(path):
        app.say(f"{clip_middle(clean(path), 80)} is no file here")
        return
    command = editing(os.environ, path, line, column)
    deeds.do(NewPane(command=command), lambda made: deeds.go_to(PaneId(int(made.removeprefix("%")))))


def _open(app: "GridApp", uri: str) -> None:
    program = opener(os.environ)
    if not program:
        app.copy_text(uri)
        app.say(f"no browser can be opened from here; copied {clip_middle(uri, 80)}")
    elif problem := open_address(program, uri):
        app.say(problem, problem=True)
    else:
        app.say(f"opened {clip_middle(uri, 80)}")
