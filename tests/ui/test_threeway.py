"""Versions of a file against what they come from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.ui.threeway import coloured, compare

BASE = "".join(f"{number}\n" for number in range(1, 21))


def changed(**lines: str) -> str:
    return "".join(f"{lines.get(f'l{number}', str(number))}\n" for number in range(1, 21))


def told(base: str, *sides: str) -> list[str]:
    return [f"{line.gutter}{line.text}" for line in compare(base, list(zip("AB", sides, strict=False))) if line.role in ("base", "side")]


@pytest.mark.parametrize(
    ("sides", "expected"),
    [
        pytest.param((BASE, BASE), [], id="nothing"),
        pytest.param((changed(l5="a"), changed(l5="a")), ["-5", "ABa"], id="the same"),
        pytest.param((changed(l5="a"), changed(l5="b")), ["-5", "Aa", "Bb"], id="the same line"),
        pytest.param((changed(l5="a"), changed(l15="b")), ["-5", "Aa", "-15", "Bb"], id="far apart"),
        pytest.param((changed(l5="a"), changed(l5="a", l15="b")), ["-5", "ABa", "-15", "Bb"], id="written on top"),
        pytest.param((changed(l5="a"), changed(l6="b")), ["-5", "-6", "Aa", "A6", "B5", "Bb"], id="neighbours"),
        pytest.param((BASE.replace("5\n", "", 1), changed(l5="b")), ["-5", "A(nothing)", "Bb"], id="a deletion"),
        pytest.param(("a\n" + BASE, "b\n" + BASE), ["Aa", "Bb"], id="insertions at one place"),
    ],
)
def test_each_passage_shows_whose_it_is(sides: tuple[str, str], expected: list[str]) -> None:
    assert told(BASE, *sides) == expected


def test_what_all_have_is_left_out_but_for_a_few_lines() -> None:
    lines = compare(BASE, [("A", changed(l10="a"))])
    assert [line.text for line in lines] == ["… 6 lines …", "7", "8", "9", "10", "a", "11", "12", "13", "… 7 lines …"]


@given(st.text("ab\n", max_size=30), st.text("ab\n", max_size=30), st.text("ab\n", max_size=30))
def test_no_line_of_a_version_is_invented(base: str, first: str, second: str) -> None:
    for line in compare(base, [("A", first), ("B", second)]):
        if line.role == "side" and line.text != "(nothing)":
            assert "A" not in line.gutter or line.text in first.splitlines()
            assert "B" not in line.gutter or line.text in second.splitlines()


def test_a_unified_diff_in_roles() -> None:
    lines = coloured("--- a\n+++ b\n@@ -1,2 +1,2 @@\n one\n-two\n+2")
    assert [(line.role, line.gutter, line.text) for line in lines] == [
        ("skip", "", "@@ -1,2 +1,2 @@"),
        ("common", " ", "one"),
        ("removed", "-", "two"),
        ("added", "+", "2"),
    ]
