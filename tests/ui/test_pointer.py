"""The mouse and copy mode on a screen in memory: focus, selection, history, and what programs get."""

import base64

import pytest

from agentgrid.geometry import Size
from agentgrid.protocol.messages import HistoryWanted
from agentgrid.session.pane import PaneId
from agentgrid.ui.screens.new_pane import NewPaneScreen
from tests.support.fake_server import FakeServer
from tests.support.grid_screen import Shown, showing

pytestmark = pytest.mark.usefixtures("colours")

WINDOW = Size(160, 48)


def mouse(shown: Shown, button: int, column: int, row: int, *, release: bool = False) -> None:
    shown.driver.feed(f"\x1b[<{button};{column + 1};{row + 1}{'m' if release else 'M'}".encode())


def click(shown: Shown, column: int, row: int, button: int = 0) -> None:
    mouse(shown, button, column, row)
    mouse(shown, button, column, row, release=True)


def drag(shown: Shown, start: tuple[int, int], stop: tuple[int, int], button: int = 0) -> None:
    mouse(shown, button, *start)
    mouse(shown, button + 32, *stop)
    mouse(shown, button, *stop, release=True)


def clipboard(shown: Shown) -> str:
    """What was put on the outer clipboard last."""
    parts = shown.driver.output.split(b"\x1b]52;c;")
    return base64.b64decode(parts[-1].partition(b"\x07")[0]).decode() if len(parts) > 1 else ""


def screen(shown: Shown, number: int) -> tuple[int, int]:
    """Column and row of a pane's first cell."""
    slot = next(slot for slot in shown.app.stage.arrangement.slots if slot.number == number)
    return slot.screen.column, slot.screen.row


async def test_a_click_focuses() -> None:
    server = FakeServer.with_panes(9)
    async with showing(server, WINDOW) as shown:
        column, row = screen(shown, 5)
        click(shown, column + 3, row + 3)
        await shown.until(lambda: shown.app.stage.active == 5)
        assert server.mouse[PaneId(5)] == b""


async def test_a_double_click_on_a_header_zooms() -> None:
    server = FakeServer.with_panes(4, grid=(2, 2))
    async with showing(server, WINDOW) as shown:
        column, row = screen(shown, 3)
        click(shown, column + 3, row - 1)
        click(shown, column + 3, row - 1)
        await shown.until(lambda: shown.app.stage.zoom == 3 and not shown.wrong())
        roster = shown.app.stage.arrangement.roster
        assert roster is not None
        click(shown, roster.column + 2, roster.row)
        await shown.until(lambda: shown.app.stage.zoom == 1)


async def test_a_click_on_an_empty_cell_fills_it() -> None:
    server = FakeServer.with_panes(1, grid=(1, 3))
    async with showing(server, WINDOW, agents=list) as shown:
        column, row = screen(shown, 3)
        click(shown, column + 3, row + 3)
        await shown.until(lambda: isinstance(shown.app.screen, NewPaneScreen))
        shown.press("enter")
        await shown.until(lambda: len(server.session.panes) == 2)
        assert server.session.panes[PaneId(2)].number == 3


async def test_a_drag_selects_in_one_pane_and_copies() -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, WINDOW) as shown:
        server.prints(1, "first line   \r\nsecond line\r\n")
        server.prints(2, "not this\r\n" * 3)
        await shown.until(lambda: "second line" in shown.text)
        column, row = screen(shown, 1)
        drag(shown, (column + 6, row), (150, row + 1))
        await shown.until(lambda: clipboard(shown) == "line\nsecond line")
        assert "copied 2 rows" in shown.rows[-1]
        shown.press("ctrl+b", "]")
        await shown.until(lambda: "Paste 2 lines into shell-1?" in shown.text, "its program would run the first")
        assert server.typed[PaneId(1)] == b""
        shown.press("y")
        await shown.until(lambda: b"line\rsecond line" in server.typed[PaneId(1)].replace(b"\n", b"\r"))


async def test_what_is_selected_is_marked_until_a_key_is_typed() -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, WINDOW) as shown:
        server.prints(1, "one two three")
        await shown.until(lambda: "one two three" in shown.text)
        column, row = screen(shown, 1)
        click(shown, column + 5, row)
        click(shown, column + 5, row)
        await shown.until(lambda: clipboard(shown) == "two")
        await shown.until(lambda: marked(shown, row) == "two")
        shown.press("a")
        await shown.until(lambda: marked(shown, row) == "")


async def test_a_selection_is_no_more_when_its_text_is_gone() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, WINDOW) as shown:
        server.prints(1, "one two three")
        await shown.until(lambda: "one two three" in shown.text)
        click(shown, 5, 1)
        click(shown, 5, 1)
        await shown.until(lambda: marked(shown, 1) == "two")
        server.prints(1, " four")
        await shown.until(lambda: "four" in shown.text)
        assert marked(shown, 1) == "two"
        server.prints(1, "\x1b[2J\x1b[Hother")
        await shown.until(lambda: "other" in shown.text and marked(shown, 1) == "")


def marked(shown: Shown, row: int) -> str:
    """The text of a row that stands on the selection's ground."""
    shown.look()
    line = shown.outer.lines[row]
    ground = shown.app.styling.look.selection
    return "".join(text for text, code in zip(line.text, line.styles, strict=True) if shown.outer.styles[ord(code)].background == ground)


