"""What git did, and who ran it, out of many small signs.

A line in the reflog says that HEAD moved; the changes that bear git's name (``Change.operation``) say which files it touched;
what traced programs did to git's own files says which pane it was. They come in any order within a moment, and make one
``GitEvent``. Without a line, the command's name says what it was.

Pure. Times are seconds since the epoch.
"""

from typing import NamedTuple

import msgspec

from agentgrid.workspace.change import Change, Evidence, GitAction, GitEvent
from agentgrid.workspace.conflicts import GIT
from agentgrid.workspace.reflog import Moved

QUIET_SECONDS = 0.3  # A checkout of a large repository pauses for less.
BEFORE_SECONDS = 2.0  # git writes the reflog after the files of a checkout, and before those of a stash.
HAND_SECONDS = 5.0  # From taking a lock to writing the reflog; a hook may run in between.
LOCK_SECONDS = 5.0  # git holds its lock for a moment; whoever finds it held that long would have failed.

BY_COMMAND: dict[str, GitAction] = {
    "checkout": GitAction.RESTORED,
    "restore": GitAction.RESTORED,
    "checkout-index": GitAction.RESTORED,
    "clean": GitAction.CLEANED,
    "reset": GitAction.RESET,
    "stash": GitAction.STASHED,
    "switch": GitAction.SWITCHED,
}
"""What a command did when HEAD did not move; everything else has moved the checkout in some other way."""


OF_HEAD = ("logs/HEAD", "HEAD.lock", "index.lock")
"""git's own files that whoever moves HEAD writes."""


class Hand(NamedTuple):
    """A pane's program was about to change one of git's own files."""

    pane: int
    at: float


class _Deed:
    """Files that one command of one pane has changed. Owned by its ``GitDeeds``."""

    def __init__(self, change: Change) -> None:
        self.pane = change.pane
        self.evidence = change.evidence
        self.candidates = change.candidates
        self.operation = change.operation
        self.first = self.last = change.at
        self.paths: dict[str, None] = {}


