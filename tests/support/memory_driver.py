"""The driver without a terminal: real frames and real input in memory.

    app = SomeApp(driver_class=MemoryDriver)
    async with running(app, Size(120, 40)) as driver:
        driver.feed(b"\x1b[27u")
        driver.press("ctrl+b", "z")
        # … let the loop go round (tests/support/grid_screen.py does it for the grid), then look at driver.output

``Pilot`` and ``run_test`` take Textual's own headless driver, which makes no frames and takes no bytes. What is written is kept:
``output`` is all of it, ``frames`` the frames alone; feed either to an emulator to see the screen.
"""

import asyncio
import contextvars
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.app import App

from agentgrid.geometry import Size
from agentgrid.terminal.keys import parse_key
from agentgrid.ui.driver import GridDriver
from agentgrid.ui.input import Input
from agentgrid.ui.input_mouse import WindowSize
from agentgrid.ui.output import Output

KITTY_ANSWERS = b"\x1b[?29u\x1b[?2026;2$y\x1b[?2048;2$y\x1b[?62c"
"""What a terminal answers that can all."""
XTERM_ANSWERS = b"\x1b[?2026;0$y\x1b[?2048;0$y\x1b[?62c"


class MemoryOutput(Output):
    """Takes everything at once, or (``stuck``) nothing."""

    unanswered = 0

    def __init__(self) -> None:
        self.written = bytearray()
        self.frames: list[bytes] = []
        self.backlog = 0
        self.stuck = False

    @property
    def ahead(self) -> int:
        return self.backlog

    def on_answer(self) -> None:
        """Nothing was asked."""

    def write(self, data: bytes, is_frame: bool) -> None:
        if self.stuck:
            self.backlog += len(data)
            return
        self.written += data
        if is_frame:
            self.frames.append(data)

    def drop_frames(self) -> None:
        self.backlog = 0

    def drain(self, seconds: float) -> None:
        self.backlog = 0

    def close(self) -> None:
        self.backlog = 0


class MemoryDriver(GridDriver):
    """Pass it as ``driver_class``; once the app runs it is ``app._driver``."""

    def start_application_mode(self) -> None:
        self._output = self._memory = MemoryOutput()
        self._context = contextvars.copy_context()
        self._reading = True
        self.resize(Size(*(self._size or (80, 24))))
        self._control(self._modes.start())

    def stop_application_mode(self) -> None:
        self.flush()
        self._output = None
        self.disable_input()

    @property
    def output(self) -> bytes:
        """All that was written."""
        self.flush()
        return bytes(self._memory.written)

    @property
    def frames(self) -> list[bytes]:
        """The frames that were written, each in one piece."""
        self.flush()
        return self._memory.frames

    def get_stuck(self, stuck: bool = True) -> None:
        """The terminal does not read, or does again."""
        self._memory.stuck = stuck
        if not stuck:
            self._memory.backlog = 0
            self._repaint()

    def make_room(self) -> None:
        """The terminal has taken what waited."""
        self._memory.backlog = 0
        self.on_room()

    def feed(self, data: bytes) -> None:
        """The terminal sends bytes; after those a lone ESC is the key."""
        self._hear(self._decoder.feed(data))
        self._hear(self._decoder.flush())

    def read(self, data: bytes, unanswered: int = 0) -> None:
        """The terminal's bytes as one read gives them, while so many answers are still to come."""
        self._memory.unanswered = unanswered
        self._input, program = os.pipe()
        os.write(program, data)
        self._context.run(self._readable)
        os.close(program)
        os.close(self._input)

    def press(self, *names: str) -> None:
        """Keys by name."""
        for name in names:
            self._hear([parse_key(name)])

    def _hear(self, inputs: list[Input]) -> None:
        """As the loop would have it heard: in the context in which the driver was started."""
        self._context.run(self._take, inputs)

    def resize(self, size: Size) -> None:
        self._resized(WindowSize(size.columns, size.rows))


@asynccontextmanager
async def running(app: App[Any], size: Size = Size(80, 24)) -> AsyncIterator[MemoryDriver]:
    """Run the app (made with ``driver_class=MemoryDriver``) until the end of the block."""
    ready = asyncio.Event()
    task = asyncio.create_task(app.run_async(size=size, auto_pilot=lambda _pilot: _tell(ready)))
    await asyncio.wait([task, waiter := asyncio.create_task(ready.wait())], return_when=asyncio.FIRST_COMPLETED)
    waiter.cancel()
    if task.done():
        task.result()
        raise AssertionError("the app ended before it was ready")
    driver = app._driver
    assert isinstance(driver, MemoryDriver)
    try:
        yield driver
    finally:
        app.exit()
        await task


async def _tell(ready: asyncio.Event) -> None:
    ready.set()
