"""The window's last row as a widget; what it says is ``status``."""

from typing import ClassVar

from agentgrid.session.pane import PaneStatus
from agentgrid.terminal.style import Style
from agentgrid.ui.chrome import draw, role_styles
from agentgrid.ui.look import Depth, Look
from agentgrid.ui.status import Bar, status_line
from agentgrid.ui.widgets.rows import Rows

ROLES = (
    "session",
    "fill",
    "quiet",
    "conflict",
    "page",
    "mode",
    "prefix",
    "copy",
    "broadcast",
    "lost",
    "key",
    "message",
    "problem",
    *PaneStatus,
)


class StatusLine(Rows):
    """Owned by the stage."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"status--{role}" for role in ROLES}

    def __init__(self) -> None:
        super().__init__()
        self.bar = Bar(session="", mode="")
        self.look = Look()
        self._styles: dict[str, Style] = {}
        self._shown: object = None

    def restyle(self, look: Look) -> None:
        self.look = look
        self.notify_style_update()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles = {}
        self._shown = None
        self.rows = []

    def make_rows(self) -> None:
        self.update_bar(self.bar)

    def update_bar(self, bar: Bar) -> list[int]:
        """Show this from now on; returns the rows that are new."""
        self.bar = bar
        if self._shown == (bar, self.place):
            return []
        self._shown = (bar, self.place)
        if not self._styles:
            self._styles = role_styles(self, "status", ROLES, self.look, strong=self.look.depth is Depth.NONE)
        self.rows = [draw(status_line(bar, self.place.columns), self._styles, self.look, self.place.column)]
        return [0]
