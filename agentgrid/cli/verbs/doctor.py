"""``doctor``: what this terminal, system and agents can do, one line each, with what to do about a no."""

from itertools import chain
from typing import TYPE_CHECKING

from agentgrid.addresses import session_root
from agentgrid.cli.checks.programs import program_checks
from agentgrid.cli.checks.system import system_checks
from agentgrid.cli.checks.terminal import terminal_checks
from agentgrid.cli.checks.tmux import tmux_checks
from agentgrid.cli.output import colourful, say, say_json
from agentgrid.cli.reach import here

if TYPE_CHECKING:
    from agentgrid.cli.checks.check import Check
    from agentgrid.cli.words import Call

NAME_COLUMNS = 24
MARKS = {True: ("✓", "32"), None: ("?", "2")}
NEEDED, WANTED = ("✗", "1;31"), ("!", "33")


def doctor(call: "Call") -> int:
    """1 when something is missing that agentgrid needs."""
    folder = session_root(here())
    missing = False
    found = []
    for check in chain(system_checks(folder), terminal_checks(), tmux_checks(), program_checks(folder)):
        missing = missing or (check.needed and check.ok is False)
        found.append(check._asdict())
        if not call.json:
            say(told(check, colours=colourful()))
    if call.json:
        say_json(found)
    return int(missing)


def told(check: "Check", *, colours: bool) -> str:
    """A line, and one more with the advice."""
    mark, sgr = (NEEDED if check.needed else WANTED) if check.ok is False else MARKS[check.ok]
    shown = f"\x1b[{sgr}m{mark}\x1b[0m" if colours else mark
    line = f"{shown} {check.check:{NAME_COLUMNS}}{check.found}"
    return f"{line}\n  {'':{NAME_COLUMNS}}→ {check.advice}" if check.advice and check.ok is not True else line
