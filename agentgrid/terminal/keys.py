"""A key as a person pressed it, and its bytes in the mode a program asked for.

How a key becomes bytes. A program that set kitty flags gets the kitty keyboard protocol. One that set modifyOtherKeys gets
xterm's ``CSI 27 ; modifiers ; character ~`` for the keys that mode covers. All else is what xterm sends, in the pane's own
cursor, keypad, newline and backspace modes. A key that was not asked for or cannot be told is b"".

A paste is bytes, not keys: ``encode_paste``. Names (``parse_key``, ``key_name``) are those of the configuration and of
``agentgrid keys``; tmux's spellings are understood too.

https://sw.kovidgoyal.net/kitty/keyboard-protocol/ (and kitty's key_encoding.c where it is silent)
https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
https://invisible-island.net/xterm/modified-keys.html (and xterm's input.c); formatOtherKeys is always 0

Deviations:
- Without kitty flags ctrl+shift+a is ^A, as xterm has it, not kitty's ``CSI u``: a program that asked for nothing would
  print the tail of it. What only kitty can tell (super+k, media keys) sends nothing then.
- Alt is the ESC prefix (xterm's metaSendsEscape), and a ``CSI 27`` never loses it: alt+ctrl+1 is ``CSI 27;7;49~``.
- At modifyOtherKeys 2 a letter with Shift alone is its text. xterm's ``CSI 27;2;65~`` says no more, and a program that
  knows the mode from other terminals could not be typed into.
- Ctrl with a letter of another alphabet is ctrl with its place on a Latin keyboard, where the outer terminal told it.
"""

import enum

import msgspec

from agentgrid.errors import UsageError
from agentgrid.terminal.emulator import Modes
from agentgrid.terminal.key_tables import (
    CONTROL_OF,
    FUNCTION_LETTERS,
    KEYPAD_LETTERS,
    KEYPAD_TEXT,
    KITTY_NUMBERS,
    LEGACY_TILDES,
    LETTERS,
    LONE_MODIFIERS,
    NAMES,
    TILDES,
    US_SHIFTED,
)


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


STRONG = int(Modifier.CTRL | Modifier.ALT | Modifier.SUPER | Modifier.HYPER | Modifier.META)
"""With one of these a key types no text. A number: flags take microseconds to combine."""


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


_SHIFT, _ALT, _CTRL, _SUPER = 1, 2, 4, 8
_LOCKS = 64 | 128
_XTERM = 1 | 2 | 4 | 8  # The modifiers xterm's parameter can tell; its bit of Meta is kitty's of Super.

_PASTE_START, _PASTE_END = b"\x1b[200~", b"\x1b[201~"


def encode(key: Key, modes: Modes) -> bytes:
    """The bytes that a program in these modes gets for a key."""
    flags = modes.kitty_flags
    if not flags and len(key.name) == 1 and key.text and key.kind != KeyKind.RELEASE:
        return key.text.encode("utf-8", "replace")  # Most keys: what they type, in every one of xterm's modes.
    if key.kind == KeyKind.RELEASE and not flags & 2:
        return b""
    if key.name in LONE_MODIFIERS and not flags & 8:
        return b""
    if not key.name:
        return _encode_text(key.text, modes)
    return (_kitty(key, modes) if flags else _xterm(key, modes)).encode("utf-8", "replace")


def encode_paste(data: bytes, modes: Modes) -> bytes:
    """A paste as a program in these modes gets it: between markers, or else with its newlines as the Enter key sends them.

    An end marker inside it would let the rest be typed: it is taken out, and again when that makes another one.
    """
    if not modes.bracketed_paste:
        return data.replace(b"\r\n", b"\r").replace(b"\n", b"\r")
    return _PASTE_START + _without_end_markers(data) + _PASTE_END


def _without_end_markers(data: bytes) -> bytes:
    """No end marker is left. One pass: a clipboard full of markers inside markers is as hostile as one of them."""
    kept, position = bytearray(), 0
    while (found := data.find(_PASTE_END, position)) >= 0:
        kept += data[position:found]
        position = found + len(_PASTE_END)
        # What is left and right of it may make another one. No byte is twice in a marker, so the next one says how much is needed.
        while (had := _PASTE_END.find(data[position : position + 1])) > 0:
            if not (kept.endswith(_PASTE_END[:had]) and data.startswith(_PASTE_END[had:], position)):
                break
            del kept[-had:]
            position += len(_PASTE_END) - had
    return bytes(kept + data[position:]) if position else data


