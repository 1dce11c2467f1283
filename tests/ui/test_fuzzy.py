"""Finding by some letters."""

import pytest

from agentgrid.ui.actions import ACTIONS
from agentgrid.ui.fuzzy import ranked, score


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        pytest.param("zo", "zoom", "freeze one", id="together"),
        pytest.param("np", "new pane", "unpark", id="beginnings of words"),
        pytest.param("the", "theme", "rather", id="a word's beginning"),
        pytest.param("re pa", "restart pane", "a pane again", id="two words"),
    ],
)
def test_better(query: str, better: str, worse: str) -> None:
    assert score(query, better) > score(query, worse)


@pytest.mark.parametrize(("query", "text"), [("xyz", "zoom"), ("mooz", "zoom"), ("zoom pane", "zoom")])
def test_not_at_all(query: str, text: str) -> None:
    assert score(query, text) == 0


def test_an_empty_query_keeps_the_order() -> None:
    assert ranked("  ", [("b", 1), ("a", 2)]) == [1, 2]


def test_equals_keep_their_order() -> None:
    assert ranked("a", [("ab", 1), ("ac", 2)]) == [1, 2]


@pytest.mark.parametrize(
    ("query", "first"), [("zoom", "zoom"), ("det", "detach"), ("them", "theme"), ("newp", "new-pane"), ("cop", "copy-mode")]
)
def test_actions_are_found(query: str, first: str) -> None:
    assert ranked(query, [(f"{action.description} {action.name}", action.name) for action in ACTIONS])[0] == first
