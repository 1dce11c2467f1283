"""An answer becomes keys only for the dialog that was seen."""

import pytest

from agentgrid.agents.answering import answer
from agentgrid.agents.verdict import Choice, Dialog, Verdict
from agentgrid.errors import UsageError

NUMBERED = Dialog(
    kind="permission",
    question="Do it?",
    choices=(Choice(label="Yes", key="1", chosen=True), Choice(label="Yes, always", key="2"), Choice(label="No", key="3")),
    fingerprint="a",
)
LISTED = Dialog(
    kind="question",
    question="Which?",
    choices=(Choice(label="Apple"), Choice(label="Banana", chosen=True), Choice(label="Cherry")),
    fingerprint="a",
)
ROW = Dialog(
    kind="permission",
    question="Permission",
    choices=(Choice(label="Once", chosen=True), Choice(label="Always"), Choice(label="Reject")),
    fingerprint="a",
    in_a_row=True,
)


def blocked(dialog: Dialog | None) -> Verdict:
    return Verdict(state="blocked", dialog=dialog)


@pytest.mark.parametrize(
    ("dialog", "chosen", "keys"),
    [
        pytest.param(NUMBERED, "2", ("2",), id="by its number"),
        pytest.param(NUMBERED, "no", ("3",), id="by its text"),
        pytest.param(NUMBERED, "Yes", ("1",), id="the text itself over others that begin so"),
        pytest.param(NUMBERED, "yes, al", ("2",), id="by the beginning of its text"),
        pytest.param(LISTED, "3", ("down", "enter"), id="one down"),
        pytest.param(LISTED, "1", ("up", "enter"), id="one up"),
        pytest.param(LISTED, "2", ("enter",), id="the marked one"),
        pytest.param(ROW, "Reject", ("right", "right", "enter"), id="in a row"),
    ],
)
def test_keys(dialog: Dialog, chosen: str, keys: tuple[str, ...]) -> None:
    assert answer(blocked(dialog), "a", chosen).keys == keys


@pytest.mark.parametrize(
    ("verdict", "fingerprint", "chosen", "says"),
    [
        pytest.param(Verdict(state="working"), "a", "1", "nothing is asked", id="no question"),
        pytest.param(blocked(None), "a", "1", "nothing is asked", id="no dialog"),
        pytest.param(blocked(Dialog(kind="permission", question="Do it?")), "", "1", "answer in the pane", id="known from a hook alone"),
        pytest.param(blocked(NUMBERED), "b", "1", "something else", id="another dialog"),
        pytest.param(blocked(NUMBERED), "a", "4", "no answer '4'", id="no such number"),
        pytest.param(blocked(NUMBERED), "a", "maybe", "no answer 'maybe'", id="no such text"),
        pytest.param(blocked(LISTED), "a", "", "no answer", id="nothing"),
        pytest.param(
            blocked(Dialog(kind="question", question="?", choices=(Choice(label="A"), Choice(label="B")), fingerprint="a")),
            "a",
            "1",
            "cannot be seen",
            id="none is marked",
        ),
    ],
)
def test_refusals(verdict: Verdict, fingerprint: str, chosen: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        answer(verdict, fingerprint, chosen)
