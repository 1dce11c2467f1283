"""Commit exactly what one pane wrote, with an index of our own.

    plan     which files hold the pane's work, and of each the content that the commit gets; or why it cannot be told
    commit   an index made of HEAD and the plan → ``git commit`` with it: hooks and signing as git is configured
    after    in the user's own index the entries that were as in the old HEAD become those of the new one; what they have
             staged stays staged

``index.lock`` is held meanwhile, as ``git commit`` does: whoever else would commit waits or is told so, and nobody's commit
is undone by ours. The working tree is never touched.
"""

import contextlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from agentgrid.errors import Unavailable, UsageError
from agentgrid.workspace.change import Change, ChangeKind
from agentgrid.workspace.git import ask_git, git_root, run_git
from agentgrid.workspace.lines import NOBODY, Version
from agentgrid.workspace.pathname import bytes_of, native, shown
from agentgrid.workspace.portion import Entangled, portion_of
from agentgrid.workspace.repository import LITERAL, Checkout

LOCK_SECONDS = 10.0  # Others' git commands hold the lock for milliseconds, a commit with hooks for seconds.
LOCK_POLL_SECONDS = 0.05
COMMIT_SECONDS = 300.0  # The user's hooks may run their tests.
UNFINISHED = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
}
"""By git's own files: a commit now would be part of that."""
GONE = "0 0000000000000000000000000000000000000000"


class Work(NamedTuple):
    """A pane's work in one file, as the ledger and the contents know it."""

    change: Change
    others: tuple[int, ...]
    """Other panes with work in it that is not committed."""
    version: Version | None
    """The present content by lines, None when its owners are not known."""


class Item(NamedTuple):
    """One file of a commit. ``content`` is None when the file goes."""

    path: str
    content: bytes | None
    mode: str
    whole: bool
    change: Change


class Committed(NamedTuple):
    """What came of it. ``commit`` is empty when it was only tried."""

    commit: str
    items: tuple[Item, ...]
    summary: str
    clean: tuple[str, ...]


def plan(checkout: Checkout, work: Mapping[str, Work], pane: int, names: Mapping[int, str]) -> list[Item]:
    """What the pane's commit would hold. Raises UsageError with what stands against it; ``names`` is how to call panes."""
    for name, what in UNFINISHED.items():
        if (checkout.git_dir / name).exists():
            raise UsageError(f"{what} is under way in {checkout.top}; finish it or abort it first")
    items: list[Item] = []
    refused: list[str] = []
    for path, one in sorted(work.items()):
        found = _item(checkout, path, one, pane, names)
        if isinstance(found, str):
            refused.append(found)
        elif found is not None:
            items.append(found)
            if one.change.kind is ChangeKind.RENAMED and not (checkout.top / native(one.change.old_path)).exists():
                items.append(Item(one.change.old_path, None, "", True, one.change))
    if refused:
        more = f" (and {len(refused) - 1} more such files)" if len(refused) > 1 else ""
        raise UsageError(refused[0] + more)
    head = _tree(checkout, [item.path for item in items])
    return [item for item in items if item.content is not None or item.path in head]


def commit(checkout: Checkout, items: list[Item], message: str) -> Committed:
    """Make the commit. Raises Unavailable with git's or its hook's own words when it fails; nothing has changed then."""
    with _index_locked(checkout) as lock, tempfile.TemporaryDirectory(prefix="agentgrid-commit-") as folder:
        before = checkout.head()
        old = _tree(checkout, [item.path for item in items])
        environment = {"GIT_INDEX_FILE": os.path.join(folder, "index"), **LITERAL}
        run_git(checkout.top, "read-tree", "HEAD" if before else "--empty", environment=environment)
        entries = {item.path: _entry(checkout, item) for item in items}
        _put(checkout, entries, environment)
        if before and not run_git(checkout.top, "diff-index", "--cached", "--name-only", "HEAD", environment=environment):
            raise UsageError("there is nothing to commit: what the pane wrote is what the last commit has")
        code, output, errors = ask_git(
            checkout.top, "commit", "--quiet", "-F", "-", given=message.encode(), environment=environment, seconds=COMMIT_SECONDS
        )
        if code != 0:
            said = (errors or output).decode("utf-8", "replace").strip().splitlines()
            raise Unavailable(f"git commit: {said[-1] if said else f'exit code {code}'}")
        made = checkout.head()
        new = _tree(checkout, list(entries))
        if _follow(checkout, lock.path, old, new, list(entries)):
            lock.held = False
    summary = run_git(checkout.top, "log", "-1", "--format=%h %s", made).decode("utf-8", "replace").strip()
    return Committed(made, tuple(items), summary, tuple(checkout.clean(entries)))


# ------------------------------------------------------------------ the plan