class GitDeeds:
    """Owned by a workspace's observation. ``verdict`` names whoever is not known by a trace."""

    def __init__(self) -> None:
        self._hands: dict[str, Hand] = {}
        self._deeds: dict[tuple[int | None, str], _Deed] = {}
        self._moves: list[tuple[Moved, float]] = []
        self._commits: list[GitEvent] = []
        self._stash: tuple[str, float] = "", 0.0
        self._locked_at: float | None = None
        self._told_locked: int | None = None

    @property
    def due(self) -> float | None:
        """When ``tell`` has something to do."""
        times = [deed.last + QUIET_SECONDS for deed in self._deeds.values()]
        times += [at + QUIET_SECONDS for _, at in self._moves] + [event.at + QUIET_SECONDS for event in self._commits]
        if self._locked_at is not None and self._told_locked is None:
            times.append(self._locked_at + LOCK_SECONDS)
        return min(times, default=None)

    def hand(self, name: str, pane: int, at: float) -> None:
        """A traced program was about to write one of git's files: ``index.lock``, ``logs/HEAD``."""
        self._hands[name] = Hand(pane, at)

    def _whose(self, at: float, *names: str) -> Hand | None:
        """Who was at one of git's files last, if that was just now."""
        hands = [hand for name in names if (hand := self._hands.get(name)) is not None and 0 <= at - hand.at + 1.0 <= HAND_SECONDS + 1.0]
        return max(hands, key=lambda hand: hand.at, default=None)

    def locked(self, held: bool, at: float) -> list[GitEvent]:
        """The index is locked, or free."""
        if held:
            self._locked_at = self._locked_at if self._locked_at is not None else at
            return []
        self._locked_at = None
        pane, self._told_locked = self._told_locked, None
        return [] if pane is None else [GitEvent(action=GitAction.UNLOCKED, at=at, pane=pane, evidence=Evidence.TRACED)]

    def moved(self, moved: Moved, at: float) -> None:
        """HEAD has moved, not by a commit."""
        self._moves.append((moved, at))

    def committed(self, event: GitEvent) -> None:
        """There is a commit, and it is known what is in it; not yet by whom."""
        self._commits.append(event)

    def stashed(self, summary: str, at: float) -> None:
        """A stash was pushed, popped or dropped. git tells of a push as of a reset, too."""
        self._stash = summary, at

    def changed(self, change: Change) -> None:
        """git has changed a file."""
        key = change.pane, change.operation
        deed = self._deeds.setdefault(key, _Deed(change))
        deed.paths[change.path] = None
        deed.first, deed.last = min(deed.first, change.at), max(deed.last, change.at)

    def tell(self, now: float) -> list[GitEvent]:
        """What is complete."""
        events: list[GitEvent] = []
        for key, deed in list(self._deeds.items()):
            if now - deed.last >= QUIET_SECONDS:
                del self._deeds[key]
                events += self._complete(deed)
        for event in list(self._commits):
            hand = self._whose(event.at, *OF_HEAD)
            if hand is not None or now - event.at >= QUIET_SECONDS:  # The record of it may be on its way.
                self._commits.remove(event)
                known = {} if hand is None else {"pane": hand.pane, "evidence": Evidence.TRACED}
                events.append(msgspec.structs.replace(event, **known))
        for move in list(self._moves):
            moved, at = move
            hand = self._whose(at, *OF_HEAD)
            if now - at >= QUIET_SECONDS and not any(self._belongs(deed, hand, at) for deed in self._deeds.values()):
                self._moves.remove(move)
                events += self._event(moved, hand, at, ())
        if self._locked_at is not None and self._told_locked is None and now - self._locked_at >= LOCK_SECONDS:
            hand = self._whose(self._locked_at, "index.lock")
            if hand is None:
                self._locked_at = None  # Nobody of ours: it is no pane's fault, and not ours to tell.
            else:
                self._told_locked = hand.pane
                summary = "index.lock is held: other panes' git commands fail"
                events.append(GitEvent(action=GitAction.LOCKED, at=now, pane=hand.pane, evidence=Evidence.TRACED, summary=summary))
        return events

    def _complete(self, deed: _Deed) -> list[GitEvent]:
        paths = tuple(deed.paths)
        for move in list(self._moves):
            moved, at = move
            hand = self._whose(at, *OF_HEAD)
            if self._belongs(deed, hand, at):
                self._moves.remove(move)
                return self._event(moved, hand or (None if deed.pane is None else Hand(deed.pane, at)), at, paths)
        action = BY_COMMAND.get(deed.operation.removeprefix(GIT), GitAction.MOVED)
        return [
            GitEvent(
                action=action,
                at=deed.last,
                pane=deed.pane,
                evidence=deed.evidence,
                candidates=deed.candidates,
                paths=paths,
                summary=deed.operation,
            )
        ]

    def _belongs(self, deed: _Deed, hand: Hand | None, at: float) -> bool:
        same = hand is None or deed.pane is None or deed.pane == hand.pane
        return same and deed.first - BEFORE_SECONDS <= at <= deed.last + BEFORE_SECONDS

    def _event(self, moved: Moved, hand: Hand | None, at: float, paths: tuple[str, ...]) -> list[GitEvent]:
        action, summary = moved.action, moved.summary
        stash, stashed_at = self._stash
        if action is GitAction.RESET and moved.old == moved.new:
            if abs(stashed_at - at) <= BEFORE_SECONDS:
                action, summary = GitAction.STASHED, f"stash: {stash}"
            elif not paths:
                return []  # The index alone: nobody else notices.
        evidence = Evidence.OUTSIDE if hand is None else Evidence.TRACED
        pane = None if hand is None else hand.pane
        return [GitEvent(action=action, at=at, pane=pane, evidence=evidence, paths=paths, summary=summary)]
