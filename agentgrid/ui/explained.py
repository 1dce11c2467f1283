"""What the server explains of a pane, as lines to read. Pure."""

import time


def told(result: object) -> str:
    """An object as lines of name and value; what is empty is left out."""
    if not isinstance(result, dict):
        return str(result)
    lines = [(str(name).replace("_", " "), readable(str(name), value)) for name, value in result.items()]
    width = max((len(name) for name, value in lines if value), default=0)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in lines if value)


def readable(name: str, value: object) -> str:
    """A value as a person reads it; empty where there is nothing to say."""
    match value:
        case None | "" | [] | {}:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if name.endswith(("since", "at")):
            return time.strftime("%H:%M:%S", time.localtime(value))
        case list() | tuple():
            return " ".join(map(str, value))
        case _:
            return str(value)
