"""From a verb to its session: ``-s NAME``, else the session whose pane this is, else the one of this folder."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from agentgrid.addresses import FOLDER_FILE, SessionAddress, address_for, running
from agentgrid.errors import NoSession, Unavailable

if TYPE_CHECKING:
    from agentgrid.cli.words import Call
    from agentgrid.client.client import Client


def here() -> Path:
    """The folder we are in. Raises Unavailable when it is gone."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise Unavailable("the folder you are in has been deleted; go to another one") from None


def address_of(call: "Call") -> SessionAddress:
    """The session a verb means. It need not run."""
    return address_for(here(), call.session or os.environ.get("AGENTGRID_SESSION") or None)


def connect(call: "Call") -> "Client":
    """A connection to the session a verb means. Raises NoSession with what runs instead, VersionMismatch, TimedOut."""
    return connect_to(address_of(call))


def connect_to(address: SessionAddress) -> "Client":
    """A connection to that session; the same errors."""
    from agentgrid.client.client import Client  # ``up`` starts a server first, which imports its own modules meanwhile.

    try:
        return Client.connect(address.socket)
    except NoSession as error:
        raise NoSession(_why_not(address)) from error


def was_running(address: SessionAddress) -> bool:
    """A session that nobody has ended, though its server does not run: its programs may go on."""
    return (address.socket.parent / FOLDER_FILE).exists()


def _why_not(address: SessionAddress) -> str:
    """What to do about a session that does not answer."""
    again = "'agentgrid'" if address == address_for(here()) else f"'agentgrid -s {address.name}'"
    if was_running(address):
        return f"the server of session '{address.name}' ended before its programs did; {again} takes them over, 'agentgrid down' ends them"
    others = ", ".join(other.name for other in running())
    return f"no session '{address.name}' runs; {again} starts it{f', -s NAME picks another (running: {others})' if others else ''}"
