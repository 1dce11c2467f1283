"""What comes from the server: messages into the mirror and onto the screen in the same turn, its going and its coming back."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from agentgrid.client.mirror import Changes
from agentgrid.errors import AgentgridError, NoSession
from agentgrid.protocol.messages import ServerMessage
from agentgrid.session.pane import PaneId
from agentgrid.ui.announcements import announce
from agentgrid.ui.app import Outcome
from agentgrid.ui.passed_on import PassedOn
from agentgrid.ui.screens.dialog import Dialog

if TYPE_CHECKING:
    from agentgrid.ui.grid_app import GridApp

ANY_MOTION = 1003
RELEASES = 2  # Of the kitty flags.


class Incoming:
    """Owned by the app; called by the link."""

    def __init__(self, app: "GridApp") -> None:
        self._app = app
        self._awaited: PaneId | None = None
        self._wanted = (False, False, False)
        self._passed_on = PassedOn()
        self.lost = ""
        """Why there is no server, while there is none."""

    def messages(self, messages: list[ServerMessage]) -> None:
        """The link has read these."""
        app = self._app
        try:
            changes = Changes()
            for message in messages:
                app.mirror.apply(message, changes)
            if changes.detached is not None:
                app.exit(Outcome("detached", changes.detached))
                return
            announce(app, changes.events)
            if self._awaited is not None:
                self.focus_when_there(self._awaited)
            if changes.session:
                app.broadcast.refresh()
            app.stage.changed(changes)
            if changes.session:
                self._passed_on.tell(app.own_driver, app.mirror.panes.values())
            if changes.session and isinstance(app.screen, Dialog) and app.screen.ready:  # Else it looks when it has been drawn.
                app.screen.session_changed()
            if changes.session or changes.modes:
                self._want()
        except Exception as error:  # noqa: BLE001  # Textual sees no exception of a callback of the loop.
            app.fail(error)

    def gone(self, reason: str) -> None:
        """There is no server any more, for this reason where one is known. One that said farewell before is not missed."""
        app = self._app
        if app.return_value is not None:
            return
        self.lost = reason or "the server has gone away; the programs go on"
        app.keyboard.prefixed = False
        app.stage.paint({})
        if app.settings.revive is not None:
            app.run_worker(asyncio.to_thread(self._revive, app.settings.revive), exit_on_error=False)

    def back(self) -> None:
        """There is one again."""
        self.lost = ""
        self._app.stage.server_is_new()
        self._app.send_palette()
        self._app.say("the session is back")

    def focus_when_there(self, pane: PaneId) -> None:
        """Go to a pane that this screen has asked for, once the server has told of it; not in the middle of what is typed since."""
        app = self._app
        self._awaited = pane
        if (there := app.mirror.panes.get(pane)) is None:
            return
        self._awaited = None
        if not app.keyboard.typed_on:
            app.stage.focus(pane)
        elif there.number:
            app.say(f"{there.number} {there.name} is there; you were typing, so you stay where you are")

    def _revive(self, revive: Callable[[], object]) -> None:
        try:
            revive()
        except NoSession as error:
            self._app.call_from_thread(self._app.exit, Outcome("ended", str(error)))
        except AgentgridError as error:
            self._app.call_from_thread(self._app.say, str(error), problem=True)

    def _want(self) -> None:
        """Have the terminal report what the visible programs ask for, and no more."""
        app = self._app
        modes = [screen.modes for slot in app.stage.arrangement.slots if slot.pane and (screen := app.mirror.screens.get(slot.pane.id))]
        active = app.stage.screen_of(app.stage.active)
        wanted = (
            any(mode.mouse_tracking == ANY_MOTION for mode in modes),
            active is not None and bool(active.modes.kitty_flags & RELEASES),
            active is not None and active.modes.application_keypad,
        )
        if wanted != self._wanted and (driver := app.own_driver) is not None:
            self._wanted = wanted
            driver.want(motion=wanted[0], releases=wanted[1], keypad=wanted[2])
