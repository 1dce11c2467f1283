"""Which commands leave it to us which conversation an agent is in, and how its end says how to go on."""

import re

import pytest

from agentgrid.agents.profiles import load_profiles
from agentgrid.server.conversations import own, told

PROFILES = load_profiles()


@pytest.mark.parametrize(
    ("agent", "command", "ours"),
    [
        pytest.param("claude", ["claude"], True, id="the agent itself"),
        pytest.param("claude", ["/opt/bin/claude", "--model", "opus"], True, id="with options"),
        pytest.param("claude", ["claude", "--resume", "x"], False, id="a conversation of the user's choice"),
        pytest.param("claude", ["claude", "--continue"], False, id="the last one"),
        pytest.param("claude", ["claude", "--session-id=x"], False, id="an id of the user's"),
        pytest.param("claude", ["my-wrapper"], False, id="a script"),
        pytest.param("codex", ["codex", "-c", "model=x"], True, id="a setting is no conversation"),
        pytest.param("codex", ["codex", "resume", "--last"], False, id="a verb"),
        pytest.param("opencode", ["opencode", "-s", "ses_1"], False, id="a short option"),
        pytest.param("copilot", ["copilot", "--resume=x"], False, id="an option with its value"),
    ],
)
def test_own(agent: str, command: list[str], ours: bool) -> None:
    assert own(command, PROFILES[agent]) is ours


@pytest.mark.parametrize(
    ("agent", "text", "conversation"),
    [
        pytest.param(
            "claude", "Resume with: claude --permission-mode default --resume 0199f-11-22-33", "0199f-11-22-33", id="after another option"
        ),
        pytest.param("codex", "To continue this session, run: codex resume 0199f-11-22", "0199f-11-22", id="a verb"),
        pytest.param("copilot", "copilot --resume=0199f-11-22", "0199f-11-22", id="an option with its value"),
        pytest.param("codex", "resume 0199f-11-22", None, id="not a command line"),
    ],
)
def test_told(agent: str, text: str, conversation: str | None) -> None:
    found = re.findall(told(PROFILES[agent].resume), text)
    assert found == ([] if conversation is None else [conversation])
