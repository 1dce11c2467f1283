"""Watching real folders: what is seen of what real programs do to files."""

import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agentgrid.workspace import inotify, watched_tree
from agentgrid.workspace.ignore import Ignore
from agentgrid.workspace.pathname import text_of
from agentgrid.workspace.polling import PolledFolders
from agentgrid.workspace.sighting import Seen, Sighting
from agentgrid.workspace.watched_tree import WatchedTree
from agentgrid.workspace.watcher import CoarseWatch, Watch

DEADLINE_SECONDS = 30.0
C, W, X, L, A, G, F, M = Seen.CREATED, Seen.WRITTEN, Seen.CLOSED, Seen.LEFT, Seen.ARRIVED, Seen.GONE, Seen.FOUND, Seen.MISSED

linux = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")


class Watching:
    """A watch under test, with all it has said. Owned by one test."""

    def __init__(self, folder: Path, make: Callable[[bytes, Ignore, Callable[[str], None]], Watch]) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self.seen: list[Sighting] = []
        self.watch = make(os.fsencode(folder), Ignore(self._rules), self.problems.append)
        self.watch.start()

    def until(self, condition: Callable[[], object]) -> None:
        """Read until it holds."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not condition():
            now = time.monotonic()
            assert now < deadline, self.told
            due = self.watch.due
            wait = min(deadline, due if due is not None else deadline) - now
            descriptors = [self.watch.fileno()] if self.watch.fileno() >= 0 else []
            select.select(descriptors, [], [], max(0.0, wait))
            self.seen += self.watch.read()

    def after(self, *commands: str) -> list[tuple[Seen, str]]:
        """What is seen of a shell's commands, up to a file that they make at the end."""
        self.seen.clear()
        subprocess.run(["sh", "-c", "\n".join(commands) + "\n: > end-mark"], cwd=self.folder, check=True)
        self.until(lambda: any(sighting.path == "end-mark" for sighting in self.seen))
        (self.folder / "end-mark").unlink()
        self.until(lambda: any(sighting.path == "end-mark" and sighting.seen in (G, M) for sighting in self.seen))
        self.until(lambda: self.watch.due is None)
        return self.told

    @property
    def told(self) -> list[tuple[Seen, str]]:
        return [(sighting.seen, sighting.path) for sighting in self.seen if sighting.path != "end-mark"]

    def _rules(self, path: str) -> bytes | None:
        file = self.folder / path
        return file.read_bytes() if file.exists() else None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    work = tmp_path / "work"
    (work / "src").mkdir(parents=True)
    (work / "src" / "old").write_text("old\n")
    (work / "node_modules" / "x").mkdir(parents=True)
    (work / ".gitignore").write_text("build/\n*.log\n")
    return work


@pytest.fixture
def watching(folder: Path) -> Iterator[Watching]:
    watching = Watching(folder, WatchedTree)
    yield watching
    watching.watch.close()


@linux
@pytest.mark.parametrize(
    ("command", "expected"),
    [
        pytest.param("echo x > new", [(C, "new"), (W, "new"), (X, "new")], id="create"),
        pytest.param("echo x >> src/old", [(W, "src/old"), (X, "src/old")], id="append"),
        pytest.param(": >> src/old", [(X, "src/old")], id="open without writing"),
        pytest.param("rm src/old", [(G, "src/old")], id="remove"),
        pytest.param("mv src/old src/new", [(L, "src/old"), (A, "src/new")], id="rename"),
        pytest.param("ln src/old link", [(C, "link")], id="hard link"),
        pytest.param("cat src/old > /dev/null", [], id="read"),
        pytest.param("mkdir empty; rmdir empty", [], id="a folder alone"),
        pytest.param("echo x > a.log; mkdir build; echo x > build/a; echo x > node_modules/x/a", [], id="ignored"),
        pytest.param("mv src lib", [(L, "src/old"), (A, "lib/old")], id="a folder moves"),
        pytest.param("mv src lib; echo x >> lib/old", [(L, "src/old"), (A, "lib/old"), (W, "lib/old"), (X, "lib/old")], id="and goes on"),
        pytest.param("mv src ..", [(G, "src")], id="a folder moves away"),
        pytest.param("mv src build; echo x >> build/old", [(G, "src")], id="into what is ignored"),
        pytest.param("mv src/old ../elsewhere", [(L, "src/old")], id="a file moves away"),
        pytest.param("rm -r src", [(G, "src/old")], id="a folder with a file in it"),
    ],
)
def test_what_is_seen(watching: Watching, command: str, expected: list[tuple[Seen, str]]) -> None:
    assert watching.after(command) == expected


@linux
def test_both_halves_of_a_rename_have_one_cookie(watching: Watching) -> None:
    watching.after("mv src/old src/new", "mv src lib")
    first, second, third, fourth = watching.seen[:4]
    assert first.cookie == second.cookie != third.cookie == fourth.cookie


@linux
def test_a_folder_that_appears_filled(watching: Watching) -> None:
    told = watching.after("mkdir -p a/b/c; echo x > a/b/c/deep; echo y > a/b/late")
    assert {path for _, path in told} == {"a/b/c/deep", "a/b/late"}
    assert watching.after("echo z >> a/b/c/deep") == [(W, "a/b/c/deep"), (X, "a/b/c/deep")]


