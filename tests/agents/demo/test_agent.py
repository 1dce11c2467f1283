"""The mind of a demo agent: what it says, asks and does."""

from collections.abc import Callable

import pytest

from agentgrid.agents.demo.agent import MAX_ENTRIES, Agent, Report, changed_lines
from agentgrid.agents.demo.keys import Key, Pasted
from agentgrid.agents.demo.steps import Choose, Edit, Fail, Role, Run, Say, Step, Think, Turn

MANY_FRAMES = 2000  # More than any turn here takes.


class NotedHands:
    """Edits that are only noted; the text to replace is there unless it is ``gone``."""

    def __init__(self) -> None:
        self.edits: list[Edit] = []

    def edit(self, step: Edit) -> bool:
        self.edits.append(step)
        return step.old != "gone"

    def mentioned(self, prompt: str) -> str:
        return "notes.md" if "notes.md" in prompt else ""


def agent_with(*steps: Step, endless: bool = False, hands: NotedHands | None = None) -> Agent:
    turns = (Turn("Do it", steps),) if steps else ()
    return Agent(Role("tides", "Tides", "box", turns, endless), 1, hands or NotedHands())


def run(agent: Agent, until: Callable[[Agent], bool] = lambda agent: not agent.busy) -> Agent:
    for _ in range(MANY_FRAMES):
        if until(agent):
            return agent
        agent.tick()
    raise AssertionError("it never came true")


def press(agent: Agent, *names: str) -> Agent:
    for name in names:
        agent.take(Key(name))
    return agent


def kinds(agent: Agent) -> list[str]:
    return [entry.kind for entry in agent.entries]


EDIT = Edit("a.py", "1", "2", ask=True)


def test_a_turn_is_working_then_done() -> None:
    agent = agent_with(Think(5, "Charting"), Say("All is well."))
    agent.tick()
    assert agent.report == Report("working", message="Charting")
    run(agent)
    assert agent.report == Report("done", message="All is well.")
    assert kinds(agent) == ["prompt", "said"]


def test_words_stream() -> None:
    agent = agent_with(Say("one two three four five"))
    agent.tick()
    assert agent.streaming == "one"
    agent.tick()
    assert agent.streaming == "one two three"


def test_an_error_ends_the_turn() -> None:
    agent = run(agent_with(Fail("overloaded"), Say("never")))
    assert agent.report == Report("error", message="overloaded")
    assert kinds(agent) == ["prompt", "failed"]


def test_without_turns_it_is_idle() -> None:
    assert agent_with().report == Report("idle")
    assert not agent_with().busy


@pytest.mark.parametrize(
    ("keys", "edited", "state"),
    [
        pytest.param(["1"], True, "done", id="1 is yes"),
        pytest.param(["enter"], True, "done", id="enter takes the first"),
        pytest.param(["2"], True, "done", id="2 is yes for good"),
        pytest.param(["3"], False, "idle", id="3 is no"),
        pytest.param(["escape"], False, "idle", id="esc is no"),
        pytest.param(["down", "down", "enter"], False, "idle", id="down down enter"),
        pytest.param(["down", "up", "up", "enter"], True, "done", id="up stops at the top"),
        pytest.param(["x", "9", "enter"], True, "done", id="other keys do nothing"),
        pytest.param(["ctrl+c"], False, "idle", id="ctrl+c interrupts"),
    ],
)
def test_a_permission(keys: list[str], edited: bool, state: str) -> None:
    hands = NotedHands()
    agent = run(agent_with(EDIT, hands=hands))
    assert agent.report == Report("blocked", "permission", "Make this edit to a.py?")
    assert not agent.busy
    run(press(agent, *keys))
    assert (hands.edits == [EDIT]) is edited
    assert agent.report.state == state


def test_yes_for_good_is_asked_once() -> None:
    hands = NotedHands()
    agent = run(agent_with(EDIT, Run("make", ask=True), EDIT, hands=hands))
    run(press(agent, "2"))
    assert agent.report.state == "done"
    assert len(hands.edits) == 2


