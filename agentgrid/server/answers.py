"""What the requests of verbs are answered: one case a question.

An answer may come later (a pane that starts, a wait): every question gets a ``Ticket`` and whoever knows the answer hands
it in. A user's mistake is an answer too; nothing here ends the server.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from agentgrid.errors import AgentgridError, UsageError
from agentgrid.protocol import messages as m
from agentgrid.server import files, waits
from agentgrid.server.peers import Peer
from agentgrid.server.prompts import send_text
from agentgrid.server.questions import explained, give_answer, save_case, when_at_rest
from agentgrid.server.report import pane_word, status_of
from agentgrid.server.runtime import Runtime
from agentgrid.server.screens import painted, screen_text
from agentgrid.session.events import StateChanged
from agentgrid.session.pane import PaneId, PaneStatus
from agentgrid.session.select import resolve
from agentgrid.terminal import keys

if TYPE_CHECKING:
    from agentgrid.server.server import Server


class Ticket:
    """A question that waits for its answer; the first answer counts."""

    def __init__(self, peer: Peer, number: int) -> None:
        self.peer = peer
        self._number = number
        self._open = True

    def done(self, result: Any = None) -> None:
        if self._open:
            self._open = False
            self.peer.send(m.Response(id=self._number, result=result))

    def failed(self, error: AgentgridError) -> None:
        if self._open:
            self._open = False
            self.peer.send(m.Response(id=self._number, error=type(error).__name__, message=str(error)))


def answer(server: "Server", peer: Peer, request: m.Request) -> None:
    """Answer now, or leave a ticket where the answer will be known."""
    ticket = Ticket(peer, request.id)
    try:
        _answer(server, ticket, request.what)
    except AgentgridError as error:
        ticket.failed(error)


def _answer(server: "Server", ticket: Ticket, what: m.Asking) -> None:
    session = server.session

    def pane_of(word: str) -> PaneId:
        return resolve(word, session.panes.values())

    match what:
        case m.Do(command=command):
            server.execute(command, lambda pane: ticket.done(None if pane is None else pane_word(pane)), ticket.failed)
        case m.GetStatus():
            server.settle()
            ticket.done(status_of(session, len(server.peers.screens())))
        case m.ResolvePane(pane=word):
            ticket.done(pane_of(word))
        case m.GetScreen(pane=word, history=history, ansi=ansi):
            runtime = server.runtime(pane_of(word))
            runtime.catch_up()
            ticket.done(screen_text(runtime.emulator, history, ansi=ansi))
        case m.SendText(pane=word, text=text, enter=enter, when_idle=when_idle):
            pane = pane_of(word)

            def send() -> None:
                _send(server, pane, text, enter, lambda receipt: ticket.done({"receipt": receipt}))

            if when_idle:
                server.settle()
                when_at_rest(server, pane, send, ticket.failed)
            else:
                send()
        case m.SendKeys(pane=word, keys=names):
            server.press(pane_of(word), [keys.parse_key(name) for name in names])
            ticket.done()
        case m.Broadcast(text=text, panes=words, enter=enter):
            chosen = [pane_of(word) for word in words] or [
                pane.id for pane in session.panes.values() if pane.status is not PaneStatus.EXITED and not pane.parked
            ]
            _broadcast(server, ticket, text, chosen, enter)
        case m.WaitFor(pane=word):
            pane = pane_of(word)
            runtime = server.runtime(pane)
            check = waits.check_of(what, lambda: session.panes[pane], lambda: screen_text(runtime.emulator, 0))
            runtime.catch_up()
            server.waits.add(pane, check, what.timeout, ticket.done, ticket.failed)
        case m.FollowEvents():
            ticket.done()
            for state in session.panes.values():
                event = StateChanged(
                    at=state.status_since,
                    pane=state.id,
                    state=str(state.status),
                    kind=state.status_kind,
                    message=state.message,
                    source=state.status_source,
                )
                ticket.peer.send(m.Happened(event=event))
            ticket.peer.following = True
        case m.RecordPane(pane=word):
            pane = pane_of(word)
            emulator = server.runtime(pane).emulator
            ticket.done({"columns": emulator.size.columns, "rows": emulator.size.rows, "name": session.panes[pane].name})
            ticket.peer.send(m.Recorded(at=0.0, data=painted(emulator)))
            server.record(pane, ticket.peer)
        case m.EndSession():
            server.end_session(ticket.done)
        case m.Explain(pane=word):
            ticket.done(explained(server, pane_of(word)))
        case m.SaveCase(pane=word):
            ticket.done(save_case(server, pane_of(word)))
        case m.AnswerDialog(pane=word, fingerprint=fingerprint, choice=choice):
            give_answer(server, pane_of(word), fingerprint, choice, ticket.done)
        case m.DetachClients():
            ticket.done(server.detach_screens("detached by 'agentgrid detach'"))
        case _:
            files.answer(server, ticket, what)


def _send(server: "Server", pane: PaneId, text: str, enter: bool, done: Callable[[str], None]) -> None:
    runtime: Runtime = server.running(pane)
    send_text(
        runtime,
        server.loop,
        text,
        enter=enter,
        pause_seconds=server.enter_pause_seconds(pane),
        done=done,
        entered=lambda: server.states.prompted(pane),
    )
    server.typed(runtime)


def _broadcast(server: "Server", ticket: Ticket, text: str, panes: list[PaneId], enter: bool) -> None:
    if not panes:
        raise UsageError("there is no pane to send to; every program has ended")
    receipts: dict[str, dict[str, str]] = {}

    def take(pane: PaneId, receipt: str) -> None:
        receipts[pane_word(pane)] = {"receipt": receipt}
        if len(receipts) == len(panes):
            ticket.done(receipts)

    for pane in panes:
        server.running(pane)  # Refuse before anything is typed.
    for pane in panes:
        _send(server, pane, text, enter, lambda receipt, pane=pane: take(pane, receipt))  # type: ignore[misc]
