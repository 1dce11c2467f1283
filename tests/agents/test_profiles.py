"""Profiles: those that ship, the user's own, and which agents are installed."""

import os
from pathlib import Path

import pytest
from msgspec import inspect

from agentgrid.agents import profiles
from agentgrid.agents.hooks.launching import AGENTS
from agentgrid.agents.profiles import SHELL, ProfileTable, find_agents, load_profiles, overlaid
from agentgrid.agents.transcripts import FOLDS
from agentgrid.errors import ConfigError

SHIPPED = load_profiles()


def program(folder: Path, name: str, mode: int = 0o755) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("")
    (folder / name).chmod(mode)


@pytest.mark.parametrize("name", [name for name in SHIPPED if name != SHELL])
def test_a_profile_that_ships_says_what_is_needed(name: str) -> None:
    profile = SHIPPED[name]
    assert profile.title
    assert profile.command
    assert profile.trace
    assert 0 < profile.enter_pause_seconds <= 1


def test_they_come_in_a_fixed_order_and_the_users_follow(tmp_path: Path) -> None:
    for name in ("zeta", "alpha"):
        (tmp_path / f"{name}.toml").write_text(f'command = ["{name}"]')
    known = ["claude", "codex", "opencode", "gemini", "qwen", "copilot", "amp", "cursor", "aider", "goose"]
    assert list(load_profiles(tmp_path)) == [*known, "alpha", "demo", "shell", "zeta"]


def test_a_users_file_replaces_one_that_ships(tmp_path: Path) -> None:
    (tmp_path / "claude.toml").write_text('command = ["my-claude"]')
    profile = load_profiles(tmp_path)["claude"]
    assert (profile.command, profile.title, profile.resume) == (("my-claude",), "", ())


