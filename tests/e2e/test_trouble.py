"""When things go wrong around the program: each thing is said in a line, or does no harm, and everything else goes on."""

import subprocess

import pytest

from agentgrid.geometry import Size
from tests.support.session import COMMAND, Session
from tests.support.tmux import Tmux

SHELL = ["/bin/sh"]


def test_two_starts_at_once_make_one_session(session: Session) -> None:
    starts = [
        subprocess.Popen([COMMAND, "up", "--no-attach", "2x2"], cwd=session.folder, env=session.environment, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    ends = [start.communicate(timeout=30) for start in starts]
    assert [start.returncode for start in starts] == [0, 0], ends
    assert session.server().pid
    assert session.json("status")["session"] == "project"


def test_a_window_too_small_to_use_comes_back_when_it_grows(session: Session) -> None:
    session.start([["/bin/sh", "-c", "echo still-here; exec /bin/sh"]] * 4, "2x2")
    with Tmux(session.folder, session.environment, Size(12, 4)) as window:
        window.enter(COMMAND)
        window.wait("something of ours", lambda shown: "$" not in shown and shown.strip() != "")
        window.resize(Size(120, 40))
        window.wait_text("still-here")
        assert all(pane["state"] != "exited" for pane in session.panes())


@pytest.mark.parametrize("variables", [{"TERM": "vt100"}, {"NO_COLOR": "1"}], ids=["vt100", "NO_COLOR"])
def test_a_terminal_without_colour_still_marks_the_focus(session: Session, variables: dict[str, str]) -> None:
    session.start([SHELL] * 4, "2x2")
    settings = " ".join(f"{name}={value}" for name, value in variables.items())
    with Tmux(session.folder, session.environment, Size(120, 40)) as window:
        window.enter(f"env {settings} {COMMAND}")
        window.wait_text("▸1")
        window.press("C-b", "4")
        window.wait_text("▸4")


def test_what_a_program_prints_stays_in_its_pane(session: Session) -> None:
    """Bytes of every kind, and sequences that would move, clear, retitle or resize the terminal around it."""
    hostile = (
        r"head -c 200000 /dev/urandom; printf '\033[2J\033[99;99H\033]0;not yours\007\033[8;5;20t\033[?1049h\033[!p\033c'; "
        r"printf '\033]52;c;aGVsbG8=\033\\\033P+q544e\033\\\033_Gf=100\033\\'; echo survived-$((4 * 4)); exec /bin/sh"
    )
    session.start([["/bin/sh", "-c", hostile], ["/bin/sh", "-c", "echo untouched; exec /bin/sh"]], "1x2")
    with Tmux(session.folder, session.environment, Size(160, 48)) as window:
        window.enter(COMMAND)
        window.wait_text("untouched")
        session.wait_text(1, "survived-16")
        window.press("C-b", "2")
        window.enter("echo beside-$((8 * 8))")
        window.wait_text("beside-64")
        first, *_rest = window.text.splitlines()
        assert " 1 " in first
        assert "▸2" in first
        assert "not yours" not in session.screen(2)


def test_a_broken_stylesheet_is_one_line(session: Session) -> None:
    session.start([SHELL], "1x1")
    answer = session.run("up", "--css", "no-such-file.tcss")
    assert answer.code == 2
    assert len(answer.err.splitlines()) == 1


def test_a_grid_inside_a_grid_is_refused_in_its_pane(session: Session) -> None:
    session.start([SHELL], "1x1")
    session.ok("send", "1", COMMAND)
    session.wait_text(1, "this is a pane of session")


def test_a_program_that_is_not_there_is_named_in_its_pane(session: Session) -> None:
    session.start([["no-such-program", "--flag"], SHELL, ["/bin/sh", "-c", "exit 3"]], "1x3")
    session.wait_text(1, "no-such-program: command not found")
    assert session.panes()[0]["state"] == "exited"
    with Tmux(session.folder, session.environment, Size(200, 48)) as window:
        window.enter(COMMAND)
        window.wait_text("no-such-program: command not found")
    session.server().kill()
    session.ok("up", "--no-attach")
    assert session.screen(1).count("command not found") == 1
    session.ok("restart", "1")
    session.wait_text(1, "command not found")
