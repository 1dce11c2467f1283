"""Dialogs over the grid, on a screen in memory: new panes, names, themes, the person's style sheet."""

from pathlib import Path

import pytest

from agentgrid.geometry import Size
from agentgrid.protocol.messages import SetPalette
from agentgrid.session.commands import ParkPane
from agentgrid.session.pane import PaneId
from agentgrid.ui.grid_screen import GridScreen
from tests.support.fake_server import FakeServer
from tests.support.grid_screen import Shown, header, showing

pytestmark = pytest.mark.usefixtures("colours")

BIG = Size(160, 48)


async def test_new_pane_close_park_rename() -> None:
    server = FakeServer.with_panes(2, grid=(1, 3))
    async with showing(server, BIG, agents=lambda: ["claude", "codex"]) as shown:
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


async def test_under_a_dialog_the_cursor_is_hidden() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, BIG) as shown:
        shown.press("ctrl+b", "?")
        await shown.until(lambda: "Keys, after" in shown.text and not shown.outer.cursor.visible)


async def test_parked_panes_leave_their_cell_empty() -> None:
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, BIG) as shown:
        server.apply(ParkPane(pane=PaneId(2)))
        await shown.until(lambda: "ctrl+b c starts an agent here" in shown.text)
        shown.press("ctrl+b", "u")
        await shown.until(lambda: "Bring back" in shown.text)
        shown.press("enter")
        await shown.until(lambda: header(shown, 2).startswith("▸2"))


async def test_a_persons_own_style_sheet_wins_over_the_dialogs_which_is_read_later(tmp_path: Path) -> None:
    sheet = tmp_path / "mine.tcss"
    sheet.write_text("Dialog .box { background: #123456; }\nDialog { background: #654321; }")
    async with showing(FakeServer.with_panes(1, grid=(1, 1)), BIG, css=sheet) as shown:
        await shown.until(lambda: header(shown, 1).startswith("▸1"))
        for _ in range(2):  # The second dialog reads nothing, and looks the same.
            shown.press("ctrl+b", "?")
            await shown.until(lambda: shown.app.screen.query(".box"))
            assert shown.app.screen.styles.background.hex == "#654321"
            assert shown.app.screen.query_one(".box").styles.background.hex == "#123456"
            assert shown.app.screen.query_one(".box").styles.border_top[0] == "round"
            shown.press("escape")
            await shown.until(lambda: not shown.app.screen.query(".box"))


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
