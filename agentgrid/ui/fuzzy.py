"""Finding a word by some of its letters: the letters in order, best where they begin words or stand together. Pure."""

from collections.abc import Sequence
from typing import TypeVar

START_OF_WORD, TOGETHER, ANYWHERE = 8, 6, 1

T = TypeVar("T")


def score(query: str, text: str) -> int:
    """How well the text answers the query; 0 when it does not. A query of several words wants all of them."""
    total = 0
    for word in query.lower().split():
        best = max((_score_from(word, text.lower(), start) for start, letter in enumerate(text.lower()) if letter == word[0]), default=0)
        if not best:
            return 0
        total += best
    return total


def ranked(query: str, items: Sequence[tuple[str, T]]) -> list[T]:
    """The values of the items whose text answers the query, best first; all of them, in order, for an empty one."""
    if not query.strip():
        return [value for _, value in items]
    scored = [(score(query, text), -number, value) for number, (text, value) in enumerate(items)]
    return [value for found, _, value in sorted(scored, key=lambda entry: entry[:2], reverse=True) if found]


def _score_from(word: str, text: str, start: int) -> int:
    """The score of the match that begins at ``start`` and takes each letter as early as it can."""
    total, place, last = 0, start, start - 2
    for letter in word:
        place = text.find(letter, place)
        if place < 0:
            return 0
        total += START_OF_WORD if place == 0 or not text[place - 1].isalnum() else TOGETHER if place == last + 1 else ANYWHERE
        last, place = place, place + 1
    return total
