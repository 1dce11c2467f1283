"""A file's name as text, and back: every name has one text, and every such text is UTF-8.

A name on Linux is bytes that need not be UTF-8, and a ``str`` with surrogate escapes can be neither encoded for the wire
nor written to disk. So a byte that is not part of valid UTF-8 becomes a code point of the last private plane (U+10FF80 for
0x80 to U+10FFFF for 0xFF), and a name that really holds one of those has its bytes escaped in the same way. What shows
names to a person replaces these, and control characters, by what can be seen (``shown``).
"""

import os
import re

ESCAPES = 0x10FF00  # Plus the byte.
_escaped = re.compile("[\U0010ff80-\U0010ffff]")
_hidden = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\U0010ff80-\U0010ffff]")


def text_of(name: bytes) -> str:
    """The text of a name."""
    if name.isascii():
        return name.decode("ascii")
    text = name.decode("utf-8", "surrogateescape")
    if _escaped.search(text):
        text = _escaped.sub(lambda found: "".join(chr(ESCAPES + byte) for byte in found[0].encode()), text)
    return "".join(chr(ESCAPES + (ord(char) & 0xFF)) if "\udc80" <= char <= "\udcff" else char for char in text)


def bytes_of(text: str) -> bytes:
    """The name that ``text_of`` made a text of."""
    if text.isascii():
        return text.encode("ascii")
    return b"".join(bytes([ord(char) - ESCAPES]) if char >= "\U0010ff80" else char.encode() for char in text)


def native(text: str) -> str:
    """The name as Python's own functions take it."""
    return text if text.isascii() else os.fsdecode(bytes_of(text))


def text_of_native(path: str) -> str:
    """The text of a name as Python's own functions give it."""
    return path if path.isascii() else text_of(os.fsencode(path))


def shown(text: str) -> str:
    """The name as a person may see it: what would move a cursor, or was no text, as ``\\x1b`` and the like."""
    return _hidden.sub(_visible, text)


def _visible(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code - ESCAPES:02x}" if code >= ESCAPES else f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
