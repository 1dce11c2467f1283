"""A host that is killed, and the one that goes on: the program writes, prints and ends as if nothing had been."""

import json
import os
import re
import signal
import sys
import time
from pathlib import Path

import psutil
import pytest

from agentgrid.errors import Unavailable
from agentgrid.geometry import Size
from agentgrid.process.hosts import Exited, Host, HostLost, find_hosts
from agentgrid.process.pty import write_some
from agentgrid.process.spawning import Spawner
from agentgrid.workspace.trace.records import Record, What
from tests.process.support import finish, gone, kill, next_events, python, read_until, release, request, runs, spawner_pid, taken
from tests.support.deadline import eventually
from tests.support.tracing import needs_tracing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux can follow a process that is not one's child")

MAX_GAP_SECONDS = 1.0  # What a killed host may cost a program.


def replaced(spawner: Spawner, host: Host) -> Host:
    """Kill a host, and do what a server does."""
    kill(host.host_pid)
    assert next_events(host) == [HostLost(taken=False)]
    return spawner.succeed(host)


WRITER = """
import json, os, time
slowest = errors = number = 0
last = time.monotonic()
print('ready', flush=True)
while not os.path.exists('stop'):
    try:
        with open('f%d' % number, 'w') as file: file.write('x')
    except OSError: errors += 1
    now = time.monotonic()
    slowest, last, number = max(slowest, now - last), now, number + 1
    if number % 50 == 0: print(number, flush=True)
    time.sleep(0.01)
print(json.dumps([slowest, errors, number]))
"""


@needs_tracing
@pytest.mark.parametrize("also_spawner", [False, True], ids=["the host", "the host and the spawner"])
def test_a_program_that_writes_all_the_time_loses_nothing(spawner: Spawner, tmp_path: Path, also_spawner: bool) -> None:
    host = spawner.start(request(*python(WRITER), cwd=str(tmp_path), trace=True))
    records: list[Record] = []
    for number in range(1, 5):
        read_until(host, b"%d\r\n" % (number * 50))
        records += host.read_records()
        if also_spawner:
            kill(spawner_pid(spawner))
        kill(host.host_pid)
        assert next_events(host) == [HostLost(taken=False)]
        records += host.read_records()
        host = spawner.succeed(host)
    (tmp_path / "stop").touch()
    slowest, errors, count = json.loads(read_until(host).split(b"\r\n")[-2])
    assert next_events(host) == [Exited(None)]
    while more := host.read_records():
        records += more
    assert (errors, slowest < MAX_GAP_SECONDS) == (0, True)
    assert len(list(tmp_path.glob("f*"))) == count
    names = {os.path.basename(record.path) for record in records if record.what is What.WRITE}
    missing = [number for number in range(count) if b"f%d" % number not in names]
    assert len(missing) <= 4, "at most what a dead host had not sent yet: one write in each of its lives"
    release(host)


@pytest.mark.parametrize("trace", [pytest.param(True, marks=needs_tracing, id="traced"), pytest.param(False, id="untraced")])
def test_everything_is_as_it_was(spawner: Spawner, folder: Path, tmp_path: Path, trace: bool) -> None:
    first = spawner.start(request("sh", "-c", "while read x; do echo got $x; done", cwd=str(tmp_path), rows=7, trace=trace))
    terminal = first.pty, first.pty_writer
    second = replaced(spawner, first)
    assert second.host_pid != first.host_pid
    assert (second.pty, second.pty_writer) == terminal, "whoever watches them need not know"
    for name in ("pane", "program_pid", "argv", "cwd", "started_at", "traced", "untraced_because", "exit_code", "problem"):
        assert getattr(second, name) == getattr(first, name)
    assert second.size == Size(columns=80, rows=7)
    write_some(second.pty_writer, b"a\n")
    read_until(second, b"got a\r\n")
    third = taken(find_hosts(folder)[0])
    assert next_events(second) == [HostLost(taken=True)]
    second.close()
    assert (third.host_pid, third.program_pid, third.traced) == (second.host_pid, first.program_pid, trace)
    fourth = replaced(spawner, third)
    write_some(fourth.pty_writer, b"b\n")
    read_until(fourth, b"got b\r\n")
    finish(fourth)
    gone(first.program_pid)
    assert find_hosts(folder) == []


def test_a_program_that_ended_meanwhile_has_ended(spawner: Spawner, folder: Path) -> None:
    host = spawner.start(request("sh", "-c", "read x; echo last words"))
    kill(host.host_pid)
    assert next_events(host) == [HostLost(taken=False)]
    write_some(host.pty_writer, b"\n")
    gone(host.program_pid)
    host = spawner.succeed(host)
    assert next_events(host) == [Exited(None)]
    host.close()
    host = taken(find_hosts(folder)[0])
    assert next_events(host) == [Exited(None)], "the next server is told, too"
    assert read_until(host) == b"\r\nlast words\r\n"
    release(host)


def test_an_exit_code_that_was_known_stays_known(spawner: Spawner) -> None:
    host = spawner.start(request("sh", "-c", "exit 3"))
    assert next_events(host) == [Exited(3)]
    host = replaced(spawner, host)
    assert host.exit_code == 3
    release(host)


