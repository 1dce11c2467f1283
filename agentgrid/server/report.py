"""What is told of a session: the object of ``status --json``. Pure."""

from typing import Any

from msgspec import to_builtins

from agentgrid.session.pane import Pane
from agentgrid.session.session import Session


def pane_word(pane: int) -> str:
    """A pane's id as a person writes it: ``%7``."""
    return f"%{pane}"


def status_of(session: Session, clients: int) -> dict[str, Any]:
    """The session and its panes, those on the grid first, by number; ``clients`` screens are attached."""
    panes = sorted(session.panes.values(), key=lambda pane: (pane.number or 1 << 30, pane.id))
    return {
        "session": session.name,
        "folder": session.folder,
        "grid": f"{session.rows}x{session.columns}",
        "clients": clients,
        "panes": [pane_status(pane) for pane in panes],
    }


def pane_status(pane: Pane) -> dict[str, Any]:
    """One pane; what is not known is empty or None."""
    return {
        "id": pane_word(pane.id),
        "number": pane.number,
        "name": pane.name,
        "agent": pane.agent,
        "command": list(pane.command),
        "folder": pane.folder.path,
        "branch": pane.folder.branch,
        "pid": pane.pid,
        "columns": pane.columns,
        "rows": pane.rows,
        "state": str(pane.status),
        "state_since": pane.status_since,
        "state_source": pane.status_source,
        "state_kind": pane.status_kind,
        "state_until": pane.status_until,
        "message": pane.message,
        "progress": pane.progress,
        "dialog": None if pane.dialog is None else to_builtins(pane.dialog),
        "title": pane.title,
        "conversation": pane.conversation,
        "earlier_conversations": list(pane.earlier_conversations),
        "traced": pane.traced,
        "untraced_because": pane.untraced_because,
        "files_changed": pane.files_changed,
        "conflicts": pane.conflicts,
        "unseen": pane.unseen,
        "since_looked": to_builtins(pane.since),
        "exit_code": pane.exit_code,
        "parked": pane.parked,
        "usage": None,
        "queued": pane.queued,
        "locked": pane.locked,
        "problem": pane.problem,
    }
