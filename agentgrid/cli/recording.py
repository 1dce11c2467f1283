"""A pane's output with its timing, as lines of an asciicast file. Pure.

The first line is an object with the size, each further one an event: ``[seconds, "o", text]`` for output,
``[seconds, "r", "80x24"]`` for a resize. Bytes that are no UTF-8 become U+FFFD, as they do on the screen.
Other events (input, marks) are skipped when reading.

https://docs.asciinema.org/manual/asciicast/v2/
"""

import codecs
import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from agentgrid.errors import UsageError
from agentgrid.geometry import Size

VERSION = 2
MAX_SIDE = 1000  # Columns or rows: no terminal is larger, and a file cannot make us fill the memory.


class Moment(NamedTuple):
    """What a recording holds of one moment: output, or a new size."""

    at: float
    data: bytes = b""
    size: Size | None = None


class Writer:
    """Makes the lines. Owns the bytes of a character that has not come whole yet."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def header(self, size: Size, title: str, timestamp: float, agent: str = "") -> str:
        about: dict[str, Any] = {"version": VERSION, "width": size.columns, "height": size.rows}
        about |= {"timestamp": int(timestamp), "title": title}
        if agent:
            about["agentgrid"] = {"agent": agent}  # Whose rules explain it.
        return json.dumps(about) + "\n"

    def line(self, moment: Moment) -> str:
        """The line of a moment; empty while a character is not whole."""
        at = round(moment.at, 6)
        if moment.size is not None:
            return json.dumps([at, "r", f"{moment.size.columns}x{moment.size.rows}"]) + "\n"
        text = self._decode(moment.data)
        return json.dumps([at, "o", text], ensure_ascii=False) + "\n" if text else ""


def read_header(line: str) -> Size:
    """The size a recording begins with. Raises UsageError."""
    about = _json(line)
    if not isinstance(about, dict) or about.get("version") != VERSION:
        raise UsageError(f"it does not begin as an asciicast of version {VERSION}")
    return _size(about.get("width"), about.get("height"), 1)


def read_moments(lines: Iterable[str]) -> Iterator[Moment]:
    """The moments after the header, in order. A last line that was cut off is left out. Raises UsageError."""
    last = 0.0
    for number, line in enumerate(lines, 2):
        if not line.endswith("\n") and _json(line) is None:
            return
        if not line.strip():
            continue
        match _json(line):
            case [int() | float() as at, str() as kind, str() as text] if 0 <= at < 1e9:
                last = max(last, float(at))
            case _:
                raise UsageError(f"line {number} is no event of an asciicast")
        if kind == "o":
            yield Moment(last, text.encode("utf-8", "replace"))
        elif kind == "r":
            columns, _, rows = text.partition("x")
            yield Moment(last, size=_size(_number(columns), _number(rows), number))


def _size(columns: object, rows: object, line: int) -> Size:
    if not (isinstance(columns, int) and isinstance(rows, int) and 1 <= columns <= MAX_SIDE and 1 <= rows <= MAX_SIDE):
        raise UsageError(f"line {line} names no size that a terminal can have")
    return Size(columns=columns, rows=rows)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def _json(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
