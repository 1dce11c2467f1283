"""An answer to ``Explain``, as the server gives it."""

from typing import Any

EXPLANATION: dict[str, Any] = {
    "id": "%1",
    "number": 1,
    "name": "claude-1",
    "at": 20.0,
    "agent": "claude",
    "state": "blocked",
    "kind": "permission",
    "message": "Run it?",
    "source": "report",
    "rule": "7501",
    "since": 12.5,
    "until": None,
    "unseen": True,
    "dialog": None,
    "reasons": [{"source": "report", "state": "blocked", "rule": "7501", "at": 12.5, "counted": True, "why": ""}],
    "signals": [],
    "screen": ["Run it?"],
}
