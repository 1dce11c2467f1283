"""Panes' names: what is one, and which one a pane gets that nobody has named.

A name is typed in a shell, so it needs no quotes there; it is no number and does not begin with ``%``, because a pane is
also called by its number and its id; and it does not begin with ``-`` or ``.``, because it also names options' values and
the folders of worktrees.
"""

import re
from collections.abc import Collection, Mapping
from posixpath import basename

from agentgrid.errors import UsageError

MAX_NAME_CHARACTERS = 40  # A header is 39 columns in the narrowest cell; longer names also make longer paths of worktrees.
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
FOREIGN = re.compile(r"[^A-Za-z0-9_.-]+")


def checked_name(name: str) -> str:
    """The name, if it can be one. Raises UsageError."""
    if name.isdigit():
        raise UsageError(f"the name '{name}' is a number, and numbers are places on the grid; add a letter")
    if len(name) > MAX_NAME_CHARACTERS:
        raise UsageError(f"a name has at most {MAX_NAME_CHARACTERS} characters, '{name[:12]}…' has {len(name)}")
    if not NAME.fullmatch(name):
        raise UsageError(f"'{name}' is no name for a pane; use letters, digits, '_', '-' and '.', and begin with a letter, a digit or '_'")
    return name


def stem(agent: str, command: tuple[str, ...]) -> str:
    """What an unnamed pane is called after: its agent, else its program."""
    word = FOREIGN.sub("-", agent or (basename(command[0]) if command else "shell")).lstrip("-.").rstrip("-")
    word = word[: MAX_NAME_CHARACTERS - 8]
    return word if word and not word.isdigit() else f"pane-{word}".rstrip("-")


def fresh_name(agent: str, command: tuple[str, ...], taken: Collection[str], counters: Mapping[str, int]) -> tuple[str, str, int]:
    """A name that no pane has and none has been given so far: (name, its stem, the stem's new count).

    Agents count from the first (``claude-1``), other programs from the second (``npm``, ``npm-2``).
    """
    word = stem(agent, command)
    count = counters.get(word, 0) + 1
    while (name := word if count == 1 and not agent else f"{word}-{count}") in taken:
        count += 1
    return name, word, count
