"""What is written about the screen is so: keys and actions of ``docs/screen.md``, selectors of ``demo.tcss``."""

import re
from pathlib import Path

import pytest

from agentgrid.config.themes import list_themes, load_theme
from agentgrid.paths import data_file
from agentgrid.session.pane import PaneStatus
from agentgrid.ui import theme, user_css
from agentgrid.ui.actions import ACTIONS
from agentgrid.ui.widgets.header import GLYPHS

TOP = Path(__file__).parents[2]
SCREEN = (TOP / "docs" / "screen.md").read_text(encoding="utf-8")
SHEETS = [TOP / "agentgrid" / "ui" / name for name in ("agentgrid.tcss", "dialogs.tcss")]
OURS = "".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)
DEMO = data_file("demo.tcss")


def between(start: str) -> str:
    return SCREEN.partition(f"<!-- {start} -->")[2].partition("<!-- end -->")[0]


def test_the_keys_are_those_of_the_table() -> None:
    written = dict(re.findall(r"\| `([^|]+)` \| ([^|]+) (?=\|)", between("keys")))
    real = {action.keys[0]: action.description for action in ACTIONS if action.keys and not action.name.startswith("focus-")}
    assert {key: text for key, text in written.items() if "…" not in key} == real


def test_the_actions_are_those_of_the_table() -> None:
    assert re.findall(r"`([a-z0-9-]+)`", between("actions")) == [action.name for action in ACTIONS]


def test_the_states_are_those_there_are() -> None:
    for status, glyph in GLYPHS.items():
        assert f"| `{glyph}` | {status} |" in SCREEN
    assert set(GLYPHS) == set(PaneStatus)


def parts(sheet: str) -> set[str]:
    """Component classes, with what they stand in."""
    without_comments = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    selectors = re.findall(r"([^{};]+)\{", without_comments)
    return {selector.strip() for block in selectors for selector in block.split(",") if "--" in selector}


def test_the_demo_explains_every_part() -> None:
    own = {selector for selector in parts(OURS) if re.search(r"\.(pane|grid|roster|status|choice)--", selector)}
    assert own - parts(DEMO.read_text(encoding="utf-8")) == set()


def test_the_demo_names_every_colour() -> None:
    text = DEMO.read_text(encoding="utf-8")
    assert [name for name in theme.variables(load_theme("harbour")) if f"${name}" not in text] == []


@pytest.mark.parametrize("name", list_themes())
def test_the_sheets_are_right_in_every_theme(name: str) -> None:
    variables = theme.variables(load_theme(name))
    assert [user_css.problem(sheet, variables) for sheet in (*SHEETS, DEMO)] == [""] * 3


@pytest.mark.parametrize(
    ("sheet", "complaint"),
    [
        pytest.param(".pane--name { color: nonsense; }", "mine.tcss:1: ", id="no colour"),
        pytest.param("\n.pane--name { colour: red; }", "mine.tcss:2: ", id="no property"),
        pytest.param(".pane--name { color: red;", "mine.tcss:2: ", id="not closed"),
        pytest.param("\n\n}}}", "mine.tcss:4: ", id="rubbish"),
        pytest.param(".pane--name { color: $nothing; }", "mine.tcss:1: ", id="no such variable"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(sheet: str, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.tcss"
    path.write_text(sheet)
    found = user_css.problem(path, theme.variables(load_theme("harbour")))
    assert found.startswith(complaint)
    assert "\n" not in found


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    assert user_css.problem(tmp_path / "none.tcss", {}) == "none.tcss: cannot be read (No such file or directory)"
