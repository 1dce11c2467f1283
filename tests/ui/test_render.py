"""Lines to rows for the outer terminal: shown by an emulator, they are what they were; nothing hostile gets through."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.geometry import Size
from agentgrid.terminal.pyte_emulator import PyteEmulator
from agentgrid.terminal.row import FIRST_CLUSTER, WIDE_TAIL, Line
from agentgrid.terminal.style import DEFAULT_STYLE, Style
from agentgrid.ui.chrome import prefix
from agentgrid.ui.look import Depth, Look
from agentgrid.ui.render import Span, render, segments

LOOK = Look(foreground=(200, 201, 202), background=(10, 11, 12), ansi=tuple((10 * n, n, n) for n in range(16)))
WIDTH = 20


def shown(
    line: Line, styles: list[Style], clusters: list[str], *, width: int = WIDTH, column: int = 0, span: Span | None = None
) -> PyteEmulator:
    """An outer terminal that was sent the row, over a row of rubbish."""
    outer = PyteEmulator(Size(columns=60, rows=2))
    outer.feed(b"\x1b[31;44m" + b"#" * 60)
    row = render(line, styles, clusters, LOOK, width, column=column, spans=[span] if span else [])
    outer.feed(f"\x1b[1;{column + 1}H{prefix(LOOK)}{row.text}{' ' * row.blank}\x1b[m|".encode())
    return outer


def text_of(outer: PyteEmulator) -> str:
    return "".join(run.text for run in outer.row(outer.lines[0]))


COLORS = st.none() | st.integers(0, 255) | st.tuples(*[st.integers(0, 255)] * 3)
STYLES = st.builds(
    Style,
    foreground=COLORS,
    background=COLORS,
    bold=st.booleans(),
    dim=st.booleans(),
    italic=st.booleans(),
    blink=st.booleans(),
    reverse=st.booleans(),
    strike=st.booleans(),
    overline=st.booleans(),
    underline=st.integers(0, 5),
)
CELLS = st.sampled_from(["a", "Z", "~", " ", "é", "─", "日" + WIDE_TAIL, "✔", chr(FIRST_CLUSTER), chr(FIRST_CLUSTER + 1) + WIDE_TAIL])
CLUSTERS = ["e\u0301", "👨‍👩‍👧"]


@st.composite
def lines(draw: st.DrawFn) -> tuple[Line, list[Style]]:
    """A line of any cells in any of three styles."""
    styles = [DEFAULT_STYLE, draw(STYLES), draw(STYLES)]
    text, codes = "", ""
    for cell in draw(st.lists(CELLS, max_size=12)):
        text += cell
        codes += chr(draw(st.integers(0, 2))) * len(cell)
    return Line(text, codes), styles


@given(lines())
def test_what_is_shown_is_what_was_there(made: tuple[Line, list[Style]]) -> None:
    line, styles = made
    outer = shown(line, styles, CLUSTERS)
    there = outer.lines[0]
    cells = [there.text[n] for n in range(WIDTH)]
    expected = line.text.ljust(WIDTH)
    for column, cell in enumerate(expected):
        if cell >= chr(FIRST_CLUSTER):
            assert outer.clusters[ord(cells[column]) - FIRST_CLUSTER] == CLUSTERS[ord(cell) - FIRST_CLUSTER]
        else:
            assert cells[column] == cell
        code = line.styles[column] if column < len(line.styles) else "\0"
        style, got = styles[ord(code)], outer.styles[ord(there.styles[column])]
        assert (got.bold, got.dim, got.italic, got.blink, got.reverse, got.strike, got.overline, got.underline) == (
            style.bold, style.dim, style.italic, style.blink, style.reverse, style.strike, style.overline, style.underline,
        )  # fmt: skip
    assert text_of(outer).rstrip("#").endswith("|")


@given(lines(), st.integers(1, 15))
def test_a_row_is_never_wider_than_its_width(made: tuple[Line, list[Style]], width: int) -> None:
    line, styles = made
    outer = shown(line, styles, CLUSTERS, width=width, column=3)
    assert outer.lines[0].text[:3] == "###"
    assert outer.lines[0].text[3 + width] == "|"
    assert outer.lines[0].text[4 + width :] == "#" * (60 - 4 - width)


@given(lines(), st.integers(1, 15))
def test_segments_say_the_same(made: tuple[Line, list[Style]], width: int) -> None:
    line, styles = made
    outer = shown(line, styles, CLUSTERS, width=width)
    assert "".join(segment.text for segment in segments(line, styles, CLUSTERS, LOOK, width)) == text_of(outer).partition("|")[0]


SEQUENCE = re.compile(r"\x1b(?:\[[0-9:;]*[mGX]|\]8;[ -~]*\x1b\\)")


@given(st.text(max_size=20), st.lists(st.text(max_size=4), max_size=3))
def test_nothing_printed_becomes_a_control(text: str, clusters: list[str]) -> None:
    text += chr(FIRST_CLUSTER) * len(clusters)
    row = render(Line(text, "\0" * len(text)), [DEFAULT_STYLE], clusters, LOOK, 40, column=0)
    rest = SEQUENCE.sub("", row.text)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", rest)


@pytest.mark.parametrize(
    "link",
    [
        pytest.param("x;http://a/\x1b]0;owned\x07", id="a sequence in the address"),
        pytest.param("x;", id="no address"),
        pytest.param("x;http://a/" + "b" * 5000, id="a very long one"),
        pytest.param("x;http://a/日本", id="not ASCII"),
    ],
)
def test_a_link_that_is_none_is_left_out(link: str) -> None:
    row = render(Line("here", "\1" * 4), [DEFAULT_STYLE, Style(link=link)], [], LOOK, 10, column=0)
    assert row.text == "\x1b]8;;\x1b\\here\x1b]8;;\x1b\\"


def test_links_of_two_panes_stay_apart() -> None:
    styles = [DEFAULT_STYLE, Style(link="id1;http://a/")]
    one, other = (render(Line("here", "\1" * 4), styles, [], LOOK, 10, column=0, owner=owner).text for owner in ("p1", "p2"))
    assert one.startswith("\x1b]8;id=p1-id1;http://a/\x1b\\")
    assert other.startswith("\x1b]8;id=p2-id1;http://a/\x1b\\")


def test_a_link_without_a_name_gets_one_by_its_address() -> None:
    styles = [DEFAULT_STYLE, Style(link=";http://a/"), Style(link=";http://b/")]
    names = [
        re.findall(r"8;id=([^;]+);", render(Line("ab", code * 2), styles, [], LOOK, 10, column=0, owner="p1").text) for code in "\1\1\2"
    ]
    assert names[0] == names[1] != names[2]
    assert len(names[0]) == 1


def test_concealed_text_is_blank() -> None:
    row = render(Line("secret", "\1" * 6), [DEFAULT_STYLE, Style(conceal=True)], [], LOOK, 10, column=0)
    assert "secret" not in row.text


def test_a_wide_character_at_the_edge_is_left_out() -> None:
    row = render(Line("ab日" + WIDE_TAIL, "\0" * 4), [DEFAULT_STYLE], [], LOOK, 3, column=0)
    assert row == ("ab", 1)


def test_what_terminals_draw_differently_does_not_move_the_rest() -> None:
    row = render(Line(chr(FIRST_CLUSTER) + WIDE_TAIL + "x", "\0" * 3), [DEFAULT_STYLE], ["👨‍👩‍👧"], LOOK, 10, column=30)
    assert row.text == "\x1b[2X👨‍👩‍👧\x1b[33Gx"


def test_blanks_at_the_end_are_counted() -> None:
    assert render(Line("ab   ", "\0" * 5), [DEFAULT_STYLE], [], LOOK, 10, column=0) == ("ab", 8)


def test_blanks_at_the_end_are_spelled_where_erasing_would_leave_them_bare() -> None:
    row = render(Line("ab   ", "\0" * 5), [DEFAULT_STYLE], [], LOOK._replace(erases=False), 10, column=0)
    assert row == ("ab        ", 0)


def test_a_ground_at_the_end_is_drawn() -> None:
    row = render(Line("ab   ", "\0\0\1\1\1"), [DEFAULT_STYLE, Style(background=1)], [], LOOK, 10, column=0)
    assert row.blank == 5
    assert row.text.startswith("ab\x1b[48;2;10;1;1m   ")


def test_a_marked_span() -> None:
    outer = shown(Line("hello", "\0" * 5), [DEFAULT_STYLE], [], span=Span(1, 7))
    grounds = [outer.styles[ord(code)].background for code in outer.lines[0].styles[:8]]
    assert grounds == [LOOK.background, *[LOOK.selection] * 6, LOOK.background]


def test_a_marked_span_without_colours_is_reversed() -> None:
    row = render(Line("hello", "\0" * 5), [DEFAULT_STYLE], [], LOOK._replace(depth=Depth.NONE), 5, column=0, spans=[Span(1, 3)])
    assert row.text == "h\x1b[7mel\x1b[27mlo"


def test_a_reversed_screen() -> None:
    outer = PyteEmulator(Size(columns=10, rows=1))
    row = render(Line("a", "\0"), [DEFAULT_STYLE], [], LOOK.reversed(), 3, column=0, base=None)
    outer.feed(f"{prefix(LOOK.reversed())}{row.text}{' ' * row.blank}".encode())
    assert [outer.styles[ord(code)].background for code in outer.lines[0].styles[:3]] == [LOOK.foreground] * 3
