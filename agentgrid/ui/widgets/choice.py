"""One of a few, side by side in one row: arrows choose, as a person who fills in a form expects it."""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widget import Widget


class Choice(Widget, can_focus=True):
    """``value`` is the word that is chosen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice--chosen", "choice--other"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "previous"),
        Binding("right,space", "move(1)", "next"),
    ]

    index: reactive[int] = reactive(0)

    def __init__(self, words: Sequence[str], chosen: str = "") -> None:
        super().__init__()
        self._words = list(words)
        self.index = self._words.index(chosen) if chosen in self._words else 0

    @property
    def value(self) -> str:
        return self._words[self.index]

    def action_move(self, by: int) -> None:
        self.index = (self.index + by) % len(self._words)

    def render(self) -> Text:
        chosen = self.get_component_rich_style("choice--chosen")
        other = self.get_component_rich_style("choice--other")
        return Text.assemble(
            *((f" {word} ", chosen if number == self.index else other) for number, word in enumerate(self._words)), no_wrap=True
        )

    def on_click(self, event: events.Click) -> None:
        column = 0
        for number, word in enumerate(self._words):
            if column <= event.x < column + len(word) + 2:
                self.index = number
            column += len(word) + 2
        self.focus()
