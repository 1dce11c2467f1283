"""Attempts and sightings become changes. Stories are tables: what was heard, and the changes that are told of it."""

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentgrid.workspace.attempts import Act, Attempt
from agentgrid.workspace.change import Change, Evidence
from agentgrid.workspace.fusion import Fusion, Verdict
from agentgrid.workspace.sighting import Seen, Sighting

A, B = 1, 2
OUTSIDE = Verdict(Evidence.OUTSIDE)

Told = tuple[str, int | None, str]


class Ear:
    """Feeds a fusion and collects what it tells. Owned by one test."""

    def __init__(self, there: Sequence[str] = ("f", "g"), verdict: Verdict = OUTSIDE) -> None:
        self.fusion = Fusion(
            lambda at: verdict, was_there=lambda path: path in there, still_open=lambda attempt: (attempt.pane, attempt.path) in self.open
        )
        self.changes: list[Change] = []
        self.open: set[tuple[int, str]] = set()
        self.now = 100.0

    def hear(self, *things: Any) -> list[Told]:
        """Things at their own times: ``w(A, "f", 0.1)`` an attempt, ``s(Seen.CLOSED, "f", 0.2)`` a sighting, a float a pause."""
        for thing in things:
            match thing:
                case Attempt():
                    thing.at += 100
                    thing.heard = self.now
                    self.fusion.attempt(thing)
                case Sighting():
                    self.fusion.sight(thing._replace(at=thing.at + 100), self.now)
                case int() | float():
                    self.wait(100 + thing)
        self.wait(self.now)
        return self.told

    def wait(self, until: float) -> None:
        """Let time pass as its owner would: awake when there is something to do, and not more often."""
        for _ in range(1000):
            self.changes += self.fusion.tell(self.now)
            due = self.fusion.due
            if due is None or due > until:
                break
            assert due > self.now - 1e-9, "it is due, and nothing is done"
            self.now = max(self.now, due) + 1e-6
        else:
            raise AssertionError("it never rests")
        self.now = max(self.now, until)

    @property
    def told(self) -> list[Told]:
        return [(change.kind.value, change.pane, change.path) for change in self.changes]


def w(pane: int, path: str, at: float, **more: Any) -> Attempt:
    return Attempt(pane=pane, act=Act.WRITE, path=path, at=at, heard=0, **more)


def mv(pane: int, old: str, new: str, at: float, *, fresh: bool = False) -> Attempt:
    return Attempt(pane=pane, act=Act.RENAME, path=new, other=old, at=at, heard=0, new=fresh)


def rm(pane: int, path: str, at: float) -> Attempt:
    return Attempt(pane=pane, act=Act.REMOVE, path=path, at=at, heard=0)


def s(seen: str, path: str, at: float, cookie: int = 0) -> Sighting:
    return Sighting(Seen(seen), path, at, cookie)


def wrote(path: str, at: float) -> list[Sighting]:
    return [s("written", path, at), s("closed", path, at)]


def made(path: str, at: float) -> list[Sighting]:
    return [s("created", path, at), *wrote(path, at)]


def moved(old: str, new: str, at: float, cookie: int = 7) -> list[Sighting]:
    return [s("left", old, at, cookie), s("arrived", new, at, cookie)]


