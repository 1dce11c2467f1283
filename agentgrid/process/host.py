"""The pane host: a small process that starts one pane's program and stays its parent for as long as it runs.

It holds the PTY's master and hands a duplicate to whichever server connects to its socket; the program's bytes never
pass through it. So it costs nothing while the program works: it wakes up for a connection, for a word from the server
and for the end of a child. What it keeps for a server that is not there: the PTY with its unread output, and the exit code.

    host → server   hello  first on every connection, with the PTY: pane, pids, argv, cwd, exit code, problem
                    exited  the program has ended, and after ``end`` everything it had started
                    taken   another server has connected: the newest counts
    server → host   end     end the program and all it has started (``ending``)
                    release the server has what it needs: leave when the program has ended

It leaves when it was released and the program has ended, or when it was told to end and nobody is connected any more.
No signal ends it but SIGKILL, and its death does not end the program while a server holds the PTY.
"""

import fcntl
import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress

from agentgrid.geometry import Size
from agentgrid.process.credentials import is_ours
from agentgrid.process.ending import Ending
from agentgrid.process.problem import one_line
from agentgrid.process.pty import StartProblem, start_program
from agentgrid.process.system import become_subreaper, set_process_name
from agentgrid.process.wire import Channel, Message

PROTOCOL = 1  # A server reads what older hosts say: fields are added, never changed.
BACKLOG = 8
DEAF_TO = (
    signal.SIGHUP,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTERM,
    signal.SIGTSTP,
    signal.SIGTTIN,
    signal.SIGTTOU,
    signal.SIGUSR1,
    signal.SIGUSR2,
)
READABLE, WRITABLE = select.POLLIN, select.POLLOUT


