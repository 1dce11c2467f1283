"""The grid on a screen in memory: typing, moving, zooming, pages, resizing; the outer terminal shows what the panes do."""

import asyncio

import pytest

from agentgrid.geometry import Size
from agentgrid.protocol.messages import View
from agentgrid.session.commands import FocusPane, ZoomPane
from agentgrid.session.pane import PaneId, PaneStatus
from tests.support.fake_server import FakeServer
from tests.support.grid_screen import Shown, header, showing

pytestmark = pytest.mark.usefixtures("colours")

BIG = Size(160, 48)


async def test_what_panes_print_is_on_the_screen() -> None:
    server = FakeServer.with_panes(9)
    async with showing(server, BIG) as shown:
        for number in range(1, 10):
            server.prints(number, f"line one of {number}\r\n\x1b[31mred\x1b[0m 日本 👨‍👩‍👧 \x1b[7mx\x1b[0m\x1b[4:3mcurly\x1b[0m")
        await shown.until(lambda: "line one of 9" in shown.text)
        assert shown.wrong() == []


async def test_typing_goes_to_the_focused_pane_only() -> None:
    server = FakeServer.with_panes(3, grid=(1, 3))
    async with showing(server, BIG) as shown:
        shown.press("a", "enter", "ctrl+c", "up")
        await shown.until(lambda: server.typed[PaneId(1)] == b"a\r\x03\x1b[A")
        shown.press("alt+2", "b")
        await shown.until(lambda: server.typed[PaneId(2)] == b"b")
        shown.driver.feed("fast typing é\r".encode())
        await shown.until(lambda: server.typed[PaneId(2)] == "bfast typing é\r".encode())
        shown.driver.feed(b"\x1b[200~pasted\x1b[201~")
        await shown.until(lambda: server.typed[PaneId(2)].endswith(b"pasted"))
        assert server.typed[PaneId(1)] == b"a\r\x03\x1b[A"
        assert server.typed[PaneId(3)] == b""


async def test_an_answer_that_comes_in_the_middle_of_a_paste_is_no_part_of_it() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, BIG) as shown:
        shown.driver.read(b"\x1b[200~pas\x1b[", unanswered=1)
        shown.driver.read(b"0nted\x1b", unanswered=1)
        shown.driver.read(b"[201~")
        await shown.until(lambda: server.typed[PaneId(1)] == b"pasted")
        shown.driver.read(b"\x1b", unanswered=1)
        shown.driver.feed(b"")
        await shown.until(lambda: server.typed[PaneId(1)] == b"pasted\x1b")


async def test_the_prefix() -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, BIG) as shown:
        shown.press("ctrl+b")
        await shown.until(lambda: "z zoom" in shown.rows[-1])
        shown.press("ctrl+b")
        await shown.until(lambda: server.typed[PaneId(1)] == b"\x02")
        shown.press("ctrl+b", "y")
        await shown.until(lambda: "ctrl+b y means nothing" in shown.rows[-1])
        shown.press("ctrl+b", "escape", "x")
        await shown.until(lambda: server.typed[PaneId(1)] == b"\x02x")


async def test_moving() -> None:
    server = FakeServer.with_panes(9)
    async with showing(server, BIG) as shown:
        for keys, number in [("l", 2), ("j", 5), ("left", 4), ("k", 1), ("9", 9), (";", 1), ("o", 2)]:
            shown.press("ctrl+b", keys)
            await shown.until(lambda number=number: header(shown, number).startswith("▸"), f"{keys} to {number}")  # type: ignore[misc]
            await shown.until(lambda number=number: server.session.focus == number)  # type: ignore[misc]
        assert sum("▸" in header(shown, number) for number in range(1, 10)) == 1
        assert shown.wrong() == []


async def test_the_focus_follows_the_session() -> None:
    server = FakeServer.with_panes(3, grid=(1, 3))
    async with showing(server, BIG) as shown:
        server.apply(FocusPane(pane=PaneId(3)))
        await shown.until(lambda: header(shown, 3).startswith("▸"))


async def test_quick_moves_do_not_jump_back() -> None:
    server = FakeServer.with_panes(9)
    async with showing(server, BIG) as shown:
        shown.press("alt+2", "alt+3", "alt+4")
        assert await _steady(shown, lambda: shown.app.stage.active) == PaneId(4)
        await shown.until(lambda: server.session.focus == 4)
        assert shown.app.stage.active == 4


async def _steady(shown: Shown, value: object) -> object:
    """The value once the loop has gone round some times."""
    assert callable(value)
    for _ in range(20):
        await asyncio.sleep(0)
    return value()


async def test_zoom_with_its_roster() -> None:
    server = FakeServer.with_panes(4, grid=(2, 2))
    async with showing(server, BIG) as shown:
        server.prints(1, "hello")
        shown.press("ctrl+b", "z")
        await shown.until(lambda: len(shown.app.stage.arrangement.slots) == 1 and not shown.wrong())
        await shown.until(lambda: all(f"shell-{n}" in shown.rows[46] for n in (2, 3, 4)), "the roster")
        assert shown.app.mirror.zoom == 1
        shown.press("alt+3")
        await shown.until(lambda: "▸3" in shown.rows[0] and not shown.wrong())
        assert server.session.zoom == 3
        shown.press("ctrl+b", "z")
        await shown.until(lambda: len(shown.app.stage.arrangement.slots) == 4 and not shown.wrong())


