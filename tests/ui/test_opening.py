"""What opens links: commands as words, never a shell."""

from pathlib import Path

import pytest

from agentgrid.ui.opening import editing, open_address, opener
from tests.support.deadline import eventually

PATH = "/project/a b.py"


@pytest.mark.parametrize(
    ("editor", "command"),
    [
        ("", ("vi", "+3", PATH)),
        ("nvim", ("nvim", "+3", PATH)),
        ("/usr/bin/emacs -nw", ("/usr/bin/emacs", "-nw", "+3", PATH)),
        ("code --wait", ("code", "--wait", "-g", f"{PATH}:3:1")),
        ("hx", ("hx", f"{PATH}:3:1")),
        ("ed", ("ed", PATH)),
    ],
)
def test_an_editor_at_a_line(editor: str, command: tuple[str, ...]) -> None:
    assert editing({"EDITOR": editor}, PATH, 3) == command


def test_visual_before_editor() -> None:
    assert editing({"EDITOR": "ed", "VISUAL": "vim"}, PATH) == ("vim", PATH)


def test_an_address_is_one_word(tmp_path: Path) -> None:
    program, log = tmp_path / "xdg-open", tmp_path / "log"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$#" "$@" > {log}.new && mv {log}.new {log}\n')
    program.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/bin:/usr/bin", "DISPLAY": ":0"}
    assert opener(environment, "linux") == str(program)
    uri = "https://example.org/$(touch%20x);a&b"
    assert open_address(str(program), uri) == ""
    eventually(log.exists)
    assert log.read_text() == f"1\n{uri}\n"


def test_no_display_no_browser(tmp_path: Path) -> None:
    (tmp_path / "xdg-open").write_text("#!/bin/sh\n")
    (tmp_path / "xdg-open").chmod(0o755)
    assert opener({"PATH": str(tmp_path)}, "linux") == ""


def test_a_program_that_cannot_run_is_told(tmp_path: Path) -> None:
    assert "cannot run" in open_address(str(tmp_path / "missing"), "https://example.org")
