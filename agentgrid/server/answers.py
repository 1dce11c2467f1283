"""What the requests of verbs are answered: one case a question.

An answer may come later (a pane that starts, a wait): every question gets a ``Ticket`` and whoever knows the answer hands
it in. A user's mistake is an answer too; nothing here ends the server.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from agentgrid.errors import AgentgridError, UsageError
from agentgrid.protocol import messages as m
from agentgrid.server import files, waits
from agentgrid.server.peers import Peer
from agentgrid.server.questions import explained, give_answer, save_case
from agentgrid.server.report import pane_word, status_of
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
            ticket.done(server.details.fill(status_of(session, len(server.peers.screens()))))
        case m.ResolvePane(pane=word):
            ticket.done(pane_of(word))
        case m.GetScreen(pane=word, history=history, ansi=ansi):
            runtime = server.runtime(pane_of(word))
            runtime.catch_up()
            ticket.done(screen_text(runtime.emulator, history, ansi=ansi))
        case m.Search(pane=word, text=text):
            server.searches.start(ticket.peer, server.runtime(pane_of(word)), text, ticket.done)
        case m.SendText(pane=word, text=text, enter=enter, when_idle=when_idle):
            pane = pane_of(word)
            if when_idle:
                server.deliveries.when_idle(pane, text)
                ticket.done({"receipt": "queued"})
            else:
                server.deliveries.send(
                    pane, text, enter=enter, done=lambda receipt: ticket.done({"receipt": receipt}), failed=ticket.failed
                )
        case m.GetQueue(pane=word):
            ticket.done([msgspec.to_builtins(prompt) for prompt in server.deliveries.queues.of(pane_of(word))])
        case m.EditPrompt(pane=word, number=number, text=text):
            server.deliveries.edit(pane_of(word), number, text)
            ticket.done()
        case m.SendKeys(pane=word, keys=names):
            server.press(pane_of(word), [keys.parse_key(name) for name in names])
            ticket.done()
        case m.Broadcast(text=text, panes=words, enter=enter):
            chosen = [pane_of(word) for word in words] or [
                pane.id for pane in session.panes.values() if pane.status is not PaneStatus.EXITED and not pane.parked
            ]
            _broadcast(server, ticket, text, words, chosen, enter)
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
            ticket.done(
                {
                    "columns": emulator.size.columns,
                    "rows": emulator.size.rows,
                    "name": session.panes[pane].name,
                    "agent": server.states.agent(pane),
                }
            )
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


def _broadcast(server: "Server", ticket: Ticket, text: str, words: Sequence[str], panes: list[PaneId], enter: bool) -> None:
    """To the panes that are named; without names to all on the grid but those that must not be typed into now."""
    if not panes:
        raise UsageError("there is no pane to send to; every program has ended")
    receipts: dict[str, dict[str, str]] = {}
    waiting = len(panes)

    def take(pane: PaneId, receipt: dict[str, str]) -> None:
        receipts[pane_word(pane)] = receipt
        if len(receipts) == waiting:
            ticket.done({pane_word(pane): receipts[pane_word(pane)] for pane in panes})

    for pane in panes:
        server.running(pane)  # Refuse before anything is typed.
    for pane in panes:
        state = server.session.panes[pane]
        if not words and state.status is PaneStatus.BLOCKED:
            take(pane, {"receipt": "left out", "why": f"waits for {state.status_kind or 'an answer'}"})
            continue

        def failed(error: AgentgridError, pane: PaneId = pane) -> None:
            take(pane, {"receipt": "refused", "why": str(error)})

        try:
            server.deliveries.send(
                pane,
                text,
                enter=enter,
                done=lambda receipt, pane=pane: take(pane, {"receipt": receipt}),  # type: ignore[misc]
                failed=failed,
            )
        except AgentgridError as error:
            failed(error)
