"""What transcripts tell: added up as the file grows, None where nothing tells."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.agents.transcripts import FOLDS, Transcript, Usage, find_transcript


def claude(number: str, sent: int, **more: Any) -> dict[str, Any]:
    usage = {"input_tokens": sent, "cache_read_input_tokens": 10, "cache_creation_input_tokens": 5, "output_tokens": 7}
    return {"type": "assistant", "message": {"id": number, "model": "opus", "usage": usage}, **more}


LINES: dict[str, list[dict[str, Any]]] = {
    "claude": [
        {"type": "user", "message": {"content": "x"}},
        claude("m1", 100),
        claude("m1", 100),
        claude("m2", 200),
        claude("m3", 50, isSidechain=True),
        {"type": "cost-state", "totalCostUSD": 0.25},
    ],
    "codex": [
        {"type": "turn_context", "payload": {"model": "gpt"}},
        {
            "type": "event_msg",
            "payload": {
                "type": "token_count",
                "info": {
                    "total_token_usage": {"input_tokens": 2050, "output_tokens": 100},
                    "last_token_usage": {"input_tokens": 1000, "total_tokens": 1100},
                    "model_context_window": 2200,
                },
                "rate_limits": {"primary": {"used_percent": 12.5, "resets_at": 1000}, "secondary": {"used_percent": 40, "resets_at": 2000}},
            },
        },
    ],
    "gemini": [{"type": "gemini", "id": "1", "model": "pro", "tokens": {"input": 1020, "output": 50, "cached": 0}}],
    "qwen": [{"type": "assistant", "uuid": "1", "model": "coder", "usageMetadata": {"promptTokenCount": 1010, "candidatesTokenCount": 50}}],
    "copilot": [
        {"type": "session.start", "data": {"selectedModel": "auto"}},
        {
            "type": "session.usage_record",
            "data": {"usage": {"model": "sonnet", "inputTokens": 1010, "outputTokens": 50, "maxPromptTokens": 128000, "apiCallId": "1"}},
        },
    ],
}


def bytes_of(agent: str) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in LINES[agent])


@pytest.mark.parametrize(
    ("agent", "usage"),
    [
        ("claude", Usage(model="opus", input_tokens=395, output_tokens=21, context_tokens=215, cost_dollars=0.25)),
        (
            "codex",
            Usage(
                model="gpt",
                input_tokens=2050,
                output_tokens=100,
                context_tokens=1100,
                context_window=2200,
                limit_used_percent=40.0,
                limit_resets_at=2000.0,
            ),
        ),
        ("gemini", Usage(model="pro", input_tokens=1020, output_tokens=50, context_tokens=1020)),
        ("qwen", Usage(model="coder", input_tokens=1010, output_tokens=50, context_tokens=1010)),
        ("copilot", Usage(model="sonnet", input_tokens=1010, output_tokens=50, context_tokens=1010, context_window=128000)),
    ],
)
def test_usage(agent: str, usage: Usage) -> None:
    transcript = Transcript(agent)
    transcript.take(bytes_of(agent))
    assert transcript.usage == usage


def test_percent() -> None:
    assert Usage(context_tokens=1100, context_window=2200).context_percent == 50.0
    assert Usage(context_tokens=1100).context_percent is None
    assert Usage(context_window=2200).context_percent is None


def test_a_cost_of_which_a_part_is_not_known_is_not_known() -> None:
    transcript = Transcript("claude")
    transcript.take(b'{"type":"cost-state","totalCostUSD":0.1,"hasUnknownModelCost":true}\n')
    assert transcript.usage == Usage()


@pytest.mark.parametrize("agent", [*FOLDS, "opencode", ""])
def test_nothing_is_told_of_an_empty_file(agent: str) -> None:
    transcript = Transcript(agent)
    transcript.take(
        b'\n{}\n[]\nno json\n{"type":"assistant","message":{}}\n{"type":"event_msg","payload":{"type":"token_count","info":null}}\n'
    )
    assert transcript.usage == Usage()


@given(st.sampled_from(sorted(FOLDS)), st.lists(st.integers(0, 900), max_size=6))
def test_any_pieces_add_up_to_the_same(agent: str, cuts: list[int]) -> None:
    data = bytes_of(agent)
    whole, pieces = Transcript(agent), Transcript(agent)
    whole.take(data)
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    for start, end in pairwise(edges):
        pieces.take(data[start:end])
    assert pieces.usage == whole.usage
    assert pieces.offset == len(data)


VALUES = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=2), max_leaves=3
)


@given(st.sampled_from(sorted(FOLDS)), st.dictionaries(st.sampled_from(["type", "message", "payload", "data", "tokens"]), VALUES))
def test_no_shape_fails(agent: str, entry: dict[str, Any]) -> None:
    Transcript(agent).take(json.dumps(entry | {"type": LINES[agent][-1]["type"]}).encode() + b"\n")


SESSION = "0b14ab5c-1111-4222-8333-444455556666"


@pytest.mark.parametrize(
    ("agent", "place"),
    [
        ("claude", f".claude/projects/-w-my-app/{SESSION}.jsonl"),
        ("codex", f".codex/sessions/2026/11/24/rollout-2026-11-24T10-00-00-{SESSION}.jsonl"),
        ("gemini", f".gemini/tmp/app/chats/session-2026-11-24T10-00-{SESSION[:8]}.jsonl"),
        ("qwen", f".qwen/projects/-w-my-app/chats/{SESSION}.jsonl"),
        ("copilot", f".copilot/session-state/{SESSION}/events.jsonl"),
    ],
)
def test_where_it_is(agent: str, place: str, tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path)}
    assert find_transcript(agent, SESSION, "/w/my_app", environment) is None
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.touch()
    assert find_transcript(agent, SESSION, "/w/my_app/", environment) == path


def test_a_session_that_is_no_id_is_no_path(tmp_path: Path) -> None:
    assert find_transcript("copilot", "../../../etc", "/w", {"HOME": str(tmp_path)}) is None
