"""Agents as data: one TOML file each, those that ship and the user's, who override them by name.

A user's file replaces the one that ships whole; to change a few keys there is ``[agent.NAME]`` in the configuration, which
lies over a profile key by key (``overlaid``). What a profile says is a fact about the program, seen or documented; what is
not known is left out, never guessed.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from agentgrid.agents.rules import ScreenRule, TitleRule, mistake
from agentgrid.errors import ConfigError, UsageError, did_you_mean
from agentgrid.names import checked_name
from agentgrid.tables import convert, read_table, shown

SHIPPED = Path(__file__).parent / "profiles"
ORDER = ("claude", "codex", "opencode", "gemini", "qwen", "copilot", "amp", "cursor", "aider", "goose")
"""In which order agents are offered; the user's own follow by name."""
SHELL = "shell"
"""The profile of a plain shell, which is no agent."""
DEMO = "demo"
"""The scripted agents of ``agentgrid demo``: recognised like any other, and never offered."""
GENERIC = "generic"
"""The rules of the agents that have none of their own. No agent itself, and not among the profiles."""

SESSION = "{session}"
"""Stands for the session's id in ``resume`` and ``session_id``."""


class ProfileTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys of a profile's file, and of ``[agent.NAME]``."""

    command: Annotated[
        tuple[str, ...],
        Meta(description="What to run: the program and its arguments. No shell stands between.", examples=[["claude", "--model", "opus"]]),
    ]
    title: Annotated[str, Meta(description="How people call it.", examples=["Claude Code"])] = ""
    trace: Annotated[bool, Meta(description="Whether its writes are traced, so that every change has an author.")] = True
    executables: Annotated[
        tuple[str, ...],
        Meta(
            description="Names it has on PATH, to find it and to recognise it; by default the program of `command`.", examples=[["claude"]]
        ),
    ] = ()
    packages: Annotated[
        tuple[str, ...],
        Meta(
            description="npm packages or Python modules it runs from, to recognise it behind node, npx, bun, python or uvx.",
            examples=[["@anthropic-ai/claude-code"]],
        ),
    ] = ()
    enter_pause_seconds: Annotated[
        float,
        Meta(
            ge=0, le=10, description="How long to wait between a prompt and its Enter: pasted together, some take Enter for a line break."
        ),
    ] = 0.5
    interrupt: Annotated[
        tuple[str, ...],
        Meta(description="The keys that stop its work without ending it; empty where that is not known.", examples=[["escape"]]),
    ] = ()
    resume: Annotated[
        tuple[str, ...],
        Meta(
            description="Arguments that take up an earlier conversation; `{session}` is its id. Empty where it cannot.",
            examples=[["--resume", SESSION]],
        ),
    ] = ()
    session_id: Annotated[
        tuple[str, ...],
        Meta(
            description="Arguments that give a new conversation the id (a UUID) `{session}`. Empty where it cannot.",
            examples=[["--session-id", SESSION]],
        ),
    ] = ()
    like: Annotated[
        str,
        Meta(
            description="The agent that it is at heart: whose rules, hooks and transcripts it has where it names none of its own.",
            examples=["codex"],
        ),
    ] = ""
    hooks: Annotated[
        Literal["", "claude", "codex", "codex-notify", "copilot", "gemini", "opencode", "qwen"],
        Meta(description="Whose hooks it has: it is started so that it reports to agentgrid. Empty: it is started as it is."),
    ] = ""
    transcript: Annotated[
        Literal["", "claude", "codex", "copilot", "gemini", "qwen"],
        Meta(description="Whose transcripts it writes, to read model, tokens and cost from."),
    ] = ""
    titles: Annotated[tuple[TitleRule, ...], Meta(description="Rules for the title it sets; the first that matches counts.")] = ()
    screens: Annotated[
        tuple[ScreenRule, ...], Meta(description="Rules for the last rows of its screen; the first that matches counts.")
    ] = ()


