"""A traced program, with its supervisor in a thread of the test. Everything that is waited for has a deadline."""

import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from agentgrid.workspace.trace.install import available, start_tracing, take_listener
from agentgrid.workspace.trace.outlet import Outlet
from agentgrid.workspace.trace.records import Record, What, decode
from agentgrid.workspace.trace.supervisor import Supervisor

DEADLINE_SECONDS = 60.0

needs_tracing = pytest.mark.skipif(available() != "", reason=available())


class Traced:
    """A program under trace. Owned by one test, as a context manager that ends it."""

    def __init__(self, argv: Sequence[str], folder: Path, *, reads: bool = False, environment: dict[str, str] | None = None) -> None:
        ours, theirs = socket.socketpair()
        self.folder = folder
        with ours, theirs:
            self.process = subprocess.Popen(
                argv,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", **(environment or {})},
                pass_fds=[theirs.fileno()],
                preexec_fn=lambda: start_tracing(theirs.fileno(), reads=reads),
            )
            theirs.close()
            listener, problem = take_listener(ours)
        if problem:
            self.process.kill()
            self.process.communicate()
            pytest.skip(problem)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.records: list[Record] = []
        self.incoming = ours
        outlet = Outlet()
        outlet.connect(theirs)
        self.supervisor = Supervisor(listener, outlet, folders=(os.fsencode(folder),), reads=reads)
        self._thread = threading.Thread(target=supervise, args=(self.supervisor,))
        self._reader = threading.Thread(target=self._read)

    def __enter__(self) -> Self:
        self._thread.start()
        self._reader.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.process.kill()
        self.process.communicate()
        self._thread.join(DEADLINE_SECONDS)
        self.supervisor.close()
        self._reader.join(DEADLINE_SECONDS)
        self.incoming.close()

    def finish(self) -> str:
        """Wait for the program to end; its output. What it started may go on: records end when that has ended, too."""
        output, _ = self.process.communicate(timeout=DEADLINE_SECONDS)
        self._thread.join(DEADLINE_SECONDS)
        assert not self._thread.is_alive(), "something traced still runs"
        self.supervisor.outlet.disconnect()
        self._reader.join(DEADLINE_SECONDS)
        return bytes(output).decode("utf-8", "replace")

    def told(self) -> list[tuple[str, str]]:
        """Records of files below the folder: what, and which path, as the program would have it after ``..`` is gone."""
        base = os.fsencode(self.folder) + b"/"
        found = []
        for record in self.records:
            path = os.path.normpath(record.path)
            if record.what not in (What.PROGRAM, What.LOST) and path.startswith(base):
                found.append((record.what.name.lower(), os.fsdecode(path[len(base) :])))
        return found

    def _read(self) -> None:
        for batch in batches(self.incoming):
            self.records += decode(batch)


def supervise(supervisor: Supervisor) -> None:
    """What a host does, until no traced process is left."""
    poll = select.poll()
    poll.register(supervisor.fileno(), select.POLLIN)
    while True:
        due = supervisor.outlet.due
        ready = poll.poll(None if due is None else max(0.0, due - time.monotonic()) * 1000)
        if ready and not supervisor.serve():
            break
        if supervisor.outlet.due is not None:
            supervisor.outlet.flush(time.monotonic())
    supervisor.outlet.flush(time.monotonic())


def batches(connection: socket.socket) -> Iterator[bytes]:
    """What comes, to the end."""
    while batch := connection.recv(1 << 20):
        yield batch


def python(*lines: str) -> list[str]:
    """A Python program, started lean."""
    return [sys.executable, "-I", "-S", "-c", "\n".join(("import os, sys, socket, time, ctypes", *lines))]
