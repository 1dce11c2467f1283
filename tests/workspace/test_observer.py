"""Real programs in real panes: every change has its author, and every collision is told."""

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentgrid.workspace.change import Evidence
from agentgrid.workspace.conflict import Closing, ConflictKind
from agentgrid.workspace.observer import Settings
from tests.support.observed import Observed
from tests.support.tracing import needs_tracing

pytestmark = needs_tracing

A, B, C = 1, 2, 3
K = ConflictKind


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"no {program} here")


@pytest.fixture
def observed(tmp_path: Path) -> Iterator[Observed]:
    with Observed(tmp_path) as observed:
        yield observed


@pytest.fixture
def repository(observed: Observed) -> Observed:
    """With some files, and everything committed."""
    observed.outside("git init -q -b main . && mkdir src && for f in a b c; do seq 1 20 > src/$f; done && git add -A && git commit -qm one")
    observed.run(A, "true")
    return observed


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("echo x > new", [("created", A, "new")], id="create"),
        pytest.param("echo x >> src/a", [("modified", A, "src/a")], id="append"),
        pytest.param("sed -i s/5/five/ src/a", [("modified", A, "src/a")], id="sed -i"),
        pytest.param("echo x > t && mv t src/a", [("modified", A, "src/a")], id="a temporary file, and mv"),
        pytest.param("cp src/a src/b", [("modified", A, "src/b")], id="cp"),
        pytest.param("rm src/a", [("deleted", A, "src/a")], id="rm"),
        pytest.param("mv src/a src/d", [("renamed", A, "src/d")], id="mv"),
        pytest.param("mv src/a src/A", [("renamed", A, "src/A")], id="mv, another case"),
        pytest.param("mv src lib", [("renamed", A, f"lib/{name}") for name in "abc"], id="mv of a folder"),
        pytest.param(
            "mkdir -p x/y && echo 1 > x/y/f && echo 2 > x/g",
            [("created", A, "x/g"), ("created", A, "x/y/f")],
            id="folders that appear filled",
        ),
        pytest.param("tar cf - src | (mkdir t && cd t && tar xf -)", [("created", A, f"t/src/{name}") for name in "abc"], id="tar"),
        pytest.param(
            "ln -s src link && echo x >> link/a", [("created", A, "link"), ("modified", A, "src/a")], id="by way of a linked folder"
        ),
        pytest.param("ln -s src/a link && echo x >> link", [("created", A, "link"), ("modified", A, "src/a")], id="by way of a link"),
        pytest.param("ln src/a hard", [("created", A, "hard")], id="a hard link"),
        pytest.param(
            "printf '%s\\n' '--- src/a' '+++ src/a' '@@ -1,4 +1,4 @@' ' 1' '-2' '+two' ' 3' ' 4' | patch -s -p0",
            [("modified", A, "src/a")],
            marks=needs("patch"),
            id="patch",
        ),
        pytest.param("vim -es -u NONE -c '2s/2/two/' -c wq src/a </dev/null", [("modified", A, "src/a")], marks=needs("vim"), id="vim"),
        pytest.param(
            "vim -es -u NONE -c 'set backup' -c '2s/2/two/' -c wq src/a </dev/null",
            [("modified", A, "src/a")],
            marks=needs("vim"),
            id="vim with a backup",
        ),
        pytest.param("git mv src/a src/d", [("renamed", A, "src/d")], id="git mv"),
        pytest.param("git rm -q src/a", [("deleted", A, "src/a")], id="git rm"),
        pytest.param("cat src/a > /dev/null; test -w src/a; touch src/a", [], id="nothing"),
        pytest.param("(set -C; echo x > src/a) || true", [], id="an attempt that fails"),
        pytest.param(
            "mkdir -p node_modules/x __pycache__ && echo > node_modules/x/y && echo > __pycache__/z && echo > .a.swp",
            [],
            id="what does not count",
        ),
        pytest.param("echo x > \"$(printf 'caf\\351')\"", [("created", A, "caf\U0010ffe9")], id="a name that is not UTF-8"),
    ],
)
def test_one_pane_alone(repository: Observed, script: str, expected: list[tuple[str, int | None, str]]) -> None:
    repository.run(A, script)
    told = repository.mark()
    assert sorted(told, key=str) == sorted(expected, key=str)
    assert {change.evidence for change in repository.changes if change.pane} <= {Evidence.TRACED}


def test_a_write_by_way_of_a_hard_link(repository: Observed) -> None:
    repository.run(A, "ln src/a hard")
    assert repository.mark() == [("created", A, "hard")]
    repository.run(A, "echo x >> hard")
    assert ("modified", A, "hard") in repository.mark()


