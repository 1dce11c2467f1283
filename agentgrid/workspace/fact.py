"""A change in the making: something was seen of a path, and an author is looked for among the attempts.

Pure. How long a fact waits, and which attempt it takes, is here; what it is and whether something follows, in ``fusion``.
"""

import enum
from collections.abc import Sequence

from agentgrid.workspace.attempt import IDLE, Act, Attempt, Deed
from agentgrid.workspace.attempts import Attempts
from agentgrid.workspace.change import ChangeKind, Evidence

LATE_SECONDS = 0.3  # A record takes 2 ms; it comes late when the machine is so busy that everything does.
REPORT_SECONDS = 1.5  # An agent's own word comes when its hook has started: 25 to 90 ms on a machine with nothing else to do.
SURE_SECONDS = 0.02  # An attempt this fresh is the one; an older one may be that of a file that stays open.
UNSURE_SECONDS = 0.05  # So long a fresher one is waited for.
UNPROVEN_SECONDS = 0.006  # So long another's record is waited for when an attempt may have been a look: records come in batches.


class By(enum.Enum):
    """How it came about, which says whose attempt it was."""

    CLOSING = "closing"
    """A file was closed after it had been written."""
    APPEARING = "appearing"
    """A name is there, and no file was closed, as yet: a link, or a file that stays open."""
    WRITING = "writing"
    """A file is written and stays open."""
    CUTTING = "cutting"
    """It is cut, or made longer, and was not opened."""
    RENAMING = "renaming"
    LEAVING = "leaving"
    REMOVING = "removing"
    LOOKING = "looking"
    """It differs from before, by whatever way."""


STAYS_OPEN = frozenset({By.APPEARING, By.WRITING, By.LOOKING})
"""Whoever has the file open now may have done that; a closing was somebody else's."""


class Fact:
    """Owned by its ``Fusion``."""

    __slots__ = (
        "asked",
        "at",
        "attempt",
        "before",
        "by",
        "candidates",
        "earliest",
        "heard",
        "kind",
        "observed",
        "old_path",
        "passed",
        "path",
        "ready_at",
        "settled",
        "since",
        "still_open",
        "undoes",
        "until",
    )

    def __init__(self, path: str, kind: ChangeKind, by: By, at: float, heard: float, ready_at: float = 0.0, old_path: str = "") -> None:
        self.path = path
        self.kind = kind
        self.by = by
        self.at = at
        self.heard = heard
        """When it came to our ears; patience counts from then."""
        self.ready_at = ready_at
        """Not to be told before: something may follow."""
        self.old_path = old_path
        self.attempt: Attempt | None = None
        self.settled = False
        """Whether ``attempt`` is final."""
        self.since = at
        """When it began, as far as was seen,"""
        self.until = at
        """and when bytes were last written."""
        self.earliest = at
        """It was seen at ``at``, and cannot have happened before this: the last look before that."""
        self.before = float("inf")
        """Most likely it happened before this."""
        self.passed = False
        """Who closed it had not written: it was somebody who may have it open still."""
        self.still_open = False
        """Of a renaming: whoever made the file had it open still."""
        self.asked = False
        """Whether others that have the file open were asked what they did."""
        self.candidates: tuple[int, ...] = ()
        """The traced panes it was one of."""
        self.observed: int | None = None
        """The untraced pane that had the file open."""
        self.undoes: list[Fact] = []
        """Of a removal: what made the file just before, which is told only when another pane did it."""

    def again(self, kind: ChangeKind, by: By, at: float, heard: float, ready_at: float) -> None:
        """It has become another."""
        self.kind, self.by, self.at, self.heard, self.ready_at = kind, by, at, heard, ready_at
        self.attempt, self.settled, self.old_path = None, False, ""
        self.since = self.until = self.earliest = at
        self.before = float("inf")

    def was_before(self, renamed: Attempt) -> None:
        """It was seen before a renaming."""
        if renamed.evidence is Evidence.TRACED:
            self.before = min(self.before, renamed.at)

    def settle(self, attempt: Attempt, *, borne_out: bool = False) -> None:
        """This was the author; ``borne_out``: who may have the file open still."""
        self.attempt, self.settled = attempt, True
        attempt.borne_out = attempt.borne_out or borne_out

    def settle_rename(self, attempt: Attempt, attempts: Attempts) -> None:
        """This one renamed it; what writers do goes to other names from now on."""
        self.settle(attempt)
        if attempt.act is Act.RENAME:
            attempts.replaced(self.path, self.old_path if self.still_open else "", attempt.at)

    @property
    def named(self) -> bool:
        """Whether it is known who it was, or one of whom."""
        return self.attempt is not None or self.observed is not None or bool(self.candidates)

    def heard_all(self, until: float) -> bool:
        """Whether it may be told when all attempts up to a time have been heard of."""
        return self.named or until >= self.heard

    def due(self, *, reports_expected: bool) -> float:
        """When it is told at the latest."""
        if self.settled or self.observed is not None:
            return self.ready_at
        if self.candidates:
            return self.ready_at
        if self.attempt is not None:
            return max(self.ready_at, self.heard + patience_with(self.attempt, self.earliest))
        return max(self.ready_at, self.heard + (REPORT_SECONDS if reports_expected else LATE_SECONDS))


