"""The verbs that change panes: each resolves the pane's word and asks the server for one command."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from agentgrid.cli.output import say, say_json
from agentgrid.cli.reach import address_of, connect, connect_to, here
from agentgrid.protocol.messages import Do, ResolvePane
from agentgrid.session import commands
from agentgrid.session.pane import Folder, PaneId

if TYPE_CHECKING:
    from agentgrid.cli.words import Call


def new(call: "Call", *, agent: str | None, folder: str | None, name: str | None, prompt: str | None, command: tuple[str, ...]) -> int:
    """Start a pane; prints its id. What AGENT means is the session's own configuration's business."""
    from agentgrid.cli.starting import choices, folder_of, pane_of
    from agentgrid.config.values import AgentCount

    address = address_of(call)
    with connect_to(address) as client:
        if agent is not None and not command:
            chosen = pane_of(AgentCount(agent, 1), choices(address.folder), here())
            agent, command = chosen.agent, chosen.command
        asked = commands.NewPane(
            agent=agent or "",
            command=command,
            folder=folder_of(folder, here()) or Folder(),
            name=name or "",
            prompt=prompt or "",
        )
        pane = client.request(Do(command=asked))
    if call.json:
        say_json({"id": pane})
    else:
        say(str(pane))
    return 0


def close(call: "Call", *, pane: str) -> int:
    return _change(call, pane, lambda pane: commands.ClosePane(pane=pane))


def restart(call: "Call", *, pane: str) -> int:
    return _change(call, pane, lambda pane: commands.RestartPane(pane=pane))


def rename(call: "Call", *, pane: str, name: str) -> int:
    return _change(call, pane, lambda pane: commands.RenamePane(pane=pane, name=name))


def move(call: "Call", *, pane: str, number: int) -> int:
    return _change(call, pane, lambda pane: commands.MovePane(pane=pane, number=number))


def focus(call: "Call", *, pane: str) -> int:
    return _change(call, pane, lambda pane: commands.FocusPane(pane=pane))


def zoom(call: "Call", *, pane: str | None) -> int:
    """Without a pane, the grid is shown again."""
    if pane is not None:
        return _change(call, pane, lambda pane: commands.ZoomPane(pane=pane))
    with connect(call) as client:
        client.request(Do(command=commands.ZoomPane(pane=None)))
    return 0


def park(call: "Call", *, pane: str) -> int:
    return _change(call, pane, lambda pane: commands.ParkPane(pane=pane))


def lock(call: "Call", *, pane: str) -> int:
    return _change(call, pane, lambda pane: commands.LockPane(pane=pane))


def unlock(call: "Call", *, pane: str) -> int:
    return _change(call, pane, lambda pane: commands.LockPane(pane=pane, locked=False))


def unpark(call: "Call", *, pane: str) -> int:
    return _change(call, pane, lambda pane: commands.UnparkPane(pane=pane))


def _change(call: "Call", word: str, command: Callable[[PaneId], commands.AnyCommand]) -> int:
    """Ask for a command about the pane that the word names."""
    with connect(call) as client:
        client.request(Do(command=command(PaneId(client.request(ResolvePane(pane=word))))))
    return 0
