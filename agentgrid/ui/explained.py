"""What the server explains of a pane, as lines to read; ages as a person says them. Pure."""

import msgspec

from agentgrid.agents.explain import Explanation, explained
from agentgrid.ui.render import UNPRINTABLE

UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def told(result: object) -> str:
    """Lines: the state and since when, which signals count, which do not and why, the screen that was read."""
    return "\n".join(UNPRINTABLE.sub(" ", line) for line in explained(msgspec.convert(result, Explanation)))


def age(seconds: float) -> str:
    """``12 s``, ``3 min``, ``2 h``: the largest unit that fits."""
    return next((f"{int(seconds // size)} {unit}" for size, unit in UNITS if seconds >= size), "0 s")
