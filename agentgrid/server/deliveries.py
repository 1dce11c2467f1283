"""Prompts for panes: one after the other in each, never into what a person has half typed, and those that wait for their moment.

A prompt that waits goes when its pane is idle or its turn is done, has printed nothing for a moment (some say that they are
ready before they take what is typed), nothing is half typed, and the one before has had its effect. What a person has typed
is known from keys and from the screen (``agents.composer``).
"""

from collections import defaultdict, deque
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from agentgrid.agents.composer import half_typed, holds
from agentgrid.errors import AgentgridError, UsageError
from agentgrid.paths import what_to_do
from agentgrid.process.pty import unread_bytes
from agentgrid.server.drafts import Draft
from agentgrid.server.prompts import Sending, Subject
from agentgrid.server.queues import Prompt, Queues
from agentgrid.session import events
from agentgrid.session.pane import PaneId, PaneStatus
from agentgrid.terminal.keys import Key

if TYPE_CHECKING:
    from agentgrid.server.server import Server

READY = (PaneStatus.IDLE, PaneStatus.DONE)
ANSWER_CHARACTERS = 3  # 1, y, no, yes: whoever sends it means to answer.
SETTLE_SECONDS = 2.0  # After a prompt, before the next: an agent takes up to a second to say that it works.
QUIET_SECONDS = 1.0  # Some draw their composer up to that long after they say that they are idle …
PATIENCE_SECONDS = 5.0  # … and some have something on their screen that always moves.
LOOK_AGAIN_SECONDS = 1.0  # While a prompt could go but for what somebody has half typed.
REPAINT_SECONDS = 2.0  # What a program needs to draw itself anew for a new server.

Done = Callable[[str], None]
Failed = Callable[[AgentgridError], None]


class Order(NamedTuple):
    """A prompt that is to be typed now."""

    text: str
    enter: bool
    done: Done
    failed: Failed
    typed: bool = False
    """It stands in the composer already, and only lacks its Enter."""
    patient: bool = False
    """It may be tried once more."""


