"""The grid on a screen in memory: typing, moving, zooming, pages, dialogs, endings; the outer terminal shows what the panes do."""

import asyncio
import re
from pathlib import Path

import pytest

from agentgrid.geometry import Size
from agentgrid.protocol.messages import SetPalette, View
from agentgrid.session import events
from agentgrid.session.commands import ClosePane, FocusPane, NewPane, ParkPane, ZoomPane
from agentgrid.session.pane import PaneId, PaneStatus
from agentgrid.ui.app import Outcome
from agentgrid.ui.grid_app import GridScreen
from tests.support.fake_server import FakeServer, wants
from tests.support.grid_screen import Shown, showing

BIG = Size(160, 48)


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)


def header(shown: Shown, number: int) -> str:
    slot = next(slot for slot in shown.app.stage.arrangement.slots if slot.number == number)
    return shown.rows[slot.place.row][slot.place.column : slot.place.right]


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
            2, agent="claude", status=PaneStatus.BLOCKED, status_kind="permission", message="May I?", conflicts=1, files_changed=7
        )
        await shown.until(lambda: "1 needs you · 1 working" in shown.rows[-1])
        assert "working shell-1  Fix it" in header(shown, 1)
        assert "blocked: permission shell-2  May I?" in header(shown, 2)
        assert "✎7  ⚑1 " in header(shown, 2)
        shown.press("ctrl+b", "n")
        await shown.until(lambda: header(shown, 2).startswith("▸2"))


async def test_new_pane_close_park_rename() -> None:
    server = FakeServer.with_panes(2, grid=(1, 3))
    async with showing(server, BIG, agents=["claude", "codex"]) as shown:
        shown.press("ctrl+b", "c", "right", "enter")  # Typed ahead of the dialog, and meant for it.
        await shown.until(lambda: len(server.session.panes) == 3)
        assert server.session.panes[PaneId(3)].agent == "codex" or "codex" in server.session.panes[PaneId(3)].name
        await shown.until(lambda: header(shown, 3).startswith("▸3"))
        shown.press("ctrl+b", ",", "ctrl+u")
        await shown.until(lambda: "Rename" in shown.text)
        shown.driver.feed(b"tester\r")
        await shown.until(lambda: "tester" in header(shown, 3))
        shown.press("ctrl+b", "x")
        await shown.until(lambda: "Close 3 tester?" in shown.text)
        shown.press("y")
        await shown.until(lambda: len(server.session.panes) == 2)
        await shown.until(lambda: header(shown, 2).startswith("▸2"))
        shown.press("ctrl+b", "p")
        await shown.until(lambda: "1 parked" in shown.rows[-1])
        assert server.typed[PaneId(1)] == server.typed[PaneId(2)] == b""


async def test_anything_but_y_closes_nothing() -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, BIG) as shown:
        shown.press("ctrl+b", "x", "enter")
        await shown.until(lambda: isinstance(shown.app.screen, GridScreen) and "Close" not in shown.text)
        assert len(server.session.panes) == 2


async def test_the_servers_refusal_is_shown() -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, BIG) as shown:
        shown.press("ctrl+b", ",", "ctrl+u")
        await shown.until(lambda: "Rename" in shown.text)
        shown.driver.feed(b"shell-2\r")
        await shown.until(lambda: "the name 'shell-2' is taken" in shown.rows[-1])


async def test_help_and_palette() -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, BIG) as shown:
        shown.press("ctrl+b", "?")
        await shown.until(lambda: "Choose a theme" in shown.text and "Leave; everything goes on" in shown.text)
        shown.press("escape")
        await shown.until(lambda: isinstance(shown.app.screen, GridScreen))
        shown.press("ctrl+b", ":")
        shown.driver.feed(b"zoom")
        await shown.until(lambda: "Give it the window" in shown.text)
        shown.press("enter")
        await shown.until(lambda: shown.app.stage.zoom == 1 and not shown.wrong())
        assert server.typed[PaneId(1)] == b""


