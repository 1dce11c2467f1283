"""Claude Code, Codex and opencode themselves edit one file in one folder: each edit has its author, by the trace or by hooks."""

import sys
from pathlib import Path

import pytest

from tests.e2e.test_authors import IDENTITY, git
from tests.e2e.test_real_agents import AGENTS, KIT, TURN_SECONDS, kit
from tests.support.deadline import eventually
from tests.support.session import Session
from tests.support.tracing import needs_tracing

__all__ = ["kit"]

pytestmark = [pytest.mark.agents, needs_tracing]

SHARED = "shared.py"
LINES = {"claude": 5, "codex": 30, "opencode": 55}


def wrapper(session: Session, agent: str, script: str) -> str:
    """A program of the agent's own name, so that it is recognised and gets its hooks: the real one, and what its model shall do."""
    path = session.base / f"bin-{agent}" / agent
    path.parent.mkdir()
    path.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -B "{KIT.resolve() / "run.py"}" {agent} --mode auto --script \'{script}\' -- "$@"\n'
    )
    path.chmod(0o755)
    return str(path)


def at_work(session: Session, cache: Path, *, traced: bool) -> None:
    session.environment |= IDENTITY | {"AGENTGRID_AGENTS": str(cache)}
    git(session, "init", "-q", "-b", "main")
    (session.folder / SHARED).write_text("".join(f"value_{number} = {number}\n" for number in range(1, 61)))
    git(session, "add", "-A")
    git(session, "commit", "-qm", "one")
    commands = []
    for agent, line in LINES.items():
        edit = f'edit {SHARED} "value_{line} = {line}" "value_{line} = \\"{agent}\\""'
        commands.append([wrapper(session, agent, f"sleep 3; read {SHARED}; {edit}; done")])
    session.start(commands, "2x2", traced=traced)


def edited(session: Session) -> bool:
    text = (session.folder / SHARED).read_text()
    return all(f'"{agent}"' in text for agent in AGENTS)


def test_three_agents_at_one_file_are_flagged(kit: Path, session: Session) -> None:
    at_work(session, kit, traced=True)
    eventually(lambda: edited(session), "all have edited it", seconds=TURN_SECONDS)

    def all_in_it() -> bool:
        found = [one for one in session.json("conflicts") if one["path"] == SHARED]
        return bool(found) and sorted(found[0]["panes"]) == ["%1", "%2", "%3"]

    eventually(all_in_it, "the conflict names all three")
    (conflict,) = session.json("conflicts")
    assert conflict["evidence"] == ["traced"] * 3
    assert [pane["agent"] for pane in session.panes()] == list(AGENTS)
    assert git(session, "status", "--porcelain") == f" M {SHARED}\n"
    for pane, (agent, line) in enumerate(LINES.items(), 1):
        assert [line, line, f"%{pane}"] in session.json("who", SHARED)["lines"], agent


def test_without_a_trace_their_own_word_names_them(kit: Path, session: Session) -> None:
    at_work(session, kit, traced=False)
    eventually(lambda: edited(session), "all have edited it", seconds=TURN_SECONDS)
    eventually(lambda: len({one["pane"] for one in session.json("changes") if one["path"] == SHARED} - {None}) >= 2, "they are known")
    evidence = {one["pane"]: one["evidence"] for one in session.json("changes") if one["path"] == SHARED}
    assert evidence["%1"] == "reported"
    assert evidence["%3"] == "reported"
