"""Verbs on a real terminal: what they ask, what they play, how they end; and what becomes of pipes and signals."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agentgrid.geometry import Size
from agentgrid.protocol import messages as m
from agentgrid.session.events import StateChanged
from agentgrid.session.pane import PaneId
from tests.cli.fake_session import Answer, Then, fake_session, pane, status
from tests.support.deadline import eventually
from tests.support.program import Program

COMMAND = str(Path(sys.executable).with_name("agentgrid"))
ENDED: dict[Any, Answer] = {m.EndSession: lambda _: None}
STATE = m.Happened(event=StateChanged(at=1.5, pane=PaneId(1), state="working"))


@pytest.mark.parametrize(
    ("answer", "code", "ended"),
    [
        pytest.param("y\r", 0, True, id="yes"),
        pytest.param("\r", 1, False, id="no is the default"),
        pytest.param("no\r", 1, False, id="no"),
        pytest.param("\x04", 1, False, id="end of input"),
        pytest.param("\x03", 130, False, id="ctrl+c"),
    ],
)
def test_down_asks(folder: Path, answer: str, code: int, ended: bool) -> None:
    with fake_session(folder, ENDED) as session, Program([COMMAND, "down"], folder=folder) as program:
        program.wait_text("End session 'project' with claude-1, claude-2? [y/N]")
        program.type(answer)
        assert program.wait_exit() == code
        assert (m.EndSession() in session.asked) == ended


def recording(folder: Path, *events: list[object]) -> str:
    lines = [{"version": 2, "width": 40, "height": 10}, *events]
    (folder / "a.cast").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return "a.cast"


def test_a_replay_is_played_and_leaves_its_last_screen(folder: Path) -> None:
    file = recording(folder, [0.0, "o", "\x1b[?1049h\x1b[Hfirst"], [0.2, "o", "\x1b]0;evil\x07\r\nsecond"])
    with Program([COMMAND, "replay", file], Size(60, 12), folder=folder) as program:
        program.wait_text("first")
        assert program.emulator.modes.alternate_screen
        program.wait_text("second")
        assert program.wait_exit() == 0
        assert not program.emulator.modes.alternate_screen
        assert program.emulator.cursor.visible
        assert program.rows[:2] == ["first", "second"]
        assert program.emulator.title == ""


def test_a_replay_can_be_paused_and_left(folder: Path) -> None:
    file = recording(folder, [0.0, "o", "begun"], [3600.0, "o", "an hour later"])
    with Program([COMMAND, "replay", file], Size(60, 12), folder=folder) as program:
        program.wait_text("begun")
        program.type(" ")
        program.type("q")
        assert program.wait_exit() == 0
        assert "an hour later" not in program.text
        assert not program.emulator.modes.alternate_screen


def test_an_interrupted_replay_leaves_the_terminal_as_it_was(folder: Path) -> None:
    file = recording(folder, [0.0, "o", "begun\x1b[?25l"], [3600.0, "o", "an hour later"])
    with Program(["/bin/sh", "-c", f"trap : INT; {COMMAND} replay {file}; echo code-$?; stty -a"], Size(80, 24), folder=folder) as program:
        program.wait_text("begun")
        program.type("\x03")
        program.wait_text("code-130")
        program.wait_text(" icanon")
        assert program.emulator.cursor.visible


def test_a_fast_replay_takes_no_hour(folder: Path) -> None:
    file = recording(folder, [0.0, "o", "begun"], [3600.0, "o", " ended"])
    with Program([COMMAND, "replay", file, "--speed", "100000"], Size(60, 12), folder=folder) as program:
        assert program.wait_exit() == 0
        assert program.rows[0] == "begun ended"


@pytest.mark.parametrize("arguments", [["a.cast"], ["a.cast", "--instant"]], ids=["in a pipe", "--instant"])
def test_where_nobody_watches_only_the_end_is_printed(folder: Path, arguments: list[str]) -> None:
    recording(folder, [0.0, "o", "\x1b[31mred\x1b[m"], [3600.0, "o", "\r\nend"])
    done = subprocess.run([COMMAND, "replay", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "red\nend\n", "")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(None, "cannot read a.cast: No such file", id="no file"),
        pytest.param("", "a.cast: it does not begin as an asciicast", id="empty"),
        pytest.param('{"version": 2, "width": 9, "height": 9}\n[1]\n', "a.cast: line 2 is no event", id="no event"),
    ],
)
def test_no_recording(folder: Path, content: str | None, says: str) -> None:
    if content is not None:
        (folder / "a.cast").write_text(content)
    done = subprocess.run([COMMAND, "replay", "a.cast"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in (1, 2)
    assert done.stderr.startswith(f"agentgrid: {says}")
    assert done.stderr.count("\n") == 1


def test_the_doctor_asks_the_terminal(folder: Path) -> None:
    with Program([COMMAND, "doctor"], Size(100, 60), folder=folder, environment={"COLORTERM": "truecolor", "TMUX": ""}) as program:
        program.wait_exit()
        assert "✓ keyboard" in program.text  # Our own emulator knows the kitty protocol and synchronized output.
        assert "✓ synchronized output" in program.text
        assert "✓ colours                 16 million" in program.text


def test_a_terminal_that_does_not_answer_is_not_waited_for(folder: Path) -> None:
    with Program([COMMAND, "doctor"], Size(100, 60), folder=folder, answers=False) as program:
        program.wait_exit()
        assert "? keyboard                the terminal did not answer" in program.text


def test_following_ends_when_nobody_reads_any_more(folder: Path) -> None:
    """Not at the next event, which may be hours away."""
    with (
        fake_session(folder, {m.FollowEvents: lambda _: Then(None, [STATE])}),
        subprocess.Popen(
            [COMMAND, "events", "--follow"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as following,
    ):
        assert following.stdout is not None
        assert following.stderr is not None
        assert json.loads(following.stdout.readline())["state"] == "working"
        following.stdout.close()
        assert following.wait(timeout=20) == 0
        assert following.stderr.read() == ""


def test_an_interrupted_wait_is_quiet(folder: Path) -> None:
    with (
        fake_session(folder, {m.FollowEvents: lambda _: Then(None, [STATE])}),
        subprocess.Popen([COMMAND, "events", "--follow"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as waiting,
    ):
        assert waiting.stdout is not None
        waiting.stdout.readline()
        waiting.send_signal(signal.SIGINT)
        assert waiting.wait(timeout=20) == 130
        assert waiting.stderr is not None
        assert waiting.stderr.read() == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_is_a_line(folder: Path) -> None:
    with fake_session(folder, {}), open("/dev/full", "wb") as full:
        done = subprocess.run([COMMAND, "status", "--json"], cwd=folder, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "agentgrid: cannot write the result: No space left on device\n")


def test_no_standard_output_at_all(folder: Path) -> None:
    with fake_session(folder, {}):
        done = subprocess.run(["/bin/sh", "-c", f"exec {COMMAND} status >&- 2>&-"], cwd=folder, check=False)
    assert done.returncode == 0


def test_a_folder_that_is_gone_is_a_line(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    done = subprocess.run(
        ["/bin/sh", "-c", f"rmdir '{gone}'; exec {COMMAND} status"], cwd=gone, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, "agentgrid: the folder you are in has been deleted; go to another one\n")


@pytest.mark.parametrize("words", [["send", "1", "-"], ["broadcast", "-"]], ids=["send", "broadcast"])
def test_a_text_from_standard_input(folder: Path, words: list[str]) -> None:
    answers: dict[Any, Answer] = {m.SendText: lambda _: {"receipt": "delivered"}, m.Broadcast: lambda _: {"%1": {"receipt": "delivered"}}}
    with fake_session(folder, answers) as session:
        done = subprocess.run([COMMAND, *words], cwd=folder, input=b"two\nl\xffnes\n", capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        assert session.asked[0].text == "two\nl\ufffdnes"


def test_a_recording_ends_with_ctrl_c_and_is_whole(folder: Path) -> None:
    recorded = [m.Recorded(at=0.0, data=b"\x1b[Hhi"), m.Recorded(at=0.5, columns=100, rows=30), m.Recorded(at=1.0, data="é".encode())]
    answers: dict[Any, Answer] = {
        m.ResolvePane: lambda _: 1,
        m.RecordPane: lambda _: Then({"columns": 80, "rows": 24, "name": "claude-1"}, recorded),
        m.FollowEvents: lambda _: Then(None, [STATE]),
    }
    with (
        fake_session(folder, answers),
        subprocess.Popen(
            [COMMAND, "record", "a.cast", "1"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as recorder,
    ):
        eventually(lambda: (folder / "a.cast").exists() and len((folder / "a.cast").read_text().splitlines()) == 4, "four lines")
        recorder.send_signal(signal.SIGINT)
        out, said = recorder.communicate(timeout=20)
    assert (recorder.returncode, out) == (0, "")
    assert said == "agentgrid: 1.0 seconds of claude-1 are in a.cast; 'agentgrid replay a.cast' plays them\n"
    header, *lines = [json.loads(line) for line in (folder / "a.cast").read_text().splitlines()]
    assert (header["version"], header["width"], header["height"], header["title"]) == (2, 80, 24, "claude-1")
    assert lines == [[0.0, "o", "\x1b[Hhi"], [0.5, "r", "100x30"], [1.0, "o", "é"]]
    assert os.stat(folder / "a.cast").st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("answers", "file", "code", "says"),
    [
        pytest.param(
            {m.GetStatus: lambda _: status(pane(1, state="exited"))}, "a.cast", 2, "the program in claude-1 has ended", id="ended"
        ),
        pytest.param({}, "no/such/folder/a.cast", 1, "cannot write no/such/folder/a.cast", id="no such folder"),
    ],
)
def test_what_cannot_be_recorded(folder: Path, answers: dict[Any, Answer], file: str, code: int, says: str) -> None:
    known = {
        m.ResolvePane: lambda _: 1,
        m.RecordPane: lambda _: {"columns": 80, "rows": 24, "name": "claude-1"},
        m.FollowEvents: lambda _: None,
    }
    with fake_session(folder, {**known, **answers}):
        done = subprocess.run([COMMAND, "record", file, "1"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert says in done.stderr
    assert not (folder / "a.cast").exists()


def test_words_that_are_no_text(folder: Path) -> None:
    with fake_session(folder, {}):
        done = subprocess.run([COMMAND, "send", "1", b"a\xffb"], cwd=folder, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"agentgrid: 'a\\udcffb' is not UTF-8 text\n"


def test_nobody_to_complain_to(folder: Path) -> None:
    with subprocess.Popen([COMMAND, "status"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as lonely:
        assert lonely.stderr is not None
        lonely.stderr.close()
        assert lonely.wait(timeout=20) == 3
