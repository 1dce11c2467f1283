"""``wait``: until a pane is in a state, shows a text, or its program has ended."""

from typing import TYPE_CHECKING, Any

from agentgrid.cli.output import say_json
from agentgrid.cli.reach import connect
from agentgrid.errors import UsageError, did_you_mean
from agentgrid.protocol.messages import WaitFor
from agentgrid.session.pane import PaneStatus

if TYPE_CHECKING:
    from agentgrid.cli.words import Call


def wait(call: "Call", *, pane: str, state: tuple[str, ...] | None, text: str | None, exit: bool, timeout: float | None) -> int:  # noqa: A002
    """0 when it is so, 1 when it did not come true in time."""
    if sum((state is not None, text is not None, exit)) != 1:
        raise UsageError("wait for what? Name one of --state, --text and --exit")
    known = [str(status) for status in PaneStatus]
    for word in state or ():
        if word not in known:
            raise UsageError(f"there is no state '{word}'{did_you_mean(word, known)} (states: {', '.join(known)})")
    if text == "":
        raise UsageError("--text '' is on every screen; name something to wait for")
    asked = WaitFor(pane=pane, states=state or (), text=text or "", exit=exit, timeout=timeout)
    with connect(call) as client:
        result: dict[str, Any] = client.request(asked)
    if call.json:
        say_json(result)
    return 0
