"""The theme that is on, and the person's own style sheet: taken up, changed while it runs, never the end of the app."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from agentgrid.config.themes import load_theme
from agentgrid.errors import AgentgridError
from agentgrid.ui import look, theme, user_css
from agentgrid.ui.look import Look

if TYPE_CHECKING:
    from agentgrid.ui.grid_app import GridApp

DIALOGS = Path(__file__).with_name("dialogs.tcss")
WATCH_SECONDS = 0.5  # How soon a saved style sheet is seen; only where there is one.


class Styling:
    """Owned by the app. ``on_change`` is called when rows look different from now on."""

    def __init__(self, app: "GridApp", name: str, css: Path | None, on_change: Callable[[], None]) -> None:
        """Raises ConfigError when there is no such theme, or it is wrong."""
        self._app = app
        self._css = css
        self._on_change = on_change
        self._stamp = (0, 0)
        self._variables: dict[str, str] = {}
        self._depth = look.depth_of(os.environ)
        self._underlines = look.underlines_of(os.environ)
        self._erases = look.erases_of(os.environ)
        self.theme = load_theme(name)
        self.problem = ""
        """What is wrong with the style sheet, for the person."""

    @property
    def look(self) -> Look:
        return theme.look_of(self.theme, self._depth, underlines=self._underlines, erases=self._erases)

    def start(self) -> None:
        """Before the app reads its style sheets."""
        app = self._app
        app.register_theme(theme.textual_theme(self.theme))
        app.theme = self.theme.name
        self._variables = app.get_css_variables()
        app.stylesheet.set_variables(self._variables)
        if self._css is not None:
            self._stamp = user_css.stamp(self._css)
            self.problem = user_css.problem(self._css, app.get_css_variables())
            if not self.problem:
                app.css_path.append(self._css)

    def add_dialogs(self) -> None:
        """The dialogs' sheet: nearly half of all rules, so not before the first dialog."""
        sheet = self._app.stylesheet
        if sheet.has_source(str(DIALOGS)):
            return
        sheet.add_source(DIALOGS.read_text(encoding="utf-8"), (str(DIALOGS), ""))
        own = (os.path.abspath(self._css), "") if self._css is not None else None
        if own in sheet.source:
            sheet.source[own] = sheet.source.pop(own)  # Of two rules that weigh the same the later counts: the person's.

    def is_new(self) -> bool:
        """Whether the theme's colours are others than when this was asked last."""
        before, self._variables = self._variables, self._app.get_css_variables()
        return self._variables != before

    def watch(self) -> None:
        """Look at the style sheet now and then."""
        if self._css is not None:
            self._app.set_interval(WATCH_SECONDS, self._look_again)

    def choose(self) -> None:
        """The theme picker; each theme one comes past is shown at once."""
        from agentgrid.ui.screens.pick import Entry, PickScreen  # With the other dialogs: not before the first frame.

        before = self.theme.name

        def preview(name: str | None) -> None:
            self.switch(name or before)

        def take(name: str | None) -> None:
            self.switch(name or before)
            if name and name != before:
                self._app.say(f'this is {name}; theme = "{name}" in the configuration keeps it')

        entries = [Entry(name, title, kind) for name, title, kind in theme.kinds()]
        self._app.open(PickScreen("Theme", entries, before, preview), take)

    def switch(self, name: str) -> None:
        """Put another theme on."""
        if name == self.theme.name:
            return
        try:
            self.theme = load_theme(name)
        except AgentgridError as error:
            self._app.say(str(error), problem=True)
            return
        self._app.register_theme(theme.textual_theme(self.theme))
        self._app.theme = name
        self._on_change()

    async def _look_again(self) -> None:
        """The style sheet was written: take it up if it is right, keep the one before if not."""
        app, css = self._app, self._css
        if css is None:
            return
        now = user_css.stamp(css)
        if now == self._stamp:
            return
        self._stamp = now
        self.problem = await asyncio.to_thread(user_css.problem, css, app.get_css_variables())
        if self.problem:
            app.say(f"{self.problem} (the style before stays)", problem=True)
            return
        if css not in app.css_path:
            app.css_path.append(css)
        await app._on_css_change()  # noqa: SLF001  # Textual's own way for a file that has changed.
        app.say(f"{css.name} is on")
        self._on_change()
