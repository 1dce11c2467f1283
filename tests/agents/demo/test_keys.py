"""Bytes from the terminal to keys, pastes and answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.agents.demo.keys import Key, Pasted, Supported, read


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        pytest.param("a", [Key("a")], id="a letter"),
        pytest.param("né漢", [Key("n"), Key("é"), Key("漢")], id="beyond ASCII"),
        pytest.param("\r", [Key("enter")], id="CR"),
        pytest.param("\n", [Key("ctrl+j")], id="LF"),
        pytest.param("\x1b", [Key("escape")], id="ESC alone"),
        pytest.param("\x1b[A\x1bOB", [Key("up"), Key("down")], id="arrows, both kinds"),
        pytest.param("\x1b\r", [Key("alt+enter")], id="alt+enter"),
        pytest.param("\x03\x7f\x15", [Key("ctrl+c"), Key("backspace"), Key("ctrl+u")], id="controls"),
        pytest.param("\x1b[200~one\rtwo\x1b[201~\r", [Pasted("one\ntwo"), Key("enter")], id="bracketed paste"),
        pytest.param("\x1b]7501;?\x1b\\\x1b[?62;22c", [Supported()], id="OSC 7501 answer, DA1"),
        pytest.param("\x1b]11;rgb:00/00/00\x07x", [Key("x")], id="another answer is swallowed"),
        pytest.param("\x1bP1+r\x1b\\x", [Key("x")], id="DCS is swallowed"),
        pytest.param("\x1b[I\x1b[97;5u", [], id="unknown CSI is swallowed"),
    ],
)
def test_reads(text: str, inputs: list[object]) -> None:
    assert read(text) == (inputs, "")


@pytest.mark.parametrize("cut", range(1, 7), ids=lambda cut: f"after {cut} characters")
def test_a_cut_paste_waits(cut: int) -> None:
    whole = "\x1b[200~hello\x1b[201~"
    inputs, waiting = read(whole[: 6 + cut])
    assert inputs == []
    assert read(waiting + whole[6 + cut :]) == ([Pasted("hello")], "")


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    inputs, waiting = read(text)
    assert text.endswith(waiting)
    assert all(isinstance(given, Key | Pasted | Supported) for given in inputs)
