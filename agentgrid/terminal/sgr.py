"""SGR: the parameters of ``CSI … m`` applied to a style.

Colours come in all spellings that are in use: ``38;5;n`` and ``38;2;r;g;b`` (semicolons), ``38:5:n``, ``38:2:r:g:b`` and
``38:2:colourspace:r:g:b`` (ITU T.416, colons). ``4:n`` is kitty's underline style, ``58``/``59`` the underline's colour.
An unknown parameter is skipped with its sub-parameters; a colour with a part missing or out of range changes nothing.

ECMA-48 8.3.117; ITU-T T.416 13.1.8; https://sw.kovidgoyal.net/kitty/underlines/
"""

from typing import Any

from agentgrid.terminal.style import DEFAULT_VALUES, FIELDS, Color, Style, Values

_LINK, _UNDERLINE = FIELDS["link"], FIELDS["underline"]
_COLORS = {38: FIELDS["foreground"], 48: FIELDS["background"], 58: FIELDS["underline_color"]}
_MAX_UNDERLINE = 5  # 4:5, dashed: kitty's extension knows no further shapes.


def _setting(number: int, **values: Any) -> tuple[int, tuple[tuple[int, Any], ...]]:
    return number, tuple((FIELDS[name], value) for name, value in values.items())


_SET: dict[int, tuple[tuple[int, Any], ...]] = dict(
    [
        _setting(1, bold=True),
        _setting(2, dim=True),
        _setting(3, italic=True),
        _setting(4, underline=1),
        _setting(5, blink=True),
        _setting(6, blink=True),
        _setting(7, reverse=True),
        _setting(8, conceal=True),
        _setting(9, strike=True),
        _setting(21, underline=2),
        _setting(22, bold=False, dim=False),
        _setting(23, italic=False),
        _setting(24, underline=0),
        _setting(25, blink=False),
        _setting(27, reverse=False),
        _setting(28, conceal=False),
        _setting(29, strike=False),
        _setting(39, foreground=None),
        _setting(49, background=None),
        _setting(53, overline=True),
        _setting(55, overline=False),
        _setting(59, underline_color=None),
        *(_setting(30 + n, foreground=n) for n in range(8)),
        *(_setting(40 + n, background=n) for n in range(8)),
        *(_setting(90 + n, foreground=8 + n) for n in range(8)),
        *(_setting(100 + n, background=8 + n) for n in range(8)),
    ]
)


_SINGLE = {str(number): setting for number, setting in _SET.items()}
_BYTES = {str(number): number for number in range(256)}
_TRUECOLOR = {f"{number};2;": field for number, field in _COLORS.items()}


def truecolor(before: Values, parameters: str) -> Values | None:
    """A pen's values after one RGB colour as nearly everybody writes it, which is most of what is never seen twice; else None."""
    field = _TRUECOLOR.get(parameters[:5])
    if field is None:
        return None
    try:
        red, green, blue = parameters[5:].split(";")
        color = _BYTES[red], _BYTES[green], _BYTES[blue]
    except (ValueError, KeyError):
        return None
    return (*before[:field], color, *before[field + 1 :])


def apply(before: Values, parameters: str) -> Values:
    """A pen's values after ``CSI parameters m``."""
    values = list(before)
    single = _SINGLE.get(parameters)
    if single is not None:
        for field, value in single:
            values[field] = value
        return tuple(values)
    words = parameters.split(";")
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        if ":" in word:
            _apply_with_colons(values, word)
            continue
        number = int(word) if word else 0
        if number == 0:
            values[:_LINK] = DEFAULT_VALUES[:_LINK]  # A link, and protection, are not SGR's.
        elif number in _COLORS:
            kind = words[position].lstrip("0") if position < len(words) else ""
            length = 4 if kind == "2" else 2 if kind == "5" else 1
            color = _color(words[position : position + length], colons=False)
            position += length
            if color is not None:
                values[_COLORS[number]] = color
        else:
            for field, value in _SET.get(number, ()):
                values[field] = value
    return tuple(values)


def _apply_with_colons(values: list[Any], word: str) -> None:
    head, *rest = word.split(":")
    number = int(head) if head else 0
    if number in _COLORS:
        color = _color(rest, colons=True)
        if color is not None:
            values[_COLORS[number]] = color
    elif number == 4 and len(rest) == 1 and rest[0].isdigit() and int(rest[0]) <= _MAX_UNDERLINE:
        values[_UNDERLINE] = int(rest[0])


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
