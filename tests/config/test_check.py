"""``config check`` follows every name."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agentgrid.config.check import check
from agentgrid.errors import ConfigError


def test_nothing_to_check(folder: Path) -> None:
    assert check(folder) == ["no configuration file; all is as by default"]


def test_all_right(user_folder: Path, write: Callable[[str], Path]) -> None:
    (user_folder / "config.toml").write_text('theme = "moss"')
    assert check(write('[[pane]]\nagent = "claude"\ncount = 3')) == [
        "~/conf/config.toml: right",
        "agentgrid.toml: right",
        "3 panes are configured",
    ]


def test_a_theme_that_is_hard_to_read(user_folder: Path, write: Callable[[str], Path]) -> None:
    (user_folder / "themes").mkdir()
    (user_folder / "themes" / "mine.toml").write_text('base = "harbour"\n[ui]\nheader_text = "#1e2b36"')
    found = check(write('theme = "mine"'))
    assert found[1:] == ["theme mine: ui.header_text on ui.header is hard to read (contrast 1.0, at least 4.5 is right)"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param('theme = "mos"', "'theme': there is no theme 'mos'; did you mean 'moss'?", id="theme"),
        pytest.param(
            'theme = "../x"', "'theme': a theme's name is that of its file without .toml; 'agentgrid themes' lists them", id="a path"
        ),
        pytest.param('[[pane]]\nagent = "claud"', "'pane.agent': there is no agent 'claud'; did you mean 'claude'?", id="agent"),
    ],
)
def test_a_name_that_leads_nowhere(text: str, message: str, write: Callable[[str], Path]) -> None:
    with pytest.raises(ConfigError) as raised:
        check(write(text))
    assert str(raised.value) == f"agentgrid.toml: {message}"


def test_a_profile_of_the_users_is_an_agent(user_folder: Path, write: Callable[[str], Path]) -> None:
    (user_folder / "profiles").mkdir()
    (user_folder / "profiles" / "mine.toml").write_text('command = ["mine"]')
    assert check(write('[[pane]]\nagent = "mine"'))[-1] == "1 pane is configured"