async def test_the_grid_is_whole_after_a_dialog() -> None:
    server = FakeServer.with_panes(9)
    async with showing(server, BIG) as shown:
        for number in range(1, 10):
            server.prints(number, f"pane {number}\r\n" * 20)
        shown.press("ctrl+b", "?")
        await shown.until(lambda: "Keys, after" in shown.text)
        shown.press("q")
        await shown.until(lambda: isinstance(shown.app.screen, GridScreen))
        await shown.settled()
        await shown.until(lambda: not shown.wrong() and "Keys, after" not in shown.text)


async def test_themes_are_shown_as_one_comes_past_and_taken_back() -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, BIG) as shown:
        server.prints(1, "hello")
        before = shown.app.styling.look.background
        shown.press("ctrl+b", "t")
        await shown.until(lambda: "Paper" in shown.text)
        shown.press("end", *["down"] * 3)
        await shown.until(lambda: shown.app.styling.look.background != before)
        changed = shown.app.styling.look.background
        await shown.until(lambda: changed in [message.palette.background for message in server.received if isinstance(message, SetPalette)])
        shown.press("escape")
        await shown.until(lambda: isinstance(shown.app.screen, GridScreen) and shown.app.styling.look.background == before)
        await shown.settled()
        await shown.until(lambda: ground(shown, 1, 0) == before)


def ground(shown: Shown, row: int, column: int) -> object:
    shown.look()
    line = shown.outer.lines[row]
    return shown.outer.styles[ord(line.styles[column])].background


async def test_a_theme_is_on_every_cell() -> None:
    server = FakeServer.with_panes(3, grid=(2, 2))
    async with showing(server, BIG, theme="paper") as shown:
        server.prints(1, "hello \x1b[31mred")
        await shown.until(lambda: "hello" in shown.text)
        await shown.settled()
        shown.look()
        dark = [(y, x) for y, line in enumerate(shown.outer.lines) for x in range(BIG.columns) if is_dark(shown, line.styles[x : x + 1])]
        assert dark == []


def is_dark(shown: Shown, code: str) -> bool:
    """No ground of its own, or a dark one: in a light theme, a cell that nobody has painted."""
    style = shown.outer.styles[ord(code)] if code else None
    return style is None or not isinstance(style.background, tuple) or sum(style.background) < 300


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


async def test_under_a_dialog_the_cursor_is_hidden() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, BIG) as shown:
        shown.press("ctrl+b", "?")
        await shown.until(lambda: "Keys, after" in shown.text and not shown.outer.cursor.visible)


async def test_the_end_of_the_session_ends_the_screen() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, BIG) as shown:
        server.happens(events.SessionEnded())
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
        from agentgrid.terminal.pyte_emulator import PyteEmulator

        server.emulators[PaneId(2)] = PyteEmulator(Size(80, 24))
        for event in happened:
            server.happens(event)
        await shown.until(lambda: "late" in header(shown, 2) and not shown.wrong())
        assert header(shown, 1).startswith("▸1")


async def test_parked_panes_leave_their_cell_empty() -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, BIG) as shown:
        server.apply(ParkPane(pane=PaneId(2)))
        await shown.until(lambda: "ctrl+b c starts an agent here" in shown.text)
        shown.press("ctrl+b", "u")
        await shown.until(lambda: "Bring back" in shown.text)
        shown.press("enter")
        await shown.until(lambda: header(shown, 2).startswith("▸2"))


async def test_a_broken_style_sheet_is_left_out_and_taken_up_when_it_is_right(tmp_path: Path) -> None:
    sheet = tmp_path / "mine.tcss"
    sheet.write_text("GridView { background: red;\n.pane--name { color: nonsense; }")
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, BIG, css=sheet) as shown:
        await shown.until(lambda: "mine.tcss:" in shown.rows[-1])
        sheet.write_text(".pane--name { color: #123456; background: #654321; }")
        await shown.until(lambda: "mine.tcss is on" in shown.rows[-1])
        await shown.settled()
        assert "mine.tcss" in str(shown.app.css_path)
        sheet.write_text(".pane--name { colour: red; }")
        await shown.until(lambda: "the style before stays" in shown.rows[-1])


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
