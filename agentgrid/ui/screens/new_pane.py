"""What to start in a new pane: agents that are installed first, then a shell, then any command; where; with which name and prompt.

Enter starts from any field, so ``c``, Enter is a pane of the first agent.
"""

import shlex
from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from agentgrid.session.commands import NewPane
from agentgrid.session.pane import Folder
from agentgrid.ui.screens.dialog import Dialog, labelled
from agentgrid.ui.widgets.choice import Choice

SHELL, COMMAND = "shell", "command…"
FOLDERS = ("shared", "worktree", "copy", "scratch")


class NewPaneScreen(Dialog[NewPane]):
    """Dismissed with the command that makes the pane. ``number``: the cell to fill, 0 for the first empty one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "start"),
        Binding("down", "app.focus_next", "next field"),
        Binding("up", "app.focus_previous", "previous field"),
    ]
    TITLE_TEXT: ClassVar[str] = "New pane"
    KEYS_TEXT: ClassVar[str] = "enter starts · ←→ choose · ↑↓ tab next field · esc leaves"

    def __init__(self, agents: Sequence[str], number: int = 0) -> None:
        super().__init__()
        self._agents = list(agents)
        self._number = number

    def content(self) -> Iterable[Widget]:
        self._what = Choice([*self._agents, SHELL, COMMAND])
        self._command = Input(placeholder="npm run dev", id="command")
        self._folder = Choice(FOLDERS)
        self._called = Input(placeholder="as its agent", id="name")
        self._prompt = Input(placeholder="typed once it is ready", id="prompt")
        yield from labelled("Start", self._what)
        yield from labelled("Command", self._command)
        yield from labelled("Folder", self._folder)
        yield from labelled("Name", self._called)
        yield from labelled("Prompt", self._prompt)

    def on_mount(self) -> None:
        super().on_mount()
        self.watch(self._what, "index", self._follow)

    def _follow(self) -> None:
        """The field for a command is there only where one is wanted."""
        own = self._what.value == COMMAND
        field = self._command.parent
        if isinstance(field, Widget):
            field.display = own
        if own and self.ready:
            self._command.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_start()

    def action_start(self) -> None:
        """Start what was chosen, or say what is still wrong and stay."""
        what = self._what.value
        command: tuple[str, ...] = ()
        if what == COMMAND:
            try:
                command = tuple(shlex.split(self._command.value))
            except ValueError as error:
                self.complain(f"the command is not closed: {error}")
                return
            if not command:
                self.complain("which command?")
                self._command.focus()
                return
        self.dismiss(
            NewPane(
                agent=what if what not in (SHELL, COMMAND) else "",
                command=command,
                folder=Folder(kind=self._folder.value),
                name=self._called.value.strip(),
                prompt=self._prompt.value.strip(),
                number=self._number,
            )
        )
