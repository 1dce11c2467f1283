"""A text to read, longer than the window if it must be."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from agentgrid.ui.screens.dialog import Dialog


class ReadingScreen(Dialog[None]):
    """Scrolls with the arrows, space and the wheel."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "dismiss", "leave")]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title_text = title
        self._text = text

    def title_text(self) -> str:
        return self._title_text

    def content(self) -> Iterable[Widget]:
        yield VerticalScroll(Static(self._text, markup=False), classes="reading")
