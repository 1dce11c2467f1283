"""What is asked about a pane's state, and what is done with it: why it is so, a test case of it, an answer to its question.

An answer is sent only to the question it was meant for: the screen is read in the same turn of the loop in which the keys go
out. The receipt says what was seen afterwards:

    answered   the question has gone, or is another one
    stranded   it is still there after ``ANSWER_SECONDS``
"""

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from agentgrid.agents.answering import answer
from agentgrid.errors import Unavailable, UsageError
from agentgrid.paths import private_folder, state_dir
from agentgrid.server.report import pane_word
from agentgrid.session.pane import PaneId
from agentgrid.terminal import keys

if TYPE_CHECKING:
    from agentgrid.server.server import Server

ANSWER_SECONDS = 5.0  # An agent takes an answer in a frame; on a busy machine in a second or two.
POLL_SECONDS = 0.1
KEY_PAUSE_SECONDS = 0.1  # Between keys that walk through a list: some read one key a frame.
CASES = "cases"


def explained(server: "Server", pane: PaneId) -> dict[str, Any]:
    """Why the pane is in its state. Raises UsageError for one that has not started yet."""
    server.settle()
    found = server.states.explain(pane)
    if found is None:
        raise UsageError("the pane is still being made; try again in a moment")
    state = server.session.panes[pane]
    about = {"id": pane_word(pane), "number": state.number, "name": state.name}
    about |= {"traced": state.traced, "untraced_because": state.untraced_because}
    about |= {"usage": server.details.of(pane), "since_looked": msgspec.to_builtins(state.since)}
    why: dict[str, Any] = msgspec.to_builtins(found)
    return about | why


def save_case(server: "Server", pane: PaneId) -> str:
    """Write the pane as it is now as a test case; its path. Raises Unavailable when it cannot be written."""
    text = server.states.case(pane)
    if text is None:
        raise UsageError("the pane is still being made; try again in a moment")
    name = server.session.panes[pane].name
    stamp = time.strftime("%Y-%m-%d-%H%M%S", time.localtime(server.clock()))
    try:
        path = private_folder(state_dir() / CASES) / f"{re.sub(r'[^A-Za-z0-9_.-]', '-', name)}-{stamp}.cast"
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Unavailable(f"cannot write the test case: {error}") from error
    return str(path)


def give_answer(server: "Server", pane: PaneId, fingerprint: str, chosen: str, done: Callable[[dict[str, Any]], None]) -> None:
    """Press the keys of the answer. Raises UsageError, and presses none, when that is not asked any more."""
    runtime = server.running(pane)
    watch = server.states.watch(pane)
    assert watch is not None
    runtime.catch_up()
    if not runtime.shows(server.loop.now()):
        raise UsageError("it is drawing its screen at this moment; nothing was sent, try again")
    asked = watch.dialog(server.clock(), runtime.emulator)
    verdict = server.states.verdict(pane)
    given = answer(msgspec.structs.replace(verdict, state="blocked" if asked else "unknown", dialog=asked), fingerprint, chosen)
    assert runtime.typing is not None
    for number, name in enumerate(given.keys):
        key = keys.parse_key(name)
        if number:
            runtime.typing.pause(KEY_PAUSE_SECONDS)
        runtime.typing.write(keys.encode(key, runtime.emulator.modes))
        server.states.pressed(pane, key)
    server.typed(runtime)
    deadline = server.loop.now() + ANSWER_SECONDS

    def look() -> None:
        here = server.states.verdict(pane)
        still = here.state == "blocked" and (here.dialog is None or here.dialog.fingerprint in ("", fingerprint))
        if not still or server.loop.now() >= deadline:
            done({"receipt": "stranded" if still else "answered", "choice": given.choice.label})
        else:
            server.loop.call_later(POLL_SECONDS, look)

    server.loop.call_later(POLL_SECONDS, look)
