"""Parts to a row: roles get their styles from the style sheet, the row gets the same two forms as a pane's row. Pure, but for
the reading of a widget's styles.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.widget import Widget

from agentgrid.terminal.style import DEFAULT_STYLE, Style
from agentgrid.ui.look import RGB, Depth, Ink, Look, between, from_reset, ink
from agentgrid.ui.parts import Part, cells
from agentgrid.ui.render import UNPRINTABLE, Rendered, rich_style
from agentgrid.ui.row_strip import RowStrip


def draw(parts: Sequence[Part], styles: Mapping[str, Style], look: Look, column: int) -> RowStrip:
    """A row of parts whose first cell stands in window column ``column``."""
    base = ink(DEFAULT_STYLE, look)
    out: list[str] = []
    current, place, width = base, 0, 0
    spelled: list[tuple[str, Style]] = []
    for part in parts:
        text = UNPRINTABLE.sub(" ", part.text)
        style = styles.get(part.role, DEFAULT_STYLE)
        new = ink(style, look)
        if new != current:
            out.append(between(current, new))
            current = new
        out.append(text)
        width += cells(part.text)
        if not text.isascii():
            out.append(f"\x1b[{column + width + 1}G")  # What follows stands where it belongs, however wide this was drawn.
        spelled.append((text, style))
        place += len(text)
    if current != base:
        out.append(between(current, base))
    rendered = Rendered("".join(out), 0)
    return RowStrip(lambda: rendered, width, prefix(look), lambda: rich_parts(spelled, look))


def rich_parts(spelled: Iterable[tuple[str, Style]], look: Look) -> list[Segment]:
    return [Segment(text, rich_style(style, look)) for text, style in spelled if text]


@lru_cache(maxsize=64)
def prefix(look: Look) -> str:
    """What sets the base ink from any state."""
    return from_reset(base_ink(look))


def base_ink(look: Look) -> Ink:
    return ink(DEFAULT_STYLE, look)


CHIPS = frozenset({"prefix", "copy", "lost", "scrolled", "locked", "shared", "broadcast"})
"""Roles that stand out by their ground."""


def role_styles(
    widget: Widget, family: str, roles: Iterable[str], look: Look, *, strong: bool = False, ruled: bool = False
) -> dict[str, Style]:
    """The style sheet's styles of a widget's component classes ``FAMILY--ROLE``, by role.

    With sixteen colours or none, grounds do not tell rows apart: two that differ here may be one there, and hide the text.
    So there are none; ``strong`` rows are reverse, ``ruled`` ones are underlined from edge to edge.
    """
    styles = {role: style_of(widget.get_component_rich_style(f"{family}--{role}")) for role in roles}
    if look.depth > Depth.ANSI:
        return styles
    return {role: groundless(style, strong=strong or role in CHIPS, ruled=ruled) for role, style in styles.items()}


def groundless(style: Style, *, strong: bool, ruled: bool) -> Style:
    if strong:
        return Style(bold=True, reverse=True)
    return Style(foreground=style.foreground, bold=style.bold, italic=style.italic, underline=1 if ruled else style.underline)


def style_of(rich: RichStyle) -> Style:
    """A Rich style as one of ours."""
    return Style(
        foreground=rgb_of(rich.color),
        background=rgb_of(rich.bgcolor),
        bold=bool(rich.bold),
        dim=bool(rich.dim),
        italic=bool(rich.italic),
        underline=1 if rich.underline else 0,
        reverse=bool(rich.reverse),
        strike=bool(rich.strike),
    )


def rgb_of(color: RichColor | None) -> RGB | None:
    if color is None or color.is_default:
        return None
    red, green, blue = color.get_truecolor()
    return red, green, blue
