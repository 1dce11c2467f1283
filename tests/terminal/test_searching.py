"""Text found in rows: wrapped, wide, folded; and how long a hundred thousand rows take."""

import pytest

from agentgrid.geometry import Size
from agentgrid.terminal.pyte_emulator import PyteEmulator
from agentgrid.terminal.searching import Hit, find

FOUND = [
    pytest.param("one two one", "one", [(0, 0, 3), (0, 8, 3)], id="twice on a row"),
    pytest.param("Error error ERROR", "error", [(0, 0, 5), (0, 6, 5), (0, 12, 5)], id="small letters find all"),
    pytest.param("Error error ERROR", "Error", [(0, 0, 5)], id="a capital finds itself"),
    pytest.param("aaaa", "aa", [(0, 0, 2), (0, 2, 2)], id="none over another"),
    pytest.param("x" * 18 + "abcd", "abcd", [(0, 18, 4)], id="over the edge of a wrapped row"),
    pytest.param("日本語 text", "本語", [(0, 2, 4)], id="wide characters"),
    pytest.param("日本語 Text", "text", [(0, 7, 4)], id="beside wide characters"),
    pytest.param("e\u0301te\u0301", "te\u0301", [(0, 1, 2)], id="clusters"),
    pytest.param("a.b", ".", [(0, 1, 1)], id="no pattern"),
    pytest.param("abc", "x", [], id="nowhere"),
    pytest.param("abc", "", [], id="nothing"),
]


@pytest.mark.parametrize(("printed", "text", "hits"), FOUND)
def test_find(printed: str, text: str, hits: list[tuple[int, int, int]]) -> None:
    emulator = PyteEmulator(Size(columns=20, rows=4))
    emulator.feed(printed.encode())
    assert list(find(emulator.lines, emulator.clusters, text, 20)) == [Hit(*hit) for hit in hits]
