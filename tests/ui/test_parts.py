"""Parts of a row: clipped between characters, laid out to exactly the width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.ui.parts import Part, cells, clean, clip, clip_middle, fit, lay_out, width_of


@pytest.mark.parametrize(
    ("text", "width", "clipped"),
    [
        pytest.param("short", 9, "short", id="it fits"),
        pytest.param("exactly", 7, "exactly", id="it just fits"),
        pytest.param("too long", 5, "too…", id="no blank before the ellipsis"),
        pytest.param("日本語", 5, "日本…", id="wide"),
        pytest.param("日本語", 4, "日…", id="half a character has no room"),
        pytest.param("👨‍👩‍👧👨‍👩‍👧", 3, "👨‍👩‍👧…", id="a cluster stays whole"),
        pytest.param("abc", 1, "…", id="one column"),
        pytest.param("abc", 0, "", id="none"),
    ],
)
def test_clip(text: str, width: int, clipped: str) -> None:
    assert clip(text, width) == clipped


@given(st.text(max_size=30), st.integers(0, 30))
def test_clipped_text_fits(text: str, width: int) -> None:
    assert cells(clip(clean(text), width)) <= width


@given(st.text("abc/日", min_size=1, max_size=60), st.integers(8, 40))
def test_a_clipped_path_keeps_its_end(path: str, width: int) -> None:
    short = clip_middle(path, width)
    assert cells(short) <= width
    assert short[-1] == path[-1]


@pytest.mark.parametrize(
    ("dirty", "text"),
    [
        pytest.param("plain", "plain", id="plain"),
        pytest.param("a\x1b[31mb\nc", "a [31mb c", id="a sequence and a new line"),
        pytest.param("a\u202eb", "a b", id="bidirectional override"),
        pytest.param("  a\t\t b  ", "a b", id="blanks"),
        pytest.param("naïve ✓", "naïve ✓", id="not ASCII"),
        pytest.param("\u0301\u200da\u200d", "a", id="marks and joiners without a neighbour"),
        pytest.param("👨‍👩‍👧 a", "👨‍👩‍👧 a", id="a family"),
    ],
)
def test_clean(dirty: str, text: str) -> None:
    assert clean(dirty) == text


PARTS = st.lists(st.builds(Part, st.text("ab日 ", max_size=12), st.just("role"), st.integers(0, 9)), max_size=8)


@given(PARTS, PARTS, st.integers(0, 60))
def test_a_laid_out_row_is_exactly_as_wide(left: list[Part], right: list[Part], width: int) -> None:
    assert width_of(lay_out(left, right, width)) == width


def test_the_highest_priority_goes_first() -> None:
    parts = [Part("aaa", "a"), Part("bbb", "b", 2), Part("ccc", "c", 1)]
    assert [part.role for part in fit(parts, 6)] == ["a", "c"]
    assert [part.role for part in fit(parts, 3)] == ["a"]
    assert fit(parts, 2) == [Part("a…", "a")]
