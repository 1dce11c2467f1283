"""Typing into several panes at once: which they are, and what may go to all of them.

The panes that were chosen, else all on the grid. What is typed is left out where it could do harm that nobody meant: in a
pane that waits for an answer (unless it was chosen), in one that is locked, in one whose program has ended.
"""

from agentgrid.client.mirror import Mirror
from agentgrid.session.pane import Pane, PaneId, PaneStatus
from agentgrid.ui.stage import Stage

CHOSEN, SHARED = "chosen", "shared"
"""How a pane's header is marked: it will be typed into, or is now."""


class Broadcast:
    """Owned by the app."""

    def __init__(self, mirror: Mirror, stage: Stage) -> None:
        self.on = False
        self.chosen: set[PaneId] = set()
        self._mirror = mirror
        self._stage = stage

    def targets(self) -> list[PaneId]:
        """Who is typed into."""
        return [pane.id for pane in self._mirror.in_order() if self._takes(pane)]

    def left_out(self) -> int:
        """How many of those that are meant are not typed into."""
        meant = self.chosen or {pane.id for pane in self._mirror.in_order()}
        return len(meant & self._mirror.panes.keys()) - len(self.targets())

    def toggle(self) -> None:
        self.on = not self.on
        self.refresh()
        self._stage.redraw()

    def choose(self, pane: PaneId) -> bool:
        """Choose a pane, or no longer; whether it is chosen now."""
        self.chosen ^= {pane}
        self.refresh()
        self._stage.redraw()
        return pane in self.chosen

    def refresh(self) -> None:
        """States or panes are others: mark those that are typed into now."""
        self.chosen &= self._mirror.panes.keys()
        targets = set(self.targets()) if self.on else set()
        for pane in self._mirror.panes:
            self._stage.sight(pane).mark = SHARED if pane in targets else CHOSEN if pane in self.chosen else ""

    def _takes(self, pane: Pane) -> bool:
        if pane.locked or pane.exit_code is not None or pane.problem:
            return False
        return pane.id in self.chosen if self.chosen else pane.status is not PaneStatus.BLOCKED
