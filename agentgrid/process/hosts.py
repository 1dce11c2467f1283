"""Start pane hosts, find those that run, take them over: the server's side.

    spawner = Spawner(folder)            folder/hosts/3.sock
    host = spawner.start(request)        after a server's death:  for path in find_hosts(folder): host = adopt(path)
                                         after a host's death:    host = spawner.succeed(host)

A host whose program could not be started is a host too: its ``problem`` says why, and it waits to be released.
"""

import contextlib
import fcntl
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
from agentgrid.geometry import Size
from agentgrid.paths import private_folder
from agentgrid.process import pty
from agentgrid.process.credentials import is_ours
from agentgrid.process.problem import terminal_problem
from agentgrid.process.records import RecordReader
from agentgrid.process.wire import Channel, Message
from agentgrid.workspace.trace.records import Record

START_SECONDS = 15.0  # A program on a network file system may take seconds until it runs.
ADOPT_SECONDS = 5.0  # A host answers in a millisecond; a machine that swaps needs longer.
LEAVE_SECONDS = 2.0  # The spawner ends as soon as it sees that we are gone.
HOSTS = "hosts"
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


class Exited(NamedTuple):
    """The program has ended; after ``end``, so has everything it had started. ``code`` is None when there was no program."""

    code: int | None


class HostLost(NamedTuple):
    """The connection is gone: the host was killed, or another server has taken it over. The program may go on.

    Killed: have it succeeded at once, as a traced program that writes waits for that.
    """

    taken: bool = False


class Host:
    """A running host and its pane's PTY. Owned by the server, which watches ``fileno()`` and the PTY."""

    def __init__(self, channel: Channel, hello: Message) -> None:
        self.pane: int = hello["pane"]
        self.host_pid: int = hello["host_pid"]
        self.program_pid: int = hello["program_pid"]
        self.argv: tuple[str, ...] = tuple(hello["argv"])
        self.cwd: str = hello["cwd"]
        self.started_at: float = hello["started_at"]
        self.exit_code: int | None = hello["exit_code"]
        self.problem: str = hello["problem"]
        self.traced: bool = hello.get("traced", False)
        self.untraced_because: str = hello.get("untraced_because", "the host is of a version that could not trace")
        """One line, when it is not traced."""
        self.lost = False
        received = {name: channel.take_descriptor() for name in hello["descriptors"]}
        self.pty: int = received.pop("pty", -1)
        """The master, non-blocking; -1 when there is a problem instead."""
        self.pty_writer: int = fcntl.fcntl(self.pty, fcntl.F_DUPFD_CLOEXEC, 0) if self.pty >= 0 else -1
        """A duplicate, so that room to write can be watched apart from what is there to read."""
        self._reader = RecordReader(received.pop("records")) if "records" in received else None
        self._for_successor: dict[str, int] = received
        self._hello = hello
        self._channel = channel

    def fileno(self) -> int:
        """Readable when ``receive`` has something; the same until ``close``."""
        return self._channel.fileno()

    def receive(self) -> list[Exited | HostLost]:
        """What the host has said. After HostLost it says nothing more."""
        if self.lost:
            return []
        said: list[Exited | HostLost] = []
        try:
            messages = self._channel.receive()
        except (OSError, ValueError):
            messages = None
        for message in messages or ():
            match message:
                case {"event": "exited", "code": int() | None as code}:
                    self.exit_code = code
                    said.append(Exited(code))
                case {"event": "taken"}:
                    said.append(self._lose(taken=True))
                    break
                case _:
                    pass  # From a newer host.
        if messages is None:
            said.append(self._lose(taken=False))
        return said

    @property
    def records(self) -> int:
        """Readable when ``read_records`` has something, and for good when the host is lost; -1 when nothing is traced."""
        return -1 if self._reader is None else self._reader.fileno()

    def read_records(self) -> list[Record]:
        """What the pane's programs were about to write, oldest first; not all at once when there is much. The last of a lost host, too."""
        return [] if self._reader is None else self._reader.read()

    @property
    def pty_open(self) -> bool:
        """Whether we hold the PTY."""
        return self.pty >= 0

    @property
    def size(self) -> Size:
        """The terminal's size now."""
        return pty.get_size(self.pty)

    def resize(self, size: Size) -> None:
        """Give the terminal its size; its programs are told when it has changed."""
        if self.pty >= 0:
            pty.set_size(self.pty, size)

    def shrink(self) -> Size:
        """Make the terminal one row (else one column) smaller: the first half of having a program repaint, as the kernel
        tells it of changes only. Returns the size to ``resize`` to when the program had the time to notice."""
        size = self.size
        self.resize(Size(size.columns, size.rows - 1) if size.rows > 1 else Size(max(1, size.columns - 1), size.rows))
        return size

    def end(self, grace_seconds: float = 5.0) -> None:
        """End the program and all it has started; ``Exited`` comes when nothing is left. Works after its end, for what it left behind.

        Without its host, closing the PTY is all that can be done: the kernel hangs up.
        """
        if self.lost:
            self._close_pty()
        else:
            self._tell({"do": "end", "grace_seconds": grace_seconds})

    def release(self) -> None:
        """The host may leave once the program has ended: its exit code and output have been taken."""
        if not self.lost:
            self._tell({"do": "release"})

    def close(self) -> None:
        """Give up the connection and the PTY; host and program live on. A lost host's traced program can write no more."""
        self._close_pty()
        if self._reader is not None:
            self._reader.close()
        for descriptor in self._for_successor.values():
            os.close(descriptor)
        self._for_successor.clear()
        self._channel.close()
        self.lost = True

    def legacy(self) -> tuple[Message, dict[str, int]]:
        """What a successor must know and hold. Raises Unavailable where there can be none."""
        if self.program_pid and "program" not in self._for_successor:
            raise Unavailable("this system has no way to follow a process that is not one's own; the pane's host cannot be replaced")
        descriptors = {"pty": self.pty} if self.pty >= 0 else {}
        return self._hello | {"do": "succeed", "exit_code": self.exit_code}, descriptors | self._for_successor

    def inherit(self, lost: "Host") -> None:
        """Take over the terminal from a lost host, which is closed: ``pty`` and ``pty_writer`` are the same as before."""
        self._close_pty()
        self.pty, self.pty_writer = lost.pty, lost.pty_writer
        lost.pty = lost.pty_writer = -1
        lost.close()

    def _close_pty(self) -> None:
        for descriptor in (self.pty, self.pty_writer):
            if descriptor >= 0:
                os.close(descriptor)
        self.pty = self.pty_writer = -1

    def _tell(self, message: Message) -> None:
        with contextlib.suppress(ConnectionError):  # ``receive`` will say so.
            self._channel.send(message)

    def _lose(self, *, taken: bool) -> HostLost:
        self.lost = True
        return HostLost(taken)


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
        return self._host(
            {
                "do": "start",
                "pane": request.pane,
                "argv": [_utf8(word) for word in request.argv],
                "cwd": _utf8(request.cwd),
                "environment": {_utf8(name): _utf8(value) for name, value in request.environment.items()},
                "columns": request.columns,
                "rows": request.rows,
                "trace": request.trace,
            },
            {},
        )

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
        """A new host, and its first word."""
        deadline = time.monotonic() + START_SECONDS
        try:
            sockets = private_folder(self._folder / HOSTS)
            path = str(sockets / f"{request['pane']}.sock")
            request = request | {"socket": _utf8(path), "descriptors": list(descriptors)}
            self.launch()
            try:
                channel, hello = self._ask(request, list(descriptors.values()), deadline)
            except ConnectionError:  # It was killed, since its last request or in the middle of this one: nothing has started.
                self.close()
                self.launch()
                channel, hello = self._ask(request, list(descriptors.values()), deadline)
        except ConnectionError as error:
            raise Unavailable(f"no pane host could be started; see {self._folder / HOSTS / ERRORS}") from error
        except OSError as error:
            raise Unavailable(f"cannot start a pane's host: {error}") from error
        if hello["event"] == "failed":
            channel.close()
            raise Unavailable(terminal_problem("a pane", hello["errno"]))
        return Host(channel, hello)

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

    def _ask(self, request: Message, descriptors: list[int], deadline: float) -> tuple[Channel, Message]:
        assert self._channel is not None
        ours, theirs = socket.socketpair()
        channel = Channel(ours)
        try:
            with theirs:
                self._channel.send(request, [theirs.fileno(), *descriptors])
                while self._channel.waiting:
                    _wait(self._channel, select.POLLOUT, deadline)
                    self._channel.flush()
            return channel, _hello(channel, deadline)
        except (OSError, TimedOut):
            channel.close()
            raise


