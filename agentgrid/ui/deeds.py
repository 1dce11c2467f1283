"""What each action of the table does. A deed asks the server, tells the stage, or opens a dialog; it waits for nothing."""

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from agentgrid.addresses import running
from agentgrid.agents.profiles import find_agents, load_profiles
from agentgrid.errors import ConfigError, UsageError
from agentgrid.paths import config_dir
from agentgrid.protocol.messages import Do, Response
from agentgrid.session import layout
from agentgrid.session.commands import (
    AnyCommand,
    ClosePane,
    MovePane,
    NewPane,
    ParkPane,
    RenamePane,
    RestartPane,
    SetGrid,
    UnparkPane,
)
from agentgrid.session.pane import Pane, PaneId
from agentgrid.session.session import checked_grid
from agentgrid.tables import shown
from agentgrid.ui import attending, contesting, copy_mode, following, prompting
from agentgrid.ui.actions import ACTIONS
from agentgrid.ui.arrangement import first_on_page, neighbour
from agentgrid.ui.links import TextLink
from agentgrid.ui.screens.ask import AskScreen
from agentgrid.ui.screens.confirm import ConfirmScreen
from agentgrid.ui.screens.help import HelpScreen
from agentgrid.ui.screens.new_pane import NewPaneScreen
from agentgrid.ui.screens.pick import Entry, PickScreen
from agentgrid.ui.screens.reading import ReadingScreen
from agentgrid.ui.widgets.header import glyph, state_word

if TYPE_CHECKING:
    from agentgrid.ui.grid_app import GridApp


