"""A configuration as TOML text: the commented file of ``config init``, and what holds now, of ``config show``.

In the commented file prose begins with ``# `` and an option with ``#`` alone: taking that one character away makes it hold.
"""

import re
import textwrap
from collections.abc import Mapping
from typing import Any

import msgspec

from agentgrid.config.load import Config
from agentgrid.config.options import DEFAULT_PREFIX, ConflictOptions, NotificationOptions, Options, PaneOptions
from agentgrid.config.schema import Option, options_of

WIDTH = 100
ARRAY = re.compile(r"\[\n((?: +.*,\n)+)\]")

BEGINNING = """\
# agentgrid.toml: what 'agentgrid' starts in this folder, for everybody who works in it.
# The same keys in config.toml of your own configuration folder hold in every folder; the nearest value wins,
# key by key, and a flag wins over both. Take the '#' off a line to use it; 'agentgrid config check' says what is wrong.
"""
PANE_EXAMPLES: tuple[dict[str, Any], ...] = (
    {"agent": "claude", "count": 4},
    {"agent": "codex", "folder": "worktree", "name": "experiment"},
    {"command": ["npm", "run", "dev"]},
)
AGENT_EXAMPLES: dict[str, dict[str, Any]] = {
    "claude": {"command": ["claude", "--model", "opus"]},
    "reviewer": {"command": ["codex", "--profile", "review"], "trace": False},
}
KEY_EXAMPLES = {"prefix": DEFAULT_PREFIX, "alt+z": "zoom"}
TABLES = ("pane", "agent", "conflicts", "notifications", "keys")


def written(table: Mapping[str, Any]) -> str:
    """The table as TOML, short lists on one line."""
    import tomli_w

    return ARRAY.sub(_joined, tomli_w.dumps(table))


def _joined(array: re.Match[str]) -> str:
    items = array[1].removesuffix("\n").split("\n")
    return f"[{', '.join(item.strip().removesuffix(',') for item in items)}]"


def initial_text() -> str:
    """What ``config init`` writes: every option, explained, none switched on."""
    descriptions = {option.key: option.description for option in options_of(Options)}
    parts = [BEGINNING]
    parts += [_explained(option) for option in options_of(Options) if option.key not in TABLES]
    parts += [_prose(descriptions["pane"] + " A pane has these keys:") + _keys_of(options_of(PaneOptions))]
    parts += [_off("[[pane]]\n" + written(pane)) for pane in PANE_EXAMPLES]  # tomli_w would write a short one on one line.
    parts += [_prose(descriptions["agent"])]
    parts += [_off(written({"agent": {name: keys}})) for name, keys in AGENT_EXAMPLES.items()]
    parts += [_prose(f"{ConflictOptions.__doc__}") + "#[conflicts]\n"]
    parts += [_explained(option) for option in options_of(ConflictOptions)]
    parts += [_prose(f"{NotificationOptions.__doc__}") + "#[notifications]\n"]
    parts += [_explained(option) for option in options_of(NotificationOptions)]
    parts += [_prose(descriptions["keys"]) + _off(written({"keys": KEY_EXAMPLES}))]
    return "\n".join(parts)


def current_text(config: Config) -> str:
    """What ``config show`` prints: the merged configuration as TOML, each value with the file it came from."""
    table: dict[str, Any] = msgspec.to_builtins(config)
    del table["origins"]
    lines = [_line(key, value, config.origin(key)) for key, value in table.items() if key not in TABLES and not _unset(value)]
    plain_pane = msgspec.to_builtins(PaneOptions())
    for pane in table["pane"]:
        kept = {key: value for key, value in pane.items() if value != plain_pane[key]}
        lines.append(f"\n[[pane]]  # {config.origin('pane')}\n{written(kept)}".rstrip())
    groups = {f"agent.{name}": keys for name, keys in table["agent"].items()}
    groups |= {name: table[name] for name in ("conflicts", "notifications", "keys") if table[name]}
    for name, keys in groups.items():
        header = written(_nested(name.split(".", 1), {})).strip()
        lines.append(f"\n{header}")
        lines += [_line(key, value, config.origin(f"{name}.{key}")) for key, value in keys.items() if not _unset(value)]
    return "\n".join(lines) + "\n"


def _nested(names: list[str], table: dict[str, Any]) -> dict[str, Any]:
    for name in reversed(names):
        table = {name: table}
    return table


def _unset(value: Any) -> bool:
    """Left out, an option means what its documentation says; TOML has no word for it."""
    return value is None or (isinstance(value, str | list | tuple) and not value)


def _line(key: str, value: Any, origin: str) -> str:
    first, *rest = written({key: value}).rstrip().split("\n")
    return "\n".join([f"{first}  # {origin}", *rest]) if not rest else "\n".join([f"# {origin}", first, *rest])


def _explained(option: Option) -> str:
    value = option.default if not _unset(option.default) else option.example
    return _prose(option.description) + _off(written({option.key: value}))


def _keys_of(options: list[Option]) -> str:
    width = max(len(option.key) for option in options) + 2
    return "".join(
        textwrap.fill(
            _plain(option.description),
            WIDTH,
            initial_indent=f"#   {option.key:<{width}}",
            subsequent_indent=f"#   {'':<{width}}",
            break_long_words=False,
        )
        + "\n"
        for option in options
    )


def _prose(text: str) -> str:
    return textwrap.fill(_plain(text), WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False) + "\n"


def _plain(text: str) -> str:
    return text.replace("`", "'")


def _off(text: str) -> str:
    return "".join(f"#{line}\n" for line in text.split("\n") if line)
