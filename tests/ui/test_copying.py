"""Searching a pane from the keyboard: every letter moves, all places are marked and counted, and n goes on."""

import pytest

from agentgrid.geometry import Size
from agentgrid.session.pane import PaneId
from agentgrid.ui.selection import Point
from tests.support.fake_server import FakeServer
from tests.support.grid_screen import Shown, showing

pytestmark = pytest.mark.usefixtures("colours")

SIZE = Size(120, 40)


def log(server: FakeServer) -> None:
    server.prints(1, "".join(f"row {number} of a log{' with an error' if number % 100 == 50 else ''}\r\n" for number in range(1000)))


def cursor(shown: Shown) -> Point:
    mode = shown.app.stage.sight(PaneId(1)).copy
    assert mode is not None
    return mode.cursor


async def test_every_letter_searches_and_n_goes_on() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, SIZE) as shown:
        log(server)
        await shown.until(lambda: "row 999" in shown.text)
        shown.press("ctrl+b", "/", *"error")
        await shown.until(lambda: "10 of 10" in shown.text, "the newest of ten places")
        assert "?error▏" in shown.text
        assert cursor(shown) == Point(950, 25)
        shown.press("enter", "n")
        await shown.until(lambda: "9 of 10" in shown.text)
        assert "row 850" in shown.text
        shown.press("N", "N")
        await shown.until(lambda: "1 of 10" in shown.text, "round the end")
        shown.press("?", *"nothing like it")
        await shown.until(lambda: "nowhere" in shown.text)
        assert cursor(shown) == Point(50, 24)
        shown.press("escape", "q")
        await shown.until(lambda: "typing into 1" in shown.text)


async def test_all_places_are_marked() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, SIZE) as shown:
        server.prints(1, "one two one\r\nthree one")
        await shown.until(lambda: "three" in shown.text)
        plain = {run.style for line in shown.outer.lines[1:3] for run in shown.outer.row(line)}
        shown.press("ctrl+b", "[", "/", *"one")
        await shown.until(lambda: "of 3" in shown.text)
        shown.look()
        marked = [run.text for line in shown.outer.lines[1:3] for run in shown.outer.row(line) if run.style not in plain]
        assert marked == ["one", "one", "one"]
        shown.press("escape")
        await shown.until(lambda: "copying from" in shown.text)


async def test_a_paste_is_searched_for() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, SIZE) as shown:
        server.prints(1, "one two\r\nthree")
        await shown.until(lambda: "three" in shown.text)
        shown.press("ctrl+b", "/")
        shown.driver.feed(b"\x1b[200~two\nmore\x1b[201~")
        await shown.until(lambda: "1 of 1" in shown.text)
        assert server.typed[PaneId(1)] == b""


@pytest.mark.parametrize(
    ("keys", "pressed", "where"),
    [
        pytest.param("vi", ["ctrl+a"], Point(1, 0), id="ctrl+a: the beginning"),
        pytest.param("vi", ["ctrl+p"], Point(0, 5), id="ctrl+p: up"),
        pytest.param("vi", ["alt+b"], Point(1, 4), id="alt+b: a word back"),
        pytest.param("vi", ["alt+<"], Point(0, 0), id="alt+<: the top"),
        pytest.param("emacs", ["ctrl+a", "ctrl+e"], Point(1, 16), id="ctrl+e: the end, in emacs"),
        pytest.param("emacs", ["ctrl+f"], Point(1, 6), id="ctrl+f: right, in emacs"),
        pytest.param("vi", ["ctrl+a", "f", "R"], Point(1, 11), id="no key where a character is wanted"),
    ],
)
async def test_keys_of_emacs(keys: str, pressed: list[str], where: Point) -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, SIZE, copy_keys=keys) as shown:
        server.prints(1, "some other words\r\none two FouR five\x1b[6G")
        await shown.until(lambda: "FouR" in shown.text)
        shown.press("ctrl+b", "[", "ctrl+a", *["l"] * 5, *pressed)
        await shown.until(lambda: shown.app.stage.sight(PaneId(1)).copy is not None and cursor(shown) == where)


async def test_ctrl_w_and_ctrl_k_copy() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, SIZE) as shown:
        server.prints(1, "one two three")
        await shown.until(lambda: "three" in shown.text)
        shown.press("ctrl+b", "[", "ctrl+a", "ctrl+space", "alt+f", "ctrl+w")
        await shown.until(lambda: shown.app.copied == "one")
        shown.press("ctrl+b", "[", "ctrl+a", "alt+f", "ctrl+k")
        await shown.until(lambda: shown.app.copied == "e two three")
