"""The table, the fields of the JSON and the exit codes as ``docs/cli.md``: ``python -m agentgrid.cli.reference > docs/cli.md``."""

import sys
from collections.abc import Iterable, Iterator

from agentgrid.cli.fields import EVENTS, OBJECTS, SHORT, Field
from agentgrid.cli.help import EXIT_CODES, everywhere, sentence, usage
from agentgrid.cli.table import GROUPS
from agentgrid.cli.words import EVERYWHERE, PANE, Argument, Option, Verb

HEAD = """\
# The command line

Every verb, what it takes, what it prints and how it ends. `agentgrid VERB --help` says the same, with less about JSON.

Results go to standard output; what is wrong goes to standard error, as one line that begins with `agentgrid:`.
Whatever a program in a pane has printed (titles, messages, screens) is cleaned of everything a terminal would act on before it is
printed again.

## Which session

`-s NAME` names it. Without, it is the session whose pane the command runs in (`$AGENTGRID_SESSION`), else the one of the folder:
the root of the git repository around it, else the folder itself. `up` looks at the folder alone.
A session has the name of its folder; when two folders have the same name, the second session's gets a number.

## Which pane

A PANE is its number on the screen (`3`), its name (`claude-2`), or its id (`%7`).
Numbers are places: they stay with the cell. Names can be changed. An id is never used twice in a session, so scripts keep ids.
"""

JSON_HEAD = """\
## JSON

`--json` prints one line of JSON, or an indented object when a person at a terminal reads it. Fields are only ever added.
Times are seconds since the epoch, as floats.
"""

EVENTS_HEAD = """\
### `events`

One object a line, flushed at once. Each has `at` and `event`; what concerns a pane has `pane` (`"%1"`, or null).
Without `--follow` the present state of every pane (`state_changed`) is all there is; with it, that comes first.
"""

RECORDINGS = """\
## Recordings

`record` writes an [asciicast](https://docs.asciinema.org/manual/asciicast/v2/) of version 2, one event a line, so that other players
take it. It begins with what the pane shows at that moment. Bytes that are no UTF-8 become U+FFFD, as they do on the screen. The file
is readable for you alone, and whole up to the last event even when the recorder is killed.

`replay` never passes the recording's bytes on: an emulator takes them, and its rows are drawn. Whatever was recorded, your terminal's
title, clipboard and modes stay as they are. It leaves the last screen behind; where no person watches, it prints only that.

## Shell completion

```
agentgrid completion bash > ~/.local/share/bash-completion/completions/agentgrid
agentgrid completion zsh > ~/.zfunc/_agentgrid        # a folder of your $fpath, before compinit runs
agentgrid completion fish > ~/.config/fish/completions/agentgrid.fish
```

Panes, sessions, agents, themes and states are completed as well as verbs and options.
zsh takes `claude*4` for a pattern of files: put it in quotes.
"""


def page() -> str:
    """The whole of ``docs/cli.md``."""
    parts = [HEAD, *_everywhere(), *_exit_codes()]
    for title, verbs in GROUPS:
        parts.append(f"## {title}\n")
        parts += [_verb(verb) for verb in verbs]
    parts += [JSON_HEAD, _table(("verb", "JSON"), tuple((f"`{verb}`", shape) for verb, shape in SHORT))]
    parts += [_fields(f"### `{name}`\n\n{shape}\n", fields) for name, shape, fields in OBJECTS]
    parts += [_events(), RECORDINGS]
    return "\n".join(parts)


def _everywhere() -> Iterator[str]:
    yield "## Options of every verb\n\nThey may stand before the verb or after it.\n"
    yield _table(("option", ""), ((f"`{_words(option)}`", option.help) for option in EVERYWHERE))


def _exit_codes() -> Iterator[str]:
    yield "## Exit codes\n"
    rows = (*EXIT_CODES, ("130", "interrupted by ctrl+c"))
    yield _table(("code", ""), ((f"`{code}`", meaning) for code, meaning in rows))
    yield "A reader that closes the pipe (`agentgrid events --follow | head -1`) ends the command quietly, with 0.\n"


def _verb(verb: Verb) -> str:
    lines = [f"### `{verb.name}`", "", "```", usage(verb), "```", "", " ".join(filter(None, (sentence(verb.summary), verb.details))), ""]
    own: list[Argument | Option] = [argument for argument in verb.arguments if argument.shown != PANE.shown]  # It has its chapter.
    own += verb.options
    if own:
        lines.append(_table(("", ""), ((f"`{_words(each)}`", each.help) for each in own)))
    if everywhere(verb)[1].flag == "--json":
        lines += ["Takes `--json`.", ""]
    lines += ["```", *(f"agentgrid {words}".rstrip() + (f"    # {does}" if does else "") for words, does in verb.examples), "```", ""]
    return "\n".join(lines)


def _events() -> str:
    rows = tuple((f"`{name}`", fields, when) for name, fields, when in EVENTS)
    return "\n".join([EVENTS_HEAD, _table(("event", "further fields", "when"), rows)])


def _fields(head: str, fields: tuple[Field, ...]) -> str:
    return "\n".join([head, _table(("field", "type", ""), ((f"`{field.name}`", field.type, field.meaning) for field in fields))])


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _words(each: Argument | Option) -> str:
    if isinstance(each, Argument):
        return each.shown
    return f"{each.short + ', ' if each.short else ''}{each.flag}{' ' + each.shown if each.shown else ''}"


if __name__ == "__main__":
    sys.stdout.write(page())