def _encode_text(text: str, modes: Modes) -> bytes:
    """Text that no single key made: as it is, but for a program that wants every key as an escape code."""
    flags = modes.kitty_flags
    if flags & 8 and text.isascii():  # Fast typing.
        return b"".join(encode(key, modes) for key in typed(text))
    if flags & 8 and flags & 16:  # An input method's commit.
        return f"\x1b[0;;{_code_points(text)}u".encode()
    return text.encode("utf-8", "replace")


def _code_points(text: str) -> str:
    return ":".join(str(ord(character)) for character in text)


# ------------------------------------------------------------------ the kitty keyboard protocol


def _kitty(key: Key, modes: Modes) -> str:
    flags = modes.kitty_flags
    disambiguate, events, alternates, everything, with_text = (bool(flags & bit) for bit in (1, 2, 4, 8, 16))
    released = key.kind == KeyKind.RELEASE
    if key.text and not everything and not released:
        return key.text
    name = key.name if disambiguate else _main_key(key.name)
    modifiers = key.modifiers
    event = f":{key.kind}" if events and key.kind != KeyKind.PRESS else ""
    pressed = modifiers & ~_LOCKS
    if not everything:
        if name in {"enter", "tab", "backspace"}:
            if released:
                return ""  # So that `reset` can be typed after a program died with the mode on.
            if not pressed:
                return _plain(name, key, modes)
        if name == "escape" and not disambiguate and not pressed and not event:
            return "\x1b"
        if not disambiguate and not events and _is_legacy(name, pressed):
            return _legacy(name, key, modes)
        if len(name) == 1 and not pressed and not event:
            return name
        if len(name) == 1 or name in _TYPING:
            modifiers = pressed  # Locks are told of keys that type nothing, or with the flag for all keys.
    number, final = _kitty_number(name)
    code = str(number)
    if alternates and len(name) == 1:
        shifted = str(ord(key.shifted)) if key.shifted and modifiers & _SHIFT else ""
        base = f":{ord(key.base)}" if key.base and key.base != name else ""
        code += f":{shifted}{base}" if shifted or base else ""
    state = f"{1 + modifiers}{event}" if modifiers or event else ""
    text = f";{_code_points(key.text)}" if with_text and everything and key.text and not released else ""
    parameters = f"{code};{state}{text}" if state or text else "" if code == "1" else code
    return f"\x1b[{parameters}{final}"


_TYPING = frozenset({"enter", "tab", "backspace", "space"})
_CHARACTERS = frozenset({*_TYPING, "escape"})
_LEGACY_COMBINATIONS = frozenset({_SHIFT, _ALT, _CTRL, _SHIFT | _ALT, _CTRL | _ALT})


def _is_legacy(name: str, pressed: int) -> bool:
    """Kitty's tables have a legacy encoding of it, for programs that set only flags that do not ask for another."""
    if name in LETTERS or name in FUNCTION_LETTERS:
        return not pressed
    if name in _CHARACTERS or name == "menu":
        return True
    return (name in US_SHIFTED or (name.isascii() and name.islower() and len(name) == 1)) and pressed in _LEGACY_COMBINATIONS


def _kitty_number(name: str) -> tuple[int, str]:
    if name in LETTERS:
        return 1, LETTERS[name]
    if name in TILDES:
        return TILDES[name], "~"
    return KITTY_NUMBERS.get(name) or ord(name[0]), "u"


def _main_key(name: str) -> str:
    """The key that a keypad key is where the keypad is not told apart."""
    if name.startswith("kp_") and name != "kp_begin":
        return KEYPAD_TEXT.get(name) or name[3:]
    return name


# ------------------------------------------------------------------ xterm: modifyOtherKeys and legacy


