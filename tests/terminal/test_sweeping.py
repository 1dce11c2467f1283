"""Styles that nothing shows are given up; what is shown stays as it was."""

import gc
import weakref
from collections.abc import Callable

import pytest

from agentgrid.geometry import Size
from agentgrid.terminal import sweeping
from agentgrid.terminal.pyte_emulator import PyteEmulator
from agentgrid.terminal.style import MAX_STYLES, Pen
from agentgrid.terminal.sweeping import StyleBudget

SIZE = Size(40, 6)
FEW = 64


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "MIN_STYLES", FEW)


def color(number: int, kind: int = 38) -> bytes:
    return b"\x1b[%d;2;%d;%d;%dm" % (kind, number >> 16 & 255, number >> 8 & 255, number & 255)


def line(number: int) -> bytes:
    return b"".join(color(number * 4 + word) + b"word " for word in range(4)) + b"\x1b[m\r\n"


def terminal(history: int = 50, *, lazy: bool = True) -> PyteEmulator:
    return PyteEmulator(SIZE, history_limit=history, lazy=lazy, budget=StyleBudget(0))


@pytest.mark.parametrize("chunk", [1, 400], ids=["line by line", "in floods"])
def test_a_program_that_never_repeats_itself_keeps_only_what_is_shown(chunk: int) -> None:
    emulator = terminal()
    most = 0
    for start in range(0, 20_000, chunk):
        emulator.feed(b"".join(map(line, range(start, start + chunk))))
        most = max(most, len(emulator.styles))
    shown = 4 * (50 + SIZE.rows)
    assert most < 3 * shown + FEW
    assert [run.style.foreground for run in emulator.snapshot().rows[SIZE.rows - 2]] == [(1, 0x38, 0x80 - 4 + n) for n in range(4)]


@pytest.mark.parametrize("panes", [1, 2, 9])
def test_panes_have_a_budget_together(panes: int) -> None:
    budget, feeding = StyleBudget(90 * FEW), 2 * FEW
    made = [PyteEmulator(SIZE, history_limit=0, budget=budget) for _ in range(panes)]

    def largest() -> int:
        most = 0
        for start in range(0, 30_000, feeding):
            words = b"".join(color(word) + b"w\r" for word in range(start, start + feeding))
            for emulator in made:
                emulator.feed(words)
                most = max(most, len(emulator.styles))
        return most

    share = 90 * FEW // min(panes, 2) ** 2
    assert largest() <= share + FEW + feeding
    del made[1:]
    gc.collect()
    assert 80 * FEW < largest() <= 90 * FEW + FEW + feeding, "one alone has all of it"


def test_a_table_full_of_what_is_gone_has_room_again() -> None:
    emulator = terminal(lazy=False)
    emulator.feed(b"".join(color(number) + b"x\r" for number in range(MAX_STYLES + 10)))
    for _ in range(2):
        emulator.feed(b"".join(color(number) + b"x\r" for number in range(MAX_STYLES, MAX_STYLES + sweeping.RETRY_STYLES)))
    emulator.feed(b"\r" + color(0x123457) + b"x")
    assert emulator.snapshot().rows[0][0].style.foreground == (0x12, 0x34, 0x57)


KEEP: dict[str, tuple[bytes, bytes]] = {
    "the screen": (color(0xABCDEF) + b"kept\x1b[m", b""),
    "a background to the edge": (color(0xABCDEF, 48) + b"\x1b[K\x1b[m", b""),
    "the saved cursor": (color(0xABCDEF) + b"\x1b7\x1b[m", b"\x1b8kept"),
    "the alternate screen": (b"\x1b[?1049h" + color(0xABCDEF) + b"kept\x1b[m\x1b[?1049l\x1b[?47h", b""),
    "the screen below the alternate": (color(0xABCDEF) + b"kept\x1b[m\x1b[?1049h", b"\x1b[?1049l"),
    "pushed renditions": (color(0xABCDEF) + b"\x1b[#{\x1b[m", b"\x1b[#}kept"),
    "the pen": (color(0xABCDEF), b"kept"),
    "protected cells": (b'\x1b[1"q' + color(0xABCDEF) + b'kept\x1b[m\x1b[0"q', b"\x1b[2J\x1b[?2J"),
    "a link": (b"\x1b]8;;https://example.org\x1b\\kept\x1b]8;;\x1b\\", b""),
    "history": (color(0xABCDEF) + b"kept\x1b[m" + b"\r\n" * 20, b"\x1b[3;1H"),
}


