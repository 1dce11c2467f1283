"""The ledger on disk: every change and whatever else conflicts are made of, appended as it happens, 0600.

    state       all that a ledger and its conflicts know, replaced whole by a rename; names the segment that follows it
    NUMBER.log  entries since then, and older segments behind it, for ``changes`` that reach far back

An entry is written before anybody is told of it, in one write a batch. A successor takes the state, goes through what follows,
and knows what its predecessor knew; half an entry at the end, from a death in the middle of a write, is nothing. A disk that
is full stops the archive and not the ledger: ``problem`` says so.
"""

import errno
import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from agentgrid.paths import private_folder, what_to_do
from agentgrid.workspace.change import Change, Edit, GitEvent
from agentgrid.workspace.conflicts import State
from agentgrid.workspace.contents import Owned
from agentgrid.workspace.ledger import LedgerState

SEGMENT_BYTES = 4 * 1024 * 1024  # Some 30,000 changes; read again in a fifth of a second.
MAX_BYTES = 128 * 1024 * 1024  # All segments; a million changes, weeks of work.
LENGTH = struct.Struct("<I")
STATE = "state"


class Changed(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """A file has changed."""

    change: Change
    edit: Edit | None = None
    owned: Owned | None = None
    """Whose the file's lines are since."""


class Kept(msgspec.Struct, frozen=True, tag=True):
    """What a pane left of a contested file is written down."""

    path: str
    pane: int
    digest: str


class GitHappened(msgspec.Struct, frozen=True, tag=True):
    event: GitEvent


class Acknowledged(msgspec.Struct, frozen=True, tag=True):
    conflict: int


class Reverted(msgspec.Struct, frozen=True, tag=True):
    path: str


class Diverged(msgspec.Struct, frozen=True, tag=True):
    """The same file differs in two worktrees, or (no panes) no longer."""

    path: str
    panes: tuple[int, ...]
    summary: str
    at: float


Entry = Changed | Kept | GitHappened | Acknowledged | Reverted | Diverged


class Saved(msgspec.Struct, frozen=True):
    """The file ``state``."""

    segment: int
    ledger: LedgerState
    conflicts: State
    last_change: float = 0.0
    owned: dict[str, Owned] = {}
    sides: dict[str, dict[int, str]] = {}


_encode = msgspec.msgpack.Encoder().encode
_decode_entry = msgspec.msgpack.Decoder(Entry).decode
_decode_saved = msgspec.msgpack.Decoder(Saved).decode


class Archive:
    """Owned by a workspace. ``folder`` is its own, below the session's state."""

    def __init__(self, folder: Path) -> None:
        self.problem = ""
        self.folder = folder
        self._descriptor = -1
        self._segment = 0
        self._size = 0

    def load(self) -> tuple[Saved, list[Entry]]:
        """What a predecessor left: its last state and what came after it. Entries are appended behind them from now on."""
        try:
            saved = _decode_saved((self.folder / STATE).read_bytes())
        except (FileNotFoundError, msgspec.MsgspecError):
            saved = Saved(0, LedgerState(), State())  # The first time, or another version's.
        segment = saved.segment
        entries = [entry for number in self._segments() if number >= segment for entry in self._read(number)]
        try:
            self._open(max([segment, *self._segments()]) + 1)
        except OSError as error:
            self._fail(error)
        return saved, entries

    def append(self, entries: Iterable[Entry]) -> None:
        """Write entries down."""
        data = b"".join(LENGTH.pack(len(body)) + body for body in map(_encode, entries))
        if self._descriptor < 0 or not data:
            return
        try:
            written = os.write(self._descriptor, data)
        except OSError as error:
            self._fail(error)
            return
        self._size += written
        if written < len(data):
            self._fail(OSError(errno.ENOSPC, "the disk is full"))

    @property
    def wants_state(self) -> bool:
        """Whether enough has come since the last one, or somebody has removed what was written."""
        return self._size > SEGMENT_BYTES or (self._descriptor >= 0 and not os.fstat(self._descriptor).st_nlink)

    def save(self, state: Saved) -> None:
        """Write the state down, and begin a new segment behind it, which it names."""
        segment = self._segment + 1
        fresh = self.folder / f"{STATE}.new"
        try:
            private_folder(self.folder)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(_encode(msgspec.structs.replace(state, segment=segment)))
            self._open(segment)
            fresh.rename(self.folder / STATE)
        except OSError as error:
            self._fail(error)
            return
        self._tidy()

    def history(self) -> Iterator[Change]:
        """All changes that are still on disk, oldest first."""
        for number in self._segments():
            yield from self._changes(number)

    def latest(self, limit: int) -> list[Change]:
        """The newest changes on disk, oldest first. Reads files only, so that any thread may ask."""
        found: list[Change] = []
        for number in reversed(self._segments()):
            found = [*self._changes(number), *found]
            if len(found) >= limit:
                break
        return found[-limit:]

    def _changes(self, segment: int) -> Iterator[Change]:
        for entry in self._read(segment):
            if isinstance(entry, Changed):
                yield entry.change

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _path(self, segment: int) -> Path:
        return self.folder / f"{segment}.log"

    def _segments(self) -> list[int]:
        return sorted(int(path.stem) for path in self.folder.glob("*.log") if path.stem.isdigit())

    def _open(self, segment: int) -> None:
        """Begin a segment. Raises OSError."""
        private_folder(self.folder)
        descriptor = os.open(self._path(segment), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self.close()
        self._descriptor, self._segment, self._size = descriptor, segment, 0

    def _read(self, segment: int) -> Iterator[Entry]:
        data = self._path(segment).read_bytes()
        at = 0
        while at + LENGTH.size <= len(data):
            (length,) = LENGTH.unpack_from(data, at)
            at += LENGTH.size
            if at + length > len(data):
                return
            try:
                yield _decode_entry(data[at : at + length])
            except msgspec.MsgspecError:
                return  # Another version's, or a broken disk: what follows cannot be trusted.
            at += length

    def _tidy(self) -> None:
        sizes = [(number, self._path(number).stat().st_size) for number in self._segments()]
        total = sum(size for _, size in sizes)
        for number, size in sizes:
            if total <= MAX_BYTES or number >= self._segment:
                break
            self._path(number).unlink(missing_ok=True)
            total -= size

    def advice(self, error: OSError) -> str:
        """What a person can do about it."""
        return what_to_do(error, self.folder)

    def _fail(self, error: OSError) -> None:
        self.close()
        self.problem = f"changes are no longer written down ({error.strerror}): a crash would lose them; {self.advice(error)}"
