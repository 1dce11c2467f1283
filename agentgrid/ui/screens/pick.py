"""Choose one of many by typing some of its letters: the palette, themes, sessions, parked panes."""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from agentgrid.ui.fuzzy import ranked
from agentgrid.ui.parts import cells, clip
from agentgrid.ui.screens.dialog import Dialog

COLUMNS = 64  # Of an entry, its hint at the right included; the style sheet's box is as wide.


class Entry(NamedTuple):
    """``hint`` stands at the right: its key, its state."""

    value: str
    text: str
    hint: str = ""


class PickScreen(Dialog[str]):
    """Dismissed with the entry's value. ``on_highlight`` hears of each entry one comes past, and of None when one leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "move(1)", "next"),
        Binding("up,ctrl+p", "move(-1)", "previous"),
        Binding("pagedown", "move(10)", "further"),
        Binding("pageup", "move(-10)", "back"),
    ]
    KEYS_TEXT: ClassVar[str] = "type to find · enter takes it · esc leaves"

    def __init__(
        self, title: str, entries: Sequence[Entry], chosen: str = "", on_highlight: Callable[[str | None], None] | None = None
    ) -> None:
        super().__init__()
        self._title_text = title
        self._entries = list(entries)
        self._chosen = chosen
        self._on_highlight = on_highlight
        self._shown: list[Entry] = list(entries)

    def title_text(self) -> str:
        return self._title_text

    def content(self) -> Iterable[Widget]:
        yield Input(placeholder="find")
        yield OptionList(*self._options(), markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        chosen = next((number for number, entry in enumerate(self._shown) if entry.value == self._chosen), 0)
        self._list.can_focus = False
        self._list.highlighted = chosen if self._shown else None

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._shown = ranked(event.value, [(f"{entry.text} {entry.value}", entry) for entry in self._entries])
        self._list.clear_options()
        self._list.add_options(self._options())
        self._list.highlighted = 0 if self._shown else None

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._shown and self._list.highlighted is not None:
            self.dismiss(self._shown[self._list.highlighted].value)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._shown[event.option_index].value)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if self._on_highlight is not None and self.ready and event.option_index < len(self._shown):
            self._on_highlight(self._shown[event.option_index].value)

    def action_move(self, by: int) -> None:
        if self._shown:
            here = self._list.highlighted or 0
            self._list.highlighted = (here + by) % len(self._shown) if abs(by) == 1 else max(0, min(len(self._shown) - 1, here + by))

    async def action_dismiss(self, result: str | None = None) -> None:
        if self._on_highlight is not None:
            self._on_highlight(None)
        self.dismiss(result)

    def on_click(self, event: events.Click) -> None:
        event.stop()

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    def _options(self) -> list[Option]:
        return [Option(prompt(entry)) for entry in self._shown]


def prompt(entry: Entry) -> Text:
    """Text at the left, hint at the right."""
    hint = clip(entry.hint, COLUMNS // 2)
    text = clip(entry.text, COLUMNS - cells(hint) - 2)
    return Text.assemble(text, " " * (COLUMNS - cells(text) - cells(hint)), (hint, "dim"))
