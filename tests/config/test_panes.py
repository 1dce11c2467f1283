"""What a session starts with."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.config.load import load
from agentgrid.config.options import PaneOptions
from agentgrid.config.panes import configured_panes, default_panes, grid_for, grid_of, panes_of_words, single
from agentgrid.config.values import AgentCount, Grid
from agentgrid.errors import ConfigError


def test_a_count_is_that_many_panes() -> None:
    assert single(
        [PaneOptions(agent="claude", count=2), PaneOptions(name="x"), PaneOptions(agent="codex", name="y", count=2, folder="copy")]
    ) == [
        PaneOptions(agent="claude"),
        PaneOptions(agent="claude"),
        PaneOptions(name="x"),
        PaneOptions(agent="codex", name="y-1", folder="copy"),
        PaneOptions(agent="codex", name="y-2", folder="copy"),
    ]


def test_words_are_panes() -> None:
    assert panes_of_words([AgentCount("claude", 2), AgentCount("codex", 1)], folder="worktree") == [
        PaneOptions(agent="claude", folder="worktree"),
        PaneOptions(agent="claude", folder="worktree"),
        PaneOptions(agent="codex", folder="worktree"),
    ]


@pytest.mark.parametrize(
    ("found", "grid", "agents"),
    [
        pytest.param(["claude"], (1, 3), ["claude"], id="one agent"),
        pytest.param(["claude", "codex"], (3, 3), ["claude", "codex"], id="two agents, nine cells"),
        pytest.param(["a", "b", "c"], (1, 2), ["a", "b"], id="more agents than cells"),
        pytest.param([], (2, 2), ["", "", "", ""], id="none: shells"),
    ],
)
def test_one_of_each_that_is_installed_else_shells(found: list[str], grid: tuple[int, int], agents: list[str]) -> None:
    assert [pane.agent for pane in default_panes(found, *grid)] == agents


@pytest.mark.parametrize(
    ("count", "grid"),
    [
        (0, "1x1"),
        (1, "1x1"),
        (2, "1x2"),
        (3, "2x2"),
        (4, "2x2"),
        (5, "2x3"),
        (6, "2x3"),
        (7, "3x3"),
        (9, "3x3"),
        (10, "3x4"),
        (12, "3x4"),
        (500, "10x10"),
    ],
)
def test_the_least_grid(count: int, grid: str) -> None:
    assert str(grid_for(count)) == grid


@given(st.integers(1, 100))
def test_the_least_grid_holds_them_all_and_no_row_is_empty(count: int) -> None:
    grid = grid_for(count)
    assert count <= grid.rows * grid.columns
    assert count > (grid.rows - 1) * grid.columns


def test_the_grid_is_the_configured_one(write: Callable[[str], Path], folder: Path) -> None:
    assert grid_of(load(folder), 4) == Grid(2, 2)
    assert grid_of(load(folder), 0) == Grid(3, 3)
    assert grid_of(load(write('grid = "1x5"')), 4) == Grid(1, 5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param('[[pane]]\nagent = "claud"', "'pane.agent': there is no agent 'claud'; did you mean 'claude'?", id="nearly an agent"),
        pytest.param('[[pane]]\nagent = "zz"', "'pane.agent': there is no agent 'zz'; known are claude, codex", id="no agent"),
        pytest.param(
            '[[pane]]\nname = "a-2"\n[[pane]]\nname = "a"\ncount = 2',
            "'pane.name': two panes are called 'a-2'; call one of them otherwise",
            id="one name twice",
        ),
    ],
)
def test_panes_that_cannot_be(text: str, message: str, write: Callable[[str], Path]) -> None:
    with pytest.raises(ConfigError) as raised:
        configured_panes(load(write(text)), ["claude", "codex"])
    assert str(raised.value) == f"agentgrid.toml: {message}"
