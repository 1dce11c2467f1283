"""When things go wrong around a write: no program is stuck, and nobody is named who did not do it."""

import errno
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentgrid.workspace.change import Evidence
from agentgrid.workspace.trace.records import Flag, Record, What
from tests.support.observed import Observed
from tests.support.tracing import needs_tracing

pytestmark = needs_tracing

A, B = 1, 2

LANDLOCK = """
import ctypes, os, subprocess, sys
call = ctypes.CDLL(None, use_errno=True).syscall
rules = call(444, ctypes.byref(ctypes.c_uint64(2)), ctypes.c_size_t(8), 0)  # landlock_create_ruleset: writing is what is ruled.
if rules < 0: sys.exit(77)
assert ctypes.CDLL(None).prctl(38, 1, 0, 0, 0) == 0
assert call(446, rules, 0) == 0  # landlock_restrict_self, and nothing is allowed.
try: open("src/a", "a").write("x")
except PermissionError: print("refused")
"""
OWN_FILTER = """
import ctypes, struct
libc = ctypes.CDLL(None, use_errno=True)
code = ctypes.create_string_buffer(struct.pack("=HBBI", 6, 0, 0, 0x7FFF0000), 8)  # BPF_RET: allow everything.
class Program(ctypes.Structure): _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]
program = Program(1, ctypes.addressof(code))
assert libc.prctl(22, 2, ctypes.byref(program), 0, 0) == 0, ctypes.get_errno()  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
open("src/a", "a").write("x")
"""


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Observed]:
    with Observed(tmp_path) as observed:
        observed.outside(
            "git init -q -b main . && mkdir src && for f in a b; do seq 1 20 > src/$f; done && git add -A && git commit -qm one"
        )
        observed.run(A, "true")
        yield observed


def script(observed: Observed, text: str) -> str:
    """A program outside of the project, as a pane runs it."""
    path = observed.folder / "program.py"
    path.write_text(text)
    return f"{sys.executable} -I -S {path}"


def test_a_sandbox_of_its_own_that_forbids_a_write(repository: Observed) -> None:
    """The attempt is told of before the sandbox refuses it; another pane's write right after it is the other's."""
    repository.start(A, ["sh", "-c", script(repository, LANDLOCK)])
    if repository.pump(A) == 77:
        pytest.skip("no Landlock here")
    repository.run(B, "echo b >> src/a")
    assert repository.mark() == [("modified", B, "src/a")]


def test_a_filter_of_its_own(repository: Observed) -> None:
    repository.run(A, script(repository, OWN_FILTER))
    assert repository.mark() == [("modified", A, "src/a")]


def test_set_uid_programs_stay_what_they_are(repository: Observed) -> None:
    repository.run(A, "grep NoNewPrivs /proc/self/status > src/a")
    repository.run(B, "grep NoNewPrivs /proc/self/status > src/b", traced=False)
    assert [(repository.root / "src" / name).read_text().split()[1] for name in "ab"] == ["1", "0"]


def test_who_hides_its_memory_is_a_candidate_and_no_author(repository: Observed) -> None:
    repository.observer.heard(B, [Record(What.WRITE, Flag.BLIND, 1, time.monotonic_ns())])
    repository.outside("echo x >> src/a")
    repository.mark()
    change = next(change for change in repository.changes if change.path == "src/a")
    assert (change.pane, change.candidates, change.evidence) == (None, (B,), Evidence.UNKNOWN)


def test_a_submodule_is_watched_with_its_outer_repository(repository: Observed) -> None:
    repository.outside(
        "git init -q ../other; (cd ../other; echo 1 > f; git add f; git commit -qm one); "
        "git -c protocol.file.allow=always submodule --quiet add ../other sub; git commit -qm sub"
    )
    repository.mark()
    repository.happened.clear()
    repository.run(A, "echo a >> sub/f")
    repository.run(B, "echo b >> sub/f")
    repository.until(lambda: repository.conflicts)
    assert [(one.path, one.panes) for one in repository.conflicts] == [("sub/f", (A, B))]


@pytest.mark.parametrize("seconds", [-3600.0, 3600.0], ids=["back", "ahead"])
def test_a_clock_that_jumps(repository: Observed, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    repository.run(A, "echo a >> src/a")
    repository.mark()
    now, now_ns = time.time, time.time_ns
    monkeypatch.setattr(time, "time", lambda: now() + seconds)
    monkeypatch.setattr(time, "time_ns", lambda: now_ns() + int(seconds * 1e9))
    repository.run(B, "echo b >> src/a")
    repository.until(lambda: repository.conflicts)
    first, second = [change for change in repository.changes if change.path == "src/a"]
    assert (first.pane, second.pane) == (A, B)
    assert 0 < second.at - first.at < seconds + 3660.0
    assert repository.conflicts[0].panes == (A, B)


def test_a_disk_too_full_for_both_sides(repository: Observed, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    repository.run(A, "echo a >> src/a")
    monkeypatch.setattr("agentgrid.workspace.contents.Contents.keep", full)
    repository.run(B, "echo b >> src/a")
    repository.until(lambda: repository.conflicts and repository.troubles)
    assert "cannot keep both sides" in repository.troubles[0]
