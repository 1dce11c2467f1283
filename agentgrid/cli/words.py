"""The words of a command line, read by a table: which verb, which arguments, which options. Pure.

    agentgrid [options] [VERB] [arguments and options in any order] [-- WORDS…]

The verb is the first word that is no option; a first word that is no verb belongs to the default one. The options that
every verb takes may stand before the verb too. An option's value follows as a word of its own or after ``=``; a short
option's may follow at once (``-sNAME``). ``--`` ends the options, and a lone ``-`` is a word.

Deliberately neither click nor argparse: importing click takes longer than all else that ``agentgrid status`` does, and
argparse knows no default verb, no options before it, and words its help differently in every version of Python.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from agentgrid.errors import UsageError, did_you_mean


def as_is(word: str) -> object:
    """The reader of a text: any word will do."""
    return word


class Argument(NamedTuple):
    """A word that is told by its place. ``name`` is the parameter of the verb's function."""

    name: str
    shown: str
    help: str
    read: Callable[[str], object] = as_is
    """Raises ValueError with what is wrong."""
    choices: tuple[str, ...] = ()
    optional: bool = False
    many: bool = False
    """Takes all words that are left; the function gets a tuple."""
    names: str = ""
    """What it is the name of, for completion: pane, agent, session, theme, state, folder or file."""


class Option(NamedTuple):
    """A word that is told by its dashes. Without ``shown`` it is a switch, else it takes a value of that name."""

    flag: str
    help: str
    shown: str = ""
    read: Callable[[str], object] = as_is
    choices: tuple[str, ...] = ()
    short: str = ""
    names: str = ""

    @property
    def name(self) -> str:
        return self.flag.removeprefix("--").replace("-", "_")


