"""What is added to a launch: only for that launch, with the user's own settings in force."""

import json
import os
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest
from msgspec.structs import replace

from agentgrid.agents.hooks.launching import REPORTER, Additions, hook_command, launch_additions, write_additions
from agentgrid.agents.hooks.parsing import EVENTS
from agentgrid.agents.profiles import load_profiles

PROFILES = load_profiles()


def additions(agent: str, folder: Path, *command: str, hooks: str = "", **environment: str) -> Additions:
    profile = replace(PROFILES[agent], hooks=hooks or PROFILES[agent].hooks)
    return launch_additions(
        profile,
        command or (agent,),
        {"HOME": str(folder / "home"), **environment},
        folder=folder / "ours",
        inbox=folder / "inbox",
        port=4096,
        password="secret",
    )


@pytest.mark.parametrize("agent", ["claude", "codex", "opencode", "gemini", "qwen", "copilot"])
def test_six_agents_report(agent: str, tmp_path: Path) -> None:
    made = additions(agent, tmp_path)
    assert made.arguments or made.environment
    assert made.environment["AGENTGRID_HOOKS"] == str(tmp_path / "inbox")
    assert made.environment["AGENTGRID_REPORTER"] == str(REPORTER)
    assert all(path.is_relative_to(tmp_path / "ours") for path in (*made.files, *made.links))


@pytest.mark.parametrize("agent", ["claude", "codex", "opencode", "copilot"])
def test_a_wrapper_of_the_users_gets_no_arguments(agent: str, tmp_path: Path) -> None:
    assert additions(agent, tmp_path, "./mine.sh", agent) == Additions()


@pytest.mark.parametrize("agent", ["gemini", "qwen"])
def test_the_environment_reaches_through_a_wrapper(agent: str, tmp_path: Path) -> None:
    assert additions(agent, tmp_path, "./mine.sh").environment


@pytest.mark.parametrize(
    ("agent", "command", "environment"),
    [
        pytest.param("claude", ("claude", "--settings", "x.json"), {}, id="claude --settings"),
        pytest.param("codex", ("codex", "-c", "notify=['x']"), {}, id="codex -c notify"),
        pytest.param("opencode", ("opencode", "--port", "1"), {}, id="opencode --port"),
        pytest.param("gemini", ("gemini",), {"GEMINI_CLI_HOME": "/x"}, id="GEMINI_CLI_HOME"),
        pytest.param("qwen", ("qwen",), {"QWEN_CODE_SYSTEM_SETTINGS_PATH": "/x"}, id="QWEN_CODE_SYSTEM_SETTINGS_PATH"),
        pytest.param("claude", ("claude", "--", "x"), {}, id="what follows -- is no option"),
        pytest.param("aider", ("aider",), {}, id="no hooks"),
    ],
)
def test_what_the_user_has_set_is_left(agent: str, command: tuple[str, ...], environment: dict[str, str], tmp_path: Path) -> None:
    assert additions(agent, tmp_path, *command, **environment) == Additions()


def test_claude(tmp_path: Path) -> None:
    option, settings = additions("claude", tmp_path, "npx", "@anthropic-ai/claude-code@latest").arguments
    assert option == "--settings"
    assert set(json.loads(settings)["hooks"]) == set(EVENTS["claude"])


def test_codex_tells_only_the_end_of_a_turn_and_asks_nobody(tmp_path: Path) -> None:
    option, value = additions("codex", tmp_path).arguments
    assert option == "-c"
    assert tomllib.loads(value)["notify"][:2] == ["sh", "-c"]


def test_codex_hooks_are_the_users_choice(tmp_path: Path) -> None:
    values = additions("codex", tmp_path, hooks="codex").arguments[1::2]
    hooks = tomllib.loads("\n".join(values))["hooks"]
    assert set(hooks) == set(EVENTS["codex"]) - {"notify"}
    assert hooks["Stop"][0]["hooks"][0]["command"] == hook_command("codex", "Stop")


