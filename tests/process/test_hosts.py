"""Panes' programs on real PTYs: how they start, what they print, and where their hosts are found."""

import json
import os
import resource
import signal
import socket
import stat
import sys
from pathlib import Path

import psutil
import pytest

from agentgrid.geometry import Size
from agentgrid.process.hosts import Exited, adopt, find_hosts
from agentgrid.process.pty import write_some
from agentgrid.process.spawning import Spawner
from tests.process.support import finish, gone, next_events, python, read_until, release, request, spawner_pid, taken

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

# ---------------------------------------------------------------------- start


def test_a_program_runs_in_a_terminal_of_its_own(spawner: Spawner, tmp_path: Path) -> None:
    host = spawner.start(
        request(
            "sh", "-c", 'tty; stty size; pwd; echo "$PWD $FLAVOUR"; ps -o sid= -p $$; echo $$', cwd=str(tmp_path), rows=7, FLAVOUR="mint"
        )
    )
    assert host.problem == ""
    lines = read_until(host).decode().split("\r\n")
    assert lines[0].startswith("/dev/")
    assert lines[1:4] == ["7 80", str(tmp_path), f"{tmp_path} mint"]
    assert int(lines[4]) == int(lines[5]) == host.program_pid
    assert (host.pane, host.argv[0], host.cwd, host.size) == (1, "sh", str(tmp_path), Size(columns=80, rows=7))
    assert next_events(host) == [Exited(0)]
    release(host)


@pytest.mark.parametrize(
    ("script", "code"),
    [
        pytest.param("exit 0", 0, id="success"),
        pytest.param("exit 7", 7, id="failure"),
        pytest.param("exit 255", 255, id="the last code"),
        pytest.param("kill -TERM $$", -signal.SIGTERM, id="SIGTERM"),
        pytest.param("kill -KILL $$", -signal.SIGKILL, id="SIGKILL"),
        pytest.param("kill -SEGV $$", -signal.SIGSEGV, id="SIGSEGV"),
    ],
)
def test_exit_codes(spawner: Spawner, script: str, code: int) -> None:
    host = spawner.start(request("sh", "-c", script))
    assert next_events(host) == [Exited(code)]
    assert host.exit_code == code
    release(host)


def test_programs_are_found_on_the_path_they_get(spawner: Spawner, tmp_path: Path) -> None:
    program = tmp_path / "only-here"
    program.write_text('#!/bin/sh\necho "I am $0"\n')
    program.chmod(0o755)
    host = spawner.start(request("only-here", PATH=f"/nowhere:{tmp_path}:/bin"))
    assert read_until(host) == f"I am {program}\r\n".encode()
    release(host)


def test_the_first_argument_stays_as_it_was_given(spawner: Spawner) -> None:
    host = spawner.start(request("sh", "-c", "tr '\\0' ' ' < /proc/$$/cmdline" if sys.platform == "linux" else "ps -o args= -p $$"))
    assert read_until(host).startswith(b"sh -c ")
    release(host)


@ON_LINUX
def test_a_program_begins_with_plain_signals_no_descriptors_and_the_users_limits(spawner: Spawner) -> None:
    code = """
import json, os, resource, signal, termios
caught = [int(s) for s in signal.valid_signals() if signal.getsignal(s) not in (signal.SIG_DFL, signal.default_int_handler)]
print(json.dumps({
    "handled": sorted(set(caught) - {signal.SIGPIPE, getattr(signal, "SIGXFSZ", 0)}),
    "ignored": [line for line in open("/proc/self/status") if line.startswith("SigIgn")],
    "blocked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])),
    "descriptors": sorted(set(map(int, os.listdir("/proc/self/fd"))) - {3}),
    "files": resource.getrlimit(resource.RLIMIT_NOFILE),
    "utf8": termios.tcgetattr(0)[0] & 0x4000,
    "umask": os.umask(0),
}))
"""
    host = spawner.start(request(*python(code)))
    found = json.loads(read_until(host))
    mask = os.umask(0o22)
    os.umask(mask)
    assert found["handled"] == []
    ignored = int(found["ignored"][0].split()[1], 16) & (1 << 31) - 1  # The C library's own, from 32 on, cannot be set by anybody.
    assert ignored == (1 << signal.SIGPIPE - 1) | (1 << signal.SIGXFSZ - 1)  # Python's own, in the program.
    assert found["blocked"] == []
    assert found["descriptors"] == [0, 1, 2]
    assert tuple(found["files"]) == resource.getrlimit(resource.RLIMIT_NOFILE)
    assert found["utf8"]
    assert found["umask"] == mask
    release(host)