def patience_with(attempt: Attempt, earliest: float) -> float:
    """How long a better attempt than this one is waited for, to explain what happened not before a time."""
    if attempt.doubtful:
        return LATE_SECONDS
    if earliest - attempt.at > SURE_SECONDS:
        return UNSURE_SECONDS
    return 0.0 if attempt.before is None or attempt.deed is Deed.WROTE else UNPROVEN_SECONDS


def find_renamers(facts: Sequence[Fact], attempts: Attempts) -> None:
    """Whose renamings these facts were, in the order in which they were seen: on a machine that stalls many are seen at one time. What
    was seen before a renaming did not happen after it."""
    renamed: dict[str, Attempt] = {}
    for fact in reversed(facts):
        if fact.path in renamed and not fact.settled:
            fact.was_before(renamed[fact.path])
        if fact.by is By.RENAMING:
            fact.attempt = fact.attempt or attempts.rename(fact.path, fact.old_path, fact.at)
            if fact.attempt is not None:
                renamed[fact.path] = fact.attempt


def find_authors(facts: Sequence[Fact], attempts: Attempts, now: float, *, for_good: bool = False) -> None:
    """Look whether the authors are known by now, of facts in the order in which they were seen."""
    find_renamers(facts, attempts)
    for fact in facts:
        find_author(fact, attempts, now, for_good=for_good)


def find_author(fact: Fact, attempts: Attempts, now: float, *, for_good: bool = False) -> None:
    """Look whether the author is known by now; ``for_good``: the attempts there are will be forgotten."""
    if fact.settled:
        return
    match fact.by:
        case By.CLOSING:
            found = attempts.closer(fact.path, min(fact.at, fact.before), fact.since)
            if found is None and fact.before < fact.at:
                found = attempts.closer(fact.path, fact.at, fact.since)
            if found is None:
                if fact.attempt is not None and not fact.attempt.may_be_of(fact.at):
                    fact.attempt = None
                return
            late = found.evidence is Evidence.TRACED and fact.until < found.at
            if late or (found.deed in IDLE and attempts.looked_only(found, fact.at)):
                if late or fact.earliest - found.at > SURE_SECONDS:  # Else it has perhaps only not begun.
                    attempts.closed(found, 0.0)  # Another one wrote: before this one opened it, or was heard of later.
                fact.passed = True
                return
            if now >= fact.heard + patience_with(found, fact.earliest) or (for_good and not found.doubtful):  # The same sum as in ``due``.
                fact.settle(found)
                if fact.passed and attempts.has_open(found):
                    found.borne_out = True
                    attempts.seen_writing(found)
                else:
                    attempts.closed(found, fact.at)
            else:
                fact.attempt = found
        case By.APPEARING:
            found = attempts.other(Act.LINK, fact.path, fact.at)
            if found is not None:
                fact.settle(found)
                attempts.use(found)
            elif now >= fact.ready_at:
                _settle_open(fact, attempts)
        case By.WRITING | By.CUTTING:
            _settle_open(fact, attempts)
        case By.RENAMING:
            found = fact.attempt or attempts.rename(fact.path, fact.old_path, fact.at)
            if found is not None:
                fact.settle_rename(found, attempts)
                attempts.use(found)
            if found is not None and fact.kind is ChangeKind.CREATED and found.path == fact.path and not found.new:
                fact.kind, fact.ready_at = ChangeKind.MODIFIED, 0.0
        case By.LEAVING:
            _settle(fact, attempts.leave(fact.path, fact.at), attempts)
        case By.REMOVING:
            _settle(fact, attempts.other(Act.REMOVE, fact.path, fact.at), attempts)
        case By.LOOKING:
            _settle_open(fact, attempts)
            if not fact.settled and fact.kind is ChangeKind.DELETED:
                removed = attempts.other(Act.REMOVE, fact.path, fact.at) or attempts.leave(fact.path, fact.at)
                _settle(fact, removed, attempts)
            elif not fact.settled:
                moved = attempts.rename(fact.path, "", fact.at) or attempts.other(Act.LINK, fact.path, fact.at)
                _settle(fact, moved, attempts)


def _settle(fact: Fact, found: Attempt | None, attempts: Attempts) -> None:
    if found is not None:
        fact.settle(found)
        attempts.use(found)


def _settle_open(fact: Fact, attempts: Attempts) -> None:
    """The only pane that may have the file open is its author; the attempt stays, for the closing that is to come."""
    writers = attempts.openers(fact.path, fact.at) if fact.by is By.APPEARING else attempts.writers(fact.path, fact.at)
    sure = [writer for writer in writers if not writer.doubtful] or writers
    if sure and len({writer.pane for writer in sure}) == 1 and (sure[-1].evidence is Evidence.TRACED or fact.by is not By.WRITING):
        fact.settle(sure[-1])
        sure[-1].borne_out = True
        attempts.seen_writing(sure[-1])
