"""What the demo's agents ask is read from their screens, so that it can be answered from the list of who needs somebody."""

from pathlib import Path

import pytest

from agentgrid.agents.demo.agent import YES_NO, Agent, Question
from agentgrid.agents.demo.looks import LOOKS, draw
from agentgrid.agents.demo.roles import ROLES
from agentgrid.agents.demo.steps import Edit
from agentgrid.agents.demo_scenario import demo_panes
from agentgrid.agents.profiles import load_profiles
from agentgrid.agents.recognition import identify
from agentgrid.agents.rules import read_screen

DIFF = ("- one = 1", "+ one = 2", *(f"+ line {number}" for number in range(12)))
EARLIER = ("● Bash(make)", "  └ 1. not an answer", "", "• said something", "")


def test_the_development_server_is_no_agent(tmp_path: Path) -> None:
    profiles = load_profiles()
    found = {name: identify(command, profiles) for name, command in demo_panes(tmp_path)}
    assert found == {role.name: "" if role.log else "demo" for role in ROLES}


class NoHands:
    def edit(self, step: Edit) -> bool:
        return bool(step)

    def mentioned(self, prompt: str) -> str:
        return prompt


@pytest.mark.parametrize("columns", [24, 40, 53, 80])
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(
    "question",
    [
        pytest.param(Question("permission", "Run this command?", "Bash(make publish)", YES_NO, ("make publish",)), id="permission"),
        pytest.param(Question("permission", "Make this edit to pyproject.toml?", "Update(pyproject.toml)", YES_NO, DIFF), id="edit"),
        pytest.param(Question("question", "Which harbours?", "Which harbours?", ("All of them", "The north"), ()), id="question"),
    ],
)
def test_read(question: Question, look: str, columns: int) -> None:
    agent = Agent(next(role for role in ROLES if role.look == look), 0, NoHands())
    agent.question = question
    drawn = draw(agent, LOOKS[look], columns, 22)
    rows = tuple("".join(text for _, text in line).rstrip() for line in [*((("", row),) for row in EARLIER), *drawn.live])
    (found,) = read_screen(load_profiles()["demo"].screens, rows, columns)
    assert found.dialog is not None
    assert [choice.label for choice in found.dialog.choices] == list(question.options)
    assert found.dialog.choices[0].chosen
    assert found.dialog.question == question.text
    if question.detail and any(row.startswith("╭") for row in rows):
        assert found.dialog.subject.startswith(question.subject[:20])
