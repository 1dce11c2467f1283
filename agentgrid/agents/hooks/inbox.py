"""Where the hooks of a pane's agent report to: a folder with a file for each event, and a pipe that says which is new.

The reporter (``report.sh``) writes a file and then a line with its name into the pipe, which never holds more than names.
``receive`` reads what has come, in that order, and removes it. Files of other shapes are no reports and are left.
"""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

MAX_REPORT_BYTES = 4 * 1024 * 1024  # A hook tells the whole text of a file that is written; more than that is none worth telling.
MAX_BELL_BYTES = 64 * 1024  # What a pipe holds.
NAME = re.compile(r"(?P<agent>[a-z]+)\.(?P<event>[A-Za-z]+)\.(?P<pid>[0-9]+)\Z")


class Report(NamedTuple):
    """One event of a hook, not looked at yet."""

    agent: str
    event: str
    text: bytes
    pid: str = ""
    """Of the reporter, which may wait for an answer."""


class Inbox:
    """One pane's. Owned by the server, which watches ``fileno`` for reading."""

    def __init__(self, folder: Path) -> None:
        """Make the folder, the user's alone. Raises OSError."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        bell = folder / "bell"
        if not bell.is_fifo():
            bell.unlink(missing_ok=True)
            os.mkfifo(bell, 0o600)
        # Open for writing too: the pipe does not end when the last reporter closes it, and no reporter waits for a reader.
        self._bell = os.open(bell, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        self._rest = b""
        self._missed = sorted((path for path in folder.iterdir() if NAME.match(path.name)), key=lambda path: path.stat().st_mtime_ns)

    def fileno(self) -> int:
        return self._bell

    def receive(self) -> list[Report]:
        """The reports that have come, in their order; first those that came while nobody had the inbox open."""
        missed, self._missed = self._missed, []
        earlier = [report for path in missed if (report := self._take(path.name)) is not None]
        return earlier + self._rung()

    def _rung(self) -> list[Report]:
        try:
            self._rest += os.read(self._bell, MAX_BELL_BYTES)
        except BlockingIOError:
            return []
        *lines, self._rest = self._rest.split(b"\n")
        found = [self._take(line.decode("ascii", "replace")) for line in lines]
        return [report for report in found if report is not None]

    def waits(self, report: Report) -> bool:
        """Whether the reporter waits for an answer (``guard``)."""
        return (self.folder / f"reply.{report.pid}").is_fifo()

    def answer(self, report: Report, text: bytes) -> None:
        """Answer a reporter that waits; nothing to say is an answer, too. One that has given up hears nothing."""
        try:
            descriptor = os.open(self.folder / f"reply.{report.pid}", os.O_WRONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return
        with open(descriptor, "wb", buffering=0) as pipe, suppress(OSError):
            pipe.write(text or b"\0")

    def let_go(self) -> None:
        """Let go of the pipe; who opens the folder again goes on."""
        os.close(self._bell)

    def close(self) -> None:
        """Let go of the pipe and remove the folder's own files."""
        self.let_go()
        for path in self.folder.iterdir():
            if path.name == "bell" or NAME.match(path.name.lstrip(".")):
                path.unlink(missing_ok=True)
        with suppress(OSError):  # Something else is in it, which is not ours to remove.
            self.folder.rmdir()

    def _take(self, name: str) -> Report | None:
        matched = NAME.match(name)
        if matched is None:
            return None
        path = self.folder / name
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            return None  # Somebody has removed it.
        with open(descriptor, "rb") as file:
            text = file.read(MAX_REPORT_BYTES + 1)
        path.unlink(missing_ok=True)
        return Report(matched["agent"], matched["event"], text, matched["pid"]) if len(text) <= MAX_REPORT_BYTES else None