async def test_the_zoom_follows_the_session() -> None:
    server = FakeServer.with_panes(4, grid=(2, 2))
    async with showing(server, BIG) as shown:
        server.apply(ZoomPane(pane=PaneId(2)))
        await shown.until(lambda: "▸2" in shown.rows[0] and not shown.wrong())
        server.apply(ZoomPane(pane=None))
        await shown.until(lambda: len(shown.app.stage.arrangement.slots) == 4 and not shown.wrong())


async def test_pages_in_a_small_window() -> None:
    server = FakeServer.with_panes(9)
    async with showing(server, Size(100, 30)) as shown:
        assert "page 1/" in shown.rows[-1]
        shown.press("ctrl+b", "tab")
        await shown.until(lambda: "page 2/" in shown.rows[-1] and not shown.wrong())
        assert shown.app.stage.active == shown.app.stage.arrangement.slots[0].number
        shown.press("ctrl+b", "shift+tab")
        await shown.until(lambda: "page 1/" in shown.rows[-1] and not shown.wrong())
        shown.press("alt+9", "x")
        await shown.until(lambda: server.typed[PaneId(9)] == b"x" and not shown.wrong())
        assert header(shown, 9).startswith("▸9")


async def test_only_visible_panes_are_asked_for() -> None:
    server = FakeServer.with_panes(9)
    async with showing(server, Size(100, 30)) as shown:
        (*_, view) = [message for message in server.received if isinstance(message, View)]
        assert {pane for pane, _, _ in view.panes} == {slot.number for slot in shown.app.stage.arrangement.slots}
        assert len(view.panes) < 9


@pytest.mark.parametrize("size", [Size(240, 72), Size(100, 30), Size(80, 24), Size(60, 15), Size(161, 49)])
async def test_after_a_resize_everything_is_where_it_belongs(size: Size) -> None:
    server = FakeServer.with_panes(9)
    async with showing(server, BIG) as shown:
        for number in range(1, 10):
            server.prints(number, "\r\n".join(f"{number} row {n}" for n in range(50)))
        shown.resize(size)
        await shown.until(lambda: shown.app.stage.arrangement.window == size and not shown.wrong())
        await shown.settled()
        assert shown.wrong() == []
        assert len(shown.rows) == size.rows
        assert "shop" in shown.rows[-1] or size.columns < 100


async def test_a_window_that_is_too_small_says_so() -> None:
    server = FakeServer.with_panes(2)
    async with showing(server, BIG) as shown:
        shown.resize(Size(18, 10))
        await shown.until(lambda: "too small" in shown.text)
        shown.resize(BIG)
        await shown.until(lambda: shown.app.stage.arrangement.slots and not shown.wrong())


async def test_cells_say_what_to_press() -> None:
    server = FakeServer.with_panes(1, grid=(1, 3))
    async with showing(server, BIG) as shown:
        await shown.until(lambda: shown.text.count("ctrl+b c starts an agent here") == 2)
        server.changes(1, status=PaneStatus.EXITED, exit_code=3)
        await shown.until(lambda: "exited 3" in header(shown, 1) and "ctrl+b r runs it again" in header(shown, 1))
        server.changes(1, problem="there is no program 'claud'; did you mean 'claude'?")
        await shown.until(lambda: "did you mean" in shown.text and "ctrl+b r tries again" in shown.text)


async def test_an_exited_pane_keeps_its_screen() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, BIG) as shown:
        server.prints(1, "last words")
        server.changes(1, status=PaneStatus.EXITED, exit_code=0)
        await shown.until(lambda: "runs it again" in shown.rows[0])
        assert "last words" in shown.text
        assert not shown.app.stage.cursor().visible


async def test_states_titles_and_counts() -> None:
    server = FakeServer.with_panes(3, grid=(1, 3))
    async with showing(server, BIG) as shown:
        server.changes(1, agent="claude", status=PaneStatus.WORKING, title="⠋ Fix it")
        server.changes(
            2,
            agent="claude",
            status=PaneStatus.BLOCKED,
            status_kind="permission",
            message="May I?",
            conflicts=1,
            conflict_ids=(5,),
            files_changed=7,
        )
        server.changes(3, conflicts=1, conflict_ids=(5,))
        await shown.until(lambda: "1 needs you · 1 working" in shown.rows[-1])
        assert "working shell-1  Fix it" in header(shown, 1)
        assert "blocked: permission shell-2  May I?" in header(shown, 2)
        assert "✎7  ⚑3 " in header(shown, 2)
        shown.press("ctrl+b", "n")
        await shown.until(lambda: header(shown, 2).startswith("▸2"))


async def test_the_cursor_is_where_the_program_has_it() -> None:
    server = FakeServer.with_panes(4, grid=(2, 2))
    async with showing(server, BIG) as shown:
        server.prints(4, "one\r\ntwo three\x1b[5 q")
        shown.press("alt+4")
        await shown.until(lambda: shown.app.stage.active == 4 and "two three" in shown.text)
        await shown.settled()
        shown.look()
        slot = shown.app.stage.arrangement.slots[3]
        cursor = shown.outer.cursor
        assert (cursor.row, cursor.column, cursor.visible, cursor.shape) == (slot.screen.row + 1, slot.screen.column + 9, True, 5)
        server.prints(4, "\x1b[?25l")
        await shown.until(lambda: shown.rows and not shown.outer.cursor.visible)


async def test_a_prefix_that_types_text_is_found_in_fast_typing() -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, BIG, keys={"prefix": "`"}) as shown:
        shown.driver.feed(b"ab`2cd")
        await shown.until(lambda: server.typed[PaneId(2)] == b"cd")
        assert server.typed[PaneId(1)] == b"ab"
