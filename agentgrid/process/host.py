"""The pane host: a small process that starts one pane's program and stays its parent for as long as it runs.

It answers the kernel for a traced program (``tracing``), and that before all else: whoever writes a file waits for it.

It holds the PTY's master and hands a duplicate to whichever server connects to its socket; the program's bytes never
pass through it. So it costs nothing while the program works: it wakes up for a connection, for a word from the server
and for the end of a child. What it keeps for a server that is not there: the PTY with its unread output, and the exit code.

    host → server   hello  first on every connection, with descriptors: pane, pids, argv, cwd, exit code, problem, trace
                    exited  the program has ended, and after ``end`` everything it had started
                    taken   another server has connected: the newest counts
    server → host   end     end the program and all it has started (``ending``)
                    release the server has what it needs: leave when the program has ended
                    keep    say this, which means nothing here, in the next hello: what only a server knows of the pane

It leaves when it was released and the program has ended, and all that is traced, or when it was told to end and nobody is
connected any more. No signal ends it but SIGKILL, and its death does not end the program while a server holds the PTY. The
server then has a successor made, which gets the descriptors: ``pty``, ``program`` (a pidfd), ``listener`` and ``desk``. That
one is not the program's parent: it learns when the program ends, and not how.
"""

import fcntl
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from agentgrid.geometry import Size
from agentgrid.process.credentials import is_ours
from agentgrid.process.ending import Ending
from agentgrid.process.problem import one_line
from agentgrid.process.pty import StartProblem, start_program
from agentgrid.process.system import become_subreaper, follow, set_process_name
from agentgrid.process.tracing import Trace, start_traced
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
NOT_TRACED = "tracing is off for this pane"
RUN = "AGENTGRID_PANE_RUN"
"""The environment variable by which a successor knows what the program has started: a word of its own for each run."""
READABLE, WRITABLE = select.POLLIN, select.POLLOUT


class PaneHost:
    """One pane's program and what is known of it. Owned by ``run``."""

    def __init__(self, request: Message, socket_path: str) -> None:
        self._pane: int = request["pane"]
        self._argv: list[str] = request["argv"]
        self._cwd: str = request["cwd"]
        self._keepsake: str = request.get("keepsake", "")
        self._socket_path = socket_path
        self._listener = _listen(socket_path)
        self._inode = _inode(socket_path)
        self._channel: Channel | None = None
        self._ending: Ending | None = None
        self._step_at = 0.0
        self._released = False
        self._ended = False
        self._poll, self._polled = select.poll(), dict[int, int]()
        self.program, self._pty, self._pidfd, self._problem = 0, -1, -1, ""
        self._runs = False
        self._is_parent = True
        self._exit_code: int | None = None
        self._started_at = time.time()
        self._run = os.urandom(8).hex()
        self._trace: Trace | None = None
        self._untraced_because = NOT_TRACED

    def start(self, request: Message) -> None:
        """Start the program."""

        def start(before_exec: Callable[[], None] | None = None, *keep: int) -> tuple[int, int]:
            size = Size(columns=request["columns"], rows=request["rows"])
            environment = request["environment"] | {RUN: self._run}
            return start_program(self._argv, self._cwd, environment, size, before_exec=before_exec, keep=keep)

        try:
            if request["trace"]:
                (self.program, self._pty), listener, self._untraced_because = start_traced(start)
                if listener >= 0:
                    self._trace = Trace(listener, self._cwd)
            else:
                self.program, self._pty = start()
        except StartProblem as problem:
            self._problem = one_line(str(problem))
            return
        self._runs = True
        self._pidfd = follow(self.program)

    def succeed(self, request: Message, inherited: dict[str, int]) -> None:
        """Go on where a killed host has stopped."""
        self.program, self._problem, self._exit_code = request["program_pid"], request["problem"], request["exit_code"]
        self._started_at, self._run, self._untraced_because = request["started_at"], request["run"], request["untraced_because"]
        self._is_parent = False
        self._runs = self.program != 0 and self._exit_code is None
        self._pty, self._pidfd = inherited.get("pty", -1), inherited.get("program", -1)
        if "listener" in inherited:
            self._trace = Trace(inherited["listener"], self._cwd, inherited["desk"])

    @property
    def leaves(self) -> bool:
        """Whether there is nothing left to do."""
        if self._runs or self._ending is not None:
            return False
        if self._ended:
            return self._released or self._channel is None
        return self._released and (self._trace is None or not self._trace.answers)

    def wait(self, woken: int, seconds: float | None) -> None:
        """Wait until something happens, at most so long, and see to it: first to who waits for us to write a file, then to
        children, then to the server, then to its successor."""
        trace, channel = self._trace, self._channel
        watched = {woken: READABLE, self._listener.fileno(): READABLE}
        if channel is not None:
            watched[channel.fileno()] = READABLE | (WRITABLE if channel.waiting else 0)
        if trace is not None:
            watched |= trace.watched()
        if self._runs and not self._is_parent:
            watched[self._pidfd] = READABLE
        if watched != self._polled:
            self._poll, self._polled = select.poll(), watched
            for descriptor, events in watched.items():
                self._poll.register(descriptor, events)
        ready = dict(self._poll.poll(None if seconds is None else int(max(0.0, seconds) * 1000) + 1))
        if trace is not None:
            trace.serve(ready, time.monotonic())
        if woken in ready:
            os.read(woken, 4096)
            self.reap()
        if self._pidfd in ready:
            self._over(None)
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
        descriptors = {name: number for name, number in (("pty", self._pty), ("program", self._pidfd)) if number >= 0}
        if self._trace is not None:
            descriptors |= self._trace.connect()
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
            "run": self._run,
            "keepsake": self._keepsake,
            "traced": self._trace is not None,
            "untraced_because": self._untraced_because,
            "descriptors": list(descriptors),
        }
        self._say(hello, list(descriptors.values()))
        if self.program and not self._runs and not self._ending and self._exit_code is None:
            self._say_exited()

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
                    mark = b"" if self._is_parent else f"{RUN}={self._run}".encode()
                    self._ending = self._ending or Ending(self.program, grace_seconds, time.monotonic(), mark)
                case {"do": "release"}:
                    self._released = True
                case {"do": "keep", "keepsake": str() as keepsake}:
                    self._keepsake = keepsake
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
            self._step_at = 0.0
            if pid == self.program:
                self._over(os.waitstatus_to_exitcode(status))

    def step(self) -> float | None:
        """Go on with the end, if it is under way; in how many seconds there is something to do again."""
        now = time.monotonic()
        records = None if self._trace is None else self._trace.seconds(now)
        if self._ending is None:
            return records
        if now < self._step_at:  # It looks at all processes: not for every file that is written meanwhile.
            return self._step_at - now if records is None else min(self._step_at - now, records)
        wait = self._ending.step(now, self._runs)
        if wait is not None:
            self._step_at = now + wait
            return wait if records is None else min(wait, records)
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
        if self._trace is not None:
            self._trace.close()
        self._listener.close()

    def _over(self, code: int | None) -> None:
        """The program has ended."""
        self._runs, self._exit_code, self._step_at = False, code, 0.0
        if self._trace is not None:
            self._trace.flush(time.monotonic())  # What it did is known before its end.
        if self._ending is None:
            self._say_exited()

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
        if self._trace is not None:
            self._trace.disconnect()
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


def run(request: Message, connection: socket.socket, inherited: dict[str, int]) -> None:
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
    if request["do"] == "succeed":
        host.succeed(request, inherited)
    else:
        host.start(request)
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
