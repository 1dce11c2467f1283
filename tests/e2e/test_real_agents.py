"""Claude Code, Codex and opencode themselves, in one grid and one folder, their model scripted by the kit beside the checkout."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from agentgrid.geometry import Size
from tests.support.deadline import eventually
from tests.support.session import COMMAND, Session
from tests.support.tmux import Tmux

pytestmark = pytest.mark.agents

KIT = Path(__file__).parents[2] / ".." / "shared" / "agents"
AGENTS = ("claude", "codex", "opencode")
QUESTIONS = {"claude": "Do you want to", "codex": "Would you like to", "opencode": "Permission required"}
READY = {"claude": "❯", "codex": "›", "opencode": "┃"}

INSTALL_SECONDS = 300.0  # Some 1.2 GB of packages.
TURN_SECONDS = 300.0  # Eight agents start at once, on as few as two cores.
REST_SECONDS = 1.0
WINDOW = Size(240, 72)


class Grid(NamedTuple):
    """Nine panes, attached: agents that ask (1 to 3), that never ask (4 to 6), that wait for a prompt (7, 8), and a shell."""

    session: Session
    window: Tmux

    def file(self, name: str) -> str:
        path = self.session.folder / name
        return path.read_text() if path.exists() else ""


@pytest.fixture(scope="module")
def kit() -> Path:
    """Where the CLIs are, installed when they were missing."""
    if not (KIT / "install.sh").exists():
        pytest.skip("the folder 'shared' with the kit for real agents is not beside the checkout")
    cache = os.environ.get("AGENTGRID_AGENTS") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "agentgrid-agents"
    subprocess.run([KIT / "install.sh", *AGENTS], check=True, timeout=INSTALL_SECONDS, env={**os.environ, "AGENTGRID_AGENTS": str(cache)})
    return Path(cache)


@pytest.fixture(scope="module")
def grid(kit: Path) -> Iterator[Grid]:
    with Session() as session:
        session.environment["AGENTGRID_AGENTS"] = str(kit)
        commands = [command(agent, "ask", writes(f"{agent}_asked.py")) for agent in AGENTS]
        commands += [command(agent, "auto", writes(f"{agent}_alone.py")) for agent in AGENTS]
        commands += [command("claude", "ask"), command("codex", "ask"), ["/bin/sh"]]
        session.start(commands)
        with Tmux(session.folder, session.environment, WINDOW) as window:
            window.enter(COMMAND)
            yield Grid(session, window)


def command(agent: str, mode: str, script: str = "") -> list[str]:
    """A pane's command: the real agent, and what its model shall do."""
    start = [sys.executable, "-B", str(KIT.resolve() / "run.py"), agent, "--mode", mode]
    return [*start, "--script", script] if script else start


def writes(name: str) -> str:
    return f'write {name} "value = 1\\n"; read {name}; edit {name} "value = 1" "value = 2"; done'


def read(grid: Grid, pane: int) -> str:
    """What the pane shows once it has rested for a second: a person reads before they answer, and Claude Code drops what comes sooner."""
    shown, since = "", 0.0

    def rested() -> bool:
        nonlocal shown, since
        now, screen = time.monotonic(), grid.session.screen(pane)
        if screen != shown:
            shown, since = screen, now
        return now - since >= REST_SECONDS

    eventually(rested, f"pane {pane} rests")
    return shown


def allow(grid: Grid, pane: int, agent: str, name: str, content: str) -> None:
    """Answer the agent's questions with Enter, typed into its pane, until the file is what it shall be."""

    def look() -> bool:
        if grid.file(name) == content:
            return True
        asked = grid.session.screen(pane)
        if QUESTIONS[agent] in asked:
            asked = read(grid, pane)
            grid.session.ok("keys", str(pane), "enter")
            eventually(lambda: grid.session.screen(pane) != asked, "the answer is taken; the next question may follow at once")
        return False

    eventually(look, f"{agent} writes {name}:\n{grid.session.screen(pane)}", seconds=TURN_SECONDS)


@pytest.mark.parametrize(("pane", "agent"), list(enumerate(AGENTS, start=4)), ids=AGENTS)
def test_an_agent_writes_and_edits(grid: Grid, pane: int, agent: str) -> None:
    name = f"{agent}_alone.py"
    eventually(lambda: grid.file(name) == "value = 2\n", f"{agent} edits {name}", seconds=TURN_SECONDS)
    assert name in grid.session.screen(pane)


@pytest.mark.parametrize(("pane", "agent"), list(enumerate(AGENTS, start=1)), ids=AGENTS)
def test_a_permission_is_answered_in_its_pane(grid: Grid, pane: int, agent: str) -> None:
    name = f"{agent}_asked.py"
    grid.session.wait_text(pane, QUESTIONS[agent], seconds=TURN_SECONDS)
    assert grid.file(name) == ""
    assert QUESTIONS[agent] in grid.window.text
    allow(grid, pane, agent, name, "value = 2\n")


@pytest.mark.parametrize(("pane", "agent"), [(7, "claude"), (8, "codex")], ids=["claude", "codex"])
def test_a_prompt_typed_in_the_window(grid: Grid, pane: int, agent: str) -> None:
    name = f"{agent}_typed.py"
    grid.session.wait_text(pane, READY[agent], seconds=TURN_SECONDS)
    grid.window.press("C-b", str(pane))
    grid.window.type(f'mock: write {name} "typed\\n"; done')
    grid.session.wait_text(pane, f"write {name}")
    grid.window.press("Enter")
    grid.session.wait_text(pane, QUESTIONS[agent])
    read(grid, pane)
    grid.window.press("Enter")
    eventually(lambda: grid.file(name) == "typed\n", f"{agent} writes {name}")
    assert all(name not in grid.session.screen(other) for other in range(1, 10) if other != pane)


def test_zoom_draws_an_agent_at_the_size_of_the_window(grid: Grid) -> None:
    before = grid.session.panes()[0]
    grid.window.press("C-b", "1")
    grid.window.press("C-b", "z")
    rule = "─" * (before["columns"] + 20)  # Claude Code draws a rule as wide as its terminal above the composer.
    grid.window.wait_text(rule)
    grid.window.press("C-b", "z")
    grid.window.wait_gone(rule)
    eventually(lambda: grid.session.panes()[0]["columns"] == before["columns"], "its size in the grid again")


def test_a_resize_reaches_every_agent(grid: Grid) -> None:
    before = grid.session.panes()
    grid.window.resize(Size(200, 60))
    eventually(
        lambda: all(now["columns"] < then["columns"] for now, then in zip(grid.session.panes(), before, strict=True)), "smaller panes"
    )
    rule = "─" * grid.session.panes()[3]["columns"]
    grid.session.wait_text(4, f"(?m)^{rule}$")
    grid.window.resize(WINDOW)
    eventually(lambda: [pane["columns"] for pane in grid.session.panes()] == [pane["columns"] for pane in before], "the sizes again")


def test_detached_and_back(grid: Grid) -> None:
    pids = [pane["pid"] for pane in grid.session.panes()]
    grid.session.ok("send", "9", "echo shell-$((3 * 3))")
    grid.window.wait_text("shell-9")
    grid.window.press("C-b", "d")
    grid.window.wait_gone("shell-9")
    grid.window.enter(COMMAND)
    grid.window.wait_text("shell-9")
    for name in ("claude_alone.py", "codex_alone.py", "opencode_alone.py"):
        grid.window.wait_text(name)
    assert [pane["pid"] for pane in grid.session.panes()] == pids
