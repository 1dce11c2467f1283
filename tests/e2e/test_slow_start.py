"""A program whose start takes long (its folder is on a network, the machine swaps): everything else goes on.

The spawner is stopped, so that what is asked of it waits.
"""

import contextlib

import psutil
import pytest

from tests.support.deadline import DEADLINE_SECONDS, eventually
from tests.support.session import Session

SHELL = ["/bin/sh"]


@pytest.fixture
def spawner(session: Session) -> psutil.Process:
    """Stopped, in a session with one shell."""
    session.start([SHELL], "2x2")
    (spawner,) = [child for child in session.server().children() if child.name() == "agentgrid-spawn"]
    spawner.suspend()
    return spawner


def until_starting(session: Session) -> None:
    eventually(lambda: [pane["state"] for pane in session.panes()].count("starting") == 1)


def running(session: Session, command: list[str]) -> list[int]:
    found = []
    for process in session.processes():
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.cmdline()[-len(command) :] == command:
                found.append(process.pid)
    return found


def test_others_go_on_and_then_it_is_there(session: Session, spawner: psutil.Process) -> None:
    with session.running("new", "--", "/bin/sh") as new:
        until_starting(session)
        session.ok("send", "1", "echo beside-$((6 * 7))")
        session.wait_text(1, "beside-42")
        refused = session.run("send", "2", "echo hello")
        assert (refused.code, refused.err) == (2, "agentgrid: sh-2 is still starting; try again in a moment\n")
        spawner.resume()
        printed, _ = new.communicate(timeout=DEADLINE_SECONDS)
    assert (new.returncode, printed) == (0, "%2\n")
    session.ok("send", "2", "echo there-$((6 * 7))")
    session.wait_text(2, "there-42")


def test_a_pane_that_is_closed_meanwhile_leaves_nothing(session: Session, spawner: psutil.Process) -> None:
    with session.running("new", "--", "sleep", "4321") as new:
        until_starting(session)
        session.ok("close", "2")
        spawner.resume()
        new.communicate(timeout=DEADLINE_SECONDS)
    assert new.returncode == 1, "closed before it had started"
    assert [pane["name"] for pane in session.panes()] == ["sh"]
    eventually(lambda: not running(session, ["sleep", "4321"]))


def test_a_restart_meanwhile_runs_it_once(session: Session, spawner: psutil.Process) -> None:
    with session.running("new", "--", "sleep", "4321") as new:
        until_starting(session)
        with session.running("restart", "2") as again:
            eventually(lambda: len(running(session, ["restart", "2"])) == 1)
            spawner.resume()
            again.communicate(timeout=DEADLINE_SECONDS)
        new.communicate(timeout=DEADLINE_SECONDS)
    assert (new.returncode, again.returncode) == (0, 0)
    pid = session.panes()[1]["pid"]
    eventually(lambda: running(session, ["sleep", "4321"]) == [pid])


def test_the_sessions_end_waits_for_it_and_leaves_nothing(session: Session, spawner: psutil.Process) -> None:
    with session.running("new", "--", "sleep", "4321") as new:
        until_starting(session)
        with session.running("down", "--yes") as down:
            eventually(lambda: not running(session, SHELL))
            spawner.resume()
            down.communicate(timeout=DEADLINE_SECONDS)
        new.communicate(timeout=DEADLINE_SECONDS)
    assert down.returncode == 0
    eventually(lambda: not session.processes())