class Verb(NamedTuple):
    """One verb, as data: what it takes, what its help says, and where its function is."""

    name: str
    run: str
    """``module:function`` below ``agentgrid.cli.verbs``."""
    summary: str
    arguments: tuple[Argument, ...] = ()
    options: tuple[Option, ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    """(what is typed after ``agentgrid``, what it does)"""
    details: str = ""
    usage: str = ""
    """What follows the verb, where it cannot be told from the arguments and options."""
    after_dashes: str = ""
    """The parameter that gets the words after ``--``; without it they are arguments."""
    json: bool = False
    """It prints something that ``--json`` prints as JSON."""


class Call(NamedTuple):
    """What every verb is told beside its own words."""

    session: str | None = None
    json: bool = False


class Parsed(NamedTuple):
    """A command line, understood. ``values`` has every parameter of the verb's function."""

    verb: Verb | None
    """None: no verb was named, and none is needed (``--help``, ``--version``)."""
    call: Call
    values: dict[str, object]
    help: bool = False
    version: bool = False


PANE = Argument("pane", "PANE", "its number on the screen (3), its name (claude-2) or its id (%7)", names="pane")
SESSION = Option("--session", "the session of that name, not the one of this folder", shown="NAME", short="-s", names="session")
JSON = Option("--json", "print JSON")
HELP = Option("--help", "show this help", short="-h")
HELP_WORD = "help"
"""``agentgrid help VERB`` is what people try first."""
VERSION = Option("--version", "show the version")
EVERYWHERE = (SESSION, JSON, HELP, VERSION)


def parse(verbs: Mapping[str, Verb], default: str, words: Sequence[str]) -> Parsed:
    """Understand a command line. Raises UsageError."""
    at = first_argument(words, [*EVERYWHERE, *verbs[default].options])
    if at is not None and words[at] == HELP_WORD:
        words = [HELP.flag, *words[:at], *words[at + 1 :]]
        at = first_argument(words, EVERYWHERE)
    if at is not None and words[at] in verbs:
        verb, rest, named = verbs[words[at]], [*words[:at], *words[at + 1 :]], True
    else:
        verb, rest, named = verbs[default], list(words), at is not None
    if _asks_for_help(words):
        return Parsed(verb if named else None, Call(), {}, help=True)
    given: dict[str, object] = {}
    arguments: list[str] = []
    after: tuple[str, ...] = ()
    if verb.after_dashes and "--" in rest:
        dashes = rest.index("--")
        rest, after = rest[:dashes], tuple(rest[dashes + 1 :])
    for option, value in _scan(rest, [*EVERYWHERE, *verb.options], verb.name):
        if option is None:
            arguments.append(str(value))
        else:
            given[option.name] = value
    if given.get("version"):
        return Parsed(None, Call(), {}, version=True)
    json = bool(given.get("json"))
    if json and not verb.json:
        raise UsageError(f"'{verb.name}' prints nothing that could be JSON; leave --json out")
    session = given.get("session")
    values = _placed(verb, arguments)
    values.update({option.name: given.get(option.name, None if option.shown else False) for option in verb.options})
    if verb.after_dashes:
        values[verb.after_dashes] = after
    return Parsed(verb, Call(None if session is None else str(session), json), values)


# ------------------------------------------------------------------ below


def first_argument(words: Sequence[str], options: Sequence[Option]) -> int | None:
    """Where the first word stands that is neither an option nor an option's value."""
    takes_value = {name for option in options if option.shown for name in (option.flag, option.short)}
    at = 0
    while at < len(words):
        word = words[at]
        if word == "--":
            return None
        if word == "-" or not word.startswith("-"):
            return at
        at += 2 if word in takes_value else 1
    return None


def _asks_for_help(words: Sequence[str]) -> bool:
    """It is answered whatever else is wrong."""
    options = words[: words.index("--")] if "--" in words else words
    return HELP.flag in options or HELP.short in options


def _scan(words: Sequence[str], options: Sequence[Option], verb: str) -> Iterator[tuple[Option | None, object]]:
    """Words to options with their values; with None, an argument."""
    known = {name: option for option in options for name in (option.flag, option.short) if name}
    left = iter(words)
    for word in left:
        if word == "--":
            yield from ((None, argument) for argument in left)
            return
        if word == "-" or not word.startswith("-"):
            yield None, word
            continue
        flag, equals, value = word.partition("=")
        if not word.startswith("--") and len(word) > 2:
            flag, equals, value = word[:2], "=", word[2:].removeprefix("=")
        option = known.get(flag)
        if option is None:
            hint = did_you_mean(flag, [name for name in known if name.startswith("--")])
            raise UsageError(f"'{verb}' takes no '{flag}'{hint or '; what begins with a dash and is no option goes after --'}")
        if not option.shown:
            if equals:
                raise UsageError(f"{option.flag} takes no value")
            yield option, True
            continue
        if not equals:
            value = next(left, "--")
            if value == "--":
                raise UsageError(f"{option.flag} needs a value: {option.flag} {option.shown}")
        yield option, _read(option, option.flag, value)


def _placed(verb: Verb, words: list[str]) -> dict[str, object]:
    """The arguments by name. Raises UsageError for too few and too many."""
    values: dict[str, object] = {}
    left = list(words)
    for argument in verb.arguments:
        if argument.many:
            if not left and not argument.optional:
                raise _missing(verb, argument)
            values[argument.name] = tuple(_read(argument, argument.shown, word) for word in left)
            left = []
        elif left:
            values[argument.name] = _read(argument, argument.shown, left.pop(0))
        elif argument.optional:
            values[argument.name] = None
        else:
            raise _missing(verb, argument)
    if left:
        raise UsageError(f"'{verb.name}' has no use for '{left[0]}'; a text of several words goes in quotes")
    return values


def _missing(verb: Verb, argument: Argument) -> UsageError:
    return UsageError(f"'{verb.name}' needs {argument.shown}; 'agentgrid {verb.name} --help' shows how")


def _read(what: Argument | Option, shown: str, word: str) -> object:
    if what.choices and word not in what.choices:
        raise UsageError(f"{shown} is one of {', '.join(what.choices)}, not '{word}'{did_you_mean(word, what.choices)}")
    try:
        return what.read(word)
    except ValueError as error:
        raise UsageError(f"{shown}: {error}") from error