class Deliveries:
    """Part of the server, which owns it."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self.queues = Queues(server.store.folder)
        self._drafts: defaultdict[PaneId, Draft] = defaultdict(Draft)
        self._orders: defaultdict[PaneId, deque[Order]] = defaultdict(deque)
        self._sending: set[PaneId] = set()
        self._not_before: dict[PaneId, float] = {}
        self._looking: set[PaneId] = set()
        self._ready_since: dict[PaneId, float] = {}

    # ------------------------------------------------------------------ what persons do

    def pressed(self, pane: PaneId, key: Key) -> None:
        """A person pressed a key. While the program asks something, keys answer."""
        if (state := self._server.session.panes.get(pane)) is not None and state.status is not PaneStatus.BLOCKED:
            self._drafts[pane].press(key)

    def pasted(self, pane: PaneId, data: bytes) -> None:
        """A person pasted text."""
        self._drafts[pane].add(data[:4096].decode("utf-8", "replace"))

    def draft(self, pane: PaneId) -> str:
        """What somebody has half typed into the pane; empty when there is nothing."""
        server = self._server
        runtime, state = server.runtimes.get(pane), server.session.panes.get(pane)
        if runtime is None or state is None or state.status is PaneStatus.BLOCKED:
            return ""
        typed = half_typed(self._drafts[pane].text, self._subject(pane).composer(), agent=bool(server.states.agent(pane)))
        if not typed:
            self._drafts.pop(pane, None)
        return typed

    # ------------------------------------------------------------------ prompts

    def send(self, pane: PaneId, text: str, *, enter: bool, done: Done, failed: Failed) -> None:
        """Type it now, after what is being typed. Raises UsageError, or hands it to ``failed``, when it must not be."""
        self._server.running(pane)
        order = Order(text, enter, done, failed)
        if pane in self._sending:
            self._orders[pane].append(order)
        else:
            self._check(pane, text)
            self._start(pane, order)

    def when_idle(self, pane: PaneId, text: str) -> None:
        """Type it as soon as the pane has nothing to do. Raises UsageError where that cannot be known."""
        server = self._server
        server.running(pane)
        state = server.session.panes[pane]
        if not server.states.agent(pane) and state.status is PaneStatus.UNKNOWN:
            raise UsageError(f"nothing tells when {state.name} has nothing to do: it is no agent that is known; send without --when-idle")
        self._change(pane, lambda: self.queues.add(pane, text))
        server.settle()
        self.look(pane)

    def edit(self, pane: PaneId, number: int, text: str) -> None:
        """Another text for a prompt that waits, or none. Raises UsageError."""
        self._change(pane, lambda: self.queues.edit(pane, number, text))

    def look(self, pane: PaneId) -> None:
        """The pane's state may be another: its next prompt goes, if it can."""
        server = self._server
        prompts, state = self.queues.of(pane), server.session.panes.get(pane)
        if not prompts or state is None or pane in self._sending or state.status not in READY or prompts[0].sending:
            self._ready_since.pop(pane, None)
            return
        now = server.loop.now()
        wait = max(self._not_before.get(pane, 0.0) - now, self._until_quiet(pane, now))
        if wait <= 0 and (state.locked or self.draft(pane)):
            wait = LOOK_AGAIN_SECONDS
        if wait > 0:
            self._look_later(pane, wait)
            return
        self._change(pane, lambda: self.queues.mark(pane))
        self._start(pane, self._queued(pane, prompts[0].text)._replace(patient=True))

    def begin(self) -> None:
        """After a server before: prompts that wait go on waiting, one that may have been typed is looked for."""
        for pane in self.queues.panes():
            if pane not in self._server.session.panes:
                self.queues.drop(pane)
                continue
            self._count(pane)
            prompt = self.queues.of(pane)[0]
            if prompt.sending:
                self._sending.add(pane)
                self._server.loop.call_later(REPAINT_SECONDS, lambda pane=pane, prompt=prompt: self._resume(pane, prompt))  # type: ignore[misc]
            else:
                self._look_later(pane, REPAINT_SECONDS)

    def forget(self, pane: PaneId) -> None:
        """The pane was closed."""
        self._drafts.pop(pane, None)
        self._ready_since.pop(pane, None)
        for order in self._orders.pop(pane, ()):
            order.failed(UsageError("the pane was closed before the prompt was typed"))
        self.queues.drop(pane)

    # ------------------------------------------------------------------ below

    def _check(self, pane: PaneId, text: str) -> None:
        """Raises UsageError when nothing must be typed into the pane now."""
        state = self._server.session.panes[pane]
        if state.locked:
            raise UsageError(f"{state.name} is locked against typing; 'agentgrid unlock {state.name}' opens it")
        asks = state.status is PaneStatus.BLOCKED and state.status_kind in ("permission", "auth")
        if asks and len(text) > ANSWER_CHARACTERS:
            raise UsageError(
                f"{state.name} waits for a {state.status_kind} and would take Enter for a yes; answer it "
                f"('agentgrid keys {state.name} …'), or send with --when-idle"
            )
        if draft := self.draft(pane):
            shown = " ".join(draft.split())
            shown = shown if len(shown) <= 40 else f"{shown[:39]}…"
            raise UsageError(
                f"{state.name} has a text that was typed and not sent ('{shown}'): press Enter there or clear it, "
                "or send with --when-idle, which waits until it has gone"
            )

    def _until_quiet(self, pane: PaneId, now: float) -> float:
        """How long until it has printed nothing for a moment, as far as is known now."""
        ready_since = self._ready_since.setdefault(pane, now)
        return min(self._server.runtimes[pane].printed_at + QUIET_SECONDS, ready_since + PATIENCE_SECONDS) - now

    def _start(self, pane: PaneId, order: Order) -> None:
        self._sending.add(pane)
        self._ready_since.pop(pane, None)

        def done(receipt: str) -> None:
            self._sending.discard(pane)
            self._not_before[pane] = self._server.loop.now() + SETTLE_SECONDS
            if receipt == "stranded" and (again := self._again(pane, order)) is not None:
                self._orders[pane].appendleft(again)
                self._next(pane)
                return
            order.done(receipt)
            if pane in self._server.session.panes:
                self._server.publish([events.PromptDelivered(at=self._server.clock(), pane=pane, receipt=receipt)])
            self._next(pane)

        Sending(self._subject(pane), order.text, enter=order.enter, done=done, typed=order.typed).start()
        if (runtime := self._server.runtimes.get(pane)) is not None:
            self._server.typed(runtime)

    def _next(self, pane: PaneId) -> None:
        """The prompt before is done with: the next that was to be typed at once, else one that waits."""
        if orders := self._orders.get(pane):
            order = orders.popleft()
            try:
                self._server.running(pane)
                if not order.typed:
                    self._check(pane, order.text)
            except AgentgridError as error:
                order.failed(error)
                self._next(pane)
            else:
                self._start(pane, order)
        else:
            self.look(pane)

    def _queued(self, pane: PaneId, text: str) -> Order:
        """A prompt that has waited."""

        def done(receipt: str) -> None:
            self._delivered(pane, receipt)

        return Order(text, True, done, lambda _: done("stranded"))

    def _again(self, pane: PaneId, order: Order) -> Order | None:
        """A stranded prompt is tried once more where it is seen that the program, at rest, took none of it or only lacks the
        Enter: some drop keys while they start."""
        state = self._server.session.panes.get(pane)
        if not order.patient or state is None or state.status not in READY:
            return None
        subject = self._subject(pane)
        shown = subject.composer()
        if not shown.certain or subject.runtime.typing is None or unread_bytes(subject.runtime.descriptor):
            return None
        typed = holds(shown.typed, order.text)
        return order._replace(patient=False, typed=typed) if typed or not shown.typed else None

    def _delivered(self, pane: PaneId, receipt: str) -> None:
        """What became of a prompt that waited is known."""
        if pane not in self._server.session.panes:
            return
        self._change(pane, lambda: self.queues.take(pane))
        if receipt == "stranded":
            name = self._server.session.panes[pane].name
            self._server.problem(f"{name} did not take the prompt that waited for it; it may stand in its input line", pane)

    def _resume(self, pane: PaneId, prompt: Prompt) -> None:
        """A server was killed while it typed this prompt: where it stands in the composer, it only lacks its Enter."""
        self._sending.discard(pane)
        if pane not in self._server.session.panes:
            return
        shown = self._subject(pane).composer()
        if self._server.runtimes[pane].typing is not None and (holds(shown.typed, prompt.text) or "[Pasted" in shown.typed):
            self._start(pane, self._queued(pane, prompt.text)._replace(typed=True))
        else:
            self._delivered(pane, "unknown")
            self._server.publish([events.PromptDelivered(at=self._server.clock(), pane=pane, receipt="unknown")])
            self._look_later(pane, SETTLE_SECONDS)

    def _subject(self, pane: PaneId) -> Subject:
        server = self._server
        state = server.session.panes[pane]
        return Subject(
            runtime=server.runtimes[pane],
            loop=server.loop,
            state=lambda: server.session.panes.get(pane),
            pause_seconds=server.enter_pause_seconds(pane),
            agent=bool(server.states.agent(pane)) and state.status is not PaneStatus.BLOCKED,
            entered=lambda: server.states.prompted(pane),
        )

    def _change(self, pane: PaneId, change: Callable[[], object]) -> None:
        """Change the queue, and tell how many wait. Raises UsageError."""
        try:
            change()
        except OSError as error:
            advice = what_to_do(error, self._server.store.folder)
            raise AgentgridError(f"cannot keep the prompts that wait ({error.strerror}): {advice}") from error
        self._count(pane)

    def _count(self, pane: PaneId) -> None:
        self._server.change(pane, queued=len(self.queues.of(pane)))

    def _look_later(self, pane: PaneId, seconds: float) -> None:
        if pane not in self._looking:
            self._looking.add(pane)
            self._server.loop.call_later(seconds, lambda: self._look_now(pane))

    def _look_now(self, pane: PaneId) -> None:
        self._looking.discard(pane)
        self.look(pane)
