"""Conflicts and changes on a screen in memory: the flags, the panel and what its keys ask for."""

from typing import Any

import pytest

from agentgrid.geometry import Size
from agentgrid.protocol import asked as q
from agentgrid.protocol.messages import SendText
from agentgrid.session.pane import PaneStatus
from agentgrid.ui.grid_screen import GridScreen
from tests.support.fake_server import FakeServer
from tests.support.grid_screen import Shown, header, showing

pytestmark = pytest.mark.usefixtures("colours")

BIG = Size(160, 48)


def conflict(number: int, path: str, panes: list[str], last: float = 2.0) -> dict[str, Any]:
    return {
        "id": number,
        "kind": "overlap",
        "path": path,
        "panes": panes,
        "lines": [[5, 6]],
        "evidence": ["traced", "reported"],
        "first": 1.0,
        "last": last,
        "open": True,
        "kinds": ["overlap"],
        "writes": 2,
        "folder": "/home/me/shop",
    }


def in_conflict() -> FakeServer:
    server = FakeServer.with_panes(4, grid=(2, 2), status=PaneStatus.IDLE)
    contests = [conflict(1, "src/often.py", ["%1", "%3"]), conflict(2, "src/seldom.py", ["%1", "%2"], last=9.0)]

    def contest(asked: q.GetContest) -> dict[str, Any]:
        sides = [{"pane": "%1", "text": "one\nhers\n"}, {"pane": "%3", "text": "one\nhis\n"}]
        return {"result": {"conflict": contests[asked.conflict - 1], "base": "one\ntwo\n", "sides": sides, "now": "one\nhis\n"}}

    def acknowledge(asked: q.Acknowledge) -> dict[str, Any]:
        contests[:] = [one for one in contests if one["id"] != asked.conflict]
        return {"result": None}

    server.answers |= {
        q.GetConflicts: lambda _: {"result": contests},
        q.GetHot: lambda _: {"result": [{"path": "src/often.py", "folder": "/home/me/shop", "panes": 5}]},
        q.GetContest: contest,
        q.Acknowledge: acknowledge,
        q.RestoreSide: lambda _: {"result": {"path": "src/often.py", "kept": "/state/replaced/often.py-1"}},
        SendText: lambda _: {"result": {"receipt": "delivered"}},
    }
    return server


def asked(server: FakeServer, kind: type) -> list[Any]:
    return [what for message in server.received if isinstance(what := getattr(message, "what", None), kind)]


async def opened(shown: Shown) -> None:
    shown.press("ctrl+b", "f")
    await shown.until(lambda: "often.py" in shown.text and "hers" in shown.text)


async def test_flags_say_with_whom_and_the_line_how_many() -> None:
    server = in_conflict()
    async with showing(server, BIG) as shown:
        server.changes(1, conflicts=2, conflict_ids=(1, 2))
        server.changes(3, conflicts=1, conflict_ids=(1,))
        server.changes(2, conflicts=1, conflict_ids=(2,))
        await shown.until(lambda: "⚑2,3 " in header(shown, 1) and "⚑1 " in header(shown, 3) and "⚑1 " in header(shown, 2))
        assert "⚑" not in header(shown, 4)
        assert "⚑2 conflicts" in shown.rows[-1]
        server.changes(1, conflicts=0, conflict_ids=())
        await shown.until(lambda: "⚑" not in header(shown, 1))


async def test_the_panel_lists_hot_files_first_and_compares() -> None:
    async with showing(in_conflict(), BIG) as shown:
        await opened(shown)
        rows = shown.rows
        often, seldom = (next(y for y, row in enumerate(rows) if name in row) for name in ("often.py", "seldom.py"))
        assert often < seldom
        assert "lines 5-6" in rows[often]
        assert "5 panes write it" in rows[often]
        texts = [row.strip("│┃ ") for row in rows]
        assert any("-  two" in row for row in texts)
        assert any("A  hers" in row for row in texts)
        assert any("B  his" in row for row in texts)


