"""The schema of ``config.toml`` and ``agentgrid.toml``: every option with its type, default, documentation and examples.

The frozen structs are what a file is converted into; their ``Meta`` is what ``config init`` and ``docs/configuration.md``
print. To add an option, add a field; if its text has a grammar, add a line to ``GRAMMARS``. An option stands here only once
something reads it.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from agentgrid.config.values import MAX_COUNT, Grid, parse_duration, parse_folder, parse_grid, parse_hours
from agentgrid.names import checked_name

DEFAULT_GRID = Grid(3, 3)
DEFAULT_PREFIX = "ctrl+b"
MAX_HISTORY_ROWS = 1_000_000  # About half a gigabyte of plain text a pane.


class PaneOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[pane]]`: a pane to start with, or several alike. With neither `agent` nor `command` it is a shell."""

    agent: Annotated[
        str,
        Meta(description="An agent that ships (`agentgrid doctor` lists them) or one of `[agent.NAME]`.", examples=["claude"]),
    ] = ""
    command: Annotated[
        tuple[str, ...],
        Meta(
            description="The program and its arguments, instead of the agent's own. Without an agent, any program is a pane.",
            examples=[["npm", "run", "dev"]],
        ),
    ] = ()
    count: Annotated[int, Meta(ge=1, le=MAX_COUNT, description="How many panes of this kind.", examples=[4])] = 1
    folder: Annotated[
        str,
        Meta(
            description="Where it works: `shared` is the session's folder, `worktree` a git worktree of its own, `copy` a copy, "
            "`scratch` an empty folder; anything else is a path.",
            examples=["worktree"],
        ),
    ] = "shared"
    name: Annotated[
        str,
        Meta(
            description="What it is called; otherwise `claude-1`, `claude-2`, or as its program. With a count, `NAME-1`, `NAME-2`.",
            examples=["experiment"],
        ),
    ] = ""
    number: Annotated[
        int, Meta(ge=0, le=999, description="Its cell, counted row by row from 1; 0 is the first that is empty.", examples=[9])
    ] = 0
    trace: Annotated[
        bool | None, Meta(description="Whether its writes are traced; otherwise as its agent's `trace` says.", examples=[True])
    ] = None


class ConflictOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[conflicts]`: when two panes that write one file are a conflict."""

    window: Annotated[
        str, Meta(description="Two writes further apart than this are none: `90s`, `20m`, `1h30m`, `2d`.", examples=["20m"])
    ] = "20m"
    ignore: Annotated[
        tuple[str, ...],
        Meta(
            description="Paths that never are one, as in `.gitignore`. What git ignores is ignored already.",
            examples=[["docs/generated/**"]],
        ),
    ] = ()
    guard: Annotated[
        Literal["off", "warn", "ask", "deny"],
        Meta(
            description="What an agent meets that is about to write a file another one holds, where its hooks can tell it.",
            examples=["warn"],
        ),
    ] = "off"

    @property
    def window_seconds(self) -> float:
        return parse_duration(self.window)


class NotificationOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[notifications]`: how you are called to panes that are not in view. What comes about together is told once."""

    states: Annotated[
        tuple[Literal["blocked", "done", "error", "limited", "exited"], ...],
        Meta(description="Which states call you; `[]` for none.", examples=[["blocked", "error"]]),
    ] = ("blocked", "done", "error", "limited", "exited")
    terminal: Annotated[
        Literal["auto", "osc9", "osc99", "osc777", "off"],
        Meta(
            description="By which sequence your terminal is asked to show it: `auto` where it is known to know one. "
            "Inside tmux that needs its `allow-passthrough`.",
            examples=["osc9"],
        ),
    ] = "auto"
    bell: Annotated[bool, Meta(description="Whether your terminal rings.")] = True
    desktop: Annotated[bool, Meta(description="Whether the desktop shows it: `notify-send`, on macOS `osascript`.")] = False
    command: Annotated[
        tuple[str, ...],
        Meta(
            description="A program of yours that is told, with its arguments, in which `{title}`, `{body}` and `{panes}` are filled in. "
            "It runs in the folder of the session, and no shell stands between.",
            examples=[["my-notifier", "{title}", "{body}"]],
        ),
    ] = ()
    quiet: Annotated[str, Meta(description="Hours without any of it.", examples=["22:00-07:00"])] = ""


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The top level of a file."""

    grid: Annotated[
        str,
        Meta(description="Rows x columns of a page, 1 to 10 each; otherwise as many as the panes need, or 3x3.", examples=["3x3"]),
    ] = ""
    theme: Annotated[str, Meta(description="A theme that ships or one of your own; `agentgrid themes` lists them.")] = "harbour"
    history_rows: Annotated[
        int, Meta(ge=0, le=MAX_HISTORY_ROWS, description="How many rows of each pane are kept after they have scrolled away.")
    ] = 10_000
    confirm_paste: Annotated[
        bool,
        Meta(description="Whether to ask before several lines are pasted into a program that would run each as a command."),
    ] = True
    copy_keys: Annotated[
        Literal["vi", "emacs"],
        Meta(description="Whose keys mean something while looking back, where the two differ."),
    ] = "vi"
    shell: Annotated[
        tuple[str, ...],
        Meta(description="What runs in a pane that names neither an agent nor a command; otherwise `$SHELL`.", examples=[["zsh", "-l"]]),
    ] = ()
    pane: Annotated[
        tuple[PaneOptions, ...],
        Meta(description="What a new session starts with. The nearest file that has any `[[pane]]` decides; lists are not merged."),
    ] = ()
    agent: Annotated[
        dict[str, dict[str, Any]],
        Meta(description="`[agent.NAME]` adds to the profile of an agent that ships, or defines one of your own; see docs/agents.md."),
    ] = {}
    conflicts: ConflictOptions = ConflictOptions()
    notifications: NotificationOptions = NotificationOptions()
    keys: Annotated[
        dict[str, str],
        Meta(
            description="`[keys]`: `prefix` is the key before all others (`ctrl+b`); any other line binds a key, without the prefix "
            "or after it (`prefix Z`), to an action; see docs/keys.md.",
        ),
    ] = {}

    @property
    def prefix(self) -> str:
        return self.keys.get("prefix", DEFAULT_PREFIX)


def _parse_command(value: list[str]) -> None:
    from agentgrid.errors import UsageError

    if not value or not value[0]:
        raise UsageError("an empty command starts nothing; leave the key out, or name a program")


GRAMMARS: dict[str, Callable[[Any], object]] = {
    "grid": parse_grid,
    "shell": _parse_command,
    "conflicts.window": parse_duration,
    "notifications.command": _parse_command,
    "notifications.quiet": parse_hours,
    "pane.folder": parse_folder,
    "pane.name": checked_name,
    "pane.command": _parse_command,
}
"""By dotted key: what raises UsageError when a value that has the right type is wrong all the same."""
