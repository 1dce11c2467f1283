"""What an observer tells: values, in the order in which it happened."""

import msgspec

from agentgrid.workspace.change import Change, Evidence, GitEvent
from agentgrid.workspace.conflict import ConflictEvent


class Changed(msgspec.Struct, frozen=True):
    """A file has changed."""

    change: Change
    top: str = ""
    """The workspace's folder; here and below."""


class ChangedMany(msgspec.Struct, frozen=True):
    """A pane (or somebody) has changed many files in one sweep; each is in the ledger."""

    pane: int | None
    evidence: Evidence
    operation: str
    """``git checkout``, ``bulk``."""
    count: int
    paths: tuple[str, ...]
    """The first of them."""
    first: float
    last: float
    top: str = ""

    @classmethod
    def of(cls, change: Change) -> "ChangedMany":
        """A sweep that begins."""
        return cls(change.pane, change.evidence, change.operation, 1, (change.path,), change.at, change.at)

    def and_(self, change: Change, max_paths: int) -> "ChangedMany":
        """… and goes on."""
        paths = self.paths if len(self.paths) >= max_paths else (*self.paths, change.path)
        return msgspec.structs.replace(self, count=self.count + 1, paths=paths, last=max(self.last, change.at))


class Conflicted(msgspec.Struct, frozen=True):
    """A conflict was raised, updated or closed."""

    event: ConflictEvent
    top: str = ""


class GitRan(msgspec.Struct, frozen=True):
    """git has done something to the checkout."""

    event: GitEvent
    top: str = ""


class Troubled(msgspec.Struct, frozen=True):
    """Something a person should know: one line."""

    message: str


Happening = Changed | ChangedMany | Conflicted | GitRan | Troubled
