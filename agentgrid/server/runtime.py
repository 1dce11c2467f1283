"""One pane alive: its host, its emulator and its journal, and what flows between them.

    PTY → read → journal → feed → emulator → effects → ``on_effects``
    replies, keys, pastes → ``typing`` → PTY

A runtime outlives its program: an exited pane keeps its screen. It knows nothing of clients.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from agentgrid.geometry import Size
from agentgrid.process.hosts import Host
from agentgrid.process.pty import read_available
from agentgrid.server.journal import Journal, next_number, read_journal
from agentgrid.server.loop import Loop
from agentgrid.server.typing import Typing
from agentgrid.session.pane import PaneId
from agentgrid.terminal.effects import Effect, Reply
from agentgrid.terminal.emulator import Emulator

SYNCHRONIZED_SECONDS = 0.5  # A frame that takes longer is shown as far as it is; a program that forgot must not freeze its pane.

READ_BYTES = 4096  # More than a PTY of Linux gives at once.
CATCH_UP_BYTES = 1024 * 1024  # A flood never ends; more than a PTY holds is what is still being printed.


class Listener(Protocol):
    """Who hears what a pane's program does."""

    def on_effects(self, runtime: "Runtime", effects: Sequence[Effect]) -> None: ...
    def on_bytes(self, runtime: "Runtime", data: bytes) -> None: ...
    def on_problem(self, runtime: "Runtime", message: str) -> None: ...


class Runtime:
    """Owned by the server. ``host`` is None before the program starts and after the pane was closed."""

    def __init__(self, pane: PaneId, emulator: Emulator, folder: Path, loop: Loop, listener: Listener) -> None:
        self.pane = pane
        self.emulator = emulator
        self.host: Host | None = None
        self.typing: Typing | None = None
        self.folder = folder
        self.journal = Journal(folder)
        self.descriptor = -1
        self.read_total = 0
        """Bytes the program has printed since the server knows it."""
        self.printed_at = float("-inf")
        """When it last printed anything, by the loop's clock."""
        self.synchronized_since = 0.0
        self._problem = ""
        self._loop = loop
        self._listener = listener
        self._pending: list[bytes] = []
        """What is not fed yet, and the last ``_unkept`` parts of it are not in the journal either."""
        self._unkept = 0
        self._looked = 0
        """So many parts of it the emulator has looked at."""
        self._drawn = b""
        """What the listener has not been told of."""

    # ------------------------------------------------------------------ life

    def start(self, host: Host, now: float) -> None:
        """Take over a host whose program runs (or could not be started)."""
        self.host = host
        self.descriptor = host.pty
        self.typing = Typing(self._loop, host.pty_writer)
        self.checkpoint(now)

    def stop(self) -> Host | None:
        """Let go of the host: the pane's screen stays. Whoever calls ends, releases or closes the host."""
        host, self.host = self.host, None
        if self.typing is not None:
            self.typing.close()
            self.typing = None
        self.descriptor = -1
        return host

    def restore(self) -> bool:
        """Become what the journal in ``folder`` says; False when there is none."""
        saved = read_journal(self.folder)
        self.journal.number = next_number(self.folder)
        if saved is None:
            return False
        dump, after = saved
        try:
            self.emulator.load(dump)
        except ValueError:
            return False  # Another version wrote it; the program is asked to repaint anyway.
        printed: list[bytes] = []
        for entry in after:
            if isinstance(entry, Size):
                self.emulator.feed(b"".join(printed))
                printed.clear()
                self.emulator.resize(entry)
            else:
                printed.append(entry)
        self.emulator.feed(b"".join(printed))  # In one piece, of which what scrolls away is not drawn. What it answered then is answered.
        self.emulator.end_synchronized_update()
        return True

    # ------------------------------------------------------------------ a byte's way

    def read(self, limit: int) -> int:
        """Take ``limit`` bytes and a little from the PTY, or what is there; how many, -1 at its end."""
        count = 0
        while count < limit and (more := self.read_some()):
            if more < 0:
                if not count:
                    return -1
                break
            count += more
        self.keep()
        return count

    def read_some(self) -> int:
        """Take what the PTY gives at once; ``keep`` has to follow before the loop's turn ends."""
        data = read_available(self.descriptor, READ_BYTES)
        if data is None:
            return 0
        if not data:
            return -1
        self._pending.append(data)
        self._unkept += 1
        return len(data)

    def look(self) -> None:
        """See what can be known of what ``read_some`` took before it is fed."""
        if self._looked == len(self._pending) - 1:
            self._looked += 1
            self.emulator.look(self._pending[-1])

    def keep(self) -> None:
        """Put what was read into the journal."""
        if self._unkept:
            fresh = self._pending[-self._unkept :]
            self._unkept = 0
            self.journal.append(*fresh)
            self.read_total += sum(map(len, fresh))
            self.printed_at = self._loop.now()

    def feed(self) -> int:
        """Give what was read to the emulator; how many bytes."""
        count = self.draw()
        if count:
            self.note()
        return count

    def draw(self) -> int:
        """The same, but what need not be known before it is shown: ``note`` has to follow."""
        if not self._pending:
            return 0
        data = self._drawn = self._pending[0] if len(self._pending) == 1 else b"".join(self._pending)
        self._pending.clear()
        self._looked = 0
        effects = self.emulator.feed(data)
        if effects:
            self._tell()
            self._apply(effects)
        if not self.emulator.modes.synchronized:
            self.synchronized_since = 0.0
        elif not self.synchronized_since:
            self.synchronized_since = self._loop.now()
        return len(data)

    def note(self) -> None:
        """Tell whoever watches what was drawn, and keep the journal short."""
        self._tell()
        now = self._loop.now()
        if self.journal.wants_checkpoint(now):
            self.checkpoint(now)
        if self.journal.problem != self._problem:
            self._problem = self.journal.problem
            if self._problem:
                self._listener.on_problem(self, self._problem)

    def _tell(self) -> None:
        if self._drawn:
            drawn, self._drawn = self._drawn, b""
            self._listener.on_bytes(self, drawn)

    def catch_up(self) -> None:
        """Read and feed what is in the PTY now, so that whoever asks sees what has been printed."""
        if self.descriptor >= 0:
            self.read(CATCH_UP_BYTES)
        self.feed()

    def shows(self, now: float) -> bool:
        """Whether the screen may be shown now: not in the middle of a synchronized update, unless it takes too long."""
        if not self.synchronized_since:
            return True
        if now - self.synchronized_since < SYNCHRONIZED_SECONDS:
            return False
        self.emulator.end_synchronized_update()
        self.synchronized_since = 0.0
        return True

    def resize(self, size: Size) -> None:
        if size == self.emulator.size:
            return
        self.feed()
        self._apply(self.emulator.resize(size))
        self.journal.resized(size)
        if self.host is not None:
            self.host.resize(size)

    def checkpoint(self, now: float) -> None:
        self.journal.checkpoint(self.emulator.dump(), now)

    def apply(self, effects: Sequence[Effect]) -> None:
        """Effects that came otherwise than by ``feed`` (a palette, for example)."""
        self._apply(effects)

    def _apply(self, effects: Sequence[Effect]) -> None:
        others = []
        for effect in effects:
            if isinstance(effect, Reply):
                if self.typing is not None:
                    self.typing.reply(effect.data)
            else:
                others.append(effect)
        if others:
            self._listener.on_effects(self, others)
