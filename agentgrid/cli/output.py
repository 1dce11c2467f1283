"""What a verb prints: results on stdout, one line of diagnosis on stderr.

What a program in a pane printed (a title, a message, a screen) is hostile: ``harmless`` takes from it all that a terminal
would act on. In JSON the same characters are escaped.
"""

import os
import re
import sys
from typing import Any, TextIO

from agentgrid.errors import Unavailable

ACTED_ON = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u2028-\u202e\u2066-\u2069]")
"""Control characters but tab and newline, and what turns the direction of text around."""
SGR_ONLY = re.compile(r"(\x1b\[[0-9;:]*m)")


def say(text: str) -> None:
    """A result, as lines; flushed at once, for whoever reads along."""
    _write((text + "\n").encode(_encoding(), "replace"))


def say_json(value: Any) -> None:
    """A result as JSON: one line for a program, indented for a person at a terminal."""
    text = as_json(value)
    if sys.stdout is not None and sys.stdout.isatty():
        import msgspec

        text = msgspec.json.format(text, indent=2)
    _write(f"{text}\n".encode())


def as_json(value: Any) -> str:
    """One line of JSON."""
    import msgspec  # Whoever has a result has it loaded.

    return ACTED_ON.sub(_escaped, msgspec.json.encode(value).decode())


def complain(text: str) -> None:
    """A diagnosis: one line on stderr, if there is one."""
    if sys.stderr is not None:
        try:
            print(f"agentgrid: {one_line(text)}", file=sys.stderr, flush=True)
        except OSError:  # Whoever would read it has gone.
            forget(sys.stderr)


def forget(stream: TextIO) -> None:
    """What could not be written stays in the stream: let the interpreter's last flush go nowhere, instead of failing with exit code 120."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def harmless(text: str) -> str:
    """The text without what a terminal would act on."""
    return ACTED_ON.sub("", text)


def one_line(text: str) -> str:
    """The same on one line, for a cell of a table."""
    return " ".join(harmless(text).split())


def harmless_sgr(text: str) -> str:
    """The same, but the colours stay."""
    return "".join(part if part.startswith("\x1b[") else harmless(part) for part in SGR_ONLY.split(text))


def colourful() -> bool:
    """Whether a person reads, on a terminal with colours, who has not asked for none (no-color.org)."""
    return sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def terminal_columns() -> int | None:
    """The width of the terminal that shows the results; None where a program reads them, which wants nothing cut off."""
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or None
    except OSError:
        return None


def _escaped(character: re.Match[str]) -> str:
    return f"\\u{ord(character[0]):04x}"


def _encoding() -> str:
    return sys.stdout.encoding if sys.stdout is not None else "utf-8"


def _write(data: bytes) -> None:
    """Raises BrokenPipeError when the reader has gone (``main`` ends quietly then), Unavailable when the disk is full."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        forget(sys.stdout)
        raise
    except OSError as error:
        forget(sys.stdout)
        raise Unavailable(f"cannot write the result: {error.strerror}") from error
