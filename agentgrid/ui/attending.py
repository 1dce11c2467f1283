"""What a person does about states: go to who needs them, answer from where they are, ask why. Part of ``deeds``."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from agentgrid.agents.verdict import Dialog as Asked
from agentgrid.protocol.messages import AnswerDialog, Explain, Response, SaveCase
from agentgrid.session.commands import UnparkPane
from agentgrid.session.pane import Pane, PaneId
from agentgrid.ui.attention import in_need, next_in_need
from agentgrid.ui.explained import told
from agentgrid.ui.parts import clean
from agentgrid.ui.screens.attention import AttentionScreen
from agentgrid.ui.screens.explain import ExplainScreen
from agentgrid.ui.widgets.header import state_word

if TYPE_CHECKING:
    from agentgrid.ui.deeds import Deeds
    from agentgrid.ui.grid_app import GridApp


def next_waiting(app: "GridApp") -> None:
    """Go to the next pane that needs the person."""
    found = next_in_need(app.mirror.in_order(), app.stage.active)
    if found is not None:
        app.stage.focus(found.id)
    elif in_need(app.mirror.in_order()):
        app.say("no other pane needs you")
    else:
        app.say("no pane needs you")


def attend(app: "GridApp", deeds: "Deeds") -> None:
    """The list of who needs the person, with the oldest question and its answers."""
    if not in_need(app.mirror.panes.values()):
        app.say("no pane needs you")
        return

    def go(pane: PaneId | None) -> None:
        known = app.mirror.panes.get(pane) if pane is not None else None
        if known is None:
            return
        if known.parked:
            deeds.do(UnparkPane(pane=known.id), lambda _: app.incoming.focus_when_there(known.id))
        else:
            app.stage.focus(known.id)

    def answer(pane: Pane, asked: Asked, number: int, done: Callable[[str, bool], None]) -> None:
        def told_back(response: Response) -> None:
            if response.error:
                done(clean(response.message), False)
                return
            taken = response.result["receipt"] == "answered"
            choice = clean(str(response.result["choice"]))
            words = f"answered: {choice}" if taken else f"{choice} was sent, but the question is still there"
            app.say(f"{pane.number or ''} {pane.name}: {words}".strip(), problem=not taken)
            done(words, taken)

        app.link.ask(AnswerDialog(pane=f"%{pane.id}", fingerprint=asked.fingerprint, choice=str(number)), told_back)

    app.open(AttentionScreen(app.mirror.panes.values, answer), go)


def explain(app: "GridApp", pane: Pane) -> None:
    """Why the pane is in its state, and the test case when it is wrong."""

    def write(screen: ExplainScreen) -> None:
        def written(response: Response) -> None:
            if screen.is_attached:
                screen.complain(response.message) if response.error else screen.wrote(str(response.result))

        app.link.ask(SaveCase(pane=f"%{pane.id}"), written)

    def show(response: Response) -> None:
        if response.error:
            app.say(response.message, problem=True)
        else:
            app.open(ExplainScreen(f"Why {pane.name} is {state_word(pane)}", told(response.result), write))

    app.link.ask(Explain(pane=f"%{pane.id}"), show)
