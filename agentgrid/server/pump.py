"""When panes are read and fed: keys come first, frames are paced, floods are bounded.

Three ways a pane is read, by what it does:

    quiet     most panes: a readiness of any of them schedules one tick for all, at the next frame
    hot       somebody has typed into it just now: read, fed and shown at once, so that an echo waits for nothing
    flooding  it fills every read: read all the time, up to its budget of bytes, and fed as one chunk, the more floods there
              are the less often, at most every ``FLOOD_FRAME_SECONDS`` (nobody reads it, and a large chunk lets the
              emulator, the wire and the screen skip what scrolls away). One that falls silent is fed at the next frame (its
              last rows are what somebody reads), and so is one that has filled its budget and cost less than its share. A
              PTY gives four kilobytes at once and then has to be filled again by the kernel, so floods are read in turn, a
              slice of all of them a turn of the loop

A pane over its budget is not read until it is fed, and its program waits in its PTY. The budget follows what feeding a byte
of this pane costs, so that all floods together take ``FLOOD_SHARE`` of the time. While somebody types elsewhere they are fed at every
frame, in much smaller pieces (``SHIELD_SHARE``): see docs/performance.md for what was measured. Nothing wakes up when
nothing is printed.
"""

import selectors
from collections.abc import Callable
from typing import Protocol

from agentgrid.profiling import mark
from agentgrid.server.loop import READ, Loop, Timer

FRAME_SECONDS = 1 / 30  # Thirty frames a second look smooth; more costs more than it shows.
CROWD = 3  # More panes than that are read by nobody at a time, …
CROWD_SECONDS = 0.5  # … when all of them have printed within this time, …
CROWD_FRAME_SECONDS = 1 / 20  # … and frames are what they cost. Somebody who types sees their own pane as often as ever.
GATHER_SECONDS = 0.012  # After a rest the first readiness waits this long for others: fewer, fuller frames.
HOT_SECONDS = 0.5  # How long after a key a pane is read at once; a program answers a key well within.
SHIELD_WINDOW_SECONDS = 1.0  # Somebody types: a key came within this time, for a pane that does not flood.
FLOODS_A_FRAME = 3  # So many floods are fed at every frame; with two more, each is fed a frame later.
FLOOD_FRAME_SECONDS = 1 / 8  # But this often: what nobody can read needs to look alive, not smooth.
FLOOD_SHARE = 0.75  # Of the time, for feeding all floods together; what is left is for keys and for the other panes.
SHIELD_SHARE = 0.09  # The same while somebody types: 3 ms of a frame.
ECHO_BYTES = 256  # A read of fewer is an echo, and all there is: to read again, only to hear so, takes a tenth as long as the echo.
SLICE_BYTES = 64 * 1024  # What one turn of the loop reads: half a millisecond.
SHIELD_SLICE_BYTES = 16 * 1024  # The same of the floods while somebody types: each read may wait for the kernel, and the key with it.
LEARNING = 0.6  # How much the last feeding says about the next: what a byte costs falls by three quarters when chunks grow.
MIN_BUDGET_BYTES = 16 * 1024
MAX_BUDGET_BYTES = 4 * 1024 * 1024  # Bounds what a flood holds in memory before it is fed.
FLOOD_BYTES = 32 * 1024  # A pane that prints this much in a frame floods.


class Source(Protocol):
    """What the pump needs of a pane's runtime."""

    @property
    def descriptor(self) -> int: ...
    def read(self, limit: int) -> int:
        """Take so many bytes from the PTY and keep them safe, a few more or what is there; how many, -1 at its end."""
        ...

    def read_some(self) -> int:
        """Take what the PTY gives at once; how many bytes, -1 at its end."""
        ...

    def look(self) -> None:
        """See what can be known of what ``read_some`` took before it is fed: the kernel fills the PTY meanwhile."""
        ...

    def keep(self) -> None:
        """Keep safe what ``read_some`` took."""
        ...

    def feed(self) -> int:
        """Give what was read to the emulator; how many bytes."""
        ...

    def draw(self) -> int:
        """The same, but what need not be known before it is shown: ``note`` has to follow."""
        ...

    def note(self) -> None:
        """What ``draw`` has left out."""
        ...


