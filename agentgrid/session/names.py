"""What a pane is called that nobody has named: after its agent or its program, and never as another was."""

import re
from collections.abc import Collection, Mapping
from posixpath import basename

from agentgrid.names import MAX_NAME_CHARACTERS

FOREIGN = re.compile(r"[^A-Za-z0-9_.-]+")
COUNTER_CHARACTERS = 8  # `-1000000`: more panes than a session will see.


def stem(agent: str, command: tuple[str, ...]) -> str:
    """What an unnamed pane is called after: its agent, else its program."""
    word = FOREIGN.sub("-", agent or (basename(command[0]) if command else "shell")).lstrip("-.").rstrip("-")
    word = word[: MAX_NAME_CHARACTERS - COUNTER_CHARACTERS]
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
