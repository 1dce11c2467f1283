"""The bottom of a screen as text that does not depend on a pane's width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.agents.screen import bottom, inside, normal
from agentgrid.geometry import Size
from agentgrid.terminal.pyte_emulator import PyteEmulator


def shown(text: str, columns: int = 20, rows: int = 6) -> tuple[str, ...]:
    emulator = PyteEmulator(Size(columns=columns, rows=rows))
    emulator.feed(text.encode())
    return bottom(emulator.lines, emulator.clusters, 4)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        pytest.param("", (), id="blank"),
        pytest.param("a\r\nb\r\n\r\n", ("a", "b"), id="blank rows at the end"),
        pytest.param("1\r\n2\r\n3\r\n4\r\n5", ("2", "3", "4", "5"), id="the last rows"),
        pytest.param("a\r\n\r\nb  ", ("a", "", "b"), id="blank rows between, blanks at the end"),
        pytest.param("你好 ✔️ é", ("你好 ✔️ é",), id="wide characters and clusters"),
    ],
)
def test_bottom(text: str, rows: tuple[str, ...]) -> None:
    assert shown(text) == rows


@pytest.mark.parametrize(
    ("row", "text"),
    [
        pytest.param("│ Apply this change?      │", "Apply this change?", id="a box"),
        pytest.param("  ┃  Allow once ", "Allow once", id="a bar at the left"),
        pytest.param("  ✓ Read src/t.py        █", "✓ Read src/t.py", id="a scroll bar"),
        pytest.param("╭──────────╮", "─", id="the edge of a box"),
        pytest.param("────────────────", "─", id="a rule"),
        pytest.param("│ ╭─────────╮ │", "─", id="a box in a box"),
        pytest.param("╹▀▀▀▀▀▀▀▀▀▀▀▀", "▀", id="half blocks"),
        pytest.param("── Plan ────", "── Plan ─", id="a rule with a title"),
        pytest.param(" ❯ 1. Yes", "❯ 1. Yes", id="a marked answer"),
    ],
)
def test_normal(row: str, text: str) -> None:
    assert normal([row]) == text


def test_a_border_is_a_blank_where_indentation_counts() -> None:
    assert inside("│  2. No      │") == "   2. No"


@given(st.lists(st.text(st.characters(blacklist_characters="\n")), max_size=8))
def test_any_rows_have_a_normal_form(rows: list[str]) -> None:
    assert normal(rows).count("\n") == max(len(rows) - 1, 0)
