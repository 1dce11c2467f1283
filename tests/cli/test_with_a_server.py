"""Verbs against the real server: what no table can answer."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentgrid.client.client import Client
from agentgrid.geometry import Size
from agentgrid.protocol.messages import AnswerDialog
from tests.support.deadline import eventually
from tests.support.program import Program
from tests.support.session import COMMAND, Session

pytestmark = pytest.mark.e2e

SHELL = ["/bin/sh"]


@pytest.fixture
def session() -> Iterator[Session]:
    with Session() as own:
        yield own


def kill_the_server(session: Session) -> None:
    server = session.server()
    server.kill()
    server.wait(timeout=20)


def test_a_killed_server_is_said_and_down_ends_what_it_left(session: Session) -> None:
    session.start([["/bin/sh", "-c", "exec sleep 1000"]] * 2, "1x2")
    kill_the_server(session)
    answer = session.run("status")
    assert answer.code == 3
    assert answer.err == (
        "agentgrid: the server of session 'project' ended before its programs did; "
        "'agentgrid' takes them over, 'agentgrid down' ends them\n"
    )
    session.ok("down", "--yes")
    eventually(lambda: session.processes() == [], "nothing is left")
    assert "no session 'project' runs" in session.run("status").err


def test_words_that_differ_from_what_is_taken_over(session: Session) -> None:
    session.start([SHELL] * 2, "1x2")
    kill_the_server(session)
    answer = session.run("up", "--no-attach", "2x2", "sh")
    assert answer.code == 2
    assert "its grid is 1x2, not 2x2" in answer.err
    assert len(session.panes()) == 2


def test_a_recording_begins_with_what_is_on_the_screen(session: Session) -> None:
    session.start([SHELL], "1x1")
    session.ok("send", "1", "echo before-$((1 + 1))")
    session.ok("wait", "1", "--text", "^before-2", "--timeout", "10")
    file = session.folder / "a.cast"
    with subprocess.Popen(
        [COMMAND, "record", "a.cast", "1"], cwd=session.folder, env=session.environment, stderr=subprocess.PIPE
    ) as recorder:
        eventually(lambda: file.exists() and "before-2" in file.read_text(), "the screen is recorded")
        session.ok("send", "1", "echo after-$((1 + 1)); exit")
        assert recorder.wait(timeout=20) == 0  # The program has ended, and so has the recording.
    rows = session.ok("replay", "a.cast").splitlines()
    assert "before-2" in rows
    assert rows.index("before-2") < rows.index("after-2")


def test_following_tells_an_exit_and_the_end(session: Session) -> None:
    session.start([SHELL], "1x1")
    with subprocess.Popen(
        [COMMAND, "events", "--follow"], cwd=session.folder, env=session.environment, stdout=subprocess.PIPE
    ) as following:
        assert following.stdout is not None
        assert json.loads(following.stdout.readline())["event"] == "state_changed"
        session.ok("send", "1", "exit 7")
        session.ok("wait", "1", "--exit", "--timeout", "10")
        session.ok("down", "--yes")
        events = [json.loads(line) for line in following.stdout]
    assert following.returncode == 0
    assert {"pane_exited": 7}.items() <= {event["event"]: event.get("exit_code") for event in events}.items()
    assert events[-1]["event"] == "session_ended"


def test_a_command_of_a_pane_means_its_own_session(session: Session) -> None:
    """Wherever the pane works: in a worktree, the folder is another repository's root."""
    session.start([SHELL], "1x1")
    elsewhere = session.base / "elsewhere"
    elsewhere.mkdir()
    session.ok("send", "1", f"cd {elsewhere}; {COMMAND} rename 1 renamed-inside; {COMMAND} ; echo code-$?")
    session.ok("wait", "1", "--text", "code-2", "--timeout", "20")
    assert session.panes()[0]["name"] == "renamed-inside"
    assert "a grid in a pane helps nobody" in session.screen(1).replace("\n", "")


