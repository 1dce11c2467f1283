"""Pane hosts that run, found and taken over: the server's side.

    spawning makes one:      host = Spawner(folder).start(request)          folder/hosts/3.sock
    after a server's death:  for path in find_hosts(folder): host = adopt(path)
    after a host's death:    host = spawner.succeed(host)

A host whose program could not be started is a host too: its ``problem`` says why, and it waits to be released.
"""

import contextlib
import fcntl
import os
import select
import socket
import time
from pathlib import Path
from typing import NamedTuple

from agentgrid.errors import TimedOut, Unavailable
from agentgrid.geometry import Size
from agentgrid.process import pty
from agentgrid.process.credentials import is_ours
from agentgrid.process.records import RecordReader
from agentgrid.process.wire import Channel, Message
from agentgrid.workspace.trace.records import Record

ADOPT_SECONDS = 5.0  # A host answers in a millisecond; a machine that swaps needs longer.
HOSTS = "hosts"


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
        self.keepsake: str = hello.get("keepsake", "")
        """What a server gave it to keep."""
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

    def keep(self, keepsake: str) -> None:
        """Have it keep this for the next server; it is told what it does not know."""
        if keepsake != self.keepsake:
            self.keepsake = keepsake
            if not self.lost:
                self._tell({"do": "keep", "keepsake": keepsake})

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
        return self._hello | {"do": "succeed", "exit_code": self.exit_code, "keepsake": self.keepsake}, descriptors | self._for_successor

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
        wait_for(channel, select.POLLIN, deadline)
        hello = channel.receive_one()
        if hello is not None:
            return hello


def wait_for(channel: Channel, events: int, deadline: float) -> None:
    """Wait until the channel can be read or written; ``deadline`` by the monotonic clock. Raises TimedOut."""
    poll = select.poll()
    poll.register(channel.fileno(), events)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise TimedOut("a pane's host does not answer: the machine may be out of memory, or a network file system hangs")
