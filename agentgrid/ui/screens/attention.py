"""Who needs you: the panes that wait, oldest question first, the question of one of them with its answers, and the answer given
from here.

Nothing moves under the fingers: the order is that of the moment it was opened, whoever comes later comes last, and a
question stays as it was shown. When the pane asks something else by then the digits do nothing until one has looked at the
new question; and for a moment after another question appeared, since that key was pressed for the last one.
"""

import time
from collections.abc import Callable, Iterable
from typing import ClassVar

from msgspec.structs import replace
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from agentgrid.agents.verdict import Dialog as Asked
from agentgrid.session.pane import Pane, PaneId, PaneStatus
from agentgrid.session.since import since_words
from agentgrid.ui.attention import in_need, needs
from agentgrid.ui.explained import age
from agentgrid.ui.parts import clean
from agentgrid.ui.screens.dialog import Dialog
from agentgrid.ui.widgets.header import glyph, state_word

READ_SECONDS = 0.4  # A key that comes sooner after a question appeared was not meant for it.
AGE_SECONDS = 5.0  # How often the ages are brought up to date.
MAX_CHOICES = 9  # Digits.

Panes = Callable[[], Iterable[Pane]]
Answer = Callable[[Pane, Asked, int, Callable[[str, bool], None]], None]
"""Give a pane the answer of that number; told afterwards what became of it, and whether it was taken."""


