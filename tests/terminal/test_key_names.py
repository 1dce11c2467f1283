"""The names of keys, as in the configuration and for ``agentgrid keys``."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.errors import UsageError
from agentgrid.terminal.key_tables import NAMES
from agentgrid.terminal.keys import Key, Modifier, key_name, parse_key, typed


@pytest.mark.parametrize(
    ("spec", "key"),
    [
        pytest.param("ctrl+b", Key("b", modifiers=4), id="ctrl+b"),
        pytest.param("Ctrl+B", Key("b", modifiers=5, shifted="B"), id="the letter's case counts"),
        pytest.param("CTRL+b", Key("b", modifiers=4), id="the modifier's does not"),
        pytest.param("shift+enter", Key("enter", modifiers=1), id="shift+enter"),
        pytest.param("alt+ctrl+left", Key("left", modifiers=6), id="any order"),
        pytest.param("control+option+left", Key("left", modifiers=6), id="other words"),
        pytest.param("cmd+k", Key("k", modifiers=8), id="cmd"),
        pytest.param("a", Key("a", "a"), id="a"),
        pytest.param("A", Key("a", "A", 1, shifted="A"), id="A"),
        pytest.param("shift+a", Key("a", "A", 1, shifted="A"), id="shift+a is A"),
        pytest.param("É", Key("é", "É", 1, shifted="É"), id="É"),
        pytest.param("space", Key("space", " "), id="space"),
        pytest.param(" ", Key("space", " "), id="a space"),
        pytest.param("ctrl+space", Key("space", modifiers=4), id="ctrl+space"),
        pytest.param("+", Key("+", "+"), id="+"),
        pytest.param("ctrl++", Key("+", modifiers=4), id="ctrl++"),
        pytest.param("ctrl+plus", Key("+", modifiers=4), id="ctrl+plus"),
        pytest.param("-", Key("-", "-"), id="-"),
        pytest.param("^", Key("^", "^"), id="^"),
        pytest.param("pageup", Key("pageup"), id="pageup"),
        pytest.param("kp_5", Key("kp_5", "5"), id="kp_5"),
        pytest.param("esc", Key("escape"), id="esc"),
        pytest.param("Enter", Key("enter"), id="tmux Enter"),
        pytest.param("Escape", Key("escape"), id="tmux Escape"),
        pytest.param("Space", Key("space", " "), id="tmux Space"),
        pytest.param("BSpace", Key("backspace"), id="tmux BSpace"),
        pytest.param("BTab", Key("tab", modifiers=1), id="tmux BTab"),
        pytest.param("DC", Key("delete"), id="tmux DC"),
        pytest.param("IC", Key("insert"), id="tmux IC"),
        pytest.param("NPage", Key("pagedown"), id="tmux NPage"),
        pytest.param("PgUp", Key("pageup"), id="tmux PgUp"),
        pytest.param("C-b", Key("b", modifiers=4), id="tmux C-b"),
        pytest.param("M-x", Key("x", modifiers=2), id="tmux M-x"),
        pytest.param("C-M-S-Up", Key("up", modifiers=7), id="tmux C-M-S-Up"),
        pytest.param("M-BSpace", Key("backspace", modifiers=2), id="tmux M-BSpace"),
        pytest.param("C--", Key("-", modifiers=4), id="tmux C--"),
        pytest.param("^c", Key("c", modifiers=4), id="tmux ^c"),
    ],
)
def test_names(spec: str, key: Key) -> None:
    assert parse_key(spec) == key


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        pytest.param("ctrl+entr", "unknown key 'ctrl+entr'; did you mean 'ctrl+enter'?", id="entr"),
        pytest.param("pgupp", "unknown key 'pgupp'; did you mean 'pgup'?", id="pgupp"),
        pytest.param("C-Entre", "unknown key 'C-Entre'; did you mean 'C-enter'?", id="C-Entre"),
        pytest.param("crtl+a", "unknown key 'crtl+a'; did you mean 'ctrl+a'?", id="crtl"),
        pytest.param("", "unknown key ''; `agentgrid keys --help` lists them", id="nothing"),
        pytest.param("ctrl+", "unknown key 'ctrl+'; `agentgrid keys --help` lists them", id="no key"),
        pytest.param("qqqqqq", "unknown key 'qqqqqq'; `agentgrid keys --help` lists them", id="far from any"),
        pytest.param("\n", "unknown key '\\n'; `agentgrid keys --help` lists them", id="a control"),
    ],
)
def test_unknown_names(spec: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_key(spec)
    assert str(caught.value) == message


@pytest.mark.parametrize("name", sorted(NAMES))
@pytest.mark.parametrize("modifiers", range(0, 64, 5))
def test_a_name_is_read_back(name: str, modifiers: int) -> None:
    key = parse_key(key_name(Key(name, modifiers=modifiers)))
    assert (key.name, key.modifiers) == (name, modifiers)


@given(st.characters(categories=["L", "N", "P", "S"]), st.sampled_from([0, 2, 4, 6, 8, 56]))
def test_a_character_is_read_back(character: str, modifiers: int) -> None:
    (key,) = typed(character)
    key = Key(key.name, "" if modifiers else key.text, key.modifiers | modifiers, shifted=key.shifted)
    assert parse_key(key_name(key)).text == key.text
    assert parse_key(key_name(key)).modifiers & 62 == modifiers


def test_the_name_of_what_it_types() -> None:
    assert key_name(Key("q", "@")) == "@"
    assert key_name(Key("1", "!", 1, shifted="!")) == "!"
    assert key_name(Key("a", "A", Modifier.CAPS_LOCK)) == "A"
    assert key_name(Key("", "日本")) == "日本"
    assert key_name(Key("enter", modifiers=Modifier.NUM_LOCK)) == "enter"
