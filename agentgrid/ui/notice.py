"""A line for the person, in the status line for a while: a mistake, an answer, a problem."""

import asyncio
from collections.abc import Callable

SHOWN_SECONDS = 6.0  # Long enough to read a line twice.


class Notice:
    """Owned by the app. ``on_change`` draws the status line anew."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self.text = ""
        self.is_problem = False
        self._on_change = on_change
        self._silence: asyncio.TimerHandle | None = None

    def say(self, text: str, *, problem: bool = False) -> None:
        self.hush()
        self.text, self.is_problem = text, problem
        self._silence = asyncio.get_running_loop().call_later(SHOWN_SECONDS, self._fall_silent)
        self._on_change()

    def hush(self) -> None:
        """Take it away; whoever calls draws."""
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None
        self.text = ""

    def _fall_silent(self) -> None:
        self.hush()
        self._on_change()
