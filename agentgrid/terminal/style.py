"""How a cell looks: frozen, comparable styles, and the table that gives each a code.

A screen holds a style for every cell, so a cell holds a *code*: one character whose code point is the style's
index in the pane's ``StyleTable``. A row's styles are then one string, sliced and compared at C speed.
Code ``"\\0"`` is always the default style.

A code also carries what is no matter of looks: whether the cell is protected (DECSCA). Two codes may thus stand for one style.

The table belongs to one emulator: what a program makes of it is that pane's loss. It grows, up to ``MAX_CODES``, until it is
swept (``sweeping``); from ``MAX_STYLES`` on, colours are rounded, so that a program that never repeats itself, and whose rows are
all kept, runs out of neither codes nor memory.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias, overload

import msgspec

Color: TypeAlias = int | tuple[int, int, int] | None
"""``None`` is the terminal's default; 0…255 a palette entry; a triple is RGB, 0…255 each."""

FIRST_SURROGATE, LAST_SURROGATE = 0xD800, 0xDFFF
MAX_STYLES = 60_000  # Enough for any program's gradients; beyond it RGB is rounded, so that no program can exhaust memory.
MAX_CODES = 0xFFF0  # Row styles stay within two bytes a cell; a new style may bring two others with it.
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


Values: TypeAlias = tuple[Any, ...]
"""The fields of a style in order, and whether the cell is protected: what a pen is known by."""

DEFAULT_VALUES: Values = (*msgspec.structs.astuple(DEFAULT_STYLE), False)
FIELDS = {name: index for index, name in enumerate((*Style.__struct_fields__, "protected"))}
_BACKGROUND, _LINK, _PROTECTED = FIELDS["background"], FIELDS["link"], FIELDS["protected"]


class Pen(msgspec.Struct, eq=False):
    """A style to write with. Owned by its table, one a code; ``after`` is filled as SGR sequences are met."""

    code: str
    fill: str
    """The code of what it leaves when it erases: blank, in its background (BCE)."""
    values: Values
    after: "Mapping[str, Pen]"
    """The pen that an SGR sequence makes of this one."""
    met: bool = False
    reset: "Pen | None" = None
    """The pen after SGR 0, which leaves link and protection as they are; None for itself."""


_NOTHING: Mapping[str, Pen] = MappingProxyType({})  # A dictionary for each pen that is used once would be most of the work.


class Styles(Sequence[Style]):
    """The styles of a table, each made when it is asked for: most are asked for once, to be sent."""

    def __init__(self, table: "StyleTable") -> None:
        self._table = table

    def __len__(self) -> int:
        return len(self._table)

    @overload
    def __getitem__(self, code: int) -> Style: ...
    @overload
    def __getitem__(self, code: slice) -> list[Style]: ...
    def __getitem__(self, code: int | slice) -> Style | list[Style]:
        return list(map(_made, self._table.pens[code])) if isinstance(code, slice) else _made(self._table.pens[code])


def _made(pen: Pen) -> Style:
    return Style(*pen.values[:_PROTECTED])


