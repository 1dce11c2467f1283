"""Searching a pane's history and screen, a slice a turn of the loop: nobody's key waits for a hundred thousand rows.

A hit is told as its absolute row (``history_dropped + i``) and its column. A new question of the same screen takes the place
of its last one, which is answered with nothing.
"""

import struct
from collections.abc import Callable, Sequence
from typing import Any

from agentgrid.geometry import Size
from agentgrid.server.loop import Loop
from agentgrid.server.runtime import Runtime
from agentgrid.terminal.row import Line
from agentgrid.terminal.searching import find

SLICE_ROWS = 4000  # Two milliseconds; rows that are still raw bytes take longer once.
MAX_HITS = 200_000  # More are counted, and not told: eight bytes each.
MAX_WRAPPED_ROWS = 200  # A line that is longer may be searched in pieces.
PLACE = struct.Struct("<II")


class Searches:
    """Owned by the server. ``asker`` is whoever may have one search at a time."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._running: dict[object, _Search] = {}

    def start(self, asker: object, runtime: Runtime, text: str, done: Callable[[dict[str, Any] | None], None]) -> None:
        """Search; ``done`` gets {"count", "hits", "columns"}, or None when another search came."""
        self.stop(asker)
        runtime.catch_up()

        def ended(result: dict[str, Any] | None) -> None:
            if self._running.get(asker) is search:
                del self._running[asker]
            done(result)

        search = _Search(runtime, text, ended)
        self._running[asker] = search
        self._go_on(search)

    def stop(self, asker: object) -> None:
        """The asker is gone, or wants something else."""
        if (search := self._running.pop(asker, None)) is not None:
            search.done(None)

    def _go_on(self, search: "_Search") -> None:
        def step() -> None:
            if search in self._running.values() and not search.step():
                self._go_on(search)

        self._loop.work(step)


class _Search:
    def __init__(self, runtime: Runtime, text: str, done: Callable[[dict[str, Any] | None], None]) -> None:
        self._runtime = runtime
        self._text = text
        self.done = done
        self._begin()

    def _begin(self) -> None:
        emulator = self._runtime.emulator
        self._size: Size = emulator.size
        self._next = emulator.history_dropped
        """The absolute row that comes next."""
        self._count = 0
        self._hits = bytearray()

    def step(self) -> bool:
        """Search the next slice; whether that was the last."""
        emulator = self._runtime.emulator
        if emulator.size != self._size:
            self._begin()  # Rows are others now.
        length, dropped = emulator.history_length, emulator.history_dropped
        start = max(0, self._next - dropped)
        if start < length and not emulator.modes.alternate_screen:
            lines = list(emulator.history_texts(start, min(length, start + SLICE_ROWS)))
            last = start + len(lines) >= length
            kept = len(lines)
            while not last and kept > max(1, len(lines) - MAX_WRAPPED_ROWS) and lines[kept - 1].wrapped:
                kept -= 1  # A line that goes on is searched with its end.
            self._look(lines[:kept], dropped + start)
            self._next = dropped + start + kept
            return False
        self._look(emulator.lines, dropped + length)
        self.done({"count": self._count, "hits": bytes(self._hits), "columns": self._size.columns})
        return True

    def _look(self, lines: Sequence[Line], first: int) -> None:
        for hit in find(lines, self._runtime.emulator.clusters, self._text, self._size.columns):
            self._count += 1
            if self._count <= MAX_HITS:
                self._hits += PLACE.pack(first + hit.row, hit.column)
