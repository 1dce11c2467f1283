"""What happens in the session and is worth more than a new row: the bell, the clipboard, problems, the end."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from agentgrid.session import events
from agentgrid.ui.app import Outcome

if TYPE_CHECKING:
    from agentgrid.ui.grid_app import GridApp


def announce(app: "GridApp", happened: Iterable[events.Event]) -> None:
    """Each in its way. A bell only for a pane that is not looked at; the clipboard only for the one that is."""
    for event in happened:
        match event:
            case events.SessionEnded():
                app.exit(Outcome("ended", "the session has ended"))
            case events.ProblemRaised(message=message):
                app.say(message, problem=True)
            case events.BellRung(pane=pane):
                if pane != app.stage.active or not app.stage.window_focused:
                    app.bell()
            case events.ClipboardSet(pane=pane, text=text):
                if pane == app.stage.active:
                    app.copy_to_clipboard(text)
            case _:
                pass  # The rest is a state of a pane, and shown as one.
