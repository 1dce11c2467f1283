"""What every dialog shares: a box in the middle with a title above and keys below, and Esc that leaves it.

``ready`` says that it has been drawn: until then the app holds back what is typed for it.
"""

from collections.abc import Iterable
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Label

Result = TypeVar("Result")


class Drawn(Message):
    """A dialog stands on the screen, or has dealt with what was typed: the next key may come."""


class Dialog(ModalScreen[Result]):
    """Dismissed with its result, or with None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "leave")]
    TITLE_TEXT: ClassVar[str] = ""
    KEYS_TEXT: ClassVar[str] = "esc leaves"
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self.ready = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = self.title_text()
            box.border_subtitle = self.keys_text()
            yield from self.content()

    def content(self) -> Iterable[Widget]:
        """The widgets of the box."""
        return ()

    def title_text(self) -> str:
        return self.TITLE_TEXT

    def keys_text(self) -> str:
        return self.KEYS_TEXT

    def on_mount(self) -> None:
        self.call_after_refresh(self._drawn)

    def _drawn(self) -> None:
        self.ready = True
        self.session_changed()
        if self.focused is None and (chain := self.focus_chain):
            self.set_focus(chain[0])
        self.app.post_message(Drawn())

    def session_changed(self) -> None:
        """Something in the session is another now, and this stands over it."""

    def complain(self, text: str) -> None:
        """Say what is wrong, where the keys stand."""
        box = self.query_one(".box")
        box.border_subtitle = text
        box.set_class(True, "-wrong")


def labelled(text: str, widget: Widget) -> Iterable[Widget]:
    """A field with its name in front."""
    yield Horizontal(Label(text, classes="label"), widget, classes="field")
