"""``send``, ``keys`` and ``broadcast``: input for programs, with receipts."""

import sys
from typing import TYPE_CHECKING

from agentgrid.cli.output import complain, say, say_json
from agentgrid.cli.reach import connect
from agentgrid.errors import UsageError
from agentgrid.protocol.messages import Broadcast, SendKeys, SendText

if TYPE_CHECKING:
    from agentgrid.cli.words import Call

STDIN = "-"
STRANDED = "stranded"


def send(call: "Call", *, pane: str, text: str, no_enter: bool, when_idle: bool) -> int:
    """Type a text; 1 when it stranded."""
    asked = SendText(pane=pane, text=_whole(text), enter=not no_enter, when_idle=when_idle)
    with connect(call) as client:
        answer: dict[str, str] = client.request(asked)
    if call.json:
        say_json(answer)
    else:
        say(answer["receipt"])
    if answer["receipt"] != STRANDED:
        return 0
    complain("the program did not react; the text may sit in its input line")
    return 1


def keys(call: "Call", *, pane: str, keys: tuple[str, ...]) -> int:
    with connect(call) as client:
        client.request(SendKeys(pane=pane, keys=keys))
    return 0


def broadcast(call: "Call", *, text: str, to: tuple[str, ...] | None) -> int:
    """Type a text into several panes; 1 when it stranded in one."""
    asked = Broadcast(text=_whole(text), panes=to or ())
    with connect(call) as client:
        answers: dict[str, dict[str, str]] = client.request(asked)
    if call.json:
        say_json(answers)
    else:
        for pane, answer in answers.items():
            say(f"{pane} {answer['receipt']}")
    return int(any(answer["receipt"] == STRANDED for answer in answers.values()))


def _whole(text: str) -> str:
    """The text, or all of standard input without its last line break, which is Enter's business."""
    if text == STDIN:
        if sys.stdin is None:
            raise UsageError("standard input is closed; give the text as a word")
        text = sys.stdin.buffer.read().decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
    if not text:
        raise UsageError("there is no text to send")
    return text
