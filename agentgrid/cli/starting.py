"""What a session is started with: words of the command line over the configuration. Pure, but for the look at PATH."""

import os
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from agentgrid.agents.profiles import SHELL, Profile, find_agents, load_profiles
from agentgrid.config.agents import configured_profiles
from agentgrid.config.load import Config, load
from agentgrid.config.options import DEFAULT_GRID, PaneOptions
from agentgrid.config.panes import configured_panes, default_panes, grid_of, single
from agentgrid.config.values import AgentCount, Grid, is_grid, parse_agent, parse_folder, parse_grid
from agentgrid.errors import UsageError, did_you_mean
from agentgrid.paths import config_dir
from agentgrid.session.commands import NewPane
from agentgrid.session.pane import Folder


class Choices:
    """What there is to choose from. Agents are looked up when they are asked for: a window that attaches does without."""

    def __init__(self, config: Config) -> None:
        self.config = config

    @cached_property
    def profiles(self) -> Mapping[str, Profile]:
        """The agents that the configuration knows. Raises ConfigError."""
        return configured_profiles(self.config, load_profiles(config_dir() / "profiles"))

    @cached_property
    def installed(self) -> Sequence[str]:
        """Which of them are. Raises ConfigError."""
        return [name for name in find_agents(self.profiles, os.environ.get("PATH", "")) if name != SHELL]


class Words(NamedTuple):
    """The words of ``up``, understood but not looked up."""

    grid: Grid | None
    programs: tuple[AgentCount, ...]


class Plan(NamedTuple):
    """What a session starts with."""

    grid: Grid
    panes: tuple[NewPane, ...]


def choices(folder: Path, file: Path | None = None) -> Choices:
    """Of a session that works in that folder. Raises ConfigError."""
    return Choices(load(folder, file=file))


def parse_words(words: Sequence[str]) -> Words:
    """At most one grid; every other word is an agent or a program with a number. Raises UsageError."""
    grids = [word for word in words if is_grid(word)]
    if len(grids) > 1:
        raise UsageError(f"one grid is enough: {' or '.join(grids)}?")
    programs = [parse_agent(word) for word in words if not is_grid(word)]
    return Words(parse_grid(grids[0]) if grids else None, tuple(programs))


def plan(words: Words, known: Choices, here: Path, folder: str | None) -> Plan:
    """Words win over the configuration, which wins over what is installed. Raises UsageError, ConfigError."""
    config = known.config
    if words.programs:
        panes = [pane_of(program, known, here) for program in words.programs]
        singles = single(panes)
    elif config.pane:
        singles = configured_panes(config, known.profiles)
    else:
        grid = words.grid or (parse_grid(config.grid) if config.grid else DEFAULT_GRID)
        return Plan(grid, tuple(_new_pane(pane, folder_of(folder, here)) for pane in default_panes(known.installed, *grid)))
    grid = words.grid or grid_of(config, len(singles))
    asked = folder_of(folder, here)
    in_order = sorted(singles, key=lambda pane: pane.number == 0)  # Those with a cell of their own get it before it is taken.
    return Plan(grid, tuple(_new_pane(pane, asked) for pane in in_order))


def pane_of(program: AgentCount, known: Choices, here: Path) -> PaneOptions:
    """A word as panes: an agent that is known, else a program that is there. Raises UsageError with the nearest verb or agent."""
    word = program.agent
    if word in known.profiles:
        return PaneOptions(agent=word, count=program.times)
    if shutil.which(word) is not None:
        return PaneOptions(command=(str(here / word) if "/" in word else word,), count=program.times)
    from agentgrid.cli.table import VERBS

    hint = did_you_mean(word, [*VERBS, *known.profiles]) or f"; known agents are {', '.join(known.profiles)}"
    raise UsageError(f"'{word}' is no verb, no agent and no program on PATH{hint}")


def folder_of(word: str | None, here: Path) -> Folder | None:
    """``--folder``: a path is taken from where we are. None when it was not given."""
    if word is None:
        return None
    kind, path = parse_folder(word)
    return Folder(kind=kind, path=os.path.abspath(here / Path(path).expanduser()) if path else "")


def difference(words: Words, status: Mapping[str, Any]) -> str:
    """How a session that runs is not what the words ask for; empty when it is."""
    if words.grid is not None and str(words.grid) != status["grid"]:
        return f"its grid is {status['grid']}, not {words.grid}"
    asked: Counter[str] = Counter()
    for program in words.programs:
        asked[os.path.basename(program.agent)] += program.times
    there = Counter(pane["agent"] or os.path.basename((pane["command"] or [""])[0]) for pane in status["panes"])
    if words.programs and asked != there:
        return f"it runs {_counted(there) or 'nothing'}, not {_counted(asked)}"
    return ""


def _counted(programs: Counter[str]) -> str:
    return " ".join(name if times == 1 else f"{name}*{times}" for name, times in programs.items())


def _new_pane(options: PaneOptions, folder: Folder | None) -> NewPane:
    kind, path = parse_folder(options.folder)
    return NewPane(
        agent=options.agent,
        command=options.command,
        folder=folder or Folder(kind=kind, path=path),
        name=options.name,
        number=options.number,
        trace=options.trace,
    )
