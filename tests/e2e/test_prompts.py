"""Prompts and their receipts, with a program that has a composer: what is said of a prompt is what became of it."""

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from agentgrid.client.client import Client
from agentgrid.protocol.messages import KeyPressed, Response, SendText, WaitFor
from agentgrid.session.pane import PaneId
from agentgrid.terminal.keys import Key
from tests.support import composing
from tests.support.deadline import eventually
from tests.support.session import Session


class Composing:
    """One pane with such a program, as an agent."""

    def __init__(self, session: Session, pause_seconds: float = 0.1) -> None:
        self.session = session
        self.log = session.base / "prompts"
        self.log.touch()
        command = [sys.executable, composing.__file__, str(self.log), "0.2"]
        self.busy = session.base / "prompts.busy"
        """No turn ends while it is there."""
        config = session.base / "agents.toml"
        profile = f"command = {json.dumps(command)}\ntrace = false\nenter_pause_seconds = {pause_seconds}"
        config.write_text(f'[agent.scribe]\n{profile}\n[[pane]]\nagent = "scribe"\n')
        session.ok("up", "--no-attach", "--config", config, "1x1")
        session.ok("wait", "1", "--state", "idle", "--timeout", "30")

    def prompts(self) -> list[str]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def pid(self) -> int:
        return int(self.session.panes()[0]["pid"])


@pytest.fixture
def scribe(session: Session) -> Composing:
    return Composing(session)


def test_delivered(scribe: Composing) -> None:
    assert scribe.session.json("send", "1", "write a test") == {"receipt": "delivered"}
    assert scribe.prompts() == ["write a test"]


def test_delivered_whole_when_the_composer_shows_only_a_placeholder(scribe: Composing) -> None:
    text = "\n".join(f"line {number}" for number in range(300))
    assert scribe.session.json("send", "1", text) == {"receipt": "delivered"}
    assert scribe.prompts() == [text]


def test_stranded_in_a_program_that_is_stopped_and_not_sent_when_it_goes_on(scribe: Composing) -> None:
    os.kill(scribe.pid(), signal.SIGSTOP)
    try:
        answer = scribe.session.run("send", "1", "write a test")
        assert (answer.code, answer.out) == (1, "stranded\n")
    finally:
        os.kill(scribe.pid(), signal.SIGCONT)
    scribe.session.wait_text(1, "❯ write a test")
    assert scribe.prompts() == []


def test_stranded_in_a_plain_program_that_is_stopped(session: Session) -> None:
    session.start([["cat"]], "1x1")
    pid = int(session.panes()[0]["pid"])
    os.kill(pid, signal.SIGSTOP)
    assert session.run("send", "1", "anybody there?").out == "stranded\n"
    os.kill(pid, signal.SIGCONT)
    session.wait_text(1, "(anybody there[?]\n){2}")


def test_unknown_where_nothing_is_shown(session: Session) -> None:
    session.start([["/bin/sh", "-c", "stty -echo; echo password:; read -r word; echo; cat"]], "1x1")
    session.wait_text(1, "password:")
    assert session.ok("send", "1", "secret") == "unknown\n"


def test_refused_into_what_somebody_has_half_typed(scribe: Composing) -> None:
    scribe.session.ok("keys", "1", *"half")
    scribe.session.wait_text(1, "❯ half")
    answer = scribe.session.run("send", "1", "write a test")
    assert answer.code == 2
    assert "('half')" in answer.err
    scribe.session.ok("keys", "1", "ctrl+u")
    scribe.session.wait_text(1, "❯ *$")
    assert scribe.session.ok("send", "1", "write a test") == "delivered\n"
    assert scribe.prompts() == ["write a test"]


def test_what_somebody_types_while_a_prompt_goes_comes_after_it(session: Session) -> None:
    scribe = Composing(session, pause_seconds=2.0)
    with connected(session, "cli") as sender, connected(session, "cli") as looking, connected(session, "keys") as typing:
        receipts: list[Response] = []
        sender.ask(SendText(pane="1", text="write a test"), receipts.append)
        looking.request(WaitFor(pane="1", text="❯ write a test", timeout=30))
        for character in "typed":
            typing.send(KeyPressed(pane=PaneId(1), key=Key(character, character)))
        looking.request(WaitFor(pane="1", text="❯ typed", timeout=30))
    assert scribe.prompts() == ["write a test"]


