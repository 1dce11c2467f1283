"""How colours and attributes reach the outer terminal: what it can show, and what the theme says a pane looks like.

A pane's default colours and the first sixteen are the theme's, so a pane looks the same in every terminal that has
enough colours. ``Ink`` is a style made ready for that terminal: colours are the parameters of an SGR sequence already.
Pure: what the terminal can do is read from an environment that is passed in.

Spec: ECMA-48 8.3.117 (SGR); xterm ctlseqs for 38/48; kitty's underline page for ``4:3`` and ``58:2``.
"""

import enum
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from agentgrid.terminal.style import Color, Style

RGB: TypeAlias = tuple[int, int, int]


class Depth(enum.IntEnum):
    """How many colours there are."""

    NONE = 0
    ANSI = 16
    PALETTE = 256
    TRUE = 1 << 24


class Look(NamedTuple):
    """What every row is drawn with. Part of every cache's key."""

    foreground: RGB = (0xD0, 0xD0, 0xD0)
    background: RGB = (0x10, 0x10, 0x10)
    ansi: tuple[RGB, ...] = ()
    selection: RGB = (0x40, 0x50, 0x70)
    selection_text: RGB = (0xF0, 0xF0, 0xF0)
    hit: RGB = (0xD0, 0xB0, 0x30)
    hit_text: RGB = (0x20, 0x20, 0x10)
    depth: Depth = Depth.TRUE
    underlines: bool = True
    """The terminal knows curly, dotted and dashed underlines, and colours for them."""
    erases: bool = True
    """Cells that are erased get the ground of the ink (terminfo's ``bce``): blanks may be erased."""

    def reversed(self) -> "Look":
        """The defaults swapped: DECSCNM, reverse screen."""
        return self._replace(foreground=self.background, background=self.foreground)


class Ink(NamedTuple):
    """A style for one outer terminal. Colours are SGR parameters, ``39`` and ``49`` where the terminal's own is meant."""

    foreground: str
    background: str
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: str = "24"
    underline_color: str = "59"
    blink: bool = False
    reverse: bool = False
    strike: bool = False
    overline: bool = False


RICH_TERMS = ("kitty", "ghostty", "alacritty", "foot", "wezterm", "contour", "rio", "-direct", "-truecolor")
RICH_PROGRAMS = {"iTerm.app", "WezTerm", "ghostty", "vscode", "Hyper", "rio", "WarpTerminal"}
PLAIN_UNDERLINE_TERMS = ("linux", "screen", "rxvt", "vt")
BARE_ERASE_TERMS = ("screen", "vt", "ansi", "sun", "wy", "dumb")
COLOURLESS_TERMS = {"", "dumb", "unknown", "vt100", "vt102", "vt220", "xterm-mono"}


def depth_of(environment: Mapping[str, str]) -> Depth:
    """How many colours the terminal of this environment shows; ``NO_COLOR`` wins (https://no-color.org)."""
    term = environment.get("TERM", "")
    if environment.get("NO_COLOR") or term in COLOURLESS_TERMS:
        return Depth.NONE
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return Depth.TRUE
    if "WT_SESSION" in environment or environment.get("TERM_PROGRAM") in RICH_PROGRAMS or any(part in term for part in RICH_TERMS):
        return Depth.TRUE
    return Depth.PALETTE if "256" in term else Depth.ANSI


def underlines_of(environment: Mapping[str, str]) -> bool:
    """Whether ``CSI 4:3 m`` is safe: old terminals read it as something else."""
    if environment.get("TERM_PROGRAM") == "Apple_Terminal":
        return False
    return "TMUX" in environment or not environment.get("TERM", "").startswith(PLAIN_UNDERLINE_TERMS)


def erases_of(environment: Mapping[str, str]) -> bool:
    """Whether erased cells get the ground. GNU screen and old terminals leave them bare; what calls itself screen may be it."""
    return not environment.get("STY") and not environment.get("TERM", "").startswith(BARE_ERASE_TERMS)


@lru_cache(maxsize=4096)
def ink(style: Style, look: Look) -> Ink:
    """A style made ready. Concealed text is left out by whoever prints it, since not every terminal knows SGR 8."""
    underline = "24" if not style.underline else "4" if style.underline == 1 or not look.underlines else f"4:{style.underline}"
    colored = look.underlines and style.underline and style.underline_color is not None
    return Ink(
        foreground=parameters(look.foreground if style.foreground is None else style.foreground, look, default=style.foreground is None),
        background=parameters(
            look.background if style.background is None else style.background, look, default=style.background is None, back=True
        ),
        bold=style.bold,
        dim=style.dim,
        italic=style.italic,
        underline=underline,
        underline_color=_underline_color(style.underline_color, look) if colored else "59",
        blink=style.blink,
        reverse=style.reverse,
        strike=style.strike,
        overline=style.overline,
    )


