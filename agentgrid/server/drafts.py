"""What a person has typed into a program and not sent yet, as far as keys tell. Pure.

Only a guess: a program may do anything with a key. What the screen shows is asked as well (``agents.composer``).
"""

from agentgrid.terminal.keys import STRONG, Key, KeyKind, Modifier

MAX_CHARACTERS = 4096  # More of a text than this need not be known to know that there is one.

MAX_KEYS = 256  # Kept without being worked out.

ENDS = frozenset({"c", "d", "u"})
"""With ctrl: the line is interrupted, ended or erased."""


class Draft:
    """What stands in one pane. Keys are worked out when somebody asks: nothing stands between a key and its echo."""

    def __init__(self) -> None:
        self._text = ""
        self._keys: list[Key] = []

    def press(self, key: Key) -> None:
        self._keys.append(key)
        if len(self._keys) >= MAX_KEYS:
            self._work_out()

    def add(self, text: str) -> None:
        """Text was pasted."""
        self._work_out()
        self._text = after_text(self._text, text)

    @property
    def text(self) -> str:
        self._work_out()
        return self._text

    def _work_out(self) -> None:
        for key in self._keys:
            self._text = after_key(self._text, key)
        self._keys.clear()


def after_key(draft: str, key: Key) -> str:
    """What is typed and not sent after this key."""
    if key.kind == KeyKind.RELEASE:
        return draft
    modifiers = key.modifiers & (STRONG | Modifier.SHIFT)
    if key.text and not modifiers & STRONG:
        return after_text(draft, key.text)
    if key.name in ("enter", "kp_enter"):
        return "" if not modifiers else after_text(draft, "\n") if draft else ""
    if key.name == "backspace":
        return draft[:-1] if not modifiers else draft.rstrip()[:-1].rpartition(" ")[0]
    if modifiers == Modifier.CTRL and key.name in ENDS:
        return ""
    if modifiers == Modifier.CTRL and key.name == "j" and draft:
        return after_text(draft, "\n")
    return draft


def after_text(draft: str, text: str) -> str:
    """… after this text was typed or pasted."""
    return (draft + text)[-MAX_CHARACTERS:]
