"""A fact that is certain enough is told as a change: whole, and with whoever is to be named.

Pure.
"""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from agentgrid.workspace.attempts import Attempts
from agentgrid.workspace.change import Change, ChangeKind, Evidence
from agentgrid.workspace.fact import SURE_SECONDS, Fact, find_author
from agentgrid.workspace.sweep import Sweeps


class Verdict(NamedTuple):
    """Who is to be named when nothing has told."""

    evidence: Evidence
    pane: int | None = None
    candidates: tuple[int, ...] = ()


def suspect(untraced: Collection[int], active: Sequence[int], uncertain: Collection[int]) -> Verdict:
    """Who is to be named of panes that are not traced, those of them that were active, and traced ones that have hidden what they do."""
    if not untraced:
        return Verdict(Evidence.UNKNOWN, None, tuple(uncertain)) if uncertain else Verdict(Evidence.OUTSIDE)
    if len(active) == 1 and not uncertain:
        return Verdict(Evidence.ONLY_CANDIDATE, active[0])
    return Verdict(Evidence.UNKNOWN, None, tuple(sorted({*(active or untraced), *uncertain})))


def whole(fact: Fact, attempts: Attempts, now: float) -> list[Fact]:
    """What there is to tell of a fact: of a file that went as soon as it had come, nothing, unless it were two panes."""
    if not fact.undoes:
        return [fact]
    for made in fact.undoes:
        find_author(made, attempts, now)
    pane = None if fact.attempt is None else fact.attempt.pane
    anothers = [made for made in fact.undoes if made.attempt is not None and pane is not None and made.attempt.pane != pane]
    return [*anothers, fact] if anothers else []


def change_of(fact: Fact, verdict: Callable[[float], Verdict], sweeps: Sweeps) -> Change:
    """The change; ``verdict`` names an author (at a time) where nothing has told."""
    attempt = fact.attempt
    if attempt is not None and attempt.doubtful:
        named = Verdict(Evidence.UNKNOWN, None, (attempt.pane,))
    elif attempt is not None:
        named = Verdict(attempt.evidence, attempt.pane)
    elif fact.candidates:
        named = Verdict(Evidence.UNKNOWN, None, fact.candidates)
    elif fact.observed is not None:
        named = Verdict(Evidence.OBSERVED, fact.observed)
    else:
        named = verdict(fact.at)
    program = "" if attempt is None else attempt.program
    at = fact.at if attempt is None or fact.earliest - attempt.at > SURE_SECONDS else min(fact.at, attempt.at)
    return Change(
        path=fact.path,
        kind=fact.kind,
        at=at,
        evidence=named.evidence,
        pane=named.pane,
        candidates=named.candidates,
        old_path=fact.old_path if fact.kind is ChangeKind.RENAMED else "",
        program=program,
        operation=sweeps.operation(named.pane, program, fact.path, at),
    )
