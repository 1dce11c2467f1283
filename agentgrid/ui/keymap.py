"""Which key means which action: pure, built from the table of actions and the user's ``[keys]``.

A *stroke* is a key as it is written in ``[keys]``: ``ctrl+b``, ``alt+1``, ``?``, ``shift+tab``. Text that is typed without
ctrl, alt or super is its own stroke, so ``?`` is ``?`` on any keyboard.

``[keys]`` holds ``prefix = "ctrl+b"``, direct keys (``"alt+z" = "zoom"``) and keys after the prefix (``"prefix z" = "zoom"``);
``"none"`` takes a key away from us and gives it to the program.
"""

import difflib
from collections.abc import Mapping
from typing import NamedTuple

from agentgrid.errors import ConfigError
from agentgrid.terminal.keys import Key, Modifier
from agentgrid.ui.actions import ACTIONS, BY_NAME

DEFAULT_PREFIX = "ctrl+b"
AFTER_PREFIX = "prefix "
NOTHING = "none"

MODIFIERS: tuple[tuple[str, Modifier], ...] = (
    ("ctrl", Modifier.CTRL),
    ("alt", Modifier.ALT),
    ("shift", Modifier.SHIFT),
    ("super", Modifier.SUPER),
    ("hyper", Modifier.HYPER),
    ("meta", Modifier.META),
)
ALIASES = {
    "control": "ctrl",
    "option": "alt",
    "opt": "alt",
    "cmd": "super",
    "command": "super",
    "win": "super",
    "return": "enter",
    "esc": "escape",
    "pgup": "pageup",
    "page_up": "pageup",
    "pgdn": "pagedown",
    "page_down": "pagedown",
    "del": "delete",
    "ins": "insert",
    "bs": "backspace",
}
BARE_MODIFIERS = {f"{side}_{name}" for side in ("left", "right") for name in ("shift", "control", "alt", "super", "hyper", "meta")} | {
    "caps_lock",
    "num_lock",
    "scroll_lock",
    "iso_level3_shift",
    "iso_level5_shift",
}


class Keymap(NamedTuple):
    """Strokes to names of actions."""

    prefix: str
    after_prefix: Mapping[str, str]
    direct: Mapping[str, str]

    def keys_of(self, action: str) -> list[str]:
        """How a person gets it, shortest first: ``ctrl+b z``, ``alt+z``."""
        found = [f"{self.prefix} {stroke}" for stroke, name in self.after_prefix.items() if name == action]
        found += [stroke for stroke, name in self.direct.items() if name == action]
        return sorted(found, key=len)

    def hint(self, action: str) -> str:
        """One way to get it, for a line of help; the palette where no key is bound."""
        keys = self.keys_of(action)
        return keys[0] if keys else f"the palette ({self.hint('palette')})" if action != "palette" else "no key"


def keymap(configured: Mapping[str, str]) -> Keymap:
    """The default keys with the user's over them. Raises ConfigError that names the key and the nearest right word."""
    prefix = stroke_named(configured.get("prefix", DEFAULT_PREFIX))
    after = {stroke: action.name for action in ACTIONS for stroke in action.keys}
    direct = {stroke: action.name for action in ACTIONS for stroke in action.direct}
    for written, action in configured.items():
        if written == "prefix":
            continue
        table, stroke = (
            (after, stroke_named(written[len(AFTER_PREFIX) :])) if written.startswith(AFTER_PREFIX) else (direct, stroke_named(written))
        )
        if action == NOTHING:
            table.pop(stroke, None)
            continue
        if action not in BY_NAME:
            near = difflib.get_close_matches(action, BY_NAME, 1)
            hint = f"; did you mean '{near[0]}'?" if near else "; 'agentgrid' lists them with its help key"
            raise ConfigError(f"[keys] {written!r}: unknown action '{action}'{hint}")
        table[stroke] = action
    after[prefix] = "send-prefix"
    return Keymap(prefix, after, direct)


def stroke(key: Key) -> str:
    """The stroke of a key that was pressed; empty for a bare modifier."""
    if key.name in BARE_MODIFIERS:
        return ""
    strong = key.modifiers & (Modifier.CTRL | Modifier.ALT | Modifier.SUPER | Modifier.HYPER | Modifier.META)
    if key.text and not strong and key.text.isprintable() and key.text != " ":
        return key.text
    words = [word for word, bit in MODIFIERS if key.modifiers & bit]
    name = "space" if key.name == " " or (not key.name and key.text == " ") else ALIASES.get(key.name, key.name)
    return "+".join([*words, name or key.text])


def stroke_named(written: str) -> str:
    """A stroke as a person wrote it, in our order and words. Raises ConfigError when it is none."""
    text = written.strip()
    if len(text) == 1:
        return text
    *words, name = text.split("+") if not text.endswith("+") else [*text[:-2].split("+"), "+"]
    words = [ALIASES.get(word.strip().lower(), word.strip().lower()) for word in words]
    known = [word for word, _ in MODIFIERS]
    wrong = [word for word in words if word not in known]
    if wrong or not name.strip():
        raise ConfigError(f"[keys] {written!r} is no key; write it like 'ctrl+b', 'alt+1' or 'shift+tab'")
    name = name.strip()
    if len(name) > 1:
        name = ALIASES.get(name.lower(), name.lower())
    elif name.isupper() and words:
        name = name.lower()
        words.append("shift")
    return "+".join([word for word in known if word in words] + [name])
