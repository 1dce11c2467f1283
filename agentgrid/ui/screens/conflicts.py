"""Where panes got in each other's way: the list, the files that most panes write first, and below it the versions of the chosen
one against what they come from. What can be done about it is a key away; nothing is done without being asked for.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from agentgrid.session.pane import Pane
from agentgrid.ui.explained import age
from agentgrid.ui.parts import clean, clip_middle
from agentgrid.ui.screens.dialog import Dialog
from agentgrid.ui.threeway import DiffLine, compare
from agentgrid.ui.widgets.diff_view import DiffView
from agentgrid.workspace.pathname import shown

LISTED = 8  # Rows of the list; it moves with the chosen one.
WIDE = 130  # Columns of the window; where there are fewer, words are shorter.
LETTERS = "ABCDEFGHI"
WORDS = {
    "same_file": "both wrote it",
    "overlap": "their lines meet",
    "overwrite": "one removed what the other wrote",
    "stale": "written over what it had not read",
    "git": "git, under the others",
    "worktree": "differs between worktrees",
}


class Doing(NamedTuple):
    """What the dialog asks of the app; each gets the conflict's object, ``restore`` and ``tell`` a pane's word, too."""

    load: Callable[[], None]
    contest: Callable[[int], None]
    acknowledge: Callable[[dict[str, Any]], None]
    edit: Callable[[dict[str, Any]], None]
    tell: Callable[[dict[str, Any], str], None]
    restore: Callable[[dict[str, Any], str, str], None]


class Listing(Static):
    """Text in roles that the style sheet colours."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"contest--{role}" for role in ("chosen", "text", "quiet", "kind", "first", "second", "key")}

    def role(self, text: str, role: str) -> Text:
        return Text(text, self.get_component_rich_style(f"contest--{role}"))


