"""One answer of the doctor."""

from typing import NamedTuple


class Check(NamedTuple):
    """``ok`` is None where it cannot be told. ``advice`` says what to do about a no; ``needed``: agentgrid does not work without."""

    check: str
    ok: bool | None
    found: str
    advice: str = ""
    needed: bool = False
