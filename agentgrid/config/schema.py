"""What the structs of the options say of themselves: key, kind, default, documentation, example. Pure; for texts and pages."""

from typing import Any, NamedTuple

import msgspec
from msgspec import inspect


class Option(NamedTuple):
    """One key. ``example`` is a value of it; None where there is none to show."""

    key: str
    kind: str
    default: Any
    description: str
    example: Any


def options_of(struct: type[msgspec.Struct]) -> list[Option]:
    """The keys of a struct in their order."""
    kind = inspect.type_info(struct)
    assert isinstance(kind, inspect.StructType)
    return [_option(field) for field in kind.fields]


def _option(field: inspect.Field) -> Option:
    schema: dict[str, Any] = {}
    kind = field.type
    while isinstance(kind, inspect.Metadata):
        schema = (kind.extra_json_schema or {}) | schema
        kind = kind.type
    default = None if field.required else field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
    examples = schema.get("examples", [])
    example = examples[0] if examples else default
    return Option(field.encode_name, kind_of(kind), default, schema.get("description", ""), example)


def kind_of(kind: inspect.Type) -> str:
    """The type in the words of the documentation."""
    match kind:
        case inspect.Metadata(type=inner):
            return kind_of(inner)
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType(ge=None, le=None):
            return "whole number"
        case inspect.IntType(ge=least, le=most):
            return f"{least} to {most}"
        case inspect.FloatType(ge=None, le=None):
            return "number"
        case inspect.FloatType(ge=least, le=most):
            return f"number, {least} to {most}"
        case inspect.StrType():
            return "text"
        case inspect.LiteralType(values=values):
            return " or ".join(f"`{value}`" for value in values if value != "")
        case inspect.UnionType(types=types):
            return " or ".join(kind_of(inner) for inner in types if not isinstance(inner, inspect.NoneType))
        case inspect.VarTupleType(item_type=inspect.StructType()):
            return "tables"
        case inspect.VarTupleType(item_type=item):
            return f"list of {kind_of(item)}s"
        case _:
            return "table"
