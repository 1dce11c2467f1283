"""What a pane's host keeps for a server that finds no record of the session: the pane's name, place and command, and the grid.

The host does not read it. It gets it with the request, and anew when something of it has changed; it says it in its hello.
"""

from collections.abc import Iterable

import msgspec

from agentgrid.process.hosts import Host
from agentgrid.session.pane import Pane, PaneId
from agentgrid.session.session import Session

KEPT = (
    *("id", "name", "number", "parked", "locked", "agent", "command", "folder", "environment", "trace"),
    *("status", "status_since", "status_source", "status_kind", "status_until", "message"),
    *("conversation", "conversation_begun", "earlier_conversations"),
)
"""Of a pane: what no screen and no journal could tell. What changes from moment to moment is not worth a host's waking up."""


class Keepsake(msgspec.Struct, frozen=True):
    """Of one pane, and of the session that it is in."""

    pane: Pane
    rows: int
    columns: int


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Keepsake).decode


def keepsake(session: Session, pane: Pane) -> str:
    return _encode(Keepsake(Pane(**{name: getattr(pane, name) for name in KEPT}), session.rows, session.columns)).decode()


def read(host: Host) -> Keepsake | None:
    """What the host has kept; None of one that another version started."""
    try:
        return _decode(host.keepsake)
    except msgspec.MsgspecError:
        return None


def hand_out(session: Session, hosts: Iterable[Host]) -> None:
    """Each host gets what is true now."""
    for host in hosts:
        pane = session.panes.get(PaneId(host.pane))
        if pane is not None:
            host.keep(keepsake(session, pane))