def test_no_folder_of_the_users_is_no_mistake(tmp_path: Path) -> None:
    assert load_profiles(tmp_path / "none") == SHIPPED


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param('comand = ["x"]', "unknown key 'comand'; did you mean 'command'?", id="unknown key"),
        pytest.param('name = "x"\ncommand = ["x"]', "unknown key 'name'; known are command, title", id="the name is the file's"),
        pytest.param('title = "X"', "the key 'command' is missing", id="no command"),
        pytest.param("command = []", "'command' is empty; name the program that the agent is", id="empty command"),
        pytest.param('command = "x"', "'command' is a list, not 'x'", id="a text"),
        pytest.param('command = ["x"]\nenter_pause_seconds = 60', "'enter_pause_seconds' is 0 to 10, not 60", id="too long a pause"),
        pytest.param(
            'command = ["x"]\nsession_id = ["--id"]', "'session_id' says nowhere where the id goes; write {session} there", id="no id"
        ),
    ],
)
def test_a_mistake_has_file_and_key(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(ConfigError) as raised:
        load_profiles(tmp_path)
    assert str(raised.value).startswith(f"{tmp_path / 'mine.toml'}: {message}")


def test_keys_lie_over_a_profile() -> None:
    profile = overlaid(SHIPPED["codex"], "codex", {"trace": False, "command": ["codex", "-p", "x"]}, "agentgrid.toml")
    assert (profile.trace, profile.command) == (False, ("codex", "-p", "x"))
    assert (profile.title, profile.resume, profile.packages) == ("Codex", ("resume", "{session}"), ("@openai/codex",))


class TestFound:
    def test_in_the_order_of_the_profiles_whatever_path_says(self, tmp_path: Path) -> None:
        program(tmp_path / "a", "qwen")
        program(tmp_path / "b", "codex")
        program(tmp_path / "b", "claude")
        assert find_agents(SHIPPED, f"{tmp_path / 'a'}{os.pathsep}{tmp_path / 'b'}") == ["claude", "codex", "qwen"]

    def test_by_any_name_it_has(self, tmp_path: Path) -> None:
        program(tmp_path / "bin", "cursor-agent")
        assert find_agents(SHIPPED, str(tmp_path / "bin")) == ["cursor"]

    def test_by_a_path(self, tmp_path: Path) -> None:
        program(tmp_path / "opt", "mine")
        profiles = {"mine": overlaid(None, "mine", {"command": [str(tmp_path / "opt" / "mine")]}, "x")}
        assert find_agents(profiles, "") == ["mine"]

    @pytest.mark.parametrize(
        "path",
        [
            pytest.param("", id="no PATH"),
            pytest.param("bin", id="a relative folder"),
            pytest.param("/no/such/folder", id="no folder"),
        ],
    )
    def test_nothing(self, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        program(tmp_path / "bin", "claude")
        monkeypatch.chdir(tmp_path)
        assert find_agents(SHIPPED, path) == []

    def test_what_cannot_be_run_is_not_found(self, tmp_path: Path) -> None:
        program(tmp_path / "bin", "claude", 0o644)
        (tmp_path / "bin" / "codex").mkdir()
        assert find_agents(SHIPPED, str(tmp_path / "bin")) == []


RULE = '[[screens]]\nname = "x"\nstate = "working"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(f'{RULE}patern = "x"', "unknown key 'screens.patern' in [[screens]] no. 1; did you mean 'pattern'?", id="unknown key"),
        pytest.param(f'{RULE}pattern = "("', "'screens.pattern' is no regular expression", id="no expression"),
        pytest.param(RULE, "'screens.pattern' is missing, and so is 'end'", id="a rule that always matches"),
        pytest.param('[[titles]]\nstate = "busy"\npattern = "x"', "'titles.state' in [[titles]] no. 1 is one of blocked", id="no state"),
        pytest.param(f'{RULE}pattern = "x"\nrows = 99', "'screens.rows' in [[screens]] no. 1 is 1 to 24, not 99", id="too many rows"),
        pytest.param('like = "codx"', "'like' names no agent: 'codx'; did you mean 'codex'?", id="like nobody"),
    ],
)
def test_a_mistake_in_a_rule_has_file_and_key(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(f'command = ["mine"]\n{text}')
    with pytest.raises(ConfigError) as raised:
        load_profiles(tmp_path)
    assert message in str(raised.value)


def test_an_agent_that_is_like_another_has_its_rules(tmp_path: Path) -> None:
    (tmp_path / "reviewer.toml").write_text('command = ["codex", "--profile", "review"]\nlike = "codex"')
    profile = load_profiles(tmp_path)["reviewer"]
    codex = SHIPPED["codex"]
    assert (profile.screens, profile.titles, profile.hooks, profile.transcript) == (
        codex.screens,
        codex.titles,
        codex.hooks,
        codex.transcript,
    )


def test_an_agent_without_rules_has_the_generic_ones(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('command = ["mine"]')
    (tmp_path / "ruled.toml").write_text(f'command = ["ruled"]\n{RULE}pattern = "x"')
    (tmp_path / "generic.toml").write_text(f'command = []\n{RULE}pattern = "of the user"')
    profiles = load_profiles(tmp_path)
    assert [rule.pattern for rule in profiles["mine"].screens] == ["of the user"]
    assert [rule.pattern for rule in profiles["ruled"].screens] == ["x"]
    assert profiles["shell"].screens == ()
    assert "generic" not in profiles
    assert overlaid(None, "own", {"command": ["own"]}, "x").screens == SHIPPED["amp"].screens


def test_a_key_of_the_configuration_leaves_the_rules(tmp_path: Path) -> None:
    assert overlaid(SHIPPED["claude"], "claude", {"trace": False}, "x").screens == SHIPPED["claude"].screens


def test_hooks_and_transcripts_are_those_there_are() -> None:
    struct = inspect.type_info(ProfileTable)
    assert isinstance(struct, inspect.StructType)
    named = {field.name: field.type for field in struct.fields}
    for key, known in (("hooks", set(AGENTS)), ("transcript", set(FOLDS))):
        kind = named[key]
        assert isinstance(kind, inspect.Metadata)
        assert isinstance(kind.type, inspect.LiteralType)
        assert set(kind.type.values) - {""} == known


def test_the_rules_that_ship_are_checked_here_and_not_at_every_start() -> None:
    assert load_profiles(profiles.SHIPPED) == SHIPPED
