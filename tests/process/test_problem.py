"""What the user reads when a program does not start."""

import errno
from pathlib import Path

import pytest

from agentgrid.process.problem import MAX_CHARACTERS, exec_problem, find_program, one_line, terminal_problem


@pytest.mark.parametrize(
    ("number", "words"),
    [
        pytest.param(errno.EAGAIN, "no more processes (ulimit -u)", id="EAGAIN"),
        pytest.param(errno.ENOSPC, "no terminal (PTY) left", id="ENOSPC"),
        pytest.param(errno.EMFILE, "no file descriptor left (ulimit -n)", id="EMFILE"),
        pytest.param(errno.ENFILE, "no file descriptor left", id="ENFILE"),
        pytest.param(errno.ENOENT, "/dev/ptmx is not there", id="ENOENT"),
        pytest.param(errno.ENOMEM, "no memory left", id="ENOMEM"),
        pytest.param(errno.EIO, "no terminal for claude: Input/output error", id="any other"),
    ],
)
def test_no_terminal(number: int, words: str) -> None:
    assert words in terminal_problem("claude", number)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        pytest.param(errno.ENOEXEC, "not a program for this machine", id="ENOEXEC"),
        pytest.param(errno.EACCES, "may not be executed", id="EACCES"),
        pytest.param(errno.ETXTBSY, "is being written", id="ETXTBSY"),
        pytest.param(errno.E2BIG, "shorten the prompt", id="E2BIG"),
        pytest.param(errno.ENOENT, "a library it needs", id="ENOENT"),
        pytest.param(errno.EPERM, "Operation not permitted", id="any other"),
    ],
)
def test_not_executed(tmp_path: Path, number: int, words: str) -> None:
    assert words in exec_problem("claude", str(tmp_path / "claude"), number)


@pytest.mark.parametrize("typed", ["cluade", "clade", "claudee", "claudo", "laude"])
def test_a_typing_error_is_pointed_out(tmp_path: Path, typed: str) -> None:
    for name in ("claude", "codex", "cat"):
        (tmp_path / name).touch(0o755)
    file, problem = find_program(typed, str(tmp_path), "/")
    assert file == ""
    assert "did you mean claude?" in problem


@pytest.mark.parametrize("typed", ["clo", "opencode", "ca", "x"])
def test_what_is_far_from_everything_gets_no_suggestion(tmp_path: Path, typed: str) -> None:
    (tmp_path / "claude").touch(0o755)
    assert "did you mean" not in find_program(typed, f"{tmp_path}:/not/there", "/")[1]


def test_a_file_on_the_path_that_may_not_be_executed_is_passed_over(tmp_path: Path) -> None:
    for folder, mode in (("first", 0o644), ("second", 0o755)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "tool").touch(mode)
    assert find_program("tool", f"{tmp_path}/first:{tmp_path}/second", "/") == (f"{tmp_path}/second/tool", "")
    assert find_program("tool", f"{tmp_path}/first", "/")[1] == f"{tmp_path}/first/tool may not be executed: chmod +x it"


def test_relative_names_and_paths_are_seen_from_the_panes_folder(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "tool").touch(0o755)
    for command, path in (("bin/tool", ""), ("./bin/tool", ""), ("tool", "bin")):
        file, problem = find_program(command, path, str(tmp_path))
        assert problem == ""
        assert Path(file).samefile(tmp_path / "bin" / "tool")


def test_a_problem_is_one_printable_line() -> None:
    assert one_line("a\nb\x1b[2Jc\udcff\u202e") == "a?b?[2Jc??"
    assert one_line("x" * 5000) == "x" * (MAX_CHARACTERS - 1) + "…"
