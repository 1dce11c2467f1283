"""A dialog on the screen as a value: its question, its answers, and a fingerprint that says whether it is still the same one.

Answers are rows that begin with a number (``❯ 1. Yes``), each with what follows it. A row below an answer goes on with it
when its first word did not fit on the row above, else it is a detail. Without numbers they are the rows around the one that
is marked (``❯ Yes``), as far as they begin in the same column. The fingerprint is over all that the dialog says, but not
over which answer is marked, nor over where rows break.
"""

import hashlib
import re
from collections.abc import Sequence

from agentgrid.agents.screen import inside
from agentgrid.agents.verdict import Choice, Dialog

CHOICE = re.compile(
    r"^(?P<before>\s*(?:[↑↓▲▼] ?)?(?P<chosen>[❯›▸▶●>→*] ?)?\s*)(?P<key>\d{1,2})[.)] +(?P<label>\S.*?)(?:\s{3,}(?P<detail>\S.*))?$"
)
UNMARKED = re.compile(r"^(\s*)[○◯◻] ")
MARKED = re.compile(r"^(?P<before>\s*[❯›▸▶●] +)(?P<label>\S.*)$")
RULED = re.compile(r"\W+$")  # A row of lines, without a word: where a list ends.
MARKS = re.compile(r"[❯›▸▶●>→*\s]+")
EDGE = 6  # Columns that borders, a scroll bar and padding may take at the right of a wrapped row.
MAX_CHOICES = 12  # More are a list to scroll in, and what is not seen is not offered.


def read(
    *,
    kind: str,
    text: str,
    rows: Sequence[str],
    columns: int,
    question: str = "",
    subject: str = "",
    fixed: Sequence[str] = (),
    footer: int | None = None,
) -> Dialog:
    """The dialog whose normal text and rows these are. ``fixed``: the answers, where they stand in one row; ``footer``: the row
    in which the dialog's foot begins."""
    if footer is None or footer >= len(rows) or CHOICE.match(inside(rows[footer])):  # The answers themselves may be the foot.
        footer = len(rows)
    choices = _fixed(fixed, text) if fixed else _numbered(rows, columns, footer) or _marked(rows, columns)
    same = MARKS.sub("", f"{kind}:{text}")
    fingerprint = hashlib.blake2s(same.encode("utf-8", "replace"), digest_size=8).hexdigest()
    return Dialog(kind=kind, question=question, choices=choices, subject=subject, fingerprint=fingerprint, in_a_row=bool(fixed))


def _fixed(labels: Sequence[str], text: str) -> tuple[Choice, ...]:
    """The labels that are to be seen; the first is the one that Enter takes, until somebody moves."""
    shown = " ".join(text.split())
    return tuple(Choice(label=label, chosen=number == 0) for number, label in enumerate(labels) if label in shown)


def _numbered(rows: Sequence[str], columns: int, footer: int) -> tuple[Choice, ...]:
    """The answers of the last list that counts from 1, or of one that was scrolled."""
    found: list[Choice] = []
    open_row = ""  # The row that a text may go on from.
    indent = 0
    for number, row in enumerate(map(inside, rows)):
        matched = CHOICE.match(row)
        if matched is not None:
            key = matched["key"]
            if key == "1":
                found.clear()
            following = int(found[-1].key) + 1 if found else int(key)  # Of a list that was scrolled, the first that is seen.
            if int(key) != following or len(found) == MAX_CHOICES:
                open_row = ""
                continue
            found.append(Choice(label=matched["label"], key=key, detail=matched["detail"] or "", chosen=bool(matched["chosen"])))
            open_row, indent = row, len(matched["before"])
            continue
        text = row.strip()
        wrapped = bool(open_row) and len(open_row) + 1 + len(text.split(" ", 1)[0]) > columns - EDGE
        if number >= footer or RULED.match(text) or not text or not open_row or (not wrapped and len(row) - len(row.lstrip()) <= indent):
            open_row = ""
            continue
        last = found[-1]
        if wrapped and not last.detail:
            found[-1] = Choice(label=f"{last.label} {text}", key=last.key, chosen=last.chosen)
        else:
            found[-1] = Choice(label=last.label, key=last.key, detail=f"{last.detail} {text}".strip(), chosen=last.chosen)
        open_row = row
    return tuple(found)


def _marked(rows: Sequence[str], columns: int) -> tuple[Choice, ...]:
    """The rows around the last marked one that begin where it begins, each with what did not fit on it."""
    cells = [UNMARKED.sub(r"\1  ", inside(row)) for row in rows]
    marked = next((number for number in reversed(range(len(cells))) if MARKED.match(cells[number])), None)
    if marked is None:
        return ()
    found = MARKED.match(cells[marked])
    assert found is not None
    column = len(found["before"])

    def beside(number: int) -> bool:
        return 0 <= number < len(cells) and len(cells[number]) - len(cells[number].lstrip()) == column and bool(cells[number].strip())

    def goes_on(number: int) -> bool:
        """The row is what did not fit on the one above."""
        word = cells[number].split(maxsplit=1)[0] if 0 < number < len(cells) and cells[number].strip() else ""
        return bool(word) and len(cells[number - 1]) + 1 + len(word) > columns - EDGE and bool(cells[number - 1].strip())

    first = last = marked
    while True:
        above = first - 1
        while not beside(above) and goes_on(above):
            above -= 1
        if not beside(above):
            break
        first = above
    while beside(last + 1) or goes_on(last + 1):
        last += 1
    labels: list[tuple[str, bool]] = []
    for number in range(first, last + 1):
        text = found["label"] if number == marked else cells[number].strip()
        if labels and number != marked and goes_on(number):
            labels[-1] = (f"{labels[-1][0]} {text}", labels[-1][1])
        else:
            labels.append((text, number == marked))
    return tuple(Choice(label=label, chosen=chosen) for label, chosen in labels[:MAX_CHOICES])
