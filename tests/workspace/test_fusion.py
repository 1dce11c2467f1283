"""Attempts and sightings become changes. Stories are tables: what was heard, and the changes that are told of it."""

import itertools
import math
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentgrid.workspace.attempt import Act, Attempt
from agentgrid.workspace.sighting import Sighting
from tests.workspace.ear import A, B, Ear, Told, came, made, moved, mv, rm, s, w, wrote


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
            [
                w(A, "f", 0, cuts=True),
                w(B, "f", 0.0005, cuts=True),
                *wrote("f", 0.001),
                0.05,
                mv(B, "f~", "f", 0.05),
                came("f~", "f", 0.051),
                1,
            ],
            [("modified", B, "f"), ("modified", B, "f"), ("modified", A, "f")],
            id="and replaced before the second is believed",
        ),
        pytest.param(
            [w(A, "new", 0), *made("new", 0.001), w(B, "new", 0.01), *wrote("new", 0.011), 1],
            [("created", A, "new"), ("modified", B, "new")],
            id="created, and changed at once by another",
        ),
        pytest.param(
            [w(A, "t", 0, new=True), s("created", "t", 0), mv(A, "t", "f", 0.001), *moved("t", "f", 0.001), *wrote("f", 0.002), 1],
            [("modified", A, "f"), ("modified", A, "f")],
            id="a temporary file that is renamed first, and then written",
        ),
        pytest.param(
            [w(A, "f", 0, cuts=True), mv(B, "/t", "f", 0.002), *wrote("f", 0.003), s("arrived", "f", 0.003), 1],
            [("modified", A, "f"), ("modified", B, "f")],
            id="written, and replaced in the same moment",
        ),
        pytest.param(
            [w(A, "f", 0, cuts=True), s("written", "f", 0.001), w(B, "f", 0.002), s("closed", "f", 0.003), *wrote("f", 0.003), 1],
            [("modified", A, "f"), ("modified", B, "f")],
            id="who wrote first has closed first",
        ),
        pytest.param(
            [mv(A, "/t", "f", 0), s("arrived", "f", 0.001, 7), 1, s("arrived", "f", 1, 8), 1.1, mv(B, "/u", "f", 0.999), 2],
            [("modified", A, "f"), ("modified", B, "f")],
            id="replaced twice, and the second record comes late",
        ),
        pytest.param(
            [mv(A, "f.1~", "f", 0), mv(B, "f.2~", "f", 0.0005), *[came(f"f.{number}~", "f", 0.001, number) for number in (1, 2)], 1],
            [("modified", A, "f"), ("modified", B, "f")],
            id="replaced twice at once, from names that do not count",
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


@settings(max_examples=600)
@given(WRITES, st.integers(0, 2**32), st.floats(0.0005, 0.05), st.sampled_from([0.0, 0.0, 0.01, 0.05, 0.2, 0.5]))
def test_every_write_has_one_change_with_its_author(writes: list[tuple[int | None, str, str]], seed: int, gap: float, stall: float) -> None:
    """Whatever the way of writing, however late the records come: each write is told once, and of the right pane. On a machine that
    stalls, all that happened meanwhile is seen and heard at once."""
    chance = random.Random(seed)
    heard: list[tuple[float, int, int, Any]] = []
    expected: list[tuple[int | None, str]] = []
    told_at: dict[int, float] = {}
    at = 0.0
    for number, (pane, path, way) in enumerate(writes):
        at += gap
        late = 0.0 if stall else chance.choice([0.0, 0.0, 0.003, 0.1])
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

        def stalled(time: float) -> float:
            return math.ceil(time / stall) * stall if stall else time

        if pane is not None:  # A pane's own records come in order.
            told_at[pane] = max(told_at.get(pane, 0.0), stalled(at + late))
            heard += [(told_at[pane], 0 if stall else number, number, attempt) for attempt in attempts]
        seen_at = stalled(at + 0.0003)
        heard += [(seen_at, 1 if stall else number, number, sighting._replace(at=max(sighting.at, seen_at))) for sighting in sightings]
    heard.sort(key=lambda item: item[:3])
    ear = Ear(there="fghijk")
    for time, things in itertools.groupby(heard, key=lambda item: item[0]):
        if stall:
            ear.stall(time)
        else:
            ear.wait(100 + time)
        ear.hear(*(thing for _, _, _, thing in things))
    ear.fusion.facts.looked_at = float("inf")
    ear.hear(at + 5)
    assert sorted((str(pane), path) for _, pane, path in ear.told) == sorted((str(pane), path) for pane, path in expected)
    assert len(ear.fusion.attempts) == 0


def test_nothing_is_nobodys_while_records_have_not_been_read() -> None:
    ear = Ear()
    ear.fusion.heard_until = 0.0
    assert ear.hear(*wrote("f", 0), *wrote("g", 0), 5) == []
    assert ear.fusion.behind
    ear.hear(w(A, "f", -0.001))
    assert ear.told == [("modified", A, "f")]
    ear.fusion.heard_until, ear.fusion.behind = 105.0, False
    assert ear.hear()[1:] == [("modified", None, "g")]
