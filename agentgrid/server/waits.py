"""Answers that are not true yet: ``wait`` for a state, a text on the screen, or the program's end."""

import re
from collections.abc import Callable
from typing import Any

from agentgrid.errors import AgentgridError, TimedOut, UsageError
from agentgrid.protocol.messages import WaitFor
from agentgrid.server.loop import Loop, Timer
from agentgrid.session.pane import Pane, PaneId, PaneStatus

Check = Callable[[], dict[str, Any] | None]


class Waits:
    """Everybody who waits. Owned by the server, which calls ``look`` when a pane's screen or state may have changed."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._waiting: list[_Wait] = []

    def add(
        self,
        pane: PaneId,
        check: Check,
        timeout: float | None,
        done: Callable[[dict[str, Any]], None],
        failed: Callable[[AgentgridError], None],
    ) -> None:
        """Answer now if it is true, else when it comes true or the time is over."""
        result = check()
        if result is not None:
            done(result)
            return
        wait = _Wait(pane, check, done, failed)
        if timeout is not None:
            wait.timer = self._loop.call_later(timeout, lambda: self._time_out(wait, timeout))
        self._waiting.append(wait)

    def look(self, pane: PaneId) -> None:
        """Something about the pane changed."""
        for wait in [wait for wait in self._waiting if wait.pane == pane]:
            result = wait.check()
            if result is not None:
                self._end(wait)
                wait.done(result)

    def closed(self, pane: PaneId) -> None:
        """The pane is gone: what was waited for does not happen."""
        for wait in [wait for wait in self._waiting if wait.pane == pane]:
            self._end(wait)
            wait.failed(AgentgridError("the pane was closed while it was waited for"))

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def _time_out(self, wait: "_Wait", seconds: float) -> None:
        self._end(wait)
        wait.failed(TimedOut(f"not so after {seconds:g} seconds"))

    def _end(self, wait: "_Wait") -> None:
        self._waiting.remove(wait)
        if wait.timer is not None:
            wait.timer.cancel()


class _Wait:
    def __init__(
        self, pane: PaneId, check: Check, done: Callable[[dict[str, Any]], None], failed: Callable[[AgentgridError], None]
    ) -> None:
        self.pane = pane
        self.check = check
        self.done = done
        self.failed = failed
        self.timer: Timer | None = None


def check_of(what: WaitFor, pane: Callable[[], Pane], screen: Callable[[], str]) -> Check:
    """What is waited for, as a function of what is. Raises UsageError for a wait that names nothing or a broken expression."""
    if what.exit:
        return lambda: {"exit_code": now.exit_code} if (now := pane()).status is PaneStatus.EXITED else None
    if what.states:
        return lambda: {"state": str(now)} if (now := pane().status) in what.states else None
    if not what.text:
        raise UsageError("wait for what? Name --state, --text or --exit")
    try:
        search = re.compile(what.text, re.MULTILINE).search
    except re.error as error:
        raise UsageError(f"'{what.text}' is no regular expression: {error}") from error
    return lambda: {"text": found.group()} if (found := search(screen())) else None
