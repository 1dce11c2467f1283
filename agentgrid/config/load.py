"""The files of a configuration, merged: the user's ``config.toml``, over it the folder's ``agentgrid.toml``.

The nearest value wins, key by key and table by table; a list (``[[pane]]`` too) is one value and wins whole. Each file is
checked by itself before it is merged, so that a mistake is reported with the file it stands in. Flags come after all of
this and are the command line's.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from agentgrid.agents.profiles import profile_from
from agentgrid.config.options import GRAMMARS, Options
from agentgrid.errors import ConfigError, UsageError
from agentgrid.paths import config_dir
from agentgrid.tables import convert, read_table, shown

FOLDER_FILE = "agentgrid.toml"
USER_FILE = "config.toml"
DEFAULT = "default"
"""Where a value came from that no file has."""


class Layer(NamedTuple):
    """A file that was read. ``label`` is how its errors call it."""

    label: str
    path: Path
    table: dict[str, Any]


class Config(Options, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The options of all files, and where each came from: dotted key (``agent.claude.command``) to file."""

    origins: dict[str, str] = msgspec.field(default_factory=dict)

    def origin(self, key: str) -> str:
        """The file that decides about a key or something below it, ``default`` when none does."""
        below = f"{key}."
        return next((file for known, file in self.origins.items() if known == key or known.startswith(below)), DEFAULT)


def load(folder: Path, *, file: Path | None = None) -> Config:
    """The configuration of a folder; ``file`` stands in for its ``agentgrid.toml``. Raises ConfigError."""
    return merged(read_layers(folder, file=file))


def read_layers(folder: Path, *, file: Path | None = None) -> list[Layer]:
    """The files there are, each checked, the nearest last. Raises ConfigError, also when ``file`` is not there."""
    user = config_dir() / USER_FILE
    layers = [_read(user, shown(user), required=False)]
    if file is None:
        layers.append(_read(folder / FOLDER_FILE, FOLDER_FILE, required=False))
    else:
        layers.append(_read(file, shown(file), required=True))
    return [layer for layer in layers if layer is not None]


def merged(layers: list[Layer]) -> Config:
    """The layers as one configuration, the last one nearest."""
    if not layers:
        return Config()  # The first conversion prepares for every option there is, which takes longer than all else here.
    table: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for layer in layers:
        table = over(table, layer.table)
        origins |= dict.fromkeys(_leaves(layer.table), layer.label)
    options = convert(table, Options, layers[-1].label)
    return Config(**{field: getattr(options, field) for field in Options.__struct_fields__}, origins=origins)


def over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """One table over another, key by key."""
    both = {key for key in below.keys() & above.keys() if isinstance(below[key], dict) and isinstance(above[key], dict)}
    return below | above | {key: over(below[key], above[key]) for key in both}


def checked(table: dict[str, Any], label: str) -> Options:
    """The table of one file as options. Raises ConfigError with the file, the key and what is right."""
    options = convert(table, Options, label)
    for key, value in _values(table):
        grammar = GRAMMARS.get(key)
        if grammar is not None:
            try:
                grammar(value)
            except UsageError as error:
                raise ConfigError(f"{label}: '{key}': {error}") from error
    for pane in options.pane:
        if pane.number and pane.count > 1:
            raise ConfigError(f"{label}: 'pane.number' is one cell and 'pane.count' is {pane.count}; leave one of them out")
    for name, keys in options.agent.items():
        profile_from(name, {"command": [name]} | keys, label, f"agent.{name}")  # It may stand in another file.
    return options


def _read(path: Path, label: str, *, required: bool) -> Layer | None:
    try:
        table = read_table(path, label)
    except FileNotFoundError:
        if required:
            raise ConfigError(f"{label}: there is no such file; 'agentgrid config init' writes one") from None
        return None
    checked(table, label)
    return Layer(label, path, table)


def _leaves(table: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """The dotted keys of all values that are no table."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"


def _values(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted keys and values, through tables and lists of tables."""
    for key, value in table.items():
        match value:
            case dict():
                yield from _values(value, f"{prefix}{key}.")
            case [dict(), *_]:
                for inner in value:
                    yield from _values(inner, f"{prefix}{key}.")
            case _:
                yield f"{prefix}{key}", value
