"""The words a person names panes with: ``3`` is the cell's number, ``claude-2`` a name, ``%7`` an id. Never ambiguous.

A name is no number and does not begin with ``%`` (``names``), numbers and ids are unique, so a word has one meaning or none.
"""

from collections.abc import Iterable

from agentgrid.errors import UsageError, did_you_mean
from agentgrid.session.pane import Pane, PaneId


def resolve(word: str, panes: Iterable[Pane]) -> PaneId:
    """The pane a word names. Raises UsageError with the nearest name and what there is."""
    known = list(panes)
    for pane in known:
        if word in (pane.name, f"%{pane.id}") or (pane.number and word == str(pane.number)):
            return pane.id
    if not known:
        raise UsageError(f"there is no pane '{word}': the session has none; 'agentgrid new' makes one")
    there = ", ".join(described(pane) for pane in sorted(known, key=lambda pane: (pane.number or len(known) + 999, pane.id)))
    raise UsageError(f"there is no pane '{word}'{did_you_mean(word, [pane.name for pane in known])} (panes: {there})")


def described(pane: Pane) -> str:
    """``3 claude-2``, or ``%7 claude-2`` of a parked one."""
    return f"{pane.number or f'%{pane.id}'} {pane.name}"
