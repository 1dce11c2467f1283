"""The table as help: an overview, and a page for each verb. Pure; 80 columns, so that it reads the same everywhere."""

from collections.abc import Iterable, Iterator

from agentgrid.cli.table import DEFAULT, GROUPS
from agentgrid.cli.words import EVERYWHERE, JSON, Option, Verb

WIDTH = 80
INDENT = 2
WORDS_COLUMN = 26  # Most options fit before it; a longer one has its text on the next line.

EXIT_CODES = (
    ("0", "yes, or done"),
    ("1", "no, or timed out"),
    ("2", "the command line or the configuration is wrong"),
    ("3", "no such session, or its server does not run"),
    ("4", "the session runs another version of agentgrid"),
)


def overview() -> str:
    """What ``agentgrid --help`` prints."""
    lines = [
        "agentgrid: a grid of coding agents in one terminal.",
        "",
        "  agentgrid                         this folder's session: attach, or start it",
        "  agentgrid 3x3 claude*4 codex*3    nine cells, seven agents",
        "  agentgrid demo                    see what it is for; needs no account",
        "  agentgrid VERB --help             a verb's options and examples",
    ]
    for title, verbs in GROUPS:
        lines += ["", f"{title}:"]
        lines += _columns(((verb.name, verb.summary) for verb in verbs), column=14)
    lines += ["", "Options of every verb, before or after it:"]
    lines += _columns((_option_words(option), option.help) for option in EVERYWHERE)
    lines += ["", "A PANE is its number on the screen (3), its name (claude-2), or its id (%7).", "", "Exit codes:"]
    lines += _columns(EXIT_CODES, column=6)
    return "\n".join(lines)


def verb_help(verb: Verb) -> str:
    """What ``agentgrid VERB --help`` prints."""
    lines = [*_wrap(usage(verb), WIDTH - 4, 4), "", *_wrap(sentence(verb.summary), WIDTH)]
    if verb.details:
        lines += ["", *_wrap(verb.details, WIDTH)]
    takes = [(argument.shown, argument.help) for argument in verb.arguments]
    if verb.after_dashes == "command":
        takes.append(("-- COMMAND…", "the command and its words, as they are"))
    takes += [(_option_words(option), option.help) for option in (*verb.options, *everywhere(verb))]
    lines += ["", *_columns(takes)]
    if verb.examples:
        lines += ["", "Examples:", *examples(verb)]
    return "\n".join(lines)


def examples(verb: Verb) -> Iterator[str]:
    """What is typed, and what it does beside it, or above it where a line is too long for that."""
    typed = [(f"  agentgrid {words}".rstrip(), does) for words, does in verb.examples]
    column = max(len(words) for words, _ in typed) + 2
    beside = all(column + 2 + len(does) <= WIDTH for _, does in typed if does)
    for words, does in typed:
        if does and not beside:
            yield f"  # {does}"
        yield f"{words:{column}}# {does}" if does and beside else words


def usage(verb: Verb) -> str:
    """``agentgrid send PANE TEXT [--no-enter] …``"""
    words = "up" if verb.name == DEFAULT else verb.name
    if verb.usage:
        return f"agentgrid {words} {verb.usage}"
    parts = [argument.shown if not argument.optional or argument.many else f"[{argument.shown}]" for argument in verb.arguments]
    parts += [f"[{option.flag}{' ' + option.shown if option.shown else ''}]" for option in verb.options]
    return " ".join(["agentgrid", f"[{words}]" if verb.name == DEFAULT else words, *parts])


def everywhere(verb: Verb) -> list[Option]:
    """The options of every verb that this one takes."""
    return [option for option in EVERYWHERE if option.flag != "--version" and (option is not JSON or verb.json)]


def sentence(summary: str) -> str:
    """A summary as a sentence."""
    return f"{summary[0].upper()}{summary[1:]}."


def _option_words(option: Option) -> str:
    return f"{option.short + ', ' if option.short else ''}{option.flag}{' ' + option.shown if option.shown else ''}"


def _columns(pairs: Iterable[tuple[str, str]], column: int = WORDS_COLUMN) -> Iterator[str]:
    """Words and what they mean, the meanings in one column."""
    for words, meaning in pairs:
        first = f"{' ' * INDENT}{words}"
        wrapped = list(_wrap(meaning, WIDTH - column))
        if len(first) + 2 > column:
            yield first
        else:
            yield first.ljust(column) + wrapped.pop(0)
        yield from (" " * column + line for line in wrapped)


def _wrap(text: str, width: int, indent: int = 0) -> Iterator[str]:
    """Lines of at most ``width`` columns; all but the first are indented. Words in brackets stay together."""
    line = ""
    for word in _unbroken(text):
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = " " * indent + word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _unbroken(text: str) -> Iterator[str]:
    """Words; what stands between ``[`` and ``]`` is one."""
    held = ""
    for word in text.split():
        held = f"{held} {word}" if held else word
        if held.count("[") <= held.count("]"):
            yield held
            held = ""
    if held:
        yield held