class _Pane:
    """The pump's own knowledge of a pane."""

    __slots__ = (
        "budget",
        "ended",
        "fed_at",
        "flooding",
        "hot_until",
        "key_waits",
        "paused",
        "read_before",
        "read_bytes",
        "second_a_byte",
        "source",
        "took",
    )

    def __init__(self, source: Source) -> None:
        self.source = source
        self.flooding = False
        self.paused = False
        self.hot_until = 0.0
        self.key_waits = False
        self.read_bytes = 0
        self.read_before = 0
        """What ``read_bytes`` was at the last tick."""
        self.fed_at = 0.0
        self.took = 0.0
        """How long its last feeding was."""
        self.budget = MIN_BUDGET_BYTES
        self.second_a_byte = 2e-7
        self.ended = False

    @property
    def silent(self) -> bool:
        """It flooded, and has printed nothing since the last tick."""
        return self.flooding and not self.paused and 0 < self.read_bytes == self.read_before


class Pump:
    """Owned by the server. ``on_frame`` is called once a frame after the panes were fed, ``on_echo(pane)`` at once."""

    def __init__(
        self, loop: Loop, *, on_frame: Callable[[], None], on_echo: Callable[[Source], bool], on_end: Callable[[Source], None]
    ) -> None:
        self._loop = loop
        self._on_frame = on_frame
        self._on_echo = on_echo
        self._on_end = on_end
        self._panes: dict[int, _Pane] = {}
        self._quiet = selectors.DefaultSelector()
        self._floods = selectors.DefaultSelector()
        """The panes that flood and are not paused."""
        self._listening = False
        self._tick: Timer | None = None
        self._last_tick = 0.0
        self._last_key, self._typed = -1e9, -1  # When it came, and for which descriptor.
        self._feeding = 0
        self._listen(True)
        self._loop.watch(self._floods.fileno(), READ, self._read_floods)

    def add(self, source: Source) -> None:
        """Begin to read a pane."""
        descriptor = source.descriptor
        self._panes[descriptor] = _Pane(source)
        self._quiet.register(descriptor, READ)

    def remove(self, source: Source) -> None:
        """Read it no more; call before its descriptor is closed."""
        descriptor = source.descriptor
        pane = self._panes.pop(descriptor, None)
        if pane is not None:
            pane.ended = True
            self._detach(descriptor)

    def key(self, source: Source) -> None:
        """Somebody typed into the pane."""
        now = self._last_key = self._loop.now()
        self._typed = source.descriptor
        pane = self._panes.get(source.descriptor)
        if pane is None:
            return
        was_hot = pane.hot_until > now
        pane.hot_until = now + HOT_SECONDS
        pane.key_waits = True
        if not was_hot and not pane.flooding:
            self._detach(source.descriptor)
            self._loop.watch(source.descriptor, READ, lambda _: self._read_hot(pane))
            self._loop.call_at(pane.hot_until, lambda: self._cool(pane))

    def floods(self, source: Source) -> bool:
        """Whether the pane is printing more than anybody reads."""
        pane = self._panes.get(source.descriptor)
        return pane is not None and pane.flooding

    def frame_soon(self) -> None:
        """Something that is not a pane's output changed: have a frame."""
        self._schedule(0.0)

    # ------------------------------------------------------------------ hot

    def _read_hot(self, pane: _Pane) -> None:
        source = pane.source
        count = source.read_some()
        if count < 0:
            self._end(pane)
            return
        if count < ECHO_BYTES:
            source.keep()
        else:
            count += max(source.read(SLICE_BYTES), 0)  # What it was the end of comes again.
        pane.read_bytes += count
        if pane.read_bytes > FLOOD_BYTES:
            self._flood(pane)
            self._schedule(0.0)
            return
        if not pane.key_waits:
            self._schedule(0.0, FRAME_SECONDS)
            return
        mark("server read the echo")
        source.draw()
        mark("server fed it")
        if self._on_echo(source):
            mark("server sent rows")
            pane.key_waits = False
        else:
            self._schedule(0.0, FRAME_SECONDS)
        source.note()

    def _cool(self, pane: _Pane) -> None:
        if pane.ended or pane.flooding:
            return
        if pane.hot_until > self._loop.now():
            self._loop.call_at(pane.hot_until, lambda: self._cool(pane))
            return
        pane.key_waits = False
        self._to_quiet(pane)

    # ------------------------------------------------------------------ quiet

    def _listen(self, on: bool) -> None:
        if on == self._listening:
            return
        self._listening = on
        descriptor = self._quiet.fileno()
        if on:
            self._loop.watch(descriptor, READ, self._something_printed)
        else:
            self._loop.unwatch(descriptor)

    def _something_printed(self, _events: int) -> None:
        self._listen(False)
        self._schedule(GATHER_SECONDS)

    def _schedule(self, gather: float, frame: float = 0.0) -> None:
        """Have a frame, so long after now and after the one before at the least; by default as is usual now."""
        if self._tick is not None and not frame:
            return  # Floods ask at every read.
        now = self._loop.now()
        when = max(now + gather, self._last_tick + (frame or self._frame_seconds(now)))
        if self._tick is not None:
            if when >= self._tick.when or not self._tick.waits:
                return
            self._tick.cancel()
        self._tick = self._loop.call_at(when, self._run_tick)

    def _frame_seconds(self, now: float) -> float:
        if self._floods_now():
            return FRAME_SECONDS
        printing = sum(1 for pane in self._panes.values() if now - pane.fed_at < CROWD_SECONDS)
        return CROWD_FRAME_SECONDS if printing > CROWD else FRAME_SECONDS

    # ------------------------------------------------------------------ flooding

    def _flood(self, pane: _Pane) -> None:
        pane.flooding = True
        pane.paused = False
        self._detach(pane.source.descriptor)
        self._floods.register(pane.source.descriptor, READ)

    def _read_floods(self, _events: int) -> None:
        """Go round the floods that have something, one read each."""
        ready = [self._panes[key.fd] for key, _ in self._floods.select(0)]
        left, printing = SHIELD_SLICE_BYTES if self._typing() else SLICE_BYTES, ready
        while printing and left > 0:
            more = []
            for pane in printing:
                if left <= 0:
                    break
                count = pane.source.read_some()
                if count < 0:
                    pane.ended = True
                elif count:
                    pane.source.look()
                    pane.read_bytes += count
                    left -= count
                    if pane.read_bytes >= pane.budget:
                        pane.paused = True
                        self._floods.unregister(pane.source.descriptor)
                    else:
                        more.append(pane)
            printing = more
        for pane in ready:
            pane.source.keep()
            if pane.ended:
                self._end(pane)
        self._schedule(0.0)

    def _to_quiet(self, pane: _Pane) -> None:
        pane.flooding = pane.paused = False
        self._detach(pane.source.descriptor)
        self._quiet.register(pane.source.descriptor, READ)

    # ------------------------------------------------------------------ the frame

    def _run_tick(self) -> None:
        """Queue one piece of work a pane that has something, and the frame itself after them."""
        self._last_tick = self._loop.now()
        ready = [self._panes[key.fd] for key, _ in self._quiet.select(0) if key.fd in self._panes]
        late = self._last_tick + FRAME_SECONDS / 2 - self._flood_frame()
        others = [
            pane
            for pane in self._panes.values()
            if pane not in ready and (pane.fed_at < late if pane.flooding and not pane.key_waits else pane.read_bytes)
        ]
        share = self._share()
        early = [pane for pane in self._panes.values() if (pane.silent or self._earned(pane, share)) and pane not in others]
        for pane in self._panes.values():
            pane.read_before = pane.read_bytes
        for pane in ready:
            self._loop.work(lambda pane=pane: self._read_and_feed(pane))  # type: ignore[misc]
        for pane in others:
            self._loop.work(lambda pane=pane: self._feed(pane))  # type: ignore[misc]
        for pane in early:
            self._loop.work(lambda pane=pane: self._feed(pane, early=True))  # type: ignore[misc]
        self._loop.work(self._end_tick)

    def _read_and_feed(self, pane: _Pane) -> None:
        if pane.ended:
            return
        count = pane.source.read(SLICE_BYTES)
        if count < 0:
            self._end(pane)
            return
        pane.read_bytes += count
        if pane.read_bytes > FLOOD_BYTES:
            self._flood(pane)
        self._feed(pane)

    def _feed(self, pane: _Pane, *, early: bool = False) -> None:
        """Give it to the emulator. ``early``: a flood's turn has not come, and how little it printed says nothing."""
        if pane.ended:
            return
        started = pane.fed_at = self._loop.now()
        count = pane.source.feed()
        took = pane.took = self._loop.now() - started
        if count >= FLOOD_BYTES // 4:
            pane.second_a_byte += (took / count - pane.second_a_byte) * LEARNING
        if pane.flooding:
            pane.key_waits = False  # The frame that ends this tick shows it.
            if pane.paused:
                pane.paused = False
                self._floods.register(pane.source.descriptor, READ)
            elif pane.read_bytes < FLOOD_BYTES // 2 and not early:
                self._to_quiet(pane)
        pane.read_bytes = pane.read_before = 0

    def _end_tick(self) -> None:
        floods = [pane for pane in self._panes.values() if pane.flooding]
        if floods:
            share = self._share() * self._flood_frame()
            for pane in floods:
                pane.budget = int(min(max(share / pane.second_a_byte, MIN_BUDGET_BYTES), MAX_BUDGET_BYTES))
        self._tick = None
        if floods or any(pane.read_bytes for pane in self._panes.values()):  # Read between its feeding and now, or has to be found quiet.
            self._schedule(0.0)
        self._listen(True)
        self._on_frame()

    def _typing(self) -> bool:
        """Somebody types, and not into a flood: that one they have begun, or want to end."""
        recent = self._loop.now() - self._last_key < SHIELD_WINDOW_SECONDS
        return recent and not ((typed := self._panes.get(self._typed)) and typed.flooding)

    def _share(self) -> float:
        """Of the time, for each of the panes that flood."""
        return (SHIELD_SHARE if self._typing() else FLOOD_SHARE) / max(self._floods_now(), 1)

    def _earned(self, pane: _Pane, share: float) -> bool:
        """It has filled its budget, and what it was fed last took less than its share of the time since."""
        return pane.paused and pane.took < (self._loop.now() - pane.fed_at) * share

    def _floods_now(self) -> int:
        """How many panes flood."""
        return sum(1 for pane in self._panes.values() if pane.flooding)

    def _flood_frame(self) -> float:
        """How long a flood gathers before it is fed."""
        if self._typing():
            return FRAME_SECONDS
        return min(max(FRAME_SECONDS * (1 + (self._floods_now() - FLOODS_A_FRAME) / 2), FRAME_SECONDS), FLOOD_FRAME_SECONDS)

    # ------------------------------------------------------------------ the end

    def _end(self, pane: _Pane) -> None:
        pane.source.feed()
        self.remove(pane.source)
        self._on_end(pane.source)

    def _detach(self, descriptor: int) -> None:
        """Take the descriptor out of wherever it is watched."""
        for selector in (self._quiet, self._floods):
            if descriptor in selector.get_map():
                selector.unregister(descriptor)
        self._loop.unwatch(descriptor)

    def close(self) -> None:
        self._quiet.close()
        self._floods.close()
