"""The table of panes for a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.cli.roster import GLYPHS, ago, roster, width_of
from agentgrid.session.pane import PaneStatus
from agentgrid.ui.widgets import header
from tests.cli.fake_session import pane, status

NOW = 1180.0


def test_a_table() -> None:
    said = status(
        pane(1, state="working", title="✳ Fixing the parser", files_changed=3),
        pane(2, state="blocked", state_since=1168.0, message="Run npm test?", conflicts=1),
        pane(3, name="build", agent="", command=["npm", "run", "dev"], state="exited", exit_code=1),
        pane(7, state="idle", parked=True) | {"number": 0},
    )
    assert list(roster(said, NOW, None, colours=False)) == [
        "project · 3x3 · /home/me/project",
        " 1  ◐ working   claude-1  3m   ✎3      ✳ Fixing the parser",
        " 2  ▲ blocked   claude-2  12s      ⚑1  Run npm test?",
        " 3  ■ exited 1  build     3m           npm run dev",
        " –  ○ idle      claude-7  3m           claude",
    ]


def test_columns_that_say_nothing_are_left_out() -> None:
    lines = list(roster(status(pane(1, state_since=0.0)), NOW, None, colours=False))
    assert lines[1] == " 1  ? unknown  claude-1  claude"


def test_no_pane_says_how_to_make_one() -> None:
    assert list(roster(status(), NOW, None, colours=False))[1] == "no panes; 'agentgrid new' makes one"


def test_colours_are_on_the_state_alone() -> None:
    lines = list(roster(status(pane(1, state="error")), NOW, None, colours=True))
    assert "\x1b[1;31m✗ error\x1b[0m" in lines[1]
    assert lines[1].count("\x1b") == 2


TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)


@given(TEXTS, TEXTS, TEXTS, st.integers(20, 120), st.sampled_from(sorted(GLYPHS)))
def test_nothing_wraps_and_nothing_acts(name: str, message: str, title: str, columns: int, state: str) -> None:
    said = status(pane(1, name=name, message=message, title=title, state=state, files_changed=12, conflicts=2), pane(2))
    for line in roster(said, NOW, columns, colours=False):
        assert width_of(line) <= columns
        assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in line)


@pytest.mark.parametrize(
    ("seconds", "text"), [(-5, "0s"), (0, "0s"), (59.9, "59s"), (60, "1m"), (3599, "59m"), (7200, "2h"), (200_000, "2d")]
)
def test_ago(seconds: float, text: str) -> None:
    assert ago(seconds) == text


def test_the_glyphs_are_those_of_the_screen() -> None:
    assert {str(state): glyph for state, glyph in header.GLYPHS.items()} == GLYPHS
    assert GLYPHS.keys() == {str(state) for state in PaneStatus}
