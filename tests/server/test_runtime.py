"""What a pane's program has printed: read to the end for whoever asks, in whatever parts it comes."""

import os
import socket
from collections.abc import Sequence
from pathlib import Path

from agentgrid.geometry import Size
from agentgrid.server.loop import Loop
from agentgrid.server.runtime import Runtime
from agentgrid.session.pane import PaneId
from agentgrid.terminal.effects import Effect
from agentgrid.terminal.pyte_emulator import PyteEmulator


class Heard:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.bytes = b""

    def on_effects(self, runtime: Runtime, effects: Sequence[Effect]) -> None: ...
    def on_bytes(self, runtime: Runtime, data: bytes) -> None:
        self.bytes += data

    def on_problem(self, runtime: Runtime, message: str) -> None: ...


def test_whoever_asks_sees_all_that_was_printed(tmp_path: Path) -> None:
    """A PTY gives it in parts of any size; the last of them is no sign of the end."""
    heard, loop = Heard(), Loop()
    program, ours = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)  # A read is a part, as it was written.
    ours.setblocking(False)
    runtime = Runtime(PaneId(1), PyteEmulator(Size(80, 10)), tmp_path, loop, heard)
    runtime.descriptor = ours.fileno()
    for part in (b"the answer ", b"is ", b"x" * 4096, b"42\r\n", b"bye"):
        program.send(part)
    runtime.catch_up()
    assert heard.bytes.endswith(b"x42\r\nbye")
    assert "bye" in [line.text for line in runtime.emulator.lines]
    program.send(b" now")
    assert runtime.read_some() == 4
    runtime.keep()
    assert runtime.draw() == 4
    assert not heard.bytes.endswith(b"now")  # It is shown first, …
    runtime.note()
    assert heard.bytes.endswith(b"bye now")  # … and told of once.
    runtime.note()
    assert heard.bytes.count(b"now") == 1
    program.close()
    assert runtime.read(os.sysconf("SC_PAGESIZE")) == -1
    loop.close()
    ours.close()


class Looking(PyteEmulator):
    """Notes what it has looked at and what it was fed."""

    def __init__(self) -> None:
        super().__init__(Size(80, 10))
        self.looked: list[bytes] = []
        self.fed: list[tuple[bytes, bytes]] = []

    def look(self, piece: bytes) -> None:
        self.looked.append(piece)
        super().look(piece)

    def feed(self, data: bytes) -> Sequence[Effect]:
        self.fed.append((b"".join(self.looked), data))
        self.looked.clear()
        return super().feed(data)


def test_what_was_looked_at_is_the_beginning_of_what_is_fed(tmp_path: Path) -> None:
    emulator, loop = Looking(), Loop()
    program, ours = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    runtime = Runtime(PaneId(1), emulator, tmp_path, loop, Heard())
    runtime.descriptor = ours.fileno()
    for looks in ([True, True, False, True], [False, True, True], [True, True]):
        for number, look in enumerate(looks):
            program.send(b"part %d " % number)
            assert runtime.read_some() == 7
            if look:
                runtime.look()
        runtime.keep()
        runtime.feed()
    assert emulator.fed == [
        (b"part 0 part 1 ", b"part 0 part 1 part 2 part 3 "),
        (b"", b"part 0 part 1 part 2 "),
        (b"part 0 part 1 ", b"part 0 part 1 "),
    ]
    loop.close()
    ours.close()
    program.close()
