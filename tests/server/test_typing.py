"""The queue of bytes on their way to a program, on a real PTY whose other end is read by hand."""

import os
import tty
from collections.abc import Iterator

import pytest

from agentgrid.server.loop import Loop
from agentgrid.server.typing import MAX_WAITING_BYTES, Typing

DEADLINE_SECONDS = 20


class Stage:
    def __init__(self) -> None:
        self.loop = Loop()
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        os.set_blocking(self.master, False)
        os.set_blocking(self.slave, False)
        self.typing = Typing(self.loop, self.master)
        self.taken = b""

    def take(self, until: int) -> bytes:
        """Read as the program until so many bytes have come."""
        end = self.loop.now() + DEADLINE_SECONDS
        while len(self.taken) < until:
            assert self.loop.now() < end, f"{len(self.taken)} of {until} bytes came"
            try:
                self.taken += os.read(self.slave, 65536)
            except BlockingIOError:
                self.loop.turn(0.05)
        return self.taken


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.typing.close()
    made.loop.close()
    os.close(made.master)
    os.close(made.slave)


def test_bytes_go_out_at_once(stage: Stage) -> None:
    stage.typing.write(b"abc")
    assert stage.take(3) == b"abc"
    assert stage.typing.idle


def test_a_paste_is_whole_and_the_key_typed_meanwhile_comes_after_it(stage: Stage) -> None:
    paste = bytes(range(256)) * 8192
    stage.typing.write(paste)
    assert stage.typing.waiting_bytes > 0, "a PTY does not take two megabytes at once"
    stage.typing.write(b"KEY")
    assert stage.take(len(paste) + 3) == paste + b"KEY"
    assert stage.typing.waiting_bytes == 0


def test_a_pause_holds_back_what_comes_after_it_only(stage: Stage) -> None:
    stage.typing.write(b"text")
    stage.typing.pause(0.05)
    stage.typing.write(b"\r")
    assert stage.take(4) == b"text"
    before = stage.loop.now()
    assert stage.take(5) == b"text\r"
    assert stage.loop.now() - before > 0.02


def test_then_is_called_when_everything_before_was_taken(stage: Stage) -> None:
    seen: list[int] = []
    stage.typing.write(b"x" * 200_000)
    stage.typing.then(lambda: seen.append(len(stage.taken)))
    assert not seen
    stage.take(200_000)
    stage.loop.turn(0)
    assert len(seen) == 1


def test_too_much_is_refused_whole(stage: Stage) -> None:
    assert not stage.typing.write(bytes(MAX_WAITING_BYTES + 1))
    assert stage.typing.idle


def test_a_program_that_has_gone_is_no_error(stage: Stage) -> None:
    os.close(stage.slave)
    stage.slave = os.open(os.devnull, os.O_RDONLY)
    assert stage.typing.write(b"nobody reads")


def test_nothing_is_written_after_the_end(stage: Stage) -> None:
    stage.typing.close()
    assert not stage.typing.write(b"late")
