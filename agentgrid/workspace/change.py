"""What happened to a file, who did it, and how well that is known; and what else tells about files: reads, and git.

Values only. A path is relative to the top of its workspace, with ``/`` between its parts, as text (``pathname``). A time
is seconds since the epoch. A pane is its number; None is nobody of ours.
"""

import enum
from collections.abc import Iterator
from typing import Any

import msgspec


class ChangeKind(enum.StrEnum):
    """What a change did to its path."""

    CREATED = "created"
    MODIFIED = "modified"
    DELETED = "deleted"
    RENAMED = "renamed"


class Evidence(enum.StrEnum):
    """How the author of a change is known, best first."""

    TRACED = "traced"
    """The kernel told of the call before it was made."""
    REPORTED = "reported"
    """The agent said so itself, through a hook."""
    OBSERVED = "observed"
    """A process of the pane had the file open for writing."""
    ONLY_CANDIDATE = "only_candidate"
    """No other pane was active there."""
    UNKNOWN = "unknown"
    """One of the candidates, or somebody outside."""
    OUTSIDE = "outside"
    """No pane: every pane is traced, and none did it."""


NAMES_AN_AUTHOR = frozenset({Evidence.TRACED, Evidence.REPORTED, Evidence.OBSERVED, Evidence.ONLY_CANDIDATE})


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One write: from opening a file, or the temporary file that took its place, until it was closed."""

    path: str
    kind: ChangeKind
    at: float
    evidence: Evidence
    pane: int | None = None
    candidates: tuple[int, ...] = ()
    """The panes it may have been, where the author is not known."""
    old_path: str = ""
    """Where a renamed file was before."""
    size: int = -1
    """In bytes, -1 when it is not known or the file is gone."""
    digest: str = ""
    """Of the content, '' when it is not known or the file is gone."""
    program: str = ""
    """The name of the process that wrote, where it is known."""
    operation: str = ""
    """What it was a part of: ``git checkout``, or ``bulk`` for many files in one sweep."""


class Range(msgspec.Struct, frozen=True, array_like=True, order=True):
    """Lines of a file, counted from 1, both included."""

    first: int
    last: int


class Edit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a change did to a file's lines, where both contents are known."""

    wrote: tuple[Range, ...] = ()
    """Lines of the new content that this change brought."""
    met: tuple[tuple[int, Range], ...] = ()
    """(pane, lines of the new content) where it touched what that pane had written."""
    lost: tuple[tuple[int, Range], ...] = ()
    """(pane, lines of the new content now in their place) where it removed what that pane had written."""


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """A pane has seen the content of a file."""

    path: str
    pane: int
    at: float


class GitAction(enum.StrEnum):
    """What git did to a checkout that others work in, too."""

    COMMITTED = "commit"
    SWITCHED = "switch"
    MOVED = "move"
    """HEAD points elsewhere for another reason: a merge, a rebase, a pull."""
    RESET = "reset"
    RESTORED = "restore"
    CLEANED = "clean"
    STASHED = "stash"
    LOCKED = "lock"
    """``index.lock`` has been held so long that others' git fails."""
    UNLOCKED = "unlock"


class GitEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something git did, and which files it concerned."""

    action: GitAction
    at: float
    evidence: Evidence
    pane: int | None = None
    candidates: tuple[int, ...] = ()
    paths: tuple[str, ...] = ()
    """What it committed, brought or took away."""
    clean: tuple[str, ...] = ()
    """Of these, the ones that are now as the last commit has them."""
    exact: bool = False
    """A commit that holds only the pane's own lines, made by ``commit PANE``."""
    summary: str = ""
    """In git's own words: ``checkout: moving from main to topic``."""


TAKES_WORK_AWAY = frozenset({GitAction.RESET, GitAction.RESTORED, GitAction.CLEANED, GitAction.STASHED})


def ended_by(event: GitEvent) -> Iterator[tuple[str, int | None]]:
    """Whose work in which files is committed or gone: (path, pane), with None for everybody's.

    A commit that leaves a file with more changes has taken the part of the pane that made it.
    """
    if event.action in TAKES_WORK_AWAY:
        yield from ((path, None) for path in event.paths)
    elif event.action is GitAction.COMMITTED:
        clean = frozenset(event.clean)
        for path in event.paths:
            if path in clean:
                yield path, None
            elif event.pane is not None:
                yield path, event.pane


def pane_word(pane: int) -> str:
    """``%7``."""
    return f"%{pane}"


def change_object(change: Change) -> dict[str, Any]:
    """The object of ``changes --json``."""
    told: dict[str, Any] = {
        "path": change.path,
        "kind": change.kind.value,
        "pane": None if change.pane is None else pane_word(change.pane),
        "candidates": [pane_word(pane) for pane in change.candidates],
        "evidence": change.evidence.value,
        "at": change.at,
    }
    more = {"old_path": change.old_path, "digest": change.digest, "program": change.program, "operation": change.operation}
    told.update({name: value for name, value in more.items() if value})
    if change.size >= 0:
        told["size"] = change.size
    return told


def git_object(event: GitEvent) -> dict[str, Any]:
    """What git did, for ``events``."""
    return {
        "action": event.action.value,
        "summary": event.summary,
        "paths": list(event.paths),
        "evidence": event.evidence.value,
        "candidates": [pane_word(pane) for pane in event.candidates],
    }
