"""Going on where a server that died has stopped.

Its hosts run, each with its program. They are asked for their descriptors; what panes there are stands in the session's
record; what they showed stands in their journals; and every program is asked to repaint.

    a host and its pane in the record     go on as if nothing had happened
    hosts, and no record                  panes are made of what the hosts know: no program is ended by guessing
    a host whose pane was closed          was being ended when the server died: it is ended
    a record, and no host at all          the machine was restarted: the commands run again, below the old text
    a pane whose host is gone             has ended, and nobody knows how
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from agentgrid.config.agents import resolve_launch
from agentgrid.config.load import Config
from agentgrid.errors import AgentgridError
from agentgrid.process.hosts import Host, adopt, find_hosts
from agentgrid.server.keepsakes import read
from agentgrid.server.launching import Launch
from agentgrid.session.names import fresh_name
from agentgrid.session.pane import Folder, Pane, PaneId, PaneStatus
from agentgrid.session.session import SessionRecord

if TYPE_CHECKING:
    from agentgrid.server.server import Server


def running_hosts(folder: Path, problem: Callable[[str], None]) -> dict[PaneId, Host]:
    """The hosts of a session that run, by pane; one that does not answer is a problem in words, and is left alone."""
    found: dict[PaneId, Host] = {}
    for path in find_hosts(folder):
        try:
            host = adopt(path)
        except AgentgridError as error:
            problem(str(error))
            continue
        if host is not None:
            found[PaneId(host.pane)] = host
    return found


def record_of(launch: Launch, config: Config, hosts: dict[PaneId, Host]) -> SessionRecord:
    """A record from what the hosts know, where the one on disk is lost.

    Of hosts that keep nothing (another version's) it is commands and folders, but no names a person gave.
    """
    kept = {pane: found for pane, host in hosts.items() if (found := read(host)) is not None}
    panes = [found.pane for found in kept.values()]
    rows, columns = next(((found.rows, found.columns) for found in kept.values()), (launch.rows, launch.columns))
    counters: dict[str, int] = {}
    for pane, host in sorted(hosts.items()):
        if pane in kept:
            continue
        known = resolve_launch(config, {}, command=host.argv)
        name, stem, count = fresh_name(known.agent, host.argv, {made.name for made in panes}, counters)
        counters[stem] = count
        panes.append(
            Pane(
                id=pane,
                name=name,
                command=host.argv,
                agent=known.agent,
                folder=Folder(kind="shared" if host.cwd == launch.folder else "path", path=host.cwd),
                number=max((made.number for made in panes), default=0) + 1,
                status=PaneStatus.UNKNOWN,
                status_since=host.started_at,
            )
        )
    return SessionRecord(
        name=launch.session,
        folder=launch.folder,
        rows=rows,
        columns=columns,
        panes=tuple(panes),
        focus=next((pane.id for pane in panes if pane.number), None),
        counters=counters,
    )


def take_over(server: "Server", hosts: dict[PaneId, Host]) -> None:
    """Give every pane of the session its host, its screen and its history again."""
    lifecycle = server.lifecycle
    again = not hosts
    for pane, state in list(server.session.panes.items()):
        runtime = lifecycle.empty(pane)
        runtime.restore()
        host = hosts.pop(pane, None)
        if host is not None:
            lifecycle.take(runtime, host)
        elif again:
            lifecycle.restart(pane)
        elif state.status is not PaneStatus.EXITED:
            server.change(pane, status=PaneStatus.EXITED, pid=0, problem="it ended while no server ran, and so did its host")
    for host in hosts.values():
        lifecycle.end_host(host)


def begin(server: "Server", launch: Launch, hosts: dict[PaneId, Host], ready: Callable[[], None]) -> None:
    """Take over what runs, or start the panes of the launch; ``ready`` when each has started or said why not."""
    server.authors.starting(server.session.folder)
    if server.session.panes:
        take_over(server, hosts)
        server.deliveries.begin()
        ready()
        return
    waiting = len(launch.panes)
    if not waiting:
        ready()

    def one(_: object) -> None:
        nonlocal waiting
        waiting -= 1
        if not waiting:
            ready()

    for command in launch.panes:
        try:
            server.execute(command, one, one)
        except AgentgridError as error:
            server.problem(str(error))
            one(None)
