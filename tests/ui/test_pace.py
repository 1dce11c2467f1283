"""How far the terminal is behind: what is asked when, what an answer frees, what silence does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.terminal.keys import Key
from agentgrid.ui.input import Decoder, Input, Paste
from agentgrid.ui.pace import (
    ASK_BYTES,
    FIRST_SECONDS,
    LEAST_SECONDS,
    MAX_BYTES_ON_THE_WAY,
    MAX_UNANSWERED,
    Answers,
    Pace,
    is_answer,
)

FRAME = MAX_BYTES_ON_THE_WAY + 1


def answering() -> Pace:
    """Of a terminal that has answered at the start."""
    pace = Pace()
    pace.on_sent(100_000)  # The first frame may come before it.
    pace.on_answer(0.0)
    return pace


def sent(pace: Pace, count: int, now: float = 0.0) -> None:
    """A piece, with a question behind it where one is due."""
    asks = pace.asks(count)
    pace.on_sent(count)
    if asks:
        pace.on_asked(now)


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        pytest.param(b"\x1b[0n", True, id="well"),
        pytest.param(b"\x1b[3n", True, id="malfunction"),
        pytest.param(b"\x1b[?997;1n", False, id="a colour scheme"),
        pytest.param(b"\x1b[0n\x1b[0n", False, id="two"),
        pytest.param(b"\x1b[5n", False, id="a question"),
    ],
)
def test_what_is_an_answer(data: bytes, answer: bool) -> None:
    assert is_answer(data) == answer


def test_nobody_is_asked_who_has_not_answered_at_the_start() -> None:
    pace = Pace()
    assert not pace.asks(FRAME)
    sent(pace, FRAME)
    assert (pace.too_far, pace.wait_seconds) == (0, 0.0)


def test_what_was_sent_before_the_first_answer_does_not_count_for_ever() -> None:
    pace = answering()
    sent(pace, 10)
    pace.on_answer(0.1)
    sent(pace, ASK_BYTES)
    assert pace.too_far == 0


def test_small_pieces_are_asked_about_together() -> None:
    pace = answering()
    sent(pace, 1)
    pace.on_answer(0.0)
    assert [pace.asks(ASK_BYTES - 1), pace.asks(ASK_BYTES)] == [False, True]
    for _ in range(7):
        sent(pace, ASK_BYTES // 8)
    assert pace.asks(ASK_BYTES // 8)


def test_a_large_frame_is_waited_for() -> None:
    pace = answering()
    sent(pace, FRAME)
    assert pace.too_far
    pace.on_answer(0.5)
    assert (pace.too_far, pace.wait_seconds) == (0, 0.0)


def test_each_answer_frees_what_its_question_stands_for() -> None:
    pace = answering()
    sent(pace, 1)
    pace.on_answer(0.0)
    counts = []
    for _ in range(6):
        sent(pace, ASK_BYTES)
        counts.append(bool(pace.too_far))
    assert counts == [False] * 4 + [True] * 2
    pace.on_answer(0.1)
    pace.on_answer(0.1)
    assert not pace.too_far


@pytest.mark.parametrize(("took", "least", "most"), [(0.001, LEAST_SECONDS, LEAST_SECONDS), (0.2, 0.3, 0.7), (2.0, 2.0, 6.5)])
def test_an_answer_is_waited_for_as_long_as_is_usual(took: float, least: float, most: float) -> None:
    pace = answering()
    now = 0.0
    for _ in range(12):
        sent(pace, FRAME, now)
        pace.on_answer(now + took)
        now += took
    sent(pace, FRAME, now)
    assert least <= pace.wait_seconds <= most


def test_silence_is_waited_for_ever_longer_and_then_no_more() -> None:
    pace = answering()
    waited = []
    while pace.asks(FRAME):
        sent(pace, FRAME)
        waited.append(pace.wait_seconds)
        pace.give_up()
        assert not pace.too_far
    assert waited == [FIRST_SECONDS * 2**n for n in range(MAX_UNANSWERED)]
    pace.on_answer(99.0)  # Late: the line was dead, and is not any more.
    assert pace.asks(FRAME)


def test_an_answer_after_it_was_given_up_stands_for_the_next() -> None:
    pace = answering()
    sent(pace, FRAME)
    pace.give_up()
    sent(pace, FRAME, 2.0)
    pace.on_answer(2.1)
    pace.on_answer(2.2)
    assert not pace.too_far
    sent(pace, FRAME, 3.0)
    assert pace.too_far


@given(st.lists(st.tuples(st.sampled_from(["send", "answer", "give up"]), st.integers(1, 100_000)), max_size=40))
def test_never_waits_without_a_question(steps: list[tuple[str, int]]) -> None:
    pace, now = Pace(), 0.0
    for step, number in steps:
        now += number / 1e5
        match step:
            case "send":
                sent(pace, number, now)
            case "answer":
                pace.on_answer(now)
            case _:
                pace.give_up()
        assert not pace.too_far or pace.wait_seconds > 0


def test_answers_in_the_middle_of_what_is_pasted_are_taken_out() -> None:
    pasted = b"\x1b[200~first \x1b[0nsecond \xe6\x97\x1b[0n\xa5\x1b[201~"
    assert Answers().take_out(pasted, 2) == (b"\x1b[200~first second \xe6\x97\xa5\x1b[201~", 2)
    assert Answers().take_out(pasted, 1) == (b"\x1b[200~first second \xe6\x97\x1b[0n\xa5\x1b[201~", 1)
    assert Answers().take_out(pasted, 0) == (pasted, 0)


@pytest.mark.parametrize("text", [b"plain", b"a \x1b[0", b"\x1b", b"\x1b[", b"\x1b[0m colour \x1b[3m"])
@given(st.data())
def test_however_reads_cut_it_a_paste_has_no_answer_in_it(text: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    sent = b"\x1b[200~" + text[:place] + b"\x1b[0n" + text[place:] + b"\x1b[201~x"
    cuts = sorted(data.draw(st.sets(st.integers(1, len(sent) - 1), max_size=6)))
    answers, decoder, found, waited_for = Answers(), Decoder(), list[Input](), 1
    for start, stop in zip([0, *cuts], [*cuts, len(sent)], strict=True):
        read, count = answers.take_out(sent[start:stop], waited_for)
        waited_for -= count
        found += decoder.feed(read)
        if answers.begun and not decoder.pasting:
            found += decoder.feed(answers.give_back())
    assert (found, waited_for, answers.begun) == ([Paste(text), Key("x", "x")], 0, b"")
