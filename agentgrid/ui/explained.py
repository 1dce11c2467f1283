"""What the server explains of a pane, as lines to read; ages as a person says them. Pure."""

from collections.abc import Mapping
from typing import Any

import msgspec

from agentgrid.agents.costs import told_usage
from agentgrid.agents.explain import Explanation, explained
from agentgrid.session.since import Since, since_words
from agentgrid.ui.render import UNPRINTABLE

UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def told(result: Mapping[str, Any]) -> str:
    """Lines: the state and since when, what it has done since one looked; which signals count, which do not and why; what it
    costs; the signals and the screen that was read."""
    why = explained(msgspec.convert(result, Explanation))
    done = since_words(msgspec.convert(result.get("since_looked") or {}, Since))
    about = [f"since you looked: {done or 'nothing'}", "", *told_usage(result.get("usage") or {}, agent=bool(result.get("agent")))]
    before = next((place - 1 for place, line in enumerate(why) if line in ("signals", "the screen that was read")), len(why))
    return "\n".join(UNPRINTABLE.sub(" ", line) for line in [*why[:1], *about[:1], *why[1:before], *about[1:], *why[before:]])


def age(seconds: float) -> str:
    """``12 s``, ``3 min``, ``2 h``: the largest unit that fits."""
    return next((f"{int(seconds // size)} {unit}" for size, unit in UNITS if seconds >= size), "0 s")
