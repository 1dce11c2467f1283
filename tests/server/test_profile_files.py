"""The user's profiles while a session runs: what is written counts, what is wrong is told and changes nothing."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agentgrid.config.load import Config
from agentgrid.errors import ConfigError
from agentgrid.server import profile_files
from agentgrid.server.loop import Loop
from agentgrid.server.profile_files import ProfileFiles

DEADLINE_SECONDS = 10
MINE = 'command = ["mine"]\ntitle = "{}"\n'


class Live:
    """The files of a folder, in a loop of their own."""

    def __init__(self, folder: Path) -> None:
        self.loop = Loop()
        self.changes = 0
        self.problems: list[str] = []
        self.files = ProfileFiles(self.loop, folder, Config(), self._changed, self.problems.append)

    def _changed(self) -> None:
        self.changes += 1

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = self.loop.now() + DEADLINE_SECONDS
        while not condition():
            assert self.loop.now() < deadline
            self.loop.turn(0.1)

    def title(self, name: str = "mine") -> str:
        found = self.files.profiles.get(name)
        return "" if found is None else found.title


@pytest.fixture(params=["told", "looked at"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With inotify, and without it."""
    if request.param == "looked at":
        monkeypatch.setattr(sys, "platform", "darwin")
        monkeypatch.setattr(profile_files, "LOOK_SECONDS", 0.01)
    return tmp_path / "config" / "profiles"


@pytest.fixture
def live(folder: Path) -> Iterator[Live]:
    made = Live(folder)
    yield made
    made.files.close()
    made.loop.close()


def test_a_folder_that_is_made_later(live: Live, folder: Path) -> None:
    assert live.title() == ""
    folder.parent.mkdir()
    folder.mkdir()
    (folder / "mine.toml").write_text(MINE.format("One"))
    live.until(lambda: live.title() == "One")


def test_written_replaced_and_removed(live: Live, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text(MINE.format("One"))
    live.until(lambda: live.title() == "One")
    (folder / "new").write_text(MINE.format("Another"))
    (folder / "new").rename(folder / "mine.toml")  # As editors do.
    live.until(lambda: live.title() == "Another")
    (folder / "claude.toml").write_text('command = ["claude"]\ntitle = "Mine"\n')
    live.until(lambda: live.title("claude") == "Mine")
    (folder / "claude.toml").unlink()
    live.until(lambda: live.title("claude") == "Claude Code")
    assert live.problems == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param('command = ["mine"]\ntitel = "x"\n', "unknown key 'titel'; did you mean 'title'?", id="an unknown key"),
        pytest.param("command = [\n", "mine.toml:", id="no TOML"),
        pytest.param(
            MINE.format("x") + "[[screens]]\nname = 'a'\nstate = 'idle'\npattern = '('\n", "is no regular expression", id="no expression"
        ),
    ],
)
def test_what_is_wrong_is_told_and_the_old_ones_stay(live: Live, folder: Path, text: str, problem: str) -> None:
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text(MINE.format("One"))
    live.until(lambda: live.title() == "One")
    (folder / "mine.toml").write_text(text)
    live.until(lambda: live.problems != [])
    assert problem in live.problems[0]
    assert live.problems[0].endswith("; the profiles stay as they were")
    assert live.title() == "One"
    (folder / "mine.toml").write_text(MINE.format("Two"))
    live.until(lambda: live.title() == "Two")
    assert len(live.problems) == 1


def test_at_the_start_a_mistake_is_an_error(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text("titel = 1")
    loop = Loop()
    with pytest.raises(ConfigError, match="titel"):
        ProfileFiles(loop, folder, Config(), lambda: None, lambda _: None)
    loop.close()
