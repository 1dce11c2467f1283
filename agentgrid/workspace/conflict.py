"""A conflict between panes: its kinds, by how bad they are, and the value that everybody sees."""

import enum
from typing import Any

import msgspec

from agentgrid.workspace.change import Evidence, Range, pane_word


class ConflictKind(enum.StrEnum):
    """Of one file, from harmless to worst; then what is no single file's."""

    SAME_FILE = "same_file"
    """Two panes wrote it, in different places as far as is known."""
    OVERLAP = "overlap"
    """… and their lines meet."""
    STALE = "stale"
    """A pane wrote what had changed since it had last read it."""
    OVERWRITE = "overwrite"
    """A pane removed what another had written."""
    GIT = "git"
    """git changed the checkout under other panes, or a commit took another pane's files along."""
    WORKTREE = "worktree"
    """The same file differs in two worktrees of one repository."""


SEVERITY = {kind: number for number, kind in enumerate(ConflictKind)}


class Closing(enum.StrEnum):
    """Why a conflict is over."""

    COMMIT = "commit"
    REVERT = "revert"
    ACKNOWLEDGED = "ack"
    EXPIRED = "expired"
    """git's were about a moment, and nobody acts on them after the window."""


class Conflict(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a badge, the panel and the command line show."""

    id: int
    kind: ConflictKind
    """The worst of ``kinds``."""
    path: str
    panes: tuple[int, ...]
    """In the order in which they came in; of git's, the one that ran git first."""
    evidence: tuple[Evidence, ...]
    """Of each pane, in the same order: the best there is."""
    first: float
    last: float
    kinds: tuple[ConflictKind, ...] = ()
    lines: tuple[Range, ...] = ()
    """Where they meet, in the newest content."""
    writes: int = 0
    """How many changes it stands for."""
    paths: tuple[str, ...] = ()
    """All the files, where it is about more than one."""
    summary: str = ""
    """git's own words, or whether two worktrees merge."""
    open: bool = True
    closing: Closing | None = None


class ConflictRaised(msgspec.Struct, frozen=True, tag=True):
    conflict: Conflict


class ConflictUpdated(msgspec.Struct, frozen=True, tag=True):
    conflict: Conflict


class ConflictClosed(msgspec.Struct, frozen=True, tag=True):
    conflict: Conflict


ConflictEvent = ConflictRaised | ConflictUpdated | ConflictClosed


def conflict_object(conflict: Conflict) -> dict[str, Any]:
    """The object of ``conflicts --json``."""
    told: dict[str, Any] = {
        "id": conflict.id,
        "kind": conflict.kind.value,
        "path": conflict.path,
        "panes": [pane_word(pane) for pane in conflict.panes],
        "lines": [[span.first, span.last] for span in conflict.lines],
        "evidence": [evidence.value for evidence in conflict.evidence],
        "first": conflict.first,
        "last": conflict.last,
        "open": conflict.open,
        "kinds": [kind.value for kind in conflict.kinds],
        "writes": conflict.writes,
    }
    if conflict.paths:
        told["paths"] = list(conflict.paths)
    if conflict.summary:
        told["summary"] = conflict.summary
    if conflict.closing is not None:
        told["closing"] = conflict.closing.value
    return told
