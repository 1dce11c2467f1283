"""Text to cells: one grapheme cluster a cell, two for a wide one.

Clusters are those of UAX 29, widths those of the newest Unicode tables, both by wcwidth: a base with its combining marks,
an emoji with skin tone, ZWJ parts or VS16, a flag, a Hangul syllable in parts, an Indic conjunct are one cell each.
A cluster is one cell or two; one without any width of its own (a lone mark) is no cell.

Text without odd characters (``classes``) needs none of this, and that is nearly all text; ``CellMap`` remembers the rest
cluster by cluster.

https://www.unicode.org/reports/tr29/; https://github.com/contour-terminal/terminal-unicode-core (mode 2027)
Deviation: an unassigned or private code point is one cell.
"""

import re
from collections.abc import Callable, Iterator

from wcwidth import grapheme_boundary_before, iter_graphemes, wcswidth, wcwidth

from agentgrid.terminal import classes
from agentgrid.terminal.row import FIRST_CLUSTER, WIDE_TAIL

MAX_CLUSTER = 32  # Code points of one cell; the longest emoji sequence has ten.
MAX_CLUSTERS = 0xFFFE  # What fits into plane 16 above FIRST_CLUSTER, its two noncharacters left out.
MAX_REMEMBERED = 20_000  # Clusters and runs whose cells are remembered: all of CJK that is in use.
MAX_RUN = 64  # Characters of a run that is worth remembering.
TEXT_STYLE = "\ufe0e"  # VS15
REPLACEMENT = "\ufffd"


def attaches(text: str) -> bool:
    """Whether a text begins with something that belongs to the cell before it, wherever that came from."""
    return classes.ATTACHED.match(text) is not None


def joins_oddly(text: str) -> bool:
    """Whether the width of a text may be another than the sum of its characters' widths."""
    return classes.JOINING_ODDLY.search(text) is not None


def stays_open(text: str) -> bool:
    """Whether more than marks may join a text's last cluster."""
    return may_stay_open(text) and classes.OPEN.search(text[-MAX_CLUSTER:]) is not None


def may_stay_open(text: str) -> bool:
    """The same, but quick, and true as well where the last cluster has no width."""
    return classes.OPEN_MAYBE.match(text[-1]) is not None


class ClusterTable:
    """The clusters of one emulator, by number. Owned by it; only grows, up to ``MAX_CLUSTERS``."""

    def __init__(self, ambiguous_width: int = 1) -> None:
        self.clusters: list[str] = []
        self.ambiguous_width = ambiguous_width
        self._characters: dict[str, str] = {}
        self._runs: dict[str, str] = {}
        self.cells = CellMap(self)

    def character(self, cluster: str) -> str:
        """The character that stands for a cluster."""
        found = self._characters.get(cluster)
        if found is None:
            if len(self.clusters) >= MAX_CLUSTERS:
                return cluster[0] if ord(cluster[0]) < FIRST_CLUSTER else REPLACEMENT
            found = self._characters[cluster] = chr(FIRST_CLUSTER + len(self.clusters))
            self.clusters.append(cluster)
        return found

    def spell(self, character: str) -> str:
        """What a cell's character stands for."""
        number = ord(character) - FIRST_CLUSTER
        return self.clusters[number] if number >= 0 else character

    def width(self, cluster: str) -> int:
        """Cells of a cluster: 0 for what has no width, else 1 or 2."""
        first = max(0, wcwidth(cluster[0], ambiguous_width=self.ambiguous_width))
        if first == 0 or len(cluster) == 1:
            return first  # What begins with nothing to see has left no cell for the rest to join.
        width = min(2, max(0, wcswidth(cluster, ambiguous_width=self.ambiguous_width)))
        if width == 1 and TEXT_STYLE not in cluster and any(wcwidth(character) == 2 for character in cluster):
            return 2  # A skin tone, or a part after ZWJ, makes a pictograph one that is drawn as an emoji.
        return width

    def text_width(self, text: str) -> int:
        """Cells of a text that does not join oddly and has no controls."""
        return wcswidth(text, ambiguous_width=self.ambiguous_width)

    def has_narrow_form(self, character: str) -> bool:
        """Whether a wide cell's character begins with one that is not wide."""
        return self.width(self.spell(character)[0]) == 1

    def is_odd(self, text: str) -> bool:
        """Whether a text has anything but characters of one cell that stand alone."""
        return (classes.ODD if self.ambiguous_width == 1 else classes.ODD_OR_AMBIGUOUS).search(text) is not None

    def restore(self, clusters: list[str]) -> None:
        """Become what a dump holds."""
        self.clusters = list(clusters)
        self._characters = {cluster: chr(FIRST_CLUSTER + number) for number, cluster in enumerate(clusters)}
        self.cells.clear()
        self._runs.clear()

    def to_cells(self, text: str) -> str:
        """The cells of a text that joins nothing before it."""
        odd_run = (classes.ODD_RUN if self.ambiguous_width == 1 else classes.ODD_OR_AMBIGUOUS_RUN).sub
        if classes.JOINING.search(text) is None:
            return odd_run(self._alone, text)
        # Only around characters that may join others are clusters looked for.
        parts: list[str] = []
        done = start = stop = 0
        for run in classes.JOINING_RUN.finditer(text):
            if run.start() - 1 >= stop:
                parts += (odd_run(self._alone, text[done:start]), self._remembered(text[start:stop], iter_graphemes))
                done, start = stop, max(run.start() - 1, stop)
            stop = run.end() + 1
        parts += (
            odd_run(self._alone, text[done:start]),
            self._remembered(text[start:stop], iter_graphemes),
            odd_run(self._alone, text[stop:]),
        )
        return "".join(parts)

    def _alone(self, match: re.Match[str]) -> str:
        return self._remembered(match[0], iter)

    def _remembered(self, run: str, clusters: Callable[[str], Iterator[str]]) -> str:
        """The cells of a run; programs say the same things again and again."""
        known = self._runs.get(run)
        if known is None:
            if len(self._runs) > MAX_REMEMBERED or len(self.cells) > MAX_REMEMBERED:
                self._runs.clear()
                self.cells.clear()
            known = "".join(map(self.cells.__getitem__, clusters(run)))
            if len(run) <= MAX_RUN:
                self._runs[run] = known
        return known


class CellMap(dict[str, str]):
    """The cells of a cluster, worked out when first met."""

    def __init__(self, table: ClusterTable) -> None:
        super().__init__()
        self._table = table

    def __missing__(self, cluster: str) -> str:
        width = self._table.width(cluster)
        if width == 0:
            cells = ""
        else:
            known = cluster[:MAX_CLUSTER]
            alone = len(known) == 1 and ord(known) < FIRST_CLUSTER
            cells = (known if alone else self._table.character(known)) + WIDE_TAIL * (width - 1)
        self[cluster] = cells
        return cells


def first_cluster(text: str) -> str:
    """The first grapheme cluster of a text that is not empty."""
    return next(iter(iter_graphemes(text)))


def last_cluster(text: str) -> str:
    """The last grapheme cluster of a text that is not empty."""
    return text[grapheme_boundary_before(text, len(text)) :]
