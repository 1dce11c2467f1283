"""After a gap in the output, and after the terminal was somebody else's, all of the grid is there again, its cursor too."""

import pytest

from agentgrid.geometry import Size
from tests.support.fake_server import FakeServer
from tests.support.grid_screen import showing

WINDOW = Size(120, 40)


@pytest.mark.parametrize("shape", [0, 5])
async def test_the_cursor_is_back_after_a_gap(shape: int) -> None:
    server = FakeServer.with_panes(2)
    async with showing(server, WINDOW) as shown:
        server.prints(1, f"\x1b[{shape} qprompt$ ")
        await shown.until(lambda: "prompt$" in shown.text and shown.outer.cursor.visible)
        before = shown.outer.cursor
        assert before.shape == shape
        shown.driver.get_stuck()
        server.prints(1, "lost\r\n")
        await shown.settled()
        shown.driver.get_stuck(False)
        await shown.until(lambda: "lost" in shown.text and shown.outer.cursor.visible)
        assert shown.outer.cursor.shape == shape


async def test_a_cursor_that_was_hidden_meanwhile_stays_hidden() -> None:
    server = FakeServer.with_panes(2)
    async with showing(server, WINDOW) as shown:
        server.prints(1, "prompt$ ")
        await shown.until(lambda: "prompt$" in shown.text and shown.outer.cursor.visible)
        shown.driver.get_stuck()
        server.prints(1, "\x1b[?25lworking\r\n")
        await shown.settled()
        shown.driver.get_stuck(False)
        await shown.until(lambda: "working" in shown.text)
        await shown.settled()
        shown.look()
        assert not shown.outer.cursor.visible