def test_arguments_and_environment_need_not_be_utf8(spawner: Spawner) -> None:
    odd = os.fsdecode(b"\xff\xfe\n\xe4")
    host = spawner.start(request("sh", "-c", 'printf %s "$1$ODD" | od -An -tx1', "sh", odd, ODD=odd))
    assert host.argv[-1] == odd
    assert read_until(host).split() == [b"ff", b"fe", b"0a", b"e4"] * 2
    release(host)


def test_a_prompt_of_a_hundred_kilobytes(spawner: Spawner) -> None:
    host = spawner.start(request("sh", "-c", 'echo "${#1}"', "sh", "x" * 100_000))
    assert read_until(host) == b"100000\r\n"
    release(host)


def test_nine_at_once_type_and_answer(spawner: Spawner) -> None:
    panes = [spawner.start(request("cat", pane=pane)) for pane in range(1, 10)]
    assert len({host.host_pid for host in panes}) == 9
    for host in panes:
        assert write_some(host.pty_writer, f"to {host.pane}\n".encode()) > 0
    for host in panes:
        assert f"to {host.pane}\r\nto {host.pane}\r\n".encode() in read_until(host, b"\nto %d\r\n" % host.pane)
    for host in panes:
        finish(host)


@pytest.mark.parametrize(
    ("argv", "cwd", "words"),
    [
        pytest.param(["claudee-is-not-there"], "/", ["claudee-is-not-there: command not found", "install"], id="command not found"),
        pytest.param(["slepe", "1"], "/", ["slepe: command not found", "did you mean"], id="a typing error"),
        pytest.param(["./gone"], "/", ["./gone is not there"], id="file not there"),
        pytest.param(["true"], "/no/such/folder", ["folder /no/such/folder is not there"], id="folder not there"),
        pytest.param(["true"], "/etc/passwd", ["/etc/passwd is a file"], id="folder is a file"),
        pytest.param(["/etc/passwd"], "/", ["may not be executed", "chmod +x"], id="not executable"),
        pytest.param(["/etc"], "/", ["/etc is a folder"], id="a folder is no program"),
        pytest.param(["{tmp}/text"], "/", ["not a program for this machine", "'#!'"], id="exec format error"),
        pytest.param(["{tmp}/script"], "/", ["/no/interpreter", "not there"], id="interpreter not there"),
        pytest.param([""], "/", ["command is empty"], id="empty"),
        pytest.param(["true", "a\0b"], "/", ["null byte"], id="NUL in an argument"),
        pytest.param(["true", "x" * 2_000_000], "/", ["too long"], id="arguments too long"),
    ],
)
def test_what_cannot_start_says_why_in_a_line(spawner: Spawner, tmp_path: Path, argv: list[str], cwd: str, words: list[str]) -> None:
    for name, text in (("text", "no program"), ("script", "#!/no/interpreter -x\n")):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    host = spawner.start(request(*(word.replace("{tmp}", str(tmp_path)) for word in argv), cwd=cwd))
    for word in words:
        assert word in host.problem
    assert "\n" not in host.problem
    assert (host.program_pid, host.pty, host.exit_code) == (0, -1, None)
    host.close()
    again = taken(find_hosts(spawner._folder)[0])
    assert again.problem == host.problem, "the next server is told too"
    release(again)


# ---------------------------------------------------------------------- output


def test_output_beyond_the_terminals_buffer_waits_for_a_reader(spawner: Spawner) -> None:
    host = spawner.start(request("sh", "-c", "i=0; while [ $i -lt 20000 ]; do echo $i; i=$((i+1)); done"))
    host.close()
    host = taken(find_hosts(spawner._folder)[0])
    assert read_until(host).split() == [b"%d" % number for number in range(20000)]
    finish(host)


