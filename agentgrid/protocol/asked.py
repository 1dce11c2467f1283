"""What a request may ask about files: who changed which, what collides, and what is done about it.

Paths in questions are absolute; those in answers are relative to the workspace in ``folder``. Panes are named as a person does
(``session.select``).
"""

import msgspec


class Asked(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Base of all questions that are no command of the session."""


class GetChanges(Asked, frozen=True, kw_only=True):
    """Result: the list of ``changes --json``, oldest first; of one pane, or all."""

    pane: str = ""


class GetConflicts(Asked, frozen=True, kw_only=True):
    """Result: the list of ``conflicts --json``; ``closed``: those that are over, too."""

    closed: bool = False


class GetAuthors(Asked, frozen=True, kw_only=True):
    """Result: the object of ``who --json``."""

    path: str


class Acknowledge(Asked, frozen=True, kw_only=True):
    """A person has seen a conflict. Result: the conflict."""

    conflict: int


class CheckPath(Asked, frozen=True, kw_only=True):
    """Result: who else holds the file, a list of {"pane", "name", "number", "at", "lines"}; ``pane`` is who asks, or empty."""

    path: str
    pane: str = ""


class CommitPane(Asked, frozen=True, kw_only=True):
    """Commit what a pane wrote. Result: {"commit", "files": [{"path", "part"}], "summary"}; ``dry_run``: the commit is empty."""

    pane: str
    message: str
    dry_run: bool = False


class GetContest(Asked, frozen=True, kw_only=True):
    """Both sides of a conflict. Result: {"conflict", "hot", "base", "sides": [{"pane", "text"}], "now"}; texts or None."""

    conflict: int


class GetHot(Asked, frozen=True, kw_only=True):
    """The files that the most panes have written. Result: a list of {"path", "folder", "panes"}."""


class GetWork(Asked, frozen=True, kw_only=True):
    """What a pane has changed that is not committed. Result: a list of {"path", "folder", "diff", "shared"}."""

    pane: str


class RestoreSide(Asked, frozen=True, kw_only=True):
    """Make a contested file what one pane left of it, and keep what it replaces. Result: {"path", "kept"}: where that is."""

    conflict: int
    pane: int


FileQuestion = GetChanges | GetConflicts | GetAuthors | Acknowledge | CheckPath | CommitPane | GetContest | GetHot | GetWork | RestoreSide