@pytest.mark.parametrize(
    ("things", "expected"),
    [
        pytest.param([w(A, "f", 0), *wrote("f", 0.001)], [("modified", A, "f")], id="written in place"),
        pytest.param([*wrote("f", 0.001), w(A, "f", 0)], [("modified", A, "f")], id="the record comes after the sighting"),
        pytest.param([*wrote("f", 0.001), 0.2, w(A, "f", 0)], [("modified", A, "f")], id="much later"),
        pytest.param([w(A, "new", 0), *made("new", 0.001), 1], [("created", A, "new")], id="created"),
        pytest.param(
            [w(A, "t", 0), *made("t", 0.001), mv(A, "t", "f", 0.002), *moved("t", "f", 0.003)],
            [("modified", A, "f")],
            id="temporary file, renamed over",
        ),
        pytest.param(
            [w(A, "t", 0), *made("t", 0.001), mv(A, "t", "n", 0.002, fresh=True), *moved("t", "n", 0.003), 1],
            [("created", A, "n")],
            id="and to a new name",
        ),
        pytest.param([w(A, "t", 0), *made("t", 0.001), rm(A, "t", 0.002), s("gone", "t", 0.003), 1], [], id="a temporary file that goes"),
        pytest.param(
            [w(A, "n", 0), *made("n", 0.001), rm(B, "n", 0.01), s("gone", "n", 0.011), 1],
            [("created", A, "n"), ("deleted", B, "n")],
            id="a new file that another pane removes at once",
        ),
        pytest.param(
            [mv(A, "f", "f~", 0), s("left", "f", 0.001, 7), w(A, "f", 0.002), *made("f", 0.003), 1],
            [("modified", A, "f")],
            id="vim: renamed to a backup that does not count, written anew",
        ),
        pytest.param(
            [mv(A, "f", "f.orig", 0, fresh=True), *moved("f", "f.orig", 0.001), w(A, "f", 0.002), *made("f", 0.003), 1],
            [("modified", A, "f"), ("created", A, "f.orig")],
            id="patch -b: a backup that counts",
        ),
        pytest.param(
            [rm(A, "f", 0), s("gone", "f", 0.001), w(A, "f", 0.002), *made("f", 0.003), 1],
            [("modified", A, "f")],
            id="git: removed and written anew",
        ),
        pytest.param([rm(A, "f", 0), s("gone", "f", 0.001), 1], [("deleted", A, "f")], id="removed"),
        pytest.param([mv(A, "f", "h", 0, fresh=True), *moved("f", "h", 0.001), 1], [("renamed", A, "h")], id="renamed"),
        pytest.param(
            [mv(A, "f", "g", 0), *moved("f", "g", 0.001), 1], [("modified", A, "g"), ("deleted", A, "f")], id="renamed over another"
        ),
        pytest.param([mv(A, "f", "elsewhere", 0), s("left", "f", 0.001, 7), 1], [("deleted", A, "f")], id="moved away"),
        pytest.param([mv(A, "elsewhere", "h", 0, fresh=True), s("arrived", "h", 0.001, 7), 1], [("created", A, "h")], id="moved here"),
        pytest.param(
            [mv(A, "d", "e", 0, fresh=True), *moved("d/f", "e/f", 0.001), *moved("d/g", "e/g", 0.001, 8), 1],
            [("renamed", A, "e/f"), ("renamed", A, "e/g")],
            id="a folder moves",
        ),
        pytest.param(
            [
                mv(A, "f", "t", 0, fresh=True),
                *moved("f", "t", 0.001),
                mv(A, "g", "f", 0.002),
                *moved("g", "f", 0.003, 8),
                mv(A, "t", "g", 0.004),
                *moved("t", "g", 0.005, 9),
                1,
            ],
            [("modified", A, "f"), ("modified", A, "g")],
            id="two files change places by way of a third name",
        ),
        pytest.param(
            [Attempt(pane=A, act=Act.EXCHANGE, path="g", other="f", at=0, heard=0), *moved("f", "g", 0.001), *moved("g", "f", 0.001, 8), 1],
            [("modified", A, "g"), ("modified", A, "f")],
            id="RENAME_EXCHANGE",
        ),
        pytest.param(
            [Attempt(pane=A, act=Act.LINK, path="l", at=0, heard=0), s("created", "l", 0.001), 1], [("created", A, "l")], id="a link"
        ),
        pytest.param(
            [w(A, "d/x", 0), w(A, "d/y", 0), s("found", "d/x", 0.01), s("found", "d/y", 0.01), 1],
            [("created", A, "d/x"), ("created", A, "d/y")],
            id="a folder that appears filled",
        ),
        pytest.param(
            [w(A, "d/x", 0), s("found", "d/x", 0.01), *wrote("d/x", 0.02), 1], [("created", A, "d/x")], id="and one that was being written"
        ),
        pytest.param(
            [w(A, "d/x", 0), w(B, "d/x", 0.001), s("found", "d/x", 0.01), 1],
            [("created", A, "d/x"), ("modified", B, "d/x")],
            id="and one that two have written",
        ),
        pytest.param([w(A, "f", 0), s("closed", "f", 0.001), 1], [], id="opened, and nothing written"),
        pytest.param([w(A, "f", 0), 1], [], id="an attempt that failed"),
        pytest.param([w(A, "f", 0), 1, *wrote("f", 2), 3], [("modified", None, "f")], id="and somebody outside, later"),
        pytest.param([w(A, "f", 0), w(B, "f", 0.02), *wrote("f", 0.021), 1], [("modified", B, "f")], id="one fails, another does it"),
        pytest.param(
            [w(B, "f", 0, doubtful=True), w(A, "f", 0), *wrote("f", 0.001), 1], [("modified", A, "f")], id="one that was bound to fail"
        ),
        pytest.param(
            [w(A, "f", 0), *wrote("f", 0.001), w(B, "f", 0.002), *wrote("f", 0.003)],
            [("modified", A, "f"), ("modified", B, "f")],
            id="two, one after the other",
        ),
        pytest.param(
            [*wrote("f", 0.001), *wrote("f", 0.003), w(B, "f", 0.002), w(A, "f", 0)],
            [("modified", A, "f"), ("modified", B, "f")],
            id="two, told in any order",
        ),
        pytest.param(
            [w(A, "f", 0), w(B, "f", 0.0005), *wrote("f", 0.001), 1],
            [("modified", B, "f"), ("modified", A, "f")],
            id="two at once, and one closing",
        ),
        pytest.param(
            [w(A, "new", 0), *made("new", 0.001), w(B, "new", 0.01), *wrote("new", 0.011), 1],
            [("created", A, "new"), ("modified", B, "new")],
            id="created, and changed at once by another",
        ),
        pytest.param([*wrote("f", 0.001), 1], [("modified", None, "f")], id="somebody outside"),
        pytest.param([*made("t", 0), *moved("t", "f", 0.01), 1], [("modified", None, "f")], id="somebody outside, by a temporary file"),
    ],
)
def test_stories(things: list[Any], expected: list[Told]) -> None:
    assert Ear().hear(*things) == expected


