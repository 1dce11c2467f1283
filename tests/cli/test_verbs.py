"""Every verb against a session that answers from a table: what is asked of the server, what is printed, the exit code."""

import json
from pathlib import Path
from typing import Any

import pytest

from agentgrid.errors import TimedOut, UsageError
from agentgrid.protocol import messages as m
from agentgrid.session import commands
from agentgrid.session.events import PaneExited, SessionEnded, StateChanged
from agentgrid.session.pane import Folder, PaneId
from tests.cli.conftest import Run
from tests.cli.fake_session import Then, fake_session, pane, status
from tests.support.explanation import EXPLANATION

FOUR = PaneId(4)


def resolve(what: m.ResolvePane) -> int:
    """Pane 4 is called ``claude-4``, and no other is there."""
    if what.pane in ("4", "claude-4", "%4"):
        return 4
    raise UsageError(f"there is no pane '{what.pane}'")


@pytest.mark.parametrize(
    ("words", "command"),
    [
        pytest.param("close 4", commands.ClosePane(pane=FOUR), id="close"),
        pytest.param("restart claude-4", commands.RestartPane(pane=FOUR), id="restart"),
        pytest.param("rename %4 parser", commands.RenamePane(pane=FOUR, name="parser"), id="rename"),
        pytest.param("move 4 1", commands.MovePane(pane=FOUR, number=1), id="move"),
        pytest.param("focus 4", commands.FocusPane(pane=FOUR), id="focus"),
        pytest.param("zoom 4", commands.ZoomPane(pane=FOUR), id="zoom"),
        pytest.param("zoom", commands.ZoomPane(pane=None), id="zoom ends"),
        pytest.param("park 4", commands.ParkPane(pane=FOUR), id="park"),
        pytest.param("unpark 4", commands.UnparkPane(pane=FOUR), id="unpark"),
    ],
)
def test_a_command_about_a_pane(run: Run, folder: Path, words: str, command: commands.AnyCommand) -> None:
    with fake_session(folder, {m.ResolvePane: resolve, m.Do: lambda _: "%4"}) as session:
        assert run(*words.split()) == (0, "", "")
        assert session.asked[-1] == m.Do(command=command)
        assert run(*words.replace("4", "5", 1).split()).code == (2 if "4" in words else 0)


@pytest.mark.parametrize(
    ("words", "command"),
    [
        pytest.param(["new"], commands.NewPane(), id="a shell"),
        pytest.param(["new", "claude"], commands.NewPane(agent="claude"), id="an agent"),
        pytest.param(["new", "sh"], commands.NewPane(command=("sh",)), id="a program"),
        pytest.param(["new", "--", "npm", "run", "dev"], commands.NewPane(command=("npm", "run", "dev")), id="a command"),
        pytest.param(["new", "claude", "--", "c", "--x"], commands.NewPane(agent="claude", command=("c", "--x")), id="an agent's command"),
        pytest.param(["new", "claude", "--folder", "worktree"], commands.NewPane(agent="claude", folder=Folder("worktree")), id="worktree"),
        pytest.param(
            ["new", "claude", "--name", "x", "--prompt", "do it"], commands.NewPane(agent="claude", name="x", prompt="do it"), id="prompt"
        ),
    ],
)
def test_new(run: Run, folder: Path, words: list[str], command: commands.NewPane) -> None:
    with fake_session(folder, {m.Do: lambda _: "%7"}) as session:
        assert run(*words) == (0, "%7\n", "")
        assert session.asked == [m.Do(command=command)]


def test_new_in_a_folder_beside_us(run: Run, folder: Path) -> None:
    with fake_session(folder, {m.Do: lambda _: "%7"}) as session:
        assert run("new", "--folder", "../other", "--json") == (0, '{"id":"%7"}\n', "")
        assert session.asked[0].command.folder == Folder("path", str(folder.parent / "other"))


def test_new_with_a_word_that_is_nothing(run: Run, folder: Path) -> None:
    with fake_session(folder, {}) as session:
        ended = run("new", "claud")
        assert (ended.code, ended.out) == (2, "")
        assert "did you mean 'claude'?" in ended.err
        assert session.asked == []


