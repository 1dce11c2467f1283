"""Rows that scrolled away: limit, numbers, reading."""

from agentgrid.geometry import Size
from agentgrid.terminal.pyte_emulator import PyteEmulator
from tests.terminal.drive import emulator, history, text_of


def log(first: int, stop: int) -> bytes:
    return b"".join(b"%d\r\n" % number for number in range(first, stop))


def test_the_newest_rows_are_kept() -> None:
    made = emulator(log(0, 100), history_limit=10)
    assert history(made) == [str(number) for number in range(87, 97)]
    assert made.history_length == 10
    assert made.history_dropped == 87


def test_a_row_has_its_number_for_good() -> None:
    made = emulator(log(0, 50), history_limit=20)
    number = made.history_dropped + 10
    row = made.history(10, 11)
    made.feed(log(50, 55))
    assert made.history(number - made.history_dropped, number - made.history_dropped + 1) == row


def test_reading_beyond_the_ends() -> None:
    made = emulator(log(0, 10))
    assert [text_of(row) for row in made.history(5, 99)] == ["5", "6"]
    assert made.history(7, 99) == ()
    assert made.history(3, 3) == ()
    assert [line.text for line in made.history_lines(0, 2)] == ["0", "1"]


def test_no_history_at_all() -> None:
    made = emulator(log(0, 10), history_limit=0)
    assert (made.history_length, made.history_dropped) == (0, 7)


def test_a_row_in_the_history_is_the_row_that_was_on_the_screen() -> None:
    made = PyteEmulator(Size(10, 2))
    made.feed(b"a\r\nb")
    line = made.lines[0]
    made.feed(b"\r\nc")
    assert made.history_lines(0, 1) == [line]
    assert made.history_lines(0, 1)[0].text is line.text


def test_damage_is_identity() -> None:
    made = emulator(b"a\r\nb\r\nc")
    before = list(made.lines)
    made.feed(b"\x1b[2;1Hx")
    after = list(made.lines)
    assert [old is new for old, new in zip(before, after, strict=True)] == [True, False, True, True]
    made.feed(b"\x1b[2;1Hx\x1b[Ha\x1b[31m\x1b[m")  # The same again.
    assert all(old is new for old, new in zip(after, made.lines, strict=True))
