"""Running git: its answers, its complaints, and what must not reach it."""

import os
import subprocess
from pathlib import Path

import psutil
import pytest

from agentgrid.errors import Unavailable
from agentgrid.workspace.git import ask_git, git_root, path_from, run_git
from tests.support.deadline import eventually
from tests.workspace.repository import git, repository


@pytest.mark.parametrize("inside", ["", "sub", "sub/deeper", "sub/deeper/not-there"])
def test_the_root_is_found_from_anywhere_inside(tmp_path: Path, inside: str) -> None:
    root = repository(tmp_path / "project")
    (root / "sub" / "deeper").mkdir(parents=True)
    assert git_root(root / inside) == root.resolve()


def test_outside_of_any_repository_there_is_no_root(tmp_path: Path) -> None:
    assert git_root(tmp_path) is None


def test_a_worktree_is_its_own_root(tmp_path: Path) -> None:
    root = repository(tmp_path / "project")
    git(root, "worktree", "add", "--quiet", str(tmp_path / "beside"))
    assert git_root(tmp_path / "beside") == tmp_path / "beside"


def test_the_root_is_found_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = repository(tmp_path / "project")
    monkeypatch.setenv("PATH", "")
    assert git_root(root) == root


def test_a_failure_is_one_line_in_gits_words(tmp_path: Path) -> None:
    root = repository(tmp_path / "project")
    with pytest.raises(Unavailable, match=r"^git rev-parse: ambiguous argument 'nothing': unknown revision[^\n]*$"):
        run_git(root, "rev-parse", "nothing")
    code, output, _ = ask_git(root, "rev-parse", "--verify", "--quiet", "nothing")
    assert (code, output) == (1, b"")


def test_no_git_and_no_folder_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unavailable, match="gone is not there"):
        run_git(tmp_path / "gone", "status")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="git is not installed"):
        run_git(tmp_path, "status")


def test_a_git_that_hangs_is_ended_with_all_it_started(tmp_path: Path) -> None:
    root = repository(tmp_path / "project")
    git(root, "config", "alias.hang", f"!echo $$ > {tmp_path}/pid; sleep 1000; true")
    with pytest.raises(Unavailable, match=r"took longer than 0\.5 seconds"):
        run_git(root, "hang", seconds=0.5)
    pid = int((tmp_path / "pid").read_text())
    eventually(lambda: not psutil.pid_exists(pid), "the alias's shell is gone too")


def test_the_environment_of_another_repository_is_not_obeyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, other = repository(tmp_path / "project"), repository(tmp_path / "other", commits=3)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    assert run_git(root, "rev-list", "--count", "HEAD") == b"1\n"


def test_nobody_is_asked_for_a_password(tmp_path: Path) -> None:
    root = repository(tmp_path / "project")
    shown = run_git(root, "-c", "alias.show-settings=!env; tty || true", "show-settings").decode()
    assert "GIT_TERMINAL_PROMPT=0" in shown
    assert "GIT_OPTIONAL_LOCKS=0" in shown
    assert "not a tty" in shown


def test_paths_that_are_no_text_come_through(tmp_path: Path) -> None:
    root = repository(tmp_path / os.fsdecode(b"caf\xe9 \n "))
    assert path_from(run_git(root, "rev-parse", "--show-toplevel"), root) == root
    (root / os.fsdecode(b"\xff\n")).touch()
    assert run_git(root, "status", "--porcelain", "-z") == b"?? \xff\n\0"


def test_status_takes_no_lock(tmp_path: Path) -> None:
    root = repository(tmp_path / "project")
    index = root / ".git" / "index"
    os.utime(root / "a.txt", (1, 1))  # git would write the index to remember that the file is unchanged.
    before = index.stat()
    assert run_git(root, "status", "--porcelain") == b""
    assert index.stat().st_mtime_ns == before.st_mtime_ns
    subprocess.run(["git", "status", "--porcelain"], cwd=root, check=True)
    assert index.stat().st_mtime_ns != before.st_mtime_ns, "without our settings it does"
