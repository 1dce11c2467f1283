"""Prompts that wait until their pane has nothing to do: what is kept of them, also on disk.

A prompt is marked as ``sending`` on disk before its first byte is typed, and taken off the disk when its receipt is known. So a
server that is killed in between leaves a successor that knows which prompt may have been typed: it is looked for on the
screen, and never typed a second time.
"""

import os
from pathlib import Path

import msgspec

from agentgrid.errors import UsageError
from agentgrid.paths import private_folder
from agentgrid.session.pane import PaneId

FILE = "queues.msgpack"
MAX_PROMPTS = 100  # Of a pane: more is a script that went wrong.
MAX_PROMPT_BYTES = 1024 * 1024  # Longer ones are sent at once, or written to a file that the prompt names.


class Prompt(msgspec.Struct, frozen=True):
    """``number`` counts from 1 in each pane and is never used twice in it while prompts wait."""

    number: int
    text: str
    sending: bool = False


class Queues:
    """Owned by the server's deliveries. Every change is on disk when the call returns."""

    def __init__(self, folder: Path) -> None:
        """Reads what a server before has left. What cannot be read is nothing: another version wrote it."""
        self._file = folder / FILE
        self._prompts: dict[PaneId, list[Prompt]] = {}
        try:
            read = msgspec.msgpack.decode(self._file.read_bytes(), type=dict[int, list[Prompt]])
        except (FileNotFoundError, msgspec.MsgspecError):
            read = {}
        self._prompts = {PaneId(pane): prompts for pane, prompts in read.items() if prompts}

    def panes(self) -> list[PaneId]:
        """Those that have prompts waiting."""
        return list(self._prompts)

    def of(self, pane: PaneId) -> tuple[Prompt, ...]:
        return tuple(self._prompts.get(pane, ()))

    def add(self, pane: PaneId, text: str) -> None:
        """Put it behind the others. Raises UsageError, OSError."""
        if len(text.encode("utf-8", "replace")) > MAX_PROMPT_BYTES:
            raise UsageError(f"a prompt that waits has at most {MAX_PROMPT_BYTES >> 10} KiB; put it into a file and name that")
        prompts = self._prompts.setdefault(pane, [])
        if len(prompts) >= MAX_PROMPTS:
            raise UsageError(f"{MAX_PROMPTS} prompts wait already; 'agentgrid queue' shows them")
        prompts.append(Prompt(max((prompt.number for prompt in prompts), default=0) + 1, text))
        self._save()

    def edit(self, pane: PaneId, number: int, text: str) -> None:
        """Another text for a prompt that waits; without one it is dropped. Raises UsageError, OSError."""
        prompts = self._prompts.get(pane, [])
        index = next((index for index, prompt in enumerate(prompts) if prompt.number == number), None)
        if index is None:
            raise UsageError(f"no prompt {number} waits any more" if prompts else "no prompt waits for this pane")
        if prompts[index].sending:
            raise UsageError(f"prompt {number} is being typed at this moment")
        prompts[index : index + 1] = [Prompt(number, text)] if text else []
        self._save()

    def mark(self, pane: PaneId) -> Prompt:
        """The first is about to be typed."""
        prompts = self._prompts[pane]
        prompts[0] = msgspec.structs.replace(prompts[0], sending=True)
        self._save()
        return prompts[0]

    def unmark(self, pane: PaneId) -> None:
        """It was not typed after all, and not one byte of it."""
        prompts = self._prompts[pane]
        prompts[0] = msgspec.structs.replace(prompts[0], sending=False)
        self._save()

    def take(self, pane: PaneId) -> None:
        """What became of the first is known."""
        del self._prompts[pane][0]
        self._save()

    def drop(self, pane: PaneId) -> None:
        """The pane is gone."""
        if self._prompts.pop(pane, None) is not None:
            self._save()

    def _save(self) -> None:
        self._prompts = {pane: prompts for pane, prompts in self._prompts.items() if prompts}
        private_folder(self._file.parent)
        fresh = self._file.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.msgpack.encode(self._prompts))
        fresh.rename(self._file)
