"""The ledger: every change, and what of each pane's work is not committed yet.

Pure, and of bounded memory: the latest changes as they came, and of each file the panes that wrote it. All of them are on
disk (``archive``).
"""

from collections import deque
from collections.abc import Iterable
from itertools import islice
from typing import Any

import msgspec

from agentgrid.workspace.change import NAMES_AN_AUTHOR, Change, ChangeKind, GitEvent, ended_by

MAX_CHANGES = 20_000  # In memory, some 8 MB; more than a person scrolls through, and older ones are on disk.
MAX_FILES = 50_000  # Files whose authors are remembered; the least recently changed go first.


class LedgerState(msgspec.Struct):
    """What is saved beside the changes themselves."""

    work: dict[str, dict[int, Change]] = {}
    authors: dict[str, dict[int, int]] = {}


class Ledger:
    """Owned by whoever watches the workspace."""

    def __init__(self, state: LedgerState | None = None, *, limit: int = MAX_CHANGES) -> None:
        state = state or LedgerState()
        self.total = 0
        """How many changes there were since the ledger was opened."""
        self._changes: deque[Change] = deque(maxlen=limit)
        self._work = state.work
        self._authors = state.authors

    def state(self) -> LedgerState:
        """What ``Ledger(state)`` goes on from; a view, not a copy."""
        return LedgerState(work=self._work, authors=self._authors)

    def record(self, change: Change) -> None:
        """Write down a change."""
        self.total += 1
        self._changes.append(change)
        if change.evidence not in NAMES_AN_AUTHOR or change.pane is None:
            return
        if change.kind is ChangeKind.RENAMED and change.old_path in self._work:
            self._work[change.path] = self._work.pop(change.old_path) | self._work.get(change.path, {})
        _touch(self._work, change.path)[change.pane] = change
        counts = _touch(self._authors, change.path)
        counts[change.pane] = counts.get(change.pane, 0) + 1

    def settle(self, event: GitEvent) -> None:
        """A commit, and what takes work away, end what was open in their files."""
        for path, pane in ended_by(event):
            if pane is None:
                self._work.pop(path, None)
            elif path in self._work:
                self._work[path].pop(pane, None)

    def reverted(self, path: str) -> None:
        """The file is what the last commit has: nobody has work in it."""
        self._work.pop(path, None)

    def changes(self, pane: int | None = None) -> list[Change]:
        """What is in memory, oldest first; of one pane, or all."""
        return [change for change in self._changes if pane is None or change.pane == pane]

    def work_of(self, pane: int) -> dict[str, Change]:
        """The pane's last change of each file in which it has work that is not committed."""
        return {path: changes[pane] for path, changes in self._work.items() if pane in changes}

    def workers(self, path: str) -> dict[int, Change]:
        """The panes with uncommitted work in a file, each with its last change, newest first."""
        found = self._work.get(path, {})
        return dict(sorted(found.items(), key=lambda item: -item[1].at))

    def counts(self) -> dict[int, int]:
        """How many files each pane has uncommitted work in."""
        counts: dict[int, int] = {}
        for changes in self._work.values():
            for pane in changes:
                counts[pane] = counts.get(pane, 0) + 1
        return counts

    def hot(self, limit: int = 20) -> list[tuple[str, int]]:
        """The files that the most panes have written, and by how many."""
        shared = [(path, panes) for path, panes in self._authors.items() if len(panes) > 1]
        shared.sort(key=lambda item: (-len(item[1]), -sum(item[1].values()), item[0]))
        return [(path, len(panes)) for path, panes in shared[:limit]]

    def tail(self, count: int) -> Iterable[Change]:
        """The newest changes, newest first."""
        return islice(reversed(self._changes), count)


def _touch(table: dict[str, dict[int, Any]], path: str) -> dict[int, Any]:
    """The file's entry, at the end of its table, which stays within bounds."""
    entry = table.pop(path, {})
    table[path] = entry
    if len(table) > MAX_FILES:
        del table[next(iter(table))]
    return entry