class Deeds:
    """Owned by the app."""

    def __init__(self, app: "GridApp") -> None:
        self._app = app
        self._stage = app.stage
        self._mirror = app.mirror
        self.by_name: dict[str, Callable[[], None]] = {
            **{f"focus-{towards}": self._towards(towards) for towards in ("left", "down", "up", "right")},
            **{f"focus-{number}": self._to_number(number) for number in range(1, 10)},
            "next-pane": self.next_pane,
            "last-pane": self.last_pane,
            "next-waiting": lambda: attending.next_waiting(app),
            "answer": lambda: attending.attend(app, self),
            "next-page": lambda: self.turn_page(1),
            "previous-page": lambda: self.turn_page(-1),
            "new-pane": self.new_pane,
            "close-pane": self.close_pane,
            "restart-pane": self.restart_pane,
            "rename-pane": self.rename_pane,
            "zoom": self.zoom,
            "swap-previous": lambda: self.swap(-1),
            "swap-next": lambda: self.swap(1),
            "park": self.park,
            "unpark": self.unpark,
            "grid": self.grid,
            "conflicts": lambda: contesting.show_conflicts(app, self),
            "changes": lambda: contesting.show_changes(app, self),
            "explain": self.explain,
            "copy-mode": self.copy_mode,
            "prompt": self._with_pane(lambda pane: prompting.prompt(app, pane)),
            "queue": self._with_pane(lambda pane: prompting.queue(app, pane)),
            "broadcast": lambda: prompting.toggle_broadcast(app),
            "choose": self._with_pane(lambda pane: prompting.choose(app, pane)),
            "lock": self._with_pane(lambda pane: prompting.lock(app, self, pane)),
            "search": self.search,
            "paste": self.paste,
            "scroll-up": self.scroll_up,
            "send-prefix": app.send_prefix,
            "palette": self.palette,
            "theme": app.choose_theme,
            "sessions": self.sessions,
            "redraw": app.redraw,
            "detach": app.detach,
            "help": lambda: app.open(HelpScreen(app.keys)),
        }

    # ------------------------------------------------------------------ moving

    def _towards(self, towards: str) -> Callable[[], None]:
        def go() -> None:
            mirror = self._mirror
            found = neighbour(mirror.in_order(), mirror.rows, mirror.columns, self._stage.window, self._stage.active, towards)
            if found is not None:
                self._stage.focus(found.id)

        return go

    def _to_number(self, number: int) -> Callable[[], None]:
        def go() -> None:
            found = next((pane for pane in self._mirror.in_order() if pane.number == number), None)
            if found is not None:
                self._stage.focus(found.id)
            else:
                self._app.say(f"cell {number} is empty; {self._app.keys.hint('new-pane')} starts an agent")

        return go

    def next_pane(self) -> None:
        panes = self._mirror.in_order()
        if panes:
            here = next((index for index, pane in enumerate(panes) if pane.id == self._stage.active), -1)
            self._stage.focus(panes[(here + 1) % len(panes)].id)

    def last_pane(self) -> None:
        if self._stage.previous in self._mirror.panes:
            self._stage.focus(self._stage.previous)
        else:
            self._app.say("there is no pane you were in before")

    def turn_page(self, by: int) -> None:
        mirror, stage = self._mirror, self._stage
        panes, window = mirror.in_order(), stage.window
        pages = layout.pages(max((pane.number for pane in panes), default=1), layout.shape(mirror.rows, mirror.columns, window))
        if pages == 1 or stage.arrangement.zoomed:
            self._app.say("all panes are on this page" if pages == 1 else "one pane is zoomed; give the window back first")
            return
        for step in range(1, pages + 1):
            found = first_on_page(panes, mirror.rows, mirror.columns, window, (stage.arrangement.page + by * step) % pages)
            if found is not None:
                stage.focus(found.id)
                return

    # ------------------------------------------------------------------ panes

    def new_pane(self, number: int = 0) -> None:
        self._app.open(NewPaneScreen(self._offered(), number), self._start)

    def go_to(self, pane: PaneId) -> None:
        """Focus a pane that is about to be there."""
        self._app.incoming.focus_when_there(pane)

    def _start(self, command: NewPane | None) -> None:
        def focus(pane: str | None) -> None:
            if pane is not None:
                self._app.incoming.focus_when_there(PaneId(int(pane.removeprefix("%"))))

        if command is not None:
            self.do(command, focus)

    def close_pane(self) -> None:
        pane = self._pane()
        if pane is None:
            return
        if pane.exit_code is not None or pane.problem:
            self.do(ClosePane(pane=pane.id))
            return

        def close(sure: bool | None) -> None:
            if sure:
                self.do(ClosePane(pane=pane.id))

        question = f"Close {pane.number} {pane.name}?"
        self._app.open(
            ConfirmScreen(question, f"Its program ({state_word(pane)}) is ended, and what it shows is gone.", "closes it"), close
        )

    def restart_pane(self) -> None:
        pane = self._pane()
        if pane is None:
            return
        if pane.exit_code is not None or pane.problem:
            self.do(RestartPane(pane=pane.id))
            return

        def restart(sure: bool | None) -> None:
            if sure:
                self.do(RestartPane(pane=pane.id))

        question = f"Restart {pane.number} {pane.name}?"
        self._app.open(ConfirmScreen(question, f"Its program still runs ({state_word(pane)}) and is ended first.", "restarts it"), restart)

    def rename_pane(self) -> None:
        pane = self._pane()
        if pane is None:
            return

        def rename(name: str | None) -> None:
            if name:
                self.do(RenamePane(pane=pane.id, name=name))

        self._app.open(AskScreen("Rename", f"A new name for {pane.number} {pane.name}", pane.name), rename)

    def zoom(self) -> None:
        if self._pane() is not None:
            self._stage.set_zoom(self._stage.zoom is None)

    def swap(self, by: int) -> None:
        pane = self._pane()
        panes = self._mirror.in_order()
        if pane is None or len(panes) < 2:
            return
        here = next(index for index, other in enumerate(panes) if other.id == pane.id)
        self.do(MovePane(pane=pane.id, number=panes[(here + by) % len(panes)].number))

    def park(self) -> None:
        if (pane := self._pane()) is not None:
            self.do(ParkPane(pane=pane.id))

    def unpark(self) -> None:
        parked = [pane for pane in self._mirror.panes.values() if pane.parked]
        if not parked:
            self._app.say("no pane is parked")
            return

        def bring_back(chosen: str | None) -> None:
            if chosen is not None:
                pane = PaneId(int(chosen))
                self.do(UnparkPane(pane=pane), lambda _: self._app.incoming.focus_when_there(pane))

        entries = [Entry(str(pane.id), pane.name, f"{glyph(pane)} {state_word(pane)}") for pane in parked]
        self._app.open(PickScreen("Bring back", entries), bring_back)

    def grid(self) -> None:
        def arrange(text: str | None) -> None:
            if text:
                rows, columns = rows_and_columns(text)
                self.do(SetGrid(rows=rows, columns=columns))

        now = f"{self._mirror.rows}x{self._mirror.columns}"
        self._app.open(AskScreen("Grid", "Rows x columns of a page, like 2x3", now, rows_and_columns), arrange)

    def explain(self) -> None:
        pane = self._pane()
        if pane is not None:
            attending.explain(self._app, pane)

    # ------------------------------------------------------------------ text

    def follow(self, link: TextLink) -> None:
        following.follow(self._app, self, link)

    def copy_mode(self) -> None:
        view = self._stage.view_of(self._stage.active)
        place = view.body() if view is not None else None
        if view is None or view.pane is None or place is None:
            return
        view.sight.selection = None
        view.sight.copy = copy_mode.begin(place, view.sight.top)
        self._stage.finder(view.pane.id)  # Links are marked from now on.
        self._stage.redraw_pane(view.pane.id)

    def confirm_paste(self, data: bytes, panes: Sequence[PaneId]) -> None:
        """Ask, and paste."""
        if not panes:
            self._app.say("no pane takes it: they wait for an answer, are locked or have ended")
            return
        text, detail = prompting.about_paste(self._mirror, data, panes)

        def paste(sure: bool | None) -> None:
            if sure:
                self._app.keyboard.paste_into(panes, data)

        self._app.open(ConfirmScreen(text, detail, "pastes"), paste)

    def _with_pane(self, deed: Callable[[Pane], None]) -> Callable[[], None]:
        def go() -> None:
            if (pane := self._pane()) is not None:
                deed(pane)

        return go

    def search(self) -> None:
        if (pane := self._stage.active) is not None:
            if self._stage.sight(pane).copy is None:
                self.copy_mode()
            self._app.keyboard.copying.begin(pane, forward=False)

    def paste(self) -> None:
        pane = self._pane()
        if pane is None:
            return
        if not self._app.copied:
            self._app.say("nothing has been copied yet")
            return
        self._app.keyboard.paste(self._app.copied.encode("utf-8", "replace"), self._app.now())

    def scroll_up(self) -> None:
        view = self._stage.view_of(self._stage.active)
        if view is not None and view.pane is not None:
            self._stage.look_back(view.pane.id, max(1, view.place.rows - view.header_rows - 1))

    # ------------------------------------------------------------------ session

    def palette(self) -> None:
        entries = [
            Entry(action.name, action.description, ", ".join(self._app.keys.keys_of(action.name)[:2])) for action in ACTIONS if action.menu
        ]
        panes = [Entry(f"%{pane.id}", f"Focus {pane.number} {pane.name}", state_word(pane)) for pane in self._mirror.in_order()]

        def act(chosen: str | None) -> None:
            if chosen is None:
                return
            if chosen.startswith("%"):
                self._stage.focus(PaneId(int(chosen[1:])))
            else:
                self._app.act(chosen)

        self._app.open(PickScreen("Actions", [*entries, *panes]), act)

    def sessions(self) -> None:
        """Which run; another one is attached to in another window, since a screen belongs to one."""
        found = running()
        here = self._mirror.session
        lines = [f"{'▸' if address.name == here else ' '} {address.name:<24} {shown(address.folder)}" for address in found]
        lines += ["", "'agentgrid -s NAME attach' shows another one."]
        self._app.open(ReadingScreen("Sessions", "\n".join(lines)))

    # ------------------------------------------------------------------ below

    def _offered(self) -> list[str]:
        """The agents a new pane can be of, those that are installed first."""
        try:
            if self._app.settings.agents is not None:
                return list(self._app.settings.agents())
            return find_agents(load_profiles(config_dir() / "profiles"), os.environ.get("PATH", ""))
        except ConfigError as error:
            self._app.say(str(error), problem=True)
            return []

    def _pane(self) -> Pane | None:
        pane = self._stage.active_pane
        if pane is None:
            self._app.say(f"there is no pane; {self._app.keys.hint('new-pane')} starts one")
        return pane

    def do(self, command: AnyCommand, then: Callable[[Any], None] = lambda _: None) -> None:
        def answered(response: Response) -> None:
            if response.error:
                self._app.say(response.message, problem=True)
            else:
                then(response.result)

        self._app.link.ask(Do(command=command), answered)


def rows_and_columns(text: str) -> tuple[int, int]:
    """``2x3``. Raises UsageError."""
    rows, cross, columns = text.lower().partition("x")
    if not cross or not rows.strip().isdigit() or not columns.strip().isdigit():
        raise UsageError("write it like 2x3: rows, then columns")
    return checked_grid(int(rows), int(columns))
