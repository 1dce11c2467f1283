"""The Textual app: it brings link, mirror, stage, keyboard, pointer and painter together, and opens dialogs.

Input is taken before Textual looks at it: while nothing but the grid is on the screen, keys and mouse go to ``Keyboard`` and
``Pointer``; under a dialog Textual's own way is right. What is typed for a dialog that is not drawn yet is kept for it.
What the server sends is read by the event loop, applied to the mirror and painted in the same turn.
"""

import asyncio
import gc
import importlib
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from textual import events
from textual.app import App
from textual.message import Message
from textual.screen import Screen

from agentgrid.client.mirror import Mirror
from agentgrid.config.options import NotificationOptions
from agentgrid.geometry import Rect
from agentgrid.protocol.messages import SetPalette
from agentgrid.session.pane import PaneId
from agentgrid.terminal.keys import Key as PressedKey
from agentgrid.terminal.keys import parse_key
from agentgrid.ui import clipboard, theme
from agentgrid.ui.app import Outcome
from agentgrid.ui.broadcast import Broadcast
from agentgrid.ui.chrome import prefix
from agentgrid.ui.crash import recorded
from agentgrid.ui.direct import Outlet, Painter
from agentgrid.ui.driver import GridDriver
from agentgrid.ui.grid_screen import GridScreen
from agentgrid.ui.incoming import Incoming
from agentgrid.ui.input_events import Key, Paste, QuietKey, Repaint, is_quiet, mouse_of
from agentgrid.ui.keyboard import Keyboard
from agentgrid.ui.keymap import Keymap
from agentgrid.ui.link import Link
from agentgrid.ui.links import TextLink
from agentgrid.ui.notice import Notice
from agentgrid.ui.parts import clean
from agentgrid.ui.pointer import Pointer
from agentgrid.ui.screens.dialog import Dialog, Drawn
from agentgrid.ui.selection import Selection, copied
from agentgrid.ui.stage import Stage
from agentgrid.ui.status import Bar
from agentgrid.ui.status_bar import bar, window_title
from agentgrid.ui.styling import Styling
from agentgrid.ui.typed_ahead import TypedAhead
from agentgrid.ui.widgets.pane_view import Hints

