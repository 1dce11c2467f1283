"""How a cell looks: frozen, comparable styles, and the table that gives each a code.

A screen holds a style for every cell, so a cell holds a *code*: one character whose code point is the style's
index in the pane's ``StyleTable``. A row's styles are then one string, sliced and compared at C speed.
Code ``"\\0"`` is always the default style.

A code also carries what is no matter of looks: whether the cell is protected (DECSCA). Two codes may thus stand for one style.

The table belongs to one emulator: what a program makes of it is that pane's loss. It only grows, up to ``MAX_CODES``;
from ``MAX_STYLES`` on, colours are rounded, so that a program that never repeats itself runs out of neither codes nor memory.
"""

from typing import TypeAlias

import msgspec

Color: TypeAlias = int | tuple[int, int, int] | None
"""``None`` is the terminal's default; 0…255 a palette entry; a triple is RGB, 0…255 each."""

FIRST_SURROGATE, LAST_SURROGATE = 0xD800, 0xDFFF
MAX_STYLES = 60_000  # Enough for any program's gradients; beyond it RGB is rounded, so that no program can exhaust memory.
MAX_CODES = 0xFFFF  # Row styles stay within two bytes a cell.
MAX_LINK_BYTES = 4 * 1024 * 1024  # Links of all styles together: some forty thousand ordinary ones.
MAX_STEPS = 50_000  # Remembered SGR steps; a gradient of a screenful is a few thousand.


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


class Pen(msgspec.Struct, eq=False):
    """A style to write with. Owned by its table, one a code; ``after`` is filled as SGR sequences are met."""

    code: str
    fill: str
    """The code of what it leaves when it erases: blank, in its background (BCE)."""
    after: "dict[str, Pen]"
    """The pen that an SGR sequence makes of this one."""


class StyleTable:
    """Styles by code, codes by style. Owned by one emulator; only grows."""

    def __init__(self) -> None:
        self.styles: list[Style] = []
        self.protected: set[str] = set()
        self._codes: dict[tuple[Style, bool], str] = {}
        self._pens: dict[str, Pen] = {}
        self._link_bytes = 0
        self._steps = 0
        self.code(DEFAULT_STYLE)

    def code(self, style: Style, protected: bool = False) -> str:
        """The code of a style; near MAX_STYLES that of one which is much like it."""
        found = self._codes.get((style, protected))
        if found is not None:
            return found
        if len(self.styles) >= MAX_STYLES:
            return self._nearest(style, protected)
        if style.link is not None:
            self._link_bytes += len(style.link) * 4
            if self._link_bytes > MAX_LINK_BYTES:
                return self.code(msgspec.structs.replace(style, link=None), protected)
        return self._add(style, protected)

    def _add(self, style: Style, protected: bool) -> str:
        if len(self.styles) == FIRST_SURROGATE:
            self.styles += [DEFAULT_STYLE] * (LAST_SURROGATE - FIRST_SURROGATE + 1)
        code = chr(len(self.styles))
        self.styles.append(style)
        self._codes[style, protected] = code
        if protected:
            self.protected.add(code)
        return code

    def _nearest(self, style: Style, protected: bool) -> str:
        """A coarser style that is known or may still be added; at worst the default."""
        for levels in (4, 2):
            coarse = msgspec.structs.replace(
                style,
                foreground=_rounded(style.foreground, levels),
                background=_rounded(style.background, levels),
                underline_color=None,
                link=None,
            )
            found = self._codes.get((coarse, protected))
            if found is not None:
                return found
            if len(self.styles) < MAX_CODES:
                return self._add(coarse, protected)
        return DEFAULT_CODE

    def pen(self, code: str) -> Pen:
        """The pen that writes in a code."""
        pen = self._pens.get(code)
        if pen is None:
            background = self.styles[ord(code)].background
            fill = DEFAULT_CODE if background is None else self.code(Style(background=background))
            pen = self._pens[code] = Pen(code, fill, {})
        return pen

    def style(self, code: str) -> Style:
        return self.styles[ord(code)]

    def remember(self, pen: Pen, control: str, after: Pen) -> None:
        """Take a short way next time the control meets the pen."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            self._steps = 0
            for known in self._pens.values():
                known.after.clear()
        pen.after[control] = after

    def restore(self, styles: list[Style], protected: list[int]) -> None:
        """Become what a dump holds."""
        self.__init__()  # type: ignore[misc]
        guarded = set(protected)
        for index, style in enumerate(styles):
            if index and not FIRST_SURROGATE <= index <= LAST_SURROGATE:
                self._add(style, index in guarded)


def _rounded(color: Color, levels: int) -> Color:
    if not isinstance(color, tuple):
        return color
    step = 255 // (levels - 1)
    red, green, blue = ((value + step // 2) // step * step for value in color)
    return red, green, blue