def _item(checkout: Checkout, path: str, work: Work, pane: int, names: Mapping[int, str]) -> Item | str | None:
    """A file of the commit, why not, or None when nothing of the pane's is left in it."""
    absolute = os.fsencode(checkout.top) + b"/" + bytes_of(path)
    if git_root(Path(os.fsdecode(absolute)).parent) != checkout.top:
        return None  # Of a repository inside this one, which has commits of its own.
    try:
        status = os.lstat(absolute)
    except OSError:
        last = work.change.kind is ChangeKind.DELETED or not work.others
        return Item(path, None, "", True, work.change) if last else None
    mode = "120000" if stat.S_ISLNK(status.st_mode) else "100755" if status.st_mode & 0o100 else "100644"
    content = os.readlink(absolute) if stat.S_ISLNK(status.st_mode) else Path(os.fsdecode(absolute)).read_bytes()
    if work.version is None or content != b"".join(work.version.lines):
        if not work.others:
            return Item(path, content, mode, True, work.change)
        return f"{shown(path)} has work of {_list(work.others, names)} in it, and it is not known whose lines are whose; commit it by hand"
    committed = _committed(checkout, path)
    if committed is not None and committed == content:
        return None
    found = portion_of(committed or b"", work.version, pane)
    if isinstance(found, Entangled):
        others = _list([owner for owner in found.owners if owner != pane], names)
        lines = f"line {found.lines.first}" if found.lines.first == found.lines.last else f"lines {found.lines.first}-{found.lines.last}"
        return f"{shown(path)}, {lines}: its changes and those of {others} stand in one another; commit them together, by hand"
    if found.empty:
        return None
    return Item(path, found.content, mode, found.whole, work.change)


def _committed(checkout: Checkout, path: str) -> bytes | None:
    code, output, _ = ask_git(checkout.top, "cat-file", "blob", "HEAD:" + os.fsdecode(bytes_of(path)))
    return output if code == 0 else None


def _list(panes: "tuple[int, ...] | list[int]", names: Mapping[int, str]) -> str:
    return " and ".join(names.get(pane, "somebody outside" if pane == NOBODY else f"%{pane}") for pane in panes)


# ------------------------------------------------------------------ indexes


def _tree(checkout: Checkout, paths: list[str]) -> dict[str, str]:
    """What HEAD has of these paths: ``mode hash``."""
    if not paths or not checkout.head():
        return {}
    words = [os.fsdecode(bytes_of(path)) for path in paths]
    output = run_git(checkout.top, "ls-tree", "-z", "--full-tree", "HEAD", "--", *words, environment=LITERAL)
    wanted = {bytes_of(path): path for path in paths}
    return {
        wanted[name]: f"{meta.split()[0].decode()} {meta.split()[2].decode()}"
        for line in output.split(b"\0")
        if line
        for meta, _, name in [line.partition(b"\t")]
        if name in wanted
    }


def _entry(checkout: Checkout, item: Item) -> str:
    if item.content is None:
        return GONE
    name = os.fsdecode(bytes_of(item.path))
    filters = ["--no-filters"] if item.mode == "120000" else [f"--path={name}"]
    made = run_git(checkout.top, "hash-object", "-w", "--stdin", *filters, given=item.content).decode().strip()
    return f"{item.mode} {made}"


def _put(checkout: Checkout, entries: Mapping[str, str], environment: Mapping[str, str]) -> None:
    """Entries into an index."""
    given = b"".join(entry.encode() + b"\t" + bytes_of(path) + b"\0" for path, entry in entries.items())
    run_git(checkout.top, "update-index", "-z", "--index-info", given=given, environment=environment)


def _follow(checkout: Checkout, lock: Path, old: Mapping[str, str], new: Mapping[str, str], paths: list[str]) -> bool:
    """The user's index follows the commit where they had staged nothing: the lock's file takes its place. Whether it did."""
    index = checkout.git_dir / "index"
    words = [os.fsdecode(bytes_of(path)) for path in paths]
    listed = run_git(checkout.top, "ls-files", "-s", "-z", "--", *words, environment=LITERAL)
    staged: dict[bytes, str] = {}
    for line in listed.split(b"\0"):
        meta, _, name = line.partition(b"\t")
        if name:
            mode, made, stage = meta.decode().split()
            staged[name] = f"{mode} {made}" if stage == "0" else "unmerged"
    follows = {path: new.get(path, GONE) for path in paths if staged.get(bytes_of(path), GONE) == old.get(path, GONE)}
    if not follows:
        return False
    if index.exists():
        shutil.copyfile(index, lock)
    else:
        run_git(checkout.top, "read-tree", "--empty", environment={"GIT_INDEX_FILE": str(lock)})
    _put(checkout, follows, {"GIT_INDEX_FILE": str(lock), **LITERAL})
    lock.replace(index)
    return True


class _Lock:
    """The index's lock, ours while ``held``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.held = True


@contextlib.contextmanager
def _index_locked(checkout: Checkout) -> Iterator[_Lock]:
    """Hold the index's lock, as git does. Raises Unavailable when somebody else has it for long."""
    lock = checkout.git_dir / "index.lock"
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            os.close(os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666))
            break
        except FileExistsError:
            if time.monotonic() >= deadline:
                raise Unavailable(f"another git command holds {lock}; try again when it is done") from None
            time.sleep(LOCK_POLL_SECONDS)  # A lock file tells nobody when it goes.
    taken = _Lock(lock)
    try:
        yield taken
    finally:
        if taken.held:
            lock.unlink(missing_ok=True)
