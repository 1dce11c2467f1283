"""What a pane costs: processor and memory of all its processes, and what its agent's transcript tells of the conversation.

Looked up when somebody asks for the status, never by a timer. The processor's share is that since the last time somebody
asked, so the first answer is None. What is not known is None, which is not 0.
"""

import os
from typing import TYPE_CHECKING, Any

import msgspec

from agentgrid.agents.transcripts import Transcript, find_transcript
from agentgrid.process.descendants import below, processes
from agentgrid.process.usage import usage_of
from agentgrid.session.pane import PaneId

if TYPE_CHECKING:
    from agentgrid.server.server import Server

MAX_READ_BYTES = 4 * 1024 * 1024  # Of a transcript in one answer; the rest in the next ones.
LEAST_SECONDS = 0.5  # A share of less is noise: the clock of /proc ticks a hundred times a second.


class Details:
    """Part of the server, which owns it."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._transcripts: dict[PaneId, tuple[str, Transcript]] = {}
        self._samples: dict[PaneId, tuple[int, float, float, float | None]] = {}

    def fill(self, status: dict[str, Any]) -> dict[str, Any]:
        """The status with the ``usage`` of every pane."""
        table = processes()
        for told in status["panes"]:
            pane = PaneId(int(told["id"][1:]))
            told["usage"] = self._machine(pane, told["pid"], table) | self._conversation(pane)
        return status

    def of(self, pane: PaneId) -> dict[str, Any]:
        """The ``usage`` of one pane."""
        return self._machine(pane, self._server.session.panes[pane].pid, processes()) | self._conversation(pane)

    def _machine(self, pane: PaneId, pid: int, table: list[Any]) -> dict[str, Any]:
        used = usage_of([pid, *(process.pid for process in below(pid, table))]) if pid else None
        if used is None:
            self._samples.pop(pane, None)
            return {"cpu_percent": None, "memory_bytes": None}
        now = self._server.loop.now()
        before = self._samples.get(pane)
        if before is None or before[0] != pid:
            share = None
        elif now - before[1] < LEAST_SECONDS:
            return {"cpu_percent": before[3], "memory_bytes": used.memory_bytes}
        else:
            share = round(max(0.0, 100 * (used.cpu_seconds - before[2]) / (now - before[1])), 1)
        self._samples[pane] = (pid, now, used.cpu_seconds, share)
        return {"cpu_percent": share, "memory_bytes": used.memory_bytes}

    def _conversation(self, pane: PaneId) -> dict[str, Any]:
        """What the transcript tells so far."""
        state, watch = self._server.session.panes[pane], self._server.states.watch(pane)
        profile = self._server.profiles.get(self._server.states.agent(pane))
        transcript = Transcript(profile.transcript if profile is not None else "")
        if profile is not None and profile.transcript:
            path = watch.transcript if watch is not None else ""
            if not path and state.conversation:
                path = str(find_transcript(profile.transcript, state.conversation, state.folder.path, os.environ) or "")
            known = self._transcripts.get(pane)
            transcript = known[1] if known is not None and known[0] == path else transcript
            if path:
                self._transcripts[pane] = (path, transcript)
                _read_on(path, transcript)
        usage = transcript.usage
        percent = usage.context_percent
        told: dict[str, Any] = msgspec.to_builtins(usage)
        return told | {"context_percent": None if percent is None else round(percent, 1)}


def _read_on(path: str, transcript: Transcript) -> None:
    """What the agent has written since."""
    try:
        with open(path, "rb") as file:
            file.seek(transcript.offset)
            transcript.take(file.read(MAX_READ_BYTES))
    except OSError:
        return  # Not written yet, or gone: what it told is still known.
