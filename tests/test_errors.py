"""Errors: one printable line, and the nearest known word."""

import pytest

from agentgrid.errors import ERRORS, AgentgridError, UsageError, did_you_mean, printable

KNOWN = ["theme", "grid", "Pane"]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        pytest.param("them", "; did you mean 'theme'?", id="a letter is missing"),
        pytest.param("GIRD", "; did you mean 'grid'?", id="two swapped, another case"),
        pytest.param("pane", "; did you mean 'Pane'?", id="only the case"),
        pytest.param("zebra", "", id="nothing near"),
        pytest.param("", "", id="empty"),
    ],
)
def test_the_nearest_word(word: str, hint: str) -> None:
    assert did_you_mean(word, KNOWN) == hint


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("plain", "plain", id="plain"),
        pytest.param("Ünï ✓ 日本", "Ünï ✓ 日本", id="letters of all kinds"),
        pytest.param("a\x1b[31mb", "a\N{REPLACEMENT CHARACTER}[31mb", id="an escape sequence"),
        pytest.param("a\nb\r\t", "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}", id="other lines"),
        pytest.param("a\N{RIGHT-TO-LEFT OVERRIDE}b", "a\N{REPLACEMENT CHARACTER}b", id="an override"),
    ],
)
def test_a_message_is_one_printable_line(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert str(UsageError(text)) == shown


def test_every_error_has_its_name_and_an_exit_code() -> None:
    for name, kind in ERRORS.items():
        assert kind.__name__ == name
        assert issubclass(kind, AgentgridError)
        assert kind.exit_code in (1, 2, 3, 4)
