"""Themes: TOML files with the colours of agentgrid's own screen (``[ui]``) and of the terminals in its panes (``[terminal]``).

A theme is looked for by name in the user's ``themes/`` folder, then among those that ship. One with ``base`` takes what it
does not say from another theme; without it every colour has to be there. What a theme may hold is the structs below.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from agentgrid.config.contrast import RGB, Pair, pairs
from agentgrid.errors import ConfigError, UsageError, did_you_mean
from agentgrid.names import checked_name
from agentgrid.paths import config_dir, data_file
from agentgrid.tables import convert, read_table, shown
from agentgrid.terminal.emulator import Palette

DEFAULT_THEME = "harbour"
COLOR = re.compile(r"#[0-9a-fA-F]{6}")
MAX_BASES = 8  # A theme on a theme on a theme; more is a circle.


class UiColors(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The colours of `[ui]`, each `"#rrggbb"`."""

    background: Annotated[str, Meta(description="The window behind everything; empty cells.")]
    surface: Annotated[str, Meta(description="Panels, dialogs, the palette.")]
    text: Annotated[str, Meta(description="Text on all of these.")]
    muted: Annotated[str, Meta(description="Text that may be overlooked: hints, titles, paths' folders.")]
    accent: Annotated[str, Meta(description="What is active: the lines around the focused pane, the mode, a chosen row.")]
    line: Annotated[str, Meta(description="The lines between panes.")]
    header: Annotated[str, Meta(description="Ground of a pane's header.")]
    header_text: Annotated[str, Meta(description="Number and name on it.")]
    focus: Annotated[str, Meta(description="Ground of the focused pane's header.")]
    focus_text: Annotated[str, Meta(description="Number, name and title on it.")]
    status: Annotated[str, Meta(description="Ground of the status line and of the roster.")]
    status_text: Annotated[str, Meta(description="Text on it.")]
    selection: Annotated[str, Meta(description="Ground of selected text, and of the chosen row in a list.")]
    selection_text: Annotated[str, Meta(description="Text on it, where it has no colour of its own.")]
    hit: Annotated[str, Meta(description="Ground of what a search has found.")]
    hit_text: Annotated[str, Meta(description="Text on it.")]
    broadcast: Annotated[str, Meta(description="Headers and frame of panes that all get what is typed.")]
    broadcast_text: Annotated[str, Meta(description="Text on it.")]
    starting: Annotated[str, Meta(description="State: its program is being started.")]
    working: Annotated[str, Meta(description="State: works.")]
    blocked: Annotated[str, Meta(description="State: waits for you (permission, question, sign-in).")]
    done: Annotated[str, Meta(description="State: has finished a turn that you have not looked at.")]
    idle: Annotated[str, Meta(description="State: has nothing to do.")]
    limited: Annotated[str, Meta(description="State: has met a rate or usage limit.")]
    error: Annotated[str, Meta(description="State: has failed; also messages of failure.")]
    exited: Annotated[str, Meta(description="State: its program has ended.")]
    unknown: Annotated[str, Meta(description="State: not known.")]
    conflict: Annotated[str, Meta(description="The flag of two panes at one file.")]
    added: Annotated[str, Meta(description="Lines that were added, in diffs.")]
    removed: Annotated[str, Meta(description="Lines that were removed.")]


