"""What the outer terminal is told: notifications by the sequence it knows, and what the panes do (OSC 7501)."""

import os
from pathlib import Path
from typing import Any

import pytest

from agentgrid.agents.program_status import ProgramStatus, Record
from agentgrid.config.options import NotificationOptions
from agentgrid.geometry import Size
from agentgrid.session import events
from agentgrid.session.pane import Pane, PaneId, PaneStatus
from agentgrid.ui.outer_notice import sequence, spoken
from agentgrid.ui.outer_tmux import around
from agentgrid.ui.passed_on import PassedOn, report
from tests.support.fake_server import FakeServer
from tests.support.grid_screen import showing
from tests.support.memory_driver import KITTY_ANSWERS


@pytest.mark.parametrize(
    ("environment", "kind"),
    [
        pytest.param({"TERM_PROGRAM": "ghostty"}, "osc9", id="ghostty"),
        pytest.param({"TERM": "xterm-kitty"}, "osc99", id="kitty"),
        pytest.param({"TERM": "foot-extra"}, "osc777", id="foot"),
        pytest.param({"TERM": "rxvt-unicode-256color"}, "osc777", id="urxvt"),
        pytest.param({"TERM": "xterm-kitty", "TMUX": "/tmp/x"}, "off", id="inside tmux"),
        pytest.param({"TERM": "xterm-256color"}, "off", id="any other"),
    ],
)
def test_spoken(environment: dict[str, str], kind: str) -> None:
    assert spoken(environment) == kind


def test_sequences() -> None:
    assert sequence("osc9", "a: b", "c") == "\x1b]9;a: b: c\x1b\\"
    assert sequence("osc777", "a;b", "c;d") == "\x1b]777;notify;a,b;c;d\x1b\\"
    assert sequence("osc99", "a", "c").endswith("\x1b]99;i=agentgrid:d=1:p=body;c\x1b\\")
    assert sequence("off", "a", "c") == ""


async def test_a_call_rings_and_tells_the_terminal() -> None:
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, Size(120, 40), notifications=NotificationOptions(terminal="osc9")) as shown:
        server.happens(events.AttentionCalled(title="agentgrid: shop", body="1 p1 needs you: \x1b]0;x\x07", panes=(PaneId(1),)))
        await shown.until(lambda: b"\x1b]9;agentgrid: shop: 1 p1 needs you: " in shown.driver.output)
        assert b"\x07" in shown.driver.output
        assert b"\x1b]0;x" not in shown.driver.output


TMUX = """#!/bin/sh
case $1 in
  display-message) echo '{passes} {term}' ;;
  show-environment) echo 'TERM_PROGRAM={program}' ;;
esac
"""
TOLD = b"\x1b]9;agentgrid: shop: 1 p1 needs you\x1b\\"
THROUGH = b"\x1bPtmux;\x1b\x1b]9;agentgrid: shop: 1 p1 needs you\x1b\x1b\\\x1b\\"


@pytest.mark.parametrize(
    ("passes", "term", "program", "terminal", "told"),
    [
        pytest.param("on", "xterm-ghostty", "", "auto", True, id="a terminal that is known"),
        pytest.param("all", "xterm-256color", "iTerm.app", "auto", True, id="a program that is known"),
        pytest.param("1", "xterm-256color", "", "osc9", True, id="a sequence that was chosen"),
        pytest.param("on", "xterm-256color", "", "auto", False, id="nothing is known"),
        pytest.param("off", "xterm-ghostty", "", "auto", False, id="nothing gets through"),
        pytest.param("", "", "", "osc9", False, id="a tmux that does not know of it"),
    ],
)
async def test_through_tmux(
    passes: str, term: str, program: str, terminal: Any, told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bell rings in any case."""
    (tmp_path / "tmux").write_text(TMUX.format(passes=passes, term=term, program=program))
    (tmp_path / "tmux").chmod(0o700)
    server = FakeServer.with_panes(1, grid=(1, 1))
    async with showing(server, Size(120, 40), notifications=NotificationOptions(terminal=terminal)) as shown:
        monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        rung = shown.driver.output.count(b"\x07")
        server.happens(events.AttentionCalled(title="agentgrid: shop", body="1 p1 needs you", panes=(PaneId(1),)))
        await shown.until(lambda: shown.driver.output.count(b"\x07") > rung)
        await shown.app.workers.wait_for_complete()
        assert (THROUGH in shown.driver.output) is told
        assert TOLD not in shown.driver.output


@pytest.mark.parametrize("tmux", ["#!/bin/sh\nexit 1\n", "no program"])
async def test_a_tmux_that_does_not_answer(tmux: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmux").write_text(tmux)
    monkeypatch.setenv("PATH", str(tmp_path))
    if tmux.startswith("#!"):
        (tmp_path / "tmux").chmod(0o700)
    assert await around({"TMUX": "x"}) is None


def pane(**facts: Any) -> Pane:
    given: dict[str, Any] = {"id": PaneId(3), "name": "claude-1", "command": (), "agent": "claude", "status": PaneStatus.WORKING}
    return Pane(**given | facts)


def test_a_report_is_one() -> None:
    status = ProgramStatus()
    blocked = pane(status=PaneStatus.BLOCKED, status_kind="permission", message="Run\x1b it? " + "ü" * 2000, progress=40)
    assert status.report(report(blocked))
    record = status.current
    assert isinstance(record, Record)
    assert (record.state, record.kind, record.app, record.id, record.progress) == (
        "blocked",
        "permission",
        "claude",
        ("agentgrid", "pane-3"),
        40,
    )
    assert record.title == "claude-1"
    assert record.message.startswith("Run it? ü")


class Listening:
    """A terminal that shows what programs say."""

    def __init__(self) -> None:
        self.takes_program_status = True
        self.written: list[str] = []

    def write(self, data: str) -> None:
        self.written.append(data)


def test_only_what_differs_is_passed_on() -> None:
    passed, driver = PassedOn(), Listening()
    passed.tell(driver, [pane(), pane(id=PaneId(4), status=PaneStatus.UNKNOWN)])
    assert [data.split(":")[0] for data in driver.written] == ["\x1b]7501;state=working"]
    passed.tell(driver, [pane(files_changed=3)])
    assert len(driver.written) == 1
    passed.tell(driver, [pane(status=PaneStatus.EXITED)])
    assert driver.written[1:] == ["\x1b]7501;state=clear:id=agentgrid/pane-3\x1b\\"]


@pytest.mark.parametrize("listens", [True, False])
async def test_a_terminal_that_answers_the_query_is_told(listens: bool) -> None:
    server = FakeServer.with_panes(1, grid=(1, 1), status=PaneStatus.IDLE)
    answers = (b"\x1b]7501;?\x1b\\" if listens else b"") + KITTY_ANSWERS
    async with showing(server, Size(120, 40), answers=answers) as shown:
        server.changes(1, status=PaneStatus.WORKING)
        await shown.until(lambda: "working" in shown.rows[0])
        assert b"7501;?" in shown.driver.output
        assert (b"7501;state=working" in shown.driver.output) is listens
