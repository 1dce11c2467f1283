"""All folders of a workspace, watched as they come and go (Linux).

A folder is watched before it is read: what is in it when it appears is ``FOUND``, what comes later is an event, and what
comes in between is both, which ``fusion`` takes for one. Ignored folders are neither watched nor read. A folder that moves
takes its watches with it, and its files are told one by one.

When the kernel allows no more watches the rest is polled, and a line says so. When the whole workspace goes away, a line says
that, too, and it is looked for until it is back. When the kernel loses events, all files changed since are found again.
"""

import contextlib
import errno
import os
import time
from collections.abc import Callable, Iterator
from itertools import count

from agentgrid.workspace import inotify
from agentgrid.workspace.ignore import RULES, Ignore
from agentgrid.workspace.inotify import Inotify
from agentgrid.workspace.pathname import bytes_of, text_of
from agentgrid.workspace.polling import PolledFolders
from agentgrid.workspace.sighting import Seen, Sighting

MOVE_SECONDS = 0.02  # The two halves of a move are neighbours; one that is still alone then went elsewhere.
BACK_SECONDS = 1.0  # How often a workspace that is gone is looked for.
OVERLAP_SECONDS = 1.0  # Files changed this long before events were lost are found again, too.
FIRST_COOKIE = 1 << 32  # Those of moved folders' files are ours; the kernel's have 32 bits.

FILES = {
    inotify.CREATE: Seen.CREATED,
    inotify.MODIFY: Seen.WRITTEN,
    inotify.CLOSE_WRITE: Seen.CLOSED,
    inotify.MOVED_FROM: Seen.LEFT,
    inotify.MOVED_TO: Seen.ARRIVED,
    inotify.DELETE: Seen.GONE,
}


