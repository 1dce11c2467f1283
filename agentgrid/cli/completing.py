"""What may come next on a command line that ends in an unfinished word. Pure, but for what ``known`` looks up.

The shells' scripts ask this by ``agentgrid completion words -- WORDS…``, so that there is one source: the table.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from agentgrid.cli.table import DEFAULT, VERBS
from agentgrid.cli.words import EVERYWHERE, JSON, Option, first_argument

FILES = "file"
"""What shells complete better than we do."""


class Candidate(NamedTuple):
    """A word that may come next, and what it means."""

    word: str
    help: str = ""


def candidates(words: Sequence[str], known: Callable[[str], Iterable[Candidate]]) -> list[Candidate]:
    """The candidates for the last of the words, which may be empty. ``known("pane")`` lists the panes there are."""
    *before, unfinished = words or [""]
    at = first_argument(before, [*EVERYWHERE, *VERBS[DEFAULT].options])
    named = at is not None and before[at] in VERBS
    verb = VERBS[before[at]] if at is not None and named else VERBS[DEFAULT]
    options = [option for option in (*verb.options, *EVERYWHERE) if option is not JSON or verb.json]
    if "--" in before:
        found = []
    elif before and (option := _wants_value(before[-1], options)) is not None:
        found = _values(option.names, unfinished, known)
    elif unfinished.startswith("-"):
        found = [Candidate(option.flag, option.help) for option in options]
    else:
        place = sum(not word.startswith("-") for word in _without_values(before, options)) - named
        found = [] if place or named else [Candidate(name, each.summary) for name, each in VERBS.items()]
        arguments = verb.arguments
        if place < len(arguments) or (arguments and arguments[-1].many):
            argument = arguments[min(place, len(arguments) - 1)]
            found += [Candidate(choice) for choice in argument.choices] or _values(argument.names, unfinished, known)
    return [candidate for candidate in found if candidate.word.startswith(unfinished)]


def _wants_value(word: str, options: Sequence[Option]) -> Option | None:
    """The option that the word is, if its value comes next."""
    return next((option for option in options if option.shown and word in (option.flag, option.short)), None)


def _without_values(words: Sequence[str], options: Sequence[Option]) -> list[str]:
    """The words that are no option's value."""
    return [word for number, word in enumerate(words) if not number or _wants_value(words[number - 1], options) is None]


def _values(names: str, unfinished: str, known: Callable[[str], Iterable[Candidate]]) -> list[Candidate]:
    """Names of that kind; in a list with commas, for its last item."""
    if not names or names == FILES:
        return []
    head, comma, _ = unfinished.rpartition(",")
    return [Candidate(f"{head}{comma}{candidate.word}", candidate.help) for candidate in known(names)]
