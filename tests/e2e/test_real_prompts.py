"""Prompts for Claude Code, Codex and opencode themselves: receipts, a long paste, and Shift+Enter from an outer terminal."""

import os
import signal
from collections.abc import Iterator

import psutil
import pytest

from agentgrid.geometry import Size
from tests.e2e.test_real_agents import AGENTS, READY, TURN_SECONDS, command, kit
from tests.support.deadline import eventually
from tests.support.outer import Outer
from tests.support.session import COMMAND, Session

__all__ = ["kit"]
pytestmark = pytest.mark.agents

LONG = "\n".join(f"line {number} of a long prompt" for number in range(300))
ALONE = "mock: say hello-there; done"


@pytest.fixture(scope="module")
def agents(kit: os.PathLike[str]) -> Iterator[Session]:
    """A pane for each, that waits for a prompt and never asks."""
    with Session() as session:
        session.environment["AGENTGRID_AGENTS"] = str(kit)
        session.start([command(agent, "auto") for agent in AGENTS], "1x3")
        for pane, agent in enumerate(AGENTS, 1):
            session.wait_text(pane, READY[agent], seconds=TURN_SECONDS)
        yield session


def stop(session: Session, pane: int, number: int) -> None:
    """A signal for all that runs in the pane."""
    program = psutil.Process(int(session.panes()[pane - 1]["pid"]))
    for process in [program, *program.children(recursive=True)]:
        os.kill(process.pid, number)


each = pytest.mark.parametrize(("pane", "agent"), list(enumerate(AGENTS, 1)), ids=AGENTS)


@each
def test_delivered(agents: Session, pane: int, agent: str) -> None:
    assert agents.run("send", str(pane), ALONE, seconds=60).out == "delivered\n"
    agents.ok("wait", str(pane), "--text", "(?m)^.{0,4}hello-there", "--timeout", "60") if agent != "opencode" else None
    agents.run("wait", str(pane), "--state", "done,idle", "--timeout", "30", seconds=60)


@each
def test_a_prompt_of_300_lines_arrives_whole(agents: Session, pane: int, agent: str) -> None:
    assert agents.run("send", str(pane), LONG, seconds=60).out == "delivered\n"
    shown = "line 299 of a long prompt" if agent != "claude" else "(line 299 of a long prompt|Pasted text #1 .299 lines)"
    agents.wait_text(pane, shown, seconds=60)
    agents.run("wait", str(pane), "--state", "done,idle", "--timeout", "30", seconds=60)


@each
def test_half_typed_text_is_not_sent_with_a_prompt(agents: Session, pane: int, agent: str) -> None:
    agents.ok("keys", str(pane), *"half")
    agents.wait_text(pane, "half")
    answer = agents.run("send", str(pane), ALONE, seconds=60)
    assert (answer.code, "('half')" in answer.err) == (2, True), answer
    agents.ok("keys", str(pane), *["backspace"] * 4)
    eventually(lambda: "half" not in agents.screen(pane), "it is gone")


@each
def test_stranded_when_it_is_stopped(agents: Session, pane: int, agent: str) -> None:
    stop(agents, pane, signal.SIGSTOP)
    try:
        answer = agents.run("send", str(pane), "mock: say never-sent; done", seconds=60)
        assert (answer.code, answer.out) == (1, "stranded\n")
    finally:
        stop(agents, pane, signal.SIGCONT)
    agents.wait_text(pane, "say never-sent", seconds=60)
    agents.ok("keys", str(pane), *["backspace"] * 26)
    eventually(lambda: "say never-sent" not in agents.screen(pane), "it stood in the composer")


@each
def test_shift_enter_makes_a_new_line(agents: Session, pane: int, agent: str) -> None:
    agents.ok("focus", str(pane))  # Before the window is there: keys typed just after a move by others go to the pane before.
    with Outer([COMMAND], "kitty", Size(160, 48), agents.environment, agents.folder) as outer:
        outer.wait_for(f"typing into {pane}".encode())
        outer.send(b"alpha-line")
        agents.wait_text(pane, "alpha-line", seconds=60)
        outer.send(b"\x1b[13;2u")
        outer.send(b"beta-line")
        agents.wait_text(pane, r"alpha-line *[┃│]?\n.{0,6}beta-line", seconds=60)
        for _ in range(21):
            outer.send(b"\x7f")
        eventually(lambda: "alpha-line" not in agents.screen(pane), "it is gone")