@pytest.mark.parametrize(
    ("words", "asked", "receipt", "code"),
    [
        pytest.param(["send", "4", "hi there"], m.SendText(pane="4", text="hi there"), "delivered", 0, id="delivered"),
        pytest.param(["send", "4", "hi", "--no-enter"], m.SendText(pane="4", text="hi", enter=False), "unknown", 0, id="unknown"),
        pytest.param(["send", "4", "hi", "--when-idle"], m.SendText(pane="4", text="hi", when_idle=True), "queued", 0, id="queued"),
        pytest.param(["send", "4", "--", "-v"], m.SendText(pane="4", text="-v"), "stranded", 1, id="stranded"),
    ],
)
def test_send(run: Run, folder: Path, words: list[str], asked: m.SendText, receipt: str, code: int) -> None:
    with fake_session(folder, {m.SendText: lambda _: {"receipt": receipt}}) as session:
        ended = run(*words)
        assert (ended.code, ended.out) == (code, f"{receipt}\n")
        assert bool(ended.err) == bool(code)
        assert run(*words[:2], "--json", *words[2:]).out == f'{{"receipt":"{receipt}"}}\n'
        assert session.asked == [asked, asked]


def test_keys(run: Run, folder: Path) -> None:
    with fake_session(folder, {m.SendKeys: lambda _: None}) as session:
        assert run("keys", "4", "ctrl+c", "a", "-") == (0, "", "")
        assert session.asked == [m.SendKeys(pane="4", keys=("ctrl+c", "a", "-"))]


@pytest.mark.parametrize(
    ("words", "panes"), [pytest.param([], (), id="all"), pytest.param(["--to", "1,claude-2"], ("1", "claude-2"), id="some")]
)
@pytest.mark.parametrize(("second", "code"), [pytest.param("delivered", 0, id="delivered"), pytest.param("stranded", 1, id="stranded")])
def test_broadcast(run: Run, folder: Path, words: list[str], panes: tuple[str, ...], second: str, code: int) -> None:
    receipts = {"%1": {"receipt": "delivered"}, "%2": {"receipt": second}}
    with fake_session(folder, {m.Broadcast: lambda _: receipts}) as session:
        assert run("broadcast", "stop", *words) == (code, f"%1 delivered\n%2 {second}\n", "")
        assert json.loads(run("broadcast", "stop", "--json", *words).out) == receipts
        assert session.asked[0] == m.Broadcast(text="stop", panes=panes)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        pytest.param(["screen", "4"], m.GetScreen(pane="4"), id="the screen"),
        pytest.param(["screen", "4", "--history", "10"], m.GetScreen(pane="4", history=10), id="some history"),
        pytest.param(["screen", "4", "--history", "all"], m.GetScreen(pane="4", history=-1), id="all history"),
        pytest.param(["screen", "4", "--ansi"], m.GetScreen(pane="4", ansi=True), id="with colours"),
    ],
)
def test_screen(run: Run, folder: Path, words: list[str], asked: m.GetScreen) -> None:
    with fake_session(folder, {m.GetScreen: lambda _: "one\n\ntwo\n"}) as session:
        assert run(*words) == (0, "one\n\ntwo\n\n", "")
        assert session.asked == [asked]
        assert json.loads(run(*words, "--json").out) == {"pane": "4", "text": "one\n\ntwo\n"}


def test_a_hostile_screen_only_colours(run: Run, folder: Path) -> None:
    hostile = "\x1b[31mred\x1b[0m\x1b]0;title\x07\x9b2J\x1b[2J\u202eevil\r"
    with fake_session(folder, {m.GetScreen: lambda _: hostile}):
        assert run("screen", "4", "--ansi").out == "\x1b[31mred\x1b[0m]0;title2J[2Jevil\n"
        assert run("screen", "4").out == "[31mred[0m]0;title2J[2Jevil\n"
        printed = run("screen", "4", "--json").out
        assert json.loads(printed)["text"] == hostile
        assert printed[:-1].isprintable()


@pytest.mark.parametrize(
    ("words", "asked", "result"),
    [
        pytest.param(["--state", "done,blocked"], m.WaitFor(pane="4", states=("done", "blocked")), {"state": "done"}, id="state"),
        pytest.param(["--text", "^a+"], m.WaitFor(pane="4", text="^a+"), {"text": "aaa"}, id="text"),
        pytest.param(["--exit"], m.WaitFor(pane="4", exit=True), {"exit_code": 7}, id="exit"),
        pytest.param(["--exit", "--timeout", "2.5"], m.WaitFor(pane="4", exit=True, timeout=2.5), {"exit_code": 0}, id="timeout"),
    ],
)
def test_wait(run: Run, folder: Path, words: list[str], asked: m.WaitFor, result: dict[str, Any]) -> None:
    with fake_session(folder, {m.WaitFor: lambda _: result}) as session:
        assert run("wait", "4", *words) == (0, "", "")
        assert json.loads(run("wait", "4", *words, "--json").out) == result
        assert session.asked == [asked, asked]