class TerminalColors(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The colours of `[terminal]`: what a program in a pane means by its default colours and by the first sixteen."""

    foreground: Annotated[str, Meta(description="Text without a colour.")]
    background: Annotated[str, Meta(description="Ground without a colour.")]
    cursor: Annotated[str, Meta(description="The cursor.")]
    black: str
    red: str
    green: str
    yellow: str
    blue: str
    magenta: str
    cyan: str
    white: str
    bright_black: str
    bright_red: str
    bright_green: str
    bright_yellow: str
    bright_blue: str
    bright_magenta: str
    bright_cyan: str
    bright_white: str


ANSI = TerminalColors.__struct_fields__[3:]
"""The sixteen in their order."""


class ThemeFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A theme's file."""

    title: Annotated[str, Meta(description="What the theme is called where it is chosen; its name otherwise.")] = ""
    description: Annotated[str, Meta(description="One line about it.")] = ""
    base: Annotated[str, Meta(description="A theme that says what this one does not.")] = ""
    dark: Annotated[bool, Meta(description="Light text on a dark ground; programs that ask are told.")]
    high_contrast: Annotated[bool, Meta(description="Whether it keeps to the higher contrasts above.")] = False
    ui: UiColors
    terminal: TerminalColors


class Theme(msgspec.Struct, frozen=True, kw_only=True):
    """A theme that is whole."""

    name: str
    title: str
    description: str
    dark: bool
    high_contrast: bool
    ui: UiColors
    terminal: TerminalColors

    @property
    def palette(self) -> Palette:
        """What programs in the panes are told."""
        return Palette(
            foreground=rgb(self.terminal.foreground),
            background=rgb(self.terminal.background),
            cursor=rgb(self.terminal.cursor),
            ansi=tuple(rgb(getattr(self.terminal, name)) for name in ANSI),
            dark=self.dark,
        )

    def variables(self) -> dict[str, str]:
        """The colours of ``[ui]`` by name, as a style sheet uses them."""
        return {name: getattr(self.ui, name) for name in UiColors.__struct_fields__}


def theme_folders() -> list[Path]:
    """Where themes are, the nearest first: the user's folder, those that ship."""
    return [config_dir() / "themes", data_file("themes")]


def list_themes(folders: Sequence[Path] | None = None) -> list[str]:
    """The names of all themes: the default one, then by the alphabet."""
    names = {path.stem for folder in _all(folders) for path in folder.glob("*.toml")}
    return sorted(names, key=lambda name: (name != DEFAULT_THEME, name))


def load_theme(name: str, folders: Sequence[Path] | None = None) -> Theme:
    """The theme of this name, in the first folder that has it. Raises ConfigError."""
    searched = _all(folders)
    table, label = _table(name, searched, MAX_BASES)
    file = convert(table, ThemeFile, label)
    for part in ("ui", "terminal"):
        for key in (colors := getattr(file, part)).__struct_fields__:
            if not COLOR.fullmatch(value := getattr(colors, key)):
                raise ConfigError(f"{label}: '{part}.{key}' is a colour as \"#1a2b3c\", not {value!r}")
    return Theme(
        name=name,
        title=file.title or name,
        description=file.description,
        dark=file.dark,
        high_contrast=file.high_contrast,
        ui=file.ui,
        terminal=file.terminal,
    )


def rgb(color: str) -> RGB:
    """``#1a2b3c`` as red, green and blue, 0…255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def hard_to_read(theme: Theme) -> list[Pair]:
    """The pairs of colours whose contrast is too low, the worst first."""
    ui = {name: rgb(getattr(theme.ui, name)) for name in UiColors.__struct_fields__}
    terminal = {name: rgb(getattr(theme.terminal, name)) for name in TerminalColors.__struct_fields__}
    found = pairs(ui, terminal, dark=theme.dark, high=theme.high_contrast)
    return sorted((pair for pair in found if pair.ratio < pair.least), key=lambda pair: pair.ratio / pair.least)


def _all(folders: Sequence[Path] | None) -> Sequence[Path]:
    return theme_folders() if folders is None else folders


def _table(name: str, folders: Sequence[Path], bases: int) -> tuple[dict[str, Any], str]:
    """A theme's table over those of its bases, and how errors call its file."""
    path = _find(name, folders)
    label = f"themes/{path.name}" if path.parent == data_file("themes") else shown(path)
    table = read_table(path, label)
    base = table.get("base")
    if not isinstance(base, str) or not base:
        return table, label
    if not bases:
        raise ConfigError(f"{label}: 'base' goes round in a circle; a theme is based on another one")
    elsewhere = folders if base != name else [folder for folder in folders if folder != path.parent]  # One's own harbour, on ours.
    below, _ = _table(base, elsewhere, bases - 1)
    inner = {
        part: below[part] | table[part]
        for part in ("ui", "terminal")
        if isinstance(below.get(part), dict) and isinstance(table.get(part), dict)
    }
    return {key: value for key, value in below.items() if key not in ("title", "description")} | table | inner, label


def _find(name: str, folders: Sequence[Path]) -> Path:
    try:
        checked_name(name)
    except UsageError:
        raise ConfigError("a theme's name is that of its file without .toml; 'agentgrid themes' lists them") from None
    for folder in folders:
        if (path := folder / f"{name}.toml").is_file():
            return path
    hint = did_you_mean(name, list_themes(folders)) or "; 'agentgrid themes' lists them"
    raise ConfigError(f"there is no theme '{name}'{hint}")
