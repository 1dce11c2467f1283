"""What a pane costs, in words: what is not known is never 0."""

from typing import Any

import pytest

from agentgrid.agents.costs import told_usage

KNOWN: dict[str, Any] = {
    "model": "m-1",
    "input_tokens": 12034,
    "output_tokens": 50,
    "context_tokens": 20000,
    "context_window": 200000,
    "context_percent": 10.0,
    "cost_dollars": 1.25,
    "limit_used_percent": 40.0,
    "cpu_percent": 3.25,
    "memory_bytes": 412_000_000,
}


@pytest.mark.parametrize(
    ("usage", "name", "text"),
    [
        pytest.param(KNOWN, "model", "m-1", id="model"),
        pytest.param(KNOWN, "tokens", "12,034 in, 50 out", id="tokens"),
        pytest.param({"input_tokens": 5}, "tokens", "5 in, unknown out", id="tokens of one kind"),
        pytest.param(KNOWN, "context", "20,000 tokens, 10 % of 200,000", id="context"),
        pytest.param({"context_tokens": 7}, "context", "7 tokens", id="context, its window is not known"),
        pytest.param(KNOWN, "cost", "$1.25", id="cost"),
        pytest.param({"cost_dollars": 0.0312}, "cost", "$0.0312", id="a small cost"),
        pytest.param(KNOWN, "limit", "40 % used", id="limit"),
        pytest.param(KNOWN, "processor", "3.2 %", id="processor"),
        pytest.param({"cpu_percent": 0.0}, "processor", "0.0 %", id="no processor time is known"),
        pytest.param(KNOWN, "memory", "412 MB", id="memory"),
        pytest.param({"memory_bytes": 2_100_000_000}, "memory", "2.1 GB", id="much memory"),
        *(
            pytest.param({}, name, "unknown", id=f"{name}: unknown")
            for name in ("model", "tokens", "context", "cost", "limit", "processor", "memory")
        ),
    ],
)
def test_told(usage: dict[str, Any], name: str, text: str) -> None:
    rows = {line.split()[0]: line.split(maxsplit=1)[1] for line in told_usage(usage, agent=True)[1:]}
    assert rows[name] == text


def test_a_program_that_is_no_agent_has_no_model() -> None:
    assert [line.split()[0] for line in told_usage({}, agent=False)[1:]] == ["processor", "memory"]
