"""Why a pane is in its state; ``w`` writes it down as a test case, for when it is wrong."""

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from agentgrid.ui.screens.reading import ReadingScreen


class ExplainScreen(ReadingScreen):
    """``write`` writes the test case and says where, or why it cannot."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("w", "write", "write a test case")]
    KEYS_TEXT: ClassVar[str] = "w writes a test case, when it is wrong · ↑↓ scrolls · esc leaves"

    def __init__(self, title: str, text: str, write: Callable[["ExplainScreen"], None]) -> None:
        super().__init__(title, text)
        self._write = write

    def action_write(self) -> None:
        self._write(self)

    def wrote(self, path: str) -> None:
        """The case is there."""
        self.query_one(".box").border_subtitle = f"written: {path}"
