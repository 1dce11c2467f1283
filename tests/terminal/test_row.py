"""Rows as runs."""

import pytest

from agentgrid.terminal.row import Line, Run, runs, spell
from agentgrid.terminal.style import Style

STYLES = [Style(), Style(bold=True), Style(bold=True)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(Line(), (), id="blank"),
        pytest.param(Line("abc", "\0\1\1"), (Run("a", STYLES[0]), Run("bc", STYLES[1])), id="runs"),
        pytest.param(Line("ab", "\1\2"), (Run("ab", STYLES[1]),), id="one style of two codes is one run"),
        pytest.param(Line("日\0x", "\0\0\0"), (Run("日x", STYLES[0]),), id="no tails"),
        pytest.param(Line("\U00100000x", "\0\0"), (Run("e\u0301x", STYLES[0]),), id="clusters spelled out"),
    ],
)
def test_runs(line: Line, expected: tuple[Run, ...]) -> None:
    assert runs(line, STYLES, ["e\u0301"]) == expected


def test_spell() -> None:
    assert spell("a\U00100000日\0", ["👍🏽"]) == "a👍🏽日"
