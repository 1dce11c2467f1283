"""What a pane has changed that is not committed, file by file against the last commit; files that others have work in come first."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from agentgrid.ui.screens.dialog import Dialog
from agentgrid.ui.threeway import DiffLine, coloured
from agentgrid.ui.widgets.diff_view import DiffView
from agentgrid.ui.widgets.header import FLAG
from agentgrid.workspace.pathname import shown


class ChangesScreen(Dialog[None]):
    """``commit`` asks for a message and commits exactly this."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll(1)", "down"),
        Binding("up,k", "scroll(-1)", "up"),
        Binding("pagedown,space", "page(1)", "further"),
        Binding("pageup,b", "page(-1)", "back"),
        Binding("n,tab", "file(1)", "the next file"),
        Binding("p,shift+tab", "file(-1)", "the file before"),
        Binding("c", "commit", "commit exactly this"),
        Binding("q,g", "dismiss", "leave"),
    ]
    KEYS_TEXT: ClassVar[str] = "n next file · p the one before · ↑↓ space scrolls · c commits exactly this · esc leaves"

    def __init__(self, title: str, files: Sequence[dict[str, Any]], commit: Callable[[], None]) -> None:
        super().__init__()
        self._title_text = title
        self._commit = commit
        self._lines, self._heads = laid_out(files)

    def title_text(self) -> str:
        return self._title_text

    def content(self) -> Iterable[Widget]:
        yield DiffView(2)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(DiffView).show(self._lines)

    def action_scroll(self, by: int) -> None:
        self.query_one(DiffView).scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        view = self.query_one(DiffView)
        view.scroll_relative(y=by * max(1, view.size.height - 2), animate=False)

    def action_file(self, by: int) -> None:
        view = self.query_one(DiffView)
        others = [head for head in self._heads if (head > view.top if by > 0 else head < view.top)]
        if others:
            view.scroll_to(y=others[0 if by > 0 else -1], animate=False)

    def action_commit(self) -> None:
        self._commit()


def laid_out(files: Sequence[dict[str, Any]]) -> tuple[list[DiffLine], list[int]]:
    """All lines, and where each file begins."""
    lines: list[DiffLine] = []
    heads: list[int] = []
    for file in files:
        heads.append(len(lines))
        flag = f"  {FLAG} others have work in it, too" if file["shared"] else ""
        lines.append(DiffLine("head", "", f"{shown(file['path'])}{flag}"))
        diff = file["diff"]
        lines += coloured(diff) if diff.startswith("---") else [DiffLine("skip", "", diff or "(as the last commit has it)")]
        lines.append(DiffLine("common", "", ""))
    return lines, heads
