"""Rows written straight to the terminal: never over a dialog, never missing, always what the panes show.

A second emulator reads every frame, as a terminal would: while a dialog is up it must stand whole in each of them.
"""

import re
from collections.abc import Iterator
from functools import partial

import pytest

from agentgrid.geometry import Size
from agentgrid.session.pane import PaneId
from agentgrid.terminal.pyte_emulator import PyteEmulator
from agentgrid.ui.grid_screen import GridScreen
from agentgrid.ui.screens.reading import ReadingScreen
from tests.support.fake_server import FakeServer
from tests.support.grid_screen import Shown, showing
from tests.support.memory_driver import KITTY_ANSWERS, XTERM_ANSWERS

pytestmark = pytest.mark.usefixtures("colours")

WINDOW = Size(160, 48)
WORDS = "DIALOG-THAT-MUST-STAND-WHOLE"
WORD_ROWS = 12


def scroll(server: FakeServer, turn: int) -> None:
    """Every pane prints a line."""
    for number in range(1, 10):
        server.prints(number, f"pane {number} line {turn} \x1b[3{turn % 7 + 1}mcolour\x1b[0m 日本 e\u0301 \x1b[4:3mx\x1b[0m\r\n")


def frames(data: bytes) -> Iterator[bytes]:
    """What a terminal shows at once: up to the end of each synchronized update."""
    yield from re.split(rb"(?<=\x1b\[\?2026l)", data)


async def test_a_dialog_stands_whole_in_every_frame() -> None:
    server = FakeServer.with_panes(9)
    async with showing(server, WINDOW) as shown:
        for turn in range(30):
            scroll(server, turn)
        await shown.until(lambda: not shown.wrong())
        shown.app.call_later(shown.app.open, ReadingScreen("A text", "\n".join([WORDS] * WORD_ROWS)))
        await shown.until(lambda: shown.text.count(WORDS) == WORD_ROWS)
        before = len(shown.driver.output)
        outer = PyteEmulator(WINDOW)
        outer.feed(shown.driver.output)
        turn = 0
        while len(shown.driver.output) < before + 100_000:
            turn += 1
            scroll(server, turn)
            seen = len(shown.driver.output)
            await shown.until(partial(longer, shown, seen))
        looked_at = 0
        for frame in frames(shown.driver.output[before:]):
            outer.feed(frame)
            if frame.endswith(b"\x1b[?2026l"):
                looked_at += 1
                text = "\n".join("".join(run.text for run in outer.row(line)) for line in outer.lines)
                assert text.count(WORDS) == WORD_ROWS
        assert looked_at > 3


def longer(shown: Shown, than: int) -> bool:
    """More has been written."""
    return len(shown.driver.output) > than


async def test_nothing_is_missing_after_a_dialog() -> None:
    server = FakeServer.with_panes(9)
    async with showing(server, WINDOW) as shown:
        shown.app.call_later(shown.app.open, ReadingScreen("A text", WORDS))
        await shown.until(lambda: WORDS in shown.text)
        for turn in range(40):
            scroll(server, turn)
        shown.press("escape")
        await shown.until(lambda: isinstance(shown.app.screen, GridScreen))
        scroll(server, 41)
        await shown.settled()
        await shown.until(lambda: not shown.wrong() and WORDS not in shown.text)


async def test_a_screenshot_shows_what_was_painted_behind_textuals_back() -> None:
    server = FakeServer.with_panes(9)
    async with showing(server, WINDOW) as shown:
        for turn in range(20):
            scroll(server, turn)
        await shown.until(lambda: "pane 9 line 19" in shown.text)
        assert shown.app.painter.frames > 0
        picture = re.sub(r"<[^>]+>", "", shown.app.export_screenshot()).replace("&#160;", " ")
        missing = [
            f"pane {n} line {turn} colour" for n in range(1, 10) for turn in range(8, 20) if f"pane {n} line {turn} colour" not in picture
        ]
        assert missing == []


@pytest.mark.parametrize("answers", [pytest.param(KITTY_ANSWERS, id="synchronized"), pytest.param(XTERM_ANSWERS, id="not synchronized")])
@pytest.mark.parametrize("enabled", [pytest.param(True, id="direct"), pytest.param(False, id="through Textual")])
async def test_both_ways_show_the_same(enabled: bool, answers: bytes) -> None:
    server = FakeServer.with_panes(9)
    async with showing(server, WINDOW, answers=answers) as shown:
        shown.app.painter.enabled = enabled
        painted = shown.app.painter.frames
        for turn in range(30):
            scroll(server, turn)
        server.prints(5, "\x1b[2J\x1b[H\x1b[?5hreversed\x1b[10;60Hedge 日本\x1b[7m   \x1b[0m")
        await shown.until(lambda: "reversed" in shown.text and not shown.wrong())
        assert (shown.app.painter.frames > painted) is enabled


async def test_a_switch_of_pages_and_back() -> None:
    server = FakeServer.with_panes(9)
    async with showing(server, Size(100, 30)) as shown:
        for turn in range(30):
            scroll(server, turn)
        for keys in ("tab", "tab", "shift+tab", "z", "z", "tab"):
            shown.press("ctrl+b", keys)
            scroll(server, 99)
            await shown.settled()
            await shown.until(lambda: not shown.wrong(), keys)


