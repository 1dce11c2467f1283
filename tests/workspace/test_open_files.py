"""Who has a file open, and did or did not write to it."""

from copy import deepcopy
from typing import Any

import pytest

from agentgrid.workspace.attempt import Deed
from agentgrid.workspace.change import Evidence
from agentgrid.workspace.telling import Verdict
from tests.workspace.ear import A, B, Ear, mv, r, s, w, wrote

LOOKS = [
    pytest.param(
        [w(A, "f", 0, cuts=True), r(B, "f", 0.001), s("written", "f", 0.002), s("closed", "f", 0.002), *wrote("f", 0.003), 1],
        id="inside of a write",
    ),
    pytest.param(
        [w(A, "f", 0, cuts=True), r(B, "f", 0.001), s("written", "f", 0.002), s("closed", "f", 0.002), 1], id="and one closing is told"
    ),
    pytest.param(
        [w(A, "f", 0), s("written", "f", 0.001), r(B, "f", 0.001), s("closed", "f", 0.002), s("closed", "f", 0.003), 1], id="at its end"
    ),
    pytest.param([r(B, "f", 0), w(A, "f", 0.001), s("closed", "f", 0.002), *wrote("f", 0.003), 1], id="at its beginning"),
    pytest.param([r(B, "f", 0.001), *wrote("f", 0.002), 0.003, w(A, "f", 0), 1], id="and the record of the write comes late"),
]


@pytest.mark.parametrize("deed", [Deed.NOTHING, Deed.SILENCE])
@pytest.mark.parametrize("things", LOOKS)
def test_who_opens_a_file_and_writes_nothing_is_not_its_author(things: list[Any], deed: Deed) -> None:
    ear = Ear()
    ear.deeds[B] = deed
    ear.open.add((A, "f"))
    for thing in deepcopy(things[:-1]):
        ear.hear(thing)
    ear.open.clear()
    ear.hear(things[-1])
    assert ear.told == [("modified", A, "f")]


def test_a_look_after_somebody_has_written_whose_record_comes_late() -> None:
    ear = Ear()
    ear.open.add((A, "f"))
    ear.hear(w(A, "f", 0), s("written", "f", 0.001), 0.05, s("closed", "f", 0.051), r(B, "f", 0.0505), 1)
    assert ear.told == [("modified", A, "f")]


def test_who_was_silent_and_alone_has_perhaps_cut_the_file() -> None:
    ear = Ear()
    ear.deeds[A] = Deed.SILENCE
    assert ear.hear(r(A, "f", 0), *wrote("f", 0.001), 1) == [("modified", A, "f")]


def test_a_file_that_was_made_to_be_read() -> None:
    ear = Ear(there=())
    ear.hear(w(B, "f", 0, reads=True), w(A, "f", 0.001), *wrote("f", 0.002), 1)
    assert ear.told == [("modified", A, "f")]


def test_a_file_that_is_cut_without_being_opened() -> None:
    ear = Ear()
    assert ear.hear(w(A, "f", 0, at_once=True), s("written", "f", 0.001)) == [("modified", A, "f")]
    assert ear.hear(w(B, "f", 0.5, at_once=True), 2, s("written", "f", 2), 3)[1:] == [("modified", None, "f")]


def test_a_file_that_is_written_by_way_of_a_mapping() -> None:
    ear = Ear()
    ear.different.add("f")
    assert ear.hear(r(A, "f", 0), s("closed", "f", 0.001), 1) == [("modified", A, "f")]
    assert ear.hear(s("closed", "f", 1.001), 1.002, r(B, "f", 1), 2)[1:] == [("modified", B, "f")]
    assert ear.hear(s("closed", "f", 2.001), 3)[2:] == [("modified", None, "f")]


@pytest.mark.parametrize("late", [False, True])
def test_a_file_that_one_keeps_open_and_writes_again_in_another_way(late: bool) -> None:
    ear = Ear()
    ear.open.add((A, "f"))
    ear.deeds[A] = Deed.WROTE
    again = w(A, "f", 0.0834, cuts=True)
    ear.hear(r(A, "f", 0), s("written", "f", 0.001), 0.0835)
    ear.hear(*([*wrote("f", 0.084), 0.088, again] if late else [again, *wrote("f", 0.084)]), 1)
    assert ear.told == [("modified", A, "f"), ("modified", A, "f")]


def test_what_one_has_open_is_replaced_by_another_and_the_rest_goes_nowhere() -> None:
    ear = Ear()
    ear.open.add((A, "f"))
    ear.hear(w(A, "f", 0), 0.2, mv(B, ".t", "f", 1), s("arrived", "f", 1), 1.2, *wrote("f", 2), 3)
    assert ear.told == [("modified", B, "f"), ("modified", None, "f")]


def test_a_new_file_that_is_written_again_while_it_stays_open() -> None:
    ear = Ear(there=())
    ear.open.add((A, "f"))
    ear.hear(w(A, "f", 0, new=True), s("created", "f", 0), s("written", "f", 0), r(A, "f", 0.01), *wrote("f", 0.011))
    ear.open.clear()
    ear.hear(s("closed", "f", 0.02), 1)
    assert ear.told == [("created", A, "f"), ("modified", A, "f")]


