"""Memory that has become free, given back to the system: a while after much was printed, and after a pane was closed.

The C library keeps what was freed; after nine floods that was 7 to 25 MB. To give it back takes one or two milliseconds, and a
tenth when there is nothing. So it is done once, some seconds after the first reason for it, and not at all without one.
"""

from collections.abc import Callable

from agentgrid.server.loop import Loop

MUCH_BYTES = 1024 * 1024  # What an agent prints in minutes, a flood in a moment.
PATIENCE_SECONDS = 5.0  # A flood that goes on needs it again; one that ends has ended by then.


def give_back() -> None:
    """Now."""
    from agentgrid.process.system import give_back_memory  # With ctypes, which a start does not need.

    give_back_memory()


class Thrift:
    """Owned by the server."""

    def __init__(self, loop: Loop, give_back: Callable[[], object] = give_back) -> None:
        self._loop = loop
        self._give_back = give_back
        self._printed = 0
        self._waits = False

    def printed(self, count: int) -> None:
        """Some pane has printed so many bytes."""
        self._printed += count
        if self._printed > MUCH_BYTES:
            self.soon()

    def soon(self) -> None:
        """Much may have become free, or is going to."""
        if not self._waits:
            self._waits = True
            self._loop.call_later(PATIENCE_SECONDS, self._do)

    def _do(self) -> None:
        self._waits = False
        self._printed = 0
        self._give_back()
