"""What is typed and not sent, key by key."""

import pytest

from agentgrid.server.drafts import MAX_CHARACTERS, after_key, after_text
from agentgrid.terminal.keys import Key, KeyKind, parse_key


@pytest.mark.parametrize(
    ("pressed", "draft"),
    [
        pytest.param("a b", "ab", id="text"),
        pytest.param("a enter", "", id="sent"),
        pytest.param("a shift+enter b", "a\nb", id="a new line"),
        pytest.param("a ctrl+j b", "a\nb", id="a new line by ctrl+j"),
        pytest.param("a b backspace", "a", id="one taken back"),
        pytest.param("backspace", "", id="nothing taken back"),
        pytest.param("a space b alt+backspace", "a", id="a word taken back"),
        pytest.param("a ctrl+c", "", id="interrupted"),
        pytest.param("a ctrl+u", "", id="erased"),
        pytest.param("a left alt+b", "a", id="moved"),
        pytest.param("up tab escape f5", "", id="no text"),
        pytest.param("shift+enter", "", id="a new line of nothing"),
    ],
)
def test_keys(pressed: str, draft: str) -> None:
    now = ""
    for name in pressed.split():
        now = after_key(now, parse_key(name))
    assert now == draft


def test_a_release_types_nothing() -> None:
    assert after_key("a", Key("b", "b", kind=KeyKind.RELEASE)) == "a"


def test_a_long_text_is_kept_by_its_end() -> None:
    assert after_text("a" * MAX_CHARACTERS, "b")[-2:] == "ab"
    assert len(after_text("a" * MAX_CHARACTERS, "b")) == MAX_CHARACTERS
