"""Files that were closed, and it was not seen that anybody had written to them: their records may come, or other news of them.

Pure; times are seconds of the monotonic clock.
"""

from collections.abc import Iterator
from typing import NamedTuple

from agentgrid.workspace.attempt import Act, Attempt
from agentgrid.workspace.fact import LATE_SECONDS


class Quiet(NamedTuple):
    """A file was closed, and it was not seen that anybody had written to it."""

    at: float
    heard: float
    attempt: Attempt | None
    """Of whoever closed it, as far as that is known."""


class QuietClosings:
    """Owned by a ``Fusion``."""

    def __init__(self) -> None:
        self._closings: dict[str, Quiet] = {}

    @property
    def due(self) -> list[float]:
        """When the first is over, if there is one."""
        return [next(iter(self._closings.values())).heard + LATE_SECONDS] if self._closings else []

    def add(self, path: str, closing: Quiet) -> None:
        """One more."""
        self._closings[path] = closing

    def closed_by(self, attempt: Attempt) -> float | None:
        """When the file was closed, if this may have been who closed it."""
        closing = self._closings.get(attempt.path)
        if closing is None or closing.attempt is not None or attempt.act is not Act.WRITE or attempt.at > closing.at:
            return None
        del self._closings[attempt.path]
        return closing.at

    def over(self, now: float) -> Iterator[tuple[str, Quiet]]:
        """Those that nothing more was heard of."""
        while self._closings:
            path, closing = next(iter(self._closings.items()))
            if now - closing.heard < LATE_SECONDS:
                break
            del self._closings[path]
            yield path, closing
