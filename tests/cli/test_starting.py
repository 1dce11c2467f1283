"""What a session starts with: words over the configuration over what is installed."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from agentgrid.agents.profiles import Profile
from agentgrid.cli.starting import Choices, Words, difference, folder_of, parse_words, plan
from agentgrid.config.load import Config
from agentgrid.config.values import AgentCount, Grid
from agentgrid.errors import UsageError
from agentgrid.session.commands import NewPane
from agentgrid.session.pane import Folder
from tests.cli.fake_session import pane, status

HERE = Path("/home/me/project")
PROFILES = {name: Profile(name=name, command=(name,)) for name in ("claude", "codex", "shell")}


def known(installed: tuple[str, ...] = (), **options: Any) -> Choices:
    choices = Choices(msgspec.convert(options, Config))
    choices.profiles, choices.installed = PROFILES, installed
    return choices


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param("", Words(None, ()), id="nothing"),
        pytest.param("3x3", Words(Grid(3, 3), ()), id="a grid"),
        pytest.param("claude*4 codex", Words(None, (AgentCount("claude", 4), AgentCount("codex", 1))), id="agents"),
        pytest.param("claude 2x3", Words(Grid(2, 3), (AgentCount("claude", 1),)), id="a grid behind"),
    ],
)
def test_words(line: str, words: Words) -> None:
    assert parse_words(line.split()) == words


@pytest.mark.parametrize("line", ["0x3", "3x99", "3x3 2x2", "claude*0", "claude*x", "*4"])
def test_words_that_cannot_be(line: str) -> None:
    with pytest.raises(UsageError):
        parse_words(line.split())


def panes(choices: Choices, line: str, folder: str | None = None) -> tuple[str, list[NewPane]]:
    planned = plan(parse_words(line.split()), choices, HERE, folder)
    return str(planned.grid), list(planned.panes)


def test_words_fill_the_grid_in_their_order() -> None:
    assert panes(known(), "3x3 claude*2 codex") == ("3x3", [NewPane(agent="claude"), NewPane(agent="claude"), NewPane(agent="codex")])


def test_without_a_grid_it_is_the_configured_one_else_the_least() -> None:
    assert panes(known(grid="3x3"), "claude*2")[0] == "3x3"
    assert panes(known(), "claude*2")[0] == "1x2"


def test_a_program_on_path_is_a_pane() -> None:
    assert panes(known(), "1x2 sh*2") == ("1x2", [NewPane(command=("sh",)), NewPane(command=("sh",))])


def test_an_agent_is_meant_before_a_program_of_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "claude").write_text("#!/bin/sh\n")
    (tmp_path / "claude").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert panes(known(), "claude")[1] == [NewPane(agent="claude")]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        pytest.param("claud", "did you mean 'claude'?", id="nearly an agent"),
        pytest.param("statsu", "did you mean 'status'?", id="nearly a verb"),
        pytest.param("qqqqqq", "known agents are claude, codex", id="nothing"),
    ],
)
def test_a_word_that_is_nothing(word: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        panes(known(), word)
    assert hint in str(refused.value)


def test_the_configured_panes() -> None:
    configured = known(
        pane=[{"agent": "claude", "count": 2}, {"command": ["npm", "run"], "folder": "worktree", "name": "web", "number": 9, "trace": True}]
    )
    web = NewPane(command=("npm", "run"), folder=Folder("worktree"), name="web", number=9, trace=True)
    assert panes(configured, "") == ("2x2", [web, NewPane(agent="claude"), NewPane(agent="claude")])
    assert panes(configured, "3x3")[0] == "3x3"
    assert panes(configured, "codex") == ("1x1", [NewPane(agent="codex")])


def test_a_flag_wins_over_the_configured_folder() -> None:
    configured = known(pane=[{"agent": "claude", "folder": "worktree"}])
    assert panes(configured, "", "shared")[1] == [NewPane(agent="claude", folder=Folder("shared"))]


def test_with_neither_words_nor_panes_it_is_what_is_installed() -> None:
    grid, found = panes(known(installed=("claude", "codex")), "")
    assert (grid, [pane.agent for pane in found]) == ("3x3", ["claude", "codex"])
    grid, found = panes(known(), "2x1")
    assert (grid, found) == ("2x1", [NewPane(), NewPane()])


@pytest.mark.parametrize(
    ("word", "folder"),
    [
        (None, None),
        ("shared", Folder("shared")),
        ("worktree", Folder("worktree")),
        ("./worktree", Folder("path", "/home/me/project/worktree")),
        ("../other", Folder("path", "/home/me/other")),
        ("/srv", Folder("path", "/srv")),
    ],
)
def test_folders(word: str | None, folder: Folder | None) -> None:
    assert folder_of(word, HERE) == folder


@pytest.mark.parametrize(
    ("line", "found"),
    [
        pytest.param("", "", id="nothing asked"),
        pytest.param("3x3", "", id="the same grid"),
        pytest.param("2x2", "its grid is 3x3, not 2x2", id="another grid"),
        pytest.param("codex claude*2 sh", "", id="the same programs, in any order"),
        pytest.param("claude*3", "it runs claude*2 codex sh, not claude*3", id="others"),
    ],
)
def test_what_runs_against_what_is_asked(line: str, found: str) -> None:
    running = status(pane(1), pane(2), pane(3, agent="codex"), pane(4, agent="", command=["/bin/sh"]))
    assert difference(parse_words(line.split()), running) == found
