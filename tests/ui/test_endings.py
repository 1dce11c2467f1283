"""What others do: the session ends or comes back, the focus is taken, a bell rings; nothing reaches a pane that it was not meant for."""

import re

import pytest

from agentgrid.errors import NoSession
from agentgrid.geometry import Size
from agentgrid.protocol.messages import Happened, View
from agentgrid.session import events
from agentgrid.session.commands import ClosePane, FocusPane, NewPane
from agentgrid.session.pane import PaneId, PaneStatus
from agentgrid.terminal.pyte_emulator import PyteEmulator
from agentgrid.ui.app import Outcome
from tests.support.fake_server import FakeServer, wants
from tests.support.grid_screen import Shown, header, showing

pytestmark = pytest.mark.usefixtures("colours")

BIG = Size(160, 48)


async def test_the_end_of_the_session_ends_the_screen() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, BIG) as shown:
        server.happens(events.SessionEnded())
        await shown.until(lambda: shown.app.return_value is not None)
        assert shown.app.return_value == Outcome("ended", "the session has ended")


async def test_a_server_that_goes_after_the_end_of_its_session_is_not_missed() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, BIG, revive=lambda: pytest.fail("the session was begun anew")) as shown:
        shown.app.incoming.messages([Happened(event=events.SessionEnded())])
        shown.app.incoming.gone("")  # In the same turn.
        assert not shown.app.incoming.lost
        await shown.until(lambda: shown.app.return_value is not None)


async def test_a_window_that_was_not_told_of_the_end_leaves_when_there_is_nothing_to_begin() -> None:
    def revive() -> None:
        raise NoSession("the session has ended")

    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, BIG, revive=revive) as shown:
        server.close()
        await shown.until(lambda: shown.app.return_value is not None)
        assert shown.app.return_value == Outcome("ended", "the session has ended")


async def test_detaching() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, BIG) as shown:
        shown.press("ctrl+b", "d")
        await shown.until(lambda: shown.app.return_value == Outcome("detached"))


async def test_a_server_that_goes_away_and_comes_back() -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, BIG) as shown:
        server.prints(1, "before")
        await shown.until(lambda: "before" in shown.text)
        server.close()
        await shown.until(lambda: "the server has gone away" in shown.rows[-1])
        assert "before" in shown.text
        server.attachment = type(server.attachment)()
        await shown.until(lambda: "the session is back" in shown.rows[-1])
        server.prints(1, " and after")
        await shown.until(lambda: "before and after" in shown.text and not shown.wrong())


async def test_what_is_typed_for_a_pane_that_goes_reaches_no_other() -> None:
    server = FakeServer.with_panes(3, grid=(1, 3))
    async with showing(server, BIG) as shown:
        server.apply(ClosePane(pane=PaneId(1)))
        await shown.until(lambda: shown.app.stage.active == 2)
        shown.press("y", "enter")
        await shown.until(lambda: "what you typed went nowhere" in shown.rows[-1])
        assert server.typed[PaneId(2)] == b""


async def test_what_is_typed_when_the_focus_is_taken_goes_where_it_was_meant() -> None:
    server = FakeServer.with_panes(3, grid=(1, 3))
    async with showing(server, BIG) as shown:
        server.apply(FocusPane(pane=PaneId(3)))
        await shown.until(lambda: shown.app.stage.active == 3)
        shown.press("y")
        await shown.until(lambda: server.typed[PaneId(1)] == b"y")
        assert server.typed[PaneId(3)] == b""


async def test_a_pane_that_somebody_else_starts_takes_no_focus() -> None:
    server = FakeServer.with_panes(1, grid=(1, 2))
    async with showing(server, BIG) as shown:
        happened = server.session.apply(NewPane(command=("sh",), name="late"), 0.0)
        server.emulators[PaneId(2)] = PyteEmulator(Size(80, 24))
        for event in happened:
            server.happens(event)
        await shown.until(lambda: "late" in header(shown, 2) and not shown.wrong())
        assert header(shown, 1).startswith("▸1")


async def test_a_program_sets_the_outer_clipboard_only_where_one_looks() -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, BIG) as shown:
        server.happens(events.ClipboardSet(pane=PaneId(2), text="stolen"))
        server.happens(events.ClipboardSet(pane=PaneId(1), text="taken"))
        await shown.until(lambda: b"\x1b]52;c;dGFrZW4=" in shown.driver.output)
        assert b"c3RvbGVu" not in shown.driver.output


async def test_the_bell_of_a_pane_one_looks_at_is_not_rung() -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, BIG) as shown:
        server.happens(events.BellRung(pane=PaneId(1)))
        server.happens(events.ProblemRaised(message="that is all"))
        await shown.until(lambda: "that is all" in shown.rows[-1])
        assert not rings(shown)
        server.happens(events.BellRung(pane=PaneId(2)))
        await shown.until(lambda: rings(shown))


def rings(shown: Shown) -> bool:
    """A bell was sent: BEL that ends no string."""
    return b"\x07" in re.sub(rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)", b"", shown.driver.output)


async def test_the_window_tells_when_it_is_left() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, BIG) as shown:
        assert wants(server, View)()
        shown.driver.feed(b"\x1b[O")
        await shown.until(lambda: not server.attachment.focused)
        shown.driver.feed(b"\x1b[I")
        await shown.until(lambda: server.attachment.focused)


async def test_the_window_is_titled_by_who_needs_the_person() -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, BIG) as shown:
        await shown.until(lambda: b"\x1b]2;shop\x1b\\" in shown.driver.output)
        server.changes(2, agent="claude", status=PaneStatus.BLOCKED)
        await shown.until(lambda: shown.outer.title == "shop: 1 needs you" if shown.rows else False)
