"""The doctor's checks, on what they could find."""

import os
import sys
from pathlib import Path

import pytest

from agentgrid.agents.profiles import Profile
from agentgrid.cli.checks import programs, system, terminal, tmux
from agentgrid.cli.checks.check import Check
from agentgrid.cli.checks.terminal import Answers
from agentgrid.cli.verbs.doctor import told
from agentgrid.geometry import Size
from tests.cli.conftest import Run

NOTIFY = "kill_process user_notif errno allow"


@pytest.mark.parametrize(
    ("check", "ok"),
    [
        pytest.param(system.python((3, 11, 0)), True, id="python 3.11"),
        pytest.param(system.python((3, 10, 9)), False, id="python 3.10"),
        pytest.param(system.encoding("UTF-8"), True, id="UTF-8"),
        pytest.param(system.encoding("utf8"), True, id="utf8"),
        pytest.param(system.encoding("ANSI_X3.4-1968"), False, id="ASCII"),
        pytest.param(system.tracing("linux", "6.18.4-x", NOTIFY), True, id="Linux 6"),
        pytest.param(system.tracing("linux", "5.10.0", NOTIFY), True, id="Linux 5.10"),
        pytest.param(system.tracing("linux", "5.4.0", NOTIFY), False, id="Linux 5.4"),
        pytest.param(system.tracing("linux", "6.1.0", "kill_process"), False, id="a container without"),
        pytest.param(system.tracing("linux", "odd", NOTIFY), False, id="an odd kernel"),
        pytest.param(system.tracing("darwin", "24.0", ""), False, id="macOS"),
        pytest.param(system.watching("524288", "1024"), True, id="many watches"),
        pytest.param(system.watching("8192", "1024"), False, id="few watches"),
        pytest.param(system.watching("", ""), None, id="watches unknown"),
        pytest.param(programs.git(None), False, id="no git"),
        pytest.param(programs.git("git version 2.39.5"), True, id="git 2.39"),
        pytest.param(programs.git("git version 2.30.2 (Apple Git-1)"), False, id="git 2.30"),
        pytest.param(terminal.window(Size(columns=240, rows=72)), True, id="a large window"),
        pytest.param(terminal.window(Size(columns=80, rows=24)), False, id="a small window"),
        pytest.param(terminal.colours({"TERM": "xterm-256color", "COLORTERM": "truecolor"}), True, id="truecolor"),
        pytest.param(terminal.colours({"TERM": "xterm-256color"}), False, id="256 colours"),
        pytest.param(terminal.colours({"TERM": "xterm-kitty", "NO_COLOR": "1"}), False, id="NO_COLOR"),
        pytest.param(terminal.synchronized(Answers(answered=True, synchronized=True)), True, id="synchronized"),
        pytest.param(terminal.synchronized(Answers(answered=True)), False, id="not synchronized"),
        pytest.param(terminal.terminal({"TERM": "xterm"}, Answers()), True, id="a terminal"),
        pytest.param(terminal.terminal({"TERM": "dumb"}, Answers()), False, id="a dumb terminal"),
        pytest.param(terminal.terminal({"TERM": "screen", "STY": "1.x"}, Answers()), False, id="GNU screen"),
        pytest.param(tmux.option(tmux.WANTED[0], "on"), True, id="tmux, on"),
        pytest.param(tmux.option(tmux.WANTED[0], "off"), False, id="tmux, off"),
        pytest.param(tmux.option(tmux.WANTED[0], None), False, id="an old tmux"),
    ],
)
def test_a_check(check: Check, ok: bool | None) -> None:
    assert check.ok is ok
    assert check.found
    assert bool(check.advice) or ok is not False


def test_folders_that_are_ours_and_are_not(tmp_path: Path) -> None:
    assert system.private("folder", tmp_path / "new").ok
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    (tmp_path / "file").write_text("")
    refused = system.private("folder", tmp_path / "file" / "below")
    assert refused.ok is False
    assert refused.needed


def test_a_wrong_configuration(tmp_path: Path) -> None:
    (tmp_path / "agentgrid.toml").write_text('them = "x"\n')
    check = system.configuration(tmp_path)
    assert (check.ok, check.needed) == (False, True)
    assert "'them'" in check.found


@pytest.mark.parametrize(
    ("data", "answers"),
    [
        pytest.param(b"", Answers(), id="silence"),
        pytest.param(b"\x1b[?62;22c", Answers(answered=True), id="the last answer only"),
        pytest.param(
            b"\x1b[?0u\x1b[?2026;2$y\x1bP>|kitty(0.36)\x1b\\\x1b[>4;0m\x1b[?62c",
            Answers(True, "kitty(0.36)", kitty=True, synchronized=True, other_keys=True),
            id="all",
        ),
        pytest.param(b"\x1b[?2026;0$y\x1b[?1;2c", Answers(answered=True), id="not known"),
        pytest.param(b"\x1b[?2026;4$y\x1b[?1;2c", Answers(answered=True), id="off for good"),
        pytest.param(b"ls\x1b[?0uq\x1b[?1;2cx", Answers(answered=True, kitty=True), id="with keys between"),
        pytest.param(b"\x1bP>|evil\x07\x1b]0;x\x1b\\\x1b[?1c", Answers(answered=True), id="control characters in a name"),
    ],
)
def test_a_terminals_answers(data: bytes, answers: Answers) -> None:
    assert terminal.understood(data) == answers


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_agents_say_their_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "talker", 'printf "1.2.3 (Talker)\\nmore\\n"')
    program(tmp_path, "silent", "exit 1")
    program(tmp_path, "hostile", 'printf "\\033]0;title\\007%0200d" 1')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    found = {name: Profile(name=name, command=(name,)) for name in ("talker", "silent", "hostile")}
    checks = list(programs.agents(found))
    assert [check.check for check in checks] == ["agent talker", "agent silent", "agent hostile"]
    assert [check.found for check in checks[:2]] == ["1.2.3 (Talker)", "installed"]
    assert checks[2].found.isprintable()
    assert len(checks[2].found) == programs.SHOWN_CHARACTERS


@pytest.mark.parametrize(
    ("check", "text"),
    [
        pytest.param(Check("git", True, "2.39", "never shown"), "✓ git                     2.39", id="yes"),
        pytest.param(Check("git", False, "none", "get it"), "! git                     none\n                          → get it", id="no"),
        pytest.param(Check("git", False, "none", needed=True), "✗ git                     none", id="a no that matters"),
        pytest.param(Check("git", None, "who knows"), "? git                     who knows", id="cannot tell"),
    ],
)
def test_a_line(check: Check, text: str) -> None:
    assert told(check, colours=False) == text


def test_the_doctor(run: Run, folder: Path) -> None:
    ended = run("doctor")
    assert ended.code == 0, ended
    assert f"✓ python                  {sys.version_info.major}." in ended.out
    (folder / "agentgrid.toml").write_text('grid = "0x0"\n')
    assert run("doctor").code == 1
