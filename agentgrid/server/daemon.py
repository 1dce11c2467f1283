"""Start a session's server, detached, and wait until it answers.

The server is a process of its own session without a terminal: closing the window that started it ends nothing. It gets
its ``Launch`` on standard input and says on a pipe when every pane has started, or in one line why it cannot run. That a
session has one server is kept by a lock on a file in its runtime folder, held as long as the server lives: whoever holds
it may take a socket that stands there for stale. Of two that are started at once the second waits for the first, so that
when it says that there is one already, that one answers.
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from agentgrid.addresses import SessionAddress, answers, claim
from agentgrid.errors import Unavailable
from agentgrid.paths import private_folder, state_dir

if TYPE_CHECKING:
    from agentgrid.server.launching import Launch

LOCK, TURN, LOG = "lock", "turn", "server.log"
READY = b"ready\n"


def start(address: SessionAddress, launch: "Launch", meanwhile: Callable[[], object] | None = None) -> None:
    """Start the session's server; it answers, and every pane has started, when this returns.

    Two who start it at once get one server. ``meanwhile`` is called while it starts: a screen has much to import.
    Raises Unavailable with the server's own words.
    """
    with waiting_server() as server:
        server.launch(address, launch, meanwhile)


@contextmanager
def waiting_server() -> Iterator["WaitingServer"]:
    """A server's process for which it is not known yet what it is to serve; it loads what it needs. Raises Unavailable.

    One that is not launched within the ``with`` ends by itself, and has touched nothing.
    """
    try:
        log = private_folder(state_dir()) / LOG
        said, told = os.pipe()
        with log.open("ab", buffering=0) as errors:
            log.chmod(0o600)
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "agentgrid.server", str(told)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
                pass_fds=[told],
                cwd="/",
            )
    except OSError as error:
        raise Unavailable(f"cannot start the session's server: {error}") from error
    os.close(told)
    assert process.stdin is not None
    with os.fdopen(said, "rb") as answer, process.stdin:
        try:
            yield WaitingServer(process, answer, log)
        finally:
            if process.returncode is None:
                process.returncode = 0  # It goes on, or ends, without us: nothing to wait for, and no warning about it.


class WaitingServer(NamedTuple):
    """What ``waiting_server`` gives: the process, and what it says."""

    process: "subprocess.Popen[bytes]"
    answer: IO[bytes]
    log: Path

    def launch(self, address: SessionAddress, launch: "Launch", meanwhile: Callable[[], object] | None = None) -> None:
        """What ``start`` does."""
        import msgspec  # Here, so that the process is on its way while we load it.

        stdin = self.process.stdin
        assert stdin is not None
        try:
            claim(address)
            with stdin:
                stdin.write(msgspec.msgpack.encode(launch))
        except BrokenPipeError:
            pass  # It has said why on the other pipe.
        except OSError as error:
            raise Unavailable(f"cannot start the session's server: {error}") from error
        if meanwhile is not None:
            meanwhile()
        words = self.answer.read()
        if words == READY:
            return
        self.process.wait()
        if answers(address.socket):
            return  # Somebody else's server was faster.
        raise Unavailable(words.decode("utf-8", "replace").strip() or f"the session's server ended at once; see {self.log}")


def wait_turn(folder: Path) -> int:
    """Wait until no other server of the session is starting; the descriptor keeps others waiting until it is closed."""
    descriptor = _open(folder / TURN)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def lock(folder: Path) -> int | None:
    """Take the session's lock; the descriptor holds it until it is closed. None when another server has it."""
    descriptor = _open(folder / LOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _open(file: Path) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
