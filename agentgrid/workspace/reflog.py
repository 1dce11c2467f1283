"""What a line of git's reflog says that happened. Pure.

OLD NEW Name <mail> 1700000000 +0000<TAB>checkout: moving from main to topic
"""

import re
from typing import NamedTuple

from agentgrid.workspace.change import GitAction

LINE = re.compile(rb"([0-9a-f]{40,64}) ([0-9a-f]{40,64}) [^\t]*\t?(.*)")
MAX_SUMMARY = 200  # One line for a person.

ACTIONS: tuple[tuple[str, GitAction], ...] = (
    ("commit", GitAction.COMMITTED),
    ("checkout: ", GitAction.SWITCHED),
    ("reset: ", GitAction.RESET),
    ("", GitAction.MOVED),
)
"""How git's words begin, and what is meant; merge, pull, rebase, cherry-pick, revert, am and others move HEAD."""


class Moved(NamedTuple):
    """HEAD points to another commit, or the same under another name."""

    action: GitAction
    old: str
    new: str
    summary: str


def read_reflog(data: bytes) -> list[Moved]:
    """The whole lines of a piece of a reflog."""
    found = []
    for line in data.split(b"\n")[:-1]:
        matched = LINE.fullmatch(line)
        if matched is not None:
            summary = matched[3].decode("utf-8", "replace")
            action = next(action for start, action in ACTIONS if summary.startswith(start))
            found.append(Moved(action, matched[1].decode(), matched[2].decode(), summary[:MAX_SUMMARY]))
    return found