async def test_acknowledging_takes_it_off_the_list() -> None:
    server = in_conflict()
    async with showing(server, BIG) as shown:
        await opened(shown)
        shown.press("a")
        await shown.until(lambda: "often.py" not in shown.text)
        assert [what.conflict for what in asked(server, q.Acknowledge)] == [1]


async def test_the_other_agent_is_told_on_enter_only() -> None:
    server = in_conflict()
    async with showing(server, BIG) as shown:
        await opened(shown)
        shown.press("t")
        await shown.until(lambda: "Tell 3 shell-3" in shown.text)
        shown.press("escape")
        await shown.until(lambda: "Tell 3 shell-3" not in shown.text)
        assert asked(server, SendText) == []
        shown.press("t")
        await shown.until(lambda: "Tell 3 shell-3" in shown.text)
        shown.press("enter")
        await shown.until(lambda: asked(server, SendText))
        (sent,) = asked(server, SendText)
        assert sent.pane == "%3"
        assert "pane 1 (shell-1) is also changing src/often.py (lines 5-6)" in sent.text


async def test_a_version_is_restored_after_a_question() -> None:
    server = in_conflict()
    async with showing(server, BIG) as shown:
        await opened(shown)
        shown.press("2")
        await shown.until(lambda: "Restore B's version of src/often.py?" in shown.text)
        shown.press("n")
        await shown.until(lambda: "Restore B's" not in shown.text)
        assert asked(server, q.RestoreSide) == []
        shown.press("1")
        await shown.until(lambda: "Restore A's version of src/often.py?" in shown.text)
        shown.press("y")
        await shown.until(lambda: asked(server, q.RestoreSide))
        assert [(what.conflict, what.pane) for what in asked(server, q.RestoreSide)] == [(1, 1)]
        shown.press("escape")
        await shown.until(lambda: "kept in /state/replaced" in shown.rows[-1])


async def test_the_editor_opens_in_a_pane_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "nano -l")
    server = in_conflict()
    async with showing(server, BIG) as shown:
        await opened(shown)
        shown.press("o")
        await shown.until(lambda: len(server.session.panes) == 5)
        assert list(server.session.panes.values())[-1].command == ("nano", "-l", "/home/me/shop/src/often.py")
        await shown.until(lambda: isinstance(shown.app.screen, GridScreen))


async def test_no_conflicts_are_said() -> None:
    server = in_conflict()
    server.answers |= {q.GetConflicts: lambda _: {"result": []}, q.GetHot: lambda _: {"result": []}}
    async with showing(server, BIG) as shown:
        shown.press("ctrl+b", "f")
        await shown.until(lambda: "nobody has got in another's way" in shown.text)


async def test_changes_of_a_pane_and_its_commit() -> None:
    server = in_conflict()
    diff = "--- a\n+++ b\n@@ -1 +1 @@\n-two\n+2"
    files = [
        {"path": "a.py", "folder": "/f", "shared": True, "diff": diff},
        {"path": "b.py", "folder": "/f", "shared": False, "diff": diff},
    ]
    server.answers |= {q.GetWork: lambda _: {"result": files}, q.CommitPane: lambda _: {"result": {"summary": "abc fix", "commit": "abc"}}}
    async with showing(server, BIG) as shown:
        shown.press("ctrl+b", "g")
        await shown.until(lambda: "What 1 shell-1 has changed: 2 files" in shown.text and "a.py  ⚑" in shown.text)
        shown.press("c")
        await shown.until(lambda: "A message for exactly" in shown.text)
        shown.driver.feed(b"fix it\r")
        await shown.until(lambda: asked(server, q.CommitPane))
        assert [(what.pane, what.message) for what in asked(server, q.CommitPane)] == [("%1", "fix it")]
        shown.press("escape")
        await shown.until(lambda: "committed abc fix" in shown.rows[-1])
