"""A pane's agent and command to what is run."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agentgrid.agents.profiles import load_profiles
from agentgrid.config.agents import AgentLaunch, configured_profiles, resolve_launch, user_shell
from agentgrid.config.load import load
from agentgrid.errors import ConfigError, UsageError

FILE = """
shell = ["fish", "-l"]
[agent.claude]
command = ["claude", "--model", "opus"]
[agent.codex]
trace = false
[agent.mine]
command = ["mine", "--chat"]
"""


@pytest.mark.parametrize(
    ("agent", "command", "trace", "launch"),
    [
        pytest.param("gemini", (), None, AgentLaunch("gemini", ("gemini",), True), id="as it ships"),
        pytest.param("claude", (), None, AgentLaunch("claude", ("claude", "--model", "opus"), True), id="[agent.NAME] adds a command"),
        pytest.param("codex", (), None, AgentLaunch("codex", ("codex",), False), id="[agent.NAME] changes trace"),
        pytest.param("codex", (), True, AgentLaunch("codex", ("codex",), True), id="the pane's trace wins"),
        pytest.param("claude", ("claude", "-c"), None, AgentLaunch("claude", ("claude", "-c"), True), id="the pane's command wins"),
        pytest.param("mine", (), None, AgentLaunch("mine", ("mine", "--chat"), True), id="an agent of one's own"),
        pytest.param("", ("npm", "test"), None, AgentLaunch("", ("npm", "test"), False), id="any program"),
        pytest.param("", ("npm", "test"), True, AgentLaunch("", ("npm", "test"), True), id="any program, traced"),
        pytest.param("", ("npx", "@openai/codex"), None, AgentLaunch("codex", ("npx", "@openai/codex"), False), id="an agent's command"),
        pytest.param("", (), None, AgentLaunch("", ("fish", "-l"), False), id="a shell"),
        pytest.param("shell", (), None, AgentLaunch("", ("fish", "-l"), False), id="a shell by its word"),
        pytest.param("shell", ("dash",), None, AgentLaunch("", ("dash",), False), id="a shell that is named"),
    ],
)
def test_what_is_run(agent: str, command: tuple[str, ...], trace: bool | None, launch: AgentLaunch, write: Callable[[str], Path]) -> None:
    assert resolve_launch(load(write(FILE)), load_profiles(), agent=agent, command=command, trace=trace) == launch


def test_an_agent_that_is_not_known(write: Callable[[str], Path]) -> None:
    config = load(write(FILE))
    with pytest.raises(
        UsageError, match=r"^there is no agent 'claud'; did you mean 'claude'\? \(any program is a pane: 'agentgrid new -- claud'\)$"
    ):
        resolve_launch(config, load_profiles(), agent="claud")
    with pytest.raises(UsageError, match="known are claude, codex, opencode"):
        resolve_launch(config, load_profiles(), agent="zzzzz")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("[agent.mine]\ntrace = true", "the key 'agent.mine.command' is missing", id="no command"),
        pytest.param(
            "[agent.claude]\ncommand = []", "'agent.claude.command' is empty; name the program that the agent is", id="empty command"
        ),
        pytest.param(
            '[agent.claude]\nresume = ["-r"]', "'agent.claude.resume' says nowhere where the id goes; write {session} there", id="no id"
        ),
    ],
)
def test_an_agent_that_is_defined_wrongly(text: str, message: str, write: Callable[[str], Path]) -> None:
    with pytest.raises(ConfigError) as raised:
        configured_profiles(load(write(text)), load_profiles())
    assert str(raised.value) == f"agentgrid.toml: {message}"


@pytest.mark.parametrize(
    ("environment", "shell"),
    [
        pytest.param({"SHELL": "/bin/sh"}, "/bin/sh", id="set"),
        pytest.param({}, "/bin/sh", id="not set"),
        pytest.param({"SHELL": "/no/such/shell"}, "/bin/sh", id="not there"),
        pytest.param({"SHELL": "bin/sh"}, "/bin/sh", id="relative"),
    ],
)
def test_the_users_shell(environment: dict[str, str], shell: str) -> None:
    assert user_shell(environment) == (shell,)


def test_the_shell_is_the_environments_when_nothing_is_configured(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/sh")
    assert resolve_launch(load(folder), load_profiles()) == AgentLaunch("", ("/bin/sh",), False)
