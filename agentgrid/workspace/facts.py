"""The facts that are being made out, by path: what is held back, what stands, what came to nothing.

Bookkeeping of a ``Fusion``; what a sighting means is there. Times are seconds of the monotonic clock.
"""

from collections.abc import Callable, Iterator

from agentgrid.workspace.change import ChangeKind
from agentgrid.workspace.fact import By, Fact
from agentgrid.workspace.known_names import KnownNames
from agentgrid.workspace.path_state import PathState

HOLD_SECONDS = 0.06  # A save by way of a temporary file takes a millisecond or two; on a busy machine, ten.


class Facts:
    """Owned by a ``Fusion``. Iterated in the order in which they were seen."""

    def __init__(self, was_there: Callable[[str], bool]) -> None:
        self.names = KnownNames(was_there)
        self.states: dict[str, PathState] = {}
        self.looked_at = float("inf")
        """When the watcher was asked last: nothing that it says now has happened before."""
        self._facts: dict[Fact, None] = {}
        self._by_path: dict[str, list[Fact]] = {}

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts)

    def of(self, path: str) -> list[Fact]:
        """Those of one path."""
        return list(self._by_path.get(path, ()))

    def path(self, path: str) -> PathState:
        """What is going on with a path."""
        state = self.states.get(path)
        if state is None:
            state = self.states[path] = PathState()
        return state

    def add(self, path: str, kind: ChangeKind, by: By, at: float, now: float, hold_seconds: float = 0.0) -> Fact:
        """One more."""
        fact = Fact(path, kind, by, at, now, now + hold_seconds if hold_seconds else 0.0)
        fact.earliest = min(at, self.looked_at)
        self._facts[fact] = None
        self._by_path.setdefault(path, []).append(fact)
        self.names.set(path, there=kind is not ChangeKind.DELETED)
        return fact

    def hold(self, path: str, kind: ChangeKind, by: By, at: float, now: float) -> Fact:
        """One that may be the beginning of something else."""
        fact = self.path(path).held = self.add(path, kind, by, at, now, HOLD_SECONDS)
        return fact

    def let_go(self, state: PathState) -> None:
        """What is held of a path stands: nothing that follows is a part of it."""
        if state.held is not None:
            for fact in (state.held, *state.more):
                fact.ready_at = 0.0
            state.held = None
            state.more.clear()

    def undo(self, held: Fact, state: PathState) -> None:
        """It was a temporary file: nothing of it is told."""
        for fact in (held, *state.more):
            self._remove(fact)
        state.held = None
        state.more.clear()

    def drop(self, fact: Fact) -> None:
        """It is told, or has become a part of another."""
        self._remove(fact)
        for state in (self.states.get(fact.path), self.states.get(fact.old_path)):
            if state is not None and state.held is fact:
                state.held = None
                state.more.clear()

    def _remove(self, fact: Fact) -> None:
        if fact in self._facts:
            del self._facts[fact]
            facts = self._by_path[fact.path]
            facts.remove(fact)
            if not facts:
                del self._by_path[fact.path]
