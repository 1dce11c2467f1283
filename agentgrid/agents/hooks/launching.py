"""What to add to an agent's launch so that it reports to us: arguments, environment and files, as values.

Only this launch changes. Where an agent has no option for that, an environment variable names a settings file of ours; for
Gemini CLI a home folder of ours whose entries lead to the user's own. What the user has set stays in force: their hooks run
beside ours, a status program of theirs (Codex: ``notify``) is not replaced.

The text of a command is always the same (Codex asks for trust anew when it changes), so the pane stands in the environment.
It ends well whatever happens: Copilot denies every tool when a hook fails, Gemini CLI every prompt when it is missing.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from agentgrid.agents.hooks.parsing import EVENTS
from agentgrid.agents.profiles import Profile
from agentgrid.agents.recognition import identify

NOTIFY = "notify"
"""Codex's own word for the end of a turn, which is no hook."""
REPORTER = Path(__file__).with_name("report.sh")
AWAITED = frozenset({"SessionStart", "PreToolUse", "SessionEnd"})
"""Events of Claude Code in which it waits for the hook: an edit must be known before the write, and an end is one. It shows a
question, and says that it is done, without waiting for the rest."""
QWEN_SYSTEM_SETTINGS = Path("/etc/qwen-code/settings.json")
"""The administrator's, which Qwen Code does not read when a launch names another: ours holds what it says."""


class Additions(NamedTuple):
    """``files``: path to text; ``links``: path to what it leads to. All below the folder that was given."""

    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = {}
    files: Mapping[Path, str] = {}
    links: Mapping[Path, Path] = {}
    folders: tuple[Path, ...] = ()
    port: int = 0
    """Where the agent's event stream will be, 0 when it has none."""


class Launch(NamedTuple):
    """What the additions depend on. ``folder`` is ours and stays from launch to launch; ``inbox`` is the pane's alone."""

    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    inbox: Path
    port: int = 0
    password: str = ""
    direct: bool = True
    """Whether the command is the agent's own, so that arguments reach it."""


def launch_additions(
    profile: Profile,
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    folder: Path,
    inbox: Path,
    port: int = 0,
    password: str = "",
) -> Additions:
    """What makes this launch report into ``inbox``; nothing when the agent cannot, or when the command is somebody's wrapper.

    ``port`` is a free one on the loopback and ``password`` a secret, for agents that have a server of events."""
    make = AGENTS.get(profile.hooks)
    if make is None:
        return Additions()
    direct = bool(identify(command, {profile.name: profile})) and "--" not in command
    launch = Launch(command, environment, folder / profile.hooks, inbox, port, password, direct)
    made = make(launch)
    if not made.arguments and not made.environment:
        return made
    ours = {"AGENTGRID_HOOKS": str(inbox), "AGENTGRID_REPORTER": str(REPORTER)}
    return made._replace(environment=ours | dict(made.environment))


def write_additions(additions: Additions) -> None:
    """Make the files, for the user's eyes alone; what is as it should be is left alone. Raises OSError."""
    for folder in additions.folders:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path, text in additions.files.items():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            new = path.with_name(f".{path.name}.{os.getpid()}")
            new.touch(mode=0o600)
            new.write_text(text, encoding="utf-8")
            new.replace(path)
    for path, target in additions.links.items():
        if not path.is_symlink() or path.readlink() != target:
            path.unlink(missing_ok=True)
            path.symlink_to(target)


def hook_command(agent: str, event: str) -> str:
    """What a hook runs. A shell's line, always the same, of which no part comes from outside."""
    return f'[ -r "$AGENTGRID_REPORTER" ] && sh "$AGENTGRID_REPORTER" {agent} {event} || :'


def _claude(launch: Launch) -> Additions:
    if not launch.direct or "--settings" in launch.command:
        return Additions()
    hooks = {event: [{"hooks": [_entry("claude", event) | ({} if event in AWAITED else {"async": True})]}] for event in EVENTS["claude"]}
    return Additions(arguments=("--settings", _json({"hooks": hooks})))


def _codex(launch: Launch) -> Additions:
    """Its hooks. The first launch asks whether to trust them, which is why a profile has to name them."""
    if not launch.direct:
        return Additions()
    arguments: list[str] = []
    for event in EVENTS["codex"]:
        if event != NOTIFY:
            command = json.dumps(hook_command("codex", event), ensure_ascii=False)
            arguments += ["-c", f'hooks.{event}=[{{hooks=[{{type="command",command={command}}}]}}]']
    return Additions(arguments=tuple(arguments))


