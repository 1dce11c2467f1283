"""What the detector says: a state with its reasons, and the dialog that waits for a person.

Values only. Times are those of the signals.
"""

from typing import Literal, TypeAlias

import msgspec

State: TypeAlias = Literal["working", "blocked", "done", "idle", "limited", "error", "exited", "unknown"]
Kind: TypeAlias = Literal["", "permission", "question", "auth"]


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that can be chosen. ``key`` is what stands before it (``1``), empty where nothing does."""

    label: str
    key: str = ""
    detail: str = ""
    chosen: bool = False
    """Whether Enter would take it as things stand."""


class Dialog(msgspec.Struct, frozen=True, kw_only=True):
    """A question on the screen. ``fingerprint`` is the same as long as it is the same question with the same answers."""

    kind: str
    question: str
    choices: tuple[Choice, ...] = ()
    subject: str = ""
    """What it is about: the command, the file."""
    fingerprint: str = ""
    """Empty when it is known from a hook and not from the screen."""
    in_a_row: bool = False
    """Whether the answers stand beside each other."""


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """What one signal says, and whether it counted. ``why`` tells why it did not, or what it added."""

    source: str
    state: str
    rule: str
    at: float
    counted: bool
    why: str = ""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a pane's program. ``source`` is the signal that decided; ``rule`` which rule of the profile, if one."""

    state: State = "unknown"
    kind: str = ""
    message: str = ""
    source: str = ""
    rule: str = ""
    since: float = 0.0
    until: float | None = None
    """With ``limited``: when it is over, if that is known."""
    progress: int | None = None
    dialog: Dialog | None = None
    unseen: bool = False
    """Whether it began when nobody looked, and nobody has looked since."""
    reasons: tuple[Reason, ...] = ()
