"""Key sequences of any outer terminal as ``Key``: legacy, modifyOtherKeys and the kitty keyboard protocol.

Each function takes the parts of one whole sequence and returns the key, or None where the sequence is no key.
A key's ``text`` is what it types: a terminal that repeats the letter of alt+a as its text is not believed.

https://sw.kovidgoyal.net/kitty/keyboard-protocol/
https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
http://pod.tst.eu/http://cvs.schmorp.de/rxvt-unicode/doc/rxvt.7.pod#Key_Codes (a to d, ``^``, ``$``, ``@``)
"""

from agentgrid.terminal.key_tables import (
    FUNCTION_LETTERS,
    KEYPAD_LETTERS,
    KEYPAD_TEXT,
    KITTY_NUMBERS,
    LEGACY_TILDES,
    LETTERS,
    TILDES,
    US_SHIFTED,
)
from agentgrid.terminal.keys import Key, KeyKind, Modifier, character_key

SHIFT, ALT, CTRL = int(Modifier.SHIFT), int(Modifier.ALT), int(Modifier.CTRL)
_TYPES_NOTHING = ALT | CTRL | Modifier.SUPER | Modifier.HYPER | Modifier.META

_BY_NUMBER = {number: name for name, number in KITTY_NUMBERS.items()} | {8: "backspace"}
_BY_LETTER = {letter: name for name, letter in (FUNCTION_LETTERS | LETTERS).items()} | {"M": "kp_enter", "Z": "tab"}
_BY_TILDE = (
    {number: name for name, number in LEGACY_TILDES.items()}
    | {number: name for name, number in TILDES.items()}
    | {1: "home", 4: "end", 7: "home", 8: "end", 11: "f1", 12: "f2", 13: "f3", 14: "f4", 29: "menu", KITTY_NUMBERS["kp_begin"]: "kp_begin"}
)
_BY_KEYPAD_LETTER = {letter: name for name, letter in KEYPAD_LETTERS.items()} | {" ": "space", "I": "tab"}
_RXVT_ARROWS = {"a": "up", "b": "down", "c": "right", "d": "left"}
RXVT_MODIFIERS = {"^": CTRL, "$": SHIFT, "@": CTRL | SHIFT}
_LINUX = {"A": "f1", "B": "f2", "C": "f3", "D": "f4", "E": "f5"}


def control_key(byte: int, backspace_is_bs: bool) -> Key:
    """A C0 control or DEL. What a byte cannot tell is the most likely key: Tab, not ctrl+i."""
    match byte:
        case 0x0D:
            return Key("enter")
        case 0x09:
            return Key("tab")
        case 0x1B:
            return Key("escape")
        case 0x00:
            return Key("space", modifiers=CTRL)
        case 0x08:
            return Key("backspace") if backspace_is_bs else Key("h", modifiers=CTRL)
        case 0x7F:
            return Key("backspace", modifiers=CTRL if backspace_is_bs else 0)
    return Key(chr(byte | 0x60) if byte <= 26 else chr(byte | 0x40), modifiers=CTRL)


def with_alt(key: Key) -> Key:
    """The same key after an ESC."""
    return Key(key.name, "", key.modifiers | ALT, key.kind, key.shifted, key.base)


def linux_key(letter: str) -> Key:
    """``CSI [ letter``: a function key of the Linux console."""
    return Key(_LINUX[letter])


def ss3_key(parameters: bytes, letter: str) -> Key | None:
    """``SS3 letter``, also with modifiers between."""
    modifiers = _modifiers(_numbers(parameters.split(b";")[-1])[:1])
    if name := _BY_KEYPAD_LETTER.get(letter):
        return Key(name, "" if modifiers & _TYPES_NOTHING else KEYPAD_TEXT.get(name, " " if name == "space" else ""), modifiers)
    if name := _RXVT_ARROWS.get(letter):
        return Key(name, modifiers=CTRL)
    if (name := _BY_LETTER.get(letter)) and letter != "Z":
        return Key(name, modifiers=modifiers)
    return None


def csi_key(parameters: bytes, final: str) -> Key | None:
    """``CSI parameters final`` without prefix or intermediates (but rxvt's ``$``)."""
    fields = [_numbers(field) for field in parameters.split(b";")]
    code = fields[0][0] if fields[0] else 1
    state = fields[1] if len(fields) > 1 else []
    modifiers, kind = _modifiers(state), _kind(state)
    match final:
        case "u":
            alternates = [_character(number) for number in fields[0][1:3]]
            text = "".join(_character(number) for number in fields[2]) if len(fields) > 2 else ""
            return _kitty_key(code, alternates, modifiers, kind, text)
        case "~" if code == 27 and len(fields) > 2 and fields[2]:
            return _kitty_key(fields[2][0], [], modifiers, KeyKind.PRESS, "")
        case "~" | "^" | "$" | "@":
            name = _BY_TILDE.get(code)
            return Key(name, modifiers=modifiers | RXVT_MODIFIERS.get(final, 0), kind=kind) if name else None
        case "Z":
            return Key("tab", modifiers=modifiers | SHIFT, kind=kind)
        case "a" | "b" | "c" | "d" if not parameters:
            return Key(_RXVT_ARROWS[final], modifiers=SHIFT)
        case "M":
            return None
        case _:
            name = _BY_LETTER.get(final)
            return Key(name, modifiers=modifiers, kind=kind) if name and code == 1 else None


def _kitty_key(code: int, alternates: list[str], modifiers: int, kind: int, text: str) -> Key | None:
    shifted, base = [*alternates, "", ""][:2]
    name = _BY_NUMBER.get(code)
    if name is None and not 57344 <= code <= 63743:
        name = _character(code)
    if not name:
        return Key("", text) if text and code == 0 and kind != KeyKind.RELEASE else None
    if len(name) == 1 and name != name.lower() == character_key(name).name:
        name, shifted, modifiers = name.lower(), shifted or name, modifiers | (0 if modifiers & Modifier.CAPS_LOCK else SHIFT)
    if kind == KeyKind.RELEASE:
        return Key(name, "", modifiers, kind, shifted, base)
    character = " " if name == "space" else KEYPAD_TEXT.get(name, name if len(name) == 1 else "")
    if modifiers & _TYPES_NOTHING:
        text = "" if text in {character, shifted, character.upper()} else text
    elif not text and len(name) == 1:
        text = _shift(name, shifted) if bool(modifiers & SHIFT) != bool(modifiers & Modifier.CAPS_LOCK and name.isalpha()) else name
    elif not text:
        text = character
    return Key(name, text, modifiers, kind, shifted, base)


def _shift(name: str, shifted: str) -> str:
    return shifted or US_SHIFTED.get(name) or (name.upper() if len(name.upper()) == 1 else name)


def _character(number: int) -> str:
    """A character that text may hold: no control, no surrogate."""
    if number < 32 or 127 <= number < 160 or 0xD800 <= number < 0xE000 or number > 0x10FFFF:
        return ""
    return chr(number)


def _numbers(field: bytes) -> list[int]:
    """Numbers between colons; an empty one is 0. Longer ones than any code point are no numbers."""
    return [int(part) if part.isdigit() and len(part) < 9 else 0 for part in field.split(b":")] if field else []


def _modifiers(state: list[int]) -> int:
    return max(0, state[0] - 1) & 0xFF if state else 0


def _kind(state: list[int]) -> int:
    return state[1] if len(state) > 1 and state[1] in (2, 3) else 1
