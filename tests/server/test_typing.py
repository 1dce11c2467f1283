"""The queue of bytes on their way to a program, on a real PTY whose other end is read by hand."""

import os
import tty
from collections.abc import Iterator

import pytest

from agentgrid.server.loop import Loop
from agentgrid.server.typing import MAX_WAITING_BYTES, Hold, Typing

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


def test_a_hold_keeps_together_what_belongs_together(stage: Stage) -> None:
    stage.typing.write(b"before ")
    hold = stage.typing.hold(lambda hold: hold.write(b"prompt"))
    stage.typing.write(b"typed meanwhile")
    assert stage.take(13) == b"before prompt"
    hold.write(b"\r")
    hold.release()
    hold.release()
    assert stage.take(29) == b"before prompt\rtyped meanwhile"
    assert stage.typing.idle
    assert stage.typing.waiting_bytes == 0


def test_a_hold_waits_for_its_turn(stage: Stage) -> None:
    paste = b"x" * 200_000
    stage.typing.write(paste)
    began: list[Hold] = []
    hold = stage.typing.hold(began.append)
    assert not began
    stage.take(len(paste))
    stage.loop.turn(0)
    assert began == [hold]


def test_a_hold_that_is_given_up_before_its_turn_holds_nobody_back(stage: Stage) -> None:
    paste = b"x" * 200_000
    stage.typing.write(paste)
    hold = stage.typing.hold(lambda _: pytest.fail("its turn never came"))
    hold.release()
    stage.typing.write(b"y")
    assert stage.take(len(paste) + 1) == paste + b"y"


def test_an_answer_to_a_query_is_held_back_by_nobody(stage: Stage) -> None:
    hold = stage.typing.hold(lambda hold: hold.write(b"prompt"))
    stage.typing.write(b"key")
    stage.typing.reply(b"answer")
    assert stage.take(12) == b"promptanswer"
    hold.release()
    assert stage.take(15) == b"promptanswerkey"


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
