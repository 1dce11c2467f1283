"""The verbs, as a script uses them: what they print, and their exit codes."""

import json

import pytest

from tests.support.deadline import eventually
from tests.support.session import Session

SHELL = ["/bin/sh"]


@pytest.fixture
def grid(session: Session) -> Session:
    """Nine shells."""
    session.start([SHELL] * 9)
    return session


def test_nine_panes_from_one_command(grid: Session) -> None:
    status = grid.json("status")
    assert status["session"] == "project"
    assert status["folder"] == str(grid.folder)
    assert status["grid"] == "3x3"
    panes = status["panes"]
    assert [pane["number"] for pane in panes] == list(range(1, 10))
    assert {(pane["columns"], pane["rows"]) for pane in panes} == {(80, 24)}
    assert len({pane["pid"] for pane in panes}) == len({pane["id"] for pane in panes}) == len({pane["name"] for pane in panes}) == 9
    assert {pane["state"] for pane in panes} == {"unknown"}
    assert {pane["exit_code"] for pane in panes} == {None}


def test_text_goes_to_one_pane_and_no_other(grid: Session) -> None:
    grid.ok("send", "4", "echo only-$((2 * 3))-here")
    grid.wait_text(4, "only-6-here")
    assert [number for number in range(1, 10) if "only-" in grid.screen(number)] == [4]


def test_broadcast_reaches_all_or_those_named(grid: Session) -> None:
    grid.ok("broadcast", "echo all-$((40 + 2))")
    for number in range(1, 10):
        grid.wait_text(number, "all-42")
    grid.ok("broadcast", "echo some-$((40 + 3))", "--to", "2,9")
    for number in (2, 9):
        grid.wait_text(number, "some-43")
    assert [number for number in range(1, 10) if "some-" in grid.screen(number)] == [2, 9]


def test_keys_by_name(session: Session) -> None:
    session.start([SHELL], "1x1")
    session.ok("send", "1", "echo begun; cat")
    session.wait_text(1, r"^begun")
    session.ok("keys", "1", "x", "y", "enter")
    session.wait_text(1, r"xy\n *xy")
    session.ok("keys", "1", "ctrl+c")
    session.ok("send", "1", "echo status-$?")
    session.wait_text(1, "status-130")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(["status"], 0, id="yes"),
        pytest.param(["wait", "1", "--text", "never to be seen", "--timeout", "0.2"], 1, id="timed out"),
        pytest.param(["screen", "nobody"], 2, id="no such pane"),
        pytest.param(["up", "0x3"], 2, id="no such grid"),
        pytest.param(["fly"], 2, id="no such verb"),
        pytest.param(["keys", "1", "nokey"], 2, id="no such key"),
        pytest.param(["-s", "elsewhere", "status"], 3, id="no such session"),
    ],
)
def test_exit_codes(session: Session, arguments: list[str], code: int) -> None:
    session.start([SHELL], "1x1")
    answer = session.run(*arguments)
    assert answer.code == code, answer
    assert (answer.err == "") == (code == 0), answer


def test_a_verb_without_a_session_says_what_to_do(session: Session) -> None:
    answer = session.run("status")
    assert answer.code == 3
    assert answer.out == ""
    assert len(answer.err.splitlines()) == 1
    assert "agentgrid" in answer.err


def test_the_life_of_a_pane(session: Session) -> None:
    session.start([SHELL], "2x2")
    new = session.ok("new", "--name", "second", "--", "/bin/sh", "-c", "echo ready; read line; exit 7").strip()
    assert new == "%2"
    session.ok("rename", "second", "other")
    session.wait_text("other", "ready")
    session.ok("send", "other", "go")
    session.ok("wait", "other", "--exit", "--timeout", "10")
    (pane,) = [pane for pane in session.panes() if pane["id"] == new]
    assert (pane["state"], pane["exit_code"]) == ("exited", 7)
    assert "ready" in session.screen(new)
    session.ok("restart", new)
    eventually(lambda: [pane["state"] for pane in session.panes() if pane["id"] == new] != ["exited"], "it runs again")
    session.ok("close", new)
    eventually(lambda: [pane["id"] for pane in session.panes()] == ["%1"], "it is gone")
    assert session.ok("new", "--", "/bin/sh").strip() == "%3"


def test_a_command_that_is_not_there_says_so_and_the_others_run(session: Session) -> None:
    session.start([["no-such-program-here"], SHELL], "1x2")
    first, second = session.panes()
    assert first["state"] == "exited"
    assert first["problem"].startswith("no-such-program-here: command not found")
    assert second["state"] == "unknown"


def test_a_folder_that_is_not_there_is_one_line(session: Session) -> None:
    session.start([SHELL], "2x2")
    answer = session.run("new", "--folder", "nowhere/at/all", "--", "/bin/sh")
    assert answer.code == 2
    assert "nowhere/at/all" in answer.err
    assert len(answer.err.splitlines()) == 1


def test_a_wrong_key_in_the_configuration_is_named(session: Session) -> None:
    (session.folder / "agentgrid.toml").write_text('them = "harbour"\n')
    answer = session.run("up", "--no-attach")
    assert answer.code == 2
    assert "agentgrid.toml" in answer.err
    assert "'them'" in answer.err
    assert "'theme'" in answer.err


def test_events_begin_with_the_present_and_follow(session: Session) -> None:
    session.start([SHELL], "1x2")
    with session.running("events", "--follow") as following:
        assert following.stdout is not None
        first = json.loads(following.stdout.readline())
        assert first["event"] == "state_changed"
        assert first["pane"] == "%1"
        session.ok("send", "1", "exit 3")
        for line in following.stdout:
            event = json.loads(line)
            assert {"at", "event"} <= event.keys()
            if event["event"] == "pane_exited":
                break
        assert event["pane"] == "%1"


def test_screen_and_history(session: Session) -> None:
    session.start([["/bin/sh", "-c", "seq 1 100; read line"]], "1x1")
    session.wait_text(1, "^100")
    lines = session.screen(1, "--history", "all").split()
    assert lines == [str(number) for number in range(1, 101)]
    assert session.screen(1).split()[-1] == "100"
    assert session.screen(1, "--history", "5").split() == lines[-len(session.screen(1).split()) - 5 :]


def test_ls_and_down(session: Session) -> None:
    session.start([["/bin/sh", "-c", "trap '' HUP TERM; (sleep 1000 & ); sleep 1000"], SHELL], "1x2")
    assert "project" in session.ok("ls")
    assert len(session.processes()) >= 5
    session.ok("down", "--yes")
    eventually(lambda: session.processes() == [], "nothing is left behind")
    assert session.run("status").code == 3
    assert "project" not in session.ok("ls")


def test_up_twice_is_one_session(session: Session) -> None:
    session.start([SHELL], "1x1")
    before = session.panes()
    session.ok("up", "--no-attach")
    assert [pane["pid"] for pane in session.panes()] == [pane["pid"] for pane in before]


def test_a_recording_replays(session: Session) -> None:
    session.start([SHELL], "1x1")
    recording = session.base / "pane.rec"
    with session.running("record", recording, "1"):
        eventually(recording.exists, "the recording begins")
        session.ok("send", "1", "echo recorded-$((5 * 5))")
        session.wait_text(1, "recorded-25")
        eventually(lambda: b"recorded-25" in recording.read_bytes(), "it is on disk")
    assert "recorded-25" in session.ok("replay", recording)