class StyleTable:
    """Styles by code, pens by style. Owned by one emulator; only grows between two ``renew``."""

    def __init__(self) -> None:
        self.sweep_at = 0
        """How many styles have to be ``wanted`` before somebody looks for those that are not in use."""
        self._begin()

    def _begin(self) -> None:
        self.protected: set[str] = set()
        self.pens: list[Pen] = []
        """Pen by code; the surrogates' places are padding."""
        self._by_values: dict[Values, Pen] = {}
        self._link_bytes = 0
        self._steps = 0
        self._refused = 0
        self.pen_of(DEFAULT_VALUES)

    @property
    def styles(self) -> Styles:
        """Style by code."""
        return Styles(self)

    def __len__(self) -> int:
        return len(self.pens)

    @property
    def wanted(self) -> int:
        """How many styles there are, or would be if all were as asked for."""
        return len(self.pens) + self._refused

    def _part(self) -> None:
        """The pens know each other, and would wait for the collector, which comes seldom."""
        for pen in self.pens:
            pen.after, pen.reset = _NOTHING, None

    __del__ = _part

    def renew(self, used: Iterable[str]) -> dict[int, str]:
        """Keep the styles of these codes alone, and give each a new code: by the old code's number."""
        kept = [(ord(code), self.pens[ord(code)].values) for code in sorted(used)]
        self._part()
        self._begin()
        return {number: self.pen_of(values).code for number, values in kept}

    def pen_of(self, values: Values) -> Pen:
        """The pen of a style; near MAX_STYLES that of one which is much like it."""
        found = self._by_values.get(values)
        if found is not None:
            return found
        if len(self.pens) >= MAX_STYLES:
            self._refused += 1
            return self._nearest(values)
        link = values[_LINK]
        if link is not None:
            self._link_bytes += len(link) * 4
            if self._link_bytes > MAX_LINK_BYTES:
                self._refused += 1
                return self.pen_of(_with(values, _LINK, None))
        return self._add(values)

    def _add(self, values: Values) -> Pen:
        background = values[_BACKGROUND]
        if background is None:
            fill = DEFAULT_CODE
        elif (blank := _with(DEFAULT_VALUES, _BACKGROUND, background)) == values:
            fill = ""
        elif blank in self._by_values or len(self.pens) < MAX_CODES - 1:
            fill = (self._by_values.get(blank) or self._add(blank)).code
        else:
            fill = DEFAULT_CODE
        if values[_LINK] is None and not values[_PROTECTED]:
            reset = self.pens[0] if self.pens else None
        else:
            plain = (*DEFAULT_VALUES[:_LINK], *values[_LINK:])
            reset = self.pen_of(plain) if plain != values else None
        code = chr(len(self.pens))
        pen = Pen(code, fill or code, values, _NOTHING, False, reset)
        self.pens.append(pen)
        self._by_values[values] = pen
        if values[_PROTECTED]:
            self.protected.add(code)
        if len(self.pens) == FIRST_SURROGATE:
            self.pens += [self.pens[0]] * (LAST_SURROGATE - FIRST_SURROGATE + 1)
        return pen

    def _nearest(self, values: Values) -> Pen:
        """The pen of a coarser style that is known or may still be added; at worst the default."""
        for levels in (4, 2):
            coarse = tuple(_rounded(value, levels) if isinstance(value, tuple) else value for value in _with(values, _LINK, None))
            found = self._by_values.get(coarse)
            if found is not None:
                return found
            if len(self.pens) < MAX_CODES:
                return self._add(coarse)
        return self.pens[0]

    def pen(self, code: str) -> Pen:
        """The pen that writes in a code."""
        return self.pens[ord(code)]

    def pen_with(self, pen: Pen, field: str, value: Any) -> Pen:
        """The pen that differs from another in one field."""
        return self.pen_of(_with(pen.values, FIELDS[field], value))

    def style(self, code: str) -> Style:
        return _made(self.pens[ord(code)])

    def remember(self, pen: Pen, control: str, after: Pen) -> None:
        """Take a short way next time the control meets the pen, if the pen is one that comes again."""
        if not pen.met:
            pen.met = True
            return
        self._steps += 1
        if self._steps > MAX_STEPS:
            self._steps = 0
            for known in self.pens:
                known.after = _NOTHING
                known.met = False
        if isinstance(pen.after, dict):
            pen.after[control] = after
        else:
            pen.after = {control: after}

    def restore(self, styles: list[Style], protected: list[int]) -> None:
        """Become what a dump holds. Only for a table that is new."""
        guarded = set(protected)
        for index, style in enumerate(styles):
            if index == len(self.pens):
                self._add((*msgspec.structs.astuple(style), index in guarded))


def _with(values: Values, field: int, value: Any) -> Values:
    return (*values[:field], value, *values[field + 1 :])


def _rounded(color: tuple[int, int, int], levels: int) -> tuple[int, int, int]:
    step = 255 // (levels - 1)
    red, green, blue = ((value + step // 2) // step * step for value in color)
    return red, green, blue