@lru_cache(maxsize=4096)
def between(before: Ink, after: Ink) -> str:
    """The shortest SGR sequence that leads from one ink to the other; empty when they are the same."""
    codes: list[str] = []
    faint = (before.bold and not after.bold) or (before.dim and not after.dim)
    if faint:
        codes.append("22")
    if after.bold and (faint or not before.bold):
        codes.append("1")
    if after.dim and (faint or not before.dim):
        codes.append("2")
    for name, on, off in (
        ("italic", "3", "23"),
        ("blink", "5", "25"),
        ("reverse", "7", "27"),
        ("strike", "9", "29"),
        ("overline", "53", "55"),
    ):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            codes.append(on if new else off)
    for name in ("underline", "underline_color", "foreground", "background"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            codes.append(new)
    return f"\x1b[{';'.join(codes)}m" if codes else ""


@lru_cache(maxsize=64)
def from_reset(after: Ink) -> str:
    """The sequence that leads to an ink from any state."""
    return "\x1b[m" + between(Ink("39", "49"), after)


def resolved(color: Color, look: Look, default: RGB) -> RGB:
    """A colour as red, green and blue, as the theme has it."""
    match color:
        case None:
            return default
        case int(index):
            return palette(index, look)
        case _:
            return color


def parameters(color: int | RGB, look: Look, *, default: bool = False, back: bool = False) -> str:
    """The SGR parameters of a colour in the depth of the terminal."""
    base = 40 if back else 30
    match look.depth:
        case Depth.NONE:
            return f"{base + 9}"
        case Depth.ANSI:
            if default:
                return f"{base + 9}"
            index = color if isinstance(color, int) and color < 16 else to_ansi(resolved(color, look, look.foreground))
            return f"{base + index}" if index < 8 else f"{base + 52 + index}"
        case Depth.PALETTE:
            if isinstance(color, int) and (color >= 16 or not look.ansi):
                return f"{base + 8};5;{color}"
            return f"{base + 8};5;{to_palette(palette(color, look) if isinstance(color, int) else color)}"
        case Depth.TRUE:
            red, green, blue = palette(color, look) if isinstance(color, int) else color
            return f"{base + 8};2;{red};{green};{blue}"


def palette(index: int, look: Look) -> RGB:
    """The colour of a palette entry: the theme's for the first 16, xterm's beyond."""
    if index < 16:
        return look.ansi[index] if index < len(look.ansi) else XTERM_ANSI[index]
    if index < 232:
        index -= 16
        return CUBE[index // 36], CUBE[index // 6 % 6], CUBE[index % 6]
    grey = 8 + 10 * (index - 232)
    return grey, grey, grey


@lru_cache(maxsize=4096)
def to_palette(color: RGB) -> int:
    """The nearest of entries 16…255."""
    cube = tuple(min(range(6), key=lambda step: abs(CUBE[step] - channel)) for channel in color)
    grey = max(0, min(23, round((sum(color) / 3 - 8) / 10)))
    as_cube = (CUBE[cube[0]], CUBE[cube[1]], CUBE[cube[2]])
    as_grey = (8 + 10 * grey,) * 3
    if distance(color, as_grey) < distance(color, as_cube):
        return 232 + grey
    return 16 + 36 * cube[0] + 6 * cube[1] + cube[2]


@lru_cache(maxsize=4096)
def to_ansi(color: RGB) -> int:
    """The entry of the first 16 that says the same: by its hue, where it has one. The nearest would be a grey most of the time."""
    most, least = max(color), min(color)
    if most < BLACK_BELOW:
        return 0
    if most < DARK_BELOW or most - least < most * PALE_BELOW:
        return 8 if most < 130 else 7 if most < 215 else 15
    middle = (most + least) / 2
    hue = sum(1 << bit for bit, channel in enumerate(color) if channel > middle)
    return hue + (8 if most > 190 else 0)


def distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """How far apart two colours look: squared, weighted as the eye does (redmean's constants, rounded)."""
    red, green, blue = (one[channel] - other[channel] for channel in range(3))
    return 3 * red * red + 4 * green * green + 2 * blue * blue


def _underline_color(color: Color, look: Look) -> str:
    if look.depth is Depth.NONE or color is None:
        return "59"
    if look.depth is Depth.TRUE:
        red, green, blue = resolved(color, look, look.foreground)
        return f"58:2::{red}:{green}:{blue}"
    return f"58:5:{color if isinstance(color, int) else to_palette(color)}"


BLACK_BELOW, DARK_BELOW = 40, 72  # Of the strongest channel: black, and a dark ground that is not.
PALE_BELOW = 0.22  # Of the difference between the channels: as good as grey.
CUBE = (0, 95, 135, 175, 215, 255)
XTERM_ANSI: tuple[RGB, ...] = (
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
