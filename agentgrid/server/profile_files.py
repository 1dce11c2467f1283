"""The user's profiles, live: a file in ``profiles/`` that is written, renamed or removed counts from then on.

What is wrong in one is told, with the file and the key, and the profiles stay as they were until it is right. inotify says when
to look, where there is inotify; else the files' times do, looked at every few seconds. A folder that is not there yet is waited
for in the one that it will stand in. ``agentgrid.toml`` is read at the start only.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from agentgrid.agents.profiles import Profile, load_profiles
from agentgrid.config.agents import configured_profiles
from agentgrid.config.load import Config
from agentgrid.errors import ConfigError
from agentgrid.server.loop import READ, Loop, Timer
from agentgrid.workspace import inotify
from agentgrid.workspace.inotify import Inotify

GATHER_SECONDS = 0.1  # An editor writes, renames and sets times; afterwards it is one file.
LOOK_SECONDS = 3.0  # Where only looking tells.
ARRIVED = inotify.CREATE | inotify.MOVED_TO
CHANGED = ARRIVED | inotify.CLOSE_WRITE | inotify.MOVED_FROM | inotify.DELETE


class ProfileFiles:
    """Part of the server, which owns it. ``changed`` is called when they are others, ``problem`` with what is wrong in one."""

    def __init__(
        self,
        loop: Loop,
        folder: Path,
        config: Config,
        changed: Callable[[], None],
        problem: Callable[[str], None],
    ) -> None:
        """Raises ConfigError: at the start there is nothing that could stay as it was."""
        self._loop = loop
        self._folder = folder
        self._config = config
        self._changed = changed
        self._problem = problem
        self.profiles = self._load()
        self._seen = self._times()
        self._told = ""
        self._timer: Timer | None = None
        self._inotify: Inotify | None = None
        self._watched = -1
        self._watch()

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._inotify is not None:
            self._loop.unwatch(self._inotify.fileno())
            self._inotify.close()

    # ------------------------------------------------------------------ below

    def _load(self) -> dict[str, Profile]:
        return configured_profiles(self._config, load_profiles(self._folder))

    def _watch(self) -> None:
        """Have the kernel tell of the folder, or of the one in which it will be made."""
        try:
            if sys.platform != "linux":
                raise OSError  # Only looking tells.
            if self._inotify is None:
                self._inotify = Inotify()
                self._loop.watch(self._inotify.fileno(), READ, self._heard)
            there = next(folder for folder in (self._folder, *self._folder.parents) if folder.is_dir())
            watched = self._inotify.add(os.fsencode(there.resolve()), CHANGED if there == self._folder else ARRIVED)
            if watched != self._watched and self._watched >= 0:
                self._inotify.remove(self._watched)
            self._watched = watched
        except OSError:  # No inotify, or no more watches: both are the kernel's to give.
            self._look_in(LOOK_SECONDS)

    def _heard(self, _: int) -> None:
        assert self._inotify is not None
        self._inotify.read()
        self._look_in(GATHER_SECONDS)

    def _look_in(self, seconds: float) -> None:
        if self._timer is None:
            self._timer = self._loop.call_later(seconds, self._look)

    def _look(self) -> None:
        self._timer = None
        self._watch()  # The folder may be there now, or be another one.
        times = self._times()
        if times == self._seen:
            return
        self._seen = times
        try:
            profiles = self._load()
        except ConfigError as error:
            if str(error) != self._told:
                self._told = str(error)
                self._problem(f"{error}; the profiles stay as they were")
            return
        self._told = ""
        if profiles != self.profiles:
            self.profiles = profiles
            self._changed()

    def _times(self) -> dict[str, tuple[int, int, int]]:
        """What a file that was changed differs in."""
        found = {}
        try:
            for entry in os.scandir(self._folder):
                if entry.name.endswith(".toml"):
                    stat = entry.stat()
                    found[entry.name] = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        except OSError:  # No such folder, or a file that has just gone: the next look sees it.
            return found
        return found
