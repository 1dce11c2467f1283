"""The way out, on a pipe: order, whole pieces, what is dropped and what never is."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.ui.output import MAX_BACKLOG_BYTES, Output, open_terminal
from agentgrid.ui.pace import ASK_BYTES, MAX_BYTES_ON_THE_WAY, QUESTION


class Wire:
    """An output into a pipe that is read only when told to."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.writer, False)
        os.set_blocking(self.reader, False)
        self.drained = self.room = self.gone = 0
        self.has_gone = asyncio.Event()
        self.output = Output(
            self.writer, asyncio.get_running_loop(), on_drained=self._on_drained, on_room=self._on_room, on_gone=self._on_gone
        )

    def _on_drained(self) -> None:
        self.drained += 1

    def _on_room(self) -> None:
        self.room += 1

    def _on_gone(self) -> None:
        self.gone += 1
        self.has_gone.set()

    def read(self) -> bytes:
        try:
            return os.read(self.reader, 1 << 20)
        except BlockingIOError:
            return b""

    async def read_all(self) -> bytes:
        """Until nothing waits."""
        data = self.read()
        while self.output.backlog:
            await asyncio.sleep(0)
            data += self.read()
        return data + self.read()


@asynccontextmanager
async def wire() -> AsyncIterator[Wire]:
    made = Wire()
    try:
        yield made
    finally:
        made.output.close()
        os.close(made.writer)
        os.close(made.reader)


FULL = b"f" * 70_000  # More than a pipe holds.


def test_what_fits_is_out_at_once() -> None:
    async def run() -> None:
        async with wire() as it:
            it.output.write(b"frame", is_frame=True)
            it.output.write(b"title", is_frame=False)
            assert (it.read(), it.output.backlog, it.room) == (b"frametitle", 0, 0)

    asyncio.run(run())


def test_the_rest_goes_when_there_is_room_in_order() -> None:
    async def run() -> None:
        async with wire() as it:
            pieces = [bytes([65 + i]) * 30_000 for i in range(10)]
            for i, piece in enumerate(pieces):
                it.output.write(piece, is_frame=i % 2 == 0)
            assert it.output.backlog > 200_000
            assert await it.read_all() == b"".join(pieces)
            assert (it.drained, it.room) == (0, 1), "nothing was dropped"

    asyncio.run(run())


