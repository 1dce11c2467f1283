"""Links on the screen: underlined while copying, followed with ctrl+click or o, copied with u, reached with tab."""

from pathlib import Path

import pytest

from agentgrid.geometry import Size
from agentgrid.session.pane import PaneId
from agentgrid.ui.screens.confirm import ConfirmScreen
from tests.support.fake_server import FakeServer
from tests.support.grid_screen import Shown, showing
from tests.ui.test_pointer import click, clipboard, screen

pytestmark = pytest.mark.usefixtures("colours")

SIZE = Size(120, 40)
CTRL = 16
ADDRESS = "https://example.org/x"


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the desktop was asked to open."""
    log = tmp_path / "opened"
    for program in (tmp_path / "xdg-open", tmp_path / "open"):
        program.write_text(f'#!/bin/sh\necho "$1" >> {log}\n')
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setenv("DISPLAY", ":0")
    return log


def commands(server: FakeServer) -> list[tuple[str, ...]]:
    """Of the panes after the first."""
    return [pane.command for pane in server.session.panes.values() if pane.id != 1]


def asked_for(opened: Path) -> str:
    return opened.read_text() if opened.exists() else ""


async def shows(shown: Shown, text: str) -> tuple[int, int]:
    """The pane prints it; where its first cell is."""
    shown.server.prints(1, text)
    await shown.until(lambda: shown.server.emulators[PaneId(1)].lines[0].text.strip()[:6] in shown.text)
    return screen(shown, 1)


async def test_ctrl_click_opens_an_address(opened: Path) -> None:
    async with showing(FakeServer.with_panes(1, grid=(1, 1)), SIZE) as shown:
        column, row = await shows(shown, f"see {ADDRESS}")
        click(shown, column + 10, row, CTRL)
        await shown.until(lambda: f"opened {ADDRESS}" in shown.text)
        await shown.until(lambda: asked_for(opened) == f"{ADDRESS}\n")


async def test_a_click_without_ctrl_opens_nothing(opened: Path) -> None:
    async with showing(FakeServer.with_panes(1, grid=(1, 1)), SIZE) as shown:
        column, row = await shows(shown, f"see {ADDRESS}")
        click(shown, column + 10, row)
        shown.press("a")
        await shown.until(lambda: shown.server.typed[PaneId(1)] == b"a")
        assert asked_for(opened) == ""


async def test_a_program_that_has_the_mouse_gets_the_click(opened: Path) -> None:
    async with showing(FakeServer.with_panes(1, grid=(1, 1)), SIZE) as shown:
        column, row = await shows(shown, f"see {ADDRESS}\x1b[?1000h\x1b[?1006h")
        await shown.until(lambda: shown.app.mirror.screens[PaneId(1)].modes.mouse_tracking == 1000)
        click(shown, column + 10, row, CTRL)
        await shown.until(lambda: shown.server.mouse[PaneId(1)])
        assert asked_for(opened) == ""


async def test_a_text_that_lies_is_asked_about(opened: Path) -> None:
    async with showing(FakeServer.with_panes(1, grid=(1, 1)), SIZE) as shown:
        column, row = await shows(shown, "\x1b]8;;https://evil.test/\x1b\\https://example.org\x1b]8;;\x1b\\")
        click(shown, column + 3, row, CTRL)
        await shown.until(lambda: isinstance(shown.app.screen, ConfirmScreen) and "https://evil.test/" in shown.text)
        shown.press("n")
        await shown.until(lambda: not isinstance(shown.app.screen, ConfirmScreen))
        assert asked_for(opened) == ""


async def test_a_place_in_a_file_is_edited_in_a_pane_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "nvim")
    file = tmp_path / "a.py"
    file.touch()
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, Size(200, 40)) as shown:
        column, row = await shows(shown, f"{file}:12: error")
        click(shown, column + 3, row, CTRL)
        await shown.until(lambda: commands(server))
        assert commands(server) == [("nvim", "+12", str(file))]


async def test_without_a_desktop_the_address_is_copied(opened: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY")
    async with showing(FakeServer.with_panes(1, grid=(1, 1)), SIZE) as shown:
        column, row = await shows(shown, f"see {ADDRESS}")
        click(shown, column + 10, row, CTRL)
        await shown.until(lambda: "no browser" in shown.text)
        assert clipboard(shown) == ADDRESS
        assert asked_for(opened) == ""


async def test_in_copy_mode_links_are_underlined_reached_copied_and_opened(opened: Path) -> None:
    async with showing(FakeServer.with_panes(1, grid=(1, 1)), SIZE) as shown:
        await shows(shown, f"see {ADDRESS} and\r\nhttps://example.org/second\r\n")
        assert underlined(shown) == []
        shown.press("ctrl+b", "[")
        await shown.until(lambda: "copying from" in shown.text)
        assert underlined(shown) == [ADDRESS, "https://example.org/second"]
        shown.press("shift+tab")
        await shown.until(lambda: "link to https://example.org/second" in shown.text)
        shown.press("shift+tab")
        await shown.until(lambda: f"link to {ADDRESS}" in shown.text)
        shown.press("u")
        await shown.until(lambda: "copied" in shown.text)
        assert clipboard(shown) == ADDRESS
        shown.press("tab", "o")
        await shown.until(lambda: "opened https://example.org/second" in shown.text)
        shown.press("q")
        await shown.until(lambda: "typing into" in shown.text)
        assert underlined(shown) == []


def underlined(shown: Shown) -> list[str]:
    shown.look()
    return [run.text for line in shown.outer.lines[1:4] for run in shown.outer.row(line) if run.style.underline]
