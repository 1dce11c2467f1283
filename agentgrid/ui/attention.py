"""Who needs the person, and who next. Pure.

Who waits for an answer needs one until it has it; what went wrong, or is done, only until somebody has looked.
"""

from collections.abc import Iterable

from agentgrid.session.pane import Pane, PaneId, PaneStatus

WAITING = (PaneStatus.BLOCKED, PaneStatus.ERROR, PaneStatus.EXITED, PaneStatus.LIMITED, PaneStatus.DONE)
"""Most urgent first."""


def needs(pane: Pane) -> bool:
    """Whether the pane needs the person."""
    if pane.status is PaneStatus.EXITED:  # A program that ends as it should, or that is no agent, calls nobody.
        return bool(pane.agent and pane.exit_code and pane.unseen)
    return pane.status is PaneStatus.BLOCKED or (pane.status in WAITING and pane.unseen)


def in_need(panes: Iterable[Pane]) -> list[Pane]:
    """Those that need the person: by what for, then whoever has waited longest."""
    return sorted((pane for pane in panes if needs(pane)), key=lambda pane: (WAITING.index(pane.status), pane.status_since, pane.id))


def next_in_need(panes: Iterable[Pane], active: PaneId | None) -> Pane | None:
    """The one that needs the person most; from one of them the next, so that going on visits them all."""
    found = in_need(panes)
    here = next((index for index, pane in enumerate(found) if pane.id == active), -1)
    others = [*found[here + 1 :], *found[: max(here, 0)]]
    return others[0] if others else None
