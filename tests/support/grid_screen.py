"""The app on a screen in memory: bytes in, and what the outer terminal would show, cell by cell.

async with showing(server, Size(120, 40)) as shown:
    server.prints(1, b"hello")
    await shown.until(lambda: "hello" in shown.text)
    shown.check()                 # every pane's rows stand where they belong
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from agentgrid.client.mirror import spell
from agentgrid.geometry import Size
from agentgrid.terminal.pyte_emulator import PyteEmulator
from agentgrid.ui.grid_app import GridApp, Settings
from agentgrid.ui.keymap import keymap
from agentgrid.ui.link import Link
from tests.support.fake_server import FakeServer
from tests.support.memory_driver import KITTY_ANSWERS, MemoryDriver, running

DEADLINE_SECONDS = 20.0


class Shown:
    """Owned by one test."""

    def __init__(self, app: GridApp, driver: MemoryDriver, server: FakeServer, size: Size) -> None:
        self.app = app
        self.driver = driver
        self.server = server
        self.outer = PyteEmulator(size)
        self._fed = 0

    def look(self) -> None:
        """Show the outer terminal what has been written since."""
        output = self.driver.output
        self.outer.feed(output[self._fed :])
        self._fed = len(output)

    @property
    def rows(self) -> list[str]:
        """What stands on the outer terminal, row by row."""
        self.look()
        columns = self.outer.size.columns
        return ["".join(run.text for run in self.outer.row(line)).ljust(columns) for line in self.outer.lines]

    @property
    def text(self) -> str:
        return "\n".join(row.rstrip() for row in self.rows)

    async def until(self, true: Callable[[], Any], what: str = "") -> None:
        """Let the loop go round until it is true."""
        deadline = asyncio.get_running_loop().time() + DEADLINE_SECONDS
        while not true():
            assert asyncio.get_running_loop().time() < deadline, f"{what or 'it'} never came true:\n{self.text}"
            await asyncio.wait_for(_turn(), DEADLINE_SECONDS)

    async def settled(self) -> None:
        """Until Textual has nothing to lay out or paint, and everything is with the terminal."""
        for _ in range(3):
            done = asyncio.Event()
            self.app.call_after_refresh(done.set)
            await asyncio.wait_for(done.wait(), DEADLINE_SECONDS)
            self.app.screen.call_after_refresh(done.set)

    def press(self, *names: str) -> None:
        self.driver.press(*names)

    def resize(self, size: Size) -> None:
        self.look()
        self.outer.resize(size)
        self.driver.resize(size)

    def wrong(self) -> list[str]:
        """Cells of visible panes that the outer terminal does not show as the pane's emulator has them."""
        self.look()
        found = []
        for slot in self.app.stage.arrangement.slots:
            if slot.pane is None:
                continue
            inner = self.server.emulators[slot.pane.id]
            if inner.size != slot.screen.size:
                found.append(f"pane {slot.number} is {inner.size}, not {slot.screen.size}")
                continue
            for y, line in enumerate(inner.lines):
                outer = self.outer.lines[slot.screen.row + y]
                left, right = slot.screen.column, slot.screen.right
                there = spell(outer.text[left:right].ljust(right - left), list(self.outer.clusters))
                here = spell(line.text.ljust(right - left), list(inner.clusters))
                if there != here:
                    found.append(f"pane {slot.number} row {y}: {there.rstrip()!r}, not {here.rstrip()!r}")
        return found


def header(shown: Shown, number: int) -> str:
    """What stands in a cell's header row."""
    slot = next(slot for slot in shown.app.stage.arrangement.slots if slot.number == number)
    return shown.rows[slot.place.row][slot.place.column : slot.place.right]


async def _turn() -> None:
    """One round of the loop, with room for its timers."""
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.002, future.set_result, None)
    await future


@asynccontextmanager
async def showing(server: FakeServer, size: Size = Size(160, 48), answers: bytes = KITTY_ANSWERS, **settings: Any) -> AsyncIterator[Shown]:
    """The app attached to the server, in a terminal of this size that answers so."""
    keys = keymap(settings.pop("keys", {}))
    app = GridApp(Link(server.connect), Settings(keys=keys, **settings), driver_class=MemoryDriver)
    try:
        async with running(app, size) as driver:
            driver.feed(answers)
            shown = Shown(app, driver, server, size)
            await shown.until(lambda: app.stage.arrangement.slots and not shown.wrong() and server.session.name in shown.rows[-1])
            yield shown
    finally:
        app.link.close()
        server.close()