@pytest.mark.parametrize(("before", "after"), KEEP.values(), ids=KEEP)
def test_what_is_in_use_stays(before: bytes, after: bytes) -> None:
    """Beside the same without sweeping: a table that is asked for nothing more."""
    plain, swept = terminal(), terminal()
    for emulator in (plain, swept):
        emulator.feed(before)
    edition = swept.edition
    swept._screen.styles.sweep_at = 0
    for number in range(FEW * 3):
        swept._screen.styles.pen_of((*swept._screen.styles.pen("\0").values[:-2], f"x;{number}", False))
    swept.tidy()
    assert swept.edition > edition
    assert len(swept.styles) < FEW
    for emulator in (plain, swept):
        emulator.feed(after)
    assert swept.snapshot() == plain.snapshot()
    assert swept.history(0, 100) == plain.history(0, 100)


def test_a_flood_in_the_history_begins_with_its_own_pen() -> None:
    plain, swept = terminal(1000), terminal(1000)
    data = color(0xABCDEF) + b"kept as it was\r\n" * 900 + b"\x1b[m"
    for emulator, feed in ((plain, plain.feed), (swept, swept.feed)):
        feed(data)
        assert emulator.history_at_least[0] > 100
    churn(swept, lambda number: color(number) + b"x\r")
    churn(plain, lambda _: b"x\r")
    assert swept.history(0, 1000) == plain.history(0, 1000)


def churn(emulator: PyteEmulator, text: Callable[[int], bytes]) -> None:
    for number in range(FEW * 4):
        emulator.feed(text(number))


def test_lines_are_others_in_another_edition() -> None:
    emulator = terminal()
    emulator.feed(b"plain\r\n" + color(1) + b"x" + b"\x1b[m\r\n")
    before, edition = list(emulator.lines), emulator.edition
    churn(emulator, lambda number: color(number + 2) + b"y\r")
    assert emulator.edition > edition
    assert not any(line is old for line, old in zip(emulator.lines, before, strict=True))


def test_few_styles_are_left_alone() -> None:
    emulator = terminal()
    for _ in range(100):
        emulator.feed(b"".join(color(number) + b"x\r" for number in range(FEW // 2)))
    assert emulator.edition == 0


def pens() -> list[Pen]:
    return [thing for thing in gc.get_objects() if isinstance(thing, Pen)]


def test_what_is_given_up_is_freed_at_once() -> None:
    """The server's collector comes seldom."""
    emulator = terminal()
    emulator.feed(color(1) + b"\x1b[1mx\x1b[m\r")
    emulator.feed(color(1) + b"\x1b[1mx\x1b[m\r")
    gc.disable()
    try:
        known = len(pens())
        churn(emulator, lambda number: color(number + 2) + b"\x1b[1my\x1b[0m\r" + color(number + 2) + b"z\r")
        assert emulator.edition > 0
        assert len(pens()) < known + 3 * FEW
    finally:
        gc.enable()


def test_a_closed_panes_history_is_freed_at_once() -> None:
    emulator = terminal(100_000)
    emulator.feed(b"line\r\n" * 50_000)
    history = weakref.ref(emulator._screen.history)
    emulator.feed((color(1) + b"x\x1b[m") * 3)
    known = len(pens())
    gc.disable()
    try:
        del emulator
        assert history() is None
        assert len(pens()) < known
    finally:
        gc.enable()
