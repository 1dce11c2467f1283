"""opencode's stream: HTTP in any pieces, events to signals, edits and usage."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.agents.hooks.opencode import EventStream
from agentgrid.agents.hooks.parsing import Edit
from agentgrid.agents.signals import Hooked

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def event(kind: str, **properties: Any) -> dict[str, Any]:
    return {"type": kind, "properties": {"sessionID": "ses_1", **properties}}


def chunked(*events: dict[str, Any]) -> bytes:
    lines = [b"data: " + json.dumps(found).encode() + b"\n\n" for found in events]
    return b"".join(b"%x\r\n%s\r\n" % (len(line), line) for line in lines)


def listening() -> EventStream:
    stream = EventStream("secret")
    assert stream.request().startswith(b"GET /session HTTP/1.1\r\n")
    stream.receive(b"HTTP/1.1 200 OK\r\n\r\n[]", 0.0)
    assert stream.phase == "listening"
    assert b"Authorization: Basic b3BlbmNvZGU6c2VjcmV0\r\n" in stream.request()
    return stream


def states(*events: dict[str, Any]) -> list[str]:
    return [signal.state for signal in listening().receive(HEAD + chunked(*events), 1.0).signals]


BUSY, IDLE = event("session.status", status={"type": "busy"}), event("session.idle")


@pytest.mark.parametrize(
    ("events", "said"),
    [
        pytest.param([BUSY, IDLE], ["working", "done"], id="a turn"),
        pytest.param(
            [BUSY, event("permission.asked", permission="bash", metadata={"command": "ls"})], ["working", "blocked"], id="permission"
        ),
        pytest.param([event("permission.replied", reply="once"), IDLE], ["working", "done"], id="allowed"),
        pytest.param([event("permission.replied", reply="reject"), IDLE], ["working", "idle"], id="rejected"),
        pytest.param([event("question.rejected"), IDLE], ["working", "idle"], id="dismissed"),
        pytest.param(
            [BUSY, event("session.error", error={"name": "APIError", "data": {"statusCode": 400}}), IDLE, IDLE],
            ["working", "error"],
            id="error",
        ),
        pytest.param(
            [BUSY, event("session.error", error={"name": "APIError", "data": {"statusCode": 429}}), IDLE], ["working", "limited"], id="429"
        ),
        pytest.param([BUSY, event("session.error", error={"name": "MessageAbortedError"}), IDLE], ["working", "idle"], id="Esc"),
        pytest.param(
            [BUSY, event("session.status", status={"type": "retry", "message": "HTTP 429", "next": 5000})],
            ["working", "limited"],
            id="retry",
        ),
        pytest.param(
            [BUSY, event("session.status", status={"type": "retry", "message": "HTTP 500"})], ["working", "working"], id="another retry"
        ),
        pytest.param([event("session.created", info={"parentID": "ses_0"}), IDLE], [""], id="a subagent's end"),
        pytest.param([event("session.diff"), {"type": 3}, event("session.status")], [], id="other events"),
    ],
)
def test_states(events: list[dict[str, Any]], said: list[str]) -> None:
    assert states(*events) == said


def test_a_question_and_its_answers() -> None:
    asked = event("question.asked", questions=[{"question": "Which?", "options": [{"label": "A"}, {"label": "B", "description": "b"}]}])
    (found,) = listening().receive(HEAD + chunked(asked), 1.0).signals
    assert (found.state, found.kind, found.message) == ("blocked", "question", "Which?")
    assert [(choice.key, choice.label) for choice in found.choices] == [("1", "A"), ("2", "B")]


def test_edits() -> None:
    asked = event("permission.asked", permission="edit", metadata={"filepath": "/w/a.py"})
    heard = listening().receive(HEAD + chunked(asked, {"type": "file.edited", "properties": {"file": "/w/a.py"}}), 1.0)
    assert heard.edits == (Edit("/w/a.py", "before", "permission.asked", 1.0), Edit("/w/a.py", "after", "file.edited", 1.0))


def test_usage() -> None:
    stream = listening()
    tokens = {"input": 10, "output": 5, "cache": {"read": 3, "write": 2}}
    stream.receive(HEAD + chunked(event("session.updated", info={"model": {"id": "m"}, "cost": 0.25, "tokens": tokens})), 1.0)
    usage = stream.usage
    assert (stream.session, usage.model, usage.input_tokens, usage.output_tokens, usage.cost_dollars) == ("ses_1", "m", 15, 5, 0.25)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 401 Unauthorized\r\n\r\n", b"HTTP/1.1 503 Wait\r\n\r\n", b"nonsense\r\n\r\n", b""])
def test_it_goes_on_asking(answer: bytes) -> None:
    stream = EventStream("secret")
    stream.request()
    stream.receive(answer, 0.0)
    assert stream.phase == "asking"


WHOLE = HEAD + chunked(BUSY, event("file.edited", file="/a"), IDLE)


@given(st.lists(st.integers(0, len(WHOLE)), max_size=12))
def test_any_pieces_say_the_same(cuts: list[int]) -> None:
    stream = listening()
    edges = [0, *sorted(cuts), len(WHOLE)]
    signals: list[Hooked] = []
    edits: list[Edit] = []
    for start, end in pairwise(edges):
        heard = stream.receive(WHOLE[start:end], 1.0)
        signals += heard.signals
        edits += heard.edits
    assert [signal.state for signal in signals] == ["working", "done"]
    assert [edit.path for edit in edits] == ["/a"]


@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    listening().receive(HEAD + data, 1.0)
    listening().receive(data, 1.0)