def test_a_new_file_that_stays_open_is_told_once() -> None:
    ear = Ear(there=())
    ear.open.add((A, "log"))
    assert ear.hear(w(A, "log", 0, new=True), s("created", "log", 0.001), s("written", "log", 0.002), 3) == [("created", A, "log")]


def test_whose_write_was_told_with_anothers_closing() -> None:
    """Both have written when the first closes; the second's closing is of a file that has not changed since."""
    ear = Ear()
    ear.deeds |= {A: Deed.WROTE, B: Deed.WROTE}
    ear.open.add((B, "f"))
    ear.hear(r(B, "f", 0), r(A, "f", 0.001), *wrote("f", 0.002))
    ear.open.clear()
    assert ear.hear(s("closed", "f", 0.003), 1) == [("modified", A, "f"), ("modified", B, "f")]


@pytest.mark.parametrize("deed", [Deed.NOTHING, Deed.SILENCE])
def test_who_has_not_begun_when_another_closes_the_file(deed: Deed) -> None:
    """Its call was heard of, but has not come back: it has not written, and will."""
    ear = Ear()
    ear.deeds[B] = deed
    ear.hear(w(A, "f", 0, cuts=True), r(B, "f", 0.001), *wrote("f", 0.002))
    ear.deeds[B] = Deed.WROTE
    assert ear.hear(0.003, *wrote("f", 0.003), 1) == [("modified", A, "f"), ("modified", B, "f")]


def test_who_has_not_begun_and_whose_closing_is_told_with_anothers() -> None:
    ear = Ear()
    ear.deeds |= {A: Deed.WROTE, B: Deed.SILENCE}
    ear.hear(r(A, "f", 0), r(B, "f", 0.001), *wrote("f", 0.002))
    ear.deeds[B] = Deed.WROTE
    assert ear.hear(1) == [("modified", A, "f"), ("modified", B, "f")]


@pytest.mark.parametrize(
    ("deeds", "expected"),
    [
        ({A: Deed.WROTE, B: Deed.NOTHING}, [(A, ())]),
        ({A: Deed.WROTE, B: Deed.WROTE}, [(A, ()), (B, ())]),
        ({A: Deed.WROTE, B: Deed.UNKNOWN}, [(A, ())]),
        ({A: Deed.NOTHING, B: Deed.UNKNOWN}, [(B, ())]),
        ({A: Deed.UNKNOWN, B: Deed.UNKNOWN}, [(None, (A, B))]),
    ],
)
def test_who_of_two_that_keep_a_file_open_has_written(deeds: dict[int, Deed], expected: list[tuple[int | None, tuple[int, ...]]]) -> None:
    ear = Ear()
    ear.open |= {(A, "f"), (B, "f")}
    ear.deeds |= deeds
    ear.hear(w(A, "f", 0), w(B, "f", 0), 1, s("written", "f", 1), 3)
    assert [(change.pane, change.candidates) for change in ear.changes] == expected


def test_who_keeps_a_file_open_and_has_written_before_another_does() -> None:
    ear = Ear()
    ear.open.add((A, "f"))
    ear.deeds |= {A: Deed.WROTE}
    ear.hear(w(A, "f", 0), 1, s("written", "f", 1), w(B, "f", 1.01), *wrote("f", 1.02), 3)
    assert sorted(pane or 0 for _, pane, _ in ear.told) == [A, B]


def test_two_that_keep_one_file_open_are_not_told_apart() -> None:
    ear = Ear(verdict=Verdict(Evidence.UNKNOWN, None, (A, B)))
    ear.open |= {(A, "f"), (B, "f")}
    ear.hear(w(A, "f", 0), w(B, "f", 0), 1, s("written", "f", 1), 3)
    assert [(change.pane, change.candidates) for change in ear.changes] == [(None, (A, B))]


@pytest.mark.parametrize(
    ("at", "evidence"),
    [(0.5, Evidence.REPORTED), (-0.5, Evidence.REPORTED), (10.0, Evidence.UNKNOWN)],
    ids=["after the write", "before it", "about another write"],
)
def test_an_agents_own_word(at: float, evidence: Evidence) -> None:
    ear = Ear(verdict=Verdict(Evidence.UNKNOWN, None, (B,)))
    ear.fusion.reports_expected = True
    report = w(B, "f", at, evidence=Evidence.REPORTED)
    ear.hear(*([report, 0, *wrote("f", 0)] if at < 0 else [*wrote("f", 0), at, report]), 20)
    assert [change.evidence for change in ear.changes] == [evidence]


def test_what_is_traced_is_no_report() -> None:
    ear = Ear()
    ear.hear(w(B, "f", 0, evidence=Evidence.REPORTED), w(A, "f", 0), *wrote("f", 0.001), 5)
    assert [(change.pane, change.evidence) for change in ear.changes] == [(A, Evidence.TRACED)]


def test_what_a_look_into_the_processes_shows() -> None:
    ear = Ear()
    ear.hear(*wrote("g", 0), s("written", "f", 0), 0.11)
    assert ear.fusion.authorless() == ["f"], "who has closed a file no longer has it open"
    for path in "fg":
        ear.fusion.observed(path, B)
    ear.hear(0.111)
    assert [(change.pane, change.evidence) for change in ear.changes] == [(B, Evidence.OBSERVED)]
