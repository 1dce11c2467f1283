"""What the doctor says of keys that cannot be told apart, in each terminal."""

import os
from pathlib import Path

import pytest

from agentgrid.cli.checks.keyboard import SAME_WITH_OTHER_KEYS, SAME_WITHOUT, keyboard, table, terminal
from agentgrid.cli.checks.tmux import passes_keys
from agentgrid.terminal.emulator import Modes
from agentgrid.terminal.keys import key_name
from tests.ui.test_keys_through import arrived


@pytest.mark.parametrize(
    ("environment", "version", "name"),
    [
        pytest.param({}, "kitty(0.36.1)", "kitty", id="kitty"),
        pytest.param({"TERM": "xterm-kitty"}, "", "kitty", id="kitty, through ssh"),
        pytest.param({"TERM_PROGRAM": "ghostty"}, "", "Ghostty", id="Ghostty"),
        pytest.param({}, "ghostty 1.2.3", "Ghostty", id="Ghostty's own name"),
        pytest.param({"TERM_PROGRAM": "WezTerm"}, "", "WezTerm", id="WezTerm"),
        pytest.param({"TERM_PROGRAM": "iTerm.app"}, "", "iTerm2", id="iTerm2"),
        pytest.param({}, "iTerm2 3.5.4", "iTerm2", id="iTerm2's own name"),
        pytest.param({"TERM": "alacritty"}, "", "Alacritty", id="Alacritty"),
        pytest.param({"TERM": "foot"}, "", "foot", id="foot"),
        pytest.param({"WT_SESSION": "1", "TERM": "xterm-256color"}, "", "Windows Terminal", id="Windows Terminal"),
        pytest.param({"TERM_PROGRAM": "vscode"}, "", "VS Code", id="VS Code"),
        pytest.param({"TERM_PROGRAM": "tmux", "TMUX": "x", "KITTY_WINDOW_ID": "1"}, "", "tmux", id="tmux in kitty"),
        pytest.param({"TERM_PROGRAM": "vscode", "WT_SESSION": "1"}, "", "VS Code", id="VS Code that was started from another"),
        pytest.param({"TERM_PROGRAM": "Apple_Terminal"}, "", "Terminal.app", id="Terminal.app"),
        pytest.param({"VTE_VERSION": "7200", "TERM": "xterm-256color"}, "", "GNOME Terminal", id="GNOME Terminal"),
        pytest.param({"TERM": "xterm-256color"}, "", "", id="one that says nothing"),
    ],
)
def test_which_terminal(environment: dict[str, str], version: str, name: str) -> None:
    known = terminal(environment, version)
    assert (known.name if known else "") == name


def test_what_is_told() -> None:
    (told,) = keyboard({"TERM_PROGRAM": "WezTerm"}, answered=True, kitty=False, other_keys=False)
    assert (told.ok, "enter = shift+enter" in told.found, told.advice) == (
        False,
        True,
        "in wezterm.lua: config.enable_kitty_keyboard = true",
    )
    (told,) = keyboard({}, answered=True, kitty=False, other_keys=False)
    assert "kitty keyboard protocol" in told.advice
    (told,) = keyboard({}, answered=True, kitty=True, other_keys=True)
    assert (told.ok, told.advice) == (True, "")
    (told,) = keyboard({}, answered=True, kitty=False, other_keys=True)
    assert told.ok
    assert "modifyOtherKeys" in told.found
    (told,) = keyboard({"TMUX": "x"}, answered=True, kitty=False, other_keys=True)
    assert "if the terminal around tmux" in told.found
    (told,) = keyboard({}, answered=False, kitty=False, other_keys=False)
    assert told.ok is None


@pytest.mark.parametrize(
    ("group", "outer"),
    [(group, Modes()) for group in SAME_WITHOUT] + [(group, Modes(modify_other_keys=2)) for group in SAME_WITH_OTHER_KEYS],
)
def test_they_are_alike(group: tuple[str, ...], outer: Modes) -> None:
    for pressed in group:
        assert [key_name(key) for key in arrived(pressed, outer)] == [group[0]]


@pytest.mark.parametrize(("value", "passes"), [("on", True), ("always", True), ("off", False)])
def test_tmux_is_asked_by_its_option(value: str, passes: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmux").write_text(f"#!/bin/sh\necho {value}\n")
    (tmp_path / "tmux").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("TMUX", "x")
    assert passes_keys() is passes
    monkeypatch.delenv("TMUX")
    assert not passes_keys()


def test_the_page_has_the_table() -> None:
    page = Path(__file__).parents[2] / "docs" / "keys.md"
    assert table() in page.read_text(encoding="utf-8"), f"docs/keys.md lacks this table:\n{table()}"