def test_a_change_of_a_known_file_is_told_at_once() -> None:
    ear = Ear()
    assert ear.hear(w(A, "f", 0), *wrote("f", 0.001)) == [("modified", A, "f")]
    assert ear.now == 100


def test_a_file_that_stays_open_is_told_of_while_it_grows() -> None:
    ear = Ear()
    ear.open.add((A, "log"))
    ear.hear(w(A, "log", 0), s("created", "log", 0))
    for tenth in range(1, 31):
        ear.hear(tenth / 10, s("written", "log", tenth / 10))
    assert ear.told[0] == ("created", A, "log")
    assert 3 <= len(ear.told) <= 5
    ear.hear(5.0, *wrote("log", 5.0), 6.0, w(B, "log", 6.0), *wrote("log", 6.001))
    assert ear.told[-2:] == [("modified", A, "log"), ("modified", B, "log")]
    assert {pane for _, pane, _ in ear.told[:-1]} == {A}


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
    ear.hear(*wrote("f", 0))
    assert ear.fusion.authorless() == ["f"]
    ear.fusion.observed("f", B)
    ear.hear(0.001)
    assert [(change.pane, change.evidence) for change in ear.changes] == [(B, Evidence.OBSERVED)]


@pytest.mark.parametrize(
    ("program", "operation"),
    [("git checkout", "git checkout"), ("git stash", "git stash"), ("git apply", ""), ("git", ""), ("sed", "")],
)
def test_what_git_does_is_marked(program: str, operation: str) -> None:
    ear = Ear()
    ear.hear(w(A, "f", 0, program=program), *wrote("f", 0.001))
    assert [change.operation for change in ear.changes] == [operation]


def test_a_sweep_is_marked_and_busy_agents_are_not() -> None:
    ear = Ear(there=[f"f{number}" for number in range(200)])
    for number in range(100):
        ear.hear(
            w(A, f"f{number}", number / 100),
            *wrote(f"f{number}", number / 100),
            w(B, f"f{number % 34}", number / 100),
            *wrote(f"f{number % 34}", number / 100),
        )
    assert {change.operation for change in ear.changes if change.pane == A} == {"", "bulk"}
    assert {change.operation for change in ear.changes if change.pane == B} == {""}


WRITES = st.lists(
    st.tuples(st.sampled_from([A, B, 3, 4, None]), st.sampled_from("fghijk"), st.sampled_from(["place", "temporary", "anew", "fails"])),
    min_size=1,
    max_size=40,
)


@settings(max_examples=300)
@given(WRITES, st.integers(0, 2**32), st.floats(0.0005, 0.05))
def test_every_write_has_one_change_with_its_author(writes: list[tuple[int | None, str, str]], seed: int, gap: float) -> None:
    """Whatever the way of writing, however late the records come: each write is told once, and of the right pane."""
    chance = random.Random(seed)
    heard: list[tuple[float, int, Any]] = []
    expected: list[tuple[int | None, str]] = []
    at = 0.0
    for number, (pane, path, way) in enumerate(writes):
        at += gap
        late = chance.choice([0.0, 0.0, 0.003, 0.1])
        attempts: list[Attempt] = []
        sightings: list[Sighting] = []
        match way:
            case "place":
                attempts = [w(pane or 0, path, at)]
                sightings = wrote(path, at + 0.0002)
            case "temporary":
                attempts = [w(pane or 0, f"t{number}", at), mv(pane or 0, f"t{number}", path, at + 0.0001)]
                sightings = [*made(f"t{number}", at + 0.0001), *moved(f"t{number}", path, at + 0.0002, number)]
            case "anew":
                attempts = [rm(pane or 0, path, at), w(pane or 0, path, at + 0.0001)]
                sightings = [s("gone", path, at + 0.0001), *made(path, at + 0.0002)]
            case "fails":
                attempts = [w(pane or 0, path, at, doubtful=True)]
        if way != "fails":
            expected.append((pane, path))
        if pane is not None:
            heard += [(at + late, 2 * number, attempt) for attempt in attempts]
        heard += [(at + 0.0003, 2 * number + 1, sighting) for sighting in sightings]
    heard.sort(key=lambda item: item[:2])
    ear = Ear(there="fghijk")
    for time, _, thing in heard:
        ear.hear(time, thing)
    ear.hear(at + 5)
    assert sorted((str(pane), path) for _, pane, path in ear.told) == sorted((str(pane), path) for pane, path in expected)
    assert len(ear.fusion.attempts) == 0
