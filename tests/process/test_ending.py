"""The end of a pane: who is asked, who is forced, and that nothing is left."""

import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from agentgrid.process.hosts import Exited, find_hosts
from agentgrid.process.pty import write_some
from agentgrid.process.spawning import Spawner
from tests.process.support import finish, gone, next_events, python, read_until, release, request
from tests.support.deadline import eventually

WITH_SUBREAPER = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has subreapers")

STUBBORN = """
import os, signal, subprocess, sys, time
for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
    signal.signal(number, signal.SIG_IGN)
tools = [subprocess.Popen(["sleep", "1000"], start_new_session=True, preexec_fn=lambda: None) for _ in range(2)]
if os.fork() == 0:            # A daemon: two forks, a session of its own, no terminal.
    os.setsid()
    if os.fork() == 0:
        for fd in (0, 1, 2):
            os.close(fd)
        time.sleep(1000)
    os._exit(0)
os.wait()
print("pids", *[tool.pid for tool in tools], flush=True)
while True:
    time.sleep(1000)
"""


@WITH_SUBREAPER
def test_ending_leaves_nothing_of_what_ignores_signals_and_left_its_session(spawner: Spawner) -> None:
    host = spawner.start(request(*python(STUBBORN)))
    read_until(host, b"pids")
    below = psutil.Process(host.host_pid).children(recursive=True)
    assert len(below) == 4, "the program, two tools and the daemon, which has become the host's"
    host.end(0.5)
    assert next_events(host) == [Exited(-signal.SIGKILL)]
    assert [process for process in below if process.is_running()] == []
    release(host)


def test_a_program_is_asked_first(spawner: Spawner) -> None:
    host = spawner.start(request("sh", "-c", "trap 'echo bye; exit 9' HUP; echo ready; while :; do sleep 0.05; done"))
    read_until(host, b"ready")
    host.end(20.0)
    assert b"bye" in read_until(host)
    assert next_events(host) == [Exited(9)]
    release(host)


def test_a_program_deaf_to_hangups_is_asked_to_terminate(spawner: Spawner) -> None:
    host = spawner.start(request("sh", "-c", "trap '' HUP; trap 'exit 8' TERM; echo ready; while :; do sleep 0.05; done"))
    read_until(host, b"ready")
    host.end(2.0)
    assert next_events(host) == [Exited(8)]
    release(host)


def test_a_stopped_program_ends_too(spawner: Spawner) -> None:
    host = spawner.start(request("sleep", "1000"))
    os.kill(host.program_pid, signal.SIGSTOP)
    host.end(20.0)
    assert next_events(host) == [Exited(-signal.SIGHUP)]
    release(host)


def test_what_an_ended_program_left_behind_lives_on_until_the_pane_is_ended(spawner: Spawner) -> None:
    code = "import subprocess as s, sys; s.Popen(['sleep', '1000'], start_new_session=True, stdin=-3, stdout=-3, stderr=-3); sys.exit(4)"
    host = spawner.start(request(*python(code)))
    assert next_events(host) == [Exited(4)]
    (left,) = eventually(lambda: [p for p in psutil.Process(host.host_pid).children() if p.status() != psutil.STATUS_ZOMBIE])
    assert left.name() == "sleep"
    host.end(5.0)
    assert next_events(host) == [Exited(4)]
    assert not left.is_running()
    release(host)


@WITH_SUBREAPER
def test_orphans_are_reaped(spawner: Spawner) -> None:
    host = spawner.start(request("sh", "-c", "for i in 1 2 3 4 5; do (true & ) ; done; echo done; cat"))
    read_until(host, b"done")
    eventually(lambda: [p.name() for p in psutil.Process(host.host_pid).children(recursive=True)] == ["sh", "cat"], "no zombie is left")
    finish(host)


def test_a_host_told_to_end_finishes_without_its_server(spawner: Spawner, folder: Path) -> None:
    host = spawner.start(request("sh", "-c", "trap '' HUP TERM; echo ready; while :; do sleep 1; done"))
    read_until(host, b"ready")
    host.end(0.3)
    host.close()
    gone(host.program_pid)
    gone(host.host_pid)
    assert find_hosts(folder) == []


def test_a_release_before_the_end_waits_for_it(spawner: Spawner) -> None:
    host = spawner.start(request("sh", "-c", "read line; exit 5"))
    host.release()
    write_some(host.pty_writer, b"go\n")
    assert next_events(host)[0] == Exited(5)
    gone(host.host_pid)
    host.close()
