"""A server from its launch to its end: what was there of the session is taken over, else its panes are started."""

import gc
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from agentgrid.config.load import load
from agentgrid.process.hosts import Host
from agentgrid.process.spawning import Spawner
from agentgrid.server.launching import Launch
from agentgrid.server.loop import Loop
from agentgrid.server.server import Server
from agentgrid.server.store import Store
from agentgrid.server.takeover import begin, record_of, running_hosts
from agentgrid.session.pane import PaneId
from agentgrid.session.session import Session

SWITCH_SECONDS = 0.0005  # While floods are fed, the observer's thread waits so long for its turn, some twenty times for each change.
SETTLED_SECONDS = 2.0  # After a start, when the first screens have been drawn.


def prepare(launch: Launch, spawner: Spawner) -> Callable[[Callable[[], None]], None]:
    """The session's server, with all that can be wrong before a pane starts behind it; it serves when it is called.

    Called with what is to be called when every pane has started. Raises AgentgridError, OSError.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    loop = Loop()
    hosts = running_hosts(Path(launch.socket).parent, complain)
    server = build(launch, loop, hosts, spawner)

    def serve(started: Callable[[], None]) -> None:
        def ready() -> None:
            started()
            loop.call_later(SETTLED_SECONDS, settle)

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.on_signal(number, loop.stop)
        loop.on_error = report
        begin(server, launch, hosts, ready)
        loop.run()
        server.close()

    return serve


def build(launch: Launch, loop: Loop, hosts: dict[PaneId, Host], spawner: Spawner) -> Server:
    """The server of a session: the one that died, if there is anything of it, else a new one."""
    config = load(Path(launch.folder), file=Path(launch.config_file) if launch.config_file else None)
    store = Store(launch.session, launch.folder)
    record = store.load()
    if record is None and hosts:
        record = record_of(launch, config, hosts)
    session = Session.restore(record) if record is not None else Session(launch.session, launch.folder, launch.rows, launch.columns)
    return Server(loop, session, config, store, launch, spawner, time.time)


def settle() -> None:
    """Have the collector never look again at what is there for good. What is made per frame dies by reference count, and a full
    collection is a late echo.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


def complain(message: str) -> None:
    """Into the server's log: there is nobody else to tell yet."""
    sys.stderr.write(f"agentgrid: {message}\n")


def report(error: Exception) -> None:
    """A fault of ours: into the server's log, with all that helps to mend it. What it hit may be wrong; the rest goes on."""
    traceback.print_exception(error)
