"""Words to values: what the options and arguments of the table take. Each raises ValueError with what is wrong."""

import math

ALL_HISTORY = -1


def comma_list(word: str) -> tuple[str, ...]:
    """``1,3,codex-2``"""
    items = tuple(item.strip() for item in word.split(",") if item.strip())
    if not items:
        raise ValueError("the list is empty")
    return items


def count(word: str) -> int:
    """A whole number, 0 or more."""
    if not (word.isascii() and word.isdigit()):
        raise ValueError(f"'{word}' is no whole number")
    return int(word)


def grid_number(word: str) -> int:
    """A cell's number: they count from 1."""
    number = count(word)
    if number < 1:
        raise ValueError("cells count from 1")
    return number


def history(word: str) -> int:
    """A number of rows, or ``all`` of them."""
    return ALL_HISTORY if word == "all" else count(word)


def seconds(word: str) -> float:
    """A time, 0 or more."""
    number = _finite(word)
    if number < 0:
        raise ValueError("it cannot be negative")
    return number


def speed(word: str) -> float:
    """A factor above 0."""
    number = _finite(word)
    if number <= 0:
        raise ValueError("it must be more than 0")
    return number


def _finite(word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"'{word}' is no number")
    return number
