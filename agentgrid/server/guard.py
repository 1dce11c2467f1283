"""The guard: what an agent's hook is told before it writes a file that another pane holds, as ``[conflicts] guard`` says.

    warn   the person is told, and the agent's own screen where it can show a word; the write goes on
    ask    the agent asks the person before it writes, even where it would not
    deny   the agent is refused, with the reason

The reason is read by the model, so it says who holds the file and what to do. It is advice, not a lock: a shell command of an
agent's is not looked into, and an agent without hooks is not held up.
"""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from agentgrid.agents.hooks.parsing import Heard
from agentgrid.errors import AgentgridError, UsageError
from agentgrid.server.authors import View
from agentgrid.server.files import holders, place_of
from agentgrid.session.pane import PaneId
from agentgrid.workspace.pathname import shown

if TYPE_CHECKING:
    from agentgrid.server.server import Server


def decide(server: "Server", pane: PaneId, agent: str, heard: Heard, answer: Callable[[bytes], None]) -> None:
    """Look who holds what the agent is about to write, and have its hook say what follows from that."""
    paths = [edit.path for edit in heard.edits if edit.when == "before"]
    mode = server.config.conflicts.guard
    if not paths or mode == "off":
        answer(b"")
        return
    names = {int(other.id): (other.name, other.number) for other in server.session.panes.values()}

    def question(view: View) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for path in paths:
            try:
                found += holders(place_of(view, path), pane, names, server.clock())
            except UsageError:
                continue  # In no folder of ours.
        return found

    def answered(found: list[dict[str, Any]]) -> None:
        if not found:
            answer(b"")
            return
        reason = reason_of(found, server.clock())
        if mode == "warn" and pane in server.session.panes:
            server.problem(f"{server.session.panes[pane].name} is about to write a file that is held: {reason}", pane)
        answer(words_for(agent, mode, reason))

    def failed(_: AgentgridError) -> None:
        answer(b"")

    server.authors.ask(question, answered, failed)


def reason_of(found: list[dict[str, Any]], now: float) -> str:
    """Who holds it and what to do, for a person and a model."""
    parts = []
    for holder in found:
        lines = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in holder["lines"])
        place = f"pane {holder['number']}" if holder["number"] else holder["pane"]
        minutes = max(0.0, now - holder["at"]) / 60
        when = "just now" if minutes < 1 else f"{int(minutes)} min ago"
        where = f", lines {lines}" if lines else ""
        parts.append(f"{shown(holder['path'])} was written by {holder['name']} ({place}) {when}{where}, and is not committed")
    return "; ".join(parts) + ". Read the file again and keep these changes, or leave it alone and tell the user."


def words_for(agent: str, mode: str, reason: str) -> bytes:
    """What the agent's hook prints; empty where the agent cannot be told so."""
    match agent, mode:
        case "claude" | "qwen", "ask" | "deny":
            decision = {"hookEventName": "PreToolUse", "permissionDecision": mode, "permissionDecisionReason": reason}
            told: dict[str, Any] = {"hookSpecificOutput": decision}
        case "codex", "deny":  # It takes no "ask".
            told = {"hookSpecificOutput": {"hookEventName": "PreToolUse", "permissionDecision": "deny", "permissionDecisionReason": reason}}
        case "gemini", "ask" | "deny":
            told = {"decision": mode, "reason": reason}
        case "copilot", "ask" | "deny":
            told = {"permissionDecision": mode, "permissionDecisionReason": reason}
        case "claude" | "qwen" | "gemini", "warn":
            told = {"systemMessage": reason}
        case _:
            return b""
    return json.dumps(told).encode()
