"""Worktrees of panes in real repositories: where they stand, what they start from, and that no work is ever lost."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentgrid.errors import UsageError
from agentgrid.workspace.worktrees import add_worktree, free_name, remove_worktree
from tests.workspace.repository import commit, git, repository


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path / "project", commits=2)


def test_a_worktree_is_a_checkout_of_its_own_on_a_branch_of_its_own(root: Path) -> None:
    path, branch = add_worktree(root, "experiment")
    assert path == root / ".agentgrid" / "trees" / "experiment"
    assert branch == "agentgrid/experiment"
    assert git(path, "symbolic-ref", "--short", "HEAD") == branch
    assert git(path, "rev-parse", "HEAD") == git(root, "rev-parse", "HEAD")
    assert (path / "a.txt").read_text() == "1\n"
    assert git(root, "symbolic-ref", "--short", "HEAD") == "main"


def test_git_sees_nothing_of_it_and_no_tracked_file_changes(root: Path) -> None:
    (root / ".gitignore").write_text("*.log\n")
    git(root, "add", ".gitignore")
    git(root, "commit", "-qm", "ignore")
    add_worktree(root, "a")
    add_worktree(root, "b")
    assert git(root, "status", "--porcelain", "--untracked-files=all") == ""
    assert (root / ".git" / "info" / "exclude").read_text().splitlines().count("/.agentgrid/") == 1


@pytest.mark.parametrize("before", [None, "", "*.swp", "*.swp\n"], ids=["no file", "empty", "no final newline", "a line"])
def test_the_exclude_file_keeps_what_it_held(root: Path, before: str | None) -> None:
    exclude = root / ".git" / "info" / "exclude"
    exclude.unlink()
    if before is None:
        exclude.parent.rmdir()
    else:
        exclude.write_text(before)
    add_worktree(root, "a")
    assert exclude.read_text().splitlines() == [*(before or "").splitlines(), "/.agentgrid/"]


def test_a_repository_that_ignores_our_folder_by_itself_is_left_alone(root: Path) -> None:
    commit(root, ".gitignore", ".agentgrid\n")
    before = (root / ".git" / "info" / "exclude").read_text()
    add_worktree(root, "a")
    assert (root / ".git" / "info" / "exclude").read_text() == before


def test_what_is_not_committed_stays_where_it_is(root: Path) -> None:
    (root / "a.txt").write_text("changed\n")
    (root / "staged").write_text("staged\n")
    git(root, "add", "staged")
    (root / "new").write_text("new\n")
    before = git(root, "status", "--porcelain")
    path, _ = add_worktree(root, "a")
    assert git(root, "status", "--porcelain") == before
    assert sorted(entry.name for entry in path.iterdir()) == [".git", "a.txt"]
    assert (path / "a.txt").read_text() == "1\n"


def test_a_name_that_is_taken_gets_a_number(root: Path) -> None:
    git(root, "branch", "agentgrid/codex")
    (root / ".agentgrid" / "trees" / "codex-2").mkdir(parents=True)
    assert add_worktree(root, "codex").path.name == "codex-3"
    assert add_worktree(root, "codex").branch == "agentgrid/codex-4"


def test_a_branch_called_agentgrid_is_not_in_the_way(root: Path) -> None:
    git(root, "branch", "agentgrid")
    assert add_worktree(root, "codex").branch == "agentgrid-codex"


def test_six_at_once(root: Path) -> None:
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda _: add_worktree(root, "codex"), range(6)))
    assert len({tree.path for tree in made}) == len({tree.branch for tree in made}) == 6
    assert git(root, "worktree", "list").count("\n") == 6


# ---------------------------------------------------------------------- where the repository is


def test_from_a_linked_worktree_it_stands_in_the_main_checkout_and_starts_at_the_linked_head(root: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    git(root, "worktree", "add", "--quiet", "-b", "topic", str(linked))
    commit(linked, "topic.txt")
    path, _ = add_worktree(linked, "a")
    assert path == root / ".agentgrid" / "trees" / "a"
    assert (path / "topic.txt").exists()
    assert git(root, "status", "--porcelain") == git(linked, "status", "--porcelain") == ""


def test_from_a_panes_own_worktree_it_stands_beside_that(root: Path) -> None:
    first = add_worktree(root, "a").path
    assert add_worktree(first, "b").path == root / ".agentgrid" / "trees" / "b"


def test_in_a_submodule(root: Path, tmp_path: Path) -> None:
    outer = repository(tmp_path / "outer")
    git(outer, "submodule", "--quiet", "add", str(root), "inner")
    git(outer, "commit", "-qm", "submodule")
    path, _ = add_worktree(outer / "inner", "a")
    assert path == outer / "inner" / ".agentgrid" / "trees" / "a"
    assert git(path, "rev-parse", "HEAD") == git(root, "rev-parse", "HEAD")
    assert git(outer / "inner", "status", "--porcelain") == git(outer, "status", "--porcelain") == ""
    assert add_worktree(path, "b").path == outer / "inner" / ".agentgrid" / "trees" / "b"


def test_in_a_bare_repository_with_worktrees_beside_it(root: Path, tmp_path: Path) -> None:
    project = tmp_path / "bare"
    git(tmp_path, "clone", "--quiet", "--bare", str(root), str(project / ".bare"))
    (project / ".git").write_text("gitdir: ./.bare\n")
    git(project, "worktree", "add", "--quiet", "main")
    path, _ = add_worktree(project / "main", "a")
    assert path == project / "main" / ".agentgrid" / "trees" / "a"
    assert git(project / "main", "status", "--porcelain") == ""
    assert add_worktree(project, "b").path == project / ".agentgrid" / "trees" / "b"


def test_in_a_folder_whose_name_is_no_text(tmp_path: Path) -> None:
    root = repository(tmp_path / "caf\udce9 a\nb ")
    path, _ = add_worktree(root, "a")
    assert path == root / ".agentgrid" / "trees" / "a"
    assert git(path, "rev-parse", "HEAD") == git(root, "rev-parse", "HEAD")


def test_outside_of_a_repository_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is no git repository.*git init.*copy"):
        add_worktree(tmp_path, "a")


def test_without_a_commit_it_says_what_to_do(tmp_path: Path) -> None:
    root = repository(tmp_path / "fresh", commits=0)
    with pytest.raises(UsageError, match=r"has no commit yet.*commit once"):
        add_worktree(root, "a")
    assert not (root / ".agentgrid").exists()


def test_a_link_in_the_place_of_our_folder_is_not_followed(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / ".agentgrid").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="in the way"):
        add_worktree(root, "a")
    assert list((tmp_path / "elsewhere").iterdir()) == []


# ---------------------------------------------------------------------- removing


def test_an_untouched_worktree_goes_with_its_branch(root: Path) -> None:
    path, branch = add_worktree(root, "a")
    remove_worktree(path)
    assert not path.exists()
    assert branch not in git(root, "branch", "--list", "--all")
    assert git(root, "worktree", "list").count("\n") == 0


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda path: (path / "a.txt").write_text("changed\n"), id="a change"),
        pytest.param(lambda path: (path / "a.txt").unlink(), id="a deletion"),
        pytest.param(lambda path: (path / "new").touch(), id="a new file"),
        pytest.param(lambda path: [(path / "new").touch(), git(path, "add", "new")], id="a staged file"),
    ],
)
def test_changes_are_never_removed(root: Path, change: "object") -> None:
    path, branch = add_worktree(root, "a")
    assert callable(change)
    change(path)
    before = git(path, "status", "--porcelain")
    with pytest.raises(UsageError, match=f"{path} has changes"):
        remove_worktree(path)
    assert git(path, "status", "--porcelain") == before
    assert git(path, "symbolic-ref", "--short", "HEAD") == branch


def test_commits_that_are_nowhere_else_are_never_removed(root: Path) -> None:
    path, branch = add_worktree(root, "a")
    commit(path, "work")
    with pytest.raises(UsageError, match=f"1 commit that is on the branch {branch}; merge"):
        remove_worktree(path)
    assert (path / "work").exists()
    git(root, "merge", "--quiet", branch)
    remove_worktree(path)
    assert (root / "work").exists()
    assert git(root, "branch", "--list", branch) == ""


def test_commits_on_no_branch_are_never_removed(root: Path) -> None:
    path, _ = add_worktree(root, "a")
    git(path, "checkout", "--quiet", "--detach")
    commit(path, "one")
    commit(path, "two")
    with pytest.raises(UsageError, match="2 commits that are on no branch"):
        remove_worktree(path)
    assert (path / "two").exists()


@pytest.mark.parametrize("keeper", [("branch", "keep"), ("tag", "keep")], ids=["another branch", "a tag"])
def test_commits_that_another_name_keeps_are_no_reason_to_refuse(root: Path, keeper: tuple[str, str]) -> None:
    path, _ = add_worktree(root, "a")
    commit(path, "work")
    git(path, *keeper)
    head = git(path, "rev-parse", "HEAD")
    remove_worktree(path)
    assert git(root, "rev-parse", "keep") == head


def test_a_branch_of_the_users_own_stays(root: Path) -> None:
    path, _ = add_worktree(root, "a")
    git(path, "checkout", "--quiet", "-b", "mine")
    commit(path, "work")
    remove_worktree(path)
    assert git(root, "show", "--name-only", "--format=", "mine") == "work"


# ---------------------------------------------------------------------- names


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=12) | st.text(alphabet="a.-/~^lock", max_size=12))
def test_any_name_makes_a_branch_that_git_takes(name: str) -> None:
    names = free_name(name)
    for word in (next(names), next(names)):
        assert "/" not in word
        assert subprocess.run(["git", "check-ref-format", f"refs/heads/agentgrid/{word}"], check=False).returncode == 0, word
