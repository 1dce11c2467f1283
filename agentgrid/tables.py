"""A TOML table becomes a frozen struct; what is wrong with it is said with the file, the dotted key and the nearest right one.

msgspec converts and checks. Only when it refuses is the table walked beside the struct's fields, to find the first thing
that is wrong in the order of the file and to say it in the words of somebody who edits a configuration.
"""

from pathlib import Path
from typing import Any, NoReturn, TypeVar

import msgspec
from msgspec import inspect

from agentgrid.errors import ConfigError, did_you_mean, printable

T = TypeVar("T")

KINDS: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text in quotes",
    list: "a list",
    dict: "a table",
}


def shown(path: Path) -> str:
    """The path as one says it: below the home folder with ``~``, and on one line."""
    home = Path.home()
    return printable(f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path))


def read_table(path: Path, label: str) -> dict[str, Any]:
    """The file's table. Raises FileNotFoundError when there is none, ConfigError when it cannot be read or is no TOML."""
    import tomllib

    try:
        return tomllib.loads(path.read_bytes().decode())
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ConfigError(f"{label}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{label}: is not UTF-8 text (byte {error.start})") from error
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).removesuffix(")").partition(" (at ")
        line = where.removeprefix("line ").partition(",")[0]
        at = f"{label}:{line}" if line.isdigit() else label
        raise ConfigError(f"{at}: {what[:1].lower()}{what[1:]}; TOML is explained at toml.io") from error


def convert(table: dict[str, Any], into: type[T], label: str, prefix: str = "") -> T:
    """The table as a struct that forbids unknown fields. Raises ConfigError; ``prefix`` (``agent.claude``) is the table's own key."""
    try:
        return msgspec.convert(table, into)
    except msgspec.ValidationError as error:
        _explain(table, inspect.type_info(into), label, prefix, "")
        raise ConfigError(f"{label}: {error}") from error


def _explain(value: Any, wanted: inspect.Type, label: str, key: str, place: str) -> None:
    """Raise ConfigError for the first thing that is wrong. ``place`` says which table of several: `` in [[pane]] no. 2``."""
    match wanted:
        case inspect.Metadata(type=inner):
            _explain(value, inner, label, key, place)
        case inspect.StructType(fields=fields):
            if not isinstance(value, dict):
                _refuse(value, KINDS[dict], label, key, place)
            types = {field.encode_name: field.type for field in fields}
            for name, inner in value.items():
                dotted = f"{key}.{name}" if key else name
                if name not in types:
                    hint = did_you_mean(name, types) or f"; known are {', '.join(types)}"
                    raise ConfigError(f"{label}: unknown key '{dotted}'{place}{hint}")
                _explain(inner, types[name], label, dotted, place)
            for field in fields:
                if field.required and field.encode_name not in value:
                    raise ConfigError(f"{label}: the key '{f'{key}.' if key else ''}{field.encode_name}'{place} is missing")
        case inspect.VarTupleType(item_type=item):
            if not isinstance(value, list):
                _refuse(value, KINDS[list], label, key, place)
            for number, inner in enumerate(value, 1):
                _explain(inner, item, label, key, f" in [[{key}]] no. {number}" if isinstance(inner, dict) else place)
        case inspect.DictType(value_type=item):
            if not isinstance(value, dict):
                _refuse(value, KINDS[dict], label, key, place)
            for name, inner in value.items():
                _explain(inner, item, label, f"{key}.{name}", place)
        case inspect.LiteralType(values=values):
            if value not in values:
                near = did_you_mean(str(value), [str(known) for known in values])
                raise ConfigError(f"{label}: '{key}'{place} is one of {', '.join(map(str, values))}, not {_told(value)}{near}")
        case inspect.UnionType(types=types):
            kinds = [kind for kind in types if not isinstance(kind, inspect.NoneType)]
            _explain(value, kinds[0], label, key, place)
        case inspect.BoolType():
            if not isinstance(value, bool):
                _refuse(value, KINDS[bool], label, key, place)
        case inspect.IntType(ge=least, le=most):
            if not isinstance(value, int) or isinstance(value, bool):
                _refuse(value, KINDS[int], label, key, place)
            _explain_range(value, least, most, label, key, place)
        case inspect.FloatType(ge=least, le=most):
            if not isinstance(value, int | float) or isinstance(value, bool):
                _refuse(value, KINDS[float], label, key, place)
            _explain_range(value, least, most, label, key, place)
        case inspect.StrType():
            if not isinstance(value, str):
                _refuse(value, KINDS[str], label, key, place)
        case _:
            pass  # Anything goes, or msgspec says it in its own words.


def _explain_range(value: float, least: float | None, most: float | None, label: str, key: str, place: str) -> None:
    if (least is not None and value < least) or (most is not None and value > most):
        bounds = f"{least} or more" if most is None else f"{most} or less" if least is None else f"{least} to {most}"
        _refuse(value, bounds, label, key, place)


def _refuse(value: Any, wanted: str, label: str, key: str, place: str) -> NoReturn:
    raise ConfigError(f"{label}: '{key}'{place} is {wanted}, not {_told(value)}")


def _told(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f"'{value}'" if len(value) <= 40 else f"'{value[:40]}…'"
        case int() | float():
            return str(value)
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return f"a {type(value).__name__}"  # TOML's dates and times.
