"""Calling the person: an event for every screen, which rings and tells its terminal; the desktop's notification; their own command.

Only for panes that are not in view: those on a screen whose window has the focus are. When and what is told is
``session.calling``. Texts come from programs: they are arguments, never part of a command line.
"""

import html
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from agentgrid.config.values import parse_hours
from agentgrid.server.loop import Timer
from agentgrid.session import events
from agentgrid.session.calling import Call, Calling
from agentgrid.session.pane import PaneId

if TYPE_CHECKING:
    from agentgrid.server.server import Server

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What is no text: a program may have put it into its question."""
COMMAND_SECONDS = 20.0  # A notifier that takes longer hangs.
APPLESCRIPT = ("on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run")


class Notifying:
    """Part of the server, which owns it."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._options = server.config.notifications
        self._calling = Calling(self._options.states, parse_hours(self._options.quiet) if self._options.quiet else None)
        self._timer: Timer | None = None
        self._failed = False

    def happened(self, event: events.Event) -> None:
        """Something happened in the session."""
        if not isinstance(event, events.StateChanged):
            return
        pane = self._server.session.panes.get(event.pane)
        if pane is not None:
            self._calling.changed(pane, self._server.loop.now())
            self._wait()

    def _wait(self) -> None:
        due = self._calling.due
        if due is not None and self._timer is None:
            self._timer = self._server.loop.call_at(due, self._call)

    def _call(self) -> None:
        self._timer = None
        server = self._server
        clock = time.localtime(server.clock())
        minute = clock.tm_hour * 60 + clock.tm_min
        call = self._calling.call(server.session.panes, self._in_view(), server.loop.now(), minute, server.session.name)
        if call is None:
            return
        server.publish([events.AttentionCalled(at=server.clock(), title=call.title, body=call.body, panes=call.panes)])
        for command in commands(call, self._options.command, desktop=self._options.desktop, platform=sys.platform):
            server.loop.in_thread(lambda command=command: _run(command, server.session.folder), self._ran)  # type: ignore[misc]

    def _in_view(self) -> set[PaneId]:
        """Panes on a screen whose window has the focus."""
        return {pane for peer in self._server.peers.screens() if peer.attachment.focused for pane in peer.attachment.sizes}

    def _ran(self, problem: str | None, error: BaseException | None) -> None:
        if error is not None:
            raise error
        if problem and not self._failed:
            self._failed = True  # Said once: it will be as wrong the next time.
            self._server.problem(problem)


def commands(call: Call, own: Sequence[str], *, desktop: bool, platform: str) -> list[list[str]]:
    """The command lines that tell of a call. In the user's own ``{title}``, ``{body}`` and ``{panes}`` are filled in."""
    title, body = (CONTROLS.sub(" ", text) for text in (call.title, call.body))
    found = []
    if desktop and platform == "darwin":
        script = [word for line in APPLESCRIPT for word in ("-e", line)]
        found.append(["osascript", *script, title, body])
    elif desktop:
        found.append(["notify-send", "--app-name=agentgrid", "--", title, html.escape(body, quote=False)])
    if own:
        fields = {"{title}": title, "{body}": body, "{panes}": " ".join(f"%{pane}" for pane in call.panes)}
        found.append([_filled(word, fields) for word in own])
    return found


def _filled(word: str, fields: dict[str, str]) -> str:
    """The word with its fields; what is filled in is not looked at again."""
    for name, text in fields.items():
        if name in word:
            before, _, after = word.partition(name)
            return _filled(before, fields) + text + _filled(after, fields)
    return word


def _run(command: Sequence[str], folder: str) -> str:
    """Run it; what is wrong with it, in one line, empty when nothing is."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except OSError as error:
        return f"notifications: cannot run {command[0]} ({error.strerror})"
    except subprocess.TimeoutExpired:
        return f"notifications: {command[0]} has not ended after {COMMAND_SECONDS:g} seconds"
    if done.returncode == 0:
        return ""
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return f"notifications: {command[0]} ended with {done.returncode}" + (f" ({said[-1]})" if said else "")
