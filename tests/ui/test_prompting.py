"""Typing into several panes, locks, prompts that wait: what reaches which program, and how it is seen."""

import pytest

from agentgrid.geometry import Size
from agentgrid.protocol import messages as m
from agentgrid.session.commands import LockPane
from agentgrid.session.pane import PaneId, PaneStatus
from tests.support.fake_server import FakeServer
from tests.support.grid_screen import header, showing

pytestmark = pytest.mark.usefixtures("colours")
SIZE = Size(200, 48)


async def test_what_is_typed_goes_to_all_but_who_waits_for_an_answer() -> None:
    server = FakeServer.with_panes(4, grid=(2, 2))
    async with showing(server, SIZE) as shown:
        server.changes(2, status=PaneStatus.BLOCKED, status_kind="permission")
        server.changes(3, exit_code=0, status=PaneStatus.EXITED)
        shown.press("ctrl+b", "b")
        await shown.until(lambda: "broadcast to 2" in shown.rows[-1] or "goes to 2 panes" in shown.rows[-1])
        assert "≡ broadcast" in header(shown, 1)
        assert "≡ broadcast" in header(shown, 4)
        assert "≡" not in header(shown, 2)
        shown.press("h", "i")
        await shown.until(lambda: server.typed[PaneId(1)] == server.typed[PaneId(4)] == b"hi")
        assert server.typed[PaneId(2)] == server.typed[PaneId(3)] == b""
        shown.press("ctrl+b", "b", "x")
        await shown.until(lambda: server.typed[PaneId(1)] == b"hix")
        assert server.typed[PaneId(4)] == b"hi"
        assert "≡" not in shown.text


async def test_chosen_panes_only_and_one_that_waits_when_it_was_chosen() -> None:
    server = FakeServer.with_panes(4, grid=(2, 2))
    async with showing(server, SIZE) as shown:
        server.changes(2, status=PaneStatus.BLOCKED, status_kind="permission")
        shown.press("ctrl+b", "s", "alt+2", "ctrl+b", "s", "ctrl+b", "b", "y")
        await shown.until(lambda: server.typed[PaneId(1)] == server.typed[PaneId(2)] == b"y")
        assert server.typed[PaneId(3)] == server.typed[PaneId(4)] == b""


async def test_a_paste_into_several_asks_first() -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, SIZE) as shown:
        shown.press("ctrl+b", "b")
        await shown.until(lambda: "≡ broadcast" in header(shown, 2))
        shown.driver.feed(b"\x1b[200~text\x1b[201~")
        await shown.until(lambda: "Paste 4 characters into 2 panes?" in shown.text)
        assert server.typed[PaneId(1)] == b""
        shown.press("y")
        await shown.until(lambda: server.typed[PaneId(1)] == server.typed[PaneId(2)] == b"text")


async def test_a_locked_pane_takes_nothing_and_says_so() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, SIZE) as shown:
        shown.press("ctrl+b", "L")
        await shown.until(lambda: "⊘ locked" in header(shown, 1))
        shown.press("a")
        shown.driver.feed(b"\x1b[200~text\x1b[201~")
        await shown.until(lambda: "is locked; ctrl+b L opens it" in shown.rows[-1])
        server.apply(LockPane(pane=PaneId(1), locked=False))
        await shown.until(lambda: "locked" not in header(shown, 1))
        shown.press("b")
        await shown.until(lambda: server.typed[PaneId(1)] == b"b")


async def test_prompts_that_wait_are_shown_added_changed_and_dropped() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    waiting = [{"number": 1, "text": "run the tests", "sending": False}, {"number": 2, "text": "commit", "sending": False}]
    asked: list[object] = []

    def take(what: object) -> dict[str, object]:
        asked.append(what)
        return {"result": waiting if isinstance(what, m.GetQueue) else {"receipt": "queued"}}

    server.answers |= dict.fromkeys((m.GetQueue, m.EditPrompt, m.SendText), take)
    async with showing(server, SIZE) as shown:
        shown.press("ctrl+b", "q")
        await shown.until(lambda: "run the tests" in shown.text)
        shown.press(*"push", "enter")
        await shown.until(lambda: m.SendText(pane="%1", text="push", when_idle=True) in asked)
        shown.press("down", "ctrl+e", "enter")
        await shown.until(lambda: m.EditPrompt(pane="%1", number=2, text="commit") in asked)
        shown.press("ctrl+d")
        await shown.until(lambda: any(isinstance(what, m.EditPrompt) and not what.text for what in asked))
        shown.press("escape")
        await shown.until(lambda: "typing into 1" in shown.rows[-1])


async def test_a_prompt_and_its_receipt() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    server.answers[m.SendText] = lambda _: {"result": {"receipt": "stranded"}}
    async with showing(server, SIZE) as shown:
        shown.press("ctrl+b", "P", *"hello", "enter")
        await shown.until(lambda: "did not take it" in shown.rows[-1])
