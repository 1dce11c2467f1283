"""Hooks that are put into a launch, and reports that reach whoever listens: with the real reporter, and a stream that is one."""

import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agentgrid.agents.hooks.launching import REPORTER
from agentgrid.agents.hooks.parsing import Heard
from agentgrid.agents.profiles import load_profiles
from agentgrid.server.hooks import Hooks
from agentgrid.server.loop import Loop
from agentgrid.session.pane import PaneId
from tests.support.deadline import DEADLINE_SECONDS

PANE = PaneId(3)
EDIT = b'{"session_id":"s","cwd":"/w","tool_name":"Edit","tool_input":{"file_path":"/w/a.py"}}'
PROFILES = load_profiles()


class Heardings:
    """Hooks with a loop of their own, and what they have told. Owned by one test."""

    def __init__(self, folder: Path) -> None:
        self.loop = Loop()
        self.folder = folder
        self.told: list[tuple[PaneId, Heard]] = []
        self.problems: list[str] = []
        self.hooks = self.new()

    def new(self) -> Hooks:
        hooks = Hooks(self.loop, self.folder / "sockets", self.loop.now, lambda message, _: self.problems.append(message))
        hooks.listen(lambda pane, heard: self.told.append((pane, heard)))
        return hooks

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = self.loop.now() + DEADLINE_SECONDS
        while not condition():
            assert self.loop.now() < deadline, self.told
            self.loop.turn(0.1)

    def report(self, event: str, text: bytes, environment: dict[str, str]) -> None:
        subprocess.run(["sh", REPORTER, "claude", event], input=text, env={"PATH": os.environ["PATH"]} | environment, check=True)


@pytest.fixture
def heardings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Heardings]:
    monkeypatch.setenv("AGENTGRID_STATE_DIR", str(tmp_path / "state"))
    made = Heardings(tmp_path)
    yield made
    made.hooks.close(forget=True)
    made.loop.close()
    assert made.problems == []


def test_an_agents_launch_reports_to_every_listener(heardings: Heardings) -> None:
    command, environment = heardings.hooks.add(PANE, PROFILES["claude"], ("claude",), {"HOME": "/nowhere"})
    assert command[:2] == ("claude", "--settings")
    heardings.report("PostToolUse", EDIT, environment)
    heardings.until(lambda: len(heardings.told) == 1)
    (pane, heard) = heardings.told[0]
    assert pane == PANE
    assert [edit.path for edit in heard.edits] == ["/w/a.py"]
    assert [signal.state for signal in heard.signals] == ["working"]


def test_another_program_is_started_as_it_is(heardings: Heardings) -> None:
    assert heardings.hooks.add(PANE, None, ("make",), {"A": "b"}) == (("make",), {"A": "b"})
    assert heardings.hooks.add(PANE, PROFILES["aider"], ("aider",), {}) == (("aider",), {})
    assert not heardings.hooks.reports(PANE)


def test_a_successor_hears_what_came_while_no_server_ran(heardings: Heardings) -> None:
    _, environment = heardings.hooks.add(PANE, PROFILES["claude"], ("claude",), {})
    heardings.hooks.close(forget=False)
    heardings.report("PreToolUse", EDIT, environment)
    heardings.hooks = heardings.new()
    heardings.hooks.resume(PANE)
    assert [edit.when for _, heard in heardings.told for edit in heard.edits] == ["before"]
    heardings.report("PostToolUse", EDIT, environment)
    heardings.until(lambda: len(heardings.told) == 2)


def test_nothing_is_left_of_a_pane_that_has_ended(heardings: Heardings) -> None:
    _, environment = heardings.hooks.add(PANE, PROFILES["claude"], ("claude",), {})
    heardings.hooks.drop(PANE)
    assert list((heardings.folder / "sockets" / "hooks").iterdir()) == []
    heardings.report("PostToolUse", EDIT, environment)  # It has nobody to tell, and is no failure.


def test_a_stream_of_events_is_followed(heardings: Heardings) -> None:
    command, environment = heardings.hooks.add(PANE, PROFILES["opencode"], ("opencode",), {})
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", int(command[command.index("--port") + 1]))) as server:
        server.settimeout(DEADLINE_SECONDS)
        serving = threading.Thread(target=lambda: asked.extend([serve(server), serve(server)]))
        serving.start()
        heardings.until(lambda: bool(heardings.told))
        serving.join(DEADLINE_SECONDS)
    assert asked == [b"/session", b"/event"]
    assert [edit.path for _, heard in heardings.told for edit in heard.edits] == ["/w/a.py"]
    assert "OPENCODE_SERVER_PASSWORD" in environment


def serve(server: socket.socket) -> bytes:
    """One request, and what opencode answers; the path that was asked for."""
    connection, _ = server.accept()
    with connection:
        connection.settimeout(DEADLINE_SECONDS)
        path = connection.recv(4096).split(b" ")[1]
        line = b'data: {"type":"file.edited","properties":{"file":"/w/a.py"}}\n\n'
        chunked = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(line), line)
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + (b"Content-Length: 2\r\n\r\n[]" if path == b"/session" else chunked))
    return path
