"""Run git: argument lists, no shell, no prompts, a deadline, and bytes, because a path need not be text.

Nothing here takes a lock that could get in the way of the user's or an agent's git (GIT_OPTIONAL_LOCKS, git(1)), asks for
a password, or obeys a GIT_DIR that happened to be in the environment of whoever started us. git's own words are English,
so that they read like the rest of a message.
"""

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from agentgrid.errors import Unavailable

ANSWER_SECONDS = 30.0  # git answers a question in milliseconds; a cold disk or a network file system needs longer.

ELSEWHERE = frozenset(
    {
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_COMMON_DIR",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_NAMESPACE",
        "GIT_PREFIX",
        "GIT_CEILING_DIRECTORIES",
        "GIT_EXTERNAL_DIFF",
    }
)
"""What a hook or an alias that started us may have set for a repository of its own."""

SETTINGS = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true", "SSH_ASKPASS": "true", "LC_ALL": "C"}


def git_root(path: Path) -> Path | None:
    """The top of the checkout that a path is in, without starting git; None outside of any."""
    path = path.resolve()
    return next((folder for folder in (path, *path.parents) if (folder / ".git").exists()), None)


def run_git(
    folder: Path,
    *arguments: str,
    seconds: float = ANSWER_SECONDS,
    given: bytes | None = None,
    environment: Mapping[str, str] | None = None,
) -> bytes:
    """What git prints. Raises Unavailable with git's own words when it fails."""
    code, output, errors = ask_git(folder, *arguments, seconds=seconds, given=given, environment=environment)
    if code != 0:
        raise Unavailable(f"git {arguments[0]}: {_complaint(errors) or f'exit code {code}'}")
    return output


def ask_git(
    folder: Path,
    *arguments: str,
    seconds: float = ANSWER_SECONDS,
    given: bytes | None = None,
    environment: Mapping[str, str] | None = None,
) -> tuple[int, bytes, bytes]:
    """git's exit code, output and errors, for questions whose answer may be no. Raises Unavailable when git cannot be run at all.

    ``given`` is its input; ``environment`` is added to the user's own (GIT_INDEX_FILE for an index of ours).
    """
    try:
        process = subprocess.Popen(
            ["git", *arguments],
            cwd=folder,
            env=git_environment() | dict(environment or {}),
            stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # No terminal that ssh or a hook could ask on, and one group to end them by.
        )
    except FileNotFoundError as error:
        missing = "git is not installed, or not on PATH" if folder.is_dir() else f"the folder {folder} is not there"
        raise Unavailable(missing) from error
    except OSError as error:
        raise Unavailable(f"git cannot be run in {folder}: {error.strerror}") from error
    with process:
        try:
            output, errors = process.communicate(given, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)  # Hooks too: they hold the pipes.
            process.communicate()
            raise Unavailable(f"git {arguments[0]} in {folder} took longer than {seconds:g} seconds") from error
    return process.returncode, output, errors


def path_from(output: bytes, folder: Path) -> Path:
    """The one path that git printed, relative to the folder it ran in."""
    return folder / os.fsdecode(output.removesuffix(b"\n"))


def git_environment() -> dict[str, str]:
    """The user's own environment, as git is to have it from us."""
    return {name: value for name, value in os.environ.items() if name not in ELSEWHERE} | SETTINGS


def _complaint(errors: bytes) -> str:
    """The line that says why: git puts it behind ``fatal:`` or ``error:``, with hints around it."""
    lines = [line.strip() for line in errors.decode("utf-8", "replace").splitlines() if line.strip()]
    for word in ("fatal: ", "error: "):
        for line in lines:
            if line.startswith(word):
                return line.removeprefix(word)
    return lines[-1] if lines else ""
