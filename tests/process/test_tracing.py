"""Traced panes: what their programs write is known, whoever reads it and whenever, and nobody waits for that."""

import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agentgrid.process.hosts import Exited, Host, find_hosts
from agentgrid.process.records import RecordReader
from agentgrid.process.spawning import Spawner
from agentgrid.process.tracing import Trace, start_traced
from agentgrid.workspace.trace.records import Record, What
from tests.process.support import finish, gone, kill, next_events, python, read_until, release, request, taken
from tests.support.deadline import DEADLINE_SECONDS, eventually
from tests.support.tracing import needs_tracing

CHANGES = {What.WRITE, What.RENAME, What.EXCHANGE, What.LINK, What.SYMLINK, What.REMOVE}
MAX_HOST_PSS_KIB = 15 * 1024  # What a pane may cost.


def told(records: list[Record], folder: Path) -> list[tuple[str, str, str]]:
    """Program, what and path of the changes below a folder."""
    base = os.fsencode(folder) + b"/"
    programs: dict[int, str] = {}
    found = []
    for record in records:
        if record.what is What.PROGRAM:
            programs[record.pid] = record.path.decode()
        path = os.path.normpath(record.path)
        if record.what in CHANGES and path.startswith(base):
            found.append((programs[record.pid], record.what.name.lower(), os.fsdecode(path.removeprefix(base))))
    return found


def read_to_the_end(host: Host) -> list[Record]:
    """All records of a program that has ended."""
    found: list[Record] = []
    while records := host.read_records():
        found += records
    return found


def needs(*programs: str) -> pytest.MarkDecorator:
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"no {', '.join(missing)} here")


@needs_tracing
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("echo a > f; rm f", [("sh", "write", "f"), ("rm", "remove", "f")], id="sh"),
        pytest.param("echo a > f; mv f g", [("sh", "write", "f"), ("mv", "rename", "g")], id="mv"),
        pytest.param("cat /etc/hostname; ls", [], id="reading"),
        pytest.param("echo a > f; setsid sh -c 'echo b >> f'", [("sh", "write", "f")] * 2, id="a session of its own"),
    ],
)
def test_every_write_is_told_with_its_program(spawner: Spawner, tmp_path: Path, script: str, expected: list[tuple[str, str, str]]) -> None:
    host = spawner.start(request("sh", "-c", script, cwd=str(tmp_path), trace=True))
    assert (host.traced, host.untraced_because) == (True, "")
    assert next_events(host) == [Exited(0)]
    assert told(read_to_the_end(host), tmp_path) == expected, "all is there when the end is told"
    release(host)


@needs_tracing
@pytest.mark.parametrize(
    ("script", "program", "path"),
    [
        pytest.param("echo a > f; sed -i s/a/b/ f; test b = $(cat f)", "sed", "f", id="sed -i", marks=needs("sed")),
        pytest.param(
            "echo a > f && git init -q . && git add -A && test -f .git/index", "git add", ".git/index", id="git add", marks=needs("git")
        ),
        pytest.param(f'{sys.executable} -ISc \'open("f", "w")\'', Path(sys.executable).resolve().name, "f", id="python"),
    ],
)
def test_tools_are_told_by_name(spawner: Spawner, tmp_path: Path, script: str, program: str, path: str) -> None:
    host = spawner.start(request("sh", "-c", script, cwd=str(tmp_path), trace=True))
    assert next_events(host) == [Exited(0)]
    found = told(read_to_the_end(host), tmp_path)
    assert any(name.startswith(program) or program.startswith(name) for name, _, where in found if where == path), found
    release(host)


def test_a_pane_that_is_not_to_be_traced_says_so(spawner: Spawner) -> None:
    host = spawner.start(request("cat"))
    assert (host.traced, host.untraced_because, host.records, host.read_records()) == (False, "tracing is off for this pane", -1, [])
    finish(host)


@pytest.mark.parametrize(
    "argv", [pytest.param(("not-there-at-all",), id="not found"), pytest.param(("/dev/null/x",), id="refused by the kernel")]
)
def test_what_cannot_start_says_why_as_ever(spawner: Spawner, argv: tuple[str, ...]) -> None:
    host = spawner.start(request(*argv, trace=True))
    assert host.problem
    assert not host.traced
    release(host)


