"""The spawner's process: lean, loaded once, and alone responsible for saying that no host could be forked."""

import errno
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from agentgrid.errors import Unavailable
from agentgrid.process import spawner as spawner_program
from agentgrid.process.hosts import adopt, find_hosts
from agentgrid.process.spawning import Spawner, _import_path
from agentgrid.process.wire import Channel
from tests.process.support import finish, gone, request, spawner_pid, spawning
from tests.support.deadline import eventually

LOADED = """
import sys
sys.path[:0] = sys.argv[1:]
import agentgrid.process.spawner
before = set(sys.modules)
import os, socket, time
from agentgrid.geometry import Size
from agentgrid.process import credentials, descendants, ending, host, pty, tracing, wire
ours, theirs = socket.socketpair()
assert credentials.is_ours(ours)
pid, master = pty.start_program(["cat"], "/", dict(os.environ), Size(80, 24))
wire.Channel(ours).send({"odd": "\\udcff", "float": 1.5}, [master])
wire.Channel(theirs).receive()
def start(before_exec, keep):
    return pty.start_program(["sh", "-c", ": > /dev/null; cat"], "/", dict(os.environ), Size(80, 24), before_exec=before_exec, keep=(keep,))
_, listener, _ = tracing.start_traced(start)
if listener >= 0:
    trace = tracing.Trace(listener, "/")
    trace.connect()
    trace.serve({listener: 1}, time.monotonic())
    trace.connect()
try:
    pty.start_program(["not-there"], "/", dict(os.environ), Size(80, 24))
except pty.StartProblem:
    pass
ending.Ending(pid, 0.0, 0.0).step(0.0, True)
os.wait()
print(*sorted(before))
print(*sorted(set(sys.modules) - before))
"""


def test_it_loads_little_and_nothing_later() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-X", "utf8", "-c", LOADED, *_import_path()], capture_output=True, text=True, check=True
    )
    loaded, later = (line.split() for line in done.stdout.split("\n")[:2])
    assert later == []
    assert {name.partition(".")[0] for name in loaded} & {
        "msgspec",
        "asyncio",
        "pathlib",
        "psutil",
        "subprocess",
        "textual",
        "pyte",
    } == set()
    assert [
        name
        for name in loaded
        if name.startswith("agentgrid.")
        and not name.startswith(("agentgrid.process", "agentgrid.geometry", "agentgrid.workspace.trace"))
        and name != "agentgrid.workspace"
    ] == []


def test_no_more_processes_is_said_and_the_spawner_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def fork() -> int:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", fork)
    ours, theirs = socket.socketpair()
    server, other = (Channel(end) for end in socket.socketpair())
    with ours, theirs:
        spawner_program._fork({}, theirs, {}, server)
        assert Channel(ours).receive() == [{"event": "failed", "errno": errno.EAGAIN}]
        ours.close()
        spawner_program._fork({}, theirs, {}, server)
    server.close()
    other.close()


def test_a_server_reads_it_as_one_line(own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = (Channel(end) for end in socket.socketpair())
    monkeypatch.setattr(Spawner, "_ask", lambda *_: ours)
    theirs.send({"event": "failed", "errno": errno.EAGAIN})
    with spawning(own_folders / "runtime" / "s") as spawner, pytest.raises(Unavailable, match="allows no more processes"):
        spawner.start(request("true"))
    theirs.close()


def test_a_server_that_dies_while_it_asks_leaves_a_host_that_can_be_found(own_folders: Path) -> None:
    folder = own_folders / "runtime" / "s"

    with spawning(folder) as spawner:
        spawner.begin(request("cat")).close()
        host = adopt(eventually(lambda: find_hosts(folder))[0])
        assert host is not None
        assert host.exit_code is None
        finish(host)


def test_it_is_started_before_it_is_needed_and_only_once(own_folders: Path) -> None:
    with spawning(own_folders / "runtime" / "s") as spawner:
        spawner.launch()
        pid = spawner_pid(spawner)
        spawner.launch()
        host = spawner.start(request("cat"))
        assert spawner_pid(spawner) == pid
        finish(host)
    gone(pid)


def test_a_stopped_spawner_does_not_hold_up_its_server(own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agentgrid.process.spawning.LEAVE_SECONDS", 0.1)
    with spawning(own_folders / "runtime" / "s") as spawner:
        host = spawner.start(request("cat"))
        pid = spawner_pid(spawner)
        os.kill(pid, signal.SIGSTOP)
        spawner.close()
        gone(pid)
        assert host.receive() == []
        finish(host)


def test_a_host_that_fails_says_why_in_its_log(own_folders: Path) -> None:
    folder = own_folders / "runtime" / "s"
    with spawning(folder) as spawner:
        host = spawner.start(request("cat"))
        finish(host)
        (folder / "hosts" / "1.sock").mkdir()  # No socket can take this place.
        with pytest.raises(Unavailable, match=r"no pane host could be started; see .*errors\.log"):
            spawner.start(request("cat"))
        (folder / "hosts" / "1.sock").rmdir()
        assert "IsADirectoryError" in (folder / "hosts" / "errors.log").read_text()


def test_a_log_is_the_users_alone(own_folders: Path) -> None:
    folder = own_folders / "runtime" / "s"
    with spawning(folder) as spawner:
        spawner.launch()
    assert (folder / "hosts" / "errors.log").stat().st_mode & 0o777 == 0o600


def test_someone_else_gets_nothing_from_a_host(own_folders: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can become somebody else")
    folder = own_folders / "runtime" / "s"
    with spawning(folder) as spawner:
        host = spawner.start(request("cat"))
        path = find_hosts(folder)[0]
        for place in (path, *list(path.parents)[:4]):
            place.chmod(0o777)
        code = "import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); print(len(s.recv(100)))"
        done = subprocess.run(["python3", "-c", code, path], user=65534, capture_output=True, text=True, check=False)
        assert done.stdout == "0\n", done.stderr
        assert host.receive() == [], "the server keeps its connection"
        finish(host)
