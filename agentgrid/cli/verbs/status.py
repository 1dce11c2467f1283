"""``status`` and ``explain``: what every pane is doing, and why we think so."""

import time
from typing import TYPE_CHECKING, Any

from agentgrid.cli.output import colourful, one_line, say, say_json, terminal_columns
from agentgrid.cli.reach import connect
from agentgrid.cli.roster import roster
from agentgrid.protocol.messages import Explain, GetStatus

if TYPE_CHECKING:
    from agentgrid.cli.words import Call


def status(call: "Call") -> int:
    """One line a pane, or the object as the server returns it."""
    with connect(call) as client:
        found: dict[str, Any] = client.request(GetStatus())
    if call.json:
        say_json(found)
    else:
        say("\n".join(roster(found, time.time(), terminal_columns(), colours=colourful())))
    return 0


def explain(call: "Call", *, pane: str) -> int:
    """What is known of the state and from where, one fact a line."""
    with connect(call) as client:
        found: dict[str, Any] = client.request(Explain(pane=pane))
    if call.json:
        say_json(found)
        return 0
    width = max(map(len, found), default=0)
    for name, value in found.items():
        if value not in (None, "", [], {}):
            words = " ".join(map(str, value)) if isinstance(value, list) else str(value)
            say(f"{name:{width}}  {one_line(words)}")
    return 0