def _codex_notify(launch: Launch) -> Additions:
    """Only the end of a turn, but nobody is asked for trust. A ``notify`` of the user's own is left to them."""
    home = launch.environment.get("CODEX_HOME") or os.path.join(launch.environment.get("HOME", ""), ".codex")
    settings = _read_toml(Path(home) / "config.toml")
    if not launch.direct or settings is None or "notify" in settings or any("notify=" in word for word in launch.command):
        return Additions()
    line = f'[ -r "$AGENTGRID_REPORTER" ] && printf %s "$1" | sh "$AGENTGRID_REPORTER" codex {NOTIFY} || :'
    return Additions(arguments=("-c", f"notify={json.dumps(['sh', '-c', line, 'agentgrid'])}"))


def _opencode(launch: Launch) -> Additions:
    if not launch.direct or not launch.port or "--port" in launch.command:
        return Additions()
    return Additions(arguments=("--port", str(launch.port)), environment={"OPENCODE_SERVER_PASSWORD": launch.password}, port=launch.port)


def _gemini(launch: Launch) -> Additions:
    """A home whose entries lead to the user's own, but the settings, which are theirs with our hooks.

    What they change in the settings while they work stays in ours until they change their own again."""
    if "GEMINI_CLI_HOME" in launch.environment:
        return Additions()
    own = Path(launch.environment.get("HOME", "")) / ".gemini"
    home = launch.folder / "home"
    shadow = home / ".gemini"
    text = _read(own / "settings.json") or "{}"
    settings = _object(text)
    if settings is None:
        return Additions()  # With comments, or broken: nothing of ours may make it worse.
    files = {}
    if _read(launch.folder / "settings.base.json") != text or not (shadow / "settings.json").is_file():
        files = {
            launch.folder / "settings.base.json": text,
            shadow / "settings.json": _json(_with_hooks(settings, "gemini")),
        }
    names = {"tmp", "history", *(entry.name for entry in own.iterdir())} if own.is_dir() else {"tmp", "history"}
    links = {shadow / name: own / name for name in sorted(names - {"settings.json"})}
    return Additions(environment={"GEMINI_CLI_HOME": str(home)}, files=files, links=links, folders=(own / "tmp", own / "history", shadow))


def _qwen(launch: Launch) -> Additions:
    if "QWEN_CODE_SYSTEM_SETTINGS_PATH" in launch.environment:
        return Additions()
    text = _read(QWEN_SYSTEM_SETTINGS)
    settings = {} if text is None else _object(text)
    if settings is None:
        return Additions()
    path = launch.folder / "settings.json"
    return Additions(environment={"QWEN_CODE_SYSTEM_SETTINGS_PATH": str(path)}, files={path: _json(_with_hooks(settings, "qwen"))})


def _copilot(launch: Launch) -> Additions:
    if not launch.direct:
        return Additions()
    plugin = {"name": "agentgrid", "version": "1.0.0", "description": "Tells agentgrid what it does", "hooks": "hooks.json"}
    hooks = {event: [{"type": "command", "bash": hook_command("copilot", event)}] for event in EVENTS["copilot"]}
    folder = launch.folder
    return Additions(
        arguments=("--plugin-dir", str(folder)),
        files={folder / "plugin.json": _json(plugin), folder / "hooks.json": _json({"version": 1, "hooks": hooks})},
    )


AGENTS: dict[str, Callable[[Launch], Additions]] = {
    "claude": _claude,
    "codex": _codex,
    "codex-notify": _codex_notify,
    "opencode": _opencode,
    "gemini": _gemini,
    "qwen": _qwen,
    "copilot": _copilot,
}
"""By the name that a profile's ``hooks`` has."""


def _entry(agent: str, event: str) -> dict[str, object]:
    return {"type": "command", "command": hook_command(agent, event)}


def _with_hooks(settings: dict[str, Any], agent: str) -> dict[str, Any]:
    """The settings with our hooks after those that are there."""
    hooks = settings.get("hooks")
    hooks = dict(hooks) if isinstance(hooks, dict) else {}
    for event in EVENTS[agent]:
        before = hooks.get(event)
        ours = {"matcher": "*", "hooks": [_entry(agent, event) | {"name": "agentgrid"}]}
        hooks[event] = [*(before if isinstance(before, list) else []), ours]
    return settings | {"hooks": hooks}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _object(text: str) -> dict[str, Any] | None:
    """A JSON object; None when it is none (these files may hold comments)."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None  # There is none that could be read.


def _read_toml(path: Path) -> dict[str, Any] | None:
    """A TOML file's table, empty when there is no file, None when it cannot be read."""
    import tomllib

    text = _read(path)
    if text is None:
        return None if path.exists() else {}
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
