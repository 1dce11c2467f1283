"""SGR in all spellings: the style after it."""

import pytest

from agentgrid.terminal import sgr
from agentgrid.terminal.style import Style
from tests.terminal.drive import emulator, style_at


def style_after(parameters: str, before: str = "") -> Style:
    return style_at(emulator(f"\x1b[{before}m\x1b[{parameters}mx".encode()), 0, 0)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        pytest.param("1", Style(bold=True), id="SGR 1 bold"),
        pytest.param("2", Style(dim=True), id="SGR 2 dim"),
        pytest.param("3", Style(italic=True), id="SGR 3 italic"),
        pytest.param("4", Style(underline=1), id="SGR 4 underline"),
        pytest.param("4:0", Style(), id="SGR 4:0"),
        pytest.param("4:1", Style(underline=1), id="SGR 4:1 single"),
        pytest.param("4:2", Style(underline=2), id="SGR 4:2 double"),
        pytest.param("4:3", Style(underline=3), id="SGR 4:3 curly"),
        pytest.param("4:4", Style(underline=4), id="SGR 4:4 dotted"),
        pytest.param("4:5", Style(underline=5), id="SGR 4:5 dashed"),
        pytest.param("4:6", Style(), id="SGR 4:6 is unknown"),
        pytest.param("5", Style(blink=True), id="SGR 5 blink"),
        pytest.param("6", Style(blink=True), id="SGR 6 rapid blink"),
        pytest.param("7", Style(reverse=True), id="SGR 7 reverse"),
        pytest.param("8", Style(conceal=True), id="SGR 8 conceal"),
        pytest.param("9", Style(strike=True), id="SGR 9 strike"),
        pytest.param("21", Style(underline=2), id="SGR 21 double underline"),
        pytest.param("53", Style(overline=True), id="SGR 53 overline"),
        pytest.param("31", Style(foreground=1), id="SGR 31"),
        pytest.param("44", Style(background=4), id="SGR 44"),
        pytest.param("97", Style(foreground=15), id="SGR 97"),
        pytest.param("100", Style(background=8), id="SGR 100"),
        pytest.param("38;5;196", Style(foreground=196), id="256, semicolons"),
        pytest.param("48:5:17", Style(background=17), id="256, colons"),
        pytest.param("38;2;1;2;3", Style(foreground=(1, 2, 3)), id="RGB, semicolons"),
        pytest.param("48;2;;2;", Style(background=(0, 2, 0)), id="RGB, parts left out"),
        pytest.param("38:2:1:2:3", Style(foreground=(1, 2, 3)), id="RGB, colons"),
        pytest.param("38:2::1:2:3", Style(foreground=(1, 2, 3)), id="RGB, colour space left out"),
        pytest.param("48:2:0:1:2:3:9:9", Style(background=(1, 2, 3)), id="RGB, tolerance"),
        pytest.param("58:2::1:2:3", Style(underline_color=(1, 2, 3)), id="underline colour"),
        pytest.param("58;5;9", Style(underline_color=9), id="underline colour, semicolons"),
        pytest.param("1;38;5;9;3", Style(bold=True, italic=True, foreground=9), id="colour among others"),
        pytest.param("38;2;300;0;0;1", Style(bold=True), id="a part out of range changes nothing"),
        pytest.param("38;2;1;2", Style(), id="a part missing changes nothing"),
        pytest.param("38:5", Style(), id="colon colour without an index"),
        pytest.param("38;5:1;1", Style(bold=True), id="mixed separators"),
        pytest.param("38;9;1", Style(bold=True), id="an unknown colour kind"),
        pytest.param("10;11;77;1;999", Style(bold=True), id="unknown ones are skipped"),
        pytest.param("1;;3", Style(italic=True), id="an empty parameter is 0"),
    ],
)
def test_set(parameters: str, expected: Style) -> None:
    assert style_after(parameters) == expected


ALL = "1;2;3;4:3;5;7;8;9;53;31;44;58:5:9"
FULL = Style(1, 4, *(True,) * 8, 3, 9)


@pytest.mark.parametrize(
    ("parameters", "fields"),
    [
        pytest.param("22", {"bold": False, "dim": False}, id="SGR 22"),
        pytest.param("23", {"italic": False}, id="SGR 23"),
        pytest.param("24", {"underline": 0}, id="SGR 24"),
        pytest.param("25", {"blink": False}, id="SGR 25"),
        pytest.param("27", {"reverse": False}, id="SGR 27"),
        pytest.param("28", {"conceal": False}, id="SGR 28"),
        pytest.param("29", {"strike": False}, id="SGR 29"),
        pytest.param("39", {"foreground": None}, id="SGR 39"),
        pytest.param("49", {"background": None}, id="SGR 49"),
        pytest.param("55", {"overline": False}, id="SGR 55"),
        pytest.param("59", {"underline_color": None}, id="SGR 59"),
    ],
)
def test_reset_one(parameters: str, fields: dict[str, object]) -> None:
    assert style_after("", ALL) == Style()
    expected = Style(**{name: fields.get(name, getattr(FULL, name)) for name in Style.__struct_fields__})  # type: ignore[arg-type]
    assert style_after(parameters, ALL) == expected


@pytest.mark.parametrize("parameters", ["", "0", "00", ";"])
def test_reset_all(parameters: str) -> None:
    assert style_after(parameters, ALL) == Style()


def test_modify_other_keys_is_no_sgr() -> None:
    assert style_after("0") == style_at(emulator(b"\x1b[>4;2mx"), 0, 0)


@pytest.mark.parametrize("style", [Style(), FULL, Style(foreground=9, background=200), Style(foreground=(1, 2, 3), underline=1)])
def test_parameters_say_the_style(style: Style) -> None:
    assert style_after(sgr.parameters(style)) == style


def test_a_step_is_remembered_with_the_style_it_was_taken_from() -> None:
    made = emulator(b"\x1b[1ma\x1b[31mb\x1b[ma\x1b[31mc\x1b[m" * 3 + b"\x1b[1ma\x1b[31mb")
    assert style_at(made, 0, 1) == Style(foreground=1, bold=True)
    assert style_at(made, 0, 3) == Style(foreground=1)