def test_frames_are_dropped_controls_never() -> None:
    async def run() -> None:
        async with wire() as it:
            it.output.write(FULL, is_frame=True)
            it.output.write(b"<title>", is_frame=False)
            for _ in range(MAX_BACKLOG_BYTES // len(FULL) + 1):
                it.output.write(FULL.replace(b"f", b"g"), is_frame=True)
            it.output.write(b"<mode>", is_frame=False)
            assert it.output.backlog < len(FULL)
            assert await it.read_all() == FULL + b"<title><mode>"
            assert (it.drained, it.room) == (1, 0)
            it.output.write(b"again", is_frame=True)
            assert it.read() == b"again"

    asyncio.run(run())


def test_while_behind_no_frame_is_taken() -> None:
    """A frame after a gap would be drawn upon another screen than it was made for."""

    async def run() -> None:
        async with wire() as it:
            it.output.write(FULL, is_frame=True)
            it.output.write(b"x" * MAX_BACKLOG_BYTES, is_frame=True)
            it.output.write(b"small", is_frame=True)
            assert await it.read_all() == FULL

    asyncio.run(run())


def test_one_frame_may_be_larger_than_the_limit() -> None:
    async def run() -> None:
        async with wire() as it:
            it.output.write(b"x" * (MAX_BACKLOG_BYTES + 1), is_frame=True)
            assert len(await it.read_all()) == MAX_BACKLOG_BYTES + 1

    asyncio.run(run())


def test_the_reader_goes_away() -> None:
    async def run() -> None:
        made = Wire()
        os.close(made.reader)
        made.output.write(b"frame", is_frame=True)
        made.output.write(b"mode", is_frame=False)
        assert (made.gone, made.output.backlog) == (1, 0)
        os.close(made.writer)

    asyncio.run(run())


def test_the_reader_goes_away_in_the_middle_of_a_piece() -> None:
    async def run() -> None:
        made = Wire()
        made.output.write(FULL, is_frame=True)
        assert made.output.backlog > 0
        os.close(made.reader)
        await made.has_gone.wait()
        made.output.drop_frames()
        made.output.write(b"the end", is_frame=False)
        made.output.drain(0.0)
        assert (made.gone, made.output.backlog) == (1, 0)
        os.close(made.writer)

    asyncio.run(run())


def test_drain_takes_no_longer_than_told() -> None:
    async def run() -> None:
        async with wire() as it:
            it.output.write(FULL, is_frame=True)
            it.output.drain(0.01)
            assert it.output.backlog > 0

    asyncio.run(run())


LARGE = b"f" * (MAX_BYTES_ON_THE_WAY + 1)


def test_after_a_large_frame_none_is_begun_before_the_answer() -> None:
    """A pipe, a PTY, an ssh takes much that the terminal has not read."""

    async def run() -> None:
        async with wire() as it:
            it.output.on_answer()  # As at the start.
            it.output.write(LARGE, is_frame=True)
            assert it.read() == LARGE + QUESTION
            assert (it.output.backlog, it.output.ahead) == (0, len(LARGE + QUESTION))
            it.output.write(b"<title>", is_frame=False)
            assert it.read() == b"<title>", "controls do not wait"
            it.output.write(b"frame", is_frame=True)
            it.output.write(b"<mode>", is_frame=False)
            assert it.read() == b"", "but behind a frame"
            it.output.on_answer()
            assert it.read() == b"frame<mode>"
            assert (it.output.ahead, it.room, it.drained) == (0, 1, 0)

    asyncio.run(run())


def test_an_answer_tells_of_room_where_somebody_may_have_waited() -> None:
    async def run() -> None:
        async with wire() as it:
            it.output.on_answer()
            it.output.write(b"x" * ASK_BYTES, is_frame=True)
            it.output.on_answer()
            assert it.room == 0, "nobody had to wait"
            it.output.write(LARGE, is_frame=True)
            it.output.on_answer()
            assert it.room == 1
            it.output.on_answer()
            assert it.room == 1, "an answer to nothing"

    asyncio.run(run())


def test_who_waits_too_long_for_an_answer_goes_on() -> None:
    async def run() -> None:
        async with wire() as it:
            it.output.on_answer()
            it.output.write(LARGE, is_frame=True)
            it.read()
            it.output.write(b"frame", is_frame=True)
            it.output.give_up()
            assert (it.read(), it.output.ahead, it.room) == (b"frame", 0, 1)

    asyncio.run(run())


def test_a_terminal_that_never_answered_is_not_waited_for() -> None:
    async def run() -> None:
        async with wire() as it:
            for _ in range(3):
                it.output.write(LARGE, is_frame=True)
                assert (it.read(), it.output.ahead) == (LARGE, 0)

    asyncio.run(run())


def test_a_dropped_frame_takes_its_question_with_it() -> None:
    async def run() -> None:
        async with wire() as it:
            it.output.on_answer()
            it.output.write(FULL, is_frame=True)
            it.output.write(LARGE, is_frame=True)
            it.output.drop_frames()
            assert (await it.read_all()).count(QUESTION) == 1
            it.output.on_answer()
            assert it.output.ahead == 0

    asyncio.run(run())


def test_the_end_waits_for_no_answer() -> None:
    async def run() -> None:
        async with wire() as it:
            it.output.on_answer()
            it.output.write(LARGE, is_frame=True)
            it.output.write(b"the end", is_frame=True)
            it.output.drain(5.0)
            assert it.read() == LARGE + QUESTION + b"the end"

    asyncio.run(run())


@given(st.lists(st.tuples(st.integers(1, 400_000), st.booleans()), max_size=12))
def test_every_piece_is_whole_or_not_there(pieces: list[tuple[int, bool]]) -> None:
    async def run() -> None:
        async with wire() as it:
            for i, (size, is_frame) in enumerate(pieces):
                it.output.write(bytes([i + 1]) * size, is_frame)
            output = await it.read_all()
            kept = [i for i in range(len(pieces)) if bytes([i + 1]) in output]
            assert output == b"".join(bytes([i + 1]) * pieces[i][0] for i in kept)
            assert all(i in kept for i, (_, is_frame) in enumerate(pieces) if not is_frame)

    asyncio.run(run())


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    controller, follower = os.openpty()
    yield controller, follower
    os.close(controller)
    os.close(follower)


def test_a_descriptor_of_our_own(terminal: tuple[int, int]) -> None:
    _, follower = terminal
    descriptor, own = open_terminal((follower,))
    assert own
    assert os.ttyname(descriptor) == os.ttyname(follower)
    assert (os.get_blocking(descriptor), os.get_blocking(follower)) == (False, True)
    os.close(descriptor)


def test_where_the_terminal_has_no_name(terminal: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless(_descriptor: int) -> str:
        raise OSError

    monkeypatch.setattr(os, "ttyname", nameless)
    _, follower = terminal
    descriptor, own = open_terminal((follower,))
    assert not own
    assert not os.get_blocking(descriptor)
    os.close(descriptor)