class Needs(Static):
    """Text in roles that the style sheet colours."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"needs--{role}" for role in ("chosen", "quiet", "text", "question", "key", "note", *PaneStatus)
    }

    def role(self, text: str, role: str) -> Text:
        return Text(text, self.get_component_rich_style(f"needs--{role}"))


class AttentionScreen(Dialog[PaneId]):
    """Dismissed with the pane to go to, or with None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,tab,j", "turn(1)", "next pane"),
        Binding("up,shift+tab,k", "turn(-1)", "previous pane"),
        Binding("enter", "go", "go there"),
        Binding("q", "dismiss", "leave"),
    ]
    TITLE_TEXT: ClassVar[str] = "Who needs you"
    KEYS_TEXT: ClassVar[str] = "1…9 answers · ↑↓ another pane · enter goes there · esc leaves"

    def __init__(self, panes: Panes, answer: Answer, now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._panes = panes
        self._answer = answer
        self._now = now
        self._order: list[PaneId] = []
        self._chosen: PaneId | None = None
        self._asked: Asked | None = None
        self._asked_at = 0.0
        self._notes: dict[PaneId, str] = {}
        self._sending: PaneId | None = None

    def content(self) -> Iterable[Widget]:
        yield Needs("", id="list", markup=False)
        yield Needs("", id="asked", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self._order = [pane.id for pane in in_need(self._panes())]
        self._choose(self._order[0] if self._order else None)
        self.set_interval(AGE_SECONDS, self._draw)

    def session_changed(self) -> None:
        """Something about a pane is another now: whoever needs the person since is last."""
        self._order += [pane.id for pane in in_need(self._panes()) if pane.id not in self._order]
        if self._chosen is None and self._order:
            self._choose(self._order[0])
        self._draw()

    # ------------------------------------------------------------------ keys

    def action_turn(self, by: int) -> None:
        if self._order:
            here = self._order.index(self._chosen) if self._chosen in self._order else -by
            self._choose(self._order[(here + by) % len(self._order)])

    def action_go(self) -> None:
        self.dismiss(self._chosen)

    def on_key(self, event: events.Key) -> None:
        if event.character and event.character in "123456789":
            event.stop()
            self._give(int(event.character))

    def _give(self, number: int) -> None:
        """Answer what is shown, if it is still what is asked."""
        pane, asked = self._pane(self._chosen), self._asked
        if pane is None or asked is None or self._sending is not None or time.monotonic() - self._asked_at < READ_SECONDS:
            return
        if self._stale(pane) or not asked.fingerprint or number > len(asked.choices):
            return

        def done(words: str, taken: bool) -> None:
            self._sending = None
            self._notes[pane.id] = words
            if not self.is_attached:
                return
            if taken and self._chosen == pane.id and (following := self._next_question(pane.id)) is not None:
                self._choose(following)
            self._draw()

        self._sending = pane.id
        self._notes[pane.id] = f"answering {clean(asked.choices[number - 1].label)} …"
        self._draw()
        self._answer(pane, asked, number, done)

    # ------------------------------------------------------------------ what is shown

    def _choose(self, pane: PaneId | None) -> None:
        """Show this pane's question, as it is now."""
        known = self._pane(pane)
        self._chosen = pane
        self._asked = known.dialog if known is not None else None
        self._asked_at = time.monotonic()
        self._draw()

    def _next_question(self, answered: PaneId) -> PaneId | None:
        found = [pane for number in self._order if (pane := self._pane(number)) is not None and pane.status is PaneStatus.BLOCKED]
        return next((pane.id for pane in found if pane.id != answered), None)

    def _pane(self, number: PaneId | None) -> Pane | None:
        return next((pane for pane in self._panes() if pane.id == number), None)

    def _stale(self, pane: Pane) -> bool:
        """Whether it asks something else by now, or nothing."""
        here, shown = pane.dialog, self._asked
        return pane.status is not PaneStatus.BLOCKED or (here.fingerprint if here else "") != (shown.fingerprint if shown else "")

    def _draw(self) -> None:
        rows, below = self.query_one("#list", Needs), self.query_one("#asked", Needs)
        rows.update(Text("\n").join([self._row(rows, number) for number in self._order]))
        pane = self._pane(self._chosen)
        below.update(below.role("Nobody needs you.", "quiet") if pane is None else Text("\n").join(self._question(below, pane)))

    def _row(self, widget: Needs, number: PaneId) -> Text:
        pane, chosen = self._pane(number), number == self._chosen
        if pane is None:
            return widget.role(f"{'▸' if chosen else ' '}   closed", "quiet")
        role = "chosen" if chosen else "text"
        waits = age(max(0.0, self._now() - pane.status_since))
        done = _done(pane)
        note = self._notes.get(number, "") or " · ".join(filter(None, (clean(pane.message or pane.title), done)))
        return Text.assemble(
            widget.role(f"{'▸' if chosen else ' '}{pane.number or '–':>2} ", role),
            widget.role(f"{glyph(pane)} {state_word(pane):<20}", str(pane.status)),
            widget.role(f" {clean(pane.name):<14} {waits if needs(pane) else '':>6}  ", role),
            widget.role(note, "quiet"),
        )

    def _question(self, widget: Needs, pane: Pane) -> list[Text]:
        lines = [Text()]
        if done := _done(pane):
            lines += [widget.role(f"since you looked: {done}", "quiet"), Text()]
        asked = self._asked
        if asked is None:
            return [
                *lines,
                widget.role(clean(pane.message) or f"{state_word(pane)}", "text"),
                Text(),
                widget.role(_elsewhere(pane), "note"),
            ]
        if asked.subject:
            lines += [widget.role(line, "quiet") for line in _block(asked.subject)]
        lines += [widget.role(line, "question") for line in _block(asked.question or pane.message or "It asks something.")]
        lines.append(Text())
        for place, choice in enumerate(asked.choices[:MAX_CHOICES], 1):
            line = Text.assemble(widget.role(f"  {place}  ", "key"), widget.role(clean(choice.label), "text"))
            lines.append(Text.assemble(line, widget.role(f"  {clean(choice.detail)}", "quiet")) if choice.detail else line)
        if note := self._note(pane, asked):
            lines += [Text(), widget.role(note, "note")]
        return lines

    def _note(self, pane: Pane, asked: Asked) -> str:
        if words := self._notes.get(pane.id, ""):
            return words
        if self._stale(pane):
            return "it asks something else by now; ↑ or ↓ shows it" if pane.status is PaneStatus.BLOCKED else "it has its answer"
        return "" if asked.fingerprint and asked.choices else _elsewhere(pane)


def _done(pane: Pane) -> str:
    """What it has done since one looked, beside asking what it asks."""
    asks = pane.status is PaneStatus.BLOCKED and pane.since.questions > 0
    return since_words(replace(pane.since, questions=pane.since.questions - 1) if asks else pane.since)


def _elsewhere(pane: Pane) -> str:
    return "enter goes there, to answer it in the pane" if pane.status is PaneStatus.BLOCKED else "enter goes there"


def _block(text: str) -> list[str]:
    """A text of unknown origin, line by line."""
    return [clean(line) for line in text.splitlines() if line.strip()]
