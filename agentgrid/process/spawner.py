"""The spawner: a lean process that forks a pane host for each request of its server.

It has loaded everything a host needs, so a host starts in milliseconds, and all of them share that memory: ``gc.freeze``
keeps the collector from touching it, which would copy it. A host is a process of its own in every respect: the spawner's
death harms none, and none leaves a zombie with it. It ends with its server's end of the connection.

A request is a line with a descriptor, the host's first connection; the host answers on that. When the host is to succeed one
that was killed, the descriptors which that one kept for the server follow.
"""

import gc
import os
import select
import signal
import socket
import sys
from contextlib import suppress

from agentgrid.process import host
from agentgrid.process.system import set_process_name
from agentgrid.process.wire import Channel, Message


def main(descriptor: int) -> None:
    """Fork hosts until the server is gone."""
    set_process_name(b"agentgrid-spawn")
    os.chdir("/")
    host.prepare()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # The kernel reaps hosts.
    server = Channel(socket.socket(fileno=descriptor))
    gc.collect()
    gc.freeze()
    poll = select.poll()
    poll.register(server.fileno(), select.POLLIN)
    while True:
        poll.poll()
        requests = server.receive()
        if requests is None:
            return
        for request in requests:
            connection = socket.socket(fileno=server.take_descriptor())
            inherited = {name: server.take_descriptor() for name in request["descriptors"]}
            _fork(request, connection, inherited, server)
            connection.close()
            for descriptor in inherited.values():
                os.close(descriptor)


def _fork(request: Message, connection: socket.socket, inherited: dict[str, int], server: Channel) -> None:
    try:
        pid = os.fork()
    except OSError as error:
        with suppress(OSError):  # Its server has gone: it hears nothing more.
            Channel(connection).send({"event": "failed", "errno": error.errno})
        return
    if pid == 0:
        code = 1
        try:
            server.close()
            host.run(request, connection, inherited)
            code = 0
        except BaseException:  # noqa: BLE001  Nothing may unwind into the spawner's own loop: this is another process now.
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(code)
