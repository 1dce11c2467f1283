"""The words for a pane: number, name, id, and what is said when there is none."""

import pytest

from agentgrid.errors import UsageError
from agentgrid.session.pane import Pane, PaneId
from agentgrid.session.select import resolve

PANES = [
    Pane(id=PaneId(7), name="claude-1", command=("claude",), number=1),
    Pane(id=PaneId(8), name="claude-2", command=("claude",), number=3),
    Pane(id=PaneId(9), name="codex-1", command=("codex",), parked=True),
]


@pytest.mark.parametrize(
    ("word", "pane"),
    [
        pytest.param("1", 7, id="number"),
        pytest.param("3", 8, id="number of another"),
        pytest.param("claude-2", 8, id="name"),
        pytest.param("%8", 8, id="id"),
        pytest.param("codex-1", 9, id="name of a parked pane"),
        pytest.param("%9", 9, id="id of a parked pane"),
    ],
)
def test_a_word_names_one_pane(word: str, pane: int) -> None:
    assert resolve(word, PANES) == pane


LIST = "(panes: 1 claude-1, 3 claude-2, %9 codex-1)"


@pytest.mark.parametrize(
    ("word", "message"),
    [
        pytest.param("2", f"there is no pane '2' {LIST}", id="an empty cell"),
        pytest.param("0", f"there is no pane '0' {LIST}", id="the number of the parked"),
        pytest.param("%1", f"there is no pane '%1' {LIST}", id="an id that is gone"),
        pytest.param("claude2", f"there is no pane 'claude2'; did you mean 'claude-2'? {LIST}", id="nearly a name"),
        pytest.param("CODEX-1", f"there is no pane 'CODEX-1'; did you mean 'codex-1'? {LIST}", id="another case"),
        pytest.param("", f"there is no pane '' {LIST}", id="empty"),
    ],
)
def test_no_pane(word: str, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        resolve(word, PANES)
    assert str(raised.value) == message


def test_no_panes_at_all() -> None:
    with pytest.raises(UsageError, match="'agentgrid new' makes one"):
        resolve("1", [])
