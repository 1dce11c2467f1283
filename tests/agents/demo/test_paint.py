"""Styled text to lines, lines to frames."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.agents.demo.paint import Cursor, Painter, cut, dye, text_width, wrap


def plain(lines: list[tuple[tuple[str, str], ...]]) -> list[str]:
    return ["".join(characters for _style, characters in line) for line in lines]


@pytest.mark.parametrize(
    ("text", "width", "indent", "lines"),
    [
        pytest.param("one two", 10, 0, ["one two"], id="fits"),
        pytest.param("one two three", 8, 0, ["one two", "three"], id="breaks at a space"),
        pytest.param("one two three", 8, 2, ["one two", "  three"], id="indents"),
        pytest.param("abcdefghij", 4, 0, ["abcd", "efgh", "ij"], id="breaks a long word"),
        pytest.param("潮汐表", 4, 0, ["潮汐", "表"], id="wide characters"),
        pytest.param("", 4, 0, [""], id="empty"),
    ],
)
def test_wrap(text: str, width: int, indent: int, lines: list[str]) -> None:
    assert plain(wrap((("", text),), width, indent)) == lines


@given(st.text(alphabet="ab 漢é\u0301"), st.integers(2, 12), st.integers(0, 3))
def test_no_line_is_wider(text: str, width: int, indent: int) -> None:
    assert all(text_width(line) <= max(width, indent + 2) for line in plain(wrap((("", text),), width, indent)))


@given(st.text(alphabet="ab漢"), st.integers(0, 12))
def test_cut_keeps_the_beginning(text: str, width: int) -> None:
    (kept,) = plain([cut((("", text),), width)])
    assert text.startswith(kept)
    assert text_width(kept) <= width


def test_dye_sets_and_resets() -> None:
    assert dye((("accent", "x"), ("", "y"), ("accent", "")), {"accent": "1;35"}) == "\x1b[1;35mx\x1b[my"


def test_a_frame_without_a_change_is_empty() -> None:
    painter = Painter()
    painter.repaint([], ["spinner", "> "], Cursor(1, 2))
    assert painter.frame([], ["spinner", "> "], Cursor(1, 2)) == ""


def test_a_frame_rewrites_the_changed_line_alone() -> None:
    painter = Painter()
    painter.repaint([], ["spin |", "> "], Cursor(1, 2))
    assert painter.frame([], ["spin /", "> "], Cursor(1, 2)) == "\x1b[?2026h\x1b[1A\r\x1b[2Kspin /\x1b[1B\r\x1b[2C\x1b[?2026l"


def test_a_line_that_scrolls_stands_above_the_live_ones() -> None:
    painter = Painter()
    painter.repaint([], ["> "], Cursor(0, 2))
    assert painter.frame(["said"], ["> "], Cursor(0, 2)) == "\x1b[?2026h\r\x1b[Jsaid\r\n> \r\x1b[2C\x1b[?2026l"
