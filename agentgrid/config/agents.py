"""A pane's agent and command to what is run. Nothing is looked up on disk: a program that is not there is the pane's problem."""

import os
from collections.abc import Mapping
from typing import NamedTuple

from agentgrid.agents.profiles import SHELL, Profile, overlaid
from agentgrid.config.load import Config
from agentgrid.errors import UsageError, did_you_mean


class AgentLaunch(NamedTuple):
    """What a pane runs. ``agent`` is empty for a program that is no agent."""

    agent: str
    command: tuple[str, ...]
    trace: bool


def configured_profiles(config: Config, profiles: Mapping[str, Profile]) -> dict[str, Profile]:
    """The profiles with ``[agent.NAME]`` over them, and the agents that it defines. Raises ConfigError."""
    return dict(profiles) | {
        name: overlaid(profiles.get(name), name, keys, config.origin(f"agent.{name}")) for name, keys in config.agent.items()
    }


def resolve_launch(
    config: Config, profiles: Mapping[str, Profile], *, agent: str = "", command: tuple[str, ...] = (), trace: bool | None = None
) -> AgentLaunch:
    """A pane's command wins over its agent's, its ``trace`` over the profile's; neither is the user's shell.

    A command without an agent is looked at: ``claude --continue`` is an agent's all the same. Raises UsageError for an agent
    that is not known, ConfigError for one that is defined wrongly.
    """
    from agentgrid.agents.recognition import identify  # For the server; the command line only looks profiles up.

    known = configured_profiles(config, profiles)
    name = checked_agent(agent, known) if agent else identify(command, known) if command else SHELL
    if not name:
        return AgentLaunch("", command, bool(trace))
    profile = known[name]
    traced = profile.trace if trace is None else trace
    if name == SHELL:
        return AgentLaunch("", command or config.shell or profile.command or user_shell(os.environ), traced)
    return AgentLaunch(name, command or profile.command, traced)


def checked_agent(agent: str, known: Mapping[str, Profile]) -> str:
    """The agent, if it is known. Raises UsageError with the nearest and what there is."""
    if agent in known:
        return agent
    hint = did_you_mean(agent, known) or f"; known are {', '.join(known)}"
    raise UsageError(f"there is no agent '{agent}'{hint} (any program is a pane: 'agentgrid new -- {agent}')")


def user_shell(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The user's own shell."""
    shell = environment.get("SHELL", "")
    return (shell if os.path.isabs(shell) and os.access(shell, os.X_OK) else "/bin/sh",)
