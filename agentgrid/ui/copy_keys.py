"""tmux's emacs keys for looking back, as the strokes of vi that do the same (``copy_mode``). Pure.

Where a stroke means nothing in vi it is there for everybody. Those that vi has another use for (``ctrl+e`` is a row down there, the end
of the row here) follow ``copy_keys = "emacs"``.

https://man.openbsd.org/tmux (``copy-mode``, the two tables)
Deviation: none of tmux's ``copy-pipe``; M-1 … M-9 are the numbers themselves.
"""

EVERYWHERE = {
    "ctrl+a": "home",
    "ctrl+n": "down",
    "ctrl+p": "up",
    "alt+b": "b",
    "alt+f": "e",
    "alt+m": "^",
    "ctrl+alt+b": "%",
    "ctrl+alt+f": "%",
    "alt+v": "pageup",
    "alt+up": "ctrl+u",
    "alt+down": "ctrl+d",
    "alt+<": "g",
    "alt+shift+,": "g",
    "alt+>": "G",
    "alt+shift+.": "G",
    "alt+{": "{",
    "alt+shift+[": "{",
    "alt+}": "}",
    "alt+shift+]": "}",
    "alt+shift+r": "H",
    "alt+r": "M",
    "R": "r",
    "ctrl+g": "escape",
    "ctrl+k": "D",
    "ctrl+w": "y",
    "alt+w": "y",
}
EMACS = EVERYWHERE | {
    "ctrl+b": "left",
    "ctrl+f": "right",
    "ctrl+e": "end",
    "ctrl+v": "pagedown",
    "space": "pagedown",
    "ctrl+l": "z",
}


def in_vi(pressed: str, keys: str = "vi") -> str:
    """The stroke of vi for one of emacs; any other is itself."""
    return (EMACS if keys == "emacs" else EVERYWHERE).get(pressed, pressed)
