"""Screens of real agents in panes that are too small for them, or that say something else further up."""

import pytest

from agentgrid.agents.profiles import load_profiles
from agentgrid.agents.rules import read_screen

PROFILES = load_profiles()

CLAUDE = """\
Which of these fruits shall be put into the
basket for tomorrow?

❯ 1. Apple
     Apple
↓ 2. Banana
     Banana
─────────────────────────────────────────────
  6. Chat about this
 ↑ 1 more line

Enter to select · ↑/↓ to navigate · Esc to
cancel"""
CODEX = """\
  Would you like to run the following
  command?

  Environment: local

  Reason: Allow this command?

  [… 10 lines] ^a view all
› 1. Yes, proceed (y)
  2. Yes, and don't ask again for commands
     that start with `touch one.txt two.txt
  Press enter to confirm or esc to cancel"""
CODEX_QUOTES = """\
• Would you like to run it?

  1. Yes
  2. No

  Press enter to confirm or esc to cancel

› Ask Codex to do anything

  GPT-6-Sol default Fast · /work
  ← for agents     ⚠ 2 warnings · f2 to view"""
OPENCODE = """\
  ┃
  ┃  Which of these fruits shall be put
  ┃  into the basket for tomorrow?
  ┃
  ┃  1. Apple
  ┃     Apple
  ┃  2. Banana
  ┃     Banana
  ┃  3. A rather long answer that needs
  ┃     two rows in narrow panes"""
GEMINI = """\
│                                           │
│ Which of these fruits shall be put into   │
│ the basket for tomorrow?                  │
│                                           │
│ ▲                                         │
│ ● 1.  Apple                               │
│       Apple                               │
│ ▼                                         │
│                                           │
│ Enter to select · ↑/↓ to navigate · Esc   │
│ to cancel                                 │
╰───────────────────────────────────────────╯"""
QWEN = """\
     touch one.txt two.txt three.txt        │
     four.txt && sleep 2 && cp one.txt      │
     done-with-a-rather-long-command.txt    │
                                            │
   Allow execution of: 'touch, sleep, c…    │
                                            │
   › 1. Yes, allow once                     │
     2. Always allow run 'touch *' comm…    │
     3. Always allow run 'touch *' comm…    │
     4. No, suggest changes (esc)           │
                                            █
  ⠏ Waiting for user confirmation..."""
QWEN_SCROLLED = """\
   two rows in narrow panes                 │
        A rather long answer that needs     │
        two rows in narrow panes            │
     4. Cherry                              │
        Cherry                              │
     5. Type something...                   │
                                            │
   ↑/↓: Navigate | Enter: Select | Esc:     │
   Cancel                                   │
                                            █
  ⠏ Waiting for user confirmation..."""
COPILOT = """\
 [Current]  Sessions   Issues  →

│                                           │
│ ❯ 1. Yes                                  │
│   2. Yes, and don't ask again for file    │
│   operations when in this directory (/    │
│   work)                                   │
│   3. No, and tell Copilot what to do      │
│   differently (Esc to stop)               │
│                                           │
│ ↑/↓ to navigate · enter to select · esc   │
│ to cancel                                 │
╰───────────────────────────────────────────╯"""
COPILOT_ASKS = """\
 fruit:
 ❯ Apple
   Banana
   A rather long answer that needs two rows
 in narrow panes
   Cherry
   Other (type your answer)

 ↑/↓ select · enter accept · ctrl+d decline
 · esc cancel
─────────────────────────────────────────────"""
BASKET = "Which of these fruits shall be put into the basket for tomorrow?"


@pytest.mark.parametrize(
    ("agent", "text", "kind", "question", "labels"),
    [
        pytest.param("claude", CLAUDE, "question", BASKET, ["Apple", "Banana"], id="claude: the heading is cut off, a list scrolls"),
        pytest.param(
            "codex",
            CODEX,
            "permission",
            "Would you like to run the following command?",
            ["Yes, proceed (y)", "Yes, and don't ask again for commands that start with `touch one.txt two.txt"],
            id="codex: the last answer is cut off",
        ),
        pytest.param(
            "opencode",
            OPENCODE,
            "question",
            BASKET,
            ["Apple", "Banana", "A rather long answer that needs two rows in narrow panes"],
            id="opencode: the foot is cut off",
        ),
        pytest.param("gemini", GEMINI, "question", BASKET, ["Apple"], id="gemini: the heading is cut off, a list scrolls"),
        pytest.param(
            "qwen",
            QWEN,
            "permission",
            "Allow execution of: 'touch, sleep, c…",
            ["Yes, allow once", "Always allow run 'touch *' comm…", "Always allow run 'touch *' comm…", "No, suggest changes (esc)"],
            id="qwen: the question is cut",
        ),
        pytest.param("qwen", QWEN_SCROLLED, "question", "", ["Cherry", "Type something..."], id="qwen: the first answers are cut off"),
        pytest.param(
            "copilot",
            COPILOT,
            "permission",
            "",
            [
                "Yes",
                "Yes, and don't ask again for file operations when in this directory (/ work)",
                "No, and tell Copilot what to do differently (Esc to stop)",
            ],
            id="copilot: the question is cut off",
        ),
        pytest.param(
            "copilot",
            COPILOT_ASKS,
            "question",
            "",
            ["Apple", "Banana", "A rather long answer that needs two rows in narrow panes", "Cherry", "Other (type your answer)"],
            id="copilot: an answer of two rows",
        ),
    ],
)
def test_cut(agent: str, text: str, kind: str, question: str, labels: list[str]) -> None:
    found = read_screen(PROFILES[agent].screens, tuple(text.split("\n")), 45)[0]
    assert (found.state, found.kind) == ("blocked", kind)
    assert found.dialog is not None
    assert found.dialog.question == question
    assert [choice.label for choice in found.dialog.choices] == labels


CODEX_FAILED = """\
■ Conversation interrupted - use /feedback if something went wrong


› another try


■ {"error": {"message": "scripted HTTP 400", "code":
"invalid_request_error"}}


› Ask Codex to do anything

  GPT-6-Sol default · /work
  ← for agents · ? for shortcuts"""
CODEX_STOPPED = """\
■ Conversation interrupted - use /feedback if something went wrong


› Ask Codex to do anything

  GPT-6-Sol default · /work
  ← for agents · ? for shortcuts"""


@pytest.mark.parametrize(
    ("agent", "text", "states"),
    [
        pytest.param("codex", CODEX_FAILED, ["idle", "error"], id="codex: an error below an earlier interrupt"),
        pytest.param("codex", CODEX_STOPPED, ["idle"], id="codex: an interrupt"),
    ],
)
def test_what_a_screen_says(agent: str, text: str, states: list[str]) -> None:
    assert [found.state for found in read_screen(PROFILES[agent].screens, tuple(text.split("\n")), 80)] == states


def test_a_dialog_that_is_quoted_above_the_composer_is_none() -> None:
    assert all(found.state != "blocked" for found in read_screen(PROFILES["codex"].screens, tuple(CODEX_QUOTES.split("\n")), 45))