if TYPE_CHECKING:
    from agentgrid.ui.deeds import Deeds


Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line has found out for the screen."""

    keys: Keymap
    theme: str = "harbour"
    css: Path | None = None
    agents: Callable[[], Sequence[str]] | None = None
    notifications: NotificationOptions = field(default_factory=NotificationOptions)
    confirm_paste: bool = True
    copy_keys: str = "vi"
    revive: Callable[[], object] | None = None


class GridApp(App[Outcome], inherit_bindings=False):
    """One attached screen."""

    CSS_PATH = "agentgrid.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "agentgrid"

    def __init__(self, link: Link, settings: Settings, *, driver_class: type[GridDriver] = GridDriver) -> None:
        super().__init__(driver_class=driver_class)
        self.link = link
        self.settings = settings
        self.mirror = Mirror()
        self.copied = ""
        self.failure: Outcome | None = None
        self.painter = Painter(self, self._outlet, enabled=os.environ.get("AGENTGRID_DIRECT") != "0")
        self.stage = Stage(self.mirror, link, self.painter, self._bar)
        self.broadcast = Broadcast(self.mirror, self.stage)
        self.notice = Notice(lambda: self.stage.paint({}))
        self.incoming = Incoming(self)
        self.keyboard = Keyboard(self.stage, link, self, settings.keys, time.monotonic)
        self.keyboard.confirm_paste = settings.confirm_paste
        self.keyboard.copying.keys = settings.copy_keys
        self.pointer = Pointer(self.stage, link, self, self._cell_pixels)
        self.styling = Styling(self, settings.theme, settings.css, self._restyle)
        self._typed_ahead = TypedAhead(super().on_event)
        self._attached = False
        self._window_title = ""
        self.styling.start()

    @cached_property
    def deeds(self) -> "Deeds":
        """Dialogs and all they are made of: imported with the first deed, or once the first frame stands."""
        from agentgrid.ui.deeds import Deeds

        return Deeds(self)

    @property
    def keys(self) -> Keymap:
        return self.settings.keys

    @property
    def own_driver(self) -> GridDriver | None:
        """The driver, once there is one."""
        return self._driver if isinstance(self._driver, GridDriver) else None

    @property
    def foreign_frames(self) -> int:
        """How often something but the painter has written what cells show."""
        return self.own_driver.foreign_frames if self.own_driver is not None else 0

    # ------------------------------------------------------------------ beginning and end

    def get_default_screen(self) -> Screen[Any]:
        return GridScreen(id="_default")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme.variables(self.styling.theme) if hasattr(self, "styling") else {}

    def refresh_css(self, animate: bool = True) -> None:
        """Textual asks for it once at the start, when the sheets have just been read with the theme's colours: not again then."""
        if self.styling.is_new():
            super().refresh_css(animate)

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        self._restyle()
        self.link.start(loop, self.incoming.messages, self.incoming.gone, self.incoming.back)
        self._attached = True
        if self.own_driver is not None:
            self.own_driver.on_key = self.typed
            self.own_driver.on_room = self.painter.go_on
        self.styling.watch()
        if self.styling.problem:
            self.say(f"{self.styling.problem} (left out)", problem=True)
        self.app_suspend_signal.subscribe(self, self._suspended)
        self.app_resume_signal.subscribe(self, self._resumed)
        self.call_after_refresh(self._first_frame)

    async def _first_frame(self) -> None:
        """It stands: load what dialogs need, and let the collector never look again at what is there for good."""
        await asyncio.to_thread(importlib.import_module, "agentgrid.ui.deeds")
        gc.collect()
        gc.freeze()
        gc.enable()

    def laid_out(self, _: Screen[Any]) -> None:
        """Textual has placed the widgets."""
        self.painter.note_layout()
        stage = self.stage
        grid, status = stage.grid.region, stage.status.region
        if grid.area and status.area:
            stage.placed(Rect(grid.y, grid.x, grid.width, grid.height), Rect(status.y, status.x, status.width, status.height))

    def _suspended(self, _: App[Any]) -> None:
        self.painter.suspended = True

    def _resumed(self, _: App[Any]) -> None:
        self.painter.suspended = False
        self.redraw()

    def _fatal_error(self) -> None:
        """Textual's own would print pages."""
        assert self._exception is not None
        self.failure = recorded(self._exception)
        self._close_messages_no_wait()

    def fail(self, error: Exception) -> None:
        """A fault of ours in a callback of the loop, which Textual does not see."""
        self._handle_exception(error)

    def detach(self) -> None:
        self.exit(Outcome("detached"))

    # ------------------------------------------------------------------ input

    def post_message(self, message: Message) -> bool:
        """What is typed into the grid is dealt with in the turn in which it was read, unless something is before it."""
        direct = isinstance(message, Key | Paste | QuietKey | events.MouseEvent) and not message.is_forwarded
        if not direct or not self._takes_now:
            return super().post_message(message)
        self._do_now(self._grid_input, message)
        return True

    def typed(self, key: PressedKey) -> bool:
        """The driver has read a key. Whether it was dealt with: the same as by ``post_message``, without a message."""
        if not self._takes_now:
            return False
        press = self.keyboard.quiet if is_quiet(key) else self.keyboard.press
        try:
            press(key, time.monotonic())  # In the app's context: the driver was started in it.
        except Exception as error:  # noqa: BLE001  # Textual sees no exception of a callback of the loop.
            self._handle_exception(error)
        return True

    @property
    def _takes_now(self) -> bool:
        """Nothing is before what is typed, and no dialog is open."""
        return self._attached and not self._typed_ahead and not self.message_queue_size and isinstance(self.screen, GridScreen)

    def _do_now(self, deal: Callable[..., None], *with_it: object) -> None:
        with self._context():
            try:
                deal(*with_it)
            except Exception as error:  # noqa: BLE001  # Textual sees no exception of a callback of the loop.
                self._handle_exception(error)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.InputEvent | events.Paste) and not event.is_forwarded:
            if isinstance(self.screen, GridScreen):
                self._grid_input(event)
                return
            if isinstance(event, events.Key | events.Paste):
                before = event.pressed if isinstance(event, Key) else event.raw if isinstance(event, Paste) else None
                if before is not None and self.keyboard.before_dialog(before, event.time):
                    return
                self._typed_ahead.hold(event)
                await self._next_typed()
                return
        await super().on_event(event)

    async def on_drawn(self, _: Drawn) -> None:
        """A dialog is there, or has dealt with a key: the next one may come."""
        self._typed_ahead.arrived()
        await self._next_typed()

    async def _next_typed(self) -> None:
        screen = self.screen
        if isinstance(screen, GridScreen):
            for event in self._typed_ahead.take():
                self._grid_input(event)
        elif getattr(screen, "ready", True):
            await self._typed_ahead.next(self.focused or screen)

    def on_quiet_key(self, message: QuietKey) -> None:
        if isinstance(self.screen, GridScreen):
            self._grid_input(message)

    def on_repaint(self, _: Repaint) -> None:
        self.painter.forget_cursor()
        self.redraw()

    def on_app_focus(self, _: events.AppFocus) -> None:
        self.stage.focus_window(True)

    def on_app_blur(self, _: events.AppBlur) -> None:
        self.stage.focus_window(False)

    def _grid_input(self, event: Message) -> None:
        match event:
            case QuietKey():
                self.keyboard.quiet(event.pressed, event.time)
            case Key():
                self.keyboard.press(event.pressed, event.time)
            case events.Key():
                self.keyboard.press(parse_key(event.key), event.time)
            case Paste():
                self.keyboard.paste(event.raw, event.time)
            case events.MouseEvent():
                if (mouse := mouse_of(event, self._cell_pixels())) is not None:
                    self.pointer.mouse(mouse, event.time)
            case _:
                pass

    def _cell_pixels(self) -> tuple[float, float] | None:
        return self.own_driver.cell_pixels if self.own_driver is not None else None

    # ------------------------------------------------------------------ what deeds, keyboard and pointer ask

    def act(self, action: str) -> None:
        """Do the action of that name."""
        self.notice.hush()
        self.keyboard.typed_on = False
        self.deeds.by_name[action]()

    def fill(self, number: int) -> None:
        """An empty cell was clicked."""
        self.keyboard.typed_on = False
        self.deeds.new_pane(number)

    def say(self, text: str, *, problem: bool = False) -> None:
        """A line for the person, in the status line for a while."""
        self.notice.say(text, problem=problem)

    def open(self, dialog: Dialog[Result], then: Callable[[Result | None], None] | None = None) -> None:
        """Open a dialog; its result, or None, is handed on when it closes."""

        def closed(result: Result | None) -> None:
            self.keyboard.typed_on = False
            if then is not None:
                then(result)
            self.stage.redraw()
            self.post_message(Drawn())  # What was typed for the dialog and is left goes to what is there now.

        self.keyboard.opened_late()
        self.styling.add_dialogs()
        self.push_screen(dialog, closed)
        self.stage.paint({})

    def copy(self, pane: PaneId, selection: Selection) -> None:
        """Copy a selection to the outer clipboard and keep it for ``paste``."""
        view, screen = self.stage.view_of(pane), self.stage.screen_of(pane)
        if view is None or screen is None:
            return
        view.sight.kept = copied(selection, view.read, screen.clusters, view.place.columns)
        self.copy_text(view.sight.kept)

    def copy_text(self, text: str) -> None:
        """Put a text on the outer clipboard and keep it for ``paste``."""
        self.copied = text
        self.copy_to_clipboard(text)
        count = len(text.splitlines())
        self.say(f"copied {count} rows" if count > 1 else f"copied {len(text)} characters")

    def copy_to_clipboard(self, text: str) -> None:
        """Textual's way is OSC 52; beside it goes the desktop's own tool, where there is one."""
        super().copy_to_clipboard(text)
        if command := clipboard.tool(os.environ):
            clipboard.put(text, command)

    def follow(self, link: TextLink) -> None:
        """Open a link that a program has shown."""
        self.keyboard.typed_on = False
        self.deeds.follow(link)

    def confirm_paste(self, data: bytes, panes: Sequence[PaneId]) -> None:
        """Ask before a paste that could do what nobody meant."""
        self.keyboard.typed_on = False
        self.deeds.confirm_paste(data, panes)

    def send_prefix(self) -> None:
        self.keyboard.send(parse_key(self.keys.prefix))

    def now(self) -> float:
        """By the clock that stamps messages."""
        return time.monotonic()

    def choose_theme(self) -> None:
        self.styling.choose()

    def redraw(self) -> None:
        """Everything anew, whatever the terminal shows now."""
        self.painter.forget()
        self.stage.redraw()
        self.refresh(layout=True)
        self.screen.refresh(layout=True)

    # ------------------------------------------------------------------ below

    def _outlet(self) -> Outlet | None:
        return self.own_driver

    def _bar(self) -> Bar:
        shown = bar(self)
        title = clean(window_title(shown))
        if title != self._window_title and self._driver is not None:
            self._window_title = title
            self._driver.write(f"\x1b]2;{title}\x1b\\")
        return shown

    def _restyle(self) -> None:
        look = self.styling.look
        hints = Hints(self.keys.hint("new-pane"), self.keys.hint("restart-pane"), self.keys.hint("close-pane"))
        self.stage.restyle(look, hints, prefix(look))
        self.send_palette()

    def send_palette(self) -> None:
        """What programs are told when they ask for colours."""
        self.link.send(SetPalette(palette=self.styling.theme.palette))