async def test_a_terminal_that_lags_gets_the_latest_and_no_queue() -> None:
    server = FakeServer.with_panes(9)
    async with showing(server, WINDOW) as shown:
        scroll(server, 0)
        await shown.until(lambda: "pane 9 line 0" in shown.text)
        shown.driver._memory.backlog = 1
        painted = shown.app.painter.frames
        for turn in range(1, 50):
            scroll(server, turn)
        await shown.until(lambda: shown.app.mirror.screens[PaneId(9)].history_length > 30)
        assert shown.app.painter.frames == painted
        shown.driver.make_room()
        await shown.until(lambda: "pane 9 line 49" in shown.text and not shown.wrong())
        assert shown.app.painter.frames <= painted + 2


async def test_after_frames_were_dropped_everything_is_painted_anew() -> None:
    server = FakeServer.with_panes(9)
    async with showing(server, WINDOW) as shown:
        scroll(server, 0)
        await shown.until(lambda: "pane 9 line 0" in shown.text)
        shown.driver.get_stuck()
        for turn in range(1, 20):
            scroll(server, turn)
        await shown.until(lambda: shown.app.mirror.screens[PaneId(9)].history_length > 2)
        shown.outer = PyteEmulator(WINDOW)  # A terminal that has forgotten everything.
        shown.driver.get_stuck(False)
        await shown.until(lambda: "pane 9 line 19" in shown.text and not shown.wrong())


async def test_only_rows_that_changed_are_sent() -> None:
    server = FakeServer.with_panes(9)
    async with showing(server, WINDOW) as shown:
        for turn in range(30):
            scroll(server, turn)
        await shown.until(lambda: "pane 9 line 29" in shown.text)
        await shown.settled()
        before = len(shown.driver.output)
        server.prints(5, "$ ")
        await shown.until(lambda: len(shown.driver.output) > before)
        assert len(shown.driver.output) - before < 200


@pytest.mark.parametrize("between", ["", "resize", "dialog", "repaint", "part"])
async def test_only_cells_that_changed_are_sent_and_whole_rows_where_the_screen_is_not_known(between: str) -> None:
    """It is known where Textual has painted all of it, and no longer where it has painted a part."""
    server = FakeServer.with_panes(9)
    async with showing(server, WINDOW) as shown:
        server.prints(5, "a prompt that stands: x")
        await shown.until(lambda: "stands: x" in shown.text)
        await shown.settled()
        if between == "resize":
            shown.driver.resize(WINDOW)
            shown.driver.resize(Size(WINDOW.columns, WINDOW.rows - 3))
            shown.outer = PyteEmulator(Size(WINDOW.columns, WINDOW.rows - 3))
        elif between == "dialog":
            shown.app.call_later(shown.app.open, ReadingScreen("A text", WORDS))
            await shown.until(lambda: WORDS in shown.text)
            shown.press("escape")
        elif between == "repaint":
            shown.outer = PyteEmulator(WINDOW)
            shown.app.redraw()
        elif between == "part":
            shown.app.painter.enabled = False
            server.prints(9, "through Textual")
            await shown.until(lambda: "through Textual" in shown.text)
            shown.app.painter.enabled = True
        await shown.until(lambda: WORDS not in shown.text and "stands: x" in shown.text and not shown.wrong())
        await shown.settled()
        before = len(shown.driver.output)
        server.prints(5, "y")
        await shown.until(lambda: "stands: xy" in shown.text and not shown.wrong())
        assert (b"stands" in shown.driver.output[before:]) == (between == "part")


@pytest.mark.parametrize("cause", ["asked by Textual", "with a row that is new", "a dialog closes", "resize"])
async def test_what_the_terminal_shows_is_not_painted_again(cause: str) -> None:
    server = FakeServer.with_panes(9)
    async with showing(server, WINDOW) as shown:
        for number in range(1, 10):
            server.prints(number, f"<{number}>")
        await shown.until(lambda: all(f"<{number}>" in shown.text for number in range(1, 10)) and not shown.wrong())
        await shown.settled()
        match cause:
            case "a dialog closes":
                shown.app.call_later(shown.app.open, ReadingScreen("A text", WORDS))
                await shown.until(lambda: WORDS in shown.text)
                await shown.settled()
                before = len(shown.driver.output)
                shown.press("escape")
                await shown.until(lambda: WORDS not in shown.text)
            case "resize":
                before = len(shown.driver.output)
                smaller = Size(WINDOW.columns, WINDOW.rows - 3)
                shown.resize(smaller)
                await shown.until(lambda: shown.app.stage.window == smaller)
            case _:
                before = len(shown.driver.output)
                shown.app.screen.refresh(layout=True)
                if cause == "with a row that is new":
                    server.prints(5, "NEW")
                    await shown.until(lambda: "NEW" in shown.text)
        await shown.until(lambda: "<9>" in shown.text and not shown.wrong())
        await shown.settled()
        painted = shown.driver.output[before:]
        assert painted.count(b"<9>") == (1 if cause in {"a dialog closes", "resize"} else 0)
        assert not shown.wrong()


async def test_a_cluster_that_is_drawn_wider_moves_nothing() -> None:
    """An outer terminal that counts a family as eight columns shows the rest of the row where it belongs all the same."""
    server = FakeServer.with_panes(2, grid=(1, 2))
    async with showing(server, Size(100, 30)) as shown:
        server.prints(1, "👨‍👩‍👧 x")
        await shown.until(lambda: "👨‍👩‍👧 x" in shown.text)
        await shown.settled()
        before = len(shown.driver.output)
        server.prints(1, "y")
        await shown.until(lambda: len(shown.driver.output) > before)
        assert re.search(rb"\xf0\x9f\x91\xa7\x1b\[3G xy", shown.driver.output[before:])
