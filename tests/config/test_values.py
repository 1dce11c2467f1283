"""``3x3``, ``claude*4``, ``worktree``, ``20m``: what is read, and what is said of the rest."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.config.values import AgentCount, FolderWord, Grid, is_grid, parse_agent, parse_duration, parse_folder, parse_grid
from agentgrid.errors import UsageError


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        pytest.param(parse_grid, "3x4", Grid(rows=3, columns=4), id="3 rows, 4 columns"),
        pytest.param(parse_grid, "1X10", Grid(1, 10), id="capital X"),
        pytest.param(parse_grid, "2×2", Grid(2, 2), id="multiplication sign"),
        pytest.param(parse_agent, "claude", AgentCount("claude", 1), id="one"),
        pytest.param(parse_agent, "claude*4", AgentCount("claude", 4), id="four"),
        pytest.param(parse_agent, "my-agent*100", AgentCount("my-agent", 100), id="a hundred"),
        pytest.param(parse_folder, "shared", FolderWord("shared"), id="shared"),
        pytest.param(parse_folder, "worktree", FolderWord("worktree"), id="worktree"),
        pytest.param(parse_folder, "backend", FolderWord("path", "backend"), id="a path in one word"),
        pytest.param(parse_folder, "./worktree", FolderWord("path", "./worktree"), id="a path called as a kind"),
        pytest.param(parse_folder, "~/x", FolderWord("path", "~/x"), id="a path at home"),
        pytest.param(parse_duration, "90s", 90, id="seconds"),
        pytest.param(parse_duration, "20m", 1200, id="minutes"),
        pytest.param(parse_duration, "1h30m", 5400, id="hours and minutes"),
        pytest.param(parse_duration, "1.5d", 129_600, id="days and a half"),
        pytest.param(parse_duration, "0s", 0, id="none"),
    ],
)
def test_a_text_and_its_value(parse: Callable[[str], object], text: str, value: object) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("parse", "text", "message"),
    [
        pytest.param(parse_grid, "3by3", "'3by3' is no grid; write rows x columns, as 3x3", id="another word"),
        pytest.param(parse_grid, "", "'' is no grid; write rows x columns, as 3x3", id="an empty grid"),
        pytest.param(parse_grid, "0x3", "a grid of 0x3 cannot be; rows and columns are 1 to 10 each", id="no rows"),
        pytest.param(parse_grid, "3x11", "a grid of 3x11 cannot be; rows and columns are 1 to 10 each", id="too many"),
        pytest.param(parse_agent, "claude*", "'claude*' is no agent; write its name, or its name and how many: claude*4", id="no count"),
        pytest.param(parse_agent, "*4", "'*4' is no agent; write its name, or its name and how many: claude*4", id="no agent"),
        pytest.param(parse_agent, "claude*0", "'claude*0' cannot be; start 1 to 100 panes at once", id="none of it"),
        pytest.param(parse_agent, "claude*101", "'claude*101' cannot be; start 1 to 100 panes at once", id="too many of it"),
        pytest.param(
            parse_folder, "worktre", "'worktre' is no folder; did you mean 'worktree'? (a folder of that name is './worktre')", id="near"
        ),
        pytest.param(parse_folder, "", "an empty text is no folder; write shared, worktree, copy, scratch or a path", id="no folder"),
        pytest.param(parse_duration, "20", "'20' is no duration; write a number and its unit, as 90s, 20m, 1h30m or 2d", id="no unit"),
        pytest.param(parse_duration, "m", "'m' is no duration; write a number and its unit, as 90s, 20m, 1h30m or 2d", id="no number"),
        pytest.param(parse_duration, "-5m", "'-5m' is no duration; write a number and its unit, as 90s, 20m, 1h30m or 2d", id="below none"),
    ],
)
def test_what_is_wrong(parse: Callable[[str], object], text: str, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse(text)
    assert str(raised.value) == message


@given(st.integers(1, 10), st.integers(1, 10))
def test_a_grid_is_read_as_it_is_written(rows: int, columns: int) -> None:
    assert parse_grid(str(Grid(rows, columns))) == (rows, columns)


@given(st.text())
def test_any_text_is_a_value_or_a_usage_error(text: str) -> None:
    for parse in (parse_grid, parse_agent, parse_folder, parse_duration):
        with suppress(UsageError):
            parse(text)


@pytest.mark.parametrize(("word", "meant"), [("3x3", True), ("0x99", True), ("claude", False), ("x", False), ("3x", False)])
def test_which_word_is_meant_as_a_grid(word: str, meant: bool) -> None:
    assert is_grid(word) is meant
