"""Keys by name, with the numbers and letters that stand for them on the wire. Data only.

https://sw.kovidgoyal.net/kitty/keyboard-protocol/#functional-key-definitions
https://invisible-island.net/xterm/ctlseqs/ctlseqs.html, "PC-Style Function Keys" and "VT220-Style Function Keys"
"""

_FIRST_NUMBER = 57358  # Of the kitty protocol's own keys, in Unicode's private use area.

_KEYS = """
caps_lock scroll_lock num_lock print_screen pause menu
- - - - - - - - - - - -
f13 f14 f15 f16 f17 f18 f19 f20 f21 f22 f23 f24 f25 f26 f27 f28 f29 f30 f31 f32 f33 f34 f35
kp_0 kp_1 kp_2 kp_3 kp_4 kp_5 kp_6 kp_7 kp_8 kp_9
kp_decimal kp_divide kp_multiply kp_subtract kp_add kp_enter kp_equal kp_separator
kp_left kp_right kp_up kp_down kp_pageup kp_pagedown kp_home kp_end kp_insert kp_delete kp_begin
media_play media_pause media_play_pause media_reverse media_stop media_fast_forward media_rewind
media_track_next media_track_previous media_record lower_volume raise_volume mute_volume
left_shift left_control left_alt left_super left_hyper left_meta
right_shift right_control right_alt right_super right_hyper right_meta iso_level3_shift iso_level5_shift
"""
_NUMBERED = _KEYS.split()

KITTY_NUMBERS: dict[str, int] = {"escape": 27, "enter": 13, "tab": 9, "backspace": 127, "space": 32} | {
    name: _FIRST_NUMBER + i for i, name in enumerate(_NUMBERED) if name != "-"
}
"""The number before ``u``. Keys with a letter or a ``~`` number have that instead, but the protocol counts their numbers too."""

LETTERS: dict[str, str] = {
    "up": "A", "down": "B", "right": "C", "left": "D", "kp_begin": "E", "end": "F", "home": "H", "f1": "P", "f2": "Q", "f4": "S",
}  # fmt: skip
"""``CSI 1 ; modifiers letter``. F3 has none in the kitty protocol: R is a cursor report."""

TILDES: dict[str, int] = {
    "insert": 2, "delete": 3, "pageup": 5, "pagedown": 6,
    "f3": 13, "f5": 15, "f6": 17, "f7": 18, "f8": 19, "f9": 20, "f10": 21, "f11": 23, "f12": 24,
}  # fmt: skip
"""``CSI number ; modifiers ~``"""

FUNCTION_LETTERS: dict[str, str] = {"f1": "P", "f2": "Q", "f3": "R", "f4": "S"}
"""Legacy: ``SS3 letter``, or ``CSI 1 ; modifiers letter``."""

LEGACY_TILDES: dict[str, int] = (
    {name: number for name, number in TILDES.items() if name != "f3"}
    | {"menu": 29, "f13": 25, "f14": 26, "f15": 28, "f16": 29, "f17": 31, "f18": 32, "f19": 33, "f20": 34}
    | {f"f{n}": n + 21 for n in range(21, 36)}  # xterm's own: no keyboard of DEC's had more than F20.
)

KEYPAD_TEXT: dict[str, str] = {f"kp_{n}": str(n) for n in range(10)} | {
    "kp_decimal": ".", "kp_divide": "/", "kp_multiply": "*", "kp_subtract": "-", "kp_add": "+", "kp_equal": "=", "kp_separator": ",",
}  # fmt: skip

KEYPAD_LETTERS: dict[str, str] = {f"kp_{n}": chr(ord("p") + n) for n in range(10)} | {
    "kp_decimal": "n", "kp_divide": "o", "kp_multiply": "j", "kp_subtract": "m", "kp_add": "k", "kp_equal": "X", "kp_separator": "l",
    "kp_enter": "M",
}  # fmt: skip
"""Application keypad (DECKPAM): ``SS3 letter``."""

LONE_MODIFIERS = frozenset(
    name for name in _NUMBERED if name.startswith(("left_", "right_", "iso_")) or name in {"caps_lock", "num_lock", "scroll_lock"}
)

NAMES = frozenset([*KITTY_NUMBERS, *LETTERS, *TILDES])
"""Every key that is not a character."""

CONTROL_OF: dict[str, str] = {chr(code): chr(code & 0x1F) for code in range(ord("a"), ord("z") + 1)} | {
    "@": "\x00", "2": "\x00", "3": "\x1b", "[": "\x1b", "4": "\x1c", "\\": "\x1c", "5": "\x1d", "]": "\x1d", "6": "\x1e", "^": "\x1e",
    "~": "\x1e", "7": "\x1f", "_": "\x1f", "/": "\x1f", "8": "\x7f", "?": "\x7f",
}  # fmt: skip
"""What Ctrl makes of a character. The others stay what they are."""

US_SHIFTED: dict[str, str] = dict(zip("`1234567890-=[]\\;',./", '~!@#$%^&*()_+{}|:"<>?', strict=True))
"""For a key that comes without its text and layout: what Shift makes of it on the most common one."""
