"""Whose command line is this? The agent's own, or one that runs it: ``node /…/claude-code/cli.js``, ``npx -y @openai/codex``,
``python -m aider``, ``sh -c 'exec goose session'``, ``env A=1 gemini``.

A word names an agent when its last part is one of the agent's executables, or when one of its packages is in it. A runner
(the table) is taken off with its options and what it runs is looked at again, a few times over. A shell's line is read up to
its first operator. What is not recognised is no agent: a wrong name would be worse than none.
"""

import re
from collections.abc import Mapping, Sequence
from posixpath import basename, splitext

import msgspec

from agentgrid.agents.profiles import Profile
from agentgrid.agents.signals import Ran

MAX_RUNNERS = 8  # `env nice npx …` is three; a longer chain is nobody's habit, and the loop ends.
VERSION = re.compile(r"(?<=[^/@])(@|==)[^/]*$")  # `codex@latest`, `aider-chat==0.9`
ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
OPERATORS = {"|", "||", "&", "&&", ";", ">", ">>", "<", "2>&1"}


class Runner(msgspec.Struct, frozen=True):
    """A program that runs another. ``valued``: options that take the next word; ``verbs``: words before what it runs;
    ``line``: the option whose value is a shell's line; ``module``: the option whose value is a module's name."""

    valued: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    line: str = ""
    module: str = ""


JS = Runner(frozenset({"-r", "--require", "--import", "--loader", "--env-file", "-C", "--conditions"}), frozenset({"run", "x"}))
NPX = Runner(frozenset({"-p", "--package", "-c", "--call", "--prefix"}), frozenset({"exec", "dlx", "x", "run", "tool"}))
PY = Runner(frozenset({"-W", "-X"}), module="-m")
UV = Runner(frozenset({"--from", "--with", "-p", "--python", "--spec"}), frozenset({"run", "tool", "x"}), module="-m")
SH = Runner(frozenset({"-o", "+o", "--rcfile", "--init-file"}), line="-c")
PLAIN = Runner(frozenset({"-u", "-n", "-C", "--unset", "--chdir"}))

RUNNERS: tuple[tuple[re.Pattern[str], Runner], ...] = (
    (re.compile(r"node(js)?|bun|deno|tsx"), JS),
    (re.compile(r"npx|bunx|pnpx|npm|pnpm|yarn"), NPX),
    (re.compile(r"python[\d.]*|pypy[\d.]*"), PY),
    (re.compile(r"uvx?|pipx"), UV),
    (re.compile(r"(ba|z|da|k|fi)?sh"), SH),
    (re.compile(r"env|nice|nohup|exec|command|caffeinate|setsid|stdbuf"), PLAIN),
)


def identify(argv: Sequence[str], profiles: Mapping[str, Profile]) -> str:
    """The name of the agent that this command line runs, empty when it is none that is known."""
    words = list(argv)
    for _ in range(MAX_RUNNERS):
        while words and ASSIGNMENT.match(words[0]):
            words.pop(0)
        if not words:
            return ""
        if name := _named(words[0], profiles):
            return name
        program = basename(words[0]).lstrip("-")  # A login shell's name begins with a dash.
        runner = next((runner for pattern, runner in RUNNERS if pattern.fullmatch(program)), None)
        if runner is None:
            return ""
        words = _unwrapped(words[1:], runner)
    return ""


def ran(argv: Sequence[str], profiles: Mapping[str, Profile], at: float, *, own: bool) -> Ran:
    """The signal that the program with this command line has the terminal; ``own``: the one the pane was started with."""
    return Ran(at=at, program=basename(argv[0]).lstrip("-") if argv else "", agent="" if own else identify(argv, profiles), own=own)


def _named(word: str, profiles: Mapping[str, Profile]) -> str:
    word = VERSION.sub("", word)
    last = basename(word)
    names = {last, splitext(last)[0]}
    for name, profile in profiles.items():
        if names & {basename(executable) for executable in profile.names_on_path}:
            return name
        if any(f"/{package}/" in f"/{word}/" for package in profile.packages):
            return name
    return ""


def _unwrapped(words: list[str], runner: Runner) -> list[str]:
    """What the runner runs: its words without the runner's own options."""
    for at, word in enumerate(words):
        if runner.line and re.fullmatch(r"-[a-z]*c", word):
            return _first_command(words[at + 1]) if at + 1 < len(words) else []
        if runner.module and word == runner.module:
            return [words[at + 1].replace(".", "/"), *words[at + 2 :]] if at + 1 < len(words) else []
        if word.startswith(("-", "+")) or word in runner.verbs or (at and words[at - 1] in runner.valued):
            continue
        return words[at:]
    return []


def _first_command(line: str) -> list[str]:
    """The words of a shell's line up to its first operator."""
    import shlex

    reader = shlex.shlex(line, posix=True, punctuation_chars=True)
    reader.whitespace_split = True
    reader.commenters = ""
    words: list[str] = []
    try:
        for word in reader:
            if word in OPERATORS:
                break
            words.append(word)
    except ValueError:
        return []  # A quote that is never closed: the shell will not run it either.
    return words
