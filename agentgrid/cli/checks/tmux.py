"""The options of the tmux around us, as far as they decide what gets through it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import NamedTuple

from agentgrid.cli.checks.check import Check

SECONDS = 5.0  # A tmux that does not answer for so long is stopped.


class Wanted(NamedTuple):
    """An option, the values that are fine, and what is lost with the others."""

    option: str
    fine: tuple[str, ...]
    lost: str
    setting: str


WANTED = (
    Wanted("extended-keys", ("on", "always"), "Shift+Enter looks like Enter", "set -s extended-keys on"),
    Wanted("focus-events", ("on",), "agentgrid does not know whether you look", "set -s focus-events on"),
    Wanted("set-clipboard", ("on",), "copying does not reach your clipboard", "set -s set-clipboard on"),
    Wanted("allow-passthrough", ("on", "all"), "notifications do not reach your terminal", "set -wg allow-passthrough on"),
)


def tmux_checks() -> Iterator[Check]:
    """One for each option; none outside of tmux."""
    if not os.environ.get("TMUX"):
        return
    if shutil.which("tmux") is None:
        yield Check("tmux", None, "we are inside tmux, and the command tmux is not there to ask")
        return
    for wanted in WANTED:
        yield option(wanted, _value(wanted.option))


def passes_keys() -> bool:
    """The tmux around us tells keys apart when it is asked to; that it can be asked, it does not say."""
    return bool(os.environ.get("TMUX")) and shutil.which("tmux") is not None and _value(WANTED[0].option) in WANTED[0].fine


def option(wanted: Wanted, value: str | None) -> Check:
    """``value`` is None where this tmux does not know the option."""
    name = f"tmux {wanted.option}"
    if value is None:
        return Check(name, False, f"this tmux has no such option: {wanted.lost}", "a newer tmux has it (3.3 or newer)")
    if value in wanted.fine:
        return Check(name, True, value)
    return Check(name, False, f"{value}: {wanted.lost}", f"in tmux.conf: {wanted.setting}")


def _value(name: str) -> str | None:
    try:
        asked = subprocess.run(["tmux", "show-options", "-gv", name], capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return None
    return asked.stdout.strip() or None if asked.returncode == 0 else None
