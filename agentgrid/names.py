"""What a name may be: of a pane, of an agent. Typed in a shell without quotes, never mistaken for a number, an id or an option.

It is no number and does not begin with ``%``, because a pane is also called by its number and its id; it does not begin
with ``-`` or ``.``, because it stands beside options and names folders.
"""

import re

from agentgrid.errors import UsageError

MAX_NAME_CHARACTERS = 40  # A header is 39 columns in the narrowest cell; longer names also make longer paths of worktrees.
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


def checked_name(name: str) -> str:
    """The name, if it can be one. Raises UsageError."""
    if name.isdigit():
        raise UsageError(f"the name '{name}' is a number, and numbers are places on the grid; add a letter")
    if len(name) > MAX_NAME_CHARACTERS:
        raise UsageError(f"a name has at most {MAX_NAME_CHARACTERS} characters, '{name[:12]}…' has {len(name)}")
    if not NAME.fullmatch(name):
        raise UsageError(f"'{name}' is no name; use letters, digits, '_', '-' and '.', and begin with a letter, a digit or '_'")
    return name
