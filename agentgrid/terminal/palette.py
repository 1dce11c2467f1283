"""Colours as X names them: parsing specifications, writing answers, and a program's own palette.

XParseColor's ``rgb:`` and ``#`` forms (one to four digits a part), the names that are in use, and nothing more.
"""

import re
from typing import TypeAlias

RGB: TypeAlias = tuple[int, int, int]

_RGB = re.compile(r"rgb:([0-9a-f]{1,4})/([0-9a-f]{1,4})/([0-9a-f]{1,4})\Z", re.IGNORECASE).match
_RGBA = re.compile(r"rgba:([0-9a-f]{1,4})/([0-9a-f]{1,4})/([0-9a-f]{1,4})/[0-9a-f]{1,4}\Z", re.IGNORECASE).match
_SHARP = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{9}|[0-9a-f]{12})\Z", re.IGNORECASE).match
_INTENSITIES = re.compile(r"rgbi:([0-9.]+)/([0-9.]+)/([0-9.]+)\Z", re.IGNORECASE).match
_NAMES: dict[str, RGB] = {
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "red": (255, 0, 0),
    "green": (0, 255, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "magenta": (255, 0, 255),
    "cyan": (0, 255, 255),
    "gray": (190, 190, 190),
    "grey": (190, 190, 190),
    "orange": (255, 165, 0),
    "brown": (165, 42, 42),
    "pink": (255, 192, 203),
    "purple": (160, 32, 240),
    "violet": (238, 130, 238),
}

_ANSI: tuple[RGB, ...] = (
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
)
_STEPS = (0, 95, 135, 175, 215, 255)


def default_color(index: int) -> RGB:
    """xterm's colour of a palette entry."""
    if index < 16:
        return _ANSI[index]
    if index < 232:
        index -= 16
        return _STEPS[index // 36], _STEPS[index // 6 % 6], _STEPS[index % 6]
    level = 8 + (index - 232) * 10
    return level, level, level


def parse(text: str) -> RGB | None:
    """A colour specification, or None."""
    if match := _RGB(text) or _RGBA(text):
        red, green, blue = (int(part, 16) * 255 // (16 ** len(part) - 1) for part in match.groups())
        return red, green, blue
    if _SHARP(text):
        digits = (len(text) - 1) // 3
        parts = [text[1 + i * digits : 1 + (i + 1) * digits] for i in range(3)]
        red, green, blue = (int((part + "0")[:2], 16) for part in parts)  # The most significant digits: #fff is f0f0f0.
        return red, green, blue
    if match := _INTENSITIES(text):
        try:
            red, green, blue = (min(255, round(float(part) * 255)) for part in match.groups())
        except ValueError:
            return None
        return red, green, blue
    return _NAMES.get(text.replace(" ", "").lower())


def answer(color: RGB) -> str:
    """A colour as OSC replies give it: four digits a part."""
    return "rgb:" + "/".join(f"{part:02x}{part:02x}" for part in color)
