"""Real programs in real panes: what these tests wait for, each with a deadline."""

import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from agentgrid.process.hosts import Exited, Host, HostLost, adopt, find_hosts
from agentgrid.process.pty import read_available
from agentgrid.process.spawning import Spawner, StartRequest
from tests.support.deadline import DEADLINE_SECONDS, eventually


def request(
    *argv: str, pane: int = 1, cwd: str = "/", columns: int = 80, rows: int = 24, trace: bool = False, **added: str
) -> StartRequest:
    """What a server would ask for; ``added`` goes into the environment."""
    environment = os.environ | {"TERM": "xterm-256color"} | added
    return StartRequest(pane=pane, argv=argv, cwd=cwd, environment=environment, columns=columns, rows=rows, trace=trace)


def python(code: str, *arguments: str) -> tuple[str, ...]:
    """A program written in Python."""
    return (sys.executable, "-I", "-S", "-c", code, *arguments)


def next_events(host: Host) -> list[Exited | HostLost]:
    """What the host says next."""
    ready = select.select([host], [], [], DEADLINE_SECONDS)[0]
    assert ready, "the host says nothing"
    return host.receive()


def read_until(host: Host, wanted: bytes = b"") -> bytes:
    """The pane's output up to and with ``wanted``; to its end when that is empty."""
    output = bytearray()
    poll = select.poll()
    poll.register(host.pty, select.POLLIN)
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not wanted or wanted not in output:
        assert poll.poll(max(0.0, deadline - time.monotonic()) * 1000), f"no {wanted!r} in {bytes(output)!r}"
        data = read_available(host.pty, 65536)
        if data == b"":
            assert not wanted, f"no {wanted!r} in {bytes(output)!r}"
            break
        output += data or b""
    return bytes(output)


def runs(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def gone(pid: int) -> None:
    """Wait until the process is gone."""
    eventually(lambda: not runs(pid), f"process {pid} ends")


def release(host: Host) -> None:
    """Let an ended program's host leave, and see that it does."""
    host.release()
    while HostLost() not in next_events(host):
        pass
    host.close()
    gone(host.host_pid)


def taken(path: Path) -> Host:
    """A running host, taken over."""
    host = adopt(path)
    assert host is not None
    return host


def finish(host: Host, grace_seconds: float = 0.0) -> None:
    """End what runs in the pane, wait until nothing is left, and let the host leave."""
    host.end(grace_seconds)
    while not any(isinstance(event, Exited) for event in next_events(host)):
        pass
    release(host)


@contextmanager
def spawning(folder: Path) -> Iterator[Spawner]:
    """A spawner whose hosts are all gone afterwards."""
    spawner = Spawner(folder)
    try:
        yield spawner
    finally:
        for path in find_hosts(folder):
            host = adopt(path)
            if host is not None:
                finish(host)
        spawner.close()


def spawner_pid(spawner: Spawner) -> int:
    assert spawner._process is not None
    return spawner._process.pid


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
