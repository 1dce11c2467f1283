"""Rules of a profile, applied: what is found, what is refined, and that no screen takes long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.agents.profiles import load_profiles
from agentgrid.agents.rules import ScreenRule, TitleRule, compiled, mistake, read_screen, read_title

SLOW_SECONDS = 0.25  # A hundred times what a screen takes; a pattern that backtracks takes minutes.


def names(*rules: ScreenRule, rows: str) -> list[str]:
    return [finding.rule for finding in read_screen(rules, tuple(rows.split("\n")), 40)]


def rule(name: str, pattern: str = "", **keys: object) -> ScreenRule:
    return ScreenRule(name=name, state="working", pattern=pattern, **keys)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        pytest.param("esc to interrupt", "esc to\n   interrupt", True, id="a phrase that was wrapped"),
        pytest.param("[ x]y", "\ny", False, id="a blank in a class is a blank"),
        pytest.param(r"a\ b", "a b", True, id="an escaped blank"),
        pytest.param("a *b", "ab", True, id="blanks that may be missing"),
        pytest.param("a {2}b", "a \nb", True, id="so many blanks"),
        pytest.param("^b$", "a\nb\nc", True, id="the ends of a row"),
    ],
)
def test_blanks(pattern: str, text: str, found: bool) -> None:
    assert bool(compiled(pattern).search(text)) is found


def test_the_first_rule_counts_and_refinements_add_to_it() -> None:
    rules = (rule("limit", "limit", over=("working",)), rule("a", "x"), rule("b", "y"), rule("c", "z"), rule("bg", "z", over=("done",)))
    assert names(*rules, rows="limit y z") == ["b", "limit", "bg"]


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ({"pattern": "one"}, True),
        ({"pattern": "one", "rows": 3}, False),
        ({"pattern": "one", "also": "six"}, True),
        ({"pattern": "one", "also": "seven"}, False),
        ({"pattern": "one", "without": "five"}, False),
        ({"end": "three"}, True),
        ({"end": "two"}, False),
    ],
)
def test_where_a_rule_looks(keys: dict[str, object], found: bool) -> None:
    assert names(rule("r", **keys), rows="one\ntwo\nthree\n\nfour\nfive\nsix") == (["r"] if found else [])  # type: ignore[arg-type]


def test_a_limit_says_until_when() -> None:
    until = r"in ((?P<minutes>\d+)m )?(?P<seconds>\d+)s|at (?P<clock>\d+[ap]m)"
    limits = [
        read_screen((rule("l", "retry", until=until),), (row,), 40)[0][5:7]
        for row in ("retry in 2m 5s", "retry in 9s", "retry at 3pm", "retry")
    ]
    assert limits == [(125.0, ""), (9.0, ""), (None, "3pm"), (None, "")]


def test_titles() -> None:
    rules = (TitleRule(state="blocked", pattern="^!", kind="question"), TitleRule(state="idle", pattern="."))
    assert [found and (found.state, found.kind) for found in (read_title(rules, title) for title in ("! x", "x", ""))] == [
        ("blocked", "question"),
        ("idle", ""),
        None,
    ]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (rule("r", "("), "pattern' is no regular expression"),
        (rule("r"), "pattern' is missing"),
        (rule("r", "x", message="y"), "message' has no group"),
        (rule("r", "x", end="["), "end' is no regular expression"),
        (rule("r", "x"), ""),
    ],
)
def test_mistakes(wrong: ScreenRule, says: str) -> None:
    assert mistake(wrong).startswith(says)
    assert bool(mistake(wrong)) == bool(says)


ROW = st.text(st.sampled_from("❯›>*!✕✗●■▣△?─▀▄│ \t1.2)abcYWorked(esc)…·✻⠋"), max_size=60)


@given(st.lists(ROW, max_size=24))
def test_any_screen_is_read(rows: list[str]) -> None:
    for profile in load_profiles().values():
        for finding in read_screen(profile.screens, tuple(rows), 60):
            assert finding.state != "blocked" or finding.dialog is not None


@pytest.mark.parametrize(
    "fill", ["■ ", "✕ x\n", "› \n\n", "▣ a·b\n", "─\n❯ ", "1. x\n", "✗ ", "> ", "a" * 300 + "\n", "\n", "Worked for \n\n"]
)
def test_no_screen_takes_long(fill: str) -> None:
    rows = tuple((fill * 600).split("\n")[:24])
    started = time.perf_counter()
    for profile in load_profiles().values():
        read_screen(profile.screens, rows, 200)
    assert time.perf_counter() - started < SLOW_SECONDS
