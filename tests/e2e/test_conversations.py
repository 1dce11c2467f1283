"""A restarted agent takes up its own conversation; a resume that fails loses nothing."""

from typing import Any

import msgspec
import psutil
import pytest

from agentgrid.server.store import RECORD
from agentgrid.session.session import SessionRecord
from tests.support.deadline import eventually
from tests.support.session import Session

CHOOSER = r"""#!/bin/sh
echo "began with <$*>"
case $* in *refuse*) ;; *--resume*) [ -e ../refuse ] && { echo 'no such conversation'; exit 1; } ;; esac
while read -r word; do
  case $word in
    work) printf '\033]7501;state=working\033\\' ;;
    end) exit 0 ;;
  esac
done
"""
TELLER = r"""#!/bin/sh
echo "began with <$*>"
read -r word
printf '\033]7501;state=working\033\\'
read -r word
echo 'To continue this session, run: teller resume 01a2-3456-789'
"""
CONFIG = r"""
[[pane]]
agent = "chooser"
[[pane]]
agent = "teller"
[agent.chooser]
command = ["../chooser", "--model", "small"]
resume = ["--resume", "{session}"]
session_id = ["--session-id", "{session}"]
trace = false
[agent.teller]
command = ["../teller"]
resume = ["resume", "{session}"]
trace = false
"""


@pytest.fixture
def talkers(session: Session) -> Session:
    """An agent whose conversation's id we choose, and one that tells it at its end."""
    for name, text in (("chooser", CHOOSER), ("teller", TELLER)):
        program = session.base / name
        program.write_text(text)
        program.chmod(0o700)
    (session.folder / "agentgrid.toml").write_text(CONFIG)
    session.ok("up", "--no-attach", "1x2")
    return session


def chooser(session: Session) -> dict[str, Any]:
    return session.panes()[0]


def ended(session: Session) -> bool:
    return bool(chooser(session)["state"] == "exited")


def test_a_conversation_of_our_choice(talkers: Session) -> None:
    first = chooser(talkers)["conversation"]
    talkers.wait_text(1, f"began with <--model small --session-id {first}>")
    talkers.ok("restart", "1")
    second = chooser(talkers)["conversation"]
    assert second not in ("", first), "nothing was asked in the first one: there is nothing to take up"
    talkers.wait_text(1, f"--session-id {second}")
    talkers.ok("send", "1", "work")
    talkers.ok("wait", "1", "--state", "working", "--timeout", "20")
    talkers.ok("restart", "1")
    talkers.wait_text(1, f"began with <--model small --resume {second}>")
    assert chooser(talkers)["conversation"] == second


def test_a_resume_that_fails_loses_no_id(talkers: Session) -> None:
    talkers.ok("send", "1", "work")
    talkers.ok("wait", "1", "--state", "working", "--timeout", "20")
    lost = chooser(talkers)["conversation"]
    (talkers.base / "refuse").touch()
    talkers.ok("restart", "1")
    talkers.ok("wait", "1", "--exit", "--timeout", "20")
    eventually(lambda: chooser(talkers)["earlier_conversations"] == [lost], "the id is kept")
    talkers.ok("restart", "1")
    talkers.wait_text(1, "began with <--model small --session-id")
    assert chooser(talkers)["conversation"] not in ("", lost)
    assert chooser(talkers)["earlier_conversations"] == [lost]


def test_what_a_restored_session_must_know_is_on_disk_before_the_state_is_told(talkers: Session) -> None:
    (record,) = (talkers.base / "state").glob(f"*/{RECORD}")
    talkers.ok("send", "1", "work")
    talkers.ok("wait", "1", "--state", "working", "--timeout", "20")
    kept = msgspec.msgpack.decode(record.read_bytes(), type=SessionRecord).panes[0]
    assert (kept.conversation, kept.conversation_begun) == (chooser(talkers)["conversation"], True)


def test_a_session_that_is_restored_takes_them_up(talkers: Session) -> None:
    talkers.ok("send", "1", "work")
    talkers.ok("wait", "1", "--state", "working", "--timeout", "20")
    known = chooser(talkers)["conversation"]
    programs = [psutil.Process(pane["pid"]) for pane in talkers.panes()]
    hosts = [host for program in programs if (host := program.parent()) is not None]
    for process in [talkers.server(), *hosts, *programs]:
        process.kill()
    eventually(lambda: talkers.processes() == [], "as after a reboot")
    talkers.ok("up", "--no-attach")
    talkers.wait_text(1, f"began with <--model small --resume {known}>")


def test_an_id_that_is_told_at_the_end(talkers: Session) -> None:
    talkers.ok("send", "2", "hello")
    talkers.ok("wait", "2", "--state", "working", "--timeout", "20")
    talkers.ok("send", "2", "end")
    talkers.ok("wait", "2", "--exit", "--timeout", "20")
    eventually(lambda: talkers.panes()[1]["conversation"] == "01a2-3456-789", "it is read from the screen")
    talkers.ok("restart", "2")
    talkers.wait_text(2, "began with <resume 01a2-3456-789>")