def test_waiting_in_vain(run: Run, folder: Path) -> None:
    def never(_: m.WaitFor) -> None:
        raise TimedOut("not so after 1 seconds")

    with fake_session(folder, {m.WaitFor: never}):
        assert run("wait", "4", "--exit", "--timeout", "1") == (1, "", "agentgrid: not so after 1 seconds\n")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["wait", "4"], "wait for what?", id="for nothing"),
        pytest.param(["wait", "4", "--exit", "--text", "x"], "wait for what?", id="for two things"),
        pytest.param(["wait", "4", "--state", "doen"], "did you mean 'done'?", id="an unknown state"),
        pytest.param(["wait", "4", "--state", ","], "the list is empty", id="no state"),
        pytest.param(["wait", "4", "--text", ""], "on every screen", id="no text"),
        pytest.param(["wait", "4", "--exit", "--timeout", "soon"], "'soon' is no number", id="no number"),
        pytest.param(["wait", "4", "--exit", "--timeout", "-1"], "cannot be negative", id="a negative time"),
        pytest.param(["send", "4", ""], "no text", id="an empty text"),
        pytest.param(["move", "4", "0"], "count from 1", id="cell 0"),
        pytest.param(["screen", "4", "--history", "some"], "no whole number", id="some history"),
        pytest.param(["new", "--folder", "worktre"], "did you mean 'worktree'?", id="a slip in a folder's kind"),
        pytest.param(["broadcast", "x", "--to", ""], "the list is empty", id="to nobody"),
    ],
)
def test_a_mistake_is_a_line_and_asks_nothing(run: Run, folder: Path, words: list[str], says: str) -> None:
    with fake_session(folder, {}) as session:
        ended = run(*words)
        assert (ended.code, ended.out) == (2, "")
        assert says in ended.err
        assert ended.err.count("\n") == 1
        assert session.asked == []


PRESENT = (
    m.Happened(event=StateChanged(at=1.5, pane=PaneId(1), state="working", source="title")),
    m.Happened(event=StateChanged(at=2.5, pane=PaneId(2), state="blocked", kind="permission", message="Run it?", source="report")),
)
LIVE = (m.Happened(event=PaneExited(at=3.5, pane=PaneId(1), exit_code=-9)), m.Happened(event=SessionEnded(at=4.5)))
LINES = [
    {"at": 1.5, "event": "state_changed", "pane": "%1", "state": "working", "kind": "", "message": "", "source": "title"},
    {"at": 2.5, "event": "state_changed", "pane": "%2", "state": "blocked", "kind": "permission", "message": "Run it?", "source": "report"},
    {"at": 3.5, "event": "pane_exited", "pane": "%1", "exit_code": -9},
    {"at": 4.5, "event": "session_ended"},
]


@pytest.mark.parametrize(
    ("words", "messages", "lines"),
    [
        pytest.param(["events"], PRESENT, LINES[:2], id="the present"),
        pytest.param(["events", "--follow"], PRESENT + LIVE, LINES, id="to the session's end"),
        pytest.param(["events", "--follow", "--json"], PRESENT + LIVE, LINES, id="--json changes nothing"),
    ],
)
def test_events(run: Run, folder: Path, words: list[str], messages: tuple[m.Happened, ...], lines: list[dict[str, Any]]) -> None:
    with fake_session(folder, {m.FollowEvents: lambda _: Then(None, messages)}):
        ended = run(*words)
    assert (ended.code, ended.err) == (0, "")
    assert [json.loads(line) for line in ended.out.splitlines()] == lines


def test_following_a_server_that_is_killed(run: Run, folder: Path) -> None:
    with fake_session(folder, {m.FollowEvents: lambda _: Then(None, PRESENT, close=True)}):
        ended = run("events", "--follow")
    assert ended.code == 3
    assert len(ended.out.splitlines()) == 2
    assert "its programs go on" in ended.err


def test_status_is_what_the_server_says(run: Run, folder: Path) -> None:
    said = status(pane(1, state="blocked", message="Run npm test?"), pane(2, state="exited", exit_code=1))
    with fake_session(folder, {m.GetStatus: lambda _: said}):
        assert json.loads(run("status", "--json").out) == said
        lines = run("status").out.splitlines()
        assert [line.split()[:4] for line in lines[1:]] == [["1", "▲", "blocked", "claude-1"], ["2", "■", "exited", "1"]]
        assert lines[1].endswith("Run npm test?")


