"""``screen``: what a pane shows, as text that does to this terminal nothing but colour it."""

from typing import TYPE_CHECKING

from agentgrid.cli.output import harmless, harmless_sgr, say, say_json
from agentgrid.cli.reach import connect
from agentgrid.protocol.messages import GetScreen

if TYPE_CHECKING:
    from agentgrid.cli.words import Call


def screen(call: "Call", *, pane: str, history: int | None, ansi: bool) -> int:
    with connect(call) as client:
        text: str = client.request(GetScreen(pane=pane, history=history or 0, ansi=ansi))
    if call.json:
        say_json({"pane": pane, "text": text})
    else:
        say(harmless_sgr(text) if ansi else harmless(text))
    return 0
