"""``status`` and ``explain``: what every pane is doing, and why we think so."""

import time
from typing import TYPE_CHECKING, Any

from agentgrid.cli.output import colourful, harmless, one_line, say, say_json, terminal_columns
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
    """Why the state is what it is: which signals count by which rule, which do not and why, since when."""
    with connect(call) as client:
        found: dict[str, Any] = client.request(Explain(pane=pane))
    if call.json:
        say_json(found)
        return 0
    import msgspec

    from agentgrid.agents.costs import told_usage
    from agentgrid.agents.explain import Explanation, explained
    from agentgrid.session.since import Since, since_words

    for line in explained(msgspec.convert(found, Explanation)):
        say(harmless(line))
    done = since_words(msgspec.convert(found.get("since_looked") or {}, Since))
    for line in ["", *told_usage(found.get("usage") or {}, agent=bool(found.get("agent"))), "", f"since you looked: {done or 'nothing'}"]:
        say(harmless(line))
    because = one_line(found.get("untraced_because", ""))
    say("files: traced, so that every write has its author" if found.get("traced") else f"files: not traced{because and f': {because}'}")
    return 0
