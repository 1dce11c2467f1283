"""What holds for every stream of bytes.

``make check`` runs these for about a minute in all; ``python -m tests.terminal.test_properties SECONDS`` goes on as long as
one likes, on examples that are never repeated.
"""

import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentgrid.geometry import Size
from agentgrid.terminal import flood, history, sweeping
from agentgrid.terminal.cells import Cells
from agentgrid.terminal.pyte_emulator import PyteEmulator
from agentgrid.terminal.row import WIDE_TAIL, spell
from tests.terminal import streams
from tests.terminal.drive import state

unhurried = settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
steps = st.lists(st.one_of(streams.sequences, streams.sequences, streams.noise, streams.sizes), min_size=1, max_size=8)


def check_row(made: PyteEmulator, row: Cells, columns: int) -> None:
    """Text and styles are of one length, no longer than the screen; wide characters have their tails; nothing is a control."""
    text, styles, _ = row
    assert len(text) == len(styles) <= columns
    assert all(ord(code) < len(made.styles) for code in styles)
    clusters = made._screen.clusters
    for x, character in enumerate(text):
        if character == WIDE_TAIL:
            assert x > 0
            assert len(clusters.cells[clusters.spell(text[x - 1])]) == 2
        else:
            assert character >= " "


def check(made: PyteEmulator) -> None:
    """The invariants of a screen."""
    screen = made._screen
    assert len(screen.rows) == len(screen.other_rows) == screen.lines
    assert 0 <= screen.cursor.y < screen.lines
    assert 0 <= screen.cursor.x < screen.columns
    assert 0 <= screen.top <= screen.bottom < screen.lines
    assert 0 <= screen.left <= screen.right < screen.columns
    for row in (*screen.rows, *screen.other_rows, *screen.history.read(0, len(screen.history))):
        check_row(made, row, screen.columns)


def apply(made: PyteEmulator, step: bytes | Size) -> list[object]:
    return list(made.resize(step) if isinstance(step, Size) else made.feed(step))


@unhurried
@given(streams.sizes, steps)
def test_no_bytes_break_the_screen(size: Size, steps: list[bytes | Size]) -> None:
    made = PyteEmulator(size, history_limit=30)
    for step in steps:
        generation = made.generation
        apply(made, step)
        check(made)
        assert made.generation >= generation


@unhurried
@given(streams.sizes, steps, st.lists(st.integers(0, 2**16), max_size=30))
def test_chunks_make_no_difference(size: Size, steps: list[bytes | Size], cuts: list[int]) -> None:
    whole, cut = PyteEmulator(size, history_limit=30), PyteEmulator(size, history_limit=30)
    for step in steps:
        effects = apply(whole, step)
        parts = [step] if isinstance(step, Size) else streams.pieces(step, cuts)
        assert [effect for part in parts for effect in apply(cut, part)] == effects
        assert state(cut) == state(whole)


@unhurried
@given(streams.sizes, steps)
def test_bytes_one_by_one_make_no_difference(size: Size, steps: list[bytes | Size]) -> None:
    whole, single = PyteEmulator(size, history_limit=30), PyteEmulator(size, history_limit=30)
    for step in steps:
        effects = apply(whole, step)
        parts = [step] if isinstance(step, Size) else [step[at : at + 1] for at in range(len(step))]
        assert [effect for part in parts for effect in apply(single, part)] == effects
        assert state(single) == state(whole)


@unhurried
@given(streams.sizes, steps, steps)
def test_a_dump_goes_on_as_if_nothing_had_happened(size: Size, before: list[bytes | Size], after: list[bytes | Size]) -> None:
    made, loaded = PyteEmulator(size, history_limit=30), PyteEmulator(Size(5, 5), history_limit=30)
    for step in before:
        apply(made, step)
    loaded.load(made.dump())
    assert state(loaded) == state(made)
    assert list(loaded.styles) == list(made.styles)
    for step in after:
        assert apply(loaded, step) == apply(made, step)
        assert state(loaded) == state(made)


