"""Which addresses a program may show to be opened: some schemes, printable ASCII, a bounded length. Pure.

https://www.rfc-editor.org/rfc/rfc3986 (2.1 and 2.2: what is none of these characters has to be percent-encoded)
"""

import re

MAX_URI = 2083  # What browsers take; VTE's and kitty's limit is near it.
SCHEMES = ("http", "https", "mailto", "file")

CHARACTERS = r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]"
_SAFE = re.compile(rf"(?:{'|'.join(SCHEMES)}):{CHARACTERS}+", re.IGNORECASE)


def is_safe(uri: str) -> bool:
    """Whether it may be opened, or passed on to the outer terminal."""
    return len(uri) <= MAX_URI and _SAFE.fullmatch(uri) is not None
