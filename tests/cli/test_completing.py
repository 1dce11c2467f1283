"""What may come next on a command line."""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from shutil import which

import pytest

from agentgrid.cli.completing import Candidate, candidates
from agentgrid.cli.table import VERBS
from agentgrid.cli.verbs.completion import SCRIPTS
from agentgrid.protocol import messages as m
from tests.cli.conftest import Run
from tests.cli.fake_session import fake_session, pane, status

KNOWN = {
    "pane": ["claude-1", "codex-1", "1", "2"],
    "agent": ["claude", "codex"],
    "session": ["project", "demo"],
    "state": ["done", "idle"],
    "theme": ["harbour", "paper"],
    "folder": ["shared", "worktree"],
}


def known(kind: str) -> Iterable[Candidate]:
    return [Candidate(word) for word in KNOWN[kind]]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(["scr"], ["screen"], id="a verb"),
        pytest.param([""], [*VERBS, "claude", "codex"], id="a verb or an agent"),
        pytest.param(["3x3", "cl"], ["claude"], id="agents of the default verb"),
        pytest.param(["up", "3x3", "claude", "co"], ["codex"], id="more agents"),
        pytest.param(["send", "c"], ["claude-1", "codex-1"], id="a pane"),
        pytest.param(["send", "1", ""], [], id="a text"),
        pytest.param(["send", "--no-enter", "cl"], ["claude-1"], id="a pane behind a switch"),
        pytest.param(["-s", "demo", "send", "cl"], ["claude-1"], id="a pane behind an option with its value"),
        pytest.param(["-s", ""], ["project", "demo"], id="a session"),
        pytest.param(["status", "--session", "d"], ["demo"], id="a session, in full"),
        pytest.param(["wait", "1", "--st"], ["--state"], id="an option"),
        pytest.param(["wait", "1", "--state", "d"], ["done"], id="a state"),
        pytest.param(["wait", "1", "--state", "idle,d"], ["idle,done"], id="another state"),
        pytest.param(["broadcast", "x", "--to", "1,co"], ["1,codex-1"], id="another pane"),
        pytest.param(["config", ""], ["init", "check", "show"], id="one of three"),
        pytest.param(["new", "--folder", "w"], ["worktree"], id="a folder"),
        pytest.param(["attach", "--theme", "p"], ["paper"], id="a theme"),
        pytest.param(["record", ""], [], id="a file is the shell's business"),
        pytest.param(["record", "x.cast", "2"], ["2"], id="a pane behind a file"),
        pytest.param(["new", "--", ""], [], id="a command"),
        pytest.param(["close", "--j"], [], id="no --json where nothing is printed"),
        pytest.param([], [*VERBS, "claude", "codex"], id="nothing at all"),
    ],
)
def test_candidates(line: list[str], expected: list[str]) -> None:
    assert [candidate.word for candidate in candidates(line, known)] == expected


def test_panes_of_the_session_that_the_line_names(run: Run, folder: Path) -> None:
    with fake_session(folder, {m.GetStatus: lambda _: status(pane(1, name="parser", state="idle"))}, name="other"):
        assert run("completion", "words", "--", "-s", "other", "send", "p").out == "parser\t1, idle\n"
        assert run("completion", "words", "--", "send", "p", "--session=other", "--").code == 0
        assert run("completion", "words", "--", "send", "p") == (0, "", "")


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_scripts_are_read_by_their_shells(run: Run, folder: Path, shell: str) -> None:
    script = run("completion", shell).out
    assert "agentgrid completion words --" in script
    if which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    (folder / "script").write_text(script)
    checked = subprocess.run([shell, "-n", "script"], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.skipif(which("bash") is None, reason="there is no bash here")
def test_bash_completes(run: Run, folder: Path) -> None:
    """The function, called as bash calls it, with a command in place of ours that says what it was asked."""
    script = run("completion", "bash").out
    (folder / "agentgrid").write_text('#!/bin/sh\nprintf "%s\\tmeaning\\n" "$#" "$5 x"\n')
    (folder / "agentgrid").chmod(0o755)
    call = 'COMP_WORDS=(agentgrid send "a b"); COMP_CWORD=2; _agentgrid; printf "<%s>" "${COMPREPLY[@]}"'
    asked = subprocess.run(["bash", "-c", f"PATH=.:$PATH\n{script}\n{call}"], capture_output=True, text=True, check=False)
    assert (asked.stdout, asked.stderr) == ("<5><a b x>", "")
