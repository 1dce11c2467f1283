"""Texts with a grammar of their own, as the configuration and the command line write them. Pure; each raises UsageError."""

import re
from typing import NamedTuple

from agentgrid.errors import UsageError, did_you_mean

MAX_GRID = 10  # Rows or columns; a hundred cells on a page is more than any window shows.
MAX_COUNT = 100  # Panes of one line: a number typed wrong does not start a thousand programs.

FOLDER_KINDS = ("shared", "worktree", "copy", "scratch")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Grid(NamedTuple):
    """How the cells of a page stand. Written ``3x4``: rows, then columns."""

    rows: int
    columns: int

    def __str__(self) -> str:
        return f"{self.rows}x{self.columns}"


class AgentCount(NamedTuple):
    """So many panes of one agent. Written ``claude*4``."""

    agent: str
    times: int


class FolderWord(NamedTuple):
    """Where a pane works. ``kind``: shared, worktree, copy, scratch, or path, which alone has a ``path``."""

    kind: str
    path: str = ""


def parse_grid(text: str) -> Grid:
    """``3x4`` is 3 rows and 4 columns."""
    found = re.fullmatch(r"([0-9]{1,4})[xX×]([0-9]{1,4})", text)
    if not found:
        raise UsageError(f"'{text}' is no grid; write rows x columns, as 3x3")
    grid = Grid(int(found[1]), int(found[2]))
    if not all(1 <= side <= MAX_GRID for side in grid):
        raise UsageError(f"a grid of {grid} cannot be; rows and columns are 1 to {MAX_GRID} each")
    return grid


def is_grid(word: str) -> bool:
    """Whether a word of the command line is meant as a grid, right or wrong."""
    return re.fullmatch(r"[0-9]+[xX×][0-9]+", word) is not None


def parse_agent(word: str) -> AgentCount:
    """``claude`` is one, ``claude*4`` are four."""
    found = re.fullmatch(r"([^*]+)(?:\*([0-9]{1,4}))?", word)
    if not found:
        raise UsageError(f"'{word}' is no agent; write its name, or its name and how many: claude*4")
    count = int(found[2] or "1")
    if not 1 <= count <= MAX_COUNT:
        raise UsageError(f"'{word}' cannot be; start 1 to {MAX_COUNT} panes at once")
    return AgentCount(found[1], count)


def parse_folder(word: str) -> FolderWord:
    """``shared``, ``worktree``, ``copy``, ``scratch``, or a path."""
    if word in FOLDER_KINDS:
        return FolderWord(word)
    if not word:
        raise UsageError(f"an empty text is no folder; write {', '.join(FOLDER_KINDS)} or a path")
    if "/" not in word and (near := did_you_mean(word, FOLDER_KINDS)):
        raise UsageError(f"'{word}' is no folder{near} (a folder of that name is './{word}')")
    return FolderWord("path", word)


def parse_hours(text: str) -> tuple[int, int]:
    """``22:00-07:00`` as minutes since midnight; from the later to the earlier one is over midnight."""
    found = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])-([01]?[0-9]|2[0-3]):([0-5][0-9])", text)
    if found is None:
        raise UsageError(f"'{text}' are no hours; write from and to, as 22:00-07:00")
    hours = [int(part) for part in found.groups()]
    return hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]


def parse_duration(text: str) -> float:
    """Seconds: ``90s``, ``20m``, ``1h30m``, ``2d``."""
    if not re.fullmatch(r"([0-9]{1,6}(\.[0-9]{1,3})?[smhd])+", text):
        raise UsageError(f"'{text}' is no duration; write a number and its unit, as 90s, 20m, 1h30m or 2d")
    return sum(float(number) * SECONDS[unit] for number, unit in re.findall(r"([0-9.]+)([smhd])", text))
