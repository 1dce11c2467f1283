"""Both sides of a conflict, to be compared and restored, and a pane's work as a diff.

Gathered in the observer's thread from what is kept, as values; what reads and writes the disk or runs git can then go on in
any thread. Nothing is lost by a restoration: what it replaces is kept beside the other contents, 0600.
"""

import difflib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from agentgrid.errors import UsageError
from agentgrid.paths import private_folder
from agentgrid.workspace.change import pane_word
from agentgrid.workspace.conflict import conflict_object
from agentgrid.workspace.contents import MAX_FILE_BYTES
from agentgrid.workspace.git import ask_git
from agentgrid.workspace.lines import Version, is_text
from agentgrid.workspace.observation import Observation
from agentgrid.workspace.pathname import bytes_of, native, shown
from agentgrid.workspace.portion import Portion, portion_of

MAX_DIFF_FILES = 200  # Of a pane's work: more than a person reads in one go.
MAX_DIFF_BYTES = 2 * 1024 * 1024


class Restoration(NamedTuple):
    """A content that is to be put into a file's place."""

    file: Path
    content: bytes
    kept: Path
    """The folder in which what it replaces is kept."""


class PaneWork(NamedTuple):
    """A pane's files that are not committed, of one workspace."""

    top: Path
    repository: bool
    pane: int
    paths: tuple[tuple[str, bool, Version | None], ...]
    """Each, whether others have work in it, too, and whose its lines are."""


def sides(observation: Observation, number: int) -> dict[str, Any]:
    """A conflict with the contents that are known: what the last commit has, what each pane left, what is there now."""
    conflict = observation.conflicts.get(number)
    assert conflict is not None
    path = conflict.path
    contents = observation.contents
    seen = contents.look(path) if path else None
    found = [(pane, contents.side(path, pane)) for pane in conflict.panes] if path else []
    return {
        "conflict": conflict_object(conflict) | {"folder": str(observation.top)},
        "base": _text(observation.committed(path)) if path else None,
        "sides": [{"pane": pane_word(pane), "text": _text(content)} for pane, content in found],
        "now": None if seen is None else _text(seen.content),
    }


def restored(observation: Observation, number: int, pane: int) -> Restoration:
    """What one pane left of a contested file. Raises UsageError when that is not kept."""
    conflict = observation.conflicts.get(number)
    assert conflict is not None
    content = observation.contents.side(conflict.path, pane)
    if content is None:
        raise UsageError(f"what {pane_word(pane)} left of {shown(conflict.path)} was not kept")
    return Restoration(observation.top / native(conflict.path), content, observation.archive.folder / "replaced")


def restore(wanted: Restoration) -> dict[str, str]:
    """Put it there, whole or not at all, with the file's mode; what was there is kept. Raises OSError."""
    file = wanted.file
    kept = ""
    if file.is_file():
        folder = private_folder(wanted.kept)
        descriptor, kept = tempfile.mkstemp(prefix=f"{file.name}-", dir=folder)
        os.close(descriptor)
        shutil.copyfile(file, kept)
    descriptor, fresh = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(wanted.content)
        Path(fresh).chmod(file.stat().st_mode & 0o7777 if file.exists() else 0o644)
        os.replace(fresh, file)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise
    return {"path": str(file), "kept": kept}


def work(observation: Observation, pane: int) -> PaneWork:
    """What the pane has changed that is not committed."""
    found = sorted(observation.ledger.work_of(pane), key=lambda path: (-len(observation.ledger.workers(path)), path))
    paths = tuple((path, len(observation.ledger.workers(path)) > 1, observation.contents.version(path)) for path in found[:MAX_DIFF_FILES])
    return PaneWork(observation.top, observation.checkout is not None, pane, paths)


def diffs(gathered: list[PaneWork]) -> list[dict[str, Any]]:
    """Each file of it against the last commit; those that are shared first."""
    found = [
        {"path": path, "folder": str(one.top), "shared": is_shared, "diff": _diff(one, path, version)}
        for one in gathered
        for path, is_shared, version in one.paths
    ]
    return sorted(found, key=lambda file: not file["shared"])


def _diff(work: PaneWork, path: str, version: Version | None) -> str:
    """What is the pane's own in it, where lines can be told apart; else all that has changed."""
    file = work.top / native(path)
    before = b""
    if work.repository:
        code, output, _ = ask_git(work.top, "cat-file", "blob", "HEAD:" + os.fsdecode(bytes_of(path)))
        before = output if code == 0 else b""
    try:
        after = os.fsencode(os.readlink(file)) if file.is_symlink() else file.read_bytes() if file.exists() else b""
    except OSError as error:
        return f"(cannot be read: {error.strerror})"
    if version is not None and after == b"".join(version.lines):
        portion = portion_of(before, version, work.pane)
        after = portion.content if isinstance(portion, Portion) else after
    old, new = _text(before), _text(after)
    if old is None or new is None:
        return "(no text, or too long to be shown)"
    return unified(old, new, "the last commit", "now")


def unified(old: str, new: str, old_name: str, new_name: str) -> str:
    """A unified diff, without a line that says that nothing differs."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), old_name, new_name, lineterm="")
    return "\n".join(lines)


def _text(content: bytes | None) -> str | None:
    if content is None or len(content) > MAX_FILE_BYTES or not is_text(content):
        return None
    return content.decode("utf-8", "replace")
