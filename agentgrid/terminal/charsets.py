"""Character sets: what a designated 94-character set makes of ASCII.

``ESC ( F`` designates G0, ``)`` or ``-`` G1, ``*`` or ``.`` G2, ``+`` or ``/`` G3. Only GL is ever in use here: text is UTF-8,
so that nothing arrives in GR.

DEC STD 070 chapter 5; VT510, "National replacement character sets".
Deviation: national sets work without DECNRCM (42), as in every emulator that has them at all.
"""

from typing import TypeAlias

Charset: TypeAlias = dict[int, str] | None
"""A table for ``str.translate``; None for ASCII."""

G0, G1, G2, G3 = range(4)
SLOTS = {"(": G0, ")": G1, "*": G2, "+": G3, "-": G1, ".": G2, "/": G3}

_NATIONAL_POSITIONS = "#@[\\]^_`{|}~"
_NATIONAL = {
    "4": "£¾ĳ½|^_`¨ƒ¼´",  # Dutch
    "C": "#@ÄÖÅÜ_éäöåü",  # Finnish
    "5": "#@ÄÖÅÜ_éäöåü",
    "R": "£à°ç§^_`éùè¨",  # French
    "f": "£à°ç§^_`éùè¨",
    "Q": "#àâçêî_ôéùèû",  # French Canadian
    "9": "#àâçêî_ôéùèû",
    "K": "#§ÄÖÜ^_`äöüß",  # German
    "Y": "£§°çé^_ùàòèì",  # Italian
    "`": "#ÄÆØÅÜ_äæøåü",  # Norwegian, Danish
    "E": "#ÄÆØÅÜ_äæøåü",
    "6": "#ÄÆØÅÜ_äæøåü",
    "%6": "#@ÃÇÕ^_`ãçõ~",  # Portuguese
    "Z": "£§¡Ñ¿^_`°ñç~",  # Spanish
    "H": "#ÉÄÖÅÜ_éäöåü",  # Swedish
    "7": "#ÉÄÖÅÜ_éäöåü",
    "=": "ùàéçêîèôäöüû",  # Swiss
}

_GRAPHICS = " ◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·"  # From 0x5F to 0x7E.
_TECHNICAL = dict(
    zip(
        (*range(0x21, 0x31), *range(0x3C, 0x52), 0x53, *range(0x56, 0x6D), *range(0x6E, 0x75), *range(0x76, 0x7F)),
        "⎷┌─⌠⌡│⎡⎣⎤⎦⎛⎝⎞⎠⎨⎬≤≠≥∫∴∝∞÷Δ∇ΦΓ∼≃Θ×Λ⇔⇒≡ΠΨΣ√ΩΞΥ⊂⊃∩∪∧∨¬αβχδεφγηιθκλν∂πψρστƒωξυζ←↑→↓",
        strict=True,
    )
)
"""DEC Technical, VT510 manual; the pieces of a large sigma (0x31 to 0x37) are left as they are."""
_SUPPLEMENTAL = "".join(map(chr, range(0xA1, 0xFF)))

CHARSETS: dict[str, Charset] = {
    "B": None,
    "1": None,  # Alternate ROM, as xterm.
    "@": None,
    "A": {0x23: "£"},
    "0": {0x5F + index: character for index, character in enumerate(_GRAPHICS)},
    "2": {0x5F + index: character for index, character in enumerate(_GRAPHICS)},
    ">": _TECHNICAL,
    "<": {0x21 + index: character for index, character in enumerate(_SUPPLEMENTAL)},
    "%5": {0x21 + index: character for index, character in enumerate(_SUPPLEMENTAL)},
    **{
        code: {ord(position): character for position, character in zip(_NATIONAL_POSITIONS, characters, strict=True)}
        for code, characters in _NATIONAL.items()
    },
}
DEFAULT_DESIGNATIONS = ("B", "B", "B", "B")
