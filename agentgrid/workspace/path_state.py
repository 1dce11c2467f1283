"""What is going on with one path while its changes are made out. Values of a ``Fusion``; times are seconds of the monotonic clock."""

from typing import NamedTuple

from agentgrid.workspace.attempt import Attempt
from agentgrid.workspace.change import Evidence
from agentgrid.workspace.fact import Fact

OPEN_SECONDS = 0.1  # A file that stays open is told of after that, and then at most once in
STILL_SECONDS = 1.0


class PathState:
    """What is going on with one path. Owned by its ``Fusion``."""

    __slots__ = ("dirty_at", "dirty_until", "held", "more", "told_at")

    def __init__(self) -> None:
        self.held: Fact | None = None
        """It appeared, went or was renamed away, and something may follow."""
        self.more: list[Fact] = []
        """What was written to it while it was held."""
        self.dirty_at: float | None = None
        """Written since it was last told of: when first,"""
        self.dirty_until = 0.0
        """and when last."""
        self.told_at = 0.0

    def written_before(self, attempt: Attempt) -> bool:
        """Whether all that was written since it was last told of was written before this one opened it."""
        return self.dirty_at is not None and attempt.evidence is Evidence.TRACED and self.dirty_until < attempt.at

    @property
    def look_at(self) -> float | None:
        """When to tell of it though it stays open."""
        return None if self.dirty_at is None else max(self.dirty_at + OPEN_SECONDS, self.told_at + STILL_SECONDS)


class Departure(NamedTuple):
    """A name that was renamed away."""

    path: str
    fact: Fact | None
    """What was held of it when it had only just appeared: a temporary file; else that it has gone."""
    temporary: bool
    open: bool
    """It had not been closed."""
    at: float
