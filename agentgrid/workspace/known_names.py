"""Which names are known to be there, or not, so that one that appears again is a change and no creation."""

from collections.abc import Callable

MAX_NAMES = 20_000  # As many as change in an hour; what is forgotten is asked for again.


class KnownNames:
    """Owned by a ``Fusion``. ``was_there`` says whether a file that was never seen here existed before."""

    def __init__(self, was_there: Callable[[str], bool]) -> None:
        self._was_there = was_there
        self._there: dict[str, bool] = {}

    def has(self, path: str) -> bool:
        """Whether there is such a file."""
        known = self._there.get(path)
        return self._was_there(path) if known is None else known

    def set(self, path: str, *, there: bool) -> None:
        """It has been seen."""
        if len(self._there) >= MAX_NAMES:
            self._there.clear()
        self._there[path] = there

    def forget(self, path: str) -> None:
        """It was there for a moment only."""
        self._there.pop(path, None)
