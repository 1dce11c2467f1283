"""A supervisor that is killed, and the one that goes on: no call fails, none hangs, none waits for a second."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import threading
from pathlib import Path

from agentgrid.workspace.trace.desk import Desk
from agentgrid.workspace.trace.install import start_tracing, take_listener
from agentgrid.workspace.trace.kernel import IOCTL_RECV, LIBC
from agentgrid.workspace.trace.outlet import Outlet
from agentgrid.workspace.trace.records import What, decode
from agentgrid.workspace.trace.supervisor import Supervisor
from tests.support.tracing import DEADLINE_SECONDS, batches, needs_tracing, python, supervise

pytestmark = needs_tracing

SUPERVISE = """
sys.path.insert(0, {here!r})
from agentgrid.workspace.trace.outlet import Outlet
from agentgrid.workspace.trace.desk import Desk
from agentgrid.workspace.trace.supervisor import Supervisor
listener, desk, records, control = map(int, sys.argv[1:])
control = socket.socket(fileno=control)
outlet = Outlet()
outlet.connect(socket.socket(fileno=records))
control.send(b"ready")
control.recv(10)
supervisor = Supervisor(listener, outlet, predecessor=Desk(desk) if desk >= 0 else None)
socket.send_fds(control, [b"desk"], [supervisor.desk.descriptor])
import select
poll = select.poll(); poll.register(listener, select.POLLIN)
while True:
    if poll.poll(5) and not supervisor.serve(): break
    outlet.flush(time.monotonic())
outlet.flush(time.monotonic())
"""

WRITE = """
import json
slowest = errors = 0
for number in range(2000):
    start = time.monotonic()
    try: os.close(os.open('f%d' % number, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError: errors += 1
    slowest = max(slowest, time.monotonic() - start)
    if number % 100 == 0: print(number, flush=True)
    time.sleep(0.0005)
print(json.dumps([slowest, errors, len(os.listdir('.'))]))
"""


class Process:
    """A supervisor in a process of its own. Owned by the test."""

    def __init__(self, listener: int, desk: int, records: socket.socket) -> None:
        self.control, theirs = socket.socketpair()
        argv = python(SUPERVISE.format(here=str(Path(__file__).parents[3])))
        with theirs:
            descriptors = [listener, desk, records.fileno(), theirs.fileno()]
            self.process = subprocess.Popen(
                [*argv, *map(str, descriptors)], pass_fds=[descriptor for descriptor in descriptors if descriptor >= 0]
            )
        assert self.control.recv(10) == b"ready"

    def begin(self) -> int:
        """Let it supervise; a duplicate of its desk."""
        self.control.send(b"go")
        _, [desk], _, _ = socket.recv_fds(self.control, 10, 1)
        return desk

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.control.close()


def test_killed_again_and_again_while_a_program_writes(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        writer = subprocess.Popen(
            python(WRITE),
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            pass_fds=[theirs.fileno()],
            preexec_fn=lambda: start_tracing(theirs.fileno()),
        )
        theirs.close()
        listener, problem = take_listener(ours)
    assert problem == ""
    incoming, outgoing = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    seen: set[bytes] = set()
    reader = threading.Thread(target=lambda: seen.update(record.path for batch in batches(incoming) for record in decode(batch)))
    reader.start()
    current = Process(listener, -1, outgoing)
    desk = current.begin()
    assert writer.stdout is not None
    with writer:
        for _ in range(8):
            following = Process(listener, desk, outgoing)
            writer.stdout.readline()
            current.process.send_signal(signal.SIGKILL)
            current.process.wait()
            os.close(desk)
            desk = following.begin()
            current.close()
            current = following
        *_, last = writer.stdout
    os.close(listener)
    os.close(desk)
    current.process.wait(DEADLINE_SECONDS)
    current.close()
    outgoing.close()
    reader.join(DEADLINE_SECONDS)
    incoming.close()
    slowest, errors, files = json.loads(last)
    assert (errors, files) == (0, 2000)
    assert slowest < 1
    assert len([path for path in seen if os.path.basename(path).startswith(b"f")]) == 2000


def test_what_the_dead_had_received_is_answered(tmp_path: Path) -> None:
    """The kernel hands a notification out once: without the desk, this call would hang for ever."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        writer = subprocess.Popen(
            ["sh", "-c", "echo x > f"], cwd=tmp_path, pass_fds=[theirs.fileno()], preexec_fn=lambda: start_tracing(theirs.fileno())
        )
        theirs.close()
        listener, problem = take_listener(ours)
    assert problem == ""
    desk = Desk()
    assert LIBC.ioctl(listener, ctypes.c_ulong(IOCTL_RECV), ctypes.c_void_p(desk.address)) == 0
    incoming, outgoing = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    outlet = Outlet()
    outlet.connect(outgoing)
    supervisor = Supervisor(listener, outlet, predecessor=desk)
    supervise(supervisor)
    assert writer.wait(DEADLINE_SECONDS) == 0
    supervisor.close()
    desk.close()
    records = [record for batch in batches(incoming) for record in decode(batch)]
    incoming.close()
    assert [(record.what, record.path) for record in records] == [(What.PROGRAM, b"sh"), (What.WRITE, os.fsencode(tmp_path / "f"))]


def test_what_the_dead_had_answered_is_let_be_and_told_of(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        writer = subprocess.Popen(
            ["sh", "-c", "echo x > f"], cwd=tmp_path, pass_fds=[theirs.fileno()], preexec_fn=lambda: start_tracing(theirs.fileno())
        )
        theirs.close()
        listener, problem = take_listener(ours)
    assert problem == ""
    first = Supervisor(os.dup(listener), Outlet())
    supervise(first)
    incoming, outgoing = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    outlet = Outlet()
    outlet.connect(outgoing)
    second = Supervisor(listener, outlet, predecessor=first.desk)
    assert (first.handled, second.handled) == (1, 0)
    records = list(decode(incoming.recv(4096)))
    incoming.close()
    assert [(record.what, record.path) for record in records] == [(What.PROGRAM, b"sh"), (What.WRITE, os.fsencode(tmp_path / "f"))]
    assert second.desk.journal == b""
    assert writer.wait(DEADLINE_SECONDS) == 0
    first.close()
    second.close()


def test_a_lean_process_runs_it() -> None:
    """What a host loads is loaded for every pane."""
    program = (
        "sys.path.insert(0, sys.argv[1]); before = set(sys.modules)\n"
        "import agentgrid.workspace.trace.supervisor, agentgrid.workspace.trace.install\n"
        "print(*sorted(name.partition('.')[0] for name in set(sys.modules) - before))"
    )
    loaded = subprocess.run([*python(program), str(Path(__file__).parents[3])], capture_output=True, text=True, check=True).stdout.split()
    assert set(loaded) & {"asyncio", "msgspec", "platform", "subprocess", "threading", "inspect", "pathlib", "json", "logging"} == set()
