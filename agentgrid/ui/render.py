"""A line of a pane to what the outer terminal understands, and to Rich's segments. Pure; cached by the pane's ``RowCache``.

A rendered row begins and ends in the *base ink* (the theme's default colours, nothing else), so that a frame sets it once
and rows follow each other without a reset. The blanks at a row's end are counted, not spelled.

Nothing a program printed reaches the outer terminal as anything but printable characters: control and bidirectional
characters are replaced here, whatever the emulator has already done. Where terminals disagree about the width of a cluster
or an emoji, the cursor is set to the column that follows, so that the rest of the row and the neighbours stay in place.

Deviation: concealed text (SGR 8) is drawn as blanks, since not every terminal knows it.
"""

import re
import zlib
from collections.abc import Sequence
from typing import NamedTuple

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style as RichStyle

from agentgrid.terminal.row import FIRST_CLUSTER, WIDE_TAIL, Line
from agentgrid.terminal.style import DEFAULT_CODE, DEFAULT_STYLE, Style
from agentgrid.ui.look import Depth, Ink, Look, between, ink, resolved
from agentgrid.ui.uri import is_safe

RUN = re.compile(r"(.)\1*", re.DOTALL)
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u061c\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
CONTESTED = re.compile(
    f"[{chr(FIRST_CLUSTER)}-{chr(0x10FFFF)}]{WIDE_TAIL}?|[\U0001f000-\U0001faff]{WIDE_TAIL}?|[\u2300-\u2bff\ufe0f]{WIDE_TAIL}"
)
"""Cells whose width terminals disagree about."""


class Rendered(NamedTuple):
    """A row for the outer terminal: what to print, and how many blank cells in base ink follow."""

    text: str
    blank: int


class Span(NamedTuple):
    """Columns of a row that are highlighted: from ``start`` up to ``stop``. ``kind``: ``selection``, ``hit`` of a search, or ``link``."""

    start: int
    stop: int
    kind: str = "selection"


def render(
    line: Line,
    styles: Sequence[Style],
    clusters: Sequence[str],
    look: Look,
    width: int,
    *,
    column: int,
    owner: str = "",
    base: Ink | None = None,
    spans: Sequence[Span] = (),
) -> Rendered:
    """A line, ``width`` cells wide, whose first cell stands in window column ``column``.

    ``owner`` keeps the links of panes apart; ``base`` is the ink the row begins and ends in, the look's own by default.
    """
    base = base or ink(DEFAULT_STYLE, look)
    text, codes = fitted(line, width)
    if not spans and base == ink(DEFAULT_STYLE, look):
        end = max(len(text.rstrip(" ")), len(codes.rstrip(DEFAULT_CODE)))
    else:
        text, codes = text.ljust(width), codes.ljust(width, DEFAULT_CODE)
        end = width
    out: list[str] = []
    current, link = base, None
    for start, stop, code, marked in pieces(codes, end, spans):
        style = styles[ord(code)] if ord(code) < len(styles) else DEFAULT_STYLE
        new = ink(style, look)
        if marked:
            new = highlighted(new, look, marked)
        if style.link != link:
            link = style.link
            out.append(hyperlink(link, owner))
        if new != current:
            out.append(between(current, new))
            current = new
        piece = text[start:stop]
        if style.conceal:
            out.append(" " * (stop - start))
        elif piece.isascii() and piece.isprintable():
            out.append(piece)
        else:
            out.append(spelled(piece, clusters, column + start))
    if link is not None:
        out.append(hyperlink(None, owner))
    if current != base:
        out.append(between(current, base))
    if not look.erases:
        out.append(" " * (width - end))
        end = width
    return Rendered("".join(out), width - end)


def segments(
    line: Line, styles: Sequence[Style], clusters: Sequence[str], look: Look, width: int, spans: Sequence[Span] = ()
) -> list[Segment]:
    """The same for Rich: what is used where a row is cut by something above it, and in a screenshot. Curls become lines."""
    text, codes = fitted(line, width)
    text, codes = text.ljust(width), codes.ljust(width, DEFAULT_CODE)
    found = []
    for start, stop, code, marked in pieces(codes, width, spans):
        style = styles[ord(code)] if ord(code) < len(styles) else DEFAULT_STYLE
        piece = " " * (stop - start) if style.conceal else plain(text[start:stop], clusters)
        found.append(Segment(piece, rich_style(style, look, marked)))
    return found


def fitted(line: Line, width: int) -> tuple[str, str]:
    """Text and codes of equal length, cut to the width; a wide character that does not fit becomes a blank."""
    text, codes, _ = line
    if len(text) < len(codes):
        text = text.ljust(len(codes))
    elif len(codes) < len(text):
        codes = codes.ljust(len(text), DEFAULT_CODE)
    if len(text) > width:
        if text[width] == WIDE_TAIL:
            text = text[: width - 1] + " " if width else ""
        return text[:width], codes[:width]
    return text, codes