@needs_tracing
def test_what_cannot_be_executed_says_why_though_its_process_was_traced_already(spawner: Spawner, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)
    host = spawner.start(request(str(script), trace=True))
    assert "needs /no/such/interpreter" in host.problem
    release(host)


INSIDE = """
import json, os, select, sys
from pathlib import Path
from agentgrid.process.spawning import Spawner, StartRequest
spawner = Spawner(Path(sys.argv[1]))
host = spawner.start(StartRequest(1, ("sh", "-c", "echo x > inner"), sys.argv[2], dict(os.environ), 80, 24, trace=True))
print(json.dumps([host.traced, host.untraced_because, host.problem]), flush=True)
select.select([host], [], [])
print(host.receive(), flush=True)
host.release()
host.close()
spawner.close()
"""


@needs_tracing
def test_inside_of_a_traced_pane_it_starts_untraced_and_the_outer_one_knows(spawner: Spawner, tmp_path: Path) -> None:
    argv = (sys.executable, "-c", INSIDE, str(tmp_path / "inside"), str(tmp_path))
    host = spawner.start(request(*argv, cwd=str(Path(__file__).parents[2]), columns=400, trace=True))
    said, exited, *_ = read_until(host).decode().splitlines()
    traced, because, problem = json.loads(said)
    assert (traced, problem) == (False, "")
    assert "another agentgrid's traced pane" in because
    assert exited == "[Exited(code=0)]"
    assert (tmp_path / "inner").read_text() == "x\n"
    assert ("sh", "write", "inner") in told(read_to_the_end(host), tmp_path)
    finish(host)


@needs_tracing
def test_a_background_job_can_write_after_its_program_has_ended_and_its_host_was_released(spawner: Spawner, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "go")
    host = spawner.start(request("sh", "-c", "trap '' HUP; (read x < go; echo $x > f) & exit 3", cwd=str(tmp_path), trace=True))
    assert next_events(host) == [Exited(3)]
    host.release()
    (tmp_path / "go").write_text("late\n")
    eventually(lambda: (tmp_path / "f").exists() and (tmp_path / "f").read_text() == "late\n", "the job writes")
    host.close()
    gone(host.host_pid)


@needs_tracing
def test_a_server_that_never_reads_blocks_nobody_and_hears_how_much_it_missed(spawner: Spawner, tmp_path: Path) -> None:
    deep = "/".join(["d" * 250] * 8)
    (tmp_path / deep).mkdir(parents=True)
    code = f"import os\nfor n in range(1500): os.close(os.open('{deep}/%d' % n, os.O_CREAT | os.O_WRONLY))"
    host = spawner.start(request(*python(code), cwd=str(tmp_path), trace=True))
    assert next_events(host) == [Exited(0)]
    found: list[Record] = []

    def drained() -> bool:
        found.extend(host.read_records())
        return sum(r.what is What.WRITE and b"/ddd" in r.path for r in found) + lost(found) >= 1500

    def lost(records: list[Record]) -> int:
        return sum(record.pid for record in records if record.what is What.LOST)

    eventually(drained, "the rest comes when it is read")
    assert 500 < lost(found) < 1500, "some were dropped, and the newest were kept"
    assert found[-1].path.endswith(b"/1499")
    release(host)


@needs_tracing
def test_while_there_is_no_room_for_records_the_host_sleeps(tmp_path: Path) -> None:
    def start(before_exec: Callable[[], None], keep: int) -> subprocess.Popen[bytes]:
        code = "import os\nfor n in range(3000): os.close(os.open('f' * 200, os.O_CREAT | os.O_WRONLY))"
        return subprocess.Popen(python(code), cwd=tmp_path, pass_fds=[keep], preexec_fn=before_exec)

    program, listener, problem = start_traced(start)
    assert problem == ""
    trace = Trace(listener, str(tmp_path))
    reader = RecordReader(os.dup(trace.connect()["records"]))
    with contextlib.closing(trace), contextlib.closing(reader), program:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while trace.answers or trace.seconds(time.monotonic()) is not None:
            assert time.monotonic() < deadline
            wait(trace)
        assert trace.watched() != {}, "it waits for room"
        found: list[Record] = []
        while trace.watched():
            found += reader.read()
            wait(trace, 0.0)
        while records := reader.read():
            found += records
        assert len([record for record in found if record.what is What.WRITE]) == 3000
        assert (trace.watched(), trace.seconds(time.monotonic())) == ({}, None), "nothing wakes it any more"


