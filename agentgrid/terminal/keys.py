"""A key as a person pressed it, and its bytes in the mode a program asked for.

(The encoder is written below this seam.)
"""

import enum

import msgspec


class Modifier(enum.IntFlag):
    """The bits of the kitty keyboard protocol."""

    SHIFT = 1
    ALT = 2
    CTRL = 4
    SUPER = 8
    HYPER = 16
    META = 32
    CAPS_LOCK = 64
    NUM_LOCK = 128


class KeyKind(enum.IntEnum):
    PRESS = 1
    REPEAT = 2
    RELEASE = 3


class Key(msgspec.Struct, frozen=True, array_like=True):
    """One key event, nothing lost.

    ``name``: the key itself: the unshifted character (``a``, ``1``, ``é``) or a name of ``NAMES`` (``enter``, ``up``, ``f5``,
    ``kp_enter``, ``left_shift``); empty for text that no single key made (an IME commit, a run of fast typing).
    ``text``: what it types, empty where it types nothing. ``shifted`` and ``base``: the kitty protocol's alternates, where known.
    """

    name: str
    text: str = ""
    modifiers: int = 0
    kind: int = 1
    shifted: str = ""
    base: str = ""