def test_the_demo_starts_and_is_the_same_session_again(session: Session) -> None:
    session.ok("demo", "--no-attach")
    try:
        status = session.json("status", "-s", "demo")
        assert (status["grid"], len(status["panes"])) == ("3x3", 9)
        assert [pane["problem"] for pane in status["panes"]] == [""] * 9
        session.ok("demo", "--no-attach")
        assert session.json("status", "-s", "demo")["panes"][0]["pid"] == status["panes"][0]["pid"]
        assert session.run("demo", "--no-attach", "--seed", "3").code == 2
    finally:
        session.ok("down", "--yes", "-s", "demo")


def test_the_end_of_the_demo_takes_its_repository_with_it(session: Session) -> None:
    session.environment["TMPDIR"] = str(session.base / "t")
    (session.base / "t").mkdir()
    session.ok("demo", "--no-attach")
    folder = Path(session.json("status", "-s", "demo")["folder"])
    assert (folder / ".git").is_dir()
    session.ok("down", "--yes", "-s", "demo")
    eventually(lambda: not session.processes(), "it has ended")
    assert not folder.parent.exists()


@pytest.mark.parametrize("gone", ["its state", "its folder"])
def test_a_demo_of_which_nothing_is_left_starts_anew(session: Session, gone: str, tmp_path: Path) -> None:
    runtime = session.base / "runtime" / "demo"
    runtime.mkdir(mode=0o700, parents=True)
    folder = tmp_path / "tidebook"
    (runtime / "folder").write_bytes(os.fsencode(folder))
    if gone == "its state":
        folder.mkdir()
    session.ok("demo", "--no-attach")
    try:
        status = session.json("status", "-s", "demo")
        assert len(status["panes"]) == 9
        assert all(pane["pid"] for pane in status["panes"])
        assert (Path(status["folder"]) == folder) is (gone == "its state")
    finally:
        session.ok("down", "--yes", "-s", "demo")


def test_the_demo_asks_and_is_answered_from_the_list(session: Session) -> None:
    session.ok("demo", "--no-attach")
    try:
        asking: list[dict[str, Any]] = []

        def asks() -> bool:
            asking[:] = [pane for pane in session.json("status", "-s", "demo")["panes"] if (pane["dialog"] or {}).get("choices")]
            return bool(asking)

        eventually(asks, "one of them asks something")
        pane = asking[0]
        (socket,) = (session.base / "runtime").glob("*/server.sock")
        with Client.connect(socket) as client:
            asked = AnswerDialog(pane=pane["id"], fingerprint=pane["dialog"]["fingerprint"], choice="1")
            assert client.request(asked, timeout=20)["receipt"] == "answered"
    finally:
        session.ok("down", "--yes", "-s", "demo")


def test_up_attaches_and_leaves(session: Session) -> None:
    """The screen comes, ctrl+b d leaves it, and the programs go on."""
    with Program([COMMAND, "1x2", "sh*2"], Size(120, 40), folder=session.folder, environment=session.environment) as program:
        program.wait_text("1 ")
        eventually(lambda: len(session.panes()) == 2, "two panes")
        session.ok("send", "2", "echo seen-$((40 + 2))")
        program.wait_text("seen-42")
        program.type("\x02d")
        assert program.wait_exit() == 0
        assert not program.emulator.modes.alternate_screen
    assert len(session.panes()) == 2


def test_detach_closes_the_screen_from_outside(session: Session) -> None:
    session.start([SHELL], "1x1")
    with Program([COMMAND, "attach"], Size(120, 40), folder=session.folder, environment=session.environment) as program:
        program.wait(lambda: program.emulator.modes.alternate_screen, "the screen")
        eventually(lambda: session.json("ls")[0]["clients"] == 1, "one screen")
        session.ok("detach")
        assert program.wait_exit() == 0
