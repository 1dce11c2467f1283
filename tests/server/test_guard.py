"""What an agent's hook prints, by agent and mode."""

import json

import pytest

from agentgrid.server.guard import reason_of, words_for

HELD = {"pane": "%4", "name": "codex-1", "number": 4, "path": "src/a.py", "at": 100.0, "lines": [[3, 3], [7, 9]]}


@pytest.mark.parametrize(
    ("agent", "mode", "key", "value"),
    [
        pytest.param("claude", "deny", "hookSpecificOutput", "deny", id="claude deny"),
        pytest.param("claude", "ask", "hookSpecificOutput", "ask", id="claude ask"),
        pytest.param("qwen", "ask", "hookSpecificOutput", "ask", id="qwen ask"),
        pytest.param("codex", "deny", "hookSpecificOutput", "deny", id="codex deny"),
        pytest.param("gemini", "ask", "decision", "ask", id="gemini ask"),
        pytest.param("copilot", "deny", "permissionDecision", "deny", id="copilot deny"),
        pytest.param("claude", "warn", "systemMessage", "why", id="claude warn"),
    ],
)
def test_an_answer_is_what_the_agent_takes(agent: str, mode: str, key: str, value: str) -> None:
    told = json.loads(words_for(agent, mode, "why"))
    assert value in json.dumps(told[key])
    assert "why" in json.dumps(told)


@pytest.mark.parametrize(
    ("agent", "mode"),
    [
        pytest.param("codex", "ask", id="codex takes no ask"),
        pytest.param("copilot", "warn", id="copilot shows no word"),
        pytest.param("nobody", "deny", id="an agent that is not known"),
    ],
)
def test_an_agent_that_takes_none_is_told_nothing(agent: str, mode: str) -> None:
    assert words_for(agent, mode, "why") == b""


def test_the_reason_says_who_and_what_to_do() -> None:
    assert reason_of([HELD], 100.0 + 150) == (
        "src/a.py was written by codex-1 (pane 4) 2 min ago, lines 3, 7-9, and is not committed. "
        "Read the file again and keep these changes, or leave it alone and tell the user."
    )
