"""Events of real hooks to signals and edits, and that nothing in them is believed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.agents.hooks.parsing import EVENTS, Heard, parse_hook
from agentgrid.agents.signals import Hooked

EDIT = {"tool_name": "Edit", "tool_input": {"file_path": "/w/a.py", "old_string": "1"}, "cwd": "/w"}
ASK = {
    "tool_name": "AskUserQuestion",
    "tool_input": {"questions": [{"question": "Which?", "options": [{"label": "A", "description": "a"}, {"label": "B"}]}]},
}
PATCH = "*** Begin Patch\n*** Update File: a.py\n@@\n-1\n+2\n*** Add File: src/b.py\n+x\n*** Move to: /z/c.py\n*** End Patch"


def heard(agent: str, event: str, **payload: Any) -> Heard:
    return parse_hook(agent, event, json.dumps(payload), 1.0)


def signal(agent: str, event: str, **payload: Any) -> Hooked:
    (found,) = heard(agent, event, **payload).signals
    return found


@pytest.mark.parametrize(
    ("agent", "event", "payload", "state", "kind", "message"),
    [
        pytest.param("claude", "SessionStart", {"session_id": "s"}, "", "", "", id="claude SessionStart"),
        pytest.param("claude", "UserPromptSubmit", {"prompt": "x"}, "working", "", "", id="claude UserPromptSubmit"),
        pytest.param("claude", "PreToolUse", EDIT, "working", "", "", id="claude PreToolUse"),
        pytest.param("claude", "PermissionRequest", EDIT, "blocked", "permission", "Edit: /w/a.py", id="claude PermissionRequest"),
        pytest.param("claude", "PermissionRequest", ASK, "blocked", "question", "Which?", id="claude question"),
        pytest.param("claude", "PostToolUse", ASK, "working", "", "", id="claude question answered"),
        pytest.param(
            "claude", "Notification", {"notification_type": "permission_prompt", "message": "m"}, "blocked", "", "m", id="claude waits"
        ),
        pytest.param("claude", "Notification", {"notification_type": "idle_prompt"}, "idle", "", "", id="claude idle_prompt"),
        pytest.param("claude", "Stop", {"background_tasks": []}, "done", "", "", id="claude Stop"),
        pytest.param("claude", "StopFailure", {"error": "rate_limit"}, "limited", "", "rate_limit", id="claude rate_limit"),
        pytest.param("claude", "StopFailure", {"error": "unknown"}, "error", "", "unknown", id="claude StopFailure"),
        pytest.param(
            "codex", "PreToolUse", {"tool_name": "request_user_input", "tool_input": {}}, "blocked", "question", "", id="codex question"
        ),
        pytest.param("codex", "notify", {"type": "agent-turn-complete", "input-messages": ["x"]}, "done", "", "", id="codex notify"),
        pytest.param("gemini", "BeforeAgent", {}, "working", "", "", id="gemini BeforeAgent"),
        pytest.param(
            "gemini",
            "Notification",
            {"notification_type": "ToolPermission", "details": {"type": "exec", "command": "ls"}},
            "blocked",
            "permission",
            "ls",
            id="gemini permission",
        ),
        pytest.param(
            "gemini",
            "Notification",
            {"notification_type": "ToolPermission", "details": {"type": "ask_user", "questions": [{"question": "Which?"}]}},
            "blocked",
            "question",
            "Which?",
            id="gemini question",
        ),
        pytest.param("gemini", "AfterAgent", {"prompt_response": "x"}, "done", "", "", id="gemini AfterAgent"),
        pytest.param("gemini", "AfterAgent", {"prompt_response": "[no response text]"}, "", "", "", id="gemini after Esc"),
        pytest.param(
            "qwen", "StopFailure", {"error": "authentication_failed"}, "error", "", "authentication_failed", id="qwen StopFailure"
        ),
        pytest.param(
            "copilot",
            "preToolUse",
            {"toolName": "ask_user", "toolArgs": {"message": "Which?"}},
            "blocked",
            "question",
            "Which?",
            id="copilot asks",
        ),
        pytest.param(
            "copilot",
            "notification",
            {"notification_type": "permission_prompt", "message": "Edit file: /a", "hook_event_name": "Notification"},
            "blocked",
            "permission",
            "Edit file: /a",
            id="copilot permission",
        ),
        pytest.param(
            "copilot", "errorOccurred", {"error": {"message": "HTTP 429"}, "recoverable": True}, "limited", "", "HTTP 429", id="copilot 429"
        ),
        pytest.param("copilot", "errorOccurred", {"error": "x", "recoverable": True}, "working", "", "", id="copilot tries again"),
        pytest.param("copilot", "errorOccurred", {"error": "x", "recoverable": False}, "error", "", "x", id="copilot gives up"),
        pytest.param("copilot", "agentStop", {"stopReason": "end_turn"}, "done", "", "", id="copilot agentStop"),
    ],
)
def test_events(agent: str, event: str, payload: dict[str, Any], state: str, kind: str, message: str) -> None:
    found = signal(agent, event, **payload)
    assert (found.event, found.state, found.kind, found.message) == (event, state, kind, message)


@pytest.mark.parametrize(
    ("agent", "event", "payload"),
    [
        pytest.param("claude", "Other", {}, id="an unknown event"),
        pytest.param("mine", "Stop", {}, id="an unknown agent"),
        pytest.param("qwen", "UserPromptSubmit", {"prompt": ""}, id="qwen's empty prompt after each tool"),
        pytest.param(
            "codex", "notify", {"type": "agent-turn-complete", "input-messages": ["Generate a concise title"]}, id="codex's title"
        ),
        pytest.param("gemini", "Notification", {"notification_type": "Other"}, id="another notification"),
        pytest.param("copilot", "notification", {"notification_type": "other"}, id="another notification of copilot"),
    ],
)
def test_what_is_none_of_ours(agent: str, event: str, payload: dict[str, Any]) -> None:
    assert heard(agent, event, **payload) == Heard()


def test_a_question_has_its_answers() -> None:
    assert [(choice.key, choice.label, choice.detail) for choice in signal("claude", "PermissionRequest", **ASK).choices] == [
        ("1", "A", "a"),
        ("2", "B", ""),
    ]


def test_what_goes_on_in_the_background() -> None:
    assert signal("claude", "Stop", background_tasks=[{"id": "1"}, {"id": "2"}]).background == 2


def test_a_session_and_its_transcript() -> None:
    found = signal("copilot", "agentStop", sessionId="s", transcriptPath="/t")
    assert (found.session, found.transcript) == ("s", "/t")


@pytest.mark.parametrize(
    ("agent", "event", "payload", "edits"),
    [
        pytest.param("claude", "PreToolUse", EDIT, [("/w/a.py", "before")], id="claude before"),
        pytest.param("claude", "PostToolUse", EDIT, [("/w/a.py", "after")], id="claude after"),
        pytest.param("claude", "PermissionRequest", EDIT, [], id="a request is no edit"),
        pytest.param("claude", "PreToolUse", {**EDIT, "tool_name": "Read"}, [], id="a tool that reads"),
        pytest.param(
            "codex",
            "PreToolUse",
            {"tool_name": "apply_patch", "tool_input": {"command": PATCH}, "cwd": "/w"},
            [("/w/a.py", "before"), ("/w/src/b.py", "before"), ("/z/c.py", "before")],
            id="codex's patch",
        ),
        pytest.param(
            "gemini",
            "AfterTool",
            {"tool_name": "replace", "tool_input": {"file_path": "b/../a.py"}, "cwd": "/w"},
            [("/w/a.py", "after")],
            id="gemini",
        ),
        pytest.param("copilot", "postToolUse", {"toolName": "edit", "toolArgs": {"path": "/w/a"}}, [("/w/a", "after")], id="copilot"),
        pytest.param(
            "copilot", "postToolUse", {"toolName": "edit", "toolArgs": '{"path":"/w/a"}'}, [("/w/a", "after")], id="copilot, as text"
        ),
        pytest.param(
            "claude", "PreToolUse", {"tool_name": "Edit", "tool_input": {"file_path": "a.py"}}, [], id="relative to nobody knows where"
        ),
    ],
)
def test_edits(agent: str, event: str, payload: dict[str, Any], edits: list[tuple[str, str]]) -> None:
    assert [(edit.path, edit.when) for edit in heard(agent, event, **payload).edits] == edits


def test_texts_are_one_printable_line() -> None:
    found = signal("copilot", "notification", notification_type="permission_prompt", message="a\x1b]0;b\x07\n" + "c" * 999)
    assert found.message.isprintable()
    assert len(found.message) == 300


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["tool_name", "tool_input", "toolArgs", "questions", "options", "label", "error", "notification_type", "cwd", "details"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
NAMES = [(agent, event) for agent, events in EVENTS.items() for event in events]


@given(st.sampled_from(NAMES), JSON)
def test_no_shape_is_believed(name: tuple[str, str], payload: object) -> None:
    parse_hook(*name, json.dumps(payload), 1.0)


@given(st.sampled_from(NAMES), st.binary())
def test_no_bytes_fail(name: tuple[str, str], text: bytes) -> None:
    parse_hook(*name, text, 1.0)


@pytest.mark.parametrize(
    ("event", "tool", "reads"),
    [
        pytest.param("PostToolUse", "Read", ("/w/a.py",), id="a file it has read"),
        pytest.param("PreToolUse", "Read", (), id="a file it is about to read"),
        pytest.param("PostToolUse", "Bash", (), id="a command"),
    ],
)
def test_what_an_agent_has_read(event: str, tool: str, reads: tuple[str, ...]) -> None:
    payload = {"tool_name": tool, "cwd": "/w", "tool_input": {"file_path": "a.py"}}
    assert parse_hook("claude", event, json.dumps(payload), 1.0).reads == reads
