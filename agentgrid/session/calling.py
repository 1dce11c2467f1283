"""When the person is called: which panes need them, told once for a burst. Pure; ``now`` is passed in.

A pane that comes into a state that calls is held for ``GATHER_SECONDS``, so that what happens together is told together; what
is over by then, or has come into view, is not told at all. After that there is a rest. In the quiet hours nothing is told, and
nothing is kept for later: it is all in the list of who needs you.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from agentgrid.session.pane import Pane, PaneId, PaneStatus

GATHER_SECONDS = 1.5  # Agents that are held up by one thing ask within a second.
REST_SECONDS = 10.0  # A person who does not come for one call does not come sooner for five.
MAX_NAMES = 4  # More names do not fit into a notification.

WORDS = {
    PaneStatus.BLOCKED: "needs you",
    PaneStatus.DONE: "is done",
    PaneStatus.ERROR: "has an error",
    PaneStatus.LIMITED: "has met a limit",
    PaneStatus.EXITED: "has ended",
}


class Call(NamedTuple):
    """What the person is told."""

    title: str
    body: str
    panes: tuple[PaneId, ...]


class Calling:
    """Owned by the server. ``states``: those that call."""

    def __init__(self, states: Collection[str], quiet: tuple[int, int] | None = None) -> None:
        """``quiet``: from and to, in minutes since midnight; None for none."""
        self._states = frozenset(states)
        self._quiet = quiet
        self._waiting: dict[PaneId, PaneStatus] = {}
        self._due: float | None = None
        self._rests_until = 0.0

    def changed(self, pane: Pane, now: float) -> None:
        """The pane's state is another one."""
        if str(pane.status) not in self._states or (pane.status is PaneStatus.EXITED and not (pane.agent and pane.exit_code)):
            self._waiting.pop(pane.id, None)
            return
        self._waiting[pane.id] = pane.status
        if self._due is None:
            self._due = max(now + GATHER_SECONDS, self._rests_until)

    @property
    def due(self) -> float | None:
        """When to call, None while nobody waits to be told of."""
        return self._due

    def call(self, panes: Mapping[PaneId, Pane], in_view: Collection[PaneId], now: float, minute: int, session: str) -> Call | None:
        """What to tell now, if anything. ``minute``: of the day."""
        waiting, self._waiting, self._due = self._waiting, {}, None
        found = [
            pane
            for number, status in waiting.items()
            if (pane := panes.get(number)) is not None and pane.status is status and number not in in_view
        ]
        if not found or in_hours(self._quiet, minute):
            return None
        self._rests_until = now + REST_SECONDS
        return Call(f"agentgrid: {session}", told(found), tuple(pane.id for pane in found))


def told(panes: Iterable[Pane]) -> str:
    """One line: ``3 codex-1 needs you: Run npm test?``, or who needs the person and who is done."""
    found = sorted(panes, key=lambda pane: (list(WORDS).index(pane.status), pane.number, pane.id))
    if len(found) == 1:
        (pane,) = found
        return f"{called(pane)} {WORDS[pane.status]}" + (f": {pane.message}" if pane.message else "")
    parts = []
    for status, words in WORDS.items():
        names = [called(pane) for pane in found if pane.status is status]
        if names:
            more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
            parts.append(f"{', '.join(names[:MAX_NAMES])}{more} {words if len(names) == 1 else plural(words)}")
    return " · ".join(parts)


def called(pane: Pane) -> str:
    return f"{pane.number} {pane.name}" if pane.number else pane.name


def plural(words: str) -> str:
    verb, _, rest = words.partition(" ")
    return f"{ {'needs': 'need', 'is': 'are', 'has': 'have'}[verb] } {rest}"


def in_hours(hours: tuple[int, int] | None, minute: int) -> bool:
    """Whether the minute of the day is in these hours, which may go over midnight."""
    if hours is None:
        return False
    start, end = hours
    return start <= minute < end if start <= end else minute >= start or minute < end
