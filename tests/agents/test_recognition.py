"""Whose command line this is, through whatever runs it; and what is no agent's."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.agents.profiles import load_profiles
from agentgrid.agents.recognition import identify, ran

PROFILES = load_profiles()


@pytest.mark.parametrize(
    ("line", "agent"),
    [
        ("claude", "claude"),
        ("claude --model opus 'fix it'", "claude"),
        ("/home/me/.local/bin/claude -c", "claude"),
        ("cursor-agent", "cursor"),
        ("goose session", "goose"),
        ("node /usr/lib/node_modules/@anthropic-ai/claude-code/cli.js", "claude"),
        ("node --max-old-space-size=4096 -r ./x.js /usr/local/bin/codex", "codex"),
        ("/usr/bin/nodejs /opt/node_modules/@google/gemini-cli/dist/index.js -y", "gemini"),
        ("bun run /opt/opencode/bin/opencode", "opencode"),
        ("bun x opencode-ai", "opencode"),
        ("npx -y @openai/codex@latest exec", "codex"),
        ("npx @qwen-code/qwen-code", "qwen"),
        ("npm exec -- @github/copilot", "copilot"),
        ("pnpm dlx @sourcegraph/amp", "amp"),
        ("bunx opencode-ai@1.18.33", "opencode"),
        ("python -m aider --model x", "aider"),
        ("python3.12 -W ignore /usr/local/bin/aider", "aider"),
        ("uvx aider-chat", "aider"),
        ("uvx --from aider-chat aider", "aider"),
        ("uv tool run aider-chat==0.86", "aider"),
        ("pipx run aider-chat", "aider"),
        ("sh -c 'exec goose session --resume'", "goose"),
        ("bash -lc 'FOO=1 claude --continue && echo done'", "claude"),
        ("zsh -ic claude", "claude"),
        ("sh /usr/local/bin/gemini", "gemini"),
        ("env A=1 B=2 qwen", "qwen"),
        ("env -u CLAUDECODE claude", "claude"),
        ("nice -n 10 nohup npx -y @openai/codex", "codex"),
    ],
)
def test_an_agent(line: str, agent: str) -> None:
    assert identify(shlex.split(line), PROFILES) == agent


@pytest.mark.parametrize(
    "line",
    [
        "",
        "bash",
        "-zsh",
        "vim claude",
        "cat codex.md",
        "npm run dev",
        "node",
        "node server.js",
        "python -c 'import claude'",
        "python -m",
        "sh -c",
        "sh -c 'echo claude'",
        "sh -c 'unclosed \"quote'",
        "git commit -m claude",
        "claude-notes",
        "npx -p @openai/codex",
        "env A=1",
        "tail -f claude.log",
    ],
)
def test_no_agent(line: str) -> None:
    argv = line.split(" ") if line.count("'") % 2 or line.count('"') % 2 else shlex.split(line)
    assert identify(argv, PROFILES) == ""


def test_a_shells_line_with_an_open_quote_is_nobodys() -> None:
    assert identify(["sh", "-c", "claude 'open"], PROFILES) == ""


def test_runners_of_runners_end() -> None:
    assert identify(["env"] * 50 + ["claude"], PROFILES) == ""


WORDS = (
    st.sampled_from(["claude", "node", "sh", "-c", "env", "npx", "-y", "A=1", "python", "-m", "", "/", "'", "x y", "uv", "run"]) | st.text()
)


@given(st.lists(WORDS, max_size=8))
def test_any_command_line_has_an_answer(argv: list[str]) -> None:
    assert identify(argv, PROFILES) in {"", *PROFILES}


@pytest.mark.parametrize(
    ("argv", "own", "program", "agent"),
    [
        pytest.param(["-bash"], True, "bash", "", id="the shell itself"),
        pytest.param(["node", "/x/node_modules/@google/gemini-cli/index.js"], False, "node", "gemini", id="an agent in it"),
        pytest.param(["/usr/bin/make", "all"], False, "make", "", id="a program in it"),
        pytest.param([], False, "", "", id="nobody"),
    ],
)
def test_who_has_the_terminal(argv: list[str], own: bool, program: str, agent: str) -> None:
    found = ran(argv, PROFILES, 1.0, own=own)
    assert (found.program, found.agent, found.own) == (program, agent, own)
