"""What is typed for one pane goes into no dialog and no pane that come between two keys."""

from typing import Any

import pytest

from agentgrid.geometry import Size
from agentgrid.protocol.asked import GetWork
from agentgrid.session.commands import NewPane
from agentgrid.session.pane import PaneId
from agentgrid.terminal.pyte_emulator import PyteEmulator
from agentgrid.ui.screens.ask import AskScreen
from agentgrid.ui.screens.changes import ChangesScreen
from tests.support.fake_server import FakeServer
from tests.support.grid_screen import Shown, showing

SIZE = Size(120, 40)


def with_work() -> FakeServer:
    server = FakeServer.with_panes(1, grid=(1, 2))
    work: list[dict[str, Any]] = [{"path": "a.py", "diff": "", "shared": False}]
    server.answers[GetWork] = lambda _: {"result": work}
    return server


def late_pane(shown: Shown) -> None:
    """Pane 2, which was asked for, is there now."""
    happened = shown.server.session.apply(NewPane(command=("sh",), name="late"), 0.0)
    shown.server.emulators[PaneId(2)] = PyteEmulator(Size(80, 24))
    for event in happened:
        shown.server.happens(event)


def asks_for_changes(shown: Shown) -> bool:
    return isinstance(shown.app.screen, ChangesScreen)


async def test_a_dialog_that_comes_between_two_keys_gets_neither() -> None:
    async with showing(with_work(), SIZE) as shown:
        shown.press("ctrl+b", "g", "l", "s")  # The answer comes when these are typed.
        await shown.until(lambda: asks_for_changes(shown))
        shown.press("c")  # Would commit.
        shown.driver.feed(b"\x1b[200~pasted\x1b[201~")
        await shown.until(lambda: shown.server.typed[PaneId(1)] == b"lsc")
        await shown.settled()
        assert asks_for_changes(shown)
        assert shown.server.typed[PaneId(1)] == b"lsc"


async def test_a_dialog_that_is_waited_for_gets_the_first_key() -> None:
    async with showing(with_work(), SIZE) as shown:
        shown.press("ctrl+b", "g")
        await shown.until(lambda: asks_for_changes(shown))
        shown.press("c")
        await shown.until(lambda: isinstance(shown.app.screen, AskScreen))
        assert shown.server.typed[PaneId(1)] == b""


async def test_after_a_moment_a_late_dialog_gets_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agentgrid.ui.keyboard.GUARD_SECONDS", 0.0)
    async with showing(with_work(), SIZE) as shown:
        shown.press("ctrl+b", "g", "l", "s")
        await shown.until(lambda: asks_for_changes(shown))
        shown.press("escape")
        await shown.until(lambda: not asks_for_changes(shown))
        assert shown.server.typed[PaneId(1)] == b"ls"


async def test_a_new_pane_gets_the_focus_of_who_waits_for_it() -> None:
    async with showing(FakeServer.with_panes(1, grid=(1, 2)), SIZE) as shown:
        shown.app.incoming.focus_when_there(PaneId(2))
        late_pane(shown)
        await shown.until(lambda: shown.app.stage.active == 2)


async def test_a_new_pane_leaves_the_focus_of_who_types_on() -> None:
    async with showing(FakeServer.with_panes(1, grid=(1, 2)), SIZE) as shown:
        shown.app.incoming.focus_when_there(PaneId(2))
        shown.press("a")
        late_pane(shown)
        await shown.until(lambda: "2 late is there" in shown.text)
        shown.press("b")
        await shown.until(lambda: shown.server.typed[PaneId(1)] == b"ab")
        assert shown.app.stage.active == 1
