"""``ls``, ``detach`` and ``down``: sessions as a whole."""

import sys
from typing import TYPE_CHECKING, Any

from agentgrid.addresses import SessionAddress, answers, running
from agentgrid.cli.output import complain, one_line, say, say_json
from agentgrid.cli.reach import address_of, connect, connect_to, was_running
from agentgrid.client.client import Client
from agentgrid.errors import AgentgridError, UsageError
from agentgrid.protocol.messages import DetachClients, EndSession, GetStatus

if TYPE_CHECKING:
    from agentgrid.cli.words import Call


def ls(call: "Call") -> int:
    """One line a session; nothing when none runs."""
    found = [_described(address) for address in running()]
    if call.json:
        say_json(found)
        return 0
    width = max((len(session["session"]) for session in found), default=0)
    for session in found:
        counts = session["problem"] or f"{_counted(session['panes'], 'pane')}, {_counted(session['clients'], 'screen')}"
        say(f"{session['session']:{width}}  {counts}  {one_line(session['folder'])}")
    return 0


def detach(call: "Call") -> int:
    """Close every screen; 1 when there was none."""
    with connect(call) as client:
        screens: int = client.request(DetachClients())
    if call.json:
        say_json({"detached": screens})
    elif not screens:
        complain("no screen shows this session")
    return 0 if screens else 1


def down(call: "Call", *, yes: bool) -> int:
    """End the session; 1 when a person says no. Programs that outlived their server are taken over first, to be ended."""
    address = address_of(call)
    if was_running(address) and not answers(address.socket):
        from agentgrid.server.daemon import start
        from agentgrid.server.launching import Launch

        start(address, Launch(session=address.name, folder=str(address.folder), socket=str(address.socket)))
    with connect_to(address) as client:
        if not yes:
            status: dict[str, Any] = client.request(GetStatus())
            programs = [pane["name"] for pane in status["panes"] if pane["state"] != "exited"]
            if programs and not _sure(status["session"], programs):
                return 1
        client.request(EndSession())
    return 0


def _sure(session: str, programs: list[str]) -> bool:
    """Ask whoever sits there. Raises UsageError when nobody does."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(f"{_counted(len(programs), 'program')} would end with session '{session}'; --yes says that you mean it")
    print(f"End session '{session}' with {', '.join(map(one_line, programs))}? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _described(address: SessionAddress) -> dict[str, Any]:
    """A running session; one that cannot be asked is listed too, with the reason."""
    found: dict[str, Any] = {"session": address.name, "folder": str(address.folder), "panes": None, "clients": None, "problem": ""}
    try:
        with Client.connect(address.socket) as client:
            status: dict[str, Any] = client.request(GetStatus(), timeout=10.0)
    except AgentgridError as error:
        found["problem"] = str(error)
    else:
        found.update(panes=len(status["panes"]), clients=status.get("clients"))
    return found


def _counted(number: int | None, thing: str) -> str:
    return f"{'?' if number is None else number} {thing}{'' if number == 1 else 's'}"
