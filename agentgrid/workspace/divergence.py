"""Worktrees of one repository: which files both have changed, committed or not, and whether they would merge.

For each two: what each has changed since their common ancestor (commits, and the panes' work that is not committed). Where both
have changed a file, each side's state becomes a commit of its own, with an index and an object store that are thrown away, and
``git merge-tree`` says whether they merge (git 2.38). Nothing of the user's is touched: no index, no branch, no object is left.
"""

import os
import tempfile
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from agentgrid.workspace.committing import GONE
from agentgrid.workspace.git import ask_git, run_git
from agentgrid.workspace.pathname import bytes_of, native, text_of
from agentgrid.workspace.repository import Checkout

NOBODY = {f"GIT_{who}_{what}": "agentgrid" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
MAX_PATHS = 500  # Of two worktrees: what has more in common is a rewrite, and its files need no list.
MERGES, CLASHES = "changed in two worktrees; the two merge", "changed in two worktrees; the two do not merge"


class Worktree(NamedTuple):
    """One working tree, as values. ``work``: the panes with work that is not committed, by path; ``panes``: all that are in it."""

    checkout: Checkout
    work: Mapping[str, tuple[int, ...]]
    panes: tuple[int, ...]


class Divergence(NamedTuple):
    """A file that differs in two worktrees, both of which have changed it."""

    path: str
    panes: tuple[int, ...]
    summary: str


def find_divergences(trees: Sequence[Worktree]) -> list[Divergence]:
    """Of working trees of one repository. Raises Unavailable."""
    found: dict[str, Divergence] = {}
    with tempfile.TemporaryDirectory(prefix="agentgrid-merge-") as folder:
        commits: dict[Path, str] = {}
        for one, other in combinations(trees, 2):
            for divergence in _between(one, other, Path(folder), commits):
                before = found.get(divergence.path)
                panes = tuple(dict.fromkeys([*(before.panes if before else ()), *divergence.panes]))
                summary = CLASHES if before is not None and before.summary == CLASHES else divergence.summary
                found[divergence.path] = Divergence(divergence.path, panes, summary)
    return list(found.values())


def _between(one: Worktree, other: Worktree, folder: Path, commits: dict[Path, str]) -> list[Divergence]:
    heads = one.checkout.head(), other.checkout.head()
    if not all(heads):
        return []
    code, output, _ = ask_git(one.checkout.top, "merge-base", *heads)
    if code != 0:
        return []
    base = output.decode().strip()
    changed = [
        {*(tree.checkout.brought(base, head) if head != base else ()), *tree.work} for tree, head in zip((one, other), heads, strict=True)
    ]
    both = sorted(changed[0] & changed[1])[:MAX_PATHS]
    if not both:
        return []
    sides = [_commit(tree, head, folder, commits) for tree, head in zip((one, other), heads, strict=True)]
    top, environment = one.checkout.top, _environment(one.checkout, folder)
    words = [os.fsdecode(bytes_of(path)) for path in both]
    differ = _names(run_git(top, "diff-tree", "-r", "-z", "--name-only", *sides, "--", *words, environment=environment))
    if not differ:
        return []
    code, output, _ = ask_git(top, "merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", *sides, environment=environment)
    clashing = set(_names(output)[1:]) if code == 1 else set()
    return [
        Divergence(path, (*_panes(one, path), *_panes(other, path)), CLASHES if path in clashing else MERGES)
        for path in both
        if path in differ
    ]


def _panes(tree: Worktree, path: str) -> tuple[int, ...]:
    return tree.work.get(path) or tree.panes


def _commit(tree: Worktree, head: str, folder: Path, commits: dict[Path, str]) -> str:
    """The state of a working tree as a commit on top of its HEAD, made once."""
    top = tree.checkout.top
    if top not in commits:
        environment = _environment(tree.checkout, folder) | {"GIT_INDEX_FILE": str(folder / f"index{len(commits)}")}
        run_git(top, "read-tree", head, environment=environment)
        entries = b"".join(_entry(tree.checkout, path, environment) for path in tree.work)
        run_git(top, "update-index", "-z", "--index-info", given=entries, environment=environment)
        made = run_git(top, "write-tree", environment=environment).decode().strip()
        commits[top] = run_git(top, "commit-tree", "-p", head, "-m", "now", made, environment=environment | NOBODY).decode().strip()
    return commits[top]


def _entry(checkout: Checkout, path: str, environment: Mapping[str, str]) -> bytes:
    file = checkout.top / native(path)
    if file.is_symlink() or not file.is_file():
        return GONE.encode() + b"\t" + bytes_of(path) + b"\0"
    name = os.fsdecode(bytes_of(path))
    made = run_git(checkout.top, "hash-object", "-w", f"--path={name}", "--stdin", given=file.read_bytes(), environment=environment)
    mode = b"100755" if os.access(file, os.X_OK) else b"100644"
    return mode + b" " + made.strip() + b"\t" + bytes_of(path) + b"\0"


def _environment(checkout: Checkout, folder: Path) -> dict[str, str]:
    """What keeps new objects out of the repository."""
    (folder / "objects").mkdir(exist_ok=True)
    return {
        "GIT_OBJECT_DIRECTORY": str(folder / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(checkout.common_dir / "objects"),
        "GIT_LITERAL_PATHSPECS": "1",
    }


def _names(output: bytes) -> list[str]:
    return [text_of(name) for name in output.split(b"\0") if name]