def test_what_was_printed_before_the_end_can_be_read_after_it(spawner: Spawner) -> None:
    host = spawner.start(request("sh", "-c", "echo last words; exit 3"))
    host.close()
    gone(host.program_pid)
    host = taken(find_hosts(spawner._folder)[0])
    if host.exit_code is None:
        assert next_events(host) == [Exited(3)]
    assert host.exit_code == 3
    assert read_until(host) == b"last words\r\n"
    release(host)
    assert find_hosts(spawner._folder) == []


def test_a_size_that_changes_is_told_and_a_repaint_asked_for(spawner: Spawner) -> None:
    host = spawner.start(request("sh", "-c", "trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done"))
    read_until(host, b"ready\r\n")
    host.resize(Size(columns=33, rows=11))
    read_until(host, b"11 33\r\n")
    size = host.shrink()
    read_until(host, b"10 33\r\n")
    host.resize(size)
    read_until(host, b"11 33\r\n")
    finish(host)


# ---------------------------------------------------------------------- sockets


def test_sockets_are_the_users_alone(spawner: Spawner, folder: Path) -> None:
    host = spawner.start(request("cat"))
    path = folder / "hosts" / "1.sock"
    assert find_hosts(folder) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir() if entry.suffix == ".new"] == []
    finish(host)
    assert not path.exists()


def test_a_stale_socket_is_removed(folder: Path) -> None:
    (folder / "hosts").mkdir(parents=True)
    path = folder / "hosts" / "4.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    assert find_hosts(folder) == [path]
    assert adopt(path) is None
    assert find_hosts(folder) == []
    assert adopt(path) is None


def test_hosts_are_found_in_the_order_of_panes(folder: Path) -> None:
    assert find_hosts(folder) == []
    (folder / "hosts").mkdir(parents=True)
    for pane in (10, 9, 100, 1):
        (folder / "hosts" / f"{pane}.sock").touch()
    assert [path.stem for path in find_hosts(folder)] == ["1", "9", "10", "100"]


def test_a_pane_run_again_keeps_its_socket_while_the_last_host_leaves(spawner: Spawner, folder: Path) -> None:
    last = spawner.start(request("sh", "-c", "trap '' HUP TERM; echo ready; while :; do sleep 1; done"))
    read_until(last, b"ready")
    last.end(0.3)
    fresh = spawner.start(request("cat"))
    assert next_events(last) == [Exited(-signal.SIGKILL)]
    release(last)
    again = taken(find_hosts(folder)[0])
    assert again.host_pid == fresh.host_pid
    fresh.close()
    finish(again)


@ON_LINUX
def test_nothing_leaks(spawner: Spawner) -> None:
    def once() -> None:
        for argv in (("true",), ("not-there-at-all",)):
            host = spawner.start(request(*argv))
            finish(host)

    def descriptors(pid: int) -> list[str]:
        return sorted(os.listdir(f"/proc/{pid}/fd"))

    once()
    ours, its = descriptors(os.getpid()), descriptors(spawner_pid(spawner))
    once()
    assert descriptors(os.getpid()) == ours
    assert descriptors(spawner_pid(spawner)) == its
    assert psutil.Process(spawner_pid(spawner)).children() == [], "no zombie"
    spawner.close()
    assert [p for p in psutil.Process().children() if p.status() == psutil.STATUS_ZOMBIE] == []


@ON_LINUX
def test_a_hosts_own_descriptors_are_few(spawner: Spawner) -> None:
    panes = [spawner.start(request("cat", pane=pane)) for pane in (1, 2)]
    for host in panes:
        links = [os.readlink(f"/proc/{host.host_pid}/fd/{name}") for name in os.listdir(f"/proc/{host.host_pid}/fd")]
        assert sum("ptmx" in link for link in links) == 1, "its own terminal and no other pane's"
        assert len(links) == 9, "three standard ones, two of the wake-up pipe, the listener, the connection, the terminal, the program"
    for host in panes:
        finish(host)
