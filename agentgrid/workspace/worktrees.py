"""git worktrees of panes: a checkout of its own for an agent, on a branch of its own, in the repository it belongs to.

A worktree called NAME stands in ``.agentgrid/trees/NAME`` of the repository's main checkout and is on the branch
``agentgrid/NAME``, which starts at the HEAD of the checkout it was asked from. Uncommitted changes stay where they are.
Where a folder or a branch of that name is there already, a number is added: nothing is taken over, nothing overwritten.

The main checkout, because a worktree that stood in another worktree would be deleted with it. A repository without one
(bare, with worktrees beside it) keeps them in the checkout they were asked from.

``.agentgrid/`` is ignored through ``info/exclude`` of the repository, which no commit ever holds.

Removing asks git whether work would be lost, and refuses: changes, new files, and commits that no other branch, tag or
remote has. Ignored files are no work, as for ``git worktree remove``.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from agentgrid.errors import Unavailable, UsageError
from agentgrid.workspace.git import ask_git, git_root, path_from, run_git

OURS = ".agentgrid"  # The folder of ours in a user's folder.
IGNORED = f"/{OURS}/"
BRANCHES = "agentgrid/"
CHECKOUT_SECONDS = 900.0  # A large repository, a slow disk, files that are fetched while they are checked out.


class Worktree(NamedTuple):
    """A checkout that belongs to a pane."""

    path: Path
    branch: str


def add_worktree(root: Path, name: str) -> Worktree:
    """Make a worktree of the repository that ``root`` is the checkout of. Raises UsageError when there can be none."""
    if git_root(root) is None:
        raise UsageError(f"{root} is no git repository, so it has no worktrees; run 'git init' there, or use a copy")
    home, common = _home(root), _common(root)
    code, head, _ = ask_git(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if code != 0:
        raise UsageError(f"the repository {root} has no commit yet that a worktree could start from; commit once, or use a copy")
    trees = own_folder(home, "trees")
    with _one_at_a_time(common):
        ignore_ours(home)
        path, branch = _free(root, trees, name)
        run_git(
            root, "worktree", "add", "--quiet", "--no-track", "-b", branch, "--", str(path), head.decode().strip(), seconds=CHECKOUT_SECONDS
        )
    return Worktree(path, branch)


def remove_worktree(path: Path) -> None:
    """Remove a pane's worktree, and its branch, when no work is lost by it. Raises UsageError that says where the work is."""
    common = _common(path)
    if run_git(path, "status", "--porcelain", "-z", "--untracked-files=normal"):
        raise UsageError(f"{path} has changes that are not committed; commit them there, or remove it with 'git worktree remove --force'")
    code, output, _ = ask_git(path, "symbolic-ref", "--quiet", "--short", "HEAD")
    branch = output.decode("utf-8", "surrogateescape").strip() if code == 0 else ""
    ours = branch.startswith(BRANCHES)
    if ours or not branch:
        only_here = run_git(path, "rev-list", "--count", "HEAD", "--not", *_without(branch), "--branches", "--tags", "--remotes")
        if int(only_here):
            where = f"the branch {branch}" if branch else f"no branch, only in {path}"
            commits = "1 commit that is" if int(only_here) == 1 else f"{int(only_here)} commits that are"
            raise UsageError(f"{path} has {commits} on {where}; merge or push first")
    with _one_at_a_time(common):
        run_git(common, "worktree", "remove", "--", str(path))
        if ours:
            run_git(common, "branch", "--quiet", "-D", "--", branch)


def own_folder(home: Path, kind: str) -> Path:
    """Our folder in a user's folder, made. Raises UsageError when something else stands in its place."""
    folder = home / OURS / kind
    for place in (folder.parent, folder):
        if place.is_symlink() or (place.exists() and not place.is_dir()):
            raise UsageError(f"{place} is in the way of agentgrid's own folder; move it")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"cannot make the folder {folder}: {error.strerror}") from error
    return folder


def ignore_ours(home: Path) -> None:
    """See that git ignores our folder, without a word in any tracked file."""
    if ask_git(home, "check-ignore", "--quiet", f"{OURS}/")[0] == 0:
        return
    exclude = path_from(run_git(home, "rev-parse", "--git-path", "info/exclude"), home)
    exclude.parent.mkdir(exist_ok=True)
    lines = exclude.read_bytes() if exclude.exists() else b""
    if IGNORED.encode() in lines.splitlines():
        return  # A bare repository ignores nothing that can be asked for.
    with exclude.open("ab") as file:
        file.write((b"" if lines.endswith(b"\n") or not lines else b"\n") + IGNORED.encode() + b"\n")


def free_name(name: str) -> Iterator[str]:
    """The name as part of a path and of a branch (git-check-ref-format(1)), then the same with a number."""
    word = re.sub(r"[^A-Za-z0-9_-]+", lambda odd: "." if odd[0].startswith(".") else "-", name).strip(".-")
    word = re.sub(r"(\.lock)+$", "", word) or "pane"
    yield word
    number = 2
    while True:
        yield f"{word}-{number}"
        number += 1


def _free(root: Path, trees: Path, name: str) -> Worktree:
    """A path and a branch that are not there yet."""
    prefix = BRANCHES
    if _has_branch(root, BRANCHES.rstrip("/")):
        prefix = BRANCHES.replace("/", "-")  # A branch 'agentgrid' is a file where the folder 'agentgrid/' would be.
    return next(
        Worktree(trees / word, prefix + word)
        for word in free_name(name)
        if not os.path.lexists(trees / word) and not _has_branch(root, prefix + word)
    )


def _has_branch(root: Path, branch: str) -> bool:
    return ask_git(root, "show-ref", "--verify", "--quiet", f"refs/heads/{branch}")[0] == 0


def _without(branch: str) -> list[str]:
    return [f"--exclude={branch}"] if branch else []


def _common(folder: Path) -> Path:
    """The git directory that all worktrees of a repository share."""
    return path_from(run_git(folder, "rev-parse", "--git-common-dir"), folder).resolve()


def _home(root: Path) -> Path:
    """The checkout that our folder stands in: the main one, else this one, else (bare) the folder with the ``.git``."""
    common = _common(root)
    if ask_git(common, "config", "--type=bool", "core.bare")[1].strip() != b"true":
        if common.name == ".git":
            return common.parent
        code, worktree, _ = ask_git(common, "config", "core.worktree")  # A submodule's.
        if code == 0:
            return path_from(worktree, common).resolve()
    code, top, _ = ask_git(root, "rev-parse", "--show-toplevel")
    return path_from(top, root) if code == 0 and top.strip() else root


@contextmanager
def _one_at_a_time(common: Path) -> Iterator[None]:
    """Six panes that start at once ask for six worktrees at once: names are picked and checked out one after the other."""
    descriptor = os.open(common, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
