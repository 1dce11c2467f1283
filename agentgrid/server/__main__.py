"""The server's process: ``python -m agentgrid.server FD``, started by ``daemon.start`` only.

Reads its ``Launch`` from standard input and writes ``ready`` to the descriptor FD when every pane has started, or a line
that says why not.
"""

import gc
import os
import signal
import sys
import time
import traceback
from pathlib import Path

import msgspec

from agentgrid.config.load import load
from agentgrid.errors import AgentgridError
from agentgrid.process.hosts import Host
from agentgrid.server.daemon import READY, lock
from agentgrid.server.launching import Launch
from agentgrid.server.loop import Loop
from agentgrid.server.server import Server
from agentgrid.server.store import Store
from agentgrid.server.takeover import begin, record_of, running_hosts
from agentgrid.session.pane import PaneId
from agentgrid.session.session import Session


def main() -> int:
    """Run the server until it is told to end; the process's exit code."""
    told = int(sys.argv[1])
    try:
        launch = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Launch)
        detach()
        held = lock(Path(launch.socket).parent)
        if held is None:
            os.write(told, b"another server runs this session already\n")
            return 1
        loop = Loop()
        hosts = running_hosts(Path(launch.socket).parent, complain)
        server = build(launch, loop, hosts)
    except (AgentgridError, OSError) as error:
        os.write(told, f"{error}\n".encode())
        return 1

    def ready() -> None:
        os.write(told, READY)
        os.close(told)
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)  # What is made per frame dies by reference count; a full collection is a late echo.

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.on_signal(number, loop.stop)
    loop.on_error = report
    begin(server, launch, hosts, ready)
    loop.run()
    server.close()
    return 0


def build(launch: Launch, loop: Loop, hosts: dict[PaneId, Host]) -> Server:
    """The server of a session: the one that died, if there is anything of it, else a new one."""
    config = load(Path(launch.folder), file=Path(launch.config_file) if launch.config_file else None)
    store = Store(launch.session, launch.folder)
    record = store.load()
    if record is None and hosts:
        record = record_of(launch, config, hosts)
    session = Session.restore(record) if record is not None else Session(launch.session, launch.folder, launch.rows, launch.columns)
    return Server(loop, session, config, store, launch, time.time)


def complain(message: str) -> None:
    """Into the server's log: there is nobody else to tell yet."""
    sys.stderr.write(f"agentgrid: {message}\n")


def report(error: Exception) -> None:
    """A fault of ours: into the server's log, with all that helps to mend it. What it hit may be wrong; the rest goes on."""
    traceback.print_exception(error)


def detach() -> None:
    """Nothing of the terminal that started us: no input, and a hangup means nothing."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)


if __name__ == "__main__":
    sys.exit(main())
