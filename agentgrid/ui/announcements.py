"""What happens in the session and is worth more than a new row: the bell, the clipboard, problems, the end."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from agentgrid.session import events
from agentgrid.ui.app import Outcome
from agentgrid.ui.outer_notice import sequence, spoken
from agentgrid.ui.parts import clean

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
            case events.AttentionCalled(title=title, body=body):
                call(app, clean(title), clean(body))
            case events.ClipboardSet(pane=pane, text=text):
                if pane == app.stage.active:
                    app.copy_to_clipboard(text)
            case _:
                pass  # The rest is a state of a pane, and shown as one.


def call(app: "GridApp", title: str, body: str) -> None:
    """Panes that are not in view need the person: ring, and have the terminal tell."""
    options, driver = app.settings.notifications, app.own_driver
    if options.bell:
        app.bell()
    kind = spoken(os.environ) if options.terminal == "auto" else options.terminal
    if driver is not None and (data := sequence(kind, title, body)):
        driver.write(data)
