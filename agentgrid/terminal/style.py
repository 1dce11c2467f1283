"""How a cell looks: frozen, comparable styles, and the table that gives each a code.

A screen holds a style for every cell, so a cell holds a *code*: one character whose code point is the style's
index in the pane's ``StyleTable``. A row's styles are then one string, sliced and compared at C speed.
Code ``"\\0"`` is always the default style.
"""

from typing import TypeAlias

import msgspec

Color: TypeAlias = int | tuple[int, int, int] | None
"""``None`` is the terminal's default; 0…255 a palette entry; a triple is RGB, 0…255 each."""

FIRST_SURROGATE, LAST_SURROGATE = 0xD800, 0xDFFF
MAX_STYLES = 60_000  # Enough for any program's gradients; beyond it RGB is rounded, so that no program can exhaust memory.


class Style(msgspec.Struct, frozen=True, array_like=True):
    """The rendition of one cell. ``underline``: 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed."""

    foreground: Color = None
    background: Color = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    blink: bool = False
    reverse: bool = False
    conceal: bool = False
    strike: bool = False
    overline: bool = False
    underline: int = 0
    underline_color: Color = None
    link: str | None = None
    """An OSC 8 link: ``id;uri`` as the program sent it (the id may be empty), or None."""


DEFAULT_STYLE = Style()
DEFAULT_CODE = "\0"
