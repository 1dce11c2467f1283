"""When worktrees of one repository are compared: a moment after something has changed in one of them, in the thread for git.

What is found becomes conflicts of the main checkout where it is watched, else of the worktree that was watched first.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from agentgrid.workspace.conflict import ConflictKind
from agentgrid.workspace.divergence import Divergence, Worktree, find_divergences
from agentgrid.workspace.happening import Changed, ChangedMany, GitRan, Happening
from agentgrid.workspace.observation import Observation

SETTLE_SECONDS = 1.0  # An agent writes several files in a row; to compare takes some 50 ms for two worktrees.

Ask = Callable[[Callable[[], Any], Callable[[Any], Sequence[Happening]]], None]


class WorktreeWatch:
    """Owned by the observer's thread. ``ask`` has a question answered in the thread for git, and calls back here."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._due: dict[Path, float] = {}
        """By what the worktrees of a repository share."""
        self._asking: set[Path] = set()

    @property
    def due(self) -> float | None:
        """When ``look`` has something to do."""
        return min(self._due.values(), default=None)

    def look(self, happened: Iterable[Happening], order: Sequence[Observation], panes: Sequence[tuple[int, Path]], now: float) -> None:
        """Take note of what has happened, and compare what is due. ``panes``: each with its folder."""
        if len(order) < 2:
            return
        tops = {one.top for one in happened if isinstance(one, Changed | ChangedMany | GitRan)}
        for observation in order if tops else ():
            if observation.checkout is not None and str(observation.top) in tops:
                self._due.setdefault(observation.checkout.common_dir, now + SETTLE_SECONDS)
        for common in [common for common, at in self._due.items() if at <= now and common not in self._asking]:
            del self._due[common]
            alike = [one for one in order if one.checkout is not None and one.checkout.common_dir == common]
            if len(alike) > 1:
                self._compare(common, alike, panes)

    def _compare(self, common: Path, alike: list[Observation], panes: Sequence[tuple[int, Path]]) -> None:
        trees = [
            Worktree(
                observation.checkout,
                {path: tuple(observation.ledger.workers(path)) for path in observation.ledger.state().work},
                tuple(pane for pane, folder in panes if folder == observation.top),
            )
            for observation in alike
            if observation.checkout is not None
        ]
        main = next((one for one in alike if one.checkout is not None and one.checkout.git_dir == common), alike[0])

        def answer(found: list[Divergence]) -> list[Happening]:
            self._asking.discard(common)
            said: list[Happening] = []
            before = {one.path for one in main.conflicts.conflicts() if one.kind is ConflictKind.WORKTREE}
            for path in before - {one.path for one in found}:
                said += main.diverged(path, (), "")
            for path, whose, summary in found:
                if len(whose) > 1:
                    said += main.diverged(path, whose, summary)
            return said

        self._asking.add(common)
        self._ask(lambda: find_divergences(trees), answer)
