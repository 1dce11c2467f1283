"""Conflicts, told as short stories: who writes what when, and what is raised, updated and closed."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.workspace.change import Change, ChangeKind, Edit, Evidence, GitAction, GitEvent, Range, Read
from agentgrid.workspace.conflict import (
    SEVERITY,
    Closing,
    Conflict,
    ConflictClosed,
    ConflictEvent,
    ConflictKind,
    conflict_object,
)
from agentgrid.workspace.conflicts import Conflicts, State, find_conflicts

A, B, C = 1, 2, 3
WINDOW, K = 100.0, ConflictKind


def wrote(
    pane: int | None, at: float, path: str = "f", kind: ChangeKind = ChangeKind.MODIFIED, evidence: Evidence = Evidence.TRACED, **more: str
) -> Change:
    return Change(path=path, kind=kind, pane=pane, at=at, evidence=evidence, **more)  # type: ignore[arg-type]


def told(events: Sequence[ConflictEvent]) -> list[tuple[str, str, tuple[int, ...], str]]:
    """Events as what a test looks at: (what, path, panes, worst kind)."""
    return [
        (type(event).__name__.removeprefix("Conflict").lower(), event.conflict.path, event.conflict.panes, event.conflict.kind.value)
        for event in events
    ]


class Story:
    """Owned by one test."""

    def __init__(self) -> None:
        self.state = Conflicts(WINDOW)
        self.events: list[ConflictEvent] = []

    def change(self, change: Change, edit: Edit | None = None) -> list[ConflictEvent]:
        return self._told(self.state.change(change, change.at, edit))

    def git(
        self, action: GitAction, pane: int | None, at: float, *paths: str, clean: Sequence[str] | None = None, exact: bool = False
    ) -> list[ConflictEvent]:
        evidence = Evidence.OUTSIDE if pane is None else Evidence.TRACED
        event = GitEvent(
            action=action, at=at, pane=pane, evidence=evidence, paths=paths, clean=paths if clean is None else tuple(clean), exact=exact
        )
        return self._told(self.state.git(event, at))

    def _told(self, events: list[ConflictEvent]) -> list[ConflictEvent]:
        self.events += events
        return events


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param([wrote(A, 0), wrote(A, 1)], [], id="one pane"),
        pytest.param([wrote(A, 0), wrote(B, 1)], [("f", (A, B))], id="two panes, one file"),
        pytest.param([wrote(B, 0), wrote(A, 1)], [("f", (B, A))], id="in the order they came"),
        pytest.param([wrote(A, 0, "f"), wrote(B, 1, "g")], [], id="two files"),
        pytest.param([wrote(A, 0), wrote(B, WINDOW)], [("f", (A, B))], id="just within the window"),
        pytest.param([wrote(A, 0), wrote(B, WINDOW + 1)], [], id="after the window"),
        pytest.param([wrote(A, 0), wrote(A, 90), wrote(B, 150)], [("f", (A, B))], id="the window counts from the last write"),
        pytest.param([wrote(A, 0), wrote(B, 1), wrote(C, 2)], [("f", (A, B, C))], id="three panes, one conflict"),
        pytest.param([wrote(A, 0), wrote(None, 1, evidence=Evidence.OUTSIDE)], [], id="an editor outside is nobody's conflict"),
        pytest.param([wrote(A, 0), wrote(None, 1, evidence=Evidence.UNKNOWN)], [], id="an unknown author raises nothing"),
        pytest.param([wrote(A, 0), wrote(B, 1, evidence=Evidence.UNKNOWN)], [], id="an author that is no more than a guess raises nothing"),
        pytest.param([wrote(A, 0), wrote(B, 1, evidence=Evidence.REPORTED)], [("f", (A, B))], id="a report counts"),
        pytest.param([wrote(A, 0, kind=ChangeKind.CREATED), wrote(B, 1)], [("f", (A, B))], id="created by one, changed by another"),
        pytest.param([wrote(A, 0), wrote(B, 1, operation="git checkout")], [], id="git's own writes are git's event"),
        pytest.param([wrote(A, 0), wrote(B, 1, "g", ChangeKind.RENAMED, old_path="f")], [("g", (A, B))], id="renamed under another"),
        pytest.param(
            [wrote(A, 0), wrote(A, 1, "g", ChangeKind.RENAMED, old_path="f"), wrote(B, 2, "g")], [("g", (A, B))], id="work moves along"
        ),
        pytest.param([wrote(A, 0), wrote(A, 1, "g", ChangeKind.RENAMED, old_path="f"), wrote(B, 2, "f")], [], id="the old name is free"),
    ],
)
def test_who_is_in_whose_way(changes: list[Change], expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(conflict.path, conflict.panes) for conflict in find_conflicts(changes, window_seconds=WINDOW)] == expected


@pytest.mark.parametrize(
    ("edit", "kind", "lines"),
    [
        pytest.param(None, K.SAME_FILE, (), id="contents not known"),
        pytest.param(Edit(wrote=(Range(9, 9),)), K.SAME_FILE, (), id="other lines"),
        pytest.param(Edit(met=((A, Range(4, 5)),)), K.OVERLAP, (Range(4, 5),), id="lines meet"),
        pytest.param(Edit(met=((A, Range(4, 5)),), lost=((A, Range(7, 7)),)), K.OVERWRITE, (Range(7, 7),), id="lines lost"),
        pytest.param(Edit(lost=((C, Range(7, 7)),)), K.SAME_FILE, (), id="lost lines of one whose work was committed"),
    ],
)
def test_how_bad_it_is(story: Story, edit: Edit | None, kind: ConflictKind, lines: tuple[Range, ...]) -> None:
    story.change(wrote(A, 0))
    [event] = story.change(wrote(B, 1), edit)
    assert (event.conflict.kind, event.conflict.lines) == (kind, lines)


def test_deleting_what_another_wrote_is_overwriting(story: Story) -> None:
    story.change(wrote(A, 0))
    assert told(story.change(wrote(B, 1, kind=ChangeKind.DELETED))) == [("raised", "f", (A, B), "overwrite")]


class TestStale:
    def test_writing_what_changed_since_it_was_read(self, story: Story) -> None:
        story.state.read(Read(path="f", pane=B, at=0))
        story.change(wrote(A, 1))
        [event] = story.change(wrote(B, 2))
        assert event.conflict.kinds == (K.SAME_FILE, K.STALE)

    def test_reading_again_is_enough(self, story: Story) -> None:
        story.state.read(Read(path="f", pane=B, at=0))
        story.change(wrote(A, 1))
        story.state.read(Read(path="f", pane=B, at=1.5))
        assert told(story.change(wrote(B, 2))) == [("raised", "f", (A, B), "same_file")]

    def test_a_pane_whose_reads_are_not_known_is_not_accused(self, story: Story) -> None:
        story.change(wrote(A, 1))
        assert told(story.change(wrote(B, 2))) == [("raised", "f", (A, B), "same_file")]

    def test_a_pane_knows_what_it_wrote_itself(self, story: Story) -> None:
        story.state.read(Read(path="f", pane=B, at=0))
        story.change(wrote(B, 2))
        assert story.change(wrote(B, 3)) == []

    def test_a_commit_does_not_make_a_copy_fresh(self, story: Story) -> None:
        story.state.read(Read(path="f", pane=B, at=0))
        story.change(wrote(A, 1))
        story.git(GitAction.COMMITTED, A, 2, "f")
        assert told(story.change(wrote(B, 3))) == [("raised", "f", (A, B), "stale")]

    def test_the_persons_own_edit_can_be_lost_too(self, story: Story) -> None:
        story.state.read(Read(path="f", pane=B, at=0))
        story.change(wrote(None, 1, evidence=Evidence.OUTSIDE))
        assert told(story.change(wrote(B, 3))) == [("raised", "f", (B,), "stale")]

    def test_a_checkout_makes_copies_stale(self, story: Story) -> None:
        story.state.read(Read(path="f", pane=B, at=0))
        story.change(wrote(A, 1, operation="git switch"))
        assert told(story.change(wrote(B, 3))) == [("raised", "f", (A, B), "stale")]


class TestPace:
    def test_at_most_once_a_second_and_nothing_is_lost(self, story: Story) -> None:
        story.change(wrote(A, 0))
        assert told(story.change(wrote(B, 10))) == [("raised", "f", (A, B), "same_file")]
        assert story.change(wrote(C, 10.1)) == []
        assert story.change(wrote(A, 10.2), Edit(lost=((B, Range(1, 1)),))) == []
        assert story.state.due == 11
        assert story.state.tick(10.9) == []
        assert told(story.state.tick(11)) == [("updated", "f", (A, B, C), "overwrite")]
        assert story.state.due is None
        assert story.state.conflicts()[0].writes == 3

    def test_after_a_second_at_once(self, story: Story) -> None:
        story.change(wrote(A, 0))
        story.change(wrote(B, 10))
        assert told(story.change(wrote(C, 11))) == [("updated", "f", (A, B, C), "same_file")]

    def test_paths_do_not_hold_each_other_up(self, story: Story) -> None:
        for path in "fgh":
            story.change(wrote(A, 0, path))
        assert [event for path in "fgh" for event in told(story.change(wrote(B, 1, path)))] == [
            ("raised", path, (A, B), "same_file") for path in "fgh"
        ]


class TestClosing:
    def test_a_commit(self, story: Story) -> None:
        story.change(wrote(A, 0))
        story.change(wrote(B, 1))
        story.git(GitAction.COMMITTED, None, 2, "f")
        assert story.events[-1] == ConflictClosed(story.state.conflicts(closed=True)[0])
        assert story.state.conflicts(closed=True)[0].closing is Closing.COMMIT
        assert story.change(wrote(B, 3)) == []
        assert told(story.change(wrote(A, 4))) == [("raised", "f", (B, A), "same_file")]

    def test_a_commit_of_a_part_leaves_the_other_panes_work(self, story: Story) -> None:
        story.change(wrote(A, 0))
        story.change(wrote(B, 1))
        assert told(story.git(GitAction.COMMITTED, A, 2, "f", clean=(), exact=True)) == [("closed", "f", (A, B), "same_file")]
        assert told(story.change(wrote(A, 3))) == [("raised", "f", (B, A), "same_file")]

    def test_acknowledging(self, story: Story) -> None:
        story.change(wrote(A, 0))
        [raised] = story.change(wrote(B, 1))
        assert told(story.state.acknowledge(raised.conflict.id)) == [("closed", "f", (A, B), "same_file")]
        assert story.state.acknowledge(raised.conflict.id) == []
        assert story.change(wrote(B, 2)) == []
        assert told(story.change(wrote(A, 3))) == [("raised", "f", (B, A), "same_file")]

    def test_the_second_pane_undoes_its_part(self, story: Story) -> None:
        story.change(wrote(A, 0, digest="one"))
        story.change(wrote(B, 1, digest="two"))
        [event] = story.change(wrote(B, 2, digest="one"))
        assert isinstance(event, ConflictClosed)
        assert event.conflict.closing is Closing.REVERT

    def test_the_first_pane_writing_its_own_version_again_is_no_revert(self, story: Story) -> None:
        story.change(wrote(A, 0, digest="one"))
        story.change(wrote(B, 1, digest="two"))
        story.change(wrote(A, 5, digest="one"), Edit(lost=((B, Range(1, 1)),)))
        assert [conflict.kind for conflict in story.state.conflicts()] == [K.OVERWRITE]

    def test_a_third_pane_in_between_is_not_undone_with_it(self, story: Story) -> None:
        story.change(wrote(A, 0, digest="one"))
        story.change(wrote(B, 1, digest="two"))
        story.change(wrote(C, 5, digest="three"))
        story.change(wrote(B, 9, digest="one"), Edit(lost=((C, Range(1, 1)),)))
        assert [conflict.kind for conflict in story.state.conflicts()] == [K.OVERWRITE]

    def test_a_person_reverts_the_file(self, story: Story) -> None:
        story.change(wrote(A, 0))
        story.change(wrote(B, 1))
        assert told(story.state.reverted("f")) == [("closed", "f", (A, B), "same_file")]
        assert story.change(wrote(A, 2)) == []

    def test_the_conflict_moves_with_its_file(self, story: Story) -> None:
        story.change(wrote(A, 0))
        story.change(wrote(B, 1))
        assert ("updated", "g", (A, B), "same_file") in told(story.change(wrote(A, 2, "g", ChangeKind.RENAMED, old_path="f")))
        assert told(story.git(GitAction.COMMITTED, None, 3, "g")) == [("closed", "g", (A, B), "same_file")]


class TestGit:
    @pytest.mark.parametrize("action", [GitAction.RESET, GitAction.RESTORED, GitAction.CLEANED, GitAction.STASHED])
    def test_taking_anothers_work_away(self, story: Story, action: GitAction) -> None:
        story.change(wrote(A, 0, "f"))
        story.change(wrote(B, 0, "g"))
        assert told(story.git(action, B, 1, "f", "g")) == [("raised", "f", (B, A), "git")]
        assert story.state.writers.files["f"].writers == {}

    @pytest.mark.parametrize("action", [GitAction.SWITCHED, GitAction.MOVED, GitAction.STASHED, GitAction.RESET, GitAction.LOCKED])
    def test_what_everybody_in_the_checkout_notices(self, story: Story, action: GitAction) -> None:
        story.change(wrote(A, 0, "f"))
        assert told(story.git(action, B, 1)) == [("raised", "", (B, A), "git")]

    @pytest.mark.parametrize("action", list(GitAction))
    def test_alone_one_may_do_anything(self, story: Story, action: GitAction) -> None:
        story.change(wrote(A, 0, "f"))
        assert story.git(action, A, 1, "f") == []

    @pytest.mark.parametrize("action", list(GitAction))
    def test_a_person_may_too(self, story: Story, action: GitAction) -> None:
        story.change(wrote(A, 0, "f"))
        assert story.git(action, None, 1, "f") == []

    def test_committing_ones_own(self, story: Story) -> None:
        story.change(wrote(A, 0, "f"))
        story.change(wrote(B, 0, "g"))
        assert story.git(GitAction.COMMITTED, A, 1, "f") == []

    def test_committing_anothers_file(self, story: Story) -> None:
        story.change(wrote(A, 0, "f"))
        story.change(wrote(B, 0, "g"))
        [event] = story.git(GitAction.COMMITTED, A, 1, "f", "g")
        assert (event.conflict.panes, event.conflict.paths) == ((A, B), ("g",))

    def test_many_files_are_one_conflict(self, story: Story) -> None:
        for number in range(500):
            story.change(wrote(A, 0, f"f{number}"))
        events = story.git(GitAction.STASHED, B, 1, *(f"f{number}" for number in range(500)))
        assert [len(event.conflict.paths) for event in events] == [500]

    def test_a_lock_is_over_when_it_is_released(self, story: Story) -> None:
        story.change(wrote(A, 0, "f"))
        story.git(GitAction.LOCKED, B, 1)
        assert story.state.tick(1 + 2 * WINDOW) == []
        assert told(story.git(GitAction.UNLOCKED, B, 2)) == [("closed", "", (B, A), "git")]

    def test_it_is_about_a_moment(self, story: Story) -> None:
        story.change(wrote(A, 0, "f"))
        story.git(GitAction.SWITCHED, B, 1)
        assert story.state.due == 1 + WINDOW
        assert told(story.state.tick(1 + WINDOW)) == [("closed", "", (B, A), "git")]


class TestBulk:
    def test_a_sweep_is_one_conflict(self, story: Story) -> None:
        for number in range(300):
            story.change(wrote(A, 0, f"f{number}"))
        for number in range(300):
            story.change(wrote(B, 1 + number / 1000, f"f{number}", operation="bulk"))
        [conflict] = story.state.conflicts()
        assert (conflict.panes, len(conflict.paths), conflict.kind) == ((A, B), 300, K.SAME_FILE)
        assert len(story.events) == 1

    def test_acknowledging_it_covers_all_its_files(self, story: Story) -> None:
        for path in "fgh":
            story.change(wrote(A, 0, path))
            story.change(wrote(B, 1, path, operation="bulk"))
        [conflict] = story.state.conflicts()
        story.state.acknowledge(conflict.id)
        assert [story.change(wrote(A, 2, path)) for path in "fgh"] == [[], [], []]

    def test_committing_all_its_files_closes_it(self, story: Story) -> None:
        for path in "fgh":
            story.change(wrote(A, 0, path))
            story.change(wrote(B, 1, path, operation="bulk"))
        assert story.git(GitAction.COMMITTED, None, 2, "f", "g") == []
        assert told(story.git(GitAction.COMMITTED, None, 3, "h")) == [("closed", "f", (A, B), "same_file")]


class TestWorktrees:
    def test_once_for_each_answer(self, story: Story) -> None:
        assert told(story.state.diverged("f", (A, B), "merges", 1, 1)) == [("raised", "f", (A, B), "worktree")]
        assert story.state.diverged("f", (B, A), "merges", 5, 5) == []
        assert told(story.state.diverged("f", (A, B), "does not merge", 9, 9)) == [("updated", "f", (A, B), "worktree")]
        assert told(story.state.converged("f")) == [("closed", "f", (A, B), "worktree")]


CHANGES = st.lists(
    st.builds(
        wrote,
        st.sampled_from([A, B, C, None]),
        st.integers(0, 300).map(float),
        st.sampled_from("fgh"),
        evidence=st.sampled_from([Evidence.TRACED, Evidence.REPORTED, Evidence.UNKNOWN, Evidence.OUTSIDE]),
    ),
    max_size=25,
).map(lambda changes: sorted(changes, key=lambda change: change.at))


@given(CHANGES)
def test_exactly_what_the_definition_says(changes: list[Change]) -> None:
    """A path has a conflict if and only if some pane wrote it within the window after another one had."""
    known = [change for change in changes if change.pane is not None and change.evidence in (Evidence.TRACED, Evidence.REPORTED)]
    expected: dict[str, set[int]] = {}
    for number, second in enumerate(known):
        assert second.pane is not None
        for first in known[:number]:
            assert first.pane is not None
            if first.path == second.path and first.pane != second.pane and second.at - first.at <= WINDOW:
                expected.setdefault(second.path, set()).update((first.pane, second.pane))
    found = find_conflicts(changes, window_seconds=WINDOW)
    assert {conflict.path: set(conflict.panes) for conflict in found} == expected
    assert len({conflict.id for conflict in found}) == len(found)


@given(CHANGES, st.integers(0, 25))
def test_a_successor_goes_on_where_a_killed_server_stopped(changes: list[Change], cut: int) -> None:
    whole = Conflicts(WINDOW)
    for change in changes:
        whole.change(change, change.at)
    first = Conflicts(WINDOW)
    for change in changes[:cut]:
        first.change(change, change.at)
    saved = msgspec.msgpack.decode(msgspec.msgpack.encode(first.state()), type=State)
    second = Conflicts(WINDOW, saved)
    for change in changes[cut:]:
        second.change(change, change.at)
    assert second.conflicts() == whole.conflicts()


@given(CHANGES)
def test_listeners_know_what_the_state_knows(changes: list[Change]) -> None:
    state = Conflicts(WINDOW)
    heard: dict[int, Conflict] = {}
    last: dict[int, float] = {}
    for change in [*changes, None]:
        now = change.at if change is not None else 1000.0
        events = state.tick(now) + (state.change(change, now) if change is not None else [])
        for event in events:
            number = event.conflict.id
            assert isinstance(event, ConflictClosed) or now - last.get(number, -1) >= 1, "more than once a second"
            assert SEVERITY[event.conflict.kind] >= SEVERITY[heard.get(number, event.conflict).kind]
            heard[number] = event.conflict
            last[number] = now
    assert list(heard.values()) == state.conflicts()


def test_what_the_command_line_shows() -> None:
    [conflict] = find_conflicts([wrote(A, 1), wrote(B, 2.5)])
    assert conflict_object(conflict) == {
        "id": 1,
        "kind": "same_file",
        "path": "f",
        "panes": ["%1", "%2"],
        "lines": [],
        "evidence": ["traced", "traced"],
        "first": 1,
        "last": 2.5,
        "open": True,
        "kinds": ["same_file"],
        "writes": 1,
    }