def pieces(codes: str, end: int, spans: Sequence[Span]) -> list[tuple[int, int, str, str]]:
    """Runs of one style code up to ``end``, cut where highlighted columns begin and end: (start, stop, code, kind of highlight).

    ``spans`` are in order and none is over another.
    """
    found = []
    for match in RUN.finditer(codes, 0, end):
        start, stop = match.span()
        code = match[1]
        for left, right, kind in spans:
            if right <= start or left >= stop:
                continue
            if left > start:
                found.append((start, left, code, ""))
            found.append((max(start, left), min(stop, right), code, kind))
            start = min(stop, right)
        if start < stop:
            found.append((start, stop, code, ""))
    return found


def layered(over: Span | None, under: Sequence[Span]) -> list[Span]:
    """Spans without overlap, in order: what is under another shows at its sides."""
    if over is None:
        return list(under)
    found = [over] if over.start < over.stop else []
    for span in under:
        for start, stop in ((span.start, min(span.stop, over.start)), (max(span.start, over.stop), span.stop)):
            if start < stop:
                found.append(span._replace(start=start, stop=stop))
    return sorted(found)


def spelled(piece: str, clusters: Sequence[str], column: int) -> str:
    """Cells as characters, with the cursor put right after those of contested width."""
    out = []
    place = 0
    for match in CONTESTED.finditer(piece):
        start, stop = match.span()
        out.append(plain(piece[place:start], clusters))
        if stop - start == 2:
            out.append("\x1b[2X")  # Where it is drawn narrower than it counts, nothing old may shine through.
        out.append(f"{plain(piece[start:stop], clusters)}\x1b[{column + stop + 1}G")
        place = stop
    out.append(plain(piece[place:], clusters))
    return "".join(out)


def plain(piece: str, clusters: Sequence[str]) -> str:
    """Cells as printable characters: tails left out, clusters spelled out, anything dangerous replaced by a blank."""
    if piece.isascii() and piece.isprintable():
        return piece
    first = chr(FIRST_CLUSTER)
    if any(character >= first for character in piece):
        piece = "".join(cluster(character, clusters) if character >= first else character for character in piece)
    return UNPRINTABLE.sub(" ", piece.replace(WIDE_TAIL, ""))


def cluster(character: str, clusters: Sequence[str]) -> str:
    """What a cluster's cell stands for, without what could disturb the outer terminal."""
    index = ord(character) - FIRST_CLUSTER
    if index >= len(clusters):
        return "\N{REPLACEMENT CHARACTER}"
    return UNPRINTABLE.sub("", clusters[index]) or " "


def highlighted(plain_ink: Ink, look: Look, kind: str) -> Ink:
    """The ink of marked text: another ground, or reverse where there are no colours for it; what was found is underlined then.

    A link is underlined.
    """
    if kind == "link":
        return plain_ink._replace(underline="4") if plain_ink.underline == "24" else plain_ink
    if look.depth < Depth.PALETTE:
        marked = plain_ink._replace(reverse=not plain_ink.reverse)
        return marked if kind == "selection" else marked._replace(underline="4")
    ground, text = grounds(look, kind)
    chosen = ink(Style(foreground=text, background=ground), look)
    return plain_ink._replace(reverse=False, background=chosen.background, foreground=chosen.foreground)


def grounds(look: Look, kind: str) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Ground and text of a highlight."""
    return (look.selection, look.selection_text) if kind == "selection" else (look.hit, look.hit_text)


def hyperlink(link: str | None, owner: str) -> str:
    """OSC 8. ``link`` is ``id;uri`` as the program sent it; ids of two panes never meet, and one is made where there is none."""
    if link is None:
        return "\x1b]8;;\x1b\\"
    name, _, uri = link.partition(";")
    if not is_safe(uri):
        return "\x1b]8;;\x1b\\"
    name = re.sub(r"[^A-Za-z0-9_.-]", "", name)[:64] or f"{zlib.crc32(uri.encode()):x}"
    return f"\x1b]8;id={owner}-{name};{uri}\x1b\\"


_RICH_STYLES: dict[tuple[Style, Look, str], RichStyle] = {}


def rich_style(style: Style, look: Look, marked: str = "") -> RichStyle:
    """A style for Rich, colours resolved by the theme, so that Textual's filters see what is really shown."""
    key = (style, look, marked)
    known = _RICH_STYLES.get(key)
    if known is None:
        if len(_RICH_STYLES) > 20_000:
            _RICH_STYLES.clear()
        ground, text = resolved(style.background, look, look.background), resolved(style.foreground, look, look.foreground)
        underlined, marked = marked == "link", marked if marked != "link" else ""
        if marked:
            ground, text = grounds(look, marked)
        reverse = style.reverse
        if marked:
            reverse = not style.reverse if look.depth is Depth.NONE else False
        known = _RICH_STYLES[key] = RichStyle(
            color=RichColor.from_rgb(*text) if look.depth else None,
            bgcolor=RichColor.from_rgb(*ground) if look.depth else None,
            bold=style.bold or None,
            dim=style.dim or None,
            italic=style.italic or None,
            blink=style.blink or None,
            reverse=reverse or None,
            strike=style.strike or None,
            overline=style.overline or None,
            underline=underlined or style.underline in (1, 3, 4, 5) or None,
            underline2=style.underline == 2 or None,
        )
    return known
