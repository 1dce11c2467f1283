"""Start pane hosts through the spawner: the server's end of it.

    spawner = Spawner(folder)               a process of its own, which is launched with the first request
    starting = spawner.begin(request)       at once; ``starting.receive()`` is the host when ``fileno()`` is readable
    host = spawner.start(request)           the same, waited for
    host = spawner.succeed(lost)            another host for the program of one that was killed

A start may take as long as a folder on the network does, so whoever has panes to serve begins and goes on.
"""

import contextlib
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from agentgrid.errors import TimedOut, Unavailable
from agentgrid.paths import private_folder
from agentgrid.process.hosts import HOSTS, Host, wait_for
from agentgrid.process.problem import terminal_problem
from agentgrid.process.wire import Channel, Message

START_SECONDS = 15.0  # A program on a network file system may take seconds until it runs.
LEAVE_SECONDS = 2.0  # The spawner ends as soon as it sees that we are gone.
ERRORS = "errors.log"  # Where a host's last words go: it has no terminal.

PROGRAM = "import sys; sys.path[:0] = sys.argv[2:]; from agentgrid.process.spawner import main; main(int(sys.argv[1]))"


class StartRequest(NamedTuple):
    """What to start, where and how."""

    pane: int
    argv: tuple[str, ...]
    cwd: str
    environment: dict[str, str]
    """The whole of it; the program is looked up on its PATH."""
    columns: int
    rows: int
    trace: bool = False
    """Whether its writes are to be told; the host's ``traced`` says whether they are."""
    keepsake: str = ""
    """What the host keeps for a server that knows nothing."""


class SpawnerLost(Unavailable):
    """The spawner was killed in the middle of a request: nothing has started, and it may be asked again."""


class Starting:
    """A host that was asked for and has not spoken yet. Owned by whoever asked, who closes it when no host came of it."""

    def __init__(self, channel: Channel, errors: Path) -> None:
        self._channel = channel
        self._errors = errors

    def fileno(self) -> int:
        """Readable when ``receive`` has something; the host's own from then on."""
        return self._channel.fileno()

    def receive(self) -> Host | None:
        """The host, perhaps with a ``problem``; None while it has not spoken. Raises SpawnerLost, Unavailable."""
        try:
            hello = self._channel.receive_one()
        except ConnectionError as error:
            raise SpawnerLost(f"no pane host could be started; see {self._errors}") from error
        except OSError as error:
            raise Unavailable(f"cannot start a pane's host: {error}") from error
        if hello is None:
            return None
        if hello["event"] == "failed":
            raise Unavailable(terminal_problem("a pane", hello["errno"]))
        return Host(self._channel, hello)

    def wait(self, seconds: float) -> Host:
        """The host, when it has spoken; closed when there is none. Raises SpawnerLost, Unavailable, TimedOut."""
        deadline = time.monotonic() + seconds
        try:
            while True:
                wait_for(self._channel, select.POLLIN, deadline)
                host = self.receive()
                if host is not None:
                    return host
        except (Unavailable, TimedOut):
            self.close()
            raise

    def close(self) -> None:
        """Hear nothing more of it. A host that starts all the same lives on, for the next server."""
        self._channel.close()


class Spawner:
    """Starts hosts through a lean process of its own. Owned by the server, one a session; not for several threads at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None

    def launch(self) -> None:
        """Have the process running, so that the first ``start`` need not wait for it: 60 ms."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        ours, theirs = socket.socketpair()
        with theirs, _errors(self._folder) as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-X", "utf8", "-c", PROGRAM, str(theirs.fileno()), *_import_path()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env={},
                cwd="/",
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._channel = Channel(ours)

    def start(self, request: StartRequest) -> Host:
        """Start a program; returns when it runs, or with the host's ``problem``. Raises Unavailable, TimedOut."""
        return self._host(_asked(request), {})

    def begin(self, request: StartRequest) -> Starting:
        """Have a program started, and do not wait for it. Raises Unavailable."""
        return self._begin(_asked(request), {})

    def succeed(self, host: Host) -> Host:
        """A host that goes on where a killed one has stopped: program, terminal, trace and socket are the same.

        Stop watching ``fileno`` and ``records`` of the lost host before, and read its last records: it is closed. ``pty`` and
        ``pty_writer`` stay as they are. The new one cannot tell with which code the program ends. When this raises
        (Unavailable, TimedOut), the lost host is as it was, and it may be tried again.
        """
        assert host.lost, "two hosts of one pane"
        successor = self._host(*host.legacy())
        successor.inherit(host)
        return successor

    def _host(self, request: Message, descriptors: dict[str, int]) -> Host:
        """A new host, when it has spoken."""
        try:
            return self._begin(request, descriptors).wait(START_SECONDS)
        except SpawnerLost:
            return self._begin(request, descriptors).wait(START_SECONDS)

    def _begin(self, request: Message, descriptors: dict[str, int]) -> Starting:
        errors = self._folder / HOSTS / ERRORS
        try:
            sockets = private_folder(self._folder / HOSTS)
            path = str(sockets / f"{request['pane']}.sock")
            request = request | {"socket": _utf8(path), "descriptors": list(descriptors)}
            self.launch()
            try:
                return Starting(self._ask(request, list(descriptors.values())), errors)
            except ConnectionError:  # It was killed since its last request.
                self.close()
                self.launch()
                return Starting(self._ask(request, list(descriptors.values())), errors)
        except OSError as error:
            raise Unavailable(f"cannot start a pane's host: {error}") from error

    def close(self) -> None:
        """End the spawner's process; hosts live on."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._process is not None:
            try:
                self._process.wait(LEAVE_SECONDS)
            except subprocess.TimeoutExpired:  # It is stopped.
                self._process.kill()
                self._process.wait()
            self._process = None

    def _ask(self, request: Message, descriptors: list[int]) -> Channel:
        assert self._channel is not None
        ours, theirs = socket.socketpair()
        channel = Channel(ours)
        deadline = time.monotonic() + START_SECONDS
        try:
            with theirs:
                self._channel.send(request, [theirs.fileno(), *descriptors])
                while self._channel.waiting:  # A large environment: the spawner takes it as soon as it has forked the host before.
                    wait_for(self._channel, select.POLLOUT, deadline)
                    self._channel.flush()
        except (OSError, TimedOut):
            channel.close()
            raise
        return channel


def _asked(request: StartRequest) -> Message:
    return {
        "do": "start",
        "pane": request.pane,
        "argv": [_utf8(word) for word in request.argv],
        "cwd": _utf8(request.cwd),
        "environment": {_utf8(name): _utf8(value) for name, value in request.environment.items()},
        "columns": request.columns,
        "rows": request.rows,
        "trace": request.trace,
        "keepsake": request.keepsake,
    }


def _import_path() -> list[str]:
    """Where the spawner finds agentgrid and ptyprocess: it starts without the site's paths."""
    found = []
    for name in ("agentgrid", "ptyprocess"):
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        found.append(str(Path(spec.origin).parent.parent))
    return list(dict.fromkeys(found))


def _utf8(text: str) -> str:
    """The text whose bytes in UTF-8 are those of the file system's encoding here: the spawner always runs in UTF-8."""
    return os.fsencode(text).decode("utf-8", "surrogateescape")


@contextlib.contextmanager
def _errors(folder: Path) -> Iterator[int]:
    descriptor = os.open(private_folder(folder / HOSTS) / ERRORS, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
