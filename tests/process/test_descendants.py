"""Who descends from whom, in the process table and in made-up ones."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.process.descendants import Process, below, processes


def test_the_table_holds_us_and_our_child_in_its_session() -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, start_new_session=True) as child:
        table = {process.pid: process for process in processes()}
        assert table[os.getpid()].parent == os.getppid()
        assert table[os.getpid()].session == os.getsid(0)
        assert table[child.pid] == Process(child.pid, os.getpid(), child.pid)
        assert child.pid in [process.pid for process in below(os.getpid(), processes())]


@pytest.mark.skipif(sys.platform != "linux", reason="prctl sets a process's name")
def test_a_name_with_parentheses_and_a_newline_confuses_nobody() -> None:
    code = "import ctypes, sys; ctypes.CDLL(None).prctl(15, b') R 1 (\\n)', 0, 0, 0); print(flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert Process(child.pid, os.getpid(), os.getsid(0)) in processes()


@given(st.lists(st.integers(0, 30), max_size=30))
def test_below_is_exactly_what_has_the_ancestor_among_its_parents(parents: list[int]) -> None:
    table = [Process(pid, min(parent, pid - 1), 0) for pid, parent in enumerate(parents, start=1)]
    parent_of = {process.pid: process.parent for process in table}

    def line(pid: int) -> list[int]:
        return [] if pid not in parent_of else [parent_of[pid], *line(parent_of[pid])]

    for ancestor in range(len(parents) + 1):
        found = [process.pid for process in below(ancestor, table)]
        assert sorted(found) == [pid for pid in parent_of if ancestor in line(pid)]
        for place, pid in enumerate(found):
            assert parent_of[pid] == ancestor or parent_of[pid] in found[:place], "parents come first"