def _xterm(key: Key, modes: Modes) -> str:
    modifiers, level = key.modifiers & ~_LOCKS, modes.modify_other_keys
    if key.name in KEYPAD_LETTERS and modes.application_keypad and not key.modifiers & Modifier.NUM_LOCK:
        return f"\x1bO{_parameter(modifiers)}{KEYPAD_LETTERS[key.name]}"  # NumLock overrides the mode, as in xterm (mode 1035).
    name = _main_key(key.name)
    if key.text and not (name == "space" and level == 2 and modifiers):
        return key.text
    modified = _modified_at_1 if level == 1 else _modified_at_2
    if level and modifiers & _XTERM and (len(name) == 1 or name in _CHARACTERS) and modified(name, modifiers, key):
        code = ord(_plain(name, key, modes)) if name == "backspace" else KITTY_NUMBERS.get(name) or ord(_shifted(name, key))
        return f"\x1b[27;{_parameter(modifiers)};{code}~"
    return _legacy(name, key, modes)


def _modified_at_1(name: str, modifiers: int, key: Key) -> bool:
    """modifyOtherKeys 1: but for keys that have a well-known meaning with these modifiers."""
    beside_alt = modifiers & ~_ALT
    match name:
        case "enter":
            return bool(beside_alt)
        case "tab":
            return bool(beside_alt & ~_SHIFT)
        case "backspace" | "escape" | "space":
            return bool(modifiers & _SUPER)
    if modifiers & _SUPER:
        return True
    character = _shifted(name, key)
    return bool(modifiers & _CTRL) and not "@" <= character <= "\x7f" and character not in CONTROL_OF and not key.base


def _modified_at_2(name: str, modifiers: int, _key: Key) -> bool:
    """modifyOtherKeys 2: all, but for Shift where it makes another character, and Ctrl with Backspace, which makes BS."""
    match name:
        case "enter" | "space":
            return True
        case "backspace":
            return bool(modifiers & ~_CTRL)
    return bool(modifiers & ~_SHIFT)


def _legacy(name: str, key: Key, modes: Modes) -> str:
    """PC-style function keys; characters with ESC for Alt and a C0 control for Ctrl."""
    modifiers = key.modifiers & ~_LOCKS
    if letter := FUNCTION_LETTERS.get(name):
        return f"\x1b[1;{_parameter(modifiers)}{letter}" if modifiers & _XTERM else f"\x1bO{letter}"
    if letter := LETTERS.get(name):
        if modifiers & _XTERM:
            return f"\x1b[1;{_parameter(modifiers)}{letter}"
        return f"\x1b{'O' if modes.application_cursor else '['}{letter}"
    if number := LEGACY_TILDES.get(name):
        return f"\x1b[{number};{_parameter(modifiers)}~" if modifiers & _XTERM else f"\x1b[{number}~"
    if (name in NAMES and name not in _CHARACTERS) or modifiers & ~(_SHIFT | _ALT | _CTRL):
        return ""
    return ("\x1b" if modifiers & _ALT else "") + _plain(name, key, modes)


def _parameter(modifiers: int) -> str:
    return str(1 + (modifiers & _XTERM)) if modifiers & _XTERM else ""


def _plain(name: str, key: Key, modes: Modes) -> str:
    """What Shift and Ctrl make of a character's key."""
    ctrl = bool(key.modifiers & _CTRL)
    match name:
        case "enter":
            return "\r\n" if modes.newline else "\r"
        case "escape":
            return "\x1b"
        case "tab":
            return "\x1b[Z" if key.modifiers & _SHIFT else "\t"
        case "backspace":
            return "\x08" if modes.backspace_sends_bs != ctrl else "\x7f"
        case "space":
            return "\0" if ctrl else " "
    character = _shifted(name, key)
    if not ctrl:
        return character
    if name in CONTROL_OF and name.isalpha():
        return CONTROL_OF[name]
    return CONTROL_OF.get(character) or CONTROL_OF.get(key.base) or character


def _shifted(name: str, key: Key) -> str:
    """The character of a key with its Shift."""
    if name == "space":
        return " "
    if not key.modifiers & _SHIFT:
        return name
    return key.shifted or US_SHIFTED.get(name) or (name.upper() if len(name.upper()) == 1 else name)


# ------------------------------------------------------------------ keys and their names


