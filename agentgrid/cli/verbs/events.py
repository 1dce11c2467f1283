"""``events``: what happens, one JSON object a line."""

from typing import TYPE_CHECKING, Any

import msgspec

from agentgrid.cli.following import messages_while_read
from agentgrid.cli.output import as_json, say
from agentgrid.cli.reach import connect
from agentgrid.errors import NoSession
from agentgrid.protocol.messages import FollowEvents, GetStatus, Happened
from agentgrid.server.report import pane_status, pane_word
from agentgrid.session.events import Event, PaneChanged, PaneCreated, SessionEnded, event_name
from agentgrid.workspace.change import Change, GitEvent, change_object, git_object
from agentgrid.workspace.conflict import Conflict, conflict_object

if TYPE_CHECKING:
    from agentgrid.cli.words import Call


def events(call: "Call", *, follow: bool) -> int:
    """The present state of every pane; with ``follow``, then what happens, until the session ends."""
    with connect(call) as client:
        client.request(FollowEvents())
        if not follow:
            client.request(GetStatus())  # The present state is sent before it is answered.
        for message in messages_while_read(client) if follow else client.receive():
            if isinstance(message, Happened):
                say(as_json(event_object(message.event)))
                if isinstance(message.event, SessionEnded):
                    return 0
    if follow:
        raise NoSession("the session's server ended; 'agentgrid' starts it again, and its programs go on")
    return 0


def event_object(event: Event) -> dict[str, Any]:
    """An event as a line of ``agentgrid events``. Panes are words (``%1``), a whole pane is as in ``status``."""
    found: dict[str, Any] = {"at": event.at, "event": event_name(type(event))}
    for name in event.__struct_fields__:
        value = getattr(event, name)
        if name == "pane":
            found["pane"] = None if value is None else pane_word(value)
        elif isinstance(value, Change):
            found |= {key: told for key, told in change_object(value).items() if key not in ("at", "pane")}
        elif isinstance(value, GitEvent):
            found |= git_object(value)
        elif isinstance(value, Conflict):
            found |= conflict_object(value)
        elif name == "top":
            found["folder"] = value
        elif isinstance(event, PaneCreated | PaneChanged) and name == "state":
            found["status"] = pane_status(event.state)
        elif name == "panes":
            found[name] = [pane_word(pane) for pane in value]
        elif name != "at":
            found[name] = msgspec.to_builtins(value)
    return found
