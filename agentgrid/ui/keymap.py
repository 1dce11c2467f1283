"""Which key means which action: pure, built from the table of actions and the user's ``[keys]``.

A *stroke* is a key as it is written in ``[keys]``: ``ctrl+b``, ``alt+1``, ``?``, ``shift+tab``. Text that is typed without
ctrl, alt or super is its own stroke, so ``?`` is ``?`` on any keyboard.

``[keys]`` holds ``prefix = "ctrl+b"``, direct keys (``"alt+z" = "zoom"``) and keys after the prefix (``"prefix z" = "zoom"``);
``"none"`` takes a key away from us and gives it to the program.
"""

import difflib
from collections.abc import Mapping
from typing import NamedTuple

from agentgrid.errors import ConfigError, UsageError
from agentgrid.terminal.key_tables import LONE_MODIFIERS
from agentgrid.terminal.keys import STRONG, Key, key_name, parse_key
from agentgrid.ui.actions import ACTIONS, BY_NAME

DEFAULT_PREFIX = "ctrl+b"
AFTER_PREFIX = "prefix "
NOTHING = "none"


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
    if key.name in LONE_MODIFIERS:
        return ""
    if key.text and key.text != " " and key.text.isprintable() and not key.modifiers & STRONG:
        return key.text
    return key_name(key) if key.name else "space"


def stroke_named(written: str) -> str:
    """A stroke as a person wrote it, in our order and words. Raises ConfigError when it is none."""
    try:
        return stroke(parse_key(written.strip()))
    except UsageError as error:
        raise ConfigError(f"[keys] {error}") from error