def test_explain(run: Run, folder: Path) -> None:
    known = EXPLANATION | {"message": "Run \x1b[2Jit?"}
    with fake_session(folder, {m.Explain: lambda _: known}) as session:
        lines = run("explain", "4").out.splitlines()
        assert lines[0].startswith("blocked (permission) for 7.5 s, by its report (7501), not seen yet: Run ")
        assert "\x1b" not in lines[0]
        assert lines[3] == "  report    blocked  7501, since 7.5 s"
        assert json.loads(run("explain", "4", "--json").out) == known
        assert session.asked[0] == m.Explain(pane="4")


def test_ls(run: Run, folder: Path) -> None:
    assert run("ls") == (0, "", "")
    assert run("ls", "--json") == (0, "[]\n", "")
    with fake_session(folder, {m.GetStatus: lambda _: {**status(pane(1)), "clients": 2}}):
        assert run("ls") == (0, f"project  1 pane, 2 screens  {folder}\n", "")
        (found,) = json.loads(run("ls", "--json").out)
        assert found == {"session": "project", "folder": str(folder), "panes": 1, "clients": 2, "problem": ""}


def test_ls_lists_a_session_of_another_version(run: Run, folder: Path) -> None:
    with fake_session(folder, {}, protocol=m.PROTOCOL_VERSION + 1):
        (found,) = json.loads(run("ls", "--json").out)
        assert found["panes"] is None
        assert found["problem"]


@pytest.mark.parametrize(("screens", "code"), [pytest.param(2, 0, id="two"), pytest.param(0, 1, id="none")])
def test_detach(run: Run, folder: Path, screens: int, code: int) -> None:
    with fake_session(folder, {m.DetachClients: lambda _: screens}):
        assert run("detach").code == code
        assert json.loads(run("detach", "--json").out) == {"detached": screens}


@pytest.mark.parametrize(
    ("words", "states", "code", "ended"),
    [
        pytest.param(["down", "--yes"], ["unknown"], 0, True, id="--yes"),
        pytest.param(["down"], ["exited", "exited"], 0, True, id="nothing runs"),
        pytest.param(["down"], ["unknown", "exited"], 2, False, id="nobody to ask"),
    ],
)
def test_down(run: Run, folder: Path, words: list[str], states: list[str], code: int, ended: bool) -> None:
    panes = [pane(number, state=state) for number, state in enumerate(states, 1)]
    with fake_session(folder, {m.GetStatus: lambda _: status(*panes), m.EndSession: lambda _: None}) as session:
        assert run(*words).code == code
        assert (m.EndSession() in session.asked) == ended


def test_another_session_by_name(run: Run, folder: Path) -> None:
    with fake_session(folder, {m.GetScreen: lambda _: "here"}), fake_session(folder / "x", {m.GetScreen: lambda _: "there"}, name="other"):
        assert run("screen", "1").out == "here\n"
        assert run("screen", "1", "-s", "other").out == "there\n"


def test_the_session_whose_pane_we_are_in(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTGRID_SESSION", "other")
    with fake_session(folder, {m.GetScreen: lambda _: "here"}), fake_session(folder / "x", {m.GetScreen: lambda _: "there"}, name="other"):
        assert run("screen", "1").out == "there\n"
        assert run("screen", "1", "-s", "project").out == "here\n"


@pytest.mark.parametrize(
    "verb", ["status", "attach", "detach", "down", "events", "screen 1", "send 1 x", "wait 1 --exit", "new", "close 1", "ls -s x"]
)
def test_no_session(run: Run, verb: str) -> None:
    ended = run(*verb.split())
    if verb.startswith("ls"):
        assert ended.code == 0
        return
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == "agentgrid: no session 'project' runs; 'agentgrid' starts it\n"


def test_no_session_of_that_name_says_which_there_are(run: Run, folder: Path) -> None:
    with fake_session(folder, {}):
        ended = run("status", "-s", "other")
    assert ended.code == 3
    assert "(running: project)" in ended.err


def test_a_session_of_another_version(run: Run, folder: Path) -> None:
    with fake_session(folder, {}, protocol=m.PROTOCOL_VERSION + 1):
        ended = run("status")
    assert (ended.code, ended.out) == (4, "")
    assert ended.err.count("\n") == 1
