"""What goes wrong, by whose fault it is; each error knows the exit code its verb ends with.

A message is one line for the person at the keyboard: what is wrong and what to do next.
Bugs are not errors of ours: they stay the exceptions that Python raises.
"""

from collections.abc import Iterable


class AgentgridError(Exception):
    """Base of all that a user may read. ``str(error)`` is one line, without a trailing full stop.

    Messages quote files, names and what programs print, none of which is to be trusted with the terminal: no control character
    of theirs is in it.
    """

    exit_code = 1

    def __str__(self) -> str:
        return printable(super().__str__())


class UsageError(AgentgridError):
    """The words of a command are off: an unknown pane, a grid of 0x3, an empty text."""

    exit_code = 2


class ConfigError(AgentgridError):
    """A configuration or theme file is wrong: names the file, the key and the nearest right one."""

    exit_code = 2


class NoSession(AgentgridError):
    """There is no such session, or its server does not run."""

    exit_code = 3


class VersionMismatch(AgentgridError):
    """Client and server speak different versions of the protocol."""

    exit_code = 4


class Unavailable(AgentgridError):
    """The system refuses: a full disk, no PTY left, a folder that cannot be made."""


class TimedOut(AgentgridError):
    """What was waited for did not happen in time."""


ERRORS: dict[str, type[AgentgridError]] = {
    kind.__name__: kind for kind in (AgentgridError, UsageError, ConfigError, NoSession, VersionMismatch, Unavailable, TimedOut)
}
"""By class name: how an error crosses the socket and is raised again on the other side."""


def printable(text: str) -> str:
    """The text on one line, with a replacement for what is not printed (control characters, bidirectional overrides)."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'theme'?`` for the nearest of the known words, empty when none is near."""
    import difflib  # Only a mistake pays for it.

    folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    return f"; did you mean '{folded[near[0]]}'?" if near else ""
