"""The scene of ``agentgrid demo``: a scratch repository, and nine panes whose programs play the roles of ``demo/roles.py``.

The repository is the same every time, commit ids included: contents, author and dates are data.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from agentgrid.agents.demo.project import AUTHOR, FILES, HISTORY
from agentgrid.agents.demo.roles import ROLES
from agentgrid.errors import Unavailable, UsageError

AGENT, SERVER = "agentgrid.agents.demo", "agentgrid.agents.demo_server"


def prepare_scratch(folder: Path) -> None:
    """Make the scratch repository in a folder that is empty or not there yet."""
    if shutil.which("git") is None:
        raise Unavailable("the demo needs git, which is not on the PATH; install git and try again")
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty; the demo makes its repository in a new folder")
    _git(folder, "init", "--quiet", "--initial-branch=main")
    for date, subject, paths in HISTORY:
        for path in paths:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(FILES[path], encoding="utf-8")
        _git(folder, "add", "--", *paths)
        _git(folder, "commit", "--quiet", "-m", subject, date=date)


def demo_panes(folder: Path, seed: int = 0) -> list[tuple[str, tuple[str, ...]]]:
    """Name and command of each pane, in the order of the grid's cells; each seed is another course of events."""
    # -P: a file of the folder must not stand in for a module of Python's.
    program = (sys.executable, "-P", "-m")
    return [
        (role.name, (*program, SERVER if role.log else AGENT, "--role", role.name, "--seed", str(number), "--folder", str(folder)))
        for number, role in enumerate(ROLES, start=seed * len(ROLES) + 1)
    ]


def _git(folder: Path, *arguments: str, date: str = "") -> None:
    """Run git with no configuration but the repository's own."""
    name, email = AUTHOR
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    identity = ("-c", f"user.name={name}", "-c", f"user.email={email}")
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Unavailable(f"git could not make the demo's repository in {folder}: {done.stderr.strip().splitlines()[-1]}")
