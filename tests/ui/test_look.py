"""Colours and attributes for the outer terminal: how many there are, the way from one ink to the next, what is nearest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.terminal.style import Style
from agentgrid.ui.look import Depth, Ink, Look, between, depth_of, erases_of, from_reset, ink, palette, to_ansi, to_palette, underlines_of

XTERM = {"TERM": "xterm-256color"}


@pytest.mark.parametrize(
    ("environment", "depth"),
    [
        pytest.param({**XTERM, "COLORTERM": "truecolor"}, Depth.TRUE, id="COLORTERM truecolor"),
        pytest.param({**XTERM, "COLORTERM": "24bit"}, Depth.TRUE, id="COLORTERM 24bit"),
        pytest.param(XTERM, Depth.PALETTE, id="256color"),
        pytest.param({"TERM": "xterm"}, Depth.ANSI, id="xterm"),
        pytest.param({"TERM": "linux"}, Depth.ANSI, id="the Linux console"),
        pytest.param({"TERM": "xterm-kitty"}, Depth.TRUE, id="kitty says it by its name"),
        pytest.param({"TERM": "xterm-ghostty"}, Depth.TRUE, id="ghostty"),
        pytest.param({"TERM": "alacritty"}, Depth.TRUE, id="alacritty"),
        pytest.param({"TERM": "xterm-direct"}, Depth.TRUE, id="direct"),
        pytest.param({**XTERM, "TERM_PROGRAM": "iTerm.app"}, Depth.TRUE, id="iTerm2"),
        pytest.param({**XTERM, "WT_SESSION": "1"}, Depth.TRUE, id="Windows Terminal"),
        pytest.param({**XTERM, "COLORTERM": "truecolor", "NO_COLOR": "1"}, Depth.NONE, id="NO_COLOR wins"),
        pytest.param({**XTERM, "NO_COLOR": ""}, Depth.PALETTE, id="an empty NO_COLOR says nothing"),
        pytest.param({"TERM": "vt100"}, Depth.NONE, id="vt100"),
        pytest.param({"TERM": "dumb"}, Depth.NONE, id="dumb"),
        pytest.param({}, Depth.NONE, id="nothing known"),
    ],
)
def test_depth(environment: dict[str, str], depth: Depth) -> None:
    assert depth_of(environment) is depth


@pytest.mark.parametrize(
    ("environment", "known"),
    [
        pytest.param({"TERM": "xterm-kitty"}, True, id="kitty"),
        pytest.param({"TERM": "screen-256color", "TMUX": "/tmp/x"}, True, id="tmux reads it, whatever its name"),
        pytest.param({"TERM": "screen"}, False, id="screen"),
        pytest.param({"TERM": "linux"}, False, id="the Linux console"),
        pytest.param({**XTERM, "TERM_PROGRAM": "Apple_Terminal"}, False, id="Apple's Terminal"),
    ],
)
def test_underlines(environment: dict[str, str], known: bool) -> None:
    assert underlines_of(environment) is known


@pytest.mark.parametrize(
    ("environment", "erases"),
    [
        pytest.param(XTERM, True, id="xterm"),
        pytest.param({"TERM": "tmux-256color", "TMUX": "/tmp/x"}, True, id="tmux"),
        pytest.param({"TERM": "screen-256color"}, False, id="screen"),
        pytest.param({**XTERM, "STY": "1234.pts-0"}, False, id="screen that says it were xterm"),
        pytest.param({"TERM": "screen-256color", "TMUX": "/tmp/x"}, False, id="tmux, or screen in it"),
        pytest.param({"TERM": "linux"}, True, id="the Linux console"),
        pytest.param({"TERM": "vt220"}, False, id="a terminal of old"),
    ],
)
def test_erasing(environment: dict[str, str], erases: bool) -> None:
    assert erases_of(environment) is erases


PLAIN = Ink("39", "49")


@pytest.mark.parametrize(
    ("before", "after", "codes"),
    [
        pytest.param(PLAIN, PLAIN, "", id="the same"),
        pytest.param(PLAIN, PLAIN._replace(bold=True), "1", id="bold on"),
        pytest.param(PLAIN._replace(bold=True), PLAIN, "22", id="bold off"),
        pytest.param(PLAIN._replace(bold=True, dim=True), PLAIN._replace(dim=True), "22;2", id="22 ends both, dim comes again"),
        pytest.param(PLAIN._replace(bold=True), PLAIN._replace(bold=True, dim=True), "2", id="dim beside bold"),
        pytest.param(PLAIN._replace(underline="4:3", underline_color="58:2::1:2:3"), PLAIN, "24;59", id="curl off"),
        pytest.param(PLAIN, PLAIN._replace(foreground="31", background="44"), "31;44", id="colours"),
        pytest.param(PLAIN._replace(italic=True), PLAIN._replace(reverse=True), "23;7", id="one off, one on"),
    ],
)
def test_between(before: Ink, after: Ink, codes: str) -> None:
    assert between(before, after) == (f"\x1b[{codes}m" if codes else "")


def test_from_reset_starts_with_a_reset() -> None:
    assert from_reset(PLAIN._replace(bold=True)) == "\x1b[m\x1b[1m"


LOOK = Look(foreground=(1, 2, 3), background=(4, 5, 6), ansi=tuple((n, n, n) for n in range(16)))


@pytest.mark.parametrize(
    ("depth", "style", "foreground", "background"),
    [
        pytest.param(Depth.TRUE, Style(), "38;2;1;2;3", "48;2;4;5;6", id="true: the theme's defaults"),
        pytest.param(Depth.TRUE, Style(foreground=9), "38;2;9;9;9", "48;2;4;5;6", id="true: the theme's sixteen"),
        pytest.param(Depth.TRUE, Style(foreground=196), "38;2;255;0;0", "48;2;4;5;6", id="true: the cube"),
        pytest.param(Depth.PALETTE, Style(foreground=196), "38;5;196", "48;5;232", id="256: an entry stays"),
        pytest.param(Depth.PALETTE, Style(foreground=(255, 0, 0)), "38;5;196", "48;5;232", id="256: the nearest"),
        pytest.param(Depth.ANSI, Style(foreground=9), "91", "49", id="16: the terminal's own"),
        pytest.param(Depth.ANSI, Style(foreground=1, background=4), "31", "44", id="16: dark ones"),
        pytest.param(Depth.ANSI, Style(foreground=(250, 5, 5)), "91", "49", id="16: the nearest"),
        pytest.param(Depth.NONE, Style(foreground=9, background=(1, 2, 3)), "39", "49", id="none"),
    ],
)
def test_colours_in_each_depth(depth: Depth, style: Style, foreground: str, background: str) -> None:
    made = ink(style, LOOK._replace(depth=depth))
    assert (made.foreground, made.background) == (foreground, background)


def test_a_curl_is_a_line_where_curls_are_not_known() -> None:
    style = Style(underline=3, underline_color=(1, 2, 3))
    assert (ink(style, LOOK).underline, ink(style, LOOK).underline_color) == ("4:3", "58:2::1:2:3")
    plain = ink(style, LOOK._replace(underlines=False))
    assert (plain.underline, plain.underline_color) == ("4", "59")


@given(st.integers(16, 255))
def test_an_entry_is_nearest_to_itself(index: int) -> None:
    assert palette(to_palette(palette(index, LOOK)), LOOK) == palette(index, LOOK)


@pytest.mark.parametrize(
    ("color", "index"),
    [
        pytest.param((15, 24, 33), 0, id="night is black"),
        pytest.param((30, 43, 54), 8, id="a dark ground that is not"),
        pytest.param((212, 220, 227), 15, id="nearly white"),
        pytest.param((135, 148, 159), 7, id="grey"),
        pytest.param((107, 209, 133), 10, id="a pale green is green"),
        pytest.param((254, 179, 74), 11, id="amber is yellow"),
        pytest.param((117, 191, 252), 14, id="sky blue"),
        pytest.param((255, 126, 125), 9, id="a pale red is red"),
        pytest.param((21, 74, 113), 6, id="deep water"),
        pytest.param((130, 20, 30), 1, id="dark red"),
    ],
)
def test_of_sixteen_the_one_of_the_same_hue(color: tuple[int, int, int], index: int) -> None:
    assert to_ansi(color) == index


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_every_colour_has_one_of_sixteen(color: tuple[int, int, int]) -> None:
    assert to_ansi(color) in range(16)
