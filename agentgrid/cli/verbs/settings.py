"""``themes`` and ``config``: what can be chosen, and what is."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentgrid.addresses import session_root
from agentgrid.cli.output import harmless, one_line, say, say_json
from agentgrid.cli.reach import here
from agentgrid.cli.roster import width_of
from agentgrid.config.check import check
from agentgrid.config.load import FOLDER_FILE, load
from agentgrid.config.themes import list_themes, load_theme
from agentgrid.config.writing import current_text, initial_text
from agentgrid.errors import ConfigError, Unavailable, UsageError

if TYPE_CHECKING:
    from agentgrid.cli.words import Call


def themes(call: "Call") -> int:
    """One line a theme; one that is wrong says why."""
    found = [_described(name) for name in list_themes()]
    if call.json:
        say_json(found)
        return 0
    width = max((width_of(theme["name"]) for theme in found), default=0)
    for theme in found:
        kind = f"{'dark' if theme['dark'] else 'light'}{', high contrast' if theme['high_contrast'] else ''}"
        say(f"{theme['name']:{width}}  {kind:20}  {one_line(theme['problem'] or theme['description'] or theme['title'])}".rstrip())
    return 0


def config(call: "Call", *, action: str, config: str | None) -> int:
    """The configuration of this folder's session."""
    folder = session_root(here())
    file = None if config is None else Path(os.path.abspath(Path(config).expanduser()))
    match action:
        case "init":
            return _init(call, file or folder / FOLDER_FILE)
        case "check":
            lines = check(folder, file=file)
            if call.json:
                say_json(lines)
            else:
                say("\n".join(map(harmless, lines)))
        case _:
            known = load(folder, file=file)
            if call.json:
                say_json(known)
            else:
                say(harmless(current_text(known)).rstrip("\n"))
    return 0


def _init(call: "Call", file: Path) -> int:
    """Write the commented file, never over another."""
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(initial_text())
    except FileExistsError:
        raise UsageError(f"{file} is there already; 'agentgrid config check' reads it") from None
    except OSError as error:
        raise Unavailable(f"cannot write {file}: {error.strerror}") from error
    if call.json:
        say_json({"file": str(file)})
    else:
        say(str(file))
    return 0


def _described(name: str) -> dict[str, Any]:
    try:
        theme = load_theme(name)
    except ConfigError as error:
        return {"name": name, "title": name, "description": "", "dark": True, "high_contrast": False, "problem": str(error)}
    return {
        "name": name,
        "title": theme.title,
        "description": theme.description,
        "dark": theme.dark,
        "high_contrast": theme.high_contrast,
        "problem": "",
    }
