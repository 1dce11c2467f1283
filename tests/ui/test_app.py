"""The beginning and the end of the screen: terminals that cannot show it, faults of ours, and what is said afterwards."""

import os
import sys
from pathlib import Path

import pytest

from agentgrid.addresses import address_for
from agentgrid.errors import ConfigError, NoSession, UsageError
from agentgrid.geometry import Size
from agentgrid.ui import app as app_module
from agentgrid.ui.app import Outcome, check_terminal, run
from agentgrid.ui.crash import recorded
from tests.support.fake_server import FakeServer
from tests.support.grid_screen import showing


class Terminal:
    """Standard input or output."""

    def __init__(self, is_terminal: bool) -> None:
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the test itself: pytest puts its own streams back before each."""
    monkeypatch.setattr(sys, "stdin", Terminal(True))
    monkeypatch.setattr(sys, "stdout", Terminal(True))


@pytest.mark.parametrize("term", ["dumb", "", "unknown"])
def test_a_terminal_that_cannot_show_it(term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    on_a_terminal(monkeypatch)
    with pytest.raises(UsageError, match="cannot show a grid"):
        check_terminal({"TERM": term})


def test_a_terminal_that_can(monkeypatch: pytest.MonkeyPatch) -> None:
    on_a_terminal(monkeypatch)
    check_terminal({"TERM": "xterm"})


def test_no_terminal() -> None:
    with pytest.raises(UsageError, match="needs a terminal"):
        check_terminal({"TERM": "xterm"})


def test_what_is_wrong_is_said_before_anything_is_drawn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    on_a_terminal(monkeypatch)
    monkeypatch.setenv("TERM", "xterm-256color")
    with pytest.raises(ConfigError, match="unknown action"):
        run(address_for(tmp_path), keys={"alt+z": "fly"})
    with pytest.raises(NoSession):
        run(address_for(tmp_path))


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        pytest.param(Outcome("detached"), 0, id="detached"),
        pytest.param(Outcome("ended"), 0, id="the session ended"),
        pytest.param(Outcome("lost"), 3, id="no server"),
        pytest.param(Outcome("failed"), 1, id="a fault of ours"),
    ],
)
def test_exit_codes(outcome: Outcome, code: int) -> None:
    assert outcome.exit_code == code


def test_the_import_is_light() -> None:
    """The command line imports ``ui.app`` to show a screen; Textual comes with the screen itself."""
    assert "textual" not in vars(app_module)


def test_a_fault_is_one_line_and_written_down(own_folders: Path) -> None:
    try:
        raise KeyError("something\nin two lines")
    except KeyError as error:
        outcome = recorded(error)
    (written,) = (own_folders / "state").iterdir()
    assert "\n" not in outcome.message
    assert str(written) in outcome.message
    assert "agentgrid attach" in outcome.message
    assert "Traceback" in written.read_text()
    assert written.stat().st_mode & 0o077 == 0


def test_a_fault_that_cannot_be_written_down(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("AGENTGRID_STATE_DIR", str(tmp_path / "file" / "state"))
    assert "could not be written down" in recorded(ValueError()).message


@pytest.mark.parametrize("where", ["from the server", "from a key"])
async def test_a_fault_ends_the_screen_and_not_in_pages(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, Size(100, 30)) as shown:

        def fails(*_: object) -> None:
            raise ZeroDivisionError("by us")

        if where == "from the server":
            monkeypatch.setattr(shown.app.stage, "changed", fails)
            server.prints(1, "x")
        else:
            monkeypatch.setattr(shown.app.keyboard, "press", fails)
            shown.press("x")
        await shown.until(lambda: shown.app.failure is not None)
        assert shown.app.failure is not None
        assert "ZeroDivisionError: by us" in shown.app.failure.message
    assert os.environ["AGENTGRID_STATE_DIR"] in shown.app.failure.message