def test_an_editor_outside_of_all_panes(repository: Observed) -> None:
    repository.outside("echo x >> src/a")
    repository.mark()
    assert next((change.path, change.pane, change.evidence) for change in repository.changes) == ("src/a", None, Evidence.OUTSIDE)


def test_two_panes_and_where_their_lines_meet(repository: Observed) -> None:
    repository.run(A, "sed -i 's/^3$/three/' src/a; sed -i 's/^3$/three/' src/b; sed -i 's/^3$/three/' src/c")
    repository.run(B, "sed -i 's/^18$/eighteen/' src/a; sed -i 's/^4$/four/' src/b; sed -i 's/^three$/drei/' src/c")
    repository.until(lambda: len(repository.conflicts) == 3)
    assert [(one.path, one.kind, one.panes) for one in repository.conflicts] == [
        ("src/a", K.SAME_FILE, (A, B)),
        ("src/b", K.OVERLAP, (A, B)),
        ("src/c", K.OVERWRITE, (A, B)),
    ]
    assert [[(span.first, span.last) for span in one.lines] for one in repository.conflicts] == [[], [(4, 4)], [(3, 3)]]


def test_both_sides_are_kept(repository: Observed) -> None:
    repository.run(A, "echo mine > src/a")
    repository.run(B, "echo yours > src/a")
    repository.until(lambda: repository.conflicts)
    sides = repository.known(lambda view: [next(iter(view.values())).contents.side("src/a", pane) for pane in (A, B)])
    assert sides == [b"mine\n", b"yours\n"]
    kept = [path for path in (repository.folder / "state").rglob("contents/*") if path.is_file()]
    assert len(kept) == 2
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}


def test_secrets_are_not_kept(repository: Observed) -> None:
    for pane in (A, B):
        repository.run(pane, f"echo KEY={pane} > .env; echo ghp_{'x' * 36} {pane} > src/a")
    repository.until(lambda: len(repository.conflicts) == 2)
    assert not [path for path in (repository.folder / "state").rglob("contents/*") if path.is_file()]


def test_a_commit_closes_what_it_holds(repository: Observed) -> None:
    repository.run(A, "echo a >> src/a; echo a >> src/b")
    repository.run(B, "echo b >> src/a; echo b >> src/b")
    repository.outside("git commit -qm two src/a")
    repository.until(lambda: any(not conflict.open for conflict in repository.conflicts))
    assert [(one.path, one.open, one.closing) for one in repository.conflicts] == [("src/a", False, Closing.COMMIT), ("src/b", True, None)]


def test_a_commit_with_anothers_file_names_who_made_it(repository: Observed) -> None:
    repository.run(A, "echo a >> src/a")
    repository.run(B, "echo b >> src/b; git add -A; git commit -qm 'sweeps up'")
    repository.until(lambda: repository.conflicts)
    [conflict] = repository.conflicts
    assert (conflict.kind, conflict.panes, conflict.paths, conflict.summary) == (K.GIT, (B, A), ("src/a",), "commit: sweeps up")


def test_a_commit_of_ones_own_is_no_conflict(repository: Observed) -> None:
    repository.run(A, "echo a >> src/a")
    repository.run(B, "echo b >> src/b; git commit -qm mine src/b")
    repository.until(lambda: repository.git_ran)
    assert repository.conflicts == []
    assert repository.known(lambda view: next(iter(view.values())).ledger.counts()) == {A: 1}


@pytest.mark.parametrize(
    ("script", "summary", "paths"),
    [
        pytest.param("git stash -q", "stash: WIP on main", {"src/a"}, id="stash"),
        pytest.param("git restore src", "git restore", {"src/a"}, id="restore"),
        pytest.param("git checkout -q -- src", "git checkout", {"src/a"}, id="checkout of paths"),
        pytest.param("git reset -q --hard", "reset: moving to HEAD", {"src/a"}, id="reset --hard"),
        pytest.param("git clean -qfd", "git clean", {"new"}, id="clean"),
        pytest.param("git switch -qc topic", "checkout: moving from main to topic", set(), id="switch"),
    ],
)
def test_git_under_another_pane(repository: Observed, script: str, summary: str, paths: set[str]) -> None:
    repository.run(A, "echo a >> src/a; echo a > new")
    repository.run(B, script)
    repository.until(lambda: repository.conflicts)
    [conflict] = repository.conflicts
    assert (conflict.kind, conflict.panes) == (K.GIT, (B, A))
    assert conflict.summary.startswith(summary)
    assert set(conflict.paths) == paths