class ConflictsScreen(Dialog[None]):
    """``panes`` knows them by their words; what is loaded comes by ``listed`` and ``compared``."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j,tab", "turn(1)", "next conflict"),
        Binding("up,k,shift+tab", "turn(-1)", "the one before"),
        Binding("pagedown,space", "scroll(1)", "further"),
        Binding("pageup,b", "scroll(-1)", "back"),
        Binding("a", "acknowledge", "acknowledge"),
        Binding("o,enter", "edit", "open in the editor"),
        Binding("t", "tell(-1)", "tell the one that came later"),
        Binding("T", "tell(0)", "tell the first"),
        Binding("q,f", "dismiss", "leave"),
    ]
    TITLE_TEXT: ClassVar[str] = "Conflicts"
    KEYS_TEXT: ClassVar[str] = "a acknowledges · o edits · t tells the later one, T the first · 1 2 restore A, B · space scrolls · esc"

    def __init__(
        self, panes: Callable[[], Mapping[str, Pane]], doing: Doing, chosen: int | None, now: Callable[[], float] = time.time
    ) -> None:
        super().__init__()
        self._panes = panes
        self._doing = doing
        self._now = now
        self._found: list[dict[str, Any]] = []
        self._hot: dict[str, int] = {}
        self._chosen = chosen
        self._loaded = False
        self._compared: tuple[int, float] = (0, 0.0)

    def content(self) -> Iterable[Widget]:
        yield Listing("", id="contests", markup=False)
        yield Listing("", id="sides", markup=False)
        yield DiffView()

    def on_mount(self) -> None:
        super().on_mount()
        self._doing.load()
        self.set_interval(1.0, self._doing.load)

    # ------------------------------------------------------------------ what comes

    def listed(self, found: Sequence[dict[str, Any]], hot: Sequence[dict[str, Any]]) -> None:
        """The open conflicts, and the files that most panes have written."""
        self._loaded = True
        self._hot = {f"{one['folder']}/{one['path']}": one["panes"] for one in hot}
        self._found = sorted(found, key=lambda one: (-self._hot.get(f"{one['folder']}/{one['path']}", 0), -one["last"]))
        if self._conflict is None:
            self._chosen = self._found[0]["id"] if self._found else None
        self._draw()
        self._compare()

    def compared(self, contest: dict[str, Any]) -> None:
        """Both sides of the chosen one."""
        conflict = contest["conflict"]
        if conflict["id"] != self._chosen:
            return
        view = self.query_one(DiffView)
        base = contest["base"]
        sides = [(LETTERS[place], side["text"]) for place, side in enumerate(contest["sides"][: len(LETTERS)]) if side["text"] is not None]
        if conflict["kind"] in ("git", "worktree") or not conflict["path"]:
            lines = [DiffLine("head", "", clean(conflict.get("summary", "")))]
            lines += [DiffLine("common", "", shown(path)) for path in conflict.get("paths", [])]
        elif not sides:
            lines = [DiffLine("skip", "", "no version of it was kept: it is no text, too long, or looks like a secret")]
        else:
            lines = compare(base or "", sides) or [DiffLine("skip", "", "the versions are what the last commit has")]
            lines = [DiffLine("head", "", "  the last commit" if base is not None else "  (not in the last commit)"), *lines]
        view.show(lines)

    def session_changed(self) -> None:
        self._draw()

    # ------------------------------------------------------------------ keys

    @property
    def _conflict(self) -> dict[str, Any] | None:
        return next((one for one in self._found if one["id"] == self._chosen), None)

    def action_turn(self, by: int) -> None:
        if self._found:
            here = next((place for place, one in enumerate(self._found) if one["id"] == self._chosen), 0)
            self._chosen = self._found[(here + by) % len(self._found)]["id"]
            self._draw()
            self._compare()

    def action_scroll(self, by: int) -> None:
        view = self.query_one(DiffView)
        view.scroll_relative(y=by * max(1, view.size.height - 2), animate=False)

    def action_acknowledge(self) -> None:
        if (conflict := self._conflict) is not None:
            self._doing.acknowledge(conflict)

    def action_edit(self) -> None:
        if (conflict := self._conflict) is not None and conflict["path"]:
            self._doing.edit(conflict)

    def action_tell(self, which: int) -> None:
        conflict = self._conflict
        there = [pane for pane in conflict["panes"] if pane in self._panes()] if conflict is not None else []
        if conflict is not None and there:
            self._doing.tell(conflict, there[which])

    def on_key(self, event: events.Key) -> None:
        conflict = self._conflict
        if conflict is not None and event.character and event.character in "123456789" and conflict["path"]:
            event.stop()
            place = int(event.character) - 1
            if place < len(conflict["panes"]):
                self._doing.restore(conflict, conflict["panes"][place], LETTERS[place])

    # ------------------------------------------------------------------ what is shown

    def _compare(self) -> None:
        conflict = self._conflict
        if conflict is None:
            self.query_one(DiffView).show([])
        elif self._compared != (conflict["id"], conflict["last"]):
            self._compared = conflict["id"], conflict["last"]
            self._doing.contest(conflict["id"])

    def _draw(self) -> None:
        rows, sides = self.query_one("#contests", Listing), self.query_one("#sides", Listing)
        if not self._found:
            words = "No conflicts: nobody has got in another's way." if self._loaded else "…"
            rows.update(rows.role(words, "quiet"))
            sides.update("")
            return
        here = next((place for place, one in enumerate(self._found) if one["id"] == self._chosen), 0)
        first = max(0, min(here - LISTED // 2, len(self._found) - LISTED))
        lines = [self._row(rows, one) for one in self._found[first : first + LISTED]]
        if len(self._found) > LISTED:
            lines.append(rows.role(f"   {here + 1} of {len(self._found)}", "quiet"))
        rows.update(Text("\n").join(lines))
        conflict = self._conflict
        if conflict is not None:
            names = [
                sides.role(f"{LETTERS[place]} {self._called(pane)}   ", "first" if place == 0 else "second" if place == 1 else "text")
                for place, pane in enumerate(conflict["panes"][: len(LETTERS)])
            ]
            evidence = ", ".join(dict.fromkeys(conflict["evidence"]))
            sides.update(Text.assemble("\n", *names, sides.role(f"known by: {evidence}", "quiet")))

    def _row(self, widget: Listing, conflict: dict[str, Any]) -> Text:
        chosen = conflict["id"] == self._chosen
        role = "chosen" if chosen else "text"
        path = shown(conflict["path"]) or clean(conflict.get("summary", ""))
        who = " and ".join(self._called(pane) for pane in conflict["panes"])
        lines = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in conflict["lines"])
        hot = self._hot.get(f"{conflict['folder']}/{conflict['path']}", 0)
        wide = self.size.width >= WIDE
        room = 36 if wide else 22
        words = f"{WORDS.get(conflict['kind'], conflict['kind']):<32} " if wide else f"{conflict['kind']:<10} "
        return Text.assemble(
            widget.role(f"{'▸' if chosen else ' '}{conflict['id']:>3} ", role),
            widget.role(f"{clip_middle(path, room):<{room}} ", role),
            widget.role(words, "chosen" if chosen else "kind"),
            widget.role(f"{who}  ", role),
            widget.role(f"{age(max(0.0, self._now() - conflict['last']))}", "quiet"),
            widget.role(f"  lines {lines}" if lines else "", "quiet"),
            widget.role(f"  {hot} panes write it" if hot > 2 else "", "quiet"),
        )

    def _called(self, word: str) -> str:
        pane = self._panes().get(word)
        return word if pane is None else f"{pane.number or word} {clean(pane.name)}"
