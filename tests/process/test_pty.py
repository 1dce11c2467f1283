"""The master end of a terminal: what can be read and written, now and at its end."""

import os
import pty as system_pty
from collections.abc import Iterator
from io import FileIO

import pytest

from agentgrid.geometry import Size
from agentgrid.process.pty import get_size, read_available, set_size, write_some


@pytest.fixture
def terminal() -> Iterator[tuple[int, FileIO]]:
    """A master, and the other end as a file, which may be closed twice."""
    master, slave = system_pty.openpty()
    os.set_blocking(master, False)
    with FileIO(slave, "w") as program:
        yield master, program
    os.close(master)


def test_nothing_something_and_the_end(terminal: tuple[int, FileIO]) -> None:
    master, slave = terminal
    assert read_available(master, 10) is None
    slave.write(b"hello world")
    assert read_available(master, 5) == b"hello"
    assert read_available(master, 100) == b" world"
    slave.write(b"last")
    slave.close()
    assert read_available(master, 100) == b"last"
    assert read_available(master, 100) == b""
    assert read_available(master, 100) == b""


def test_a_program_that_does_not_read_takes_only_so_much(terminal: tuple[int, FileIO]) -> None:
    master, _ = terminal
    line = b"x" * 999 + b"\n"
    for _attempt in range(1000):
        if write_some(master, line) < len(line):
            break
    assert write_some(master, line) == 0


def test_writing_to_a_terminal_that_nobody_has_open(terminal: tuple[int, FileIO]) -> None:
    master, slave = terminal
    slave.close()
    assert write_some(master, b"x") in (-1, 1)  # Linux keeps what nobody will read.


def test_sizes(terminal: tuple[int, FileIO]) -> None:
    set_size(terminal[0], Size(columns=132, rows=43))
    assert get_size(terminal[0]) == Size(columns=132, rows=43)
    assert os.get_terminal_size(terminal[1].fileno()) == (132, 43)
