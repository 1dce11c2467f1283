"""Turns, timers, work and threads of the server's loop."""

import os
import signal
from collections.abc import Iterator

import pytest

from agentgrid.server.loop import READ, Loop

DEADLINE_SECONDS = 10


@pytest.fixture
def loop() -> Iterator[Loop]:
    made = Loop()
    yield made
    made.close()


def test_timers_run_in_the_order_of_their_time(loop: Loop) -> None:
    seen: list[str] = []
    now = loop.now()
    loop.call_at(now + 0.002, lambda: seen.append("second"))
    loop.call_at(now, lambda: seen.append("first"))
    loop.call_at(now + 0.001, lambda: seen.append("cancelled")).cancel()
    while len(seen) < 2:
        loop.turn(DEADLINE_SECONDS)
    assert seen == ["first", "second"]


def test_what_is_ready_comes_before_work(loop: Loop) -> None:
    read, write = os.pipe()
    seen: list[str] = []

    def ready(_events: int) -> None:
        os.read(read, 1)
        seen.append("ready")

    loop.watch(read, READ, ready)
    os.write(write, b"x")
    loop.work(lambda: seen.append("work 1"))
    loop.work(lambda: seen.append("work 2"))
    loop.turn()
    assert seen == ["ready", "work 1"], "one piece of work a turn"
    loop.turn()
    assert seen == ["ready", "work 1", "work 2"]
    os.close(read)
    os.close(write)


def test_a_job_in_a_thread_comes_back_to_the_loop(loop: Loop) -> None:
    results: list[object] = []
    loop.in_thread(lambda: 6 * 7, lambda result, error: results.append((result, error)))
    while not results:
        loop.turn(DEADLINE_SECONDS)
    assert results == [(42, None)]


def test_a_job_that_fails_brings_its_error(loop: Loop) -> None:
    results: list[BaseException | None] = []

    def fail() -> None:
        raise OSError("no")

    loop.in_thread(fail, lambda _, error: results.append(error))
    while not results:
        loop.turn(DEADLINE_SECONDS)
    assert isinstance(results[0], OSError)


def test_a_signal_runs_on_the_loop(loop: Loop) -> None:
    before = signal.getsignal(signal.SIGUSR1)
    seen: list[int] = []
    loop.on_signal(signal.SIGUSR1, lambda: seen.append(1))
    try:
        os.kill(os.getpid(), signal.SIGUSR1)
        while not seen:
            loop.turn(DEADLINE_SECONDS)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert seen == [1]


def test_a_descriptor_that_is_unwatched_is_silent(loop: Loop) -> None:
    read, write = os.pipe()
    loop.watch(read, READ, lambda _: pytest.fail("unwatched"))
    loop.unwatch(read)
    loop.unwatch(read)
    os.write(write, b"x")
    loop.turn(0)
    os.close(read)
    os.close(write)