@linux
def test_a_folder_that_comes_from_elsewhere(watching: Watching, tmp_path: Path) -> None:
    (tmp_path / "other" / "sub").mkdir(parents=True)
    (tmp_path / "other" / "sub" / "file").write_text("x")
    assert watching.after("mv ../other .") == [(F, "other/sub/file")]


@linux
def test_rules_that_change(watching: Watching) -> None:
    watching.after("mkdir build; echo x > build/a")
    assert watching.after("echo '*.log' > .gitignore") != []
    assert (W, "build/a") in watching.after("echo y >> build/a")
    watching.after("echo build/ >> .gitignore")
    assert watching.after("echo z >> build/a") == []


@linux
@pytest.mark.parametrize("name", [b"caf\xe9", b"new\nline", b"\x1b[2J", "größe".encode(), b"a" * 255])
def test_any_name(watching: Watching, folder: Path, name: bytes) -> None:
    os.close(os.open(os.fsencode(folder) + b"/" + name, os.O_CREAT | os.O_WRONLY))
    watching.until(lambda: (X, text_of(name)) in watching.told)


@linux
def test_a_workspace_that_goes_away_and_comes_back(watching: Watching, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched_tree, "BACK_SECONDS", 0.05)
    shutil.rmtree(folder)
    watching.until(lambda: watching.problems)
    assert "is gone" in watching.problems[0]
    folder.mkdir()
    (folder / "again").write_text("x")
    watching.until(lambda: len(watching.problems) == 2)
    assert watching.told[-1] == (F, "again")
    assert watching.after("echo y >> again") == [(W, "again"), (X, "again")]


@linux
def test_the_kernels_limit_is_told_and_the_rest_is_polled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = inotify.Inotify.add
    given = iter(range(1))

    def add(self: inotify.Inotify, path: bytes, mask: int) -> int:
        if next(given, None) is None:
            raise OSError(28, "No space left on device")
        return real(self, path, mask)

    monkeypatch.setattr(inotify.Inotify, "add", add)
    monkeypatch.setattr("agentgrid.workspace.polling.PAUSE_SECONDS", 0.05)
    watching = Watching(folder, WatchedTree)
    try:
        assert (watching.watch.watched, watching.watch.polled) == (1, 1)
        assert "max_user_watches" in watching.problems[0]
        (folder / "src" / "old").write_text("changed\n")
        watching.until(lambda: (F, "src/old") in watching.told)
        (folder / "src" / "deeper").mkdir()
        (folder / "src" / "deeper" / "new").write_text("x")
        watching.until(lambda: (F, "src/deeper/new") in watching.told)
        (folder / "src" / "old").unlink()
        watching.until(lambda: (M, "src/old") in watching.told)
    finally:
        watching.watch.close()


@linux
def test_no_instance_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: inotify.Inotify) -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(inotify.Inotify, "__init__", full)
    monkeypatch.setattr("agentgrid.workspace.polling.PAUSE_SECONDS", 0.05)
    watching = Watching(folder, WatchedTree)
    assert watching.watch.fileno() == -1
    assert "max_user_instances" in watching.problems[0]
    (folder / "new").write_text("x")
    watching.until(lambda: (F, "new") in watching.told)
    watching.watch.close()


@linux
def test_events_that_the_kernel_lost_are_found_again(watching: Watching, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "src" / "old").write_text("changed\n")
    lost = [inotify.Event(-1, inotify.Q_OVERFLOW, 0, b"")]
    monkeypatch.setattr(inotify.Inotify, "read", lambda self: [lost.pop()] if lost else [])
    watching.seen += watching.watch.read()
    assert watching.told[0] == (Seen.OVERFLOW, "")
    assert (F, "src/old") in watching.told


@linux
def test_what_changed_while_nobody_watched(folder: Path) -> None:
    since = time.time() + 100
    os.utime(folder / ".gitignore")
    watch = WatchedTree(os.fsencode(folder), Ignore(lambda _: None), print)
    assert watch.start(since) == []
    found = {sighting.path for sighting in watch.start(since - 200)}
    watch.close()
    assert found == {".gitignore", "src/old"}


@pytest.mark.parametrize("polling", [False, True])
def test_watchfiles(folder: Path, polling: bool) -> None:
    watching = Watching(folder, lambda top, ignore, problem: CoarseWatch(top, ignore, problem, force_polling=polling))
    try:
        (folder / "new").write_text("x")
        (folder / "a.log").write_text("x")
        watching.until(lambda: (F, "new") in watching.told)
        (folder / "src" / "old").unlink()
        watching.until(lambda: (M, "src/old") in watching.told)
        assert {path for _, path in watching.told} == {"new", "src/old"}
    finally:
        watching.watch.close()


def test_polling_takes_a_twentieth_of_the_time_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([100.0, 103.0])
    polled = PolledFolders(os.fsencode(tmp_path), lambda _: False, lambda _: [])
    polled.add("", 50.0)
    monkeypatch.setattr("agentgrid.workspace.polling.time.monotonic", lambda: next(clock))
    assert polled.look(100.0) == []
    assert polled.due == 160.0
