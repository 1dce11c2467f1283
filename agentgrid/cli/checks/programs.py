"""git and the agents: whether they are there, and which version."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from agentgrid.agents.profiles import DEMO, SHELL, Profile
from agentgrid.cli.checks.check import Check
from agentgrid.cli.output import harmless
from agentgrid.cli.starting import choices
from agentgrid.errors import ConfigError

LEAST_GIT = (2, 38)  # git merge-tree --write-tree: whether two worktrees merge.
VERSION_SECONDS = 10.0  # All agents are asked at once; some take seconds to say their version.
SHOWN_CHARACTERS = 60


def program_checks(folder: Path) -> Iterator[Check]:
    """git, and every agent that is installed."""
    yield git(version_of(["git", "--version"]) if shutil.which("git") else None)
    try:
        known = choices(folder)
    except ConfigError:
        return  # The check of the configuration says so.
    if not known.installed:
        names = ", ".join(name for name in known.profiles if name not in (SHELL, DEMO))
        yield Check("agents", False, "none on PATH", f"install one ({names}), or name a command of your own in [agent.NAME]")
        return
    yield from agents({name: known.profiles[name] for name in known.installed})


def git(version: str | None) -> Check:
    if version is None:
        return Check("git", False, "not on PATH", "install git: worktrees, changes and conflicts need it")
    found = re.search(r"(\d+)\.(\d+)", version)
    ok = found is not None and (int(found[1]), int(found[2])) >= LEAST_GIT
    return Check("git", ok, version, "" if ok else "git 2.38 or newer can tell whether two worktrees merge")


def agents(found: Mapping[str, Profile]) -> Iterator[Check]:
    """What each says its version is; they are asked at the same time."""
    asked = {}
    for name, profile in found.items():
        program = next((path for word in profile.names_on_path if (path := shutil.which(word))), None)
        if program is not None:
            asked[name] = subprocess.Popen(
                [program, "--version"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                errors="replace",
            )
    deadline = time.monotonic() + VERSION_SECONDS
    for name, process in asked.items():
        yield Check(f"agent {name}", True, _first_line(process, max(0.0, deadline - time.monotonic())) or "installed")


def version_of(command: list[str]) -> str | None:
    """The first line a program says; None when it says nothing."""
    return _first_line(_asked(command), VERSION_SECONDS) or None


def _asked(command: list[str]) -> "subprocess.Popen[str]":
    """The program, about to say its version; it gets no input and no terminal to draw on."""
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet, text=True, errors="replace", start_new_session=True)


def _first_line(process: "subprocess.Popen[str]", seconds: float) -> str:
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return f"it does not say its version within {VERSION_SECONDS:g} seconds"
    lines = said.strip().splitlines()
    return harmless(lines[0])[:SHOWN_CHARACTERS] if lines else ""
