"""Who wrote which file, from outside: traced panes, the real server, its verbs and its death."""

import json
import os
import subprocess
from typing import Any

import psutil
import pytest

from tests.support.deadline import DEADLINE_SECONDS, eventually
from tests.support.session import Session
from tests.support.tracing import needs_tracing

pytestmark = needs_tracing

IDENTITY = {
    "GIT_AUTHOR_NAME": "Somebody",
    "GIT_COMMITTER_NAME": "Somebody",
    "GIT_AUTHOR_EMAIL": "somebody@example.org",
    "GIT_COMMITTER_EMAIL": "somebody@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def git(session: Session, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=session.folder, env=session.environment, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


@pytest.fixture
def shells(session: Session) -> Session:
    """Three traced shells in one repository with three files of thirty lines."""
    session.environment |= IDENTITY
    git(session, "init", "-q", "-b", "main")
    for name in "abc":
        (session.folder / name).write_text("".join(f"line {number}\n" for number in range(1, 31)))
    git(session, "add", "-A")
    git(session, "commit", "-qm", "one")
    session.start([["/bin/sh"]] * 3, "2x2", traced=True)
    return session


def counts(session: Session, field: str) -> list[Any]:
    return [pane[field] for pane in session.panes()]


def in_conflict(session: Session, *expected: int) -> None:
    eventually(lambda: counts(session, "conflicts") == list(expected), f"conflicts are {expected}")


def test_two_panes_that_write_one_file_are_flagged(shells: Session) -> None:
    assert counts(shells, "traced") == [True] * 3
    with shells.running("events", "--follow") as following:
        assert following.stdout is not None
        shells.ok("send", "1", "sed -i s/5/five/ a")
        shells.ok("send", "2", "sed -i 's/25/twenty-five/' a")
        raised = next(event for line in following.stdout if (event := json.loads(line))["event"] == "conflict_raised")
    assert (raised["path"], raised["panes"], raised["evidence"]) == ("a", ["%1", "%2"], ["traced", "traced"])
    in_conflict(shells, 1, 1, 0)
    eventually(lambda: counts(shells, "files_changed") == [1, 1, 0], "files are counted")


def test_what_is_known_survives_the_server(shells: Session) -> None:
    shells.ok("send", "1", "echo one >> a")
    shells.ok("send", "2", "echo two >> a")
    in_conflict(shells, 1, 1, 0)
    server = shells.server()
    server.kill()
    server.wait(DEADLINE_SECONDS)
    shells.ok("up", "--no-attach")
    in_conflict(shells, 1, 1, 0)
    shells.ok("send", "3", "echo three >> a")
    in_conflict(shells, 1, 1, 1)


def test_a_killed_host_fails_no_write(shells: Session) -> None:
    for number, pane in enumerate(shells.panes(), 1):
        psutil.Process(pane["pid"]).parent().kill()  # type: ignore[union-attr]
        shells.ok("send", str(number), f"echo {number} >> a && echo written-$(({number} * 11))")
        shells.wait_text(number, f"written-{number * 11}")
    in_conflict(shells, 1, 1, 1)
    shells.ok("down", "--yes")
    eventually(lambda: shells.processes() == [], "nothing is left")
