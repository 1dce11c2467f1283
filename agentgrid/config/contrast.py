"""How well a text can be read on its ground, as WCAG 2.2 measures it, and which pairs of a theme must be readable. Pure.

https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio: from 1, the same colour, to 21, black on white.
"""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

RGB: TypeAlias = tuple[int, int, int]

STATES = ("starting", "working", "blocked", "done", "idle", "limited", "error", "exited", "unknown")

TEXT_LEAST, HIGH_TEXT_LEAST = 4.5, 7.0  # WCAG AA and AAA for text of any size.
GLYPH_LEAST, HIGH_GLYPH_LEAST = 3.0, 4.5  # WCAG's least for what is not read but seen: glyphs, flags, one bold word.

PAGE = ("background", "surface")
ROWS = ("header", "status")

TEXTS: tuple[tuple[str, str], ...] = (
    *((text, ground) for text in ("text", "muted", "accent") for ground in (*PAGE, *ROWS)),
    *((text, ground) for text in ("added", "removed") for ground in PAGE),
    *((f"{ground}_text", ground) for ground in (*ROWS, "focus", "selection", "hit", "broadcast")),
)
"""Which of ``[ui]`` is read on which."""

GLYPHS: tuple[tuple[str, str], ...] = tuple((glyph, ground) for glyph in (*STATES, "conflict") for ground in (*PAGE, *ROWS, "focus"))

NEAR_GROUND = {True: ("black",), False: ("white", "bright_white")}
"""By dark: ANSI colours that are meant to be near the background; a program uses them for grounds, not for text."""


class Pair(NamedTuple):
    """Two colours by their dotted keys, what their contrast is and what it should be at least."""

    text: str
    ground: str
    ratio: float
    least: float


def luminance(color: RGB) -> float:
    """0 of black to 1 of white."""
    red, green, blue = (
        channel / 255 / 12.92 if channel / 255 <= 0.04045 else ((channel / 255 + 0.055) / 1.055) ** 2.4 for channel in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: RGB, other: RGB) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def pairs(ui: dict[str, RGB], terminal: dict[str, RGB], *, dark: bool, high: bool) -> Iterator[Pair]:
    """Every pair of a theme that somebody has to read."""
    text_least = HIGH_TEXT_LEAST if high else TEXT_LEAST
    glyph_least = HIGH_GLYPH_LEAST if high else GLYPH_LEAST
    for found, least in ((TEXTS, text_least), (GLYPHS, glyph_least)):
        for text, ground in found:
            yield Pair(f"ui.{text}", f"ui.{ground}", contrast(ui[text], ui[ground]), least)
    ground_color = terminal["background"]
    for name, color in terminal.items():
        if name != "background" and name not in NEAR_GROUND[dark]:
            least = text_least if name == "foreground" else glyph_least
            yield Pair(f"terminal.{name}", "terminal.background", contrast(color, ground_color), least)
