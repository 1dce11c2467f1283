"""A pane host among servers that come, go, are killed and talk nonsense."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from agentgrid.errors import TimedOut
from agentgrid.geometry import Size
from agentgrid.process import hosts
from agentgrid.process.hosts import HostLost, adopt, find_hosts
from agentgrid.process.pty import write_some
from agentgrid.process.spawning import Spawner
from tests.process.support import finish, gone, kill, next_events, read_until, request, runs, spawner_pid, taken
from tests.support.deadline import eventually

SERVER = """
import json, os, signal, sys
from pathlib import Path
from agentgrid.process.spawning import Spawner, StartRequest
spawner = Spawner(Path(sys.argv[1]))
hosts = [spawner.start(StartRequest(pane, ("cat",), "/", dict(os.environ), 80, 24)) for pane in (1, 2, 3)]
print(json.dumps([[host.host_pid, host.program_pid] for host in hosts] + [[spawner._process.pid]]), flush=True)
signal.pause()
"""


def test_killing_the_server_ends_nothing_and_the_next_takes_over(spawner: Spawner, folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SERVER, folder], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        *panes, (its_spawner,) = json.loads(server.stdout.readline())
        kill(server.pid)
        server.wait()
    gone(its_spawner)
    found = [taken(path) for path in find_hosts(folder)]
    assert [[host.host_pid, host.program_pid] for host in found] == panes
    for host in found:
        assert (host.argv, host.exit_code, host.problem) == (("cat",), None, "")
        write_some(host.pty_writer, b"still here\n")
        read_until(host, b"still here\r\nstill here\r\n")
        finish(host)


def test_killing_the_spawner_ends_nothing_and_it_starts_again(spawner: Spawner) -> None:
    first = spawner.start(request("cat", pane=1))
    pid = spawner_pid(spawner)
    kill(pid)
    second = spawner.start(request("cat", pane=2))
    assert spawner_pid(spawner) != pid
    for host in (first, second):
        write_some(host.pty_writer, b"here\n")
        read_until(host, b"here\r\nhere\r\n")
        finish(host)


def test_killing_a_host_does_not_end_the_program_while_the_server_holds_the_terminal(spawner: Spawner) -> None:
    host = spawner.start(request("cat"))
    kill(host.host_pid)
    assert next_events(host) == [HostLost(taken=False)]
    assert host.lost
    write_some(host.pty_writer, b"alone\n")
    read_until(host, b"alone\r\nalone\r\n")
    host.resize(Size(columns=20, rows=5))
    assert host.size == Size(columns=20, rows=5)
    assert adopt(find_hosts(spawner._folder)[0]) is None
    assert find_hosts(spawner._folder) == [], "the stale socket is gone"
    host.end()
    gone(host.program_pid)
    host.release()
    host.close()


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGUSR1, signal.SIGPIPE])
def test_a_host_ignores_signals(spawner: Spawner, number: signal.Signals) -> None:
    host = spawner.start(request("cat"))
    os.kill(host.host_pid, number)
    host.close()
    host = taken(find_hosts(spawner._folder)[0])
    assert runs(host.host_pid)
    finish(host)


def test_a_newer_server_makes_the_older_ones_connection_obsolete(spawner: Spawner) -> None:
    older = spawner.start(request("cat"))
    newer = taken(find_hosts(spawner._folder)[0])
    assert next_events(older) == [HostLost(taken=True)]
    assert older.receive() == []
    older.close()
    finish(newer)


def test_a_server_that_never_reads_blocks_nothing(spawner: Spawner, folder: Path) -> None:
    host = spawner.start(request("cat", "-", "x" * 100_000))
    with socket.socket(socket.AF_UNIX) as silent:
        silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        silent.connect(str(find_hosts(folder)[0]))
        assert next_events(host) == [HostLost(taken=True)]
        host.close()
        finish(taken(find_hosts(folder)[0]))


@pytest.mark.parametrize("line", [b"\xff\xfe\n", b"[]\n", b"{}\n", b'{"do": "end", "grace_seconds": "soon"}\n', b'{"do":', b"{" * 100_000])
def test_nonsense_from_a_server_is_that_servers_loss(spawner: Spawner, folder: Path, line: bytes) -> None:
    host = spawner.start(request("cat"))
    with socket.socket(socket.AF_UNIX) as babbler:
        babbler.connect(str(find_hosts(folder)[0]))
        babbler.sendall(line)
    host.close()
    again = taken(find_hosts(folder)[0])
    assert (again.host_pid, again.exit_code) == (host.host_pid, None)
    finish(again)


def test_a_host_whose_socket_was_tidied_away_makes_it_anew(spawner: Spawner, folder: Path) -> None:
    host = spawner.start(request("cat"))
    find_hosts(folder)[0].unlink()
    host.close()
    finish(taken(eventually(lambda: find_hosts(folder))[0]))


def test_a_stopped_host_is_not_taken_for_dead(spawner: Spawner, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    host = spawner.start(request("cat"))
    os.kill(host.host_pid, signal.SIGSTOP)
    monkeypatch.setattr(hosts, "ADOPT_SECONDS", 0.1)
    with pytest.raises(TimedOut):
        adopt(find_hosts(folder)[0])
    os.kill(host.host_pid, signal.SIGCONT)
    host.close()
    monkeypatch.undo()
    finish(taken(folder / "hosts" / "1.sock"))


@pytest.mark.parametrize("word", ["release", "end"])
def test_the_last_word_of_a_server_that_has_gone_is_heard(spawner: Spawner, folder: Path, word: str) -> None:
    host = spawner.start(request("cat"))
    os.kill(host.host_pid, signal.SIGSTOP)  # So that the program's end, the word and the hang-up are there at once.
    eventually(lambda: psutil.Process(host.host_pid).status() == psutil.STATUS_STOPPED)
    kill(host.program_pid)
    gone(host.program_pid)
    host.release() if word == "release" else host.end(0.0)
    host.close()
    os.kill(host.host_pid, signal.SIGCONT)
    gone(host.host_pid)
    assert find_hosts(folder) == []
