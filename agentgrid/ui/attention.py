"""Who needs the person next. Pure."""

from collections.abc import Iterable

from agentgrid.session.pane import Pane, PaneId, PaneStatus

WAITING = (PaneStatus.BLOCKED, PaneStatus.ERROR, PaneStatus.LIMITED, PaneStatus.DONE)
"""Most urgent first."""


def next_in_need(panes: Iterable[Pane], active: PaneId | None) -> Pane | None:
    """The pane that needs the person most: by state, then whoever has waited longest; not the one that is looked at."""
    found = [pane for pane in panes if pane.status in WAITING and pane.id != active]
    return min(found, key=lambda pane: (WAITING.index(pane.status), pane.status_since), default=None)