class WatchedTree:
    """Owned by the thread that waits for ``fileno()``. ``problem`` gets a line a person should know."""

    def __init__(self, top: bytes, ignore: Ignore, problem: Callable[[str], None]) -> None:
        """Raises OSError when the folder cannot be watched at all."""
        self.top = top
        self._ignore = ignore
        self._problem = problem
        self._inotify: Inotify | None = None
        self._folders: dict[int, str] = {}
        self._watches: dict[str, int] = {}
        self._polled = PolledFolders(top, ignore.ignores, self._enter_sighted)
        self._leaving: dict[int, tuple[str, float]] = {}
        self._ignored_old = 0, ""  # The first half of a move; the second is mostly the next event.
        self._cookies = count(FIRST_COOKIE)
        self._full = False
        self._gone_since: float | None = None
        self._last_read = time.time()
        try:
            self._inotify = Inotify()
        except OSError as error:
            self._full = True
            self._tell_limit(error, "fs.inotify.max_user_instances")

    # ------------------------------------------------------------------ what its owner asks

    @property
    def watched(self) -> int:
        """How many folders are watched."""
        return len(self._watches)

    @property
    def polled(self) -> int:
        """How many are looked at instead."""
        return len(self._polled)

    def fileno(self) -> int:
        """Readable when something was seen; -1 when everything is polled."""
        return -1 if self._inotify is None else self._inotify.fileno()

    @property
    def due(self) -> float | None:
        """When ``read`` has something to do though nothing is readable."""
        times = [at + MOVE_SECONDS for _, at in self._leaving.values()]
        times += [self._polled.due] if self._polled.due is not None else []
        times += [self._gone_since + BACK_SECONDS] if self._gone_since is not None else []
        return min(times, default=None)

    def start(self, since: float | None = None) -> list[Sighting]:
        """Watch everything there is; with a time (seconds since the epoch), also find what has changed since."""
        now = time.monotonic()
        files = self._enter("", now)
        return [Sighting(Seen.FOUND, path, time.monotonic()) for path in files if since is not None and self._changed_since(path, since)]

    def read(self) -> list[Sighting]:
        """What was seen since the last call."""
        found: list[Sighting] = []
        events = self._inotify.read() if self._inotify is not None else []
        now = time.monotonic()  # After reading: nothing that was read happened later than that.
        for event in events:
            found += self._event(event, now)
        self._last_read = time.time()
        for cookie, (path, at) in list(self._leaving.items()):
            if now - at >= MOVE_SECONDS:
                del self._leaving[cookie]
                found += self._folder_left(path, now)
        if self._polled.due is not None and now >= self._polled.due:
            found += self._polled.look(now)
        if self._gone_since is not None and now - self._gone_since >= BACK_SECONDS:
            found += self._look_for_top(now)
        return found

    def close(self) -> None:
        if self._inotify is not None:
            self._inotify.close()
            self._inotify = None

    # ------------------------------------------------------------------ events

    def _event(self, event: inotify.Event, now: float) -> Iterator[Sighting]:
        watch, mask, cookie, name = event
        if mask & inotify.Q_OVERFLOW:
            yield from self._overflow(now)
            return
        folder = self._folders.get(watch)
        if folder is None:
            return
        if mask & inotify.IGNORED:
            self._forget(folder)
        if mask & (inotify.ITSELF | inotify.UNMOUNT | inotify.IGNORED):
            if folder == "" and self._gone_since is None:
                self._gone_since = now
                self._problem(f"the folder {os.fsdecode(self.top)} is gone; its changes are seen again when it is back")
            return
        path = f"{folder}/{text_of(name)}" if folder else text_of(name)
        if any(path.startswith(f"{old}/") for old, _ in self._leaving.values()):
            return  # It is not there any more: its new place, if we watch that, was the event before this one.
        if self._ignore.ignores(path, folder=bool(mask & inotify.ISDIR)):
            if mask & inotify.MOVED_FROM:
                self._ignored_old = cookie, path
            return
        if mask & inotify.ISDIR:
            yield from self._folder_event(mask, cookie, path, now)
            return
        seen = FILES.get(mask & inotify.CHANGES)
        if seen is not None:
            old = self._ignored_old[1] if seen is Seen.ARRIVED and self._ignored_old[0] == cookie else ""
            yield Sighting(seen, path, now, cookie, old=old)
        if name == RULES.encode() and seen not in (Seen.CREATED, Seen.WRITTEN):
            self._rules_changed(now)

    def _folder_event(self, mask: int, cookie: int, path: str, now: float) -> Iterator[Sighting]:
        if mask & inotify.MOVED_FROM:
            self._leaving[cookie] = path, now
        elif mask & inotify.MOVED_TO and cookie in self._leaving:
            old, _ = self._leaving.pop(cookie)
            yield from self._folder_moved(old, path, now)
        elif mask & (inotify.CREATE | inotify.MOVED_TO):
            yield from self._enter_sighted(path)

    def _folder_moved(self, old: str, new: str, now: float) -> Iterator[Sighting]:
        for path in [path for path in self._watches if path == old or path.startswith(f"{old}/")]:
            watch = self._watches.pop(path)
            moved = new + path[len(old) :]
            self._watches[moved] = watch
            self._folders[watch] = moved
        for path in self._enter(new, now):
            cookie = next(self._cookies)
            yield Sighting(Seen.LEFT, old + path[len(new) :], now, cookie)
            yield Sighting(Seen.ARRIVED, path, now, cookie)

    def _folder_left(self, path: str, now: float) -> Iterator[Sighting]:
        """A folder has moved out of sight: its files are gone from here."""
        for below in [below for below in self._watches if below == path or below.startswith(f"{path}/")]:
            if self._inotify is not None:
                self._inotify.remove(self._watches[below])
            self._forget(below)
        yield Sighting(Seen.GONE, path, now, folder=True)

    def _overflow(self, now: float) -> Iterator[Sighting]:
        since = self._last_read - OVERLAP_SECONDS
        yield Sighting(Seen.OVERFLOW, "", now)
        for path in self._enter("", now):
            if self._changed_since(path, since):
                yield Sighting(Seen.FOUND, path, time.monotonic())

    def _rules_changed(self, now: float) -> None:
        """Watch what is no longer ignored, and let go what now is; what was not seen before has not changed now."""
        self._ignore.forget()
        for path in [path for path in self._watches if path and self._ignore.ignores(path, folder=True)]:
            if self._inotify is not None:
                self._inotify.remove(self._watches[path])
            self._forget(path)
        for _ in self._enter("", now):
            pass

    def _look_for_top(self, now: float) -> list[Sighting]:
        self._gone_since = now
        if not os.path.isdir(self.top):
            return []
        self._gone_since = None
        self._problem(f"the folder {os.fsdecode(self.top)} is back, and its changes are seen")
        return [Sighting(Seen.FOUND, path, time.monotonic()) for path in self._enter("", now)]

    # ------------------------------------------------------------------ folders

    def _enter_sighted(self, path: str) -> list[Sighting]:
        if self._ignore.ignores(path, folder=True):
            return []
        now = time.monotonic()
        return [
            Sighting(Seen.FOUND, file, time.monotonic()) for file in self._enter(path, now)
        ]  # It may be newer than the look's beginning.

    def _enter(self, path: str, now: float) -> Iterator[str]:
        """Watch a folder and all below it; the files in them."""
        stack = [path]
        while stack:
            folder = stack.pop()
            self._watch(folder, now)
            try:
                with os.scandir(self._absolute(folder)) as entries:
                    for entry in entries:
                        below = f"{folder}/{text_of(entry.name)}" if folder else text_of(entry.name)
                        if entry.is_dir(follow_symlinks=False):
                            if not self._ignore.ignores(below, folder=True):
                                stack.append(below)
                        else:
                            yield below
            except OSError:
                if folder:  # Gone again, or not ours to read. That the workspace itself has gone is an event to come.
                    self._forget(folder)

    def _watch(self, folder: str, now: float) -> None:
        if self._inotify is not None and not self._full:
            mask = inotify.CHANGES if folder else inotify.CHANGES | inotify.ITSELF
            try:
                watch = self._inotify.add(self._absolute(folder), mask)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    return  # Gone, or not ours to read: reading it will say so.
                self._full = True
                self._tell_limit(error, "fs.inotify.max_user_watches")
            else:
                self._watches[folder] = watch
                self._folders[watch] = folder
                return
        self._polled.add(folder, now)

    def _forget(self, folder: str) -> None:
        watch = self._watches.pop(folder, None)
        if watch is not None:
            self._folders.pop(watch, None)
        self._polled.drop(folder)

    def _changed_since(self, path: str, since: float) -> bool:
        with contextlib.suppress(OSError):
            status = os.lstat(self._absolute(path))
            return status.st_ctime >= since and not self._ignore.ignores(path)
        return False

    def _absolute(self, path: str) -> bytes:
        return self.top + b"/" + bytes_of(path) if path else self.top

    def _tell_limit(self, error: OSError, limit: str) -> None:
        self._problem(
            f"the system watches no more folders for you ({error.strerror}): "
            f"the rest of {os.fsdecode(self.top)} is looked at every few seconds; raise {limit} (sysctl) to see changes at once"
        )
