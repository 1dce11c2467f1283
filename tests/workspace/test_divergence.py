"""Worktrees of one repository: what both have changed, and whether it merges."""

from pathlib import Path

import pytest

from agentgrid.workspace.divergence import CLASHES, MERGES, Worktree, find_divergences
from agentgrid.workspace.repository import Checkout, open_checkout
from tests.workspace.repository import git

LINES = "".join(f"line {number}\n" for number in range(1, 31))


@pytest.fixture
def two(tmp_path: Path) -> tuple[Checkout, Checkout]:
    main = tmp_path / "main"
    main.mkdir()
    git(main, "init", "-q", "-b", "main")
    for name in ("a", "b"):
        (main / name).write_text(LINES)
    git(main, "add", "-A")
    git(main, "commit", "-qm", "one")
    git(main, "worktree", "add", "-q", "-b", "other", str(tmp_path / "other"))
    found = open_checkout(main), open_checkout(tmp_path / "other")
    assert found[0] is not None
    assert found[1] is not None
    return found[0], found[1]


def change(checkout: Checkout, path: str, line: int, text: str) -> None:
    file = checkout.top / path
    file.write_text(file.read_text().replace(f"line {line}\n", f"{text}\n"))


def told(two: tuple[Checkout, Checkout], first: set[str], second: set[str]) -> list[tuple[str, tuple[int, ...], str]]:
    trees = [Worktree(two[0], dict.fromkeys(first, (1,)), (1,)), Worktree(two[1], dict.fromkeys(second, (2,)), (2,))]
    return [(one.path, one.panes, one.summary) for one in find_divergences(trees)]


def objects(checkout: Checkout) -> int:
    return len([path for path in (checkout.common_dir / "objects").rglob("*") if path.is_file()])


def test_what_merges_and_what_does_not(two: tuple[Checkout, Checkout]) -> None:
    before = objects(two[0])
    change(two[0], "a", 5, "mine")
    change(two[1], "a", 25, "theirs")
    change(two[0], "b", 5, "mine")
    change(two[1], "b", 5, "theirs")
    assert told(two, {"a", "b"}, {"a", "b"}) == [("a", (1, 2), MERGES), ("b", (1, 2), CLASHES)]
    assert objects(two[0]) == before
    assert git(two[0].top, "status", "--porcelain").split() == ["M", "a", "M", "b"]


def test_commits_count_as_work_does(two: tuple[Checkout, Checkout]) -> None:
    change(two[1], "a", 5, "theirs")
    git(two[1].top, "commit", "-qam", "two")
    change(two[0], "a", 5, "mine")
    assert told(two, {"a"}, set()) == [("a", (1, 2), CLASHES)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("a", "b", id="different files"),
        pytest.param("a", "a", id="the same change"),
    ],
)
def test_no_divergence(two: tuple[Checkout, Checkout], first: str, second: str) -> None:
    change(two[0], first, 5, "same")
    change(two[1], second, 5, "same")
    assert told(two, {first}, {second}) == []


def test_a_deletion_clashes_with_a_change(two: tuple[Checkout, Checkout]) -> None:
    (two[0].top / "a").unlink()
    change(two[1], "a", 5, "theirs")
    assert told(two, {"a"}, {"a"}) == [("a", (1, 2), CLASHES)]