def wait(trace: Trace, at_most_seconds: float = DEADLINE_SECONDS) -> None:
    """What a host does in its loop."""
    poll = select.poll()
    for descriptor, events in trace.watched().items():
        poll.register(descriptor, events)
    seconds = trace.seconds(time.monotonic())
    ready = dict(poll.poll((at_most_seconds if seconds is None else min(seconds, at_most_seconds)) * 1000))
    trace.serve(ready, time.monotonic())


SERVER = """
import json, os, signal, sys
from pathlib import Path
from agentgrid.process.spawning import Spawner, StartRequest
spawner = Spawner(Path(sys.argv[1]))
argv = ("sh", "-c", sys.argv[3])
host = spawner.start(StartRequest(1, argv, sys.argv[2], dict(os.environ), 80, 24, trace=True))
print(json.dumps([host.host_pid, host.program_pid, host.traced]), flush=True)
signal.pause()
"""


@needs_tracing
def test_records_that_a_killed_server_left_unread_are_the_next_ones(spawner: Spawner, folder: Path, tmp_path: Path) -> None:
    script = "trap '' HUP; n=0; while read x; do n=$((n+1)); echo $x > f$n; echo wrote; done"
    with subprocess.Popen([sys.executable, "-c", SERVER, folder, tmp_path, script], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        host_pid, program_pid, traced = json.loads(server.stdout.readline())
        assert traced
        first = taken(find_hosts(folder)[0])
        os.write(first.pty_writer, b"one\n")
        read_until(first, b"wrote")
        kill(server.pid)
        server.wait()
    first.close()  # Another server that has gone, without a look at the records.
    second = taken(find_hosts(folder)[0])
    os.write(second.pty_writer, b"two\n")
    read_until(second, b"wrote")
    found: list[Record] = []

    def both() -> bool:
        found.extend(second.read_records())
        return len(told(found, tmp_path)) == 2

    eventually(both)
    assert told(found, tmp_path) == [("sh", "write", "f1"), ("sh", "write", "f2")]
    assert (second.host_pid, second.program_pid, second.traced) == (host_pid, program_pid, True)
    finish(second)


@needs_tracing
def test_when_server_and_host_are_killed_together_the_program_is_told_that_it_cannot_write(folder: Path, tmp_path: Path) -> None:
    """The stated limit: whoever ignores the hang-up of its terminal goes on, and opens no file for writing any more."""
    code = (
        "import errno, os, signal, sys\n"
        "log = os.open('log', os.O_CREAT | os.O_WRONLY)\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN); print('ready', flush=True)\n"
        "go = os.open('go', os.O_RDONLY); os.read(go, 1)\n"
        "try: os.open('f', os.O_CREAT | os.O_WRONLY)\n"
        "except OSError as error: os.write(log, errno.errorcode[error.errno].encode())\n"
    )
    (tmp_path / "program.py").write_text(code)
    os.mkfifo(tmp_path / "go")
    script = f"exec {sys.executable} -I -S program.py"
    with subprocess.Popen([sys.executable, "-c", SERVER, folder, tmp_path, script], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        host_pid, program_pid, _ = json.loads(server.stdout.readline())
        eventually(lambda: (tmp_path / "log").exists())
        with (tmp_path / "go").open("wb") as go:  # It is past its signal handler when this opens.
            kill(server.pid)
            kill(host_pid)
            server.wait()
            gone(host_pid)
            go.write(b"x")
    gone(program_pid)
    assert (tmp_path / "log").read_text() == "ENOSYS"


def pss_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


@needs_tracing
def test_nine_traced_hosts_are_small(spawner: Spawner, tmp_path: Path) -> None:
    script = "i=0; while [ $i -lt 300 ]; do echo $i > f$1.$i; i=$((i+1)); done; echo done; cat"
    panes = [spawner.start(request("sh", "-c", script, "sh", str(pane), pane=pane, cwd=str(tmp_path), trace=True)) for pane in range(1, 10)]
    for host in panes:
        read_until(host, b"done")
    sizes = [pss_kib(host.host_pid) for host in panes]
    assert max(sizes) < MAX_HOST_PSS_KIB
    for host in panes:
        finish(host)