class Profile(ProfileTable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agent, by the name of its file."""

    name: str

    @property
    def names_on_path(self) -> tuple[str, ...]:
        return self.executables or self.command[:1]


def profile_from(name: str, table: dict[str, Any], label: str, prefix: str = "", *, check_rules: bool = True) -> Profile:
    """A table as the profile of agent ``name``. Raises ConfigError.

    ``check_rules``: whether to compile the patterns, which takes longer than everything else.
    """
    try:
        checked_name(name)
    except UsageError as error:
        raise ConfigError(f"{label}: {error}") from error
    checked = convert(table, ProfileTable, label, prefix)
    if not checked.command and name not in (SHELL, GENERIC):
        raise ConfigError(f"{label}: '{f'{prefix}.' if prefix else ''}command' is empty; name the program that the agent is")
    for key, arguments in (("resume", checked.resume), ("session_id", checked.session_id)):
        if arguments and not any(SESSION in argument for argument in arguments):
            raise ConfigError(f"{label}: '{f'{prefix}.' if prefix else ''}{key}' says nowhere where the id goes; write {SESSION} there")
    rules: tuple[tuple[str, tuple[TitleRule | ScreenRule, ...]], ...] = (("titles", checked.titles), ("screens", checked.screens))
    for key, found in rules if check_rules else ():
        for number, rule in enumerate(found, 1):
            if wrong := mistake(rule):
                raise ConfigError(f"{label}: '{f'{prefix}.' if prefix else ''}{key}.{wrong} in [[{key}]] no. {number}")
    return Profile(name=name, **{field: getattr(checked, field) for field in ProfileTable.__struct_fields__})


def overlaid(profile: Profile | None, name: str, table: dict[str, Any], label: str) -> Profile:
    """The profile with the keys of ``[agent.NAME]`` over its own; without a profile a new one. Raises ConfigError."""
    below = {} if profile is None else {field: plain(getattr(profile, field)) for field in ProfileTable.__struct_fields__}
    made = profile_from(name, below | table, label, f"agent.{name}")
    return made if profile is not None else _completed(made, _shipped(), label)


def plain(value: Any) -> Any:
    """As TOML has it: lists for tuples, tables for structs."""
    return msgspec.to_builtins(list(value)) if isinstance(value, tuple) else value


def load_profiles(user_folder: Path | None = None) -> dict[str, Profile]:
    """All profiles by name, in the order they are offered; the user's files override by name. Raises ConfigError."""
    profiles = _shipped() | ({} if user_folder is None else _read(user_folder, shown))
    profiles = {name: _completed(profile, profiles, f"profiles/{name}.toml") for name, profile in profiles.items() if name != GENERIC}
    first = [name for name in ORDER if name in profiles]
    return {name: profiles[name] for name in [*first, *sorted(profiles.keys() - set(first))]}


def find_agents(profiles: Mapping[str, Profile], path: str) -> list[str]:
    """The agents that are on PATH (``path`` is its text), in the order of the profiles."""
    folders = [folder for folder in path.split(os.pathsep) if os.path.isabs(folder)]  # A relative one would depend on where one stands.
    return [name for name, profile in profiles.items() if any(_runs(folders, word) for word in profile.names_on_path)]


def _completed(profile: Profile, profiles: Mapping[str, Profile], label: str) -> Profile:
    """The profile with what it has of the one it is like; with the generic rules, when it has none. Raises ConfigError."""
    if profile.like and profile.like not in profiles:
        raise ConfigError(f"{label}: 'like' names no agent: '{profile.like}'{did_you_mean(profile.like, profiles)}")
    model = profiles[profile.like or GENERIC]
    if profile.name == SHELL:
        return profile
    ruled = profile.titles or profile.screens
    return msgspec.structs.replace(
        profile,
        titles=profile.titles if ruled else model.titles,
        screens=profile.screens if ruled else model.screens,
        hooks=profile.hooks or model.hooks,
        transcript=profile.transcript or model.transcript,
    )


def _runs(folders: Sequence[str], word: str) -> bool:
    candidates = [word] if os.path.isabs(word) else [] if "/" in word else [os.path.join(folder, word) for folder in folders]
    return any(os.path.isfile(candidate) and os.access(candidate, os.X_OK) for candidate in candidates)


@cache
def _shipped() -> dict[str, Profile]:
    """Those that ship; a test has checked their rules."""
    return _read(SHIPPED, lambda path: f"profiles/{path.name}", check_rules=False)


def _read(folder: Path, label: Callable[[Path], str], *, check_rules: bool = True) -> dict[str, Profile]:
    """The profiles of a folder; none when there is no such folder."""
    found = sorted(folder.glob("*.toml"))
    return {path.stem: profile_from(path.stem, read_table(path, label(path)), label(path), check_rules=check_rules) for path in found}
