"""What reaches the terminal from the start of the window until it is at rest: every cell once.

A second painting of the same is seen by nobody here, but over a slow line the window comes a second later, and a terminal
that knows no synchronized output flickers.
"""

from collections.abc import Callable

import pytest

from agentgrid.geometry import Size
from tests.support.deadline import eventually
from tests.support.outer import Kind, Outer
from tests.support.session import COMMAND, Session

WINDOW = Size(160, 48)
PROMPT = b"type-here>"
LINE = "│".encode()  # Two columns of them, in every row but the last.
LINES = 2 * (WINDOW.rows - 1)
MAX_AFTERWARDS = 64  # The cursor is put into the pane, and a question asked.
REST_SECONDS = 0.5  # What a start still had to paint would have come by then.


def attached(session: Session) -> None:
    session.start([["/bin/sh"]] * 9)
    for number in range(1, 10):
        session.wait_text(number, PROMPT.decode())


def started(session: Session) -> None:
    (session.base / "config").mkdir(exist_ok=True)


@pytest.mark.parametrize("kind", ["kitty", "xterm", "silent"])
@pytest.mark.parametrize("before", [attached, started])
def test_every_cell_is_painted_once(session: Session, before: Callable[[Session], None], kind: Kind) -> None:
    session.environment["PS1"] = PROMPT.decode()
    before(session)
    with Outer([COMMAND, "3x3"] if before is started else [COMMAND], kind, WINDOW, session.environment, session.folder) as outer:
        outer.read_until(lambda: outer.output.count(PROMPT) >= 9 and outer.output.count(LINE) >= LINES, what="nine prompts and the lines")
        outer.read_for(REST_SECONDS)
        assert (outer.output.count(PROMPT), outer.output.count(LINE)) == (9, LINES)


def test_the_first_frame_is_whole(session: Session) -> None:
    """No part of the window comes later: all that stood there before it does is what the shell had printed."""
    session.environment["PS1"] = PROMPT.decode()
    attached(session)
    with Outer([COMMAND], "kitty", WINDOW, session.environment, session.folder) as outer:
        end = outer.wait_for(b"\x1b[?2026l")
        outer.read_for(REST_SECONDS)
        assert outer.output.count(PROMPT, 0, end) == 9
        assert b"typing into" in outer.output[:end]
        assert len(outer.output) - end < MAX_AFTERWARDS


def test_a_server_that_is_not_wanted_after_all_leaves_nothing(session: Session) -> None:
    """Its process is started before the configuration is read."""
    (session.folder / "agentgrid.toml").write_text('them = "harbour"\n')
    refused = session.run("up", "--no-attach")
    assert (refused.code, refused.err) == (2, "agentgrid: agentgrid.toml: unknown key 'them'; did you mean 'theme'?\n")
    eventually(lambda: not session.processes())
    assert not (session.base / "runtime" / "project").exists()
    assert (session.base / "state" / "server.log").read_text() == ""
    (session.folder / "agentgrid.toml").unlink()
    session.ok("up", "--no-attach")