def test_a_host_whose_program_never_ran_can_be_replaced_like_any_other(spawner: Spawner) -> None:
    host = spawner.start(request("not-there-at-all"))
    problem = host.problem
    host = replaced(spawner, host)
    assert host.problem == problem
    release(host)


STUBBORN = """
import os, signal, subprocess, sys, time
for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
    signal.signal(number, signal.SIG_IGN)
tools = [subprocess.Popen(["sleep", "1000"], start_new_session=True), subprocess.Popen(["sleep", "1000"], env={})]
read, write = os.pipe()
if os.fork() == 0:            # A daemon: two forks, a session of its own, no terminal.
    os.setsid()
    daemon = os.fork()
    if daemon == 0:
        bare = subprocess.Popen(["sleep", "1000"], start_new_session=True, env={})
        os.write(write, b"%d %d" % (os.getpid(), bare.pid))
        for fd in (0, 1, 2):
            os.close(fd)
        time.sleep(1000)
    os._exit(0)
os.wait()
print("pids", *[tool.pid for tool in tools], os.read(read, 100).decode(), "end", flush=True)
while True:
    time.sleep(1000)
"""


def test_ending_leaves_nothing_though_it_is_nobodys_parent(spawner: Spawner) -> None:
    other = spawner.start(request("cat", pane=2))
    host = spawner.start(request(*python(STUBBORN), columns=200))
    pids = [int(pid) for pid in re.findall(rb"\d+", read_until(host, b"end"))]
    assert len(pids) == 4
    host = replaced(spawner, host)
    host.end(0.5)
    assert next_events(host) == [Exited(None)]
    assert [pid for pid in (*pids, host.program_pid) if runs(pid)] == []
    release(host)
    assert runs(other.program_pid), "another pane's"
    finish(other)


def test_a_run_that_is_ended_does_not_take_the_next_run_of_its_pane_with_it(spawner: Spawner) -> None:
    last = spawner.start(request("sh", "-c", "trap '' HUP TERM; echo ready; while :; do sleep 1; done"))
    read_until(last, b"ready")
    last = replaced(spawner, last)
    last.end(0.3)
    fresh = spawner.start(request("cat"))
    assert next_events(last) == [Exited(None)]
    release(last)
    assert runs(fresh.program_pid)
    write_some(fresh.pty_writer, b"here\n")
    read_until(fresh, b"here\r\nhere\r\n")
    finish(fresh)


def test_a_polite_program_that_is_nobodys_child_is_gone_soon(spawner: Spawner) -> None:
    host = replaced(spawner, spawner.start(request("sh", "-c", "while :; do sleep 0.05; done")))
    start = time.monotonic()
    host.end(30.0)
    assert next_events(host) == [Exited(None)]
    assert time.monotonic() - start < 10
    release(host)


@needs_tracing
def test_nothing_leaks(spawner: Spawner, tmp_path: Path) -> None:
    def descriptors(pid: int) -> list[str]:
        return sorted(re.sub(r"\d+", "", os.readlink(f"/proc/{pid}/fd/{name}")) for name in os.listdir(f"/proc/{pid}/fd"))

    host = spawner.start(request("cat", cwd=str(tmp_path), trace=True))
    its = descriptors(host.host_pid)
    host = replaced(spawner, host)
    ours, spawners = len(os.listdir("/proc/self/fd")), descriptors(spawner_pid(spawner))
    for _ in range(3):
        host = replaced(spawner, host)
    assert len(os.listdir("/proc/self/fd")) == ours
    assert descriptors(spawner_pid(spawner)) == spawners
    assert descriptors(host.host_pid) == its, "what the first one held"
    finish(host)


def test_where_no_process_can_be_followed_it_is_said(spawner: Spawner, monkeypatch: pytest.MonkeyPatch) -> None:
    host = spawner.start(request("cat"))
    os.close(host._for_successor.pop("program"))
    kill(host.host_pid)
    assert next_events(host) == [HostLost(taken=False)]
    with pytest.raises(Unavailable, match="cannot be replaced"):
        spawner.succeed(host)
    write_some(host.pty_writer, b"alone\n")
    read_until(host, b"alone\r\nalone\r\n")
    assert psutil.Process(host.program_pid).is_running()
    os.kill(host.program_pid, signal.SIGKILL)
    host.close()


@needs_tracing
def test_a_successor_answers_at_once(spawner: Spawner, tmp_path: Path) -> None:
    """From a host's death to the answer of a call that waits."""
    slowest = 0.0
    host = spawner.start(request("sh", "-c", "while read x; do echo $x > f; echo done; done", cwd=str(tmp_path), trace=True))
    for _ in range(5):
        kill(host.host_pid)
        gone(host.host_pid)
        write_some(host.pty_writer, b"x\n")
        read_until(host, b"x\r\n")
        start = time.monotonic()
        assert next_events(host) == [HostLost(taken=False)]
        host = spawner.succeed(host)
        read_until(host, b"done\r\n")
        slowest = max(slowest, time.monotonic() - start)
    assert slowest < MAX_GAP_SECONDS
    eventually(lambda: host.read_records())
    finish(host)
