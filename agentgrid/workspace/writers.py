"""Who wrote each file since the counting began: since its last commit, or since a person acknowledged a conflict in it.

Pure. Two memories a file: the writers, which a commit clears, and when anybody changed it last, which it does not, because a
copy that somebody has read stays stale. Who only read is known where an agent tells, or where a traced pane asked for it.
"""

from collections.abc import Iterable

import msgspec

from agentgrid.workspace.change import Change, Evidence, Read

MAX_FILES = 50_000  # Files that are remembered; the least recently changed go first.
MAX_READS = 50_000  # Likewise.
OTHERS = -1
"""Whoever changed a file and is no known pane."""

_RANKS = {evidence: number for number, evidence in enumerate(Evidence)}


class Writer(msgspec.Struct):
    """A pane that wrote a file. Owned by its ``Writers``."""

    pane: int
    first: float
    last: float
    evidence: Evidence
    before: str = ""
    """The digest of the content it came to; '' when that is not known."""


class FileState(msgspec.Struct):
    """One file. Owned by its ``Writers``."""

    writers: dict[int, Writer] = {}
    changed: dict[int, Writer] = {}
    """Each pane's (or ``OTHERS``') last change, committed or not."""
    digest: str = ""


class Writers:
    """Owned by a workspace's ``Conflicts``. ``files`` may come from the disk."""

    def __init__(self, window_seconds: float, files: dict[str, FileState]) -> None:
        self.files = files
        self._window = window_seconds
        self._reads: dict[tuple[int, str], float] = {}

    def wrote(self, change: Change, pane: int | None) -> Writer:
        """Take note of a write; returns the pane's record, of nobody's file when there is no pane or the write does not count."""
        file = self._file(change.path)
        before, file.digest = file.digest, change.digest
        known = OTHERS if pane is None else pane
        file.changed[known] = Writer(known, change.at, change.at, change.evidence)
        if pane is None:
            return file.changed[known]
        if (pane, change.path) in self._reads:
            self._reads[pane, change.path] = change.at  # It knows what it has written itself.
        writer = file.writers.get(pane)
        if writer is None:
            writer = file.writers[pane] = Writer(pane, change.at, change.at, change.evidence, before)
        writer.last = change.at
        writer.evidence = best(writer.evidence, change.evidence)
        return writer

    def changed_by_git(self, change: Change) -> None:
        """git put the content there: it counts as nobody's work, but who has read the file before has read another."""
        file = self._file(change.path)
        file.digest = change.digest
        pane = OTHERS if change.pane is None else change.pane
        file.changed[pane] = Writer(pane, change.at, change.at, change.evidence)

    def read(self, read: Read) -> None:
        """A pane has seen the file's content."""
        self._reads.pop((read.pane, read.path), None)
        self._reads[read.pane, read.path] = read.at
        if len(self._reads) > MAX_READS:
            del self._reads[next(iter(self._reads))]

    def moved(self, old: str, new: str) -> None:
        """A file is elsewhere, and what was written in it with it."""
        file = self.files.pop(old, None)
        if file is None or old == new:
            return
        there = self._file(new)
        there.writers = file.writers | there.writers
        there.changed = file.changed | there.changed
        there.digest = file.digest

    def others(self, path: str, pane: int | None, at: float) -> list[Writer]:
        """Who else wrote the file, within the window before a time; in the order in which they came."""
        file = self.files.get(path)
        found = [] if file is None else [writer for writer in file.writers.values() if writer.pane != pane]
        return sorted((writer for writer in found if at - writer.last <= self._window), key=lambda writer: writer.first)

    def missed(self, path: str, pane: int, at: float) -> list[Writer]:
        """Who changed the file, within the window, after the pane had last read it; nobody when its reads are not known."""
        read_at = self._reads.get((pane, path))
        file = self.files.get(path)
        if read_at is None or file is None:
            return []
        return [last for last in file.changed.values() if last.pane != pane and last.last > read_at and at - last.last <= self._window]

    def has_undone_itself(self, path: str, pane: int) -> bool:
        """Whether the file is again what it was before the pane came, and nobody else has written since: its part is forgotten."""
        file = self.files[path]
        writer = file.writers[pane]
        if not file.digest or writer.before != file.digest or writer.first == writer.last:
            return False
        if any(other.last >= writer.first for other in file.writers.values() if other is not writer):
            return False
        del file.writers[pane]
        return True

    def forget(self, path: str, pane: int | None = None) -> None:
        """Begin to count anew, for one pane or for all."""
        file = self.files.get(path)
        if file is None:
            return
        if pane is None:
            file.writers.clear()
        else:
            file.writers.pop(pane, None)

    def digest(self, path: str) -> str:
        """Of the file's content when it last changed; '' when that is not known."""
        file = self.files.get(path)
        return "" if file is None else file.digest

    def crowded(self, path: str) -> bool:
        """Whether more than one pane has work in the file."""
        return path in self.files and len(self.files[path].writers) > 1

    def active(self, pane: int | None, at: float) -> set[int]:
        """The other panes that have written something, within the window, that is not committed."""
        return {other.pane for path in self.files for other in self.others(path, pane, at)}

    def evidence_of(self, pane: int) -> Evidence:
        """The best evidence for anything a pane has written."""
        known = [file.changed[pane].evidence for file in self.files.values() if pane in file.changed]
        return best(*known) if known else Evidence.UNKNOWN

    def _file(self, path: str) -> FileState:
        file = self.files.pop(path, None) or FileState()
        self.files[path] = file  # At the end: the least recently changed are first.
        if len(self.files) > MAX_FILES:
            del self.files[next(iter(self.files))]
        return file


def best(*evidence: Evidence) -> Evidence:
    """The best of several."""
    return min(evidence, key=_RANKS.__getitem__)


def by_arrival(writers: Iterable[Writer]) -> list[Writer]:
    """One record a pane, in the order in which they came."""
    found: dict[int, Writer] = {}
    for writer in sorted(writers, key=lambda writer: writer.first):
        found.setdefault(writer.pane, writer)
    return list(found.values())