def test_a_checkout_is_one_event(repository: Observed) -> None:
    repository.outside(
        "for n in $(seq 200); do echo $n > f$n; done; git add -A; git commit -qm two; git branch two; git checkout -q HEAD~1"
    )
    repository.mark()
    repository.happened.clear()
    repository.run(A, "git checkout -q two")
    repository.until(lambda: repository.git_ran and repository.sweeps)
    repository.mark()
    assert repository.told == []
    assert sum(sweep.count for sweep in repository.sweeps) == 200
    assert {(sweep.pane, sweep.operation) for sweep in repository.sweeps} == {(A, "git checkout")}
    assert len(repository.git_ran) == 1
    assert repository.conflicts == []


def test_a_formatter_that_hits_everybody_is_one_conflict_more_or_less(repository: Observed) -> None:
    repository.run(A, "for n in $(seq 150); do echo $n > f$n; done")
    repository.run(B, "for n in $(seq 150); do echo x >> f$n; done")
    repository.until(lambda: sum(len(conflict.paths) or 1 for conflict in repository.conflicts) == 150)
    assert len(repository.conflicts) <= 51


def test_the_index_is_held_too_long(repository: Observed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agentgrid.workspace.git_deeds.LOCK_SECONDS", 0.2)
    repository.run(A, "echo a >> src/a")
    repository.start(B, ["sh", "-c", "set -C; : > .git/index.lock; read go; rm .git/index.lock"])
    repository.until(lambda: repository.conflicts)
    assert "index.lock" in repository.conflicts[0].summary
    os.write(repository._hosts[B].pty, b"\n")
    repository.pump(B)
    repository.until(lambda: not repository.conflicts[0].open)


def test_a_person_reverts_a_file(repository: Observed) -> None:
    repository.run(A, "echo a >> src/a")
    repository.run(B, "echo b >> src/a")
    repository.until(lambda: repository.conflicts)
    repository.outside("git checkout -q -- src/a")
    repository.until(lambda: not repository.conflicts[0].open)
    assert repository.known(lambda view: next(iter(view.values())).ledger.counts()) == {}


def test_acknowledging(repository: Observed) -> None:
    repository.run(A, "echo a >> src/a")
    repository.run(B, "echo b >> src/a")
    repository.until(lambda: repository.conflicts)
    repository.observer.do(lambda view: [happened for one in view.values() for happened in one.acknowledge(repository.conflicts[0].id)])
    repository.until(lambda: not repository.conflicts[0].open)


def test_what_the_configuration_leaves_out(tmp_path: Path) -> None:
    with Observed(tmp_path, Settings(ignore=("generated/**",))) as observed:
        for pane in (A, B):
            observed.run(pane, f"mkdir -p generated/deep; echo {pane} > generated/deep/f; echo {pane} > f")
        observed.until(lambda: observed.conflicts)
        observed.mark()
        assert [conflict.path for conflict in observed.conflicts] == ["f"]
        assert {path for _, _, path in observed.told} == {"generated/deep/f", "f"}


class TestUntraced:
    def test_nobody_is_claimed(self, repository: Observed) -> None:
        for pane in (A, B):
            repository.run(pane, "echo x >> src/a", traced=False)
            repository.until(lambda: len(repository.changes) > 0)
        assert {change.evidence for change in repository.changes} <= {Evidence.UNKNOWN, Evidence.OBSERVED, Evidence.ONLY_CANDIDATE}

    def test_two_that_may_have_been_it(self, repository: Observed) -> None:
        for pane in (A, B):
            repository.start(pane, ["cat"], traced=False)
        repository.run(C, "true")
        repository.outside("echo x >> src/a")
        repository.until(lambda: repository.changes)
        change = repository.changes[0]
        assert (change.pane, change.candidates, change.evidence) == (None, (A, B), Evidence.UNKNOWN)
        assert repository.conflicts == []

    def test_the_only_one_that_was_active(self, tmp_path: Path) -> None:
        with Observed(tmp_path, last_active=lambda pane: float("inf") if pane == A else 0.0) as observed:
            for pane in (A, B):
                observed.start(pane, ["cat"], traced=False)
            observed.known(lambda view: None)
            observed.outside("echo x > f")
            observed.until(lambda: observed.changes)
            assert (observed.changes[0].pane, observed.changes[0].evidence) == (A, Evidence.ONLY_CANDIDATE)

    @pytest.mark.skipif(sys.platform != "linux", reason="processes are looked into on Linux")
    def test_one_that_has_the_file_open(self, repository: Observed) -> None:
        repository.start(B, ["cat"], traced=False)
        script = "with open('src/a', 'a') as file:\n for _ in range(10): file.write('x'); file.flush()\n input()"
        repository.start(A, [sys.executable, "-c", script], traced=False)
        repository.until(lambda: repository.changes)
        assert (repository.changes[0].pane, repository.changes[0].evidence) == (A, Evidence.OBSERVED)

    def test_what_an_agent_reports_itself(self, repository: Observed) -> None:
        import time

        repository.start(B, ["cat"], traced=False)
        repository.start(A, ["cat"], traced=False)
        repository.known(lambda view: None)
        repository.outside("echo x >> src/a")
        repository.observer.report(A, str(repository.root / "src" / "a"), time.monotonic())
        repository.until(lambda: repository.changes)
        assert (repository.changes[0].pane, repository.changes[0].evidence) == (A, Evidence.REPORTED)


class TestSuccessor:
    def test_it_knows_what_its_predecessor_knew(self, repository: Observed) -> None:
        repository.run(A, "echo a >> src/a; echo a > new")
        repository.run(B, "echo b >> src/a")
        repository.until(lambda: repository.conflicts)
        before = repository.conflicts
        repository.restart()
        repository.run(B, "true")
        view = repository.known(lambda view: [(one.conflicts.conflicts(), one.ledger.counts()) for one in view.values()])
        assert view == [(before, {A: 2, B: 1})]
        repository.run(A, "echo again >> src/a")
        repository.until(lambda: repository.conflicts[0].writes > before[0].writes)
        assert [conflict.id for conflict in repository.conflicts] == [before[0].id]

    def test_a_killed_one_has_written_everything_down(self, repository: Observed) -> None:
        repository.run(A, "echo a >> src/a")
        repository.run(B, "echo b >> src/a")
        repository.until(lambda: repository.conflicts)
        copy = repository.folder / "copy"
        shutil.copytree(repository.folder / "state", copy)  # What a killed server leaves: nothing was saved at an end.
        repository.observer.close()
        shutil.rmtree(repository.folder / "state")
        copy.rename(repository.folder / "state")
        repository.observer = repository._new_observer()
        repository.observer.start()
        repository.run(C, "true")
        conflicts = repository.known(lambda view: [conflict for one in view.values() for conflict in one.conflicts.conflicts()])
        assert [(conflict.path, conflict.panes) for conflict in conflicts] == [("src/a", (A, B))]

    def test_what_changed_meanwhile_is_found(self, repository: Observed) -> None:
        repository.run(A, "echo a >> src/a")
        repository.until(lambda: repository.changes)
        repository.observer.close()
        repository.outside("echo b >> src/b; echo new > new")
        repository.happened.clear()
        repository.observer = repository._new_observer()
        repository.observer.start()
        repository.run(C, "true")
        repository.until(lambda: len(repository.told) == 2)
        assert {path for _, _, path in repository.told} == {"src/b", "new"}


class TestPlaces:
    def test_a_worktree_is_a_workspace_of_its_own(self, repository: Observed) -> None:
        repository.outside("git worktree add -q ../tree")
        tree = repository.folder / "tree"
        repository.run(B, "echo b >> src/a; git commit -qam 'in the tree'", folder=tree)
        repository.run(A, "echo a >> src/a")
        repository.until(lambda: len(repository.told) == 2)
        repository.until(lambda: repository.git_ran)
        assert repository.conflicts == []
        assert repository.git_ran[0].event.pane == B
        assert repository.known(lambda view: {one.top.name: one.ledger.counts() for one in view.values()}) == {
            "project": {A: 1},
            "tree": {},
        }

    def test_a_repository_in_a_repository(self, repository: Observed) -> None:
        repository.run(A, "git init -q inner && cd inner && echo x > f && git add f && git commit -qm inner")
        assert repository.mark() == [("created", A, "inner/f")]

    def test_no_repository_at_all(self, observed: Observed) -> None:
        observed.run(A, "echo 'out/' > .gitignore; mkdir out; echo x > out/f; echo x > f")
        observed.run(B, "echo y > f")
        observed.until(lambda: observed.conflicts)
        assert {path for _, _, path in observed.mark()} == {".gitignore", "f"}

    def test_the_folder_goes_away(self, observed: Observed, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("agentgrid.workspace.watched_tree.BACK_SECONDS", 0.05)
        observed.run(A, "echo x > f")
        shutil.rmtree(observed.root)
        observed.until(lambda: observed.troubles)
        observed.root.mkdir()
        observed.until(lambda: len(observed.troubles) == 2)
        observed.run(A, "echo x > again")
        observed.until(lambda: ("created", A, "again") in observed.told)


def test_a_full_disk_is_told_and_changes_go_on(repository: Observed, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, data: bytes) -> int:
        if len(data) > 1 and threading.current_thread().name == "agentgrid-observer":
            raise OSError(28, "No space left on device")
        return write(descriptor, data)

    write = os.write
    monkeypatch.setattr("agentgrid.workspace.archive.os.write", full)
    repository.run(A, "echo a >> src/a")
    repository.until(lambda: repository.troubles)
    assert "No space left" in repository.troubles[0]
    repository.run(B, "echo b >> src/a")
    repository.until(lambda: repository.conflicts)
