"""SGR: the parameters of ``CSI … m`` applied to a style.

Colours come in all spellings that are in use: ``38;5;n`` and ``38;2;r;g;b`` (semicolons), ``38:5:n``, ``38:2:r:g:b`` and
``38:2:colourspace:r:g:b`` (ITU T.416, colons). ``4:n`` is kitty's underline style, ``58``/``59`` the underline's colour.
An unknown parameter is skipped with its sub-parameters; a colour with a part missing or out of range changes nothing.

ECMA-48 8.3.117; ITU-T T.416 13.1.8; https://sw.kovidgoyal.net/kitty/underlines/
"""

from typing import Any

from agentgrid.terminal.style import DEFAULT_STYLE, Color, Style

_SET: dict[int, dict[str, Any]] = {
    1: {"bold": True},
    2: {"dim": True},
    3: {"italic": True},
    4: {"underline": 1},
    5: {"blink": True},
    6: {"blink": True},
    7: {"reverse": True},
    8: {"conceal": True},
    9: {"strike": True},
    21: {"underline": 2},
    22: {"bold": False, "dim": False},
    23: {"italic": False},
    24: {"underline": 0},
    25: {"blink": False},
    27: {"reverse": False},
    28: {"conceal": False},
    29: {"strike": False},
    39: {"foreground": None},
    49: {"background": None},
    53: {"overline": True},
    55: {"overline": False},
    59: {"underline_color": None},
    **{30 + n: {"foreground": n} for n in range(8)},
    **{40 + n: {"background": n} for n in range(8)},
    **{90 + n: {"foreground": 8 + n} for n in range(8)},
    **{100 + n: {"background": 8 + n} for n in range(8)},
}
_COLORS = {38: "foreground", 48: "background", 58: "underline_color"}
_MAX_UNDERLINE = 5


def apply(style: Style, parameters: str) -> Style:
    """The style after ``CSI parameters m``."""
    values = {name: getattr(style, name) for name in Style.__struct_fields__}
    defaults = {name: getattr(DEFAULT_STYLE, name) for name in Style.__struct_fields__ if name != "link"}
    words = parameters.split(";")
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        head, colon, rest = word.partition(":")
        number = int(head) if head else 0
        if number == 0:
            values.update(defaults)
        elif number in _COLORS:
            if colon:
                color = _color(rest.split(":"), colons=True)
            else:
                kind = words[position] if position < len(words) else ""
                length = {"5": 2, "2": 4}.get(kind.lstrip("0"), 1)
                color = _color(words[position : position + length], colons=False)
                position += length
            if color is not None:
                values[_COLORS[number]] = color
        elif number == 4 and colon:
            if rest.isdigit() and int(rest) <= _MAX_UNDERLINE:
                values["underline"] = int(rest)
        elif not colon:
            values.update(_SET.get(number, {}))
    return Style(**values)


def _color(words: list[str], *, colons: bool) -> Color:
    """A colour from its parameters after 38, 48 or 58; None when it is none."""
    try:
        numbers = [int(word) if word else 0 for word in words]
    except ValueError:
        return None  # A colon inside semicolons.
    match numbers:
        case [5, index, *_] if index <= 255:
            return index
        case [2, red, green, blue] if max(red, green, blue) <= 255:
            return red, green, blue
        case [2, _, red, green, blue, *_] if colons and max(red, green, blue) <= 255:
            return red, green, blue
    return None


def parameters(style: Style) -> str:
    """The parameters that set a style from any state, as DECRQSS reports them."""
    words = ["0"]
    flags = {"bold": "1", "dim": "2", "italic": "3", "blink": "5", "reverse": "7", "conceal": "8", "strike": "9", "overline": "53"}
    words += [word for name, word in flags.items() if getattr(style, name)]
    if style.underline:
        words.append("4" if style.underline == 1 else f"4:{style.underline}")
    for number, color in ((30, style.foreground), (40, style.background), (50, style.underline_color)):
        if isinstance(color, tuple):
            words.append(f"{number + 8}:2::{color[0]}:{color[1]}:{color[2]}")
        elif color is not None and (color > 15 or number == 50):
            words.append(f"{number + 8}:5:{color}")
        elif color is not None:
            words.append(str(number + color if color < 8 else number + 52 + color))
    return ";".join(words)
