"""The six agent CLIs themselves, offline: what is said of them while they work, ask, finish, fail and are killed."""

from pathlib import Path

import pytest

from agentgrid.agents.profiles import load_profiles
from tests.agents.live import KIT, Live, kit

AGENTS = ("claude", "codex", "opencode", "gemini", "qwen", "copilot")
ASK = 'ask "Which fruit?" Apple Banana'
FRUIT = '{"type":"string","enum":["Apple","Banana"]}'
ASKS = {"copilot": f'tool ask_user \'{{"message":"Which fruit?","requestedSchema":{{"properties":{{"fruit":{FRUIT}}}}}}}\''}
"""Where the agent's question has another form than the kit's own step."""

pytestmark = [pytest.mark.agents, pytest.mark.timeout(600)]


@pytest.fixture(params=AGENTS)
def live(request: pytest.FixtureRequest, tmp_path: Path) -> Live:
    agent = str(request.param)
    if not KIT.is_dir() or not (kit().cache_dir() / "bin" / agent).exists():
        pytest.skip(f"{agent} is not installed: ../shared/agents/install.sh {agent}")
    return Live(agent, tmp_path)


def test_states(live: Live) -> None:
    with live:
        live.until("idle")
        live.type('mock: say "I look"; sleep 3; write a.txt "one"; done "all finished"')
        live.until("working")
        asked = live.until("blocked", kind="permission")
        assert asked.unseen
        live.answer("1")
        live.until("working", "done")
        live.until("done")
        if live.watch.agent != "codex":  # Of which only the end of a turn is told.
            assert {edit.when for edit in live.edits if edit.path.endswith("/a.txt")} == {"before", "after"}
        live.type(f"mock: {ASKS.get(live.watch.agent, ASK)}; done")
        question = live.until("blocked", kind="question")
        live.answer("2")
        assert "Which fruit?" in question.message or question.message == ""
        live.until("done")
        assert live.watch.session


def test_a_limit_and_a_kill(live: Live) -> None:
    with live:
        live.until("idle")
        live.type("mock: error 429 99; done")
        seen = live.until("limited", "working")
        if live.watch.agent in ("claude", "codex", "opencode"):  # The others tell it late, or not at all.
            seen = live.until("limited")
        assert seen.state != "done"
        live.kill()
        live.until("exited")


def test_an_interrupt(live: Live) -> None:
    with live:
        live.until("idle")
        live.type('mock: say "XYZZY"; sleep 60; done')
        live.until("working")
        live.wait(lambda _: live.text.count("XYZZY") == 2, "in the middle of its work")
        for key in load_profiles()[live.watch.agent].interrupt:
            live.press(key)
        live.until("idle")
