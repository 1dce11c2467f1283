"""Pacing, on pipes instead of PTYs: keys first, frames in step, floods bounded, nothing when nothing is printed."""

import os
from collections.abc import Callable, Iterator

import pytest

from agentgrid.server.loop import Loop
from agentgrid.server.pump import CROWD, CROWD_FRAME_SECONDS, FLOOD_FRAME_SECONDS, FRAME_SECONDS, Pump, Source

DEADLINE_SECONDS = 10


class Pipe:
    """A pane that prints into a pipe."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.descriptor, self.writer = os.pipe()
        os.set_blocking(self.descriptor, False)
        os.set_blocking(self.writer, False)
        self.pending = self.kept = self.fed = 0
        self.largest = self.looks = 0
        self.feedings: list[float] = []

    def print(self, data: bytes) -> int:
        try:
            return os.write(self.writer, data)
        except BlockingIOError:
            return 0

    def read(self, limit: int) -> int:
        count = 0
        while count < limit:
            try:
                data = os.read(self.descriptor, limit - count)
            except BlockingIOError:
                break
            if not data:
                if not count:
                    return -1
                break
            count += len(data)
        self.pending += count
        return count

    def read_some(self) -> int:
        return self.read(4096)

    def look(self) -> None:
        self.looks += 1

    def keep(self) -> None:
        self.kept = self.pending

    def feed(self) -> int:
        count, self.pending = self.pending, 0
        self.fed += count
        if count:
            self.feedings.append(Loop.now())
        self.largest = max(self.largest, count)
        return count

    def draw(self) -> int:
        return self.feed()

    def note(self) -> None:
        """What it has drawn, it has been told of."""

    def close(self) -> None:
        for descriptor in (self.descriptor, self.writer):
            if descriptor >= 0:
                os.close(descriptor)


class Stage:
    """A loop, a pump, and what it called."""

    def __init__(self) -> None:
        self.loop = Loop()
        self.frames: list[float] = []
        self.echoes: list[Source] = []
        self.ended: list[Source] = []
        self.shown = True
        self.pump = Pump(
            self.loop,
            on_frame=lambda: self.frames.append(self.loop.now()),
            on_echo=self.echo,
            on_end=self.ended.append,
        )
        self.pipes: list[Pipe] = []

    def echo(self, source: Source) -> bool:
        self.echoes.append(source)
        return self.shown

    def pane(self, name: str = "pane") -> Pipe:
        pipe = Pipe(name)
        self.pipes.append(pipe)
        self.pump.add(pipe)
        return pipe

    def until(self, what: str, condition: object) -> None:
        assert callable(condition)
        end = self.loop.now() + DEADLINE_SECONDS
        while not condition():
            assert self.loop.now() < end, f"never: {what}"
            self.loop.turn(0.05)


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    for pipe in made.pipes:
        made.pump.remove(pipe)
        pipe.close()
    made.pump.close()
    made.loop.close()


def test_what_is_printed_is_fed_and_shown_in_one_frame_for_all(stage: Stage) -> None:
    panes = [stage.pane() for _ in range(9)]
    for pane in panes:
        pane.print(b"hello")
    stage.until("all fed", lambda: all(pane.fed == 5 for pane in panes))
    stage.until("shown", lambda: len(stage.frames) == 1)
    assert len(stage.frames) == 1


def test_frames_keep_their_distance(stage: Stage) -> None:
    pane = stage.pane()

    def again() -> bool:
        pane.print(b"x")
        return len(stage.frames) >= 5

    stage.until("five frames", again)
    gaps = [later - earlier for earlier, later in zip(stage.frames, stage.frames[1:], strict=False)]
    assert min(gaps) > FRAME_SECONDS * 0.9


@pytest.mark.parametrize(("panes", "seconds"), [(1, FRAME_SECONDS), (CROWD, FRAME_SECONDS), (CROWD + 1, CROWD_FRAME_SECONDS)])
def test_many_panes_that_print_have_fewer_frames(stage: Stage, panes: int, seconds: float) -> None:
    printing = [stage.pane() for _ in range(panes)]
    [stage.pane() for _ in range(9 - panes)]

    def again() -> bool:
        for pane in printing:
            pane.print(b"x")
        return len(stage.frames) >= 8

    stage.until("frames", again)
    gaps = sorted(later - earlier for earlier, later in zip(stage.frames[2:], stage.frames[3:], strict=False))
    assert seconds * 0.9 < gaps[0] < seconds * 1.2


def test_in_a_crowd_the_pane_somebody_types_into_has_as_many_frames_as_ever(stage: Stage) -> None:
    typed, *crowd = [stage.pane() for _ in range(9)]

    def again() -> bool:
        for pane in crowd:
            pane.print(b"x")
        stage.pump.key(typed)
        stage.pump._panes[typed.descriptor].key_waits = False  # Its echo has been shown: what it prints now is more than that.
        typed.print(b"y")
        return len(stage.frames) >= 8

    stage.until("frames", again)
    gaps = sorted(later - earlier for earlier, later in zip(stage.frames[2:], stage.frames[3:], strict=False))
    assert gaps[len(gaps) // 2] < CROWD_FRAME_SECONDS * 0.9


def test_an_echo_does_not_wait_for_the_frame(stage: Stage) -> None:
    pane, other = stage.pane(), stage.pane()
    other.print(b"busy")
    stage.until("a frame", lambda: stage.frames)
    stage.pump.key(pane)
    pane.print(b"a")
    stage.until("echo", lambda: stage.echoes)
    assert stage.echoes == [pane]
    assert len(stage.frames) == 1, "no frame was needed for it"


def test_an_echo_in_a_synchronized_update_is_shown_when_it_ends(stage: Stage) -> None:
    pane = stage.pane()
    stage.shown = False
    stage.pump.key(pane)
    pane.print(b"begin")
    stage.until("asked", lambda: len(stage.echoes) == 1)
    stage.shown = True
    pane.print(b"end")
    stage.until("asked again", lambda: len(stage.echoes) == 2)


def test_a_flood_is_fed_in_large_chunks_and_keys_come_between(stage: Stage) -> None:
    flood, typed = stage.pane("flood"), stage.pane("typed")
    data = b"x" * 65536

    def flooding(amount: int) -> bool:
        flood.print(data)
        return flood.fed > amount

    stage.until("a flood", lambda: flooding(4_000_000))
    assert flood.largest > 128 * 1024
    assert flood.looks > 100, "the kernel's time is used"
    stage.pump.key(typed)
    typed.print(b"k")
    assert not typed.looks
    before = flood.fed
    while not stage.echoes:
        flood.print(data)
        stage.loop.turn(0.05)
    assert flood.fed - before < 1_000_000, "the echo came before the flood was through"


def flooded(stage: Stage, pane: Pipe, feedings: int, turn: Callable[[], object] = lambda: None) -> list[float]:
    """The gaps between so many feedings of a pane that floods and does not fill its budget, its first megabyte left out."""

    def enough() -> bool:
        pane.print(b"x" * 65536 if pane.pending < 65536 else b"x")
        turn()
        if pane.fed < 1_000_000:
            pane.feedings.clear()
        return len(pane.feedings) > feedings

    stage.until("feedings", enough)
    return [later - earlier for earlier, later in zip(pane.feedings, pane.feedings[1:], strict=False)]


def test_many_floods_are_fed_seldom_and_what_others_print_is_not_late_for_it(stage: Stage) -> None:
    flood, other = stage.pane("flood"), stage.pane("other")
    more = [stage.pane() for _ in range(8)]

    def print_all() -> None:
        for pane in more:
            pane.print(b"x" * 65536)
        other.print(b".")

    gaps = flooded(stage, flood, 6, print_all)
    assert min(gaps) > FLOOD_FRAME_SECONDS - FRAME_SECONDS
    assert len(other.feedings) > 1.5 * len(gaps)


def test_a_flood_that_costs_less_than_its_share_does_not_wait_with_a_full_budget(stage: Stage) -> None:
    panes = [stage.pane() for _ in range(9)]

    def until(what: str, condition: Callable[[], bool]) -> None:
        def reached() -> bool:
            for pane in panes:
                pane.print(b"x" * 65536)
            return condition()

        stage.until(what, reached)

    until("floods", lambda: all(map(stage.pump.floods, panes)))
    first = panes[0]
    first.feedings.clear()
    until("feedings", lambda: len(first.feedings) > 8)
    gaps = [later - earlier for earlier, later in zip(first.feedings, first.feedings[1:], strict=False)]
    assert min(gaps) < FLOOD_FRAME_SECONDS - FRAME_SECONDS


def test_the_last_words_of_one_of_many_floods_do_not_wait_for_its_turn(stage: Stage) -> None:
    flood = stage.pane("flood")
    more = [stage.pane() for _ in range(8)]

    def print_more() -> None:
        for pane in more:
            pane.print(b"x" * 65536)

    flooded(stage, flood, 6, print_more)
    fed = flood.feedings[-1]
    assert stage.pump.floods(flood)
    stage.until("room", lambda: flood.print(b"the end"))
    frames = len(stage.frames)

    def was_fed() -> bool:
        print_more()
        return flood.feedings[-1] != fed

    stage.until("its last words", was_fed)
    assert len(stage.frames) - frames <= 2


@pytest.mark.parametrize("elsewhere", [True, False])
def test_while_somebody_types_elsewhere_floods_are_fed_at_every_frame(stage: Stage, elsewhere: bool) -> None:
    """The keys of somebody who has begun the flood, and may end it, need no such care."""
    flood, other = stage.pane("flood"), stage.pane("other")
    more = [stage.pane() for _ in range(8)]

    def turn() -> None:
        for pane in more:
            pane.print(b"x" * 65536)
        stage.pump.key(other if elsewhere else more[0])

    gaps = flooded(stage, flood, 10, turn)
    assert (sorted(gaps)[len(gaps) // 4] < FLOOD_FRAME_SECONDS - FRAME_SECONDS) is elsewhere


def test_a_flood_that_ends_is_quiet_again(stage: Stage) -> None:
    pane = stage.pane()
    for _ in range(40):
        pane.print(b"y" * 65536)
        stage.loop.turn(0.01)
    sent = pane.fed
    frames = len(stage.frames)
    pane.print(b"z")
    stage.until("the rest", lambda: pane.fed > sent and len(stage.frames) > frames)
    for _ in range(20):
        stage.loop.turn(0.02)
    settled = len(stage.frames)
    for _ in range(5):
        stage.loop.turn(0.02)
    assert len(stage.frames) == settled, "no frame without something printed"


def test_the_end_of_a_flood_is_found_without_another_byte(stage: Stage) -> None:
    pane = stage.pane()
    while not stage.pump.floods(pane):
        pane.print(b"y" * 65536)
        stage.loop.turn(0.01)
    fed, frames = pane.fed, len(stage.frames)
    stage.until("the end", lambda: not stage.pump.floods(pane))
    stage.until("a frame that shows it", lambda: len(stage.frames) > frames)
    assert pane.pending == 0
    assert pane.fed >= fed
    frames = len(stage.frames)
    for _ in range(5):
        stage.loop.turn(0.02)
    assert len(stage.frames) <= frames + 1
    stage.pump.remove(pane)
    assert not stage.pump.floods(pane)


def test_the_end_of_a_pane_is_told_once_and_after_its_last_words(stage: Stage) -> None:
    pane = stage.pane()
    pane.print(b"last words")
    os.close(pane.writer)
    pane.writer = -1
    stage.until("the end", lambda: stage.ended)
    assert pane.fed == 10
    for _ in range(3):
        stage.loop.turn(0.01)
    assert stage.ended == [pane]


def test_a_pane_that_is_removed_is_read_no_more(stage: Stage) -> None:
    pane = stage.pane()
    pane.print(b"unread")
    stage.pump.remove(pane)
    stage.pump.remove(pane)
    for _ in range(3):
        stage.loop.turn(0.02)
    assert pane.fed == 0