def character_key(character: str) -> Key:
    """The key that typed one character, as far as the character tells."""
    if character == " ":
        return Key("space", " ")
    lower = character.lower()
    if lower != character and len(lower) == 1:
        return Key(lower, character, _SHIFT, shifted=character)
    return Key(character, character)


def typed(text: str) -> list[Key]:
    """A run of fast typing as the keys it was."""
    return [character_key(character) for character in text]


_MODIFIERS = {
    "ctrl": Modifier.CTRL, "alt": Modifier.ALT, "shift": Modifier.SHIFT, "super": Modifier.SUPER, "hyper": Modifier.HYPER,
    "meta": Modifier.META,
}  # fmt: skip
"""In the order they are written."""
_MODIFIER_ALIASES = {"control": "ctrl", "option": "alt", "cmd": "super", "command": "super", "win": "super"}
_TMUX_MODIFIERS = {"C-": "ctrl", "M-": "alt", "S-": "shift", "^": "ctrl"}
_ALIASES = {
    "esc": "escape", "return": "enter", "cr": "enter", "bspace": "backspace", "bs": "backspace", "btab": "shift+tab", "dc": "delete",
    "del": "delete", "ic": "insert", "ins": "insert", "npage": "pagedown", "pgdn": "pagedown", "page_down": "pagedown",
    "ppage": "pageup", "pgup": "pageup", "page_up": "pageup", "plus": "+", "minus": "-", "kpenter": "kp_enter",
}  # fmt: skip


def parse_key(spec: str) -> Key:
    """A key by name: ``ctrl+b``, ``shift+enter``, ``A``, ``f5``, ``kp_enter``; tmux's ``C-b``, ``M-x``, ``Enter``, ``BSpace``."""
    modifiers, rest = 0, spec
    while len(rest) > 1:
        prefix = next((prefix for prefix in _TMUX_MODIFIERS if rest.startswith(prefix) and len(rest) > len(prefix)), "")
        word, plus, after = rest.partition("+")
        word = _MODIFIER_ALIASES.get(word.lower(), word.lower())
        if prefix:
            modifiers |= _MODIFIERS[_TMUX_MODIFIERS[prefix]]
            rest = rest[len(prefix) :]
        elif plus and after and word in _MODIFIERS:
            modifiers |= _MODIFIERS[word]
            rest = after
        elif rest.lower() in _ALIASES and rest.lower() not in NAMES and (name := _ALIASES[rest.lower()]) != rest:
            rest = name
        else:
            break
    return _named(spec, rest, modifiers)


def _named(spec: str, name: str, modifiers: int) -> Key:
    if len(name) == 1 and name.isprintable():
        key = character_key(name)
        modifiers |= key.modifiers
        if modifiers & _SHIFT and not key.shifted:
            shifted = _shifted(key.name, Key(key.name, modifiers=_SHIFT))
            key = Key(key.name, shifted if shifted != key.name else key.text, _SHIFT, shifted=shifted if shifted != key.name else "")
        return Key(key.name, "" if modifiers & ~_SHIFT else key.text, modifiers, shifted=key.shifted)
    if (lower := name.lower()) in NAMES:
        text = "" if modifiers & ~_SHIFT else " " if lower == "space" else KEYPAD_TEXT.get(lower, "")
        return Key(lower, text, modifiers)
    raise UsageError(f"unknown key {spec!r}; {_nearest(spec.removesuffix(name), name)}")


def _nearest(before: str, name: str) -> str:
    """What was probably meant by ``name``, a modifier or a key, after what could be read."""
    import difflib  # Only a mistake pays for it.

    word, plus, rest = name.partition("+")
    known = _MODIFIERS if plus and rest else [known for known in (*NAMES, *_ALIASES) if len(known) > 2]
    near = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return f"did you mean {before + near[0] + plus + rest!r}?" if near else "`agentgrid keys --help` lists them"


def key_name(key: Key) -> str:
    """The name that ``parse_key`` takes; for text without a key the text itself."""
    if not key.name:
        return key.text
    modifiers, name = key.modifiers & ~_LOCKS, key.name
    if len(name) == 1 and key.text and not modifiers & ~_SHIFT:
        return key.text  # "!" is bound as such, wherever the layout has it.
    return "+".join([word for word, bit in _MODIFIERS.items() if modifiers & bit] + [name])
