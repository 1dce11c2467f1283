"""Yes or no, asked before something that cannot be taken back. No button is the default: y is yes, everything else is no."""

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.widget import Widget
from textual.widgets import Label

from agentgrid.ui.screens.dialog import Dialog


class ConfirmScreen(Dialog[bool]):
    """``yes`` says what y does: ``closes it``."""

    KEYS_TEXT: ClassVar[str] = ""

    def __init__(self, question: str, detail: str, yes: str) -> None:
        super().__init__()
        self._question = question
        self._detail = detail
        self._yes = yes

    def title_text(self) -> str:
        return self._question

    def keys_text(self) -> str:
        return f"y {self._yes} · any other key leaves"

    def content(self) -> Iterable[Widget]:
        yield Label(self._detail, classes="text", markup=False)

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        self.dismiss(event.character in ("y", "Y"))