def test_a_choice() -> None:
    agent = run(agent_with(Choose("Which?", ("this", "that"))))
    assert agent.report == Report("blocked", "question", "Which?")
    run(press(agent, "2"))
    assert agent.entries[-1].detail == ("that",)


def test_a_file_that_somebody_changed() -> None:
    agent = run(agent_with(Edit("a.py", "gone", "2"), Say("I go on.")))
    assert kinds(agent) == ["prompt", "failed", "said"]


def test_a_typed_prompt_edits_the_file_it_names() -> None:
    hands = NotedHands()
    agent = press(agent_with(hands=hands), *"touch notes.md", "enter")
    assert agent.report.state == "working"
    press(run(agent), "1")
    run(agent)
    assert [step.path for step in hands.edits] == ["notes.md"]


def test_a_prompt_typed_while_it_works_waits_its_turn() -> None:
    agent = agent_with(Think(5), Say("First."))
    agent.tick()
    press(agent, *"second", "enter")
    assert agent.queued == ["second"]
    run(agent)
    assert [entry.text for entry in agent.entries if entry.kind == "prompt"] == ["Do it", "second"]
    assert agent.queued == []


@pytest.mark.parametrize(
    ("keys", "composer"),
    [
        pytest.param([*"abc", "backspace"], "ab", id="backspace"),
        pytest.param([*"one two", "ctrl+w"], "one", id="ctrl+w"),
        pytest.param([*"one", "ctrl+u"], "", id="ctrl+u"),
        pytest.param([*"a", "ctrl+j", "b"], "a\nb", id="ctrl+j"),
        pytest.param([*"a", "alt+enter", "b"], "a\nb", id="alt+enter"),
        pytest.param([*"abc", "ctrl+c"], "", id="ctrl+c empties"),
        pytest.param(["enter"], "", id="nothing to send"),
    ],
)
def test_the_composer(keys: list[str], composer: str) -> None:
    agent = press(agent_with(), *keys)
    assert agent.composer == composer
    assert agent.entries == []
    assert not agent.leaving


def test_a_paste_is_typed_whole() -> None:
    agent = agent_with()
    agent.take(Pasted("one\ntwo"))
    assert agent.composer == "one\ntwo"


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
def test_interrupted(key: str) -> None:
    agent = agent_with(Think(50))
    agent.tick()
    press(agent, key)
    assert agent.report == Report("idle")
    assert kinds(agent) == ["prompt", "interrupted"]


@pytest.mark.parametrize(
    "keys",
    [["ctrl+c", "ctrl+c"], [*"/exit", "enter"], [*"/quit", "enter"], ["ctrl+d"]],
    ids=["ctrl+c twice", "/exit", "/quit", "ctrl+d"],
)
def test_leaving(keys: list[str]) -> None:
    agent = press(agent_with(), *keys[:-1])
    assert not agent.leaving
    assert press(agent, keys[-1]).leaving


def test_an_endless_role_begins_again_and_forgets() -> None:
    agent = agent_with(Say("Again."), endless=True)
    run(agent, lambda agent: agent.forgotten > 0)
    assert agent.busy
    assert len(agent.entries) == MAX_ENTRIES


def test_the_seed_decides() -> None:
    def tokens(seed: int) -> int:
        return Agent(Role("tides", "Tides", "box"), seed, NotedHands()).tokens

    assert tokens(1) == tokens(1)
    assert len({tokens(seed) for seed in range(8)}) > 1


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        pytest.param("a\nb\nc\n", "a\nB\nc\n", ("- b", "+ B"), id="in the middle"),
        pytest.param("", "a\n", ("+ a",), id="only new"),
        pytest.param("a\n", "a\nb\n", ("+ b",), id="one more"),
        pytest.param("a\nb\n", "", ("- a", "- b"), id="only old"),
    ],
)
def test_changed_lines(old: str, new: str, lines: tuple[str, ...]) -> None:
    assert changed_lines(old, new) == lines
