"""Where panes work: each kind of folder, made for real."""

import os
import socket
from pathlib import Path

import pytest

from agentgrid.errors import Unavailable, UsageError
from agentgrid.paths import state_dir
from agentgrid.workspace.folders import prepare
from tests.workspace.repository import git, repository


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path / "project")


def test_shared_is_the_sessions_folder(tmp_path: Path) -> None:
    assert prepare("shared", "", root=tmp_path, name="a") == (tmp_path, "")


def test_a_session_folder_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"session's folder .*gone is not there"):
        prepare("shared", "", root=tmp_path / "gone", name="a")


@pytest.mark.parametrize("path", ["sub", "./sub", "sub/../sub", "~/sub", "{tmp}/sub"])
def test_a_path_is_relative_to_the_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "sub").mkdir()
    assert prepare("path", path.replace("{tmp}", str(tmp_path)), root=tmp_path, name="a") == (tmp_path / "sub", "")


@pytest.mark.parametrize(("path", "words"), [("gone", "is not there; make it, or name another for claude-2"), ("file", "is a file")])
def test_a_path_that_is_no_folder(tmp_path: Path, path: str, words: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=f"{path} {words}"):
        prepare("path", path, root=tmp_path, name="claude-2")


def test_a_worktree_and_its_branch(root: Path) -> None:
    assert prepare("worktree", "", root=root, name="codex-1") == (root / ".agentgrid" / "trees" / "codex-1", "agentgrid/codex-1")


def test_scratch_folders_are_empty_private_and_differ(tmp_path: Path) -> None:
    made = [prepare("scratch", "", root=tmp_path, name="a/b")[0] for _ in range(2)]
    assert made[0] != made[1]
    for folder in made:
        assert list(folder.iterdir()) == []
        assert folder.stat().st_mode & 0o777 == 0o700
        assert state_dir() in folder.parents


def test_no_such_kind(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'shred' is no kind of folder; use shared, worktree"):
        prepare("shred", "", root=tmp_path, name="a")


# ---------------------------------------------------------------------- copies


def test_a_copy_holds_everything_and_is_a_repository_of_its_own(root: Path) -> None:
    (root / ".gitignore").write_text("node_modules/\n.env\n")
    (root / "node_modules").mkdir()
    (root / "node_modules" / "tool").write_text("#!/bin/sh\n")
    (root / "node_modules" / "tool").chmod(0o755)
    (root / ".env").write_text("SECRET=1\n")
    (root / "a.txt").write_text("changed\n")
    (root / "link").symlink_to("a.txt")
    (root / "broken").symlink_to("/no/such/file")
    os.utime(root / "a.txt", (1_000_000_000, 1_000_000_000))
    copy, branch = prepare("copy", "", root=root, name="a")
    assert (copy, branch) == (root / ".agentgrid" / "copies" / "a", "")
    assert sorted(os.listdir(copy)) == sorted(set(os.listdir(root)) - {".agentgrid"})
    assert (copy / ".env").read_text() == "SECRET=1\n"
    assert os.access(copy / "node_modules" / "tool", os.X_OK)
    assert (copy / "link").readlink() == Path("a.txt")
    assert (copy / "broken").readlink() == Path("/no/such/file")
    assert (copy / "a.txt").stat().st_mtime == 1_000_000_000
    assert git(copy, "status", "--porcelain") == git(root, "status", "--porcelain")
    git(copy, "checkout", "--quiet", "-b", "other")
    git(copy, "commit", "-qam", "in the copy")
    assert git(root, "symbolic-ref", "--short", "HEAD") == "main"
    assert git(root, "branch", "--list", "other") == ""
    assert copy.stat().st_mode == root.stat().st_mode


def test_a_copy_knows_nothing_of_the_originals_worktrees(root: Path) -> None:
    prepare("worktree", "", root=root, name="tree")
    copy, _ = prepare("copy", "", root=root, name="a")
    assert git(copy, "worktree", "list").count("\n") == 0
    assert git(root, "worktree", "list").count("\n") == 1


def test_copies_hold_no_copies_and_git_does_not_see_them(root: Path) -> None:
    first, _ = prepare("copy", "", root=root, name="a")
    second, _ = prepare("copy", "", root=root, name="a")
    assert (first.name, second.name) == ("a", "a-2")
    assert not (second / ".agentgrid").exists()
    assert sorted(os.listdir(second.parent)) == ["a", "a-2"]
    assert git(root, "status", "--porcelain") == ""


def test_a_folder_without_git_can_be_copied(tmp_path: Path) -> None:
    (tmp_path / "-rf").write_text("a file with the name of an option\n")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / os.fsdecode(b"\xff\n")).write_text("odd\n")
    copy, _ = prepare("copy", "", root=tmp_path, name="a")
    assert (copy / "-rf").exists()
    assert (copy / "deep" / "er" / os.fsdecode(b"\xff\n")).read_text() == "odd\n"


def test_a_folder_of_many_entries_and_an_empty_one_can_be_copied(tmp_path: Path) -> None:
    (tmp_path / "many").mkdir()
    (tmp_path / "none").mkdir()
    for number in range(1203):
        (tmp_path / "many" / str(number)).touch()
    assert len(os.listdir(prepare("copy", "", root=tmp_path / "many", name="a")[0])) == 1203
    assert os.listdir(prepare("copy", "", root=tmp_path / "none", name="a")[0]) == []


def test_sockets_and_pipes_are_no_obstacle(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(tmp_path / "socket"))
        (tmp_path / "file").touch()
        copy, _ = prepare("copy", "", root=tmp_path, name="a")
    assert (copy / "file").exists()


def test_a_linked_worktree_is_not_copied(root: Path, tmp_path: Path) -> None:
    git(root, "worktree", "add", "--quiet", str(tmp_path / "linked"))
    with pytest.raises(UsageError, match="share its index; use --folder worktree"):
        prepare("copy", "", root=tmp_path / "linked", name="a")
    assert not (tmp_path / "linked" / ".agentgrid").exists()


def test_a_copy_that_fails_leaves_nothing(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = tmp_path / "bin" / "cp"
    failing.parent.mkdir()
    failing.write_text("#!/bin/sh\necho 'cp: error writing: No space left on device' >&2; exit 1\n")
    failing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{failing.parent}:{os.environ['PATH']}")
    with pytest.raises(Unavailable, match=r"cannot copy the folder: .*No space left on device"):
        prepare("copy", "", root=root, name="a")
    assert os.listdir(root / ".agentgrid" / "copies") == []
