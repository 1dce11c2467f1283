"""The ledger: whose uncommitted work is where, in bounded memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.workspace import ledger as ledger_module
from agentgrid.workspace.change import Change, ChangeKind, Evidence, GitAction, GitEvent, change_object
from agentgrid.workspace.ledger import Ledger

A, B = 1, 2


def wrote(pane: int | None, path: str = "f", at: float = 1, evidence: Evidence = Evidence.TRACED, old_path: str = "") -> Change:
    kind = ChangeKind.RENAMED if old_path else ChangeKind.MODIFIED
    return Change(path=path, kind=kind, pane=pane, at=at, evidence=evidence, old_path=old_path)


def filled(*changes: Change) -> Ledger:
    ledger = Ledger()
    for change in changes:
        ledger.record(change)
    return ledger


@pytest.mark.parametrize(
    ("event", "left"),
    [
        pytest.param(
            GitEvent(action=GitAction.COMMITTED, at=2, evidence=Evidence.TRACED, pane=A, paths=("f",), clean=("f",)),
            {A: 1, B: 1},
            id="all of f",
        ),
        pytest.param(
            GitEvent(action=GitAction.COMMITTED, at=2, evidence=Evidence.TRACED, pane=A, paths=("f",)), {A: 1, B: 2}, id="a's part of f"
        ),
        pytest.param(
            GitEvent(action=GitAction.COMMITTED, at=2, evidence=Evidence.OUTSIDE, paths=("f",)), {A: 2, B: 2}, id="some part of f"
        ),
        pytest.param(GitEvent(action=GitAction.STASHED, at=2, evidence=Evidence.TRACED, pane=A, paths=("f", "g", "h")), {}, id="stashed"),
        pytest.param(
            GitEvent(action=GitAction.SWITCHED, at=2, evidence=Evidence.TRACED, pane=A, paths=("f",)), {A: 2, B: 2}, id="carried along"
        ),
    ],
)
def test_what_git_leaves_of_a_panes_work(event: GitEvent, left: dict[int, int]) -> None:
    ledger = filled(wrote(A, "f"), wrote(B, "f"), wrote(A, "g"), wrote(B, "h"))
    ledger.settle(event)
    assert ledger.counts() == left


def test_work_moves_with_its_file() -> None:
    ledger = filled(wrote(A, "f"), wrote(B, "g", old_path="f"))
    assert list(ledger.workers("g")) == [A, B]
    assert ledger.workers("f") == {}


@pytest.mark.parametrize("evidence", [Evidence.UNKNOWN, Evidence.OUTSIDE])
def test_what_nobody_is_known_to_have_written_is_written_down_and_nobodys_work(evidence: Evidence) -> None:
    ledger = filled(wrote(None, evidence=evidence))
    assert (len(ledger.changes()), ledger.counts()) == (1, {})


def test_the_files_that_most_panes_touch_come_first() -> None:
    ledger = filled(*(wrote(pane, path) for pane, paths in ((1, "abc"), (2, "bc"), (3, "c"), (3, "c")) for path in paths))
    assert ledger.hot() == [("c", 3), ("b", 2)]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "MAX_FILES", 10)
    ledger = Ledger(limit=7)
    for number in range(1000):
        ledger.record(wrote(A, f"f{number}"))
    assert ledger.total == 1000
    assert [change.path for change in ledger.changes()] == [f"f{number}" for number in range(993, 1000)]
    assert ledger.counts() == {A: 10}
    assert [change.path for change in ledger.tail(2)] == ["f999", "f998"]


@given(st.lists(st.tuples(st.sampled_from([A, B]), st.sampled_from("fgh")), max_size=30))
def test_a_panes_work_is_its_last_change_of_each_file(writes: list[tuple[int, str]]) -> None:
    changes = [wrote(pane, path, at=float(number)) for number, (pane, path) in enumerate(writes)]
    ledger = filled(*changes)
    for pane in (A, B):
        assert ledger.work_of(pane) == {change.path: change for change in changes if change.pane == pane}
        assert ledger.changes(pane) == [change for change in changes if change.pane == pane]


def test_what_the_command_line_shows() -> None:
    assert change_object(wrote(None, evidence=Evidence.UNKNOWN)) == {
        "path": "f",
        "kind": "modified",
        "pane": None,
        "candidates": [],
        "evidence": "unknown",
        "at": 1,
    }