def find_hosts(folder: Path) -> list[Path]:
    """The sockets of a session's hosts, running or dead, by pane."""
    return sorted((folder / HOSTS).glob("*.sock"), key=lambda path: (len(path.name), path.name))


def adopt(path: Path) -> Host | None:
    """Connect to a running host; the server it had before is told. None, and the socket removed, when it is dead.

    Raises TimedOut when it does not answer: it may be stopped, and its program runs.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    channel = Channel(connection)
    try:
        connection.setblocking(True)
        connection.settimeout(ADOPT_SECONDS)
        connection.connect(os.fspath(path))
        connection.setblocking(False)
        if not is_ours(connection):
            raise Unavailable(f"{path} belongs to somebody else")
        return Host(channel, _hello(channel, time.monotonic() + ADOPT_SECONDS))
    except ConnectionError:
        channel.close()
        path.unlink(missing_ok=True)
        return None
    except FileNotFoundError:
        channel.close()
        return None
    except TimeoutError as error:
        channel.close()
        raise TimedOut(f"the host at {path} does not answer") from error
    except (TimedOut, Unavailable):
        channel.close()
        raise


def _hello(channel: Channel, deadline: float) -> Message:
    """The first message on a connection. Raises ConnectionError when there is none to come."""
    while True:
        _wait(channel, select.POLLIN, deadline)
        hello = channel.receive_one()
        if hello is not None:
            return hello


def _wait(channel: Channel, events: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(channel.fileno(), events)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise TimedOut("a pane's host does not answer: the machine may be out of memory, or a network file system hangs")


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
