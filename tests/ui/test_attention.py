"""The list of who needs the person: the oldest question, an answer given from there, and what must not happen."""

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

from agentgrid.agents.verdict import Choice, Dialog
from agentgrid.geometry import Size
from agentgrid.protocol.messages import AnswerDialog, Explain, Happened, SaveCase
from agentgrid.session.commands import ParkPane
from agentgrid.session.events import PaneChanged
from agentgrid.session.pane import PaneId, PaneStatus
from agentgrid.session.since import Since
from agentgrid.ui.grid_screen import GridScreen
from agentgrid.ui.screens import attention
from tests.support.explanation import EXPLANATION
from tests.support.fake_server import NOW, FakeServer
from tests.support.grid_screen import Shown, showing

pytestmark = pytest.mark.usefixtures("colours")

BIG = Size(160, 48)
CHOICES = (Choice(label="Yes", key="1", chosen=True), Choice(label="No, and tell it what to do", key="2", detail="esc"))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test reads faster than a person."""
    monkeypatch.setattr(attention, "READ_SECONDS", 0.0)


def asks(server: FakeServer, pane: int, question: str, since: float, fingerprint: str = "f1") -> None:
    dialog = Dialog(kind="permission", question=question, choices=CHOICES, subject="rm -rf build", fingerprint=fingerprint)
    server.changes(
        pane, status=PaneStatus.BLOCKED, status_kind="permission", status_since=NOW + since, message=question, dialog=dialog, unseen=True
    )


def grid(receipt: str = "answered") -> FakeServer:
    server = FakeServer.with_panes(4, grid=(2, 2), status=PaneStatus.IDLE)

    def answer(asked: AnswerDialog) -> dict[str, Any]:
        if receipt == "answered":
            server.changes(int(asked.pane[1:]), status=PaneStatus.WORKING, dialog=None)
        return {"result": {"receipt": receipt, "choice": CHOICES[int(asked.choice) - 1].label}}

    server.answers[AnswerDialog] = answer
    return server


def answers(server: FakeServer) -> list[tuple[str, str, str]]:
    asked = [getattr(message, "what", None) for message in server.received]
    return [(what.pane, what.fingerprint, what.choice) for what in asked if isinstance(what, AnswerDialog)]


async def opened(shown: Shown, text: str) -> None:
    await shown.until(lambda: "need" in shown.rows[-1])
    shown.press("ctrl+b", "a")
    await shown.until(lambda: "Who needs you" in shown.text and text in shown.text)


async def test_the_oldest_question_is_answered_from_another_pane() -> None:
    server = grid()
    async with showing(server, BIG) as shown:
        asks(server, 3, "Delete the folder?", since=5)
        asks(server, 4, "Run npm test?", since=2, fingerprint="f2")
        await shown.until(lambda: "2 need you" in shown.rows[-1])
        await opened(shown, "rm -rf build")
        assert "1  Yes" in shown.text
        assert "2  No, and tell it what to do  esc" in shown.text
        shown.press("2")
        await shown.until(lambda: answers(server) == [("%4", "f2", "2")])
        await shown.until(lambda: "answered: No, and tell it what to do" in shown.text and "Delete the folder?" in shown.text)
        shown.press("1")
        await shown.until(lambda: answers(server)[1:] == [("%3", "f1", "1")])
        assert server.session.focus == PaneId(1)
        assert not any(server.typed.values())
        shown.press("escape")
        await shown.until(lambda: isinstance(shown.app.screen, GridScreen) and not shown.wrong())


async def test_something_happens_before_the_list_is_drawn() -> None:
    server = grid()
    async with showing(server, BIG) as shown:
        asks(server, 3, "Delete the folder?", since=5)
        pane = server.session.panes[PaneId(3)]
        await shown.until(lambda: "need" in shown.rows[-1])
        shown.press("ctrl+b", "a")
        for _ in range(50):  # Turns of the loop in which it is made.
            shown.app.incoming.messages([Happened(event=PaneChanged(pane=pane.id, state=replace(pane, message="Really?")))])
            await asyncio.sleep(0)
        await shown.until(lambda: "Who needs you" in shown.text and "Really?" in shown.text)
        assert shown.app.failure is None


async def test_what_it_has_done_since_one_looked() -> None:
    server = grid()
    async with showing(server, BIG) as shown:
        asks(server, 3, "Delete the folder?", since=5)
        server.changes(3, since=Since(files=3, questions=2))
        await opened(shown, "Delete the folder? · 3 files, 1 question")
        assert "since you looked: 3 files, 1 question" in shown.text


async def test_a_question_that_is_another_by_now_is_not_answered() -> None:
    server = grid()
    async with showing(server, BIG) as shown:
        asks(server, 3, "Delete the folder?", since=5)
        await opened(shown, "Delete the folder?")
        asks(server, 3, "Push to main?", since=6, fingerprint="f9")
        await shown.until(lambda: "it asks something else by now" in shown.text)
        shown.press("1", "down")
        await shown.until(lambda: "it asks something else by now" not in shown.text)
        assert answers(server) == []
        shown.press("1")
        await shown.until(lambda: answers(server) == [("%3", "f9", "1")])


async def test_a_key_that_comes_before_one_can_have_read_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "READ_SECONDS", 3600.0)
    server = grid()
    async with showing(server, BIG) as shown:
        asks(server, 3, "Delete the folder?", since=5)
        await shown.until(lambda: "1 needs you" in shown.rows[-1])
        shown.press("ctrl+b", "a", "1")
        await shown.until(lambda: "rm -rf build" in shown.text)
        await shown.settled()
        assert answers(server) == []


async def test_what_became_of_an_answer_is_said() -> None:
    server = grid("stranded")
    async with showing(server, BIG) as shown:
        asks(server, 3, "Delete the folder?", since=5)
        await opened(shown, "rm -rf build")
        shown.press("1")
        await shown.until(lambda: "Yes was sent, but the question is still there" in shown.text)
        server.answers[AnswerDialog] = lambda _: {"error": "UsageError", "message": "nothing is asked there any more; nothing was sent"}
        shown.press("1")
        await shown.until(lambda: "nothing was sent" in shown.text)


async def test_enter_goes_there_and_brings_a_parked_one_back() -> None:
    server = grid()
    async with showing(server, BIG) as shown:
        server.apply(ParkPane(pane=PaneId(4)))
        asks(server, 4, "Run npm test?", since=2)
        server.changes(2, status=PaneStatus.DONE, unseen=True, message="all finished")
        await shown.until(lambda: "1 parked" in shown.rows[-1] and "1 done" in shown.rows[-1])
        await opened(shown, "Run npm test?")
        shown.press("down")
        await shown.until(lambda: shown.text.count("all finished") == 2)
        shown.press("up", "enter")
        await shown.until(lambda: server.session.focus == PaneId(4))


async def test_nobody_needs_anything() -> None:
    server = grid()
    async with showing(server, BIG) as shown:
        shown.press("ctrl+b", "a")
        await shown.until(lambda: "no pane needs you" in shown.rows[-1])
        assert isinstance(shown.app.screen, GridScreen)


@pytest.mark.parametrize("size", [Size(240, 72), Size(100, 30), Size(60, 20)])
async def test_it_fits(size: Size) -> None:
    server = grid()
    async with showing(server, size) as shown:
        asks(server, 3, "Do you want to delete the folder? " * 8, since=5)
        await opened(shown, "1  Yes")
        assert all(
            row.rstrip().endswith(("│", "╮", "╯")) or "│" not in row for row in shown.rows[:-1] if "▸" in row and "permission" in row
        )


async def test_why_and_a_test_case() -> None:
    server = grid()
    server.answers[Explain] = lambda _: {"result": EXPLANATION}
    server.answers[SaveCase] = lambda _: {"result": "/home/me/cases/claude-1.cast"}
    async with showing(server, BIG) as shown:
        shown.press("ctrl+b", "e")
        await shown.until(lambda: "by its report (7501), not seen yet" in shown.text)
        shown.press("w")
        await shown.until(lambda: "written: /home/me/cases/claude-1.cast" in shown.text)
        server.answers[SaveCase] = lambda _: {"error": "Unavailable", "message": "cannot write the test case: it is full"}
        shown.press("w")
        await shown.until(lambda: "cannot write the test case: it is full" in shown.text)
        shown.press("escape")
        await shown.until(lambda: isinstance(shown.app.screen, GridScreen))
