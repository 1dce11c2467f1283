"""Many files at once: what git does to a checkout, and what a formatter does to all of it, is one thing that happened.

Pure. Marks a change with the operation it was a part of, so that it can be told as one event and one conflict.
"""

from collections import deque

from agentgrid.workspace.conflicts import BULK, GIT

BULK_FILES, BULK_SECONDS = 50, 2.0  # No agent edits 25 files a second by hand; a formatter does.
SEVERAL_SECONDS = 5.0  # What pauses longer is another one.

OF_GIT = frozenset(
    {
        *("am", "bisect", "checkout", "checkout-index", "cherry-pick", "clean", "merge", "merge-recursive", "merge-ort", "pull"),
        *("read-tree", "rebase", "reset", "restore", "revert", "sparse-checkout", "stash", "submodule", "switch", "worktree"),
    }
)
"""git's commands that change files to what git knows them to be; ``git apply``, ``mv`` and ``rm`` are edits like any other."""


class Sweeps:
    """Owned by a ``Fusion``."""

    def __init__(self) -> None:
        self._latest: dict[int, deque[tuple[float, str]]] = {}
        self._counts: dict[int, dict[str, int]] = {}

    def operation(self, pane: int | None, program: str, path: str, at: float) -> str:
        """What a change was a part of; '' for one on its own."""
        if program.startswith(GIT):
            return program if program.removeprefix(GIT) in OF_GIT else ""
        if pane is None:
            return ""
        latest, counts = self._latest.setdefault(pane, deque()), self._counts.setdefault(pane, {})
        latest.append((at, path))
        counts[path] = counts.get(path, 0) + 1
        while at - latest[0][0] > BULK_SECONDS:
            _, old = latest.popleft()
            counts[old] -= 1
            if not counts[old]:
                del counts[old]
        return BULK if len(counts) >= BULK_FILES else ""
