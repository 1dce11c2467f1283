"""What a hook reports, as signals and edits: one table an agent, from the name of an event to what it means.

A report is whatever a program wrote into our folder: nothing in it is believed to be of any shape. An event that is not in
the table is none of ours. Edits come twice, before and after a write, where the agent tells both.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

from agentgrid.agents.signals import Hooked
from agentgrid.agents.verdict import Choice
from agentgrid.errors import printable

MAX_MESSAGE_CHARACTERS = 300  # What a header or a list shows of it is less.
MAX_CHOICES = 12  # As many as a dialog that is read from the screen.

Payload = dict[str, Any]


class Edit(NamedTuple):
    """A file that the agent's own tools are about to write, or have written. ``path`` is absolute."""

    path: str
    when: Literal["before", "after"]
    tool: str
    at: float


class Heard(NamedTuple):
    """What one report holds."""

    signals: tuple[Hooked, ...] = ()
    edits: tuple[Edit, ...] = ()
    reads: tuple[str, ...] = ()
    """Files whose content the agent has seen; absolute paths."""


class _Event(NamedTuple):
    """What an event means. ``edits``: when its paths are written."""

    state: str = ""
    kind: str = ""
    edits: Literal["", "before", "after"] = ""


NAMED: dict[str, _Event] = {
    "SessionStart": _Event(),
    "UserPromptSubmit": _Event("working"),
    "PreToolUse": _Event("working", edits="before"),
    "PermissionRequest": _Event("blocked", "permission"),
    "PostToolUse": _Event("working", edits="after"),
    "Stop": _Event("done"),
    "SessionEnd": _Event(),
}
"""The names that Claude Code, Codex and Qwen Code share."""
EVENTS: dict[str, dict[str, _Event]] = {
    "claude": NAMED | {"PostToolUseFailure": _Event("working"), "Notification": _Event("blocked"), "StopFailure": _Event("error")},
    "codex": NAMED | {"notify": _Event("done")},
    "qwen": NAMED | {"Notification": _Event("blocked"), "StopFailure": _Event("error")},
    "gemini": {
        "SessionStart": _Event(),
        "BeforeAgent": _Event("working"),
        "BeforeTool": _Event("working", edits="before"),
        "Notification": _Event("blocked", "permission"),
        "AfterTool": _Event("working", edits="after"),
        "AfterAgent": _Event("done"),
        "SessionEnd": _Event(),
    },
    "copilot": {
        "sessionStart": _Event(),
        "userPromptSubmitted": _Event("working"),
        "preToolUse": _Event("working", edits="before"),
        "notification": _Event("blocked"),
        "postToolUse": _Event("working", edits="after"),
        "errorOccurred": _Event("error"),
        "agentStop": _Event("done"),
        "sessionEnd": _Event(),
    },
}
QUESTIONS = frozenset({"AskUserQuestion", "ask_user_question", "request_user_input", "ask_user"})
"""Tools that ask the person."""
EDITORS = frozenset(
    {"Edit", "Write", "MultiEdit", "NotebookEdit", "apply_patch", "write_file", "replace", "edit", "edit_file", "create", "str_replace"}
)
"""Tools that write the file they name."""
READERS = frozenset({"Read", "read_file", "view", "read"})
"""Tools that show the agent the file they name."""
PATHS = ("file_path", "notebook_path", "absolute_path", "path", "filePath", "filename")
SUBJECTS = ("command", "file_path", "path", "absolute_path", "url", "pattern", "query")
PATCHED = re.compile(r"^\*\*\* (?:Add File|Update File|Delete File|Move to): (.+)$", re.MULTILINE)
LIMIT = re.compile(r"\b429\b|rate.?limit|usage limit|quota|too many requests", re.IGNORECASE)


def parse_hook(agent: str, event: str, text: str | bytes, at: float) -> Heard:
    """What a report says. ``event`` is the name it came under."""
    try:
        payload = json.loads(text)
    except (ValueError, RecursionError):
        return Heard()
    if not isinstance(payload, dict):
        return Heard()
    known = EVENTS.get(agent, {}).get(event)
    if known is None:
        return Heard()
    changed = CHANGES.get((agent, event), _unchanged)(payload, known)
    if changed is None:
        return Heard()
    tool = _text(payload.get("tool_name") or payload.get("toolName"))
    given = _input(payload)
    state, kind = changed.state, changed.kind
    if tool in QUESTIONS and state in ("working", "blocked") and changed.edits != "after":
        state, kind = "blocked", "question"
    message, choices = _told(payload, tool, given, state, kind)
    background = payload.get("background_tasks")
    signal = Hooked(
        at=at,
        event=event,
        state=state,
        kind=kind,
        message=message,
        choices=choices,
        tool=tool,
        background=len(background) if isinstance(background, list) else 0,
        session=_text(payload.get("session_id") or payload.get("sessionId") or payload.get("thread-id")),
        transcript=_text(payload.get("transcript_path") or payload.get("transcriptPath")),
    )
    edits = tuple(_edits(payload, tool, given, changed.edits, at)) if changed.edits else ()
    reads = tuple(_named(payload, given)) if changed.edits == "after" and tool in READERS else ()
    return Heard((signal,), edits, reads)


def _unchanged(payload: Payload, event: _Event) -> _Event:
    del payload
    return event


def _notification(payload: Payload, event: _Event) -> _Event | None:
    """Claude Code, Qwen Code: a permission prompt that waits, or a prompt that is empty."""
    match payload.get("notification_type"):
        case "permission_prompt":
            return event  # Of which kind the request before it has said.
        case "idle_prompt":
            return _Event("idle")
        case "elicitation_dialog":
            return _Event("blocked", "question")
        case _:
            return None