def test_refused_where_enter_would_answer_a_permission(scribe: Composing) -> None:
    scribe.session.ok("send", "1", "ask")
    scribe.session.ok("wait", "1", "--state", "blocked", "--timeout", "30")
    answer = scribe.session.run("send", "1", "no, do not")
    assert answer.code == 2
    assert "would take Enter for a yes" in answer.err
    assert json.loads(scribe.session.ok("broadcast", "stop", "--json")) == {"%1": {"receipt": "left out", "why": "waits for permission"}}
    assert scribe.prompts() == ["ask"]


def test_a_locked_pane_takes_nothing(scribe: Composing) -> None:
    scribe.session.ok("lock", "1")
    assert scribe.session.panes()[0]["locked"]
    assert "unlock" in scribe.session.run("send", "1", "write a test").err
    scribe.session.ok("send", "1", "--when-idle", "later")
    scribe.session.ok("unlock", "1")
    eventually(lambda: scribe.prompts() == ["later"], "it goes once the pane is open")


def test_prompts_wait_in_order_are_edited_and_dropped(session: Session) -> None:
    scribe = Composing(session)
    scribe.busy.touch()
    session.ok("send", "1", "first")
    for text in ("second", "third", "fourth"):
        assert session.ok("send", "1", "--when-idle", text) == "queued\n"
    assert session.panes()[0]["queued"] == 3
    session.ok("queue", "1", "--drop", "2")
    assert [prompt["text"] for prompt in session.json("queue", "1")] == ["second", "fourth"]
    scribe.busy.unlink()
    eventually(lambda: scribe.prompts() == ["first", "second", "fourth"], "in their order")
    eventually(lambda: session.panes()[0]["queued"] == 0, "none waits")


@pytest.mark.parametrize("dropped", ["", "all"], ids=["its Enter", "all of it"])
def test_a_prompt_that_waited_is_tried_again_where_the_program_dropped(session: Session, dropped: str) -> None:
    """Some drop keys while they start."""
    scribe = Composing(session)
    (session.base / "prompts.deaf").write_text(dropped)
    session.ok("send", "1", "--when-idle", "only once")
    eventually(lambda: scribe.prompts() == ["only once"], "it is seen that it was dropped", seconds=40)
    eventually(lambda: session.panes()[0]["queued"] == 0, "none waits")
    assert scribe.prompts() == ["only once"]


def test_prompts_survive_the_server_and_go_exactly_once(session: Session) -> None:
    scribe = Composing(session)
    scribe.busy.touch()
    session.ok("send", "1", "first")
    for text in ("second", "third"):
        session.ok("send", "1", "--when-idle", text)
    session.server().kill()
    eventually(lambda: not session.serves(), "it is gone")
    session.ok("up", "--no-attach")
    assert session.panes()[0]["queued"] == 2
    session.ok("send", "1", "--when-idle", "fourth")
    scribe.busy.unlink()
    eventually(lambda: len(scribe.prompts()) == 4, "all are delivered", seconds=40)
    assert scribe.prompts() == ["first", "second", "third", "fourth"]


def test_a_server_killed_while_it_types_leaves_a_prompt_that_goes_once(session: Session) -> None:
    scribe = Composing(session)
    os.kill(scribe.pid(), signal.SIGSTOP)  # So that the paste is taken, and its Enter not pressed yet.
    session.ok("send", "1", "--when-idle", "only once")
    eventually(lambda: session.json("queue", "1")[0]["sending"], "it is being typed")
    session.server().kill()
    eventually(lambda: not session.serves(), "it is gone")
    os.kill(scribe_pid(session), signal.SIGCONT)
    session.ok("up", "--no-attach")
    eventually(lambda: scribe.prompts() == ["only once"], "it gets its Enter")
    eventually(lambda: session.panes()[0]["queued"] == 0, "none waits")
    assert scribe.prompts() == ["only once"]


def scribe_pid(session: Session) -> int:
    (found,) = [process for process in session.processes() if Path(composing.__file__).name in " ".join(process.cmdline())]
    return found.pid


def connected(session: Session, role: str) -> Client:
    (socket,) = (session.base / "runtime").rglob("server.sock")
    return Client.connect(socket, role)
