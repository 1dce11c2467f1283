"""``themes`` and ``config``."""

import json
from pathlib import Path

import pytest

from agentgrid.config.themes import list_themes
from tests.cli.conftest import Run


def test_themes(run: Run, own_folders: Path) -> None:
    lines = run("themes").out.splitlines()
    assert [line.split()[0] for line in lines] == list_themes()
    assert lines[0].startswith("harbour ")
    mine = own_folders / "config" / "themes"
    mine.mkdir(parents=True)
    (mine / "broken.toml").write_text('them = "x"\n')
    themes = {theme["name"]: theme for theme in json.loads(run("themes", "--json").out)}
    assert "'them'" in themes["broken"]["problem"]
    assert themes["harbour"]["problem"] == ""
    assert run("themes").code == 0


def test_init_writes_a_file_that_is_right_and_never_over_another(run: Run, folder: Path) -> None:
    file = folder / "agentgrid.toml"
    assert run("config", "init") == (0, f"{file}\n", "")
    assert run("config", "check").code == 0
    before = file.read_text()
    again = run("config", "init")
    assert (again.code, again.out) == (2, "")
    assert "is there already" in again.err
    assert file.read_text() == before
    assert json.loads(run("config", "init", "--config", "other.toml", "--json").out) == {"file": str(folder / "other.toml")}
    assert run("config", "init", "--config", "no/such/folder.toml").code == 1


def test_check_names_the_mistake(run: Run, folder: Path) -> None:
    (folder / "agentgrid.toml").write_text('[[pane]]\nagnet = "claude"\n')
    ended = run("config", "check")
    assert (ended.code, ended.out) == (2, "")
    assert "did you mean 'agent'?" in ended.err


def test_show_says_what_holds(run: Run, folder: Path) -> None:
    (folder / "agentgrid.toml").write_text('theme = "paper"\n')
    assert 'theme = "paper"' in run("config", "show").out
    shown = json.loads(run("config", "show", "--json").out)
    assert shown["theme"] == "paper"
    assert shown["origins"] == {"theme": "agentgrid.toml"}


def test_the_configuration_is_that_of_the_repository(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".git").mkdir()
    (folder / "agentgrid.toml").write_text('theme = "paper"\n')
    below = folder / "src"
    below.mkdir()
    monkeypatch.chdir(below)
    assert json.loads(run("config", "show", "--json").out)["theme"] == "paper"
