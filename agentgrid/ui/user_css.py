"""A person's own style sheet: looked at before Textual sees it, since a broken one would end the app at its start."""

from collections.abc import Mapping
from pathlib import Path

from textual.css.errors import StylesheetError
from textual.css.stylesheet import Stylesheet, StylesheetParseError
from textual.css.tokenizer import TokenError


def problem(path: Path, variables: Mapping[str, str]) -> str:
    """What is wrong with the file, in one line with its name and line; empty when nothing is."""
    sheet = Stylesheet(variables=dict(variables))
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return f"{path.name}: cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8'})"
    try:
        sheet.add_source(text, (str(path), ""))
        sheet.parse()
    except TokenError as error:
        return f"{path.name}:{error.start[0]}: {first_line(str(error))}"
    except StylesheetParseError as error:
        token, message = next((found for rule in error.errors.rules for found in rule.errors), (None, "cannot be understood"))
        line = 0 if token is None else (token.referenced_by.location if token.referenced_by else token.location)[0] + 1
        return f"{path.name}:{line}: {first_line(getattr(message, 'summary', None) or str(message))}"
    except StylesheetError as error:
        return f"{path.name}: {first_line(str(error))}"
    return ""


def first_line(text: str) -> str:
    return text.strip().splitlines()[0] if text.strip() else "cannot be understood"


def stamp(path: Path) -> tuple[int, int]:
    """What differs when the file was written again; zeros while it is not there."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size
