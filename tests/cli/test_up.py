"""``up``, ``attach`` and ``demo`` up to the screen: what is refused, and that nothing is started then."""

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from agentgrid.cli.verbs import up as up_module
from agentgrid.protocol import messages as m
from agentgrid.server.launching import Launch
from agentgrid.session.commands import NewPane
from tests.cli.conftest import Run
from tests.cli.fake_session import fake_session, pane, status


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Launch]:
    """What would be started; nothing is."""
    launches: list[Launch] = []

    def start(_: object, launch: Launch, meanwhile: object) -> None:
        launches.append(launch)

    monkeypatch.setattr(up_module, "start", start)
    monkeypatch.setattr(up_module, "waiting_server", lambda: nullcontext(SimpleNamespace(launch=start)))
    return launches


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param([], "no terminal", id="not a terminal"),
        pytest.param(["3x3", "claude"], "no terminal", id="not a terminal, with words"),
        pytest.param(["statsu"], "did you mean 'status'?", id="a verb with a slip"),
        pytest.param(["demo"], "no terminal", id="demo, not a terminal"),
        pytest.param(["up", "--no-attach", "0x3"], "a grid of 0x3 cannot be", id="no such grid"),
        pytest.param(["qqqqqq"], "'qqqqqq' is no verb, no agent and no program on PATH", id="a word that is nothing"),
        pytest.param(["--no-attach", "--config", "none.toml"], "none.toml: there is no such file", id="no such file"),
        pytest.param(["--no-attach", "--folder", "worktre"], "did you mean 'worktree'?", id="no such folder"),
        pytest.param(["--no-attach", "-s", "a/b"], "'a/b' is no name for a session", id="no such name"),
    ],
)
def test_a_mistake_starts_nothing(run: Run, started: list[Launch], words: list[str], says: str) -> None:
    ended = run(*words)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
    assert ended.err.count("\n") == 1
    assert started == []


def test_a_wrong_configuration_starts_nothing(run: Run, folder: Path, started: list[Launch]) -> None:
    (folder / "agentgrid.toml").write_text('them = "harbour"\n')
    ended = run("up", "--no-attach")
    assert (ended.code, started) == (2, [])
    assert ended.err == "agentgrid: agentgrid.toml: unknown key 'them'; did you mean 'theme'?\n"


def test_what_is_started(run: Run, folder: Path, started: list[Launch]) -> None:
    (folder / "team.toml").write_text('[[pane]]\ncommand = ["top"]\n')
    run("up", "--no-attach", "2x2", "--config", "team.toml")
    (launch,) = started
    assert launch.session == "project"
    assert launch.folder == str(folder)
    assert launch.config_file == str(folder / "team.toml")
    assert (launch.rows, launch.columns) == (2, 2)
    assert launch.panes == (NewPane(command=("top",)),)
    assert (launch.window_columns, launch.window_rows) == (0, 0)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        pytest.param(["--no-attach"], 0, "", id="no words"),
        pytest.param(["--no-attach", "3x3", "claude*2"], 0, "", id="the same"),
        pytest.param(["--no-attach", "2x2"], 2, "its grid is 3x3, not 2x2", id="another grid"),
        pytest.param(["--no-attach", "claude"], 2, "it runs claude*2, not claude", id="other agents"),
        pytest.param(["--no-attach", "--folder", "worktree"], 2, "--folder holds when one starts", id="a folder"),
    ],
)
def test_a_session_that_runs_is_not_started_again(
    run: Run, folder: Path, started: list[Launch], words: list[str], code: int, says: str
) -> None:
    with fake_session(folder, {m.GetStatus: lambda _: status(pane(1), pane(2))}):
        ended = run(*words)
    assert (ended.code, started) == (code, [])
    assert says in ended.err


def test_what_did_not_start_is_said_where_nobody_looks(run: Run, folder: Path) -> None:
    with fake_session(folder, {m.GetStatus: lambda _: status(pane(1, problem="there is no program 'claude'"), pane(2))}):
        assert run("--no-attach") == (0, "", "agentgrid: claude-1: there is no program 'claude'\n")


def test_no_grid_in_a_pane(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTGRID_PANE", "%3")
    monkeypatch.setenv("AGENTGRID_SESSION", "project")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    with fake_session(folder, {}):
        for words in ([], ["attach"], ["demo"]):
            ended = run(*words)
            assert ended.code == 2
            assert "this is a pane of session 'project'" in ended.err


def test_a_theme_that_is_not_there(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    with fake_session(folder, {}):
        ended = run("--theme", "harbor")
        assert ended.code == 2
        assert "did you mean 'harbour'?" in ended.err
        assert run("attach", "--css", "none.tcss").err == "agentgrid: --css: there is no file none.tcss\n"
