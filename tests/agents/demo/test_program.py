"""The demo agent as a program, on a real PTY."""

import base64
import subprocess
import sys
from pathlib import Path

import pytest

from agentgrid.agents.demo_scenario import demo_panes, prepare_scratch
from agentgrid.errors import UsageError
from agentgrid.geometry import Size
from agentgrid.terminal.effects import Bell, StatusReport, TitleChanged
from tests.support.program import Program


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    prepare_scratch(tmp_path)
    return tmp_path


def play(role: str, folder: Path, *, size: Size = Size(80, 24), answers: bool = True, fast: bool = True) -> Program:
    argv = dict(demo_panes(folder))[role]
    return Program([*argv, *(["--fast"] if fast else [])], size, folder=folder, answers=answers)


def reports(program: Program) -> list[dict[str, str]]:
    """What it said of its state, decoded."""
    found = []
    for effect in program.effects:
        if isinstance(effect, StatusReport) and effect.payload != "?":
            fields = dict(field.split("=", 1) for field in effect.payload.split(":"))
            if "msg" in fields:
                fields["msg"] = base64.b64decode(fields["msg"]).decode()
            found.append(fields)
    return found


def states(program: Program) -> list[str]:
    return [fields["state"] for fields in reports(program)]


@pytest.mark.parametrize(
    ("key", "version"), [("1", "0.4.0"), ("\r", "0.4.0"), ("3", "0.3.0"), ("\x1b", "0.3.0")], ids=["1", "enter", "3", "esc"]
)
def test_a_permission_is_answered_by_typing(folder: Path, key: str, version: str) -> None:
    with play("release", folder) as program:
        program.wait_text("❯ 1. Yes")
        assert 'version = "0.3.0"' in (folder / "pyproject.toml").read_text()
        program.type(key)
        program.wait(lambda: states(program)[-1:] in (["done"], ["idle"]), "the turn ends")
        assert f'version = "{version}"' in (folder / "pyproject.toml").read_text()
        assert "❯ 1. Yes" not in program.text
        blocked = [fields for fields in reports(program) if fields["state"] == "blocked"]
        assert [(fields["kind"], fields["msg"]) for fields in blocked] == [("permission", "Make this edit to pyproject.toml?")]
        assert Bell() in program.effects


def test_a_choice_is_made_with_the_arrows(folder: Path) -> None:
    with play("storage", folder) as program:
        program.wait_text("❯ 1. SQLite")
        program.type("\x1b[B")
        program.wait_text("❯ 2. JSON")
        program.type("\r")
        program.wait(lambda: "done" in states(program), "done")
        assert "└ JSON, one file a harbour" in program.text


def test_one_family_reports_only_to_a_terminal_that_answers(folder: Path) -> None:
    with play("review", folder, answers=False) as program:
        program.wait_text("? for shortcuts")
        program.type("hello\r")
        program.wait_text("look busy.")
        assert states(program) == []
    with play("api", folder, answers=False) as program:
        program.wait(lambda: "done" in states(program), "done")


def test_titles_tell_work_from_rest(folder: Path) -> None:
    with play("review", folder) as program:
        program.wait_effect(TitleChanged("✳ Review"))
        program.type("hello\r")
        program.wait_effect(TitleChanged("◐ Review"))
        program.wait(lambda: program.emulator.title == "✳ Review", "idle title")


def test_a_prompt_that_names_a_file_edits_it(folder: Path) -> None:
    with play("review", folder) as program:
        program.wait_text("? for shortcuts")
        program.type("look at README.md")
        program.wait_text("> look at README.md")
        program.type("\r")
        program.wait_text("❯ 1. Yes")
        program.type("1")
        program.wait_text("README.md has a new last line.")
        assert (folder / "README.md").read_text().endswith("<!-- review was here -->\n")
        changed = subprocess.run(["git", "status", "--porcelain"], cwd=folder, capture_output=True, text=True, check=True).stdout
        assert changed == " M README.md\n"


@pytest.mark.parametrize("keys", [["\x03", "\x03"], ["/exit", "\r"], ["\x04"]], ids=["ctrl+c twice", "/exit", "ctrl+d"])
def test_leaving_restores_the_terminal(folder: Path, keys: list[str]) -> None:
    with play("review", folder) as program:
        program.wait_text("? for shortcuts")
        program.wait(lambda: states(program), "the first report")
        for key in keys:
            before = program.text
            program.type(key)
            if key != keys[-1]:
                program.wait(lambda before=before: program.text != before, "the key shows")  # type: ignore[misc]
        assert program.wait_exit() == 0
        assert states(program)[-1] == "clear"
        assert not program.emulator.modes.bracketed_paste
        assert not program.emulator.modes.synchronized


def test_ctrl_c_interrupts_work(folder: Path) -> None:
    with play("tides", folder, fast=False) as program:
        program.wait_text("esc to interrupt")
        program.type("\x03")
        program.wait_text("Interrupted")
        assert "esc to interrupt" not in program.text


def test_a_resize_draws_everything_anew(folder: Path) -> None:
    with play("release", folder) as program:
        program.wait_text("3. No, and say what to do instead (esc)")
        for columns in (40, 100, 60):
            program.resize(Size(columns, 20))
            program.wait(lambda columns=columns: f"╭{'─' * (columns - 2)}╮" in program.rows, f"{columns} columns")  # type: ignore[misc]
            assert "❯ 1. Yes" in program.text
            assert "Prepare the next release" in program.text


def test_the_same_seed_draws_the_same(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outputs = []
    for number in range(2):
        again = tmp_path_factory.mktemp(f"again{number}")
        prepare_scratch(again)
        with play("api", again, answers=False) as program:
            program.wait(lambda: "done" in states(program), "done")
            outputs.append(bytes(program.output).partition(b"state=done")[0])
    assert outputs[0] == outputs[1]


def test_frames_are_synchronized_updates(folder: Path) -> None:
    with play("tides", folder) as program:
        program.wait_text("Update(tidebook/tides.py)")
        assert program.output.count(b"\x1b[?2026h") > 10
        drawn = program.output.replace(b"\x1b[?2026l", b"\x1b[?2026h").split(b"\x1b[?2026h")[::2]
        assert all(b"\x1b[" not in between.replace(b"\x1b[?2004h", b"").replace(b"\x1b[c", b"") for between in drawn)


def test_the_development_server_is_a_plain_program(folder: Path) -> None:
    with play("server", folder) as program:
        program.wait_text("GET /tides/Whitby")
        program.type("\x03")
        assert program.wait_exit() == -2
        assert states(program) == []


def test_an_agent_wants_a_terminal(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "agentgrid.agents.demo"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=folder
    )
    assert done.returncode == 2
    assert done.stderr.endswith("error: an agent needs a terminal\n")


def test_the_repository_is_always_the_same(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other") / "not" / "there"
    prepare_scratch(other)
    heads = [subprocess.run(["git", "rev-parse", "HEAD"], cwd=path, capture_output=True, check=True).stdout for path in (folder, other)]
    assert heads[0] == heads[1]
    status = subprocess.run(["git", "status", "--porcelain"], cwd=folder, capture_output=True, check=True).stdout
    assert status == b""


def test_a_folder_in_use_is_left_alone(folder: Path) -> None:
    with pytest.raises(UsageError, match="is not empty"):
        prepare_scratch(folder)
