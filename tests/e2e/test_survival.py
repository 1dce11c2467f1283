"""Nothing of ours that dies takes a program with it, and what was on the screens and in the history comes back."""

import shutil
from pathlib import Path

import msgspec
import psutil

from agentgrid.session.session import SessionRecord
from tests.support.deadline import eventually
from tests.support.session import Session


def test_a_killed_server_ends_no_program(session: Session) -> None:
    session.start([["/bin/sh"]] * 9)
    for number in range(1, 10):
        session.ok("send", str(number), f"seq {number}000 {number}099; echo mark-$(({number} * 11))")
        session.wait_text(number, f"mark-{number * 11}")
    before = session.panes()
    shown = [session.screen(number, "--history", "all") for number in range(1, 10)]

    session.server().kill()
    eventually(lambda: not session.serves(), "the server is gone")
    assert all(psutil.pid_exists(pane["pid"]) for pane in before)

    session.ok("up", "--no-attach")
    after = session.panes()
    assert [(pane["id"], pane["pid"], pane["name"], pane["number"]) for pane in after] == [
        (pane["id"], pane["pid"], pane["name"], pane["number"]) for pane in before
    ]
    assert [session.screen(number, "--history", "all") for number in range(1, 10)] == shown
    for number in range(1, 10):
        session.ok("send", str(number), f"echo alive-$(({number} + 100))")
        session.wait_text(number, f"alive-{number + 100}")


def test_what_a_program_prints_while_no_server_runs_is_not_lost(session: Session) -> None:
    go = session.base / "go"
    done = session.base / "done"
    waiting = f"while [ ! -e {go} ]; do sleep 0.05; done; seq 1 50; echo late-news; touch {done}; cat"
    session.start([["/bin/sh", "-c", waiting]], "1x1")
    session.server().kill()
    go.touch()
    eventually(done.exists, "the program goes on")
    session.ok("up", "--no-attach")
    session.wait_text(1, "late-news")
    assert session.screen(1, "--history", "all").split()[:50] == [str(number) for number in range(1, 51)]


def test_a_program_that_ends_while_no_server_runs_is_known_to_have_ended(session: Session) -> None:
    go = session.base / "go"
    session.start([["/bin/sh", "-c", f"while [ ! -e {go} ]; do sleep 0.05; done; echo bye; exit 5"]], "1x1")
    (pane,) = session.panes()
    session.server().kill()
    go.touch()
    eventually(lambda: not psutil.pid_exists(pane["pid"]) or psutil.Process(pane["pid"]).status() == psutil.STATUS_ZOMBIE, "it ends")
    session.ok("up", "--no-attach")
    (pane,) = eventually(lambda: [pane for pane in session.panes() if pane["state"] == "exited"], "it is known")
    assert pane["exit_code"] == 5
    assert "bye" in session.screen(1)


def test_a_stale_socket_is_no_obstacle(session: Session) -> None:
    session.start([["/bin/sh"]], "1x1")
    session.ok("down", "--yes")
    eventually(lambda: session.processes() == [], "it is down")
    session.start([["/bin/sh"]], "1x1")
    session.server().kill()
    for process in session.processes():
        process.kill()
    eventually(lambda: session.processes() == [], "all of it is dead")
    session.ok("up", "--no-attach")
    assert session.run("status").code == 0


def test_where_the_record_is_lost_the_hosts_know(session: Session) -> None:
    """Somebody has tidied up, and then the server is killed: names, places and commands are as they were, and only the text is lost."""
    session.start([["/bin/sh"], ["/bin/sh", "-c", "exec cat"], ["/bin/sh"]], "2x3")
    session.ok("rename", "1", "build")
    session.ok("move", "2", "5")
    session.ok("park", "3")
    session.ok("lock", "1")
    known = ("id", "pid", "name", "number", "agent", "command", "folder", "state", "locked")
    before = [{key: pane[key] for key in known} for pane in session.panes()]
    grid = session.json("status")["grid"]
    state = Path(session.environment["AGENTGRID_STATE_DIR"])
    [record] = state.glob("*/session.msgpack")
    decode = msgspec.msgpack.Decoder(SessionRecord).decode
    eventually(lambda: any(pane.locked for pane in decode(record.read_bytes()).panes), "the last change is saved, and with it handed out")

    session.server().kill()
    eventually(lambda: not session.serves(), "the server is gone")
    shutil.rmtree(state)
    session.ok("up", "--no-attach")

    after = sorted(session.panes(), key=lambda pane: [one["id"] for one in before].index(pane["id"]))
    assert [{key: pane[key] for key in known} for pane in after] == before
    assert session.json("status")["grid"] == grid
    session.ok("restart", "5")
    session.ok("send", "5", "typed")
    session.wait_text(5, "typed")


def test_a_state_folder_that_was_removed_is_made_again(session: Session) -> None:
    session.start([["/bin/sh"], ["/bin/sh"]], "1x2")
    session.ok("send", "2", "echo kept-$((6 * 7))")
    session.wait_text(2, "kept-42")
    state = Path(session.environment["AGENTGRID_STATE_DIR"])
    with session.running("events", "--follow") as following:
        shutil.rmtree(state)
        session.ok("rename", "1", "build")
        eventually(lambda: list(state.glob("*/session.msgpack")), "it is saved again")
        session.ok("rename", "1", "again")
        assert following.stdout is not None
        heard = ""
        while '"again"' not in heard:
            heard = following.stdout.readline()
            assert "problem_raised" not in heard
    (record,) = state.glob("*/session.msgpack")
    eventually(lambda: b"again" in record.read_bytes(), "that is saved, too")
    folders = [state, *(path for path in state.rglob("*") if path.is_dir())]
    assert {oct(folder.stat().st_mode & 0o777) for folder in folders} == {"0o700"}

    session.server().kill()
    eventually(lambda: not session.serves(), "the server is gone")
    session.ok("up", "--no-attach")
    assert session.panes()[0]["name"] == "again"
    assert "kept-42" in session.screen(2)