def _stop_failure(payload: Payload, event: _Event) -> _Event:
    error = payload.get("error")
    return _Event("limited") if error == "rate_limit" or LIMIT.search(_text(error)) else event


def _prompt_of_qwen(payload: Payload, event: _Event) -> _Event | None:
    return event if payload.get("prompt") else None  # One without a prompt comes after each tool.


def _codex_turn(payload: Payload, event: _Event) -> _Event | None:
    """``notify``: the end of a turn, but not of the thread that makes up the title."""
    said = payload.get("input-messages")
    first = _text(said[0]) if isinstance(said, list) and said else ""
    return event if payload.get("type") == "agent-turn-complete" and not first.startswith("Generate a concise") else None


def _gemini_permission(payload: Payload, event: _Event) -> _Event | None:
    if payload.get("notification_type") != "ToolPermission":
        return None
    return _Event("blocked", "question") if _dict(payload.get("details")).get("type") == "ask_user" else event


def _gemini_end(payload: Payload, event: _Event) -> _Event:
    """After an error or an Esc there is no text; the screen says which."""
    return _Event() if payload.get("prompt_response") in (None, "", "[no response text]") else event


def _copilot_notification(payload: Payload, event: _Event) -> _Event | None:
    match payload.get("notification_type") or payload.get("notificationType") or payload.get("type"):
        case "permission_prompt":
            return _Event("blocked", "permission")
        case "elicitation_dialog":
            return _Event("blocked", "question")
        case _:
            return None if event.state == "blocked" else event


def _copilot_error(payload: Payload, event: _Event) -> _Event:
    """Each failed try is one: a limit while it tries again, an error when it gives up."""
    error = payload.get("error")
    text = _text(error) or json.dumps(error)
    if LIMIT.search(text):
        return _Event("limited")
    return _Event("working") if payload.get("recoverable") else event


CHANGES: dict[tuple[str, str], Callable[[Payload, _Event], _Event | None]] = {
    ("claude", "Notification"): _notification,
    ("claude", "StopFailure"): _stop_failure,
    ("codex", "notify"): _codex_turn,
    ("qwen", "Notification"): _notification,
    ("qwen", "StopFailure"): _stop_failure,
    ("qwen", "UserPromptSubmit"): _prompt_of_qwen,
    ("gemini", "Notification"): _gemini_permission,
    ("gemini", "AfterAgent"): _gemini_end,
    ("copilot", "notification"): _copilot_notification,
    ("copilot", "errorOccurred"): _copilot_error,
}
"""Where what is in the payload changes what the event means; None makes it no event."""


def _input(payload: Payload) -> Payload:
    """What a tool is called with; Gemini CLI's permission has it in ``details``, Copilot may send it as text."""
    for key in ("tool_input", "toolArgs", "details"):
        value = payload.get(key)
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                continue
        if isinstance(value, dict):
            return value
    return {}


def _told(payload: Payload, tool: str, given: Payload, state: str, kind: str) -> tuple[str, tuple[Choice, ...]]:
    """A message for the person, and the answers to choose from."""
    if state in ("error", "limited"):
        return shown_text(payload.get("error_message") or payload.get("message") or payload.get("error")), ()
    if state != "blocked":
        return "", ()
    if kind == "question":
        return _question(given)
    subject = next((given[key] for key in SUBJECTS if given.get(key)), "")
    return shown_text(f"{tool}: {subject}" if tool and subject else tool or subject or payload.get("message")), ()


def _question(given: Payload) -> tuple[str, tuple[Choice, ...]]:
    questions = given.get("questions")
    first = _dict(questions[0]) if isinstance(questions, list) and questions else given
    options = first.get("options") or first.get("choices")
    choices = []
    for number, option in enumerate(options[:MAX_CHOICES] if isinstance(options, list) else [], 1):
        label = option if isinstance(option, str) else _dict(option).get("label")
        choices.append(Choice(label=shown_text(label), key=str(number), detail=shown_text(_dict(option).get("description"))))
    return shown_text(first.get("question") or first.get("message")), tuple(choices)


def _edits(payload: Payload, tool: str, given: Payload, when: Literal["", "before", "after"], at: float) -> Iterator[Edit]:
    if not when or tool not in EDITORS:
        return
    folder = _text(payload.get("cwd"))
    patch = given.get("command") or given.get("patch") or given.get("input")
    paths = PATCHED.findall(patch) if tool == "apply_patch" and isinstance(patch, str) else [given.get(key) for key in PATHS]
    for path in dict.fromkeys(path for path in paths if isinstance(path, str) and path):
        if os.path.isabs(path) or os.path.isabs(folder):
            yield Edit(os.path.normpath(os.path.join(folder, path)), when, tool, at)


def _named(payload: Payload, given: Payload) -> Iterator[str]:
    """The file that a tool's input names."""
    folder = _text(payload.get("cwd"))
    for path in (_text(given.get(key)) for key in PATHS):
        if path and (os.path.isabs(path) or os.path.isabs(folder)):
            yield os.path.normpath(os.path.join(folder, path))
            return


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _dict(value: object) -> Payload:
    return value if isinstance(value, dict) else {}


def shown_text(value: object) -> str:
    """A text of somebody else's, on one line and not too long."""
    if isinstance(value, dict):
        value = value.get("message") or value.get("name") or ""
    return printable(" ".join(_text(value).split()))[:MAX_MESSAGE_CHARACTERS]
