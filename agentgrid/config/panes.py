"""What a session starts with: panes one by one, and the grid that holds them. Pure.

The words of the command line win over ``[[pane]]``, and where neither says anything there is one of each
agent that is installed, or shells when none is.
"""

from collections.abc import Collection, Iterable, Sequence
from math import ceil, isqrt

import msgspec

from agentgrid.config.load import Config
from agentgrid.config.options import DEFAULT_GRID, PaneOptions
from agentgrid.config.values import MAX_GRID, AgentCount, Grid, parse_grid
from agentgrid.errors import ConfigError, did_you_mean


def single(options: Iterable[PaneOptions]) -> list[PaneOptions]:
    """Each pane by itself: a count becomes that many, a name with a count ``NAME-1``, ``NAME-2``."""
    return [
        msgspec.structs.replace(pane, count=1, name=f"{pane.name}-{number}" if pane.name and pane.count > 1 else pane.name)
        for pane in options
        for number in range(1, pane.count + 1)
    ]


def configured_panes(config: Config, agents: Collection[str]) -> list[PaneOptions]:
    """The panes of ``[[pane]]``, each by itself. Raises ConfigError for an agent that is none of these, and a name that is given twice."""
    label = config.origin("pane")
    names: set[str] = set()
    panes = single(config.pane)
    for pane in panes:
        if pane.agent and pane.agent not in agents:
            hint = did_you_mean(pane.agent, agents) or f"; known are {', '.join(agents)}"
            raise ConfigError(f"{label}: 'pane.agent': there is no agent '{pane.agent}'{hint}")
        if pane.name in names:
            raise ConfigError(f"{label}: 'pane.name': two panes are called '{pane.name}'; call one of them otherwise")
        names |= {pane.name} - {""}
    return panes


def panes_of_words(words: Iterable[AgentCount], *, folder: str = "shared") -> list[PaneOptions]:
    """``claude*4 codex*3`` as panes."""
    return [PaneOptions(agent=agent, folder=folder) for agent, times in words for _ in range(times)]


def default_panes(found: Sequence[str], rows: int, columns: int) -> list[PaneOptions]:
    """One of each agent that was found, as many as there are cells; a shell in every cell when none was.

    Not more than one of each: an agent takes memory, and may take money, and nobody has asked for nine.
    """
    cells = rows * columns
    return [PaneOptions(agent=agent) for agent in found[:cells] or [""] * cells]


def grid_of(config: Config, count: int) -> Grid:
    """The configured grid, else the least that holds ``count`` panes; 3x3 for none."""
    if config.grid:
        return parse_grid(config.grid)
    return grid_for(count) if count else DEFAULT_GRID


def grid_for(count: int) -> Grid:
    """The least grid for so many panes, as square as can be and rather wide than tall: 1x1, 1x2, 2x2, 2x3, 3x3 …"""
    columns = min(MAX_GRID, isqrt(max(count, 1) - 1) + 1)
    return Grid(min(MAX_GRID, ceil(max(count, 1) / columns)), columns)
