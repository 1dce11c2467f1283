"""The prompts that wait for a pane, in the order in which they go: one is added, changed, dropped."""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, OptionList

from agentgrid.ui.parts import clean, clip
from agentgrid.ui.screens.dialog import Dialog

COLUMNS = 64  # Of an entry; the style sheet's box is as wide.


class Waiting(NamedTuple):
    """A prompt that waits; ``sending``: it is being typed at this moment."""

    number: int
    text: str
    sending: bool = False


class QueueScreen(Dialog[None]):
    """``on_change`` gets a prompt's number (0: a new one) and its text (empty: drop it)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "move(1)", "next"),
        Binding("up,ctrl+p", "move(-1)", "previous"),
        Binding("ctrl+e", "edit", "change", priority=True),
        Binding("ctrl+d", "drop", "drop", priority=True),
    ]
    KEYS_TEXT: ClassVar[str] = "enter adds · ↑↓ · ctrl+e changes · ctrl+d drops · esc leaves"

    def __init__(self, title: str) -> None:
        super().__init__()
        self.on_change: Callable[[int, str], None] = lambda *_: None
        self._title_text = title
        self._waiting: list[Waiting] = []
        self._editing = 0
        self._composed = False
        """The list is there: prompts may have come before it."""

    def title_text(self) -> str:
        return self._title_text

    def content(self) -> Iterable[Widget]:
        yield Input(placeholder="a prompt for when it has nothing to do")
        yield OptionList("…", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(OptionList).can_focus = False
        self._composed = True
        self._fill(None)

    def show(self, waiting: Sequence[Waiting]) -> None:
        """Show these from now on; what is chosen stays so while it is there."""
        chosen = self._chosen()
        self._waiting = list(waiting)
        if self._composed:
            self._fill(chosen)

    def _fill(self, chosen: Waiting | None) -> None:
        waiting = self._waiting
        entries = self.query_one(OptionList)
        entries.clear_options()
        for place, prompt in enumerate(waiting, 1):
            sign = "▸" if prompt.sending else str(place)
            entries.add_option(clip(f"{sign:>2}  {clean(prompt.text)}", COLUMNS))
        if not waiting:
            entries.add_option("none waits")
        numbers = [prompt.number for prompt in waiting]
        entries.highlighted = numbers.index(chosen.number) if chosen is not None and chosen.number in numbers else 0

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self.on_change(self._editing, event.value)
        self._edit(0, "")

    def action_move(self, by: int) -> None:
        if self._waiting:
            entries = self.query_one(OptionList)
            entries.highlighted = ((entries.highlighted or 0) + by) % len(self._waiting)

    def action_edit(self) -> None:
        if (chosen := self._chosen()) is not None:
            self._edit(chosen.number, chosen.text)

    def action_drop(self) -> None:
        if (chosen := self._chosen()) is not None:
            self.on_change(chosen.number, "")

    def on_click(self, event: events.Click) -> None:
        event.stop()

    def _edit(self, number: int, text: str) -> None:
        self._editing = number
        field = self.query_one(Input)
        field.value = text
        field.cursor_position = len(text)

    def _chosen(self) -> Waiting | None:
        if not self._waiting or not self._composed:
            return None
        index = self.query_one(OptionList).highlighted
        return self._waiting[index] if index is not None and index < len(self._waiting) else None
