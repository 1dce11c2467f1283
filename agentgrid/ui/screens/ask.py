"""One line of text: a name, a grid."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.widget import Widget
from textual.widgets import Input, Label

from agentgrid.errors import AgentgridError
from agentgrid.ui.screens.dialog import Dialog


class AskScreen(Dialog[str]):
    """``check`` raises what is wrong with a text; the dialog says it and stays."""

    KEYS_TEXT: ClassVar[str] = "enter takes it · esc leaves"

    def __init__(self, title: str, text: str, value: str = "", check: Callable[[str], object] = lambda _: None) -> None:
        super().__init__()
        self._title_text = title
        self._text = text
        self._value = value
        self._check = check

    def title_text(self) -> str:
        return self._title_text

    def content(self) -> Iterable[Widget]:
        yield Label(self._text, classes="text", markup=False)
        yield Input(self._value, select_on_focus=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            self._check(event.value.strip())
        except AgentgridError as error:
            self.complain(str(error))
            return
        self.dismiss(event.value.strip())
