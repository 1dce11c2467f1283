"""What a person does about conflicts and changes: look, acknowledge, edit, tell an agent, restore, commit. Part of ``deeds``."""

import os
from typing import TYPE_CHECKING, Any

from agentgrid.protocol import asked as q
from agentgrid.protocol.messages import Response, SendText
from agentgrid.session.commands import NewPane
from agentgrid.session.pane import Pane, PaneId
from agentgrid.ui.opening import editing
from agentgrid.ui.parts import clean
from agentgrid.ui.screens.ask import AskScreen
from agentgrid.ui.screens.changes import ChangesScreen
from agentgrid.ui.screens.confirm import ConfirmScreen
from agentgrid.ui.screens.conflicts import ConflictsScreen, Doing
from agentgrid.workspace.pathname import native, shown

if TYPE_CHECKING:
    from agentgrid.ui.deeds import Deeds
    from agentgrid.ui.grid_app import GridApp


def show_conflicts(app: "GridApp", deeds: "Deeds") -> None:
    """The conflicts, from that of the active pane on."""
    pane = app.stage.active_pane
    chosen = pane.conflict_ids[-1] if pane is not None and pane.conflict_ids else None

    def panes() -> dict[str, Pane]:
        return {f"%{pane.id}": pane for pane in app.mirror.panes.values()}

    def load() -> None:
        app.link.ask(q.GetConflicts(), listed)

    def listed(found: Response) -> None:
        if screen.is_attached and not found.error:
            app.link.ask(q.GetHot(), lambda hot: screen.listed(found.result, hot.result or []) if screen.is_attached else None)

    def contest(number: int) -> None:
        def compared(response: Response) -> None:
            if screen.is_attached and not response.error:
                screen.compared(response.result)

        app.link.ask(q.GetContest(conflict=number), compared)

    def done(response: Response) -> None:
        if response.error and screen.is_attached:
            screen.complain(clean(response.message))
        elif not response.error:
            load()

    def restore(conflict: dict[str, Any], word: str, letter: str) -> None:
        path = shown(conflict["path"])

        def answered(response: Response) -> None:
            done(response)
            if not response.error:
                kept = response.result["kept"]
                app.say(f"{path} is {letter}'s version now" + (f"; what it was is kept in {kept}" if kept else ""))

        def sure(yes: bool | None) -> None:
            if yes:
                app.link.ask(q.RestoreSide(conflict=conflict["id"], pane=int(word[1:])), answered)

        named = panes().get(word)
        owner = word if named is None else f"{named.number or word} {clean(named.name)}"
        detail = f"The file becomes what {owner} left of it. What stands there now is kept."
        app.open(ConfirmScreen(f"Restore {letter}'s version of {path}?", detail, "restores it"), sure)

    screen = ConflictsScreen(
        panes,
        Doing(
            load=load,
            contest=contest,
            acknowledge=lambda conflict: app.link.ask(q.Acknowledge(conflict=conflict["id"]), done),
            edit=lambda conflict: _edit(deeds, screen, conflict),
            tell=lambda conflict, word: _tell(app, conflict, word, panes()),
            restore=restore,
        ),
        chosen,
    )
    app.open(screen)


def show_changes(app: "GridApp", deeds: "Deeds") -> None:
    """What the active pane has changed."""
    del deeds
    pane = app.stage.active_pane
    if pane is None:
        app.say("there is no pane")
        return
    word = f"%{pane.id}"

    def commit() -> None:
        def committed(response: Response) -> None:
            app.say(
                clean(response.message) if response.error else f"committed {clean(response.result['summary'])}",
                problem=bool(response.error),
            )

        def given(message: str | None) -> None:
            if message:
                app.link.ask(q.CommitPane(pane=word, message=message), committed)

        app.open(AskScreen("Commit", f"A message for exactly what {pane.name} wrote", ""), given)

    def show(response: Response) -> None:
        if response.error:
            app.say(response.message, problem=True)
        elif not response.result:
            app.say(f"{pane.number} {pane.name} has changed nothing that is not committed")
        else:
            count = len(response.result)
            files = "1 file" if count == 1 else f"{count} files"
            app.open(ChangesScreen(f"What {pane.number} {clean(pane.name)} has changed: {files}", response.result, commit))

    app.link.ask(q.GetWork(pane=word), show)


def _edit(deeds: "Deeds", screen: ConflictsScreen, conflict: dict[str, Any]) -> None:
    """In a pane of its own: the agents go on, and so does this screen."""
    command = editing(os.environ, os.path.join(conflict["folder"], native(conflict["path"])))
    screen.dismiss()
    deeds.do(NewPane(command=command), lambda pane: deeds.go_to(PaneId(int(pane.removeprefix("%")))))


def _tell(app: "GridApp", conflict: dict[str, Any], word: str, panes: dict[str, Pane]) -> None:
    """A prepared prompt for one of them, to be changed and sent with Enter."""
    pane = panes[word]
    others = [panes[other] for other in conflict["panes"] if other != word and other in panes]
    path = shown(conflict["path"])
    lines = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in conflict["lines"])
    whom = " and ".join(f"the agent in pane {other.number} ({clean(other.name)})" for other in others) or "another agent"
    about = f"{path}{f' (lines {lines})' if lines else ''}" if path else clean(conflict.get("summary", ""))
    text = (
        f"Careful: {whom} is also changing {about}. Read it again before you write, keep their changes, and tell me what you do about it."
    )

    def send(text: str | None) -> None:
        if text:
            app.link.ask(SendText(pane=word, text=text), sent)

    def sent(response: Response) -> None:
        words = response.message if response.error else f"told {pane.number} {pane.name}: {response.result['receipt']}"
        app.say(clean(words), problem=bool(response.error))

    app.open(AskScreen(f"Tell {pane.number} {clean(pane.name)}", "Enter sends it, as a prompt of yours", text), send)
