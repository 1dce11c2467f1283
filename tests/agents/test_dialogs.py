"""Questions and answers, as they stand on real screens of different widths."""

import pytest

from agentgrid.agents.dialogs import read
from agentgrid.agents.screen import normal
from agentgrid.agents.verdict import Choice, Dialog

WIDE = """\
 Do you want to create t.py?
 ❯ 1. Yes
   2. Yes, and switch to accept edits (auto-approve file edits and common file
      commands) for this session (shift+tab)
   3. No

 Esc to cancel · Tab to amend"""
NARROW = """\
 Do you want to create t.py?
 ❯ 1. Yes
   2. Yes, and switch to accept edits
      (auto-approve file edits and
      common file commands) for this
      session (shift+tab)
   3. No

 Esc to cancel · Tab to amend"""
QUESTION = """\
│ ● 1.  Apple                   │
│       A fruit                 │
│   2.  Banana                  │
│       Another one             │
│                               │
│ Enter to select               │"""
TABLE = """\
  › 1. Apple              Apple
    2. Banana             Banana
    3. None of the above  Optionally,
                          add details"""
UNNUMBERED = """\
 fruit:
 ❯ Apple
   Banana
   Other (type your answer)

 enter accept"""
SECOND_LIST = """\
1. an old list
2. of the answer

❯ 1. Yes
  2. No"""
RULED = """\
❯ 1. Apple
  2. Type something.
────────────────────────────────────
  3. Chat about this"""


def dialog(text: str, columns: int, fixed: tuple[str, ...] = ()) -> Dialog:
    rows = text.split("\n")
    return read(kind="permission", text=normal(rows), rows=rows, columns=columns, question="?", subject="", fixed=fixed)


@pytest.mark.parametrize(
    ("text", "columns", "labels", "details"),
    [
        pytest.param(WIDE, 80, 3, ["", "", ""], id="wide"),
        pytest.param(NARROW, 40, 3, ["", "", ""], id="narrow"),
        pytest.param(QUESTION, 33, ["Apple", "Banana"], ["A fruit", "Another one"], id="details below"),
        pytest.param(
            TABLE, 40, ["Apple", "Banana", "None of the above  Optionally, add details"], ["Apple", "Banana", ""], id="details beside"
        ),
        pytest.param(UNNUMBERED, 40, ["Apple", "Banana", "Other (type your answer)"], ["", "", ""], id="without numbers"),
        pytest.param(SECOND_LIST, 40, ["Yes", "No"], ["", ""], id="the last list"),
        pytest.param(RULED, 36, ["Apple", "Type something.", "Chat about this"], ["", "", ""], id="a rule between"),
        pytest.param("no answers here", 40, [], [], id="none"),
    ],
)
def test_answers(text: str, columns: int, labels: list[str] | int, details: list[str]) -> None:
    choices = dialog(text, columns).choices
    if isinstance(labels, int):
        assert len(choices) == labels
        assert (
            choices[1].label
            == "Yes, and switch to accept edits (auto-approve file edits and common file commands) for this session (shift+tab)"
        )
    else:
        assert [choice.label for choice in choices] == labels
    assert [choice.detail for choice in choices] == details
    assert [choice.chosen for choice in choices] == [number == 0 for number in range(len(choices))]


def test_answers_that_stand_in_one_row() -> None:
    found = dialog("Allow once   Allow always   Reject  ⇆ select  enter con", 80, ("Allow once", "Allow always", "Reject", "Later"))
    assert [choice.label for choice in found.choices] == ["Allow once", "Allow always", "Reject"]
    assert found.in_a_row


def test_the_fingerprint_is_that_of_the_question() -> None:
    moved = WIDE.replace(" ❯ 1.", "   1.").replace("   3.", " ❯ 3.")
    other = WIDE.replace("t.py", "u.py")
    prints = [dialog(text, columns).fingerprint for text, columns in ((WIDE, 80), (NARROW, 40), (moved, 80), (other, 80))]
    assert prints[0] == prints[1] == prints[2] != prints[3]


def test_which_answer_is_marked() -> None:
    found = dialog(UNNUMBERED.replace("❯ Apple", "  Apple").replace("  Banana", "❯ Banana"), 40)
    assert found.choices[1] == Choice(label="Banana", chosen=True)
    assert not found.choices[0].chosen
