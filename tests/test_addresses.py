"""Names and addresses of sessions."""

import socket
from pathlib import Path

import pytest

from agentgrid.addresses import address_for, claim, running, session_name
from agentgrid.errors import UsageError
from agentgrid.paths import MAX_SOCKET_PATH, session_folder


@pytest.fixture(autouse=True)
def own_runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    where = tmp_path / "run"
    monkeypatch.setenv("AGENTGRID_RUNTIME_DIR", str(where))
    return where


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("project", "project"),
        ("My Project!", "My-Project"),
        ("日本", "session"),
        (".hidden", "hidden"),
        ("--x--", "x"),
        ("", "session"),
        ("a" * 60, "a" * 40),
    ],
)
def test_a_folder_s_name_as_a_session_s(text: str, name: str) -> None:
    assert session_name(text) == name
    assert session_name(name) == name


def test_a_session_is_named_after_the_git_root(tmp_path: Path) -> None:
    inner = tmp_path / "repo" / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "repo" / ".git").mkdir()
    address = address_for(inner)
    assert (address.name, address.folder) == ("repo", (tmp_path / "repo").resolve())


def test_two_folders_of_one_name_are_told_apart(tmp_path: Path) -> None:
    first, second = tmp_path / "x" / "app", tmp_path / "y" / "app"
    first.mkdir(parents=True)
    second.mkdir(parents=True)
    claim(address_for(first))
    assert address_for(first).name == "app"
    assert address_for(second).name == "app-2"
    claim(address_for(second))
    assert (address_for(first).name, address_for(second).name) == ("app", "app-2")


def test_a_name_overrides_and_knows_its_folder(tmp_path: Path) -> None:
    claim(address_for(tmp_path, "mine"))
    other = tmp_path / "elsewhere"
    other.mkdir()
    assert address_for(other, "mine").folder == tmp_path.resolve()


@pytest.mark.parametrize("name", ["", "a/b", "../x", "a b", "-x", "x" * 41])
def test_a_name_that_cannot_be_one(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        address_for(tmp_path, name)


def test_only_sessions_that_answer_are_running(tmp_path: Path, own_runtime: Path) -> None:
    assert running() == []
    alive, dead = address_for(tmp_path, "alive"), address_for(tmp_path, "dead")
    claim(alive)
    claim(dead)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(alive.socket))
        listening.listen()
        assert running() == [alive]
    assert own_runtime.stat().st_mode & 0o777 == 0o700
    assert alive.socket.parent.stat().st_mode & 0o777 == 0o700


def test_a_long_path_still_makes_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTGRID_RUNTIME_DIR", str(tmp_path / ("d" * 120)))
    folder = session_folder("name")
    assert len(str(folder / "hosts" / "1000000.sock")) <= MAX_SOCKET_PATH
    assert folder != session_folder("other")
