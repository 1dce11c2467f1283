"""A move of the person's own: the focus goes there once and stays, and every key after it goes there at once."""

from agentgrid.geometry import Size
from agentgrid.session.pane import PaneId
from tests.support.fake_server import FakeServer
from tests.support.grid_screen import showing


async def test_a_move_of_ones_own_is_not_mistaken_for_anothers() -> None:
    """The type-ahead guard is for moves that others make: a modifier alone would go to nobody."""
    server = FakeServer.with_panes(3)
    async with showing(server, Size(120, 40)) as shown:
        for number in range(1, 4):
            server.prints(number, "\x1b[>31uready")
        await shown.until(lambda: shown.text.count("ready") == 3)
        by_others: list[PaneId | None] = []
        shown.app.stage.moved_by_others = by_others.append
        for number in (2, 3, 1, 2):
            shown.press("ctrl+b", str(number))
            shown.driver.feed(b"\x1b[57441u")
            await shown.until(lambda number=number: server.typed[PaneId(number)].endswith(b"\x1b[57441u"))  # type: ignore[misc]
        await shown.settled()
        assert by_others == []
