"""The reporter, run by a real shell, and the folder that it reports to."""

import os
import subprocess
from pathlib import Path

import pytest

from agentgrid.agents.hooks.inbox import MAX_REPORT_BYTES, Inbox, Report
from agentgrid.agents.hooks.launching import REPORTER


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "inbox")


def report(folder: Path | str, text: bytes, agent: str = "claude", event: str = "Stop") -> subprocess.CompletedProcess[bytes]:
    environment = {"PATH": os.environ["PATH"], "AGENTGRID_HOOKS": str(folder)}
    return subprocess.run(["sh", REPORTER, agent, event], input=text, env=environment, capture_output=True, check=False, timeout=10)


def test_reports_arrive_in_their_order(inbox: Inbox) -> None:
    for number in range(3):
        assert report(inbox.folder, f'{{"n":{number}}}'.encode()).returncode == 0
    assert [report[:3] for report in inbox.receive()] == [("claude", "Stop", f'{{"n":{number}}}'.encode()) for number in range(3)]
    assert inbox.receive() == []
    inbox.close()
    assert not inbox.folder.exists()


def test_a_large_report_is_whole(inbox: Inbox) -> None:
    text = b"x" * 300_000
    report(inbox.folder, text)
    assert inbox.receive()[0].text == text
    inbox.close()


def test_a_report_that_is_too_large_is_dropped(inbox: Inbox) -> None:
    report(inbox.folder, b"x" * (MAX_REPORT_BYTES + 1))
    assert inbox.receive() == []
    inbox.close()


@pytest.mark.parametrize("place", ["", "missing", "file"])
def test_without_a_folder_nothing_fails(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = report(tmp_path / place if place else "", b"{}" * 100_000)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_nobody_waits_for_a_server_that_is_gone(inbox: Inbox) -> None:
    os.close(inbox.fileno())
    assert report(inbox.folder, b"{}").returncode == 0


def test_only_reports_are_taken(inbox: Inbox) -> None:
    (inbox.folder / "claude.Stop.1").symlink_to("/etc/passwd")
    (inbox.folder / "secret").write_text("x")
    os.write(inbox.fileno(), b"claude.Stop.1\n../secret\nsecret\nclaude.Stop.2\n\xff\n")
    assert inbox.receive() == []
    inbox.close()
    assert (inbox.folder / "secret").exists()


def test_a_line_may_come_in_pieces(inbox: Inbox) -> None:
    (inbox.folder / "claude.Stop.1").write_text("{}")
    os.write(inbox.fileno(), b"claude.St")
    assert inbox.receive() == []
    os.write(inbox.fileno(), b"op.1\n")
    assert inbox.receive() == [Report("claude", "Stop", b"{}", "1")]
    inbox.close()


def test_the_folder_is_the_users_alone(inbox: Inbox) -> None:
    report(inbox.folder, b"{}")
    assert {path.stat().st_mode & 0o077 for path in (inbox.folder, *inbox.folder.iterdir())} == {0}
    inbox.close()
