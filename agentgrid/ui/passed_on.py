"""What the panes do, passed on to an outer terminal that shows it: OSC 7501, one record a pane, its id that of the pane.

The terminal sees one program, agentgrid; the records of its panes are below it (``agentgrid/pane-3``). Only what differs from
what was told last is told. A state that the protocol has no word for is said by the nearest: who has met a limit needs nobody
and is not at work, so its record says ``error`` with the reason; of ended and unknown ones there is none.
"""

import base64
from collections.abc import Iterable
from typing import Protocol

from agentgrid.session.pane import Pane, PaneId, PaneStatus
from agentgrid.ui.parts import clean

WORDS = {
    PaneStatus.WORKING: "working",
    PaneStatus.BLOCKED: "blocked",
    PaneStatus.DONE: "done",
    PaneStatus.IDLE: "idle",
    PaneStatus.LIMITED: "error",
    PaneStatus.ERROR: "error",
}
MAX_MESSAGE_BYTES = 2048  # The protocol's own limits, decoded.
MAX_TITLE_BYTES = 192


class Driver(Protocol):
    """What is needed of the terminal's driver."""

    @property
    def takes_program_status(self) -> bool: ...
    def write(self, data: str) -> None: ...


class PassedOn:
    """What the terminal has been told. Owned by whoever hears of the panes."""

    def __init__(self) -> None:
        self._told: dict[PaneId, str] = {}

    def tell(self, driver: Driver | None, panes: Iterable[Pane]) -> None:
        """Tell what differs, if the terminal listens."""
        if driver is None or not driver.takes_program_status:
            return
        now = {pane.id: report(pane) for pane in panes if pane.status in WORDS}
        for gone in self._told.keys() - now.keys():
            driver.write(f"\x1b]7501;state=clear:id={path(gone)}\x1b\\")
        for pane, payload in now.items():
            if self._told.get(pane) != payload:
                driver.write(f"\x1b]7501;{payload}\x1b\\")
        self._told = now


def path(pane: PaneId) -> str:
    return f"agentgrid/pane-{pane}"


def report(pane: Pane) -> str:
    """The record of a pane."""
    pairs = {
        "state": WORDS[pane.status],
        "id": path(pane.id),
        "app": pane.agent or "agentgrid",
        "title": encoded(pane.name, MAX_TITLE_BYTES),
    }
    if pane.status is PaneStatus.BLOCKED and pane.status_kind:
        pairs["kind"] = pane.status_kind
    if pane.status in (PaneStatus.WORKING, PaneStatus.BLOCKED) and pane.progress is not None:
        pairs["progress"] = str(pane.progress)
    if pane.message:
        pairs["msg"] = encoded(pane.message, MAX_MESSAGE_BYTES)
    return ":".join(f"{key}={value}" for key, value in pairs.items() if value)


def encoded(text: str, most: int) -> str:
    """The text on one line, cut to what a record may hold, in base64."""
    data = clean(text).encode("utf-8", "replace")[:most].decode("utf-8", "ignore")
    return base64.b64encode(data.encode()).decode()