@pytest.fixture
def small_floods(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads of a hundred bytes are floods, in several blocks, of which the newest are not squeezed."""
    _make_floods_small(monkeypatch)


def _make_floods_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flood, "FLOOD_BYTES", 100)
    monkeypatch.setattr(flood, "MIN_HEAD_BYTES", 20)
    monkeypatch.setattr(flood, "BLOCK_BYTES", 150)
    monkeypatch.setattr(history, "MAX_PLAIN_BYTES", 300)


reads = st.lists(st.one_of(streams.lines, streams.lines, streams.lines, streams.sequences, streams.sizes), min_size=1, max_size=6)


@settings(unhurried, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    streams.sizes,
    reads,
    st.sampled_from([5, 40, 1000]),
    st.lists(st.booleans(), min_size=6, max_size=6),
    st.lists(st.lists(st.integers(0, 2**16), max_size=8), min_size=6, max_size=6),
    st.integers(0, 9),
)
def test_a_flood_leaves_what_drawing_it_would_have_left(
    small_floods: None, size: Size, reads: list[bytes | Size], limit: int, looks: list[bool], cuts: list[list[int]], scouted: int
) -> None:
    lazy, eager = PyteEmulator(size, history_limit=limit), PyteEmulator(size, history_limit=limit, lazy=False)
    numbered: dict[int, object] = {}
    for read, look, places in zip(reads, looks, cuts, strict=False):
        if not isinstance(read, Size):
            for piece in streams.pieces(read, places)[:scouted]:
                lazy.look(piece)
        assert apply(lazy, read) == apply(eager, read)
        assert lazy.snapshot() == eager.snapshot()
        if isinstance(read, Size):
            numbered.clear()
        if look:
            assert lazy.history_length == eager.history_length
            for number, row in enumerate(lazy.history(0, lazy.history_length), lazy.history_dropped):
                assert numbered.setdefault(number, row) == row  # A row that was told its number keeps it.
    assert state(lazy) == state(eager)


def sweep(made: PyteEmulator) -> None:
    """As when the table had grown full."""
    sweeping.recode(made._screen, sweeping.put_away(made._screen))
    made._begin_edition()


@settings(unhurried, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    streams.sizes, reads, st.sampled_from([5, 40, 1000]), st.lists(st.sampled_from(["sweep", "look", "dump", ""]), min_size=6, max_size=6)
)
def test_styles_given_up_and_rows_put_away_are_not_missed(
    small_floods: None, size: Size, reads: list[bytes | Size], limit: int, deeds: list[str]
) -> None:
    swept, plain = PyteEmulator(size, history_limit=limit), PyteEmulator(size, history_limit=limit)
    for read, deed in zip(reads, deeds, strict=False):
        assert apply(swept, read) == apply(plain, read)
        match deed:
            case "sweep":
                sweep(swept)
            case "look":
                assert swept.history(0, 50) == plain.history(0, 50)
            case "dump":
                dumped, swept = swept.dump(), PyteEmulator(size, history_limit=limit)
                swept.load(dumped)
        assert swept.snapshot() == plain.snapshot()
    texts, lines = swept.history_texts(0, limit), plain.history_lines(0, limit)
    assert [spell(line.text, swept.clusters).rstrip(" ") for line in texts] == [
        spell(line.text, plain.clusters).rstrip(" ") for line in lines
    ]
    assert [line.wrapped for line in texts] == [line.wrapped for line in lines]
    assert state(swept) == state(plain)


if __name__ == "__main__":
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3600.0
    end = time.monotonic() + seconds
    properties = [
        test_no_bytes_break_the_screen,
        test_chunks_make_no_difference,
        test_bytes_one_by_one_make_no_difference,
        test_a_dump_goes_on_as_if_nothing_had_happened,
    ]
    while time.monotonic() < end:
        for each in properties:
            each()
