"""The desktop's own clipboard: which tool, and that it gets the text."""

from pathlib import Path

import pytest

from agentgrid.geometry import Size
from agentgrid.ui.clipboard import put, tool
from tests.support.deadline import eventually
from tests.support.fake_server import FakeServer
from tests.support.grid_screen import showing
from tests.ui.test_pointer import clipboard, drag, screen

ALL = ("pbcopy", "wl-copy", "xclip", "xsel", "clip.exe")


def installed(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text(f"#!/bin/sh\ncat > {folder}/new && mv {folder}/new {folder}/copied\n")
        (folder / name).chmod(0o755)


def taken(folder: Path) -> str:
    return (folder / "copied").read_text() if (folder / "copied").exists() else ""


@pytest.mark.parametrize(
    ("platform", "variables", "names", "chosen"),
    [
        pytest.param("linux", {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, ALL, "wl-copy", id="Wayland"),
        pytest.param("linux", {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, ("xsel",), "xsel", id="Wayland without its tool"),
        pytest.param("linux", {"DISPLAY": ":0"}, ALL, "xclip", id="X11"),
        pytest.param("linux", {"DISPLAY": ":0"}, ("wl-copy", "xsel"), "xsel", id="X11 without xclip"),
        pytest.param("linux", {"WSL_DISTRO_NAME": "x"}, ALL, "clip.exe", id="WSL"),
        pytest.param("linux", {}, ALL, "", id="no display"),
        pytest.param("linux", {"DISPLAY": ":0"}, (), "", id="no tool"),
        pytest.param("darwin", {}, ALL, "pbcopy", id="macOS"),
    ],
)
def test_the_tool(tmp_path: Path, platform: str, variables: dict[str, str], names: tuple[str, ...], chosen: str) -> None:
    installed(tmp_path, *names)
    found = tool({"PATH": str(tmp_path), **variables}, platform)
    assert (Path(found[0]).name if found else "") == chosen


def test_it_gets_the_text_whole(tmp_path: Path) -> None:
    installed(tmp_path, "xclip")
    text = "日本 $(touch x)\n" * 100_000
    put(text, (str(tmp_path / "xclip"), "-in"))
    eventually((tmp_path / "copied").exists)
    assert (tmp_path / "copied").read_text() == text


def test_one_that_takes_nothing_is_no_error(tmp_path: Path) -> None:
    put("x" * 1_000_000, ("/bin/true",))
    put("x", (str(tmp_path / "missing"),))


@pytest.mark.usefixtures("colours")
async def test_what_is_copied_is_put_on_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, "xclip", "pbcopy")
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, Size(120, 40)) as shown:
        server.prints(1, "some words")
        await shown.until(lambda: "some words" in shown.text)
        column, row = screen(shown, 1)
        drag(shown, (column, row), (column + 3, row))
        await shown.until(lambda: clipboard(shown) == "some")
        await shown.until(lambda: taken(tmp_path) == "some")
