"""Who has the terminal, with a real shell that runs a program in the foreground."""

import os
import sys

import pytest
from ptyprocess import PtyProcess

from agentgrid.process.foreground import command_line, foreground_group
from tests.support.deadline import eventually


def test_a_shell_and_what_it_runs() -> None:
    shell = PtyProcess.spawn(["/bin/sh", "-i"], env={"PATH": os.environ["PATH"], "PS1": "$ "})
    try:
        own = eventually(lambda: foreground_group(shell.fd))
        assert command_line(own)[:2] == ("/bin/sh", "-i")
        shell.write(b"cat\n")
        running = eventually(lambda: foreground_group(shell.fd) if foreground_group(shell.fd) not in (0, own) else 0)
        assert eventually(lambda: command_line(running)) in (("cat",), ("/bin/cat",), ("/usr/bin/cat",))
        shell.write(b"\x04")
        eventually(lambda: foreground_group(shell.fd) == own)
    finally:
        shell.close(force=True)


def test_nobody() -> None:
    read, write = os.pipe()
    assert foreground_group(read) == 0
    os.close(read)
    os.close(write)
    assert foreground_group(read) == 0


def test_a_process_that_is_not_there() -> None:
    assert command_line(2**22 + 1) == ()


@pytest.mark.skipif(sys.platform != "linux", reason="ps(1) keeps no blanks apart")
def test_words_are_kept_apart() -> None:
    assert command_line(os.getpid())[0]
    child = PtyProcess.spawn([sys.executable, "-c", "input()", "a b", ""])
    try:
        assert eventually(lambda: command_line(child.pid)[-2:] == ("a b", ""))
    finally:
        child.close(force=True)
