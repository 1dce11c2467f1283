"""Where a pane works.

shared     the session's folder, as it is
path       another folder, relative to the session's
worktree   a git worktree of its own, see ``worktrees``
copy       the whole session folder again, in ``.agentgrid/copies/NAME``: what is ignored or uncommitted too, and with a
           ``.git`` of its own. Blocks are shared with the original where the file system can (Btrfs, XFS, APFS)
scratch    an empty folder in agentgrid's state folder

All of them stay when a pane is closed. A copy is made beside its place and moved there when it is whole.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from agentgrid.errors import Unavailable, UsageError
from agentgrid.paths import private_folder, state_dir
from agentgrid.workspace.git import git_root
from agentgrid.workspace.worktrees import OURS, add_worktree, free_name, ignore_ours, own_folder

COPY = ("cp", "-Rpc") if sys.platform == "darwin" else ("cp", "-a", "--reflink=auto")  # Both share blocks where they can.


def prepare(kind: str, path: str, *, root: Path, name: str) -> tuple[Path, str]:
    """The folder of a pane called ``name`` in the session at ``root``, made when it has to be, and its branch.

    Raises UsageError for what cannot be, Unavailable for what fails. A worktree and a copy may take minutes.
    """
    if not root.is_dir():
        raise UsageError(f"the session's folder {root} is not there; make it again, or end the session")
    match kind:
        case "shared":
            return root, ""
        case "path":
            return _existing(root / os.path.expanduser(path), name), ""
        case "worktree":
            return add_worktree(root, name)
        case "copy":
            return copy_folder(root, name), ""
        case "scratch":
            return scratch_folder(name), ""
        case _:
            raise UsageError(f"'{kind}' is no kind of folder; use shared, worktree, copy, scratch or a path")


def copy_folder(root: Path, name: str) -> Path:
    """A whole copy of the folder, but for our own. Raises UsageError for a linked worktree: its copy would share its index."""
    if (root / ".git").is_file():
        raise UsageError(f"{root} is a linked worktree or a submodule, and a copy would share its index; use --folder worktree")
    copies = own_folder(root, "copies")
    if git_root(root) == root.resolve():
        ignore_ours(root)
    fresh = Path(tempfile.mkdtemp(prefix=".making-", dir=copies))
    try:
        _copy([entry for entry in sorted(root.iterdir()) if entry.name != OURS], fresh)
        shutil.rmtree(fresh / ".git" / "worktrees", ignore_errors=True)  # They are the original's.
        fresh.chmod(root.stat().st_mode & 0o7777)
        return _moved(fresh, copies, name)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def scratch_folder(name: str) -> Path:
    """An empty folder that nobody else uses."""
    try:
        base = private_folder(private_folder(state_dir()) / "scratch")
        return Path(tempfile.mkdtemp(prefix=f"{next(free_name(name))}-", dir=base))
    except OSError as error:
        raise Unavailable(f"cannot make a scratch folder: {error}") from error


def _existing(folder: Path, name: str) -> Path:
    folder = folder.resolve()
    if not folder.is_dir():
        wrong = "is a file" if folder.exists() else "is not there"
        raise UsageError(f"the folder {folder} {wrong}; make it, or name another for {name}")
    if not os.access(folder, os.X_OK):
        raise UsageError(f"the folder {folder} may not be entered; name another for {name}")
    return folder


def _copy(entries: list[Path], target: Path) -> None:
    """By cp, not in this process: a hundred thousand small files would keep everybody else here waiting."""
    words = [os.fspath(entry) for entry in entries]
    for start in range(0, len(words), 500):  # A command line holds some 2 MB; a path 4 kB at the most.
        done = subprocess.run(
            [*COPY, "--", *words[start : start + 500], target], stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        if done.returncode != 0:
            lines = done.stderr.decode("utf-8", "replace").splitlines()
            raise Unavailable(f"cannot copy the folder: {lines[0] if lines else f'exit code {done.returncode}'}")


def _moved(fresh: Path, copies: Path, name: str) -> Path:
    for word in free_name(name):
        try:
            return fresh.rename(copies / word)
        except OSError:  # It is there, and not empty.
            if not os.path.lexists(copies / word):
                raise
    raise AssertionError("names never run out")