class PaneHost:
    """One pane's program and what is known of it. Owned by ``run``."""

    def __init__(self, request: Message, socket_path: str) -> None:
        self._pane: int = request["pane"]
        self._argv: list[str] = request["argv"]
        self._cwd: str = request["cwd"]
        self._socket_path = socket_path
        self._listener = _listen(socket_path)
        self._inode = _inode(socket_path)
        self._channel: Channel | None = None
        self._ending: Ending | None = None
        self._released = False
        self._ended = False
        self.program, self._pty, self._problem = 0, -1, ""
        self._exit_code: int | None = None
        self._started_at = time.time()
        try:
            self.program, self._pty = start_program(
                self._argv, self._cwd, request["environment"], Size(columns=request["columns"], rows=request["rows"])
            )
        except StartProblem as problem:
            self._problem = one_line(str(problem))

    @property
    def leaves(self) -> bool:
        """Whether there is nothing left to do."""
        over = self._ending is None and (self.program == 0 or self._exit_code is not None)
        return over and (self._released or (self._ended and self._channel is None))

    def wait(self, woken: int, seconds: float | None) -> None:
        """Wait until something happens, at most so long, and see to it: first to children, then to the server, then to its successor."""
        poll = select.poll()
        poll.register(woken, READABLE)
        poll.register(self._listener, READABLE)
        channel = self._channel
        if channel is not None:
            poll.register(channel, READABLE | (WRITABLE if channel.waiting else 0))
        ready = dict(poll.poll(None if seconds is None else int(max(0.0, seconds) * 1000) + 1))
        if woken in ready:
            os.read(woken, 4096)
            self.reap()
        if channel is not None and channel is self._channel and channel.fileno() in ready:
            self.serve(ready[channel.fileno()])
        if self._listener.fileno() in ready:
            self.accept()

    def take(self, channel: Channel) -> None:
        """A server has come: it gets everything, and an earlier one nothing more."""
        self._say({"event": "taken"})
        if self._channel is not None:
            self._channel.close()
        self._channel = channel
        hello: Message = {
            "event": "hello",
            "protocol": PROTOCOL,
            "pane": self._pane,
            "host_pid": os.getpid(),
            "program_pid": self.program,
            "argv": self._argv,
            "cwd": self._cwd,
            "started_at": self._started_at,
            "exit_code": None if self._ending else self._exit_code,
            "problem": self._problem,
            "descriptors": ["pty"] if self._pty >= 0 else [],
        }
        self._say(hello, [self._pty] if self._pty >= 0 else [])

    def accept(self) -> None:
        """Somebody has connected."""
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, ConnectionError):
            return  # Gone again before we looked.
        if is_ours(connection):
            self.take(Channel(connection))
        else:
            connection.close()

    def serve(self, events: int) -> None:
        """The connection is ready for something."""
        assert self._channel is not None
        try:
            if events & WRITABLE:
                with suppress(OSError):  # As in ``_say``.
                    self._channel.flush()
            messages = self._channel.receive()
        except (OSError, ValueError):
            messages = None
        if messages is None:
            self._drop()
            return
        for message in messages:
            match message:
                case {"do": "end", "grace_seconds": int() | float() as grace_seconds}:
                    self._ending = self._ending or Ending(self.program, grace_seconds, time.monotonic())
                case {"do": "release"}:
                    self._released = True
                case _:
                    pass  # From a newer server.

    def reap(self) -> None:
        """Take note of every child that has ended, the program and adopted orphans alike."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid == self.program:
                self._exit_code = os.waitstatus_to_exitcode(status)
                if self._ending is None:
                    self._say_exited()

    def step(self) -> float | None:
        """Go on with the end, if it is under way; in how many seconds again."""
        if self._ending is None:
            return None
        wait = self._ending.step(time.monotonic(), self.program != 0 and self._exit_code is None)
        if wait is not None:
            return wait
        self._ending = None
        self._ended = True
        self._say_exited()
        return None

    def close(self) -> None:
        """Take the socket away, unless it is a successor's already."""
        try:
            with _Locked(os.path.dirname(self._socket_path)):
                if _inode(self._socket_path) == self._inode:
                    os.unlink(self._socket_path)
        except FileNotFoundError:
            pass  # The session's folder is gone, and the socket with it.
        if self._channel is not None:
            self._channel.close()
        self._listener.close()

    def _say_exited(self) -> None:
        self._say({"event": "exited", "code": self._exit_code})

    def _say(self, message: Message, descriptors: list[int] | None = None) -> None:
        if self._channel is None:
            return
        with suppress(OSError):  # It has gone; its last words may be waiting to be read, and after them ``serve`` drops it.
            self._channel.send(message, descriptors)

    def _drop(self) -> None:
        assert self._channel is not None
        self._channel.close()
        self._channel = None
        if not self.leaves and _inode(self._socket_path) is None:
            self._listen_again()

    def _listen_again(self) -> None:
        """Somebody has tidied up the temporary folder, and the next server must find us."""
        try:
            listener = _listen(self._socket_path)
        except OSError as error:  # Not to be found is better than not to be there: the program goes on.
            print(f"pane {self._pane}: no socket: {error}", file=sys.stderr, flush=True)  # noqa: T201  It has no other voice.
            return
        self._listener.close()
        self._listener = listener
        self._inode = _inode(self._socket_path)


def prepare() -> None:
    """What all hosts have in common, done once before they are forked: every page a host touches for itself is a copy."""
    for number in DEAF_TO:
        signal.signal(number, signal.SIG_IGN)


def run(request: Message, connection: socket.socket) -> None:
    """Be a pane's host, until nobody needs it any more. ``connection`` leads to the server that asked for it."""
    os.setsid()
    become_subreaper()
    set_process_name(b"agentgrid-host")
    woken, wake = os.pipe()
    for descriptor in (woken, wake):
        os.set_blocking(descriptor, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    host = PaneHost(request, request["socket"])
    host.take(Channel(connection))
    while True:
        seconds = host.step()
        if host.leaves:
            break
        host.wait(woken, seconds)
    host.close()


class _Locked:
    """The folder's lock: between looking at a socket and removing it, no other host puts its own in that place."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        self._descriptor = os.open(self._folder, os.O_RDONLY | os.O_CLOEXEC)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)


def _listen(path: str) -> socket.socket:
    """A listening socket that appears in its place whole, 0600, and in the place of a dead or ending host's."""
    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    fresh = f"{folder}/{os.getpid()}.new"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        if os.path.exists(fresh):
            os.unlink(fresh)
        listener.bind(fresh)
        listener.listen(BACKLOG)
        listener.setblocking(False)
        with _Locked(folder):
            os.rename(fresh, path)
    except OSError:
        listener.close()
        raise
    finally:
        os.umask(before)
    return listener


def _inode(path: str) -> int | None:
    try:
        return os.stat(path).st_ino
    except FileNotFoundError:
        return None
