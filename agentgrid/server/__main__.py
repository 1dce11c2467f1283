"""The server's process: ``python -m agentgrid.server FD``, started by ``daemon.start`` only.

Reads its ``Launch`` from standard input and writes ``ready`` to the descriptor FD when every pane has started, or a line
that says why not. Nearly all of a start is the import of modules, so what pane hosts need is loading in a process of its
own before this one goes on to import the rest.
"""

import gc
import os
import signal
import sys
from pathlib import Path

from agentgrid.sparing import without

with without("typing_extensions"):
    import msgspec

from agentgrid.errors import AgentgridError
from agentgrid.process.spawning import Spawner
from agentgrid.server.daemon import READY, lock, wait_turn
from agentgrid.server.launching import Launch


def main() -> int:
    """Run the server until it is told to end; the process's exit code."""
    told = int(sys.argv[1])
    gc.disable()  # What is imported stays; ``serving`` switches the collector on.
    asked = sys.stdin.buffer.read()
    if not asked:
        return 0  # Whoever wanted a server has thought better of it.
    try:
        launch = msgspec.msgpack.decode(asked, type=Launch)
        detach()
        folder = Path(launch.socket).parent
        turn = wait_turn(folder)
        held = lock(folder)
        if held is None:
            os.write(told, b"another server runs this session already\n")
            return 1
        spawner = Spawner(folder)
        spawner.launch()
        from agentgrid.server.serving import prepare

        serve = prepare(launch, spawner)
    except (AgentgridError, OSError) as error:
        os.write(told, f"{error}\n".encode())
        return 1

    def started() -> None:
        os.write(told, READY)
        os.close(told)
        os.close(turn)

    serve(started)
    return 0


def detach() -> None:
    """Nothing of the terminal that started us: no input, and a hangup means nothing."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)


if __name__ == "__main__":
    sys.exit(main())
