"""Every theme that ships is whole, its own, and can be read; a user's own is checked and may build on another."""

from pathlib import Path

import pytest

from agentgrid.config.contrast import contrast, luminance
from agentgrid.config.themes import DEFAULT_THEME, Theme, hard_to_read, list_themes, load_theme, rgb
from agentgrid.errors import ConfigError
from agentgrid.paths import data_file

SHIPPED = [data_file("themes")]
NAMES = list_themes(SHIPPED)


@pytest.fixture(scope="module")
def themes() -> dict[str, Theme]:
    return {name: load_theme(name, SHIPPED) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_a_theme_can_be_read(name: str, themes: dict[str, Theme]) -> None:
    assert [(pair.text, pair.ground, round(pair.ratio, 2), pair.least) for pair in hard_to_read(themes[name])] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_theme_is_dark_or_light_as_it_says(name: str, themes: dict[str, Theme]) -> None:
    theme = themes[name]
    assert (luminance(rgb(theme.ui.background)) < luminance(rgb(theme.ui.text))) is theme.dark
    assert (luminance(rgb(theme.terminal.background)) < 0.2) is theme.dark
    assert theme.palette.dark is theme.dark


@pytest.mark.parametrize("name", NAMES)
def test_the_focused_header_is_another(name: str, themes: dict[str, Theme]) -> None:
    ui = themes[name].ui
    assert distance(ui.focus, ui.header) >= 40
    assert contrast(rgb(ui.accent), rgb(ui.line)) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_states_that_want_something_differ_from_those_that_do_not(name: str, themes: dict[str, Theme]) -> None:
    ui = themes[name].ui
    for loud in (ui.blocked, ui.error, ui.done, ui.limited, ui.conflict):
        for other in (ui.idle, ui.exited, ui.unknown, ui.working, ui.header_text):
            assert distance(loud, other) >= 40, (loud, other)


def distance(one: str, other: str) -> float:
    return float(sum((a - b) ** 2 for a, b in zip(rgb(one), rgb(other), strict=True)) ** 0.5)


def test_there_are_six_dark_and_six_light_ones_and_three_of_high_contrast(themes: dict[str, Theme]) -> None:
    assert NAMES[0] == DEFAULT_THEME
    assert themes[DEFAULT_THEME].dark
    assert [theme.dark for theme in themes.values()].count(True) == 6
    assert [theme.dark for theme in themes.values()].count(False) == 6
    assert [theme.high_contrast for theme in themes.values()].count(True) >= 3
    assert len({theme.ui for theme in themes.values()}) == 12
    assert all(theme.title and theme.description for theme in themes.values())


def test_a_palette_has_the_sixteen_in_their_order(themes: dict[str, Theme]) -> None:
    palette, terminal = themes["harbour"].palette, themes["harbour"].terminal
    assert len(palette.ansi) == 16
    assert palette.ansi[1] == rgb(terminal.red)
    assert palette.ansi[8] == rgb(terminal.bright_black)
    assert palette.ansi[15] == rgb(terminal.bright_white)


def test_variables_are_the_colours_of_the_screen(themes: dict[str, Theme]) -> None:
    assert themes["harbour"].variables()["blocked"] == themes["harbour"].ui.blocked


class TestOnesOwn:
    def load(self, folder: Path, text: str, name: str = "mine") -> Theme:
        (folder / f"{name}.toml").write_text(text)
        return load_theme(name, [folder, *SHIPPED])

    def test_it_takes_what_it_does_not_say_from_its_base(self, tmp_path: Path, themes: dict[str, Theme]) -> None:
        theme = self.load(tmp_path, 'base = "moss"\n[ui]\naccent = "#FFD166"')
        assert theme.ui.accent == "#FFD166"
        assert theme.ui.text == themes["moss"].ui.text
        assert theme.terminal == themes["moss"].terminal
        assert (theme.title, theme.dark) == ("mine", True)

    def test_it_takes_the_place_of_one_that_ships_and_may_build_on_it(self, tmp_path: Path, themes: dict[str, Theme]) -> None:
        theme = self.load(tmp_path, 'base = "harbour"\n[ui]\naccent = "#ffd166"', name="harbour")
        assert theme.ui.accent == "#ffd166"
        assert theme.ui.text == themes["harbour"].ui.text
        assert list_themes([tmp_path, *SHIPPED]) == NAMES

    def test_it_is_listed(self, tmp_path: Path) -> None:
        self.load(tmp_path, 'base = "moss"')
        assert set(list_themes([tmp_path, *SHIPPED])) == {*NAMES, "mine"}

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            pytest.param('base = "mos"', "there is no theme 'mos'; did you mean 'moss'?", id="no base"),
            pytest.param(
                'base = "moss"\n[ui]\nacent = "#ffffff"', "FILE: unknown key 'ui.acent'; did you mean 'accent'?", id="unknown key"
            ),
            pytest.param('base = "moss"\n[ui]\naccent = "red"', "FILE: 'ui.accent' is a colour as \"#1a2b3c\", not 'red'", id="no colour"),
            pytest.param('base = "moss"\n[terminal]\nred = 3', "FILE: 'terminal.red' is a text in quotes, not 3", id="a number"),
            pytest.param('base = "moss"\nui = "x"', "FILE: 'ui' is a table, not 'x'", id="no table"),
            pytest.param("[ui]\n", "FILE: the key 'ui.background' is missing", id="not whole"),
            pytest.param("base = 3", "FILE: 'base' is a text in quotes, not 3", id="a base that is no name"),
            pytest.param('base = "other"', "OTHER: 'base' goes round in a circle; a theme is based on another one", id="a circle"),
            pytest.param(
                'base = "../moss"', "a theme's name is that of its file without .toml; 'agentgrid themes' lists them", id="a path"
            ),
        ],
    )
    def test_a_mistake(self, text: str, message: str, tmp_path: Path) -> None:
        (tmp_path / "other.toml").write_text('base = "mine"')
        with pytest.raises(ConfigError) as raised:
            self.load(tmp_path, text)
        assert str(raised.value) == message.replace("FILE", str(tmp_path / "mine.toml")).replace("OTHER", str(tmp_path / "mine.toml"))


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        pytest.param("#000000", "#ffffff", 21.0, id="black on white"),
        pytest.param("#ffffff", "#ffffff", 1.0, id="white on white"),
        pytest.param("#777777", "#ffffff", 4.48, id="a grey that just fails"),
        pytest.param("#0000ff", "#ffffff", 8.59, id="blue on white"),
    ],
)
def test_contrast_is_wcags(one: str, other: str, ratio: float) -> None:
    assert contrast(rgb(one), rgb(other)) == pytest.approx(ratio, abs=0.005)
    assert contrast(rgb(other), rgb(one)) == contrast(rgb(one), rgb(other))
