"""Bytes from the terminal to keys, pastes and answers. Knows only the legacy encoding, since the demo agent asks for no other."""

import re
from typing import NamedTuple, TypeAlias


class Key(NamedTuple):
    """A key by name (``enter``, ``ctrl+c``, ``up``) or the character it types."""

    name: str


class Pasted(NamedTuple):
    """What stood between the marks of a bracketed paste."""

    text: str


class Supported(NamedTuple):
    """The terminal's answer to the query for program status reports (OSC 7501)."""


Input: TypeAlias = Key | Pasted | Supported

NAMES = {
    "\r": "enter",
    "\n": "ctrl+j",
    "\t": "tab",
    "\x7f": "backspace",
    "\x08": "backspace",
    "\x1b": "escape",
    "\x1b\r": "alt+enter",
    "\x1b[A": "up",
    "\x1bOA": "up",
    "\x1b[B": "down",
    "\x1bOB": "down",
    "\x03": "ctrl+c",
    "\x04": "ctrl+d",
    "\x15": "ctrl+u",
    "\x17": "ctrl+w",
}

TOKEN = re.compile(
    r"\x1b\[200~(?P<paste>.*?)\x1b\[201~"
    r"|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|\x1b[PX^_].*?\x1b\\"
    r"|\x1b\[(?!200~)[0-?]*[ -/]*[@-~]"
    r"|\x1bO[@-~]"
    r"|\x1b[^\[\]OPX^_]"
    r"|(?P<cut>\x1b(?:\[200~.*|\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?|O|[PX^_].*))\Z"
    r"|.",
    re.DOTALL,
)


def read(text: str) -> tuple[list[Input], str]:
    """The inputs in a piece of what the terminal sent, and its tail that must wait for more. A lone ESC at the end is the key."""
    inputs: list[Input] = []
    for match in TOKEN.finditer(text):
        if match["cut"] is not None:
            return inputs, match["cut"]
        token = match[0]
        if match["paste"] is not None:
            inputs.append(Pasted(match["paste"].replace("\r\n", "\n").replace("\r", "\n")))
        elif match["osc"] is not None:
            if match["osc"] == "7501;?":
                inputs.append(Supported())
        elif token in NAMES:
            inputs.append(Key(NAMES[token]))
        elif len(token) == 1 and token.isprintable():
            inputs.append(Key(token))
    return inputs, ""
