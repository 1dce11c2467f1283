"""What happens in the session and is worth more than a new row: the bell, the clipboard, problems, the end."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from agentgrid.session import events
from agentgrid.ui.app import Outcome
from agentgrid.ui.outer_notice import Kind, sequence, spoken
from agentgrid.ui.outer_tmux import around, wrapped
from agentgrid.ui.parts import clean

if TYPE_CHECKING:
    from agentgrid.ui.driver import GridDriver
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
    if driver is None:
        return
    if os.environ.get("TMUX"):
        app.run_worker(_tell_through_tmux(options.terminal, driver, title, body), group="announcements")
    elif data := sequence(spoken(os.environ) if options.terminal == "auto" else options.terminal, title, body):
        driver.write(data)


async def _tell_through_tmux(terminal: str, driver: "GridDriver", title: str, body: str) -> None:
    """The same for the terminal around tmux, where tmux lets it through; the bell has rung all the same."""
    if terminal == "off" or (outer := await around(os.environ)) is None:
        return
    kind = spoken(outer) if terminal == "auto" else terminal
    driver.write(wrapped(sequence(cast("Kind", kind), title, body)))