async def test_a_program_gets_the_mouse_it_asked_for_in_its_own_cells() -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, WINDOW) as shown:
        server.prints(2, "\x1b[?1002h\x1b[?1006hready")
        await shown.until(lambda: "ready" in shown.text)
        column, row = screen(shown, 2)
        drag(shown, (column + 4, row + 2), (2, row + 3))
        await shown.until(lambda: server.mouse[PaneId(2)] == b"\x1b[<0;5;3M\x1b[<32;1;4M\x1b[<0;1;4m")
        assert shown.app.stage.active == 2
        assert clipboard(shown) == ""


async def test_shift_selects_where_a_program_has_the_mouse() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, WINDOW) as shown:
        server.prints(1, "\x1b[?1002h\x1b[?1006hready")
        await shown.until(lambda: "ready" in shown.text)
        drag(shown, (0, 1), (3, 1), button=4)
        await shown.until(lambda: clipboard(shown) == "read")
        assert server.mouse[PaneId(1)] == b""


async def test_any_motion_is_asked_for_only_while_a_program_wants_it() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, WINDOW) as shown:
        assert b"\x1b[?1003h" not in shown.driver.output
        server.prints(1, "\x1b[?1003h\x1b[?1006h")
        await shown.until(lambda: b"\x1b[?1003h" in shown.driver.output)
        mouse(shown, 35, 10, 10)
        await shown.until(lambda: server.mouse[PaneId(1)] == b"\x1b[<35;11;10M")
        server.prints(1, "\x1b[?1003l")
        await shown.until(lambda: b"\x1b[?1003l" in shown.driver.output)


async def test_the_wheel_looks_back_and_a_key_returns() -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, WINDOW) as shown:
        server.prints(2, "\r\n".join(f"row {n}" for n in range(300)))
        await shown.until(lambda: "row 299" in shown.text)
        column, row = screen(shown, 2)
        for _ in range(30):
            mouse(shown, 64, column + 1, row + 1)
        await shown.until(lambda: "↑90" in shown.text and "row 164" in shown.text)
        assert "row 299" not in shown.text
        assert any(isinstance(message, HistoryWanted) for message in server.received)
        server.prints(2, "\r\nnew row")
        await shown.until(lambda: "↑91" in shown.text)
        assert "row 164" in shown.text
        mouse(shown, 65, column + 1, row + 1)
        await shown.until(lambda: "↑88" in shown.text)
        shown.press("alt+2", "x")
        await shown.until(lambda: "new row" in shown.text and "↑" not in shown.text)
        await shown.until(lambda: server.typed[PaneId(2)] == b"x")


async def test_the_wheel_in_the_alternate_screen_is_the_programs() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, WINDOW) as shown:
        server.prints(1, "\x1b[?1049h\x1b[Hpager")
        await shown.until(lambda: "pager" in shown.text)
        mouse(shown, 64, 5, 5)
        await shown.until(lambda: server.mouse[PaneId(1)] == b"\x1b[A\x1b[A\x1b[A")


async def test_copy_mode_over_the_history() -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, WINDOW) as shown:
        server.prints(1, "\r\n".join(f"row {n}" for n in range(300)))
        await shown.until(lambda: "row 299" in shown.text)
        shown.press("ctrl+b", "[")
        await shown.until(lambda: "copying from 1" in shown.rows[-1])
        shown.press("g")
        await shown.until(lambda: shown.rows[1].startswith("row 0 "))
        shown.press("V", "j", "y")
        await shown.until(lambda: clipboard(shown) == "row 0\nrow 1")
        await shown.until(lambda: "row 299" in shown.text)
        assert server.typed[PaneId(1)] == b""


async def test_copy_mode_shows_its_cursor_and_says_what_keys_mean() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, WINDOW) as shown:
        server.prints(1, "one two")
        await shown.until(lambda: "one two" in shown.text)
        shown.press("ctrl+b", "[", "0")
        await shown.until(lambda: shown.rows and (shown.outer.cursor.row, shown.outer.cursor.column) == (1, 0))
        shown.press("Z")
        await shown.until(lambda: "Z means nothing while copying" in shown.rows[-1])
        shown.press("q", "z")
        await shown.until(lambda: server.typed[PaneId(1)] == b"z")


@pytest.mark.parametrize(
    ("clicks", "button", "copied"),
    [
        pytest.param(2, 0, "src/a.py:12", id="two clicks: a word"),
        pytest.param(3, 0, "see src/a.py:12 now", id="three clicks: a line"),
        pytest.param(2, 4, "src/a.py:12", id="with shift, where no program has the mouse, the same"),
    ],
)
async def test_clicks_that_select(clicks: int, button: int, copied: str) -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, WINDOW) as shown:
        server.prints(2, "see src/a.py:12 now\r\nnext")
        await shown.until(lambda: "next" in shown.text)
        column, row = screen(shown, 2)
        for _ in range(clicks):
            click(shown, column + 8, row, button)
        await shown.until(lambda: clipboard(shown) == copied)


async def test_a_line_of_wrapped_rows_is_one() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, WINDOW) as shown:
        server.prints(1, "word " * 60 + "\r\nend")
        await shown.until(lambda: "end" in shown.text)
        column, row = screen(shown, 1)
        for _ in range(3):
            click(shown, column + 8, row + 1)
        await shown.until(lambda: clipboard(shown) == ("word " * 60).rstrip())


async def test_alt_selects_a_block() -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, WINDOW) as shown:
        server.prints(2, "abcd\r\nefgh\r\nijkl")
        await shown.until(lambda: "ijkl" in shown.text)
        column, row = screen(shown, 2)
        drag(shown, (column + 1, row), (column + 2, row + 2), 8)
        await shown.until(lambda: clipboard(shown) == "bc\nfg\njk")
