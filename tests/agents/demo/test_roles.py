"""The nine roles, played to the end of their turns without a terminal: what ``agentgrid demo`` promises to show."""

from pathlib import Path

import pytest

from agentgrid.agents.demo.agent import Agent
from agentgrid.agents.demo.hands import FolderHands
from agentgrid.agents.demo.looks import LOOKS, draw
from agentgrid.agents.demo.paint import text_width
from agentgrid.agents.demo.project import FILES
from agentgrid.agents.demo.roles import ROLES
from agentgrid.agents.demo.steps import FRAMES_A_SECOND, Edit

TEN_SECONDS = 10 * FRAMES_A_SECOND
AGENTS = [role for role in ROLES if not role.log]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


@pytest.fixture
def cast(folder: Path) -> dict[str, Agent]:
    return {role.name: Agent(role, seed, FolderHands(folder, renames=False)) for seed, role in enumerate(AGENTS)}


def test_nine_play_and_one_is_no_agent() -> None:
    assert len(ROLES) == 9
    assert len(AGENTS) == 8


def test_within_ten_seconds_every_state_is_there(cast: dict[str, Agent]) -> None:
    seen: set[tuple[str, str]] = set()
    for _ in range(TEN_SECONDS):
        for agent in cast.values():
            if agent.busy:
                agent.tick()
            seen.add((agent.report.state, agent.report.kind))
    at_the_end = {(agent.report.state, agent.report.kind) for agent in cast.values()}
    every = {("working", ""), ("blocked", "permission"), ("blocked", "question"), ("done", ""), ("error", ""), ("idle", "")}
    assert seen == every
    assert at_the_end == every


def test_two_pairs_edit_the_same_file_within_ten_seconds(cast: dict[str, Agent]) -> None:
    for _ in range(TEN_SECONDS):
        for agent in cast.values():
            if agent.busy:
                agent.tick()
    writers: dict[str, set[str]] = {}
    for name, agent in cast.items():
        for entry in agent.entries:
            if entry.kind == "did" and entry.text.startswith(("Update(", "Write(")):
                writers.setdefault(entry.text.partition("(")[2].rstrip(")"), set()).add(name)
    assert writers["tidebook/tides.py"] == {"tides", "spring"}
    assert writers["docs/api.md"] == {"docs", "api"}


def test_an_endless_role_leaves_no_litter(folder: Path, cast: dict[str, Agent]) -> None:
    """Some ten rounds of all of them, and the project is no larger than after the first."""
    for _ in range(300 * FRAMES_A_SECOND):
        for agent in cast.values():
            if agent.busy:
                agent.tick()
    assert sum(len((folder / path).read_text()) for path in FILES) < sum(map(len, FILES.values())) + 600


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("columns", [4, 12, 24, 40, 79, 200])
@pytest.mark.parametrize("rows", [1, 3, 22])
def test_every_line_fits(look: str, columns: int, rows: int, cast: dict[str, Agent]) -> None:
    for agent in cast.values():
        for _ in range(60):
            if agent.busy:
                agent.tick()
        agent.composer = "a prompt of several words 漢字, which is longer than most panes are wide" * 2
        live, cursor = draw(agent, LOOKS[look], columns, rows)
        assert len(live) <= max(rows - 1, 1)
        assert all(text_width("".join(characters for _style, characters in line)) <= max(columns, 6) for line in live)
        assert 0 <= cursor.row < len(live)
        assert 0 <= cursor.column < columns


def test_the_first_edit_of_each_role_applies(folder: Path) -> None:
    for role in AGENTS:
        edits = [step for turn in role.turns[:1] for step in turn.steps if isinstance(step, Edit)]
        assert all(step.old in FILES[step.path] for step in edits[:1])
