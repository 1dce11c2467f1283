"""All keys, made from the table of actions and the user's keymap."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Label

from agentgrid.ui.actions import ACTIONS
from agentgrid.ui.keymap import Keymap
from agentgrid.ui.screens.dialog import Dialog

MOUSE = (
    ("click", "Focus a pane; an empty cell starts one"),
    ("wheel", "Look back, or scroll the program"),
    ("drag", "Select and copy, inside one pane"),
    ("double click", "Select a word; on a header: zoom"),
    ("shift + drag", "Select where a program has the mouse"),
)


class HelpScreen(Dialog[None]):
    """Leaves with any key that does not scroll."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,question_mark,enter", "dismiss", "leave")]

    def __init__(self, keys: Keymap) -> None:
        super().__init__()
        self._keys = keys

    def title_text(self) -> str:
        return f"Keys, after {self._keys.prefix}"

    def content(self) -> Iterable[Widget]:
        sections = [Section(group, list(rows(self._keys, group))) for group, _ in groupby(ACTIONS, key=lambda action: action.group)]
        columns = [[sections[0], *sections[2:3]], sections[1:2], [*sections[3:], Section("Mouse", list(MOUSE))]]
        yield VerticalScroll(Horizontal(*(Vertical(*column, classes="column") for column in columns)), classes="reading")


class Section(Vertical):
    """A group of keys under its name."""

    def __init__(self, title: str, lines: Sequence[tuple[str, str]]) -> None:
        super().__init__(Label(title, classes="group"), *(row(*line) for line in lines))


def row(keys: str, text: str) -> Widget:
    return Horizontal(Label(keys, classes="key", markup=False), Label(text, classes="text", markup=False), classes="row")


def rows(keys: Keymap, group: str) -> Iterable[tuple[str, str]]:
    """(keys, what they do) of a group; what differs only by a digit or a direction in one row."""
    if group == ACTIONS[0].group:
        yield "arrows, h j k l", "Focus the pane there"
        yield "1…9, alt+1…9", "Focus a pane by its number"
    for action in ACTIONS:
        if action.group != group or action.name.startswith("focus-"):
            continue
        bound = [stroke for stroke, name in keys.after_prefix.items() if name == action.name]
        direct = [stroke for stroke, name in keys.direct.items() if name == action.name]
        if bound or direct:
            yield ", ".join([*bound, *direct][:2]), action.description
