"""One screen: what a ``ui`` connection has seen of each pane and lacks.

What is lacking is found by comparing lines by identity with those that were sent; nothing is queued. A client that does
not read gets nothing, and when it reads again, the latest state in one update.

While a pane floods, the rows of its history are not counted for a client that does not look back: it is told how many they are
at the least, and the exact number when the flood ends or when it asks for rows.
"""

from collections.abc import Sequence
from itertools import compress
from operator import is_not

from agentgrid.geometry import Size
from agentgrid.protocol.messages import HistoryRows, PaneUpdate
from agentgrid.session.pane import PaneId
from agentgrid.terminal.emulator import Cursor, Emulator, Modes
from agentgrid.terminal.row import Line


class Seen:
    """What a client knows of one pane."""

    __slots__ = (
        "asked",
        "clusters",
        "counted",
        "cursor",
        "edition",
        "generation",
        "history",
        "lines",
        "looks_back",
        "modes",
        "sequence",
        "size",
        "styles",
    )

    def __init__(self) -> None:
        self.generation = -1
        self.edition = 0
        self.size = Size(0, 0)
        self.lines: list[Line] = []
        self.styles = 1
        self.clusters = 0
        self.cursor: Cursor | None = None
        self.modes: Modes | None = None
        self.history = (0, 0)
        self.counted = True
        self.looks_back = False
        self.asked = range(0)
        """The rows of the history it asked for last, by absolute number."""
        self.sequence = 0


class Attachment:
    """Owned by the server's connection. ``sizes`` are the visible panes of the client's last view."""

    def __init__(self) -> None:
        self.sizes: dict[PaneId, Size] = {}
        self.focused = True
        self.viewed = 0.0
        """When the last view came, by the loop's clock: the newest decides the panes' sizes."""
        self._seen: dict[PaneId, Seen] = {}

    def view(self, sizes: dict[PaneId, Size], focused: bool, now: float) -> None:
        """The client shows these panes from now on."""
        self.sizes = sizes
        self.focused = focused
        self.viewed = now

    def forget(self, pane: PaneId) -> None:
        """The pane is gone, or its emulator is another one: send all of it anew."""
        self._seen.pop(pane, None)

    def update(self, pane: PaneId, emulator: Emulator, *, floods: bool = False) -> PaneUpdate | None:
        """What the client lacks of a pane; None when it lacks nothing. It counts as seen from now on."""
        seen = self._seen.get(pane)
        whole = seen is None or seen.edition != emulator.edition
        if seen is None or whole:
            seen = self._seen[pane] = _anew(emulator, seen)
        elif seen.generation == emulator.generation and (floods or seen.counted):
            return None
        seen.looks_back = seen.looks_back and floods
        seen.counted = seen.looks_back or not floods
        seen.generation = emulator.generation
        size = emulator.size
        again = self._asked(seen, emulator) if whole else ()
        lines = emulator.lines
        rows: list[tuple[int, str, str, bool]] = []
        if size != seen.size:
            known: Sequence[Line | None] = [None] * size.rows
        else:
            known = seen.lines
        for y in compress(range(size.rows), map(is_not, lines, known)):
            line = lines[y]
            if line != known[y]:
                rows.append((y, line.text, line.styles, line.wrapped))
        cursor, modes = emulator.cursor, emulator.modes
        history = (emulator.history_length, emulator.history_dropped) if seen.counted else emulator.history_at_least
        if not rows and not whole and cursor == seen.cursor and modes == seen.modes and history == seen.history and size == seen.size:
            seen.lines = list(lines)
            return None
        seen.lines = list(lines)
        seen.size, seen.cursor, seen.modes, seen.history = size, cursor, modes, history
        seen.sequence += 1
        style_base, cluster_base = seen.styles, seen.clusters
        styles, clusters = emulator.styles, emulator.clusters
        seen.styles, seen.clusters = len(styles), len(clusters)
        new_styles, new_clusters = len(styles) > style_base, len(clusters) > cluster_base
        return PaneUpdate(
            pane=pane,
            sequence=seen.sequence,
            columns=size.columns,
            rows_count=size.rows,
            rows=tuple(rows),
            cursor=cursor,
            modes=modes,
            history_length=history[0],
            history_dropped=history[1],
            whole=whole,
            style_base=style_base if new_styles else 0,
            styles=tuple(styles[style_base:]) if new_styles else (),
            cluster_base=cluster_base if new_clusters else 0,
            clusters=tuple(clusters[cluster_base:]) if new_clusters else (),
            history_start=max(seen.asked.start, history[1]) if again else 0,
            history=tuple((line.text, line.styles, line.wrapped) for line in again),
        )

    def _asked(self, seen: Seen, emulator: Emulator) -> Sequence[Line]:
        """The rows of the history that a client asked for last, as far as they are kept: it shows them while it looks back."""
        first = emulator.history_at_least[1]
        if seen.asked.stop <= first:
            return ()
        first = emulator.history_dropped  # Counts what has been printed: not for somebody who looked back long ago.
        return emulator.history_lines(max(0, seen.asked.start - first), max(0, seen.asked.stop - first))

    def history(self, pane: PaneId, emulator: Emulator, start: int, stop: int) -> HistoryRows:
        """Rows of the history, by index from the oldest that is kept; what is out of range is left out."""
        seen = self._seen.get(pane)
        if seen is None:
            seen = self._seen[pane] = _anew(emulator, None)
        seen.looks_back = True
        length = emulator.history_length
        start, stop = max(0, min(start, length)), max(0, min(stop, length))
        seen.asked = range(emulator.history_dropped + start, emulator.history_dropped + stop)
        lines = emulator.history_lines(start, stop)
        styles, clusters = emulator.styles, emulator.clusters  # After the lines: parsing a raw part may add some.
        style_base, cluster_base = seen.styles, seen.clusters
        seen.styles, seen.clusters = len(styles), len(clusters)
        return HistoryRows(
            pane=pane,
            start=emulator.history_dropped + start,
            rows=tuple((line.text, line.styles, line.wrapped) for line in lines),
            history_length=emulator.history_length,
            history_dropped=emulator.history_dropped,
            style_base=style_base,
            styles=tuple(styles[style_base:]),
            cluster_base=cluster_base,
            clusters=tuple(clusters[cluster_base:]),
        )


def _anew(emulator: Emulator, old: Seen | None) -> Seen:
    """Nothing is known, or nothing any more."""
    seen = Seen()
    seen.edition = emulator.edition
    if old is not None:
        seen.looks_back, seen.asked = old.looks_back, old.asked
    return seen
