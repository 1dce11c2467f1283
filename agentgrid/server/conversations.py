"""Which conversation each agent is in, and how a restarted one takes it up again.

    start    an agent that lets one choose gets an id (``session_id`` in its profile)
    while    its hooks or its event stream tell the id, also when it begins another one
    end      the last screen often says how to go on: ``codex resume ID``
    restart  a conversation in which something was asked is taken up (``resume``)

A resume that fails loses nothing: the id is put aside, where ``status --json`` still has it, and the next restart begins anew.
Arguments are added only to a command that is the agent's own and that chooses no conversation itself.
"""

import re
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from agentgrid.agents.profiles import SESSION, Profile
from agentgrid.agents.recognition import identify
from agentgrid.server.screens import screen_text
from agentgrid.session import events
from agentgrid.session.pane import Pane, PaneId, PaneStatus

if TYPE_CHECKING:
    from agentgrid.agents.hooks.parsing import Heard
    from agentgrid.server.server import Server

FAILED_SECONDS = 20.0  # An agent that cannot take up a conversation says so and ends at once; on a busy machine later.
MAX_EARLIER = 20  # Ids that are kept of a pane.
END_ROWS = 40  # Of the history: where an agent that has left the alternate screen says how to go on.
ID = r"([A-Za-z0-9_-]{8,64})"
BEGUN = frozenset({"working", "blocked", "done"})
"""States in which something has been asked."""
CONTINUING = frozenset({"--continue", "-c", "--resume", "-r", "--session", "-s", "resume", "fork"})
"""Words by which agents are told which conversation to take up, beside those of their profile."""


class Conversations:
    """Part of the server, which owns it."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._resumed: dict[PaneId, float] = {}

    def arguments(self, pane: PaneId) -> tuple[str, ...]:
        """What to add to the command of a program that starts now."""
        server = self._server
        state = server.session.panes[pane]
        profile = server.profiles.get(state.agent)
        self._resumed.pop(pane, None)
        if profile is None or not own(state.command, profile):
            return ()
        if state.conversation and state.conversation_begun and profile.resume:
            self._resumed[pane] = server.loop.now()
            return filled(profile.resume, state.conversation)
        chosen = str(uuid.uuid4()) if profile.session_id else ""
        server.change(pane, conversation=chosen, conversation_begun=False)
        return filled(profile.session_id, chosen)

    def reported(self, pane: PaneId, heard: "Heard") -> None:
        """The agent's hooks have told something, perhaps which conversation it is in."""
        del heard
        watch = self._server.states.watch(pane)
        if watch is not None and watch.session:
            self._learn(pane, watch.session)

    def happened(self, event: events.Event) -> None:
        """A conversation in which something was asked can be taken up."""
        if isinstance(event, events.StateChanged) and event.state in BEGUN:
            state = self._server.session.panes.get(event.pane)
            if state is not None and state.conversation and not state.conversation_begun:
                self._server.change(event.pane, conversation_begun=True)
            if event.state == PaneStatus.WORKING:
                self._resumed.pop(event.pane, None)

    def ended(self, pane: PaneId, exit_code: int | None) -> None:
        """The program has ended: by itself, after it could not take up its conversation?"""
        server = self._server
        state, runtime = server.session.panes[pane], server.runtimes[pane]
        resumed = self._resumed.pop(pane, None)
        if resumed is not None and exit_code and exit_code > 0 and server.loop.now() - resumed < FAILED_SECONDS:
            server.change(pane, conversation="", conversation_begun=False, earlier_conversations=earlier(state, state.conversation))
            server.problem(
                f"{state.name} could not take up its conversation {state.conversation}; its screen says why; a restart begins a new one",
                pane,
            )
            return
        profile = server.profiles.get(state.agent)
        if profile is not None and profile.resume:
            found = re.findall(told(profile.resume), screen_text(runtime.emulator, END_ROWS))
            if found:
                self._learn(pane, found[-1])
                server.change(pane, conversation_begun=True)

    def _learn(self, pane: PaneId, conversation: str) -> None:
        state = self._server.session.panes.get(pane)
        if state is None or state.conversation == conversation:
            return
        before = earlier(state, state.conversation) if state.conversation_begun else state.earlier_conversations
        begun = str(state.status) in BEGUN
        self._server.change(pane, conversation=conversation, conversation_begun=begun, earlier_conversations=before)


def own(command: Sequence[str], profile: Profile) -> bool:
    """Whether the command is the agent itself, and leaves it to us which conversation it is in."""
    if not identify(command, {profile.name: profile}) or "--" in command:
        return False
    words = {word.partition("=")[0] for word in (*profile.resume, *profile.session_id) if SESSION not in word.partition("=")[0]}
    if profile.hooks.startswith("codex"):
        words.add("resume")
        return not words & {word.partition("=")[0] for word in command[1:]}  # Its -c is a setting.
    return not (words | CONTINUING) & {word.partition("=")[0] for word in command[1:]}


def filled(arguments: Sequence[str], conversation: str) -> tuple[str, ...]:
    """The arguments with the id where it goes."""
    return tuple(argument.replace(SESSION, conversation) for argument in arguments)


def told(resume: Sequence[str]) -> str:
    """The pattern of what an agent prints at its end: its own name, any options, and how to resume."""
    words = r"[\s=]+".join(re.escape(word).replace(re.escape(SESSION), ID) for word in resume)
    return rf"\b[a-z-]+ (?:--?[a-z-]+(?:[ =][\w-]+)? )*{words}"


def earlier(state: Pane, conversation: str) -> tuple[str, ...]:
    """The ids that were, newest last."""
    return (*(kept for kept in state.earlier_conversations if kept != conversation), conversation)[-MAX_EARLIER:]
