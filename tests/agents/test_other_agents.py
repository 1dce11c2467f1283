"""Screens of agents that are known from their documentation, and of any other program that asks."""

import pytest

from agentgrid.agents.profiles import load_profiles
from agentgrid.agents.rules import read_screen

PROFILES = load_profiles()

GOOSE = """\
─── text_editor | developer ──────────
path: ~/demo.txt

◆  Goose would like to call the above tool, do you allow?
│  ● Allow (Allow the tool call once)
│  ○ Always Allow
│  ○ Deny"""
AIDER = """\
app.py
Add file to the chat? (Y)es/(N)o/(A)ll/(S)kip all/(D)on't ask again
[Yes]:"""
CURSOR = """\
 Run this command?
 $ npm test
  → Run (once) (y) (enter)
    Skip (esc or n)"""


@pytest.mark.parametrize(
    ("agent", "text", "state", "message"),
    [
        pytest.param("goose", GOOSE, "blocked", "Goose would like to call the above tool, do you allow?", id="goose asks"),
        pytest.param("goose", "( O)> write a file\n⠋ Honking at the data...", "working", "", id="goose works"),
        pytest.param("goose", "done.\n\n( O)> ", "idle", "", id="goose is ready"),
        pytest.param("aider", AIDER, "blocked", "Add file to the chat? (Y)es/(N)o", id="aider asks"),
        pytest.param("aider", "> add a test\n\n░█        Waiting for sonnet", "working", "", id="aider works"),
        pytest.param("aider", "Applied edit to a.py\n─────────────────\narchitect multi> ", "idle", "", id="aider is ready"),
        pytest.param(
            "aider",
            "litellm.RateLimitError: slow down\nRetrying in 8.0 seconds...",
            "limited",
            "litellm.RateLimitError: slow down",
            id="aider 429",
        ),
        pytest.param("cursor", CURSOR, "blocked", "Run this command?", id="cursor asks"),
        pytest.param("cursor", " ⬡ Generating\n\n → Add a follow-up      ctrl+c to stop", "working", "", id="cursor works"),
        pytest.param("cursor", " → Add a follow-up", "idle", "", id="cursor is ready"),
        pytest.param("amp", "Deploy now? [y/N] ", "blocked", "Deploy now? [y/N]", id="yes or no"),
        pytest.param("amp", "$ sudo make install\n[sudo] password for dev: ", "blocked", "[sudo] password for dev:", id="a password"),
        pytest.param("amp", "Which one?\n❯ 1. This\n  2. That\n\nEnter to select", "blocked", "Which one?", id="a dialog"),
        pytest.param("amp", "⠙ Thinking (esc to cancel)", "working", "", id="a spinner"),
    ],
)
def test_screens(agent: str, text: str, state: str, message: str) -> None:
    found = read_screen(PROFILES[agent].screens, tuple(text.split("\n")), 60)
    assert (found[0].state, found[0].message) == (state, message)


def test_gooses_answers() -> None:
    (found,) = read_screen(PROFILES["goose"].screens, tuple(GOOSE.split("\n")), 60)
    assert found.dialog is not None
    assert [choice.label for choice in found.dialog.choices] == ["Allow (Allow the tool call once)", "Always Allow", "Deny"]


@pytest.mark.parametrize("text", ["The password is in the vault.", "Say y/n at any time", "1. one\n2. two", "", "esc"])
def test_what_asks_nothing(text: str) -> None:
    assert read_screen(PROFILES["amp"].screens, tuple(text.split("\n")), 60) == ()