@pytest.mark.parametrize("text", ['notify = ["mine"]', "[broken"])
def test_codex_leaves_a_notify_of_the_users(text: str, tmp_path: Path) -> None:
    (tmp_path / "home/.codex").mkdir(parents=True)
    (tmp_path / "home/.codex/config.toml").write_text(text)
    assert additions("codex", tmp_path) == Additions()


def test_opencode_has_a_password(tmp_path: Path) -> None:
    made = additions("opencode", tmp_path)
    assert (made.arguments, made.port, made.environment["OPENCODE_SERVER_PASSWORD"]) == (("--port", "4096"), 4096, "secret")


def test_copilot(tmp_path: Path) -> None:
    made = additions("copilot", tmp_path)
    write_additions(made)
    folder = Path(made.arguments[1])
    assert json.loads((folder / "plugin.json").read_text())["hooks"] == "hooks.json"
    assert set(json.loads((folder / "hooks.json").read_text())["hooks"]) == set(EVENTS["copilot"])


def test_gemini_has_a_home_that_leads_to_the_users(tmp_path: Path) -> None:
    own = tmp_path / "home/.gemini"
    own.mkdir(parents=True)
    (own / "settings.json").write_text(
        '{"theme":"x","hooks":{"AfterAgent":[{"matcher":"*","hooks":[{"type":"command","command":"mine"}]}]}}'
    )
    (own / "oauth_creds.json").write_text("{}")
    made = additions("gemini", tmp_path)
    write_additions(made)
    shadow = Path(made.environment["GEMINI_CLI_HOME"]) / ".gemini"
    settings = json.loads((shadow / "settings.json").read_text())
    assert settings["theme"] == "x"
    assert [entry["hooks"][0]["command"] for entry in settings["hooks"]["AfterAgent"]] == ["mine", hook_command("gemini", "AfterAgent")]
    assert (shadow / "oauth_creds.json").resolve() == own / "oauth_creds.json"
    assert (shadow / "tmp").resolve() == own / "tmp"


def test_gemini_keeps_what_was_changed_in_its_home_until_the_users_own_settings_change(tmp_path: Path) -> None:
    own = tmp_path / "home/.gemini"
    own.mkdir(parents=True)
    (own / "settings.json").write_text('{"theme":"x"}')
    made = additions("gemini", tmp_path)
    write_additions(made)
    shadow = Path(made.environment["GEMINI_CLI_HOME"]) / ".gemini/settings.json"
    shadow.write_text('{"theme":"y"}')
    write_additions(additions("gemini", tmp_path))
    assert json.loads(shadow.read_text()) == {"theme": "y"}
    (own / "settings.json").write_text('{"theme":"z"}')
    write_additions(additions("gemini", tmp_path))
    assert json.loads(shadow.read_text())["theme"] == "z"


def test_gemini_settings_with_comments_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "home/.gemini").mkdir(parents=True)
    (tmp_path / "home/.gemini/settings.json").write_text("{} // mine")
    assert additions("gemini", tmp_path) == Additions()


def test_files_are_the_users_alone_and_written_once(tmp_path: Path) -> None:
    made = additions("qwen", tmp_path)
    write_additions(made)
    (path,) = made.files
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.stat().st_mtime_ns
    write_additions(made)
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize("reporter", ["", "missing", str(REPORTER)])
def test_a_hook_ends_well(reporter: str, tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", hook_command("claude", "Stop")],
        input=b"{}",
        env={"PATH": os.environ["PATH"], "AGENTGRID_REPORTER": reporter, "AGENTGRID_HOOKS": str(tmp_path / "missing")},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_the_text_of_a_hook_is_always_the_same() -> None:
    assert shlex.split(hook_command("codex", "Stop"))[-2:] == ["||", ":"]
    assert str(REPORTER) not in hook_command("codex", "Stop")
