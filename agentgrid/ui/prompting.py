"""What a person does with prompts from the screen: send one, see which wait, lock a pane, type into several. Part of ``deeds``."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from agentgrid.client.mirror import Mirror
from agentgrid.protocol.messages import Broadcast, EditPrompt, GetQueue, Response, SendText
from agentgrid.session.commands import LockPane
from agentgrid.session.pane import Pane, PaneId
from agentgrid.ui.parts import clean, clip
from agentgrid.ui.screens.ask import AskScreen
from agentgrid.ui.screens.queue import QueueScreen, Waiting

if TYPE_CHECKING:
    from agentgrid.ui.deeds import Deeds
    from agentgrid.ui.grid_app import GridApp

TELLS = {
    "delivered": "{name} has it",
    "stranded": "{name} did not take it; it may stand in its input line",
    "unknown": "it was typed into {name}; what became of it cannot be seen",
}
"""A receipt in words."""


def toggle_broadcast(app: "GridApp") -> None:
    """Type into several panes from now on, or into one again."""
    app.broadcast.toggle()
    if app.broadcast.on:
        count, left = len(app.broadcast.targets()), app.broadcast.left_out()
        out = f"; {left} left out: waiting for an answer, locked or ended" if left else ""
        app.say(f"what you type goes to {count} panes{out}")
    else:
        app.say("what you type goes to one pane")


def choose(app: "GridApp", pane: Pane) -> None:
    """The pane is one of those that are typed into together, or no longer."""
    chosen = app.broadcast.choose(pane.id)
    count = len(app.broadcast.chosen)
    name = f"{pane.number or ''} {pane.name}".strip()
    hint = f"; {app.keys.hint('broadcast')} types into {'it' if count == 1 else f'these {count}'}" if count and not app.broadcast.on else ""
    app.say(f"{name} is {'chosen' if chosen else 'not chosen any more'}{hint}" + ("" if count else "; without a choice all are meant"))


def lock(app: "GridApp", deeds: "Deeds", pane: Pane) -> None:
    """Let nothing be typed into the pane, or open it again."""
    word = "open" if pane.locked else f"locked; {app.keys.hint('lock')} opens it"
    deeds.do(LockPane(pane=pane.id, locked=not pane.locked), lambda _: app.say(f"{pane.name} is {word}"))


def prompt(app: "GridApp", pane: Pane) -> None:
    """Ask for a prompt and send it, with a receipt; to all that are typed into while several are."""
    targets = app.broadcast.targets() if app.broadcast.on else [pane.id]
    whom = f"{len(targets)} panes" if app.broadcast.on else f"{pane.number or ''} {pane.name}".strip()

    def told(response: Response) -> None:
        if response.error:
            app.say(response.message, problem=True)
        elif app.broadcast.on or len(targets) > 1:
            app.say(summary(app, response.result), problem=any(answer["receipt"] == "stranded" for answer in response.result.values()))
        else:
            receipt = response.result["receipt"]
            app.say(TELLS.get(receipt, receipt).format(name=pane.name), problem=receipt == "stranded")

    def send(text: str | None) -> None:
        if not text:
            return
        if app.broadcast.on:
            app.link.ask(Broadcast(text=text, panes=tuple(f"%{target}" for target in targets)), told)
        else:
            app.link.ask(SendText(pane=f"%{pane.id}", text=text), told)

    app.open(AskScreen("Prompt", f"Sent to {whom}, with Enter, and looked after", ""), send)


def summary(app: "GridApp", answers: dict[str, dict[str, str]]) -> str:
    """Receipts of several panes on one line: how many of each, and who did not take it."""
    counts: dict[str, list[str]] = {}
    for word, answer in answers.items():
        known = next((pane for pane in app.mirror.panes.values() if f"%{pane.id}" == word), None)
        counts.setdefault(answer["receipt"], []).append(known.name if known is not None else word)
    return " · ".join(f"{receipt}: {len(names) if receipt == 'delivered' else ', '.join(names)}" for receipt, names in counts.items())


def about_paste(mirror: Mirror, data: bytes, panes: Sequence[PaneId]) -> tuple[str, str]:
    """A question before a paste, and what is known of it."""
    text = data.decode("utf-8", "replace")
    lines = text.splitlines()
    size = f"{len(lines):,} lines" if len(lines) > 1 else f"{len(text):,} characters"
    begins = clip(clean(lines[0] if lines else ""), 48)
    if len(panes) > 1:
        return f"Paste {size} into {len(panes)} panes?", f"It begins with: {begins}"
    name = mirror.panes[panes[0]].name
    return f"Paste {size} into {name}?", f"Its program takes each line as if you had pressed Enter. It begins with: {begins}"


def queue(app: "GridApp", pane: Pane) -> None:
    """Which prompts wait for the pane; add, change and drop some."""
    word = f"%{pane.id}"
    screen = QueueScreen(f"Prompts for {pane.number or ''} {pane.name}")

    def show(response: Response) -> None:
        if response.error:
            screen.complain(response.message)
        else:
            waiting: list[dict[str, Any]] = response.result
            screen.show([Waiting(entry["number"], entry["text"], entry["sending"]) for entry in waiting])

    def changed(response: Response) -> None:
        if response.error:
            screen.complain(response.message)
        app.link.ask(GetQueue(pane=word), show)

    def change(number: int, text: str) -> None:
        if number:
            app.link.ask(EditPrompt(pane=word, number=number, text=text), changed)
        elif text:
            app.link.ask(SendText(pane=word, text=text, when_idle=True), changed)

    screen.on_change = change
    app.open(screen)
    app.link.ask(GetQueue(pane=word), show)
