"""What stands in a program's input line: read from the screen, where the cursor is. Pure.

Agents keep the terminal's cursor in their composer, also those that hide it and draw one of their own, since that is where an
input method opens its window. So what has been typed is what stands between the prompt's sign and the cursor::

    ❯ fix the failing test▮            typed "fix the failing test", certain
    ┃  Ask anything…                   typed "" (the hint stands after the cursor), certain
    $ make▮                            typed "$ make": without a sign that composers have, the row up to the cursor

A long paste may be shown as a placeholder (``[Pasted text #1 +300 lines]``): that it is there is all that is asked.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from agentgrid.terminal.emulator import Cursor
from agentgrid.terminal.row import WIDE_TAIL, Line, spell

MAX_ROWS = 12  # Composers grow with their text up to about this many rows, then scroll.

SIGN = re.compile(r"^\s*(?:[│┃▌▏]\s*)?[❯›▸!>*](?:\s|$)")
"""A prompt's sign, perhaps behind a border."""
BORDER = re.compile(r"^\s*┃(?:\s|$)")
"""A composer that has a border and no sign."""
RULE = re.compile(r"^\s*[╭╰┌└╹╻]?[─━═╌┄▀▄▔▁]{3}")
_TEXT = re.compile(r"[\W_]+")


class Composer(NamedTuple):
    """``typed``: what stands before the cursor; ``after``: behind it on its row. ``certain``: a prompt's sign says that it is one."""

    typed: str
    after: str
    certain: bool


def composer(lines: Sequence[Line], clusters: Sequence[str], cursor: Cursor) -> Composer:
    """What has been typed at the cursor."""
    if not 0 <= cursor.row < len(lines):
        return Composer("", "", False)
    text = lines[cursor.row].text
    before, after = _plain(text[: cursor.column], clusters), _plain(text[cursor.column :], clusters).strip()
    rows = [before]
    for row in range(cursor.row, max(-1, cursor.row - MAX_ROWS), -1):
        whole = before if row == cursor.row else _plain(lines[row].text, clusters)
        if row != cursor.row:
            if RULE.match(whole) or not whole.strip():
                break
            rows.insert(0, whole)
        if (sign := SIGN.match(whole)) is not None:
            rows[0] = whole[sign.end() :]
            return Composer("\n".join(part.strip() for part in rows).strip(), after, True)
    if BORDER.match(before):
        return Composer(_bordered(lines, clusters, cursor.row, before), after, True)
    return Composer(before.strip(), after, False)


def holds(shown: str, text: str) -> bool:
    """Whether what a composer shows is still the text, or its end, however it was wrapped."""
    letters = _letters(text)[-24:]
    return letters in _letters(shown) if letters else bool(text.strip()) and text.strip() in shown


def half_typed(keys: str, shown: Composer, *, agent: bool) -> str:
    """What a person has typed and not sent; empty when there is nothing. ``keys``: what was typed since the last Enter.

    What an agent's composer shows is the truth. Where no composer can be made out the keys are; of other programs only what
    stands at the cursor, since a key may as well have been a command.
    """
    if agent and shown.certain:
        if shown.typed or not keys:
            return shown.typed
        return keys if keys.strip()[:8] in shown.after else ""  # The cursor was moved to the beginning.
    if agent:
        return keys
    return keys if keys and holds(shown.typed, keys) else ""


def _bordered(lines: Sequence[Line], clusters: Sequence[str], row: int, before: str) -> str:
    """All rows of a composer that has a border, up to the cursor."""
    rows = [before]
    while len(rows) < MAX_ROWS and row > 0:
        row -= 1
        above = _plain(lines[row].text, clusters)
        if not BORDER.match(above):
            break
        rows.insert(0, above)
    return "\n".join(part.strip(" ┃") for part in rows).strip()


def _plain(text: str, clusters: Sequence[str]) -> str:
    return spell(text.replace(WIDE_TAIL, ""), list(clusters))


def _letters(text: str) -> str:
    return _TEXT.sub("", text)
