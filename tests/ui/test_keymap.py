"""Keys to actions: strokes, the user's own keys, what is wrong with them."""

import pytest

from agentgrid.errors import ConfigError
from agentgrid.terminal.keys import Key, Modifier
from agentgrid.ui.actions import ACTIONS, BY_NAME
from agentgrid.ui.keymap import keymap, stroke, stroke_named

SHIFT, CTRL, ALT = int(Modifier.SHIFT), int(Modifier.CTRL), int(Modifier.ALT)


@pytest.mark.parametrize(
    ("key", "written"),
    [
        pytest.param(Key("a", "a"), "a", id="a letter"),
        pytest.param(Key("a", "A", SHIFT, shifted="A"), "A", id="shifted"),
        pytest.param(Key("/", "?", SHIFT, shifted="?"), "?", id="? on a US keyboard"),
        pytest.param(Key("ß", "?", SHIFT, shifted="?"), "?", id="? on a German one"),
        pytest.param(Key("7", "{", 0), "{", id="{ by AltGr"),
        pytest.param(Key("b", "", CTRL), "ctrl+b", id="ctrl"),
        pytest.param(Key("b", "", CTRL | Modifier.NUM_LOCK), "ctrl+b", id="num lock is no modifier"),
        pytest.param(Key("1", "", ALT), "alt+1", id="alt"),
        pytest.param(Key("tab", "", SHIFT), "shift+tab", id="shift+tab"),
        pytest.param(Key("space", " "), "space", id="space"),
        pytest.param(Key("up"), "up", id="an arrow"),
        pytest.param(Key("", "日本"), "日本", id="text of no key"),
        pytest.param(Key("left_shift", "", SHIFT), "", id="a modifier alone"),
    ],
)
def test_stroke(key: Key, written: str) -> None:
    assert stroke(key) == written


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("ctrl+b", "ctrl+b", id="as we write it"),
        pytest.param("Ctrl+B", "ctrl+shift+b", id="a capital is shift"),
        pytest.param("C-a", "ctrl+a", id="as tmux writes it"),
        pytest.param("control+b", "ctrl+b", id="in full"),
        pytest.param("alt+ctrl+x", "ctrl+alt+x", id="in another order"),
        pytest.param("return", "enter", id="another name"),
        pytest.param("?", "?", id="a sign"),
        pytest.param(" ctrl+b ", "ctrl+b", id="with blanks"),
    ],
)
def test_stroke_named(written: str, meant: str) -> None:
    assert stroke_named(written) == meant


def test_default_keys_are_the_products() -> None:
    keys = keymap({})
    assert keys.prefix == "ctrl+b"
    expected = {
        "z": "zoom", "c": "new-pane", "x": "close-pane", "d": "detach", "[": "copy-mode", "]": "paste", ",": "rename-pane",
        "{": "swap-previous", "}": "swap-next", "o": "next-pane", ";": "last-pane", "?": "help", ":": "palette", "n": "next-waiting",
        "e": "explain", "p": "park", "r": "restart-pane", "t": "theme", "h": "focus-left", "j": "focus-down", "k": "focus-up",
        "l": "focus-right", "left": "focus-left", "1": "focus-1", "9": "focus-9", "ctrl+b": "send-prefix",
    }  # fmt: skip
    assert {stroke: keys.after_prefix.get(stroke) for stroke in expected} == expected
    assert keys.direct == {f"alt+{n}": f"focus-{n}" for n in range(1, 10)}


def test_no_key_means_two_things() -> None:
    after = [stroke for action in ACTIONS for stroke in action.keys]
    assert len(after) == len(set(after))


def test_the_users_keys() -> None:
    keys = keymap({"prefix": "ctrl+a", "alt+z": "zoom", "prefix Z": "zoom", "alt+1": "none", "prefix x": "none"})
    assert keys.prefix == "ctrl+a"
    assert keys.direct["alt+z"] == "zoom"
    assert keys.after_prefix["Z"] == "zoom"
    assert "alt+1" not in keys.direct
    assert "x" not in keys.after_prefix
    assert keys.after_prefix["ctrl+a"] == "send-prefix"
    assert keys.hint("zoom") == "alt+z"


@pytest.mark.parametrize(
    ("configured", "complaint"),
    [
        pytest.param({"alt+z": "zom"}, "did you mean 'zoom'", id="no such action"),
        pytest.param({"alt+z": "launch-rockets"}, "unknown action 'launch-rockets'", id="nothing near"),
        pytest.param({"prefix": "ctrl+"}, "unknown key", id="no key"),
        pytest.param({"hyperspace+q": "zoom"}, "unknown key", id="no modifier"),
    ],
)
def test_mistakes_are_named(configured: dict[str, str], complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        keymap(configured)


def test_a_key_that_is_not_bound_is_found_in_the_palette() -> None:
    keys = keymap({"prefix z": "none"})
    assert "palette" in keys.hint("zoom")


def test_names_are_unique() -> None:
    assert len(BY_NAME) == len(ACTIONS)
