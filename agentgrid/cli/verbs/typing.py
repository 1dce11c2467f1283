"""``send``, ``queue``, ``keys`` and ``broadcast``: input for programs, with receipts."""

import sys
from typing import TYPE_CHECKING, Any

from agentgrid.cli.output import complain, one_line, say, say_json
from agentgrid.cli.reach import connect
from agentgrid.errors import UsageError
from agentgrid.protocol.messages import Broadcast, EditPrompt, GetQueue, SendKeys, SendText

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


def queue(call: "Call", *, pane: str, edit: int | None, drop: int | None) -> int:
    """Show the prompts that wait; with an option, change them first."""
    with connect(call) as client:
        if edit is not None:
            client.request(EditPrompt(pane=pane, number=edit, text=_whole(STDIN)))
        waiting: list[dict[str, Any]] = client.request(GetQueue(pane=pane))
        if drop is not None:
            for prompt in waiting:
                if drop < 0 or prompt["number"] == drop:
                    client.request(EditPrompt(pane=pane, number=prompt["number"]))
            if drop >= 0 and all(prompt["number"] != drop for prompt in waiting):
                raise UsageError(f"no prompt {drop} waits for this pane")
            waiting = client.request(GetQueue(pane=pane))
    if call.json:
        say_json(waiting)
    else:
        for prompt in waiting:
            say(f"{prompt['number']:>3}  {one_line(prompt['text'])}{'  (being typed)' if prompt['sending'] else ''}")
    return 0


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
            say(f"{pane} {answer['receipt']}{f': {why}' if (why := answer.get('why')) else ''}")
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
