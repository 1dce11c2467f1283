"""The regression bench's table: a figure that is much worse gets a warning, and nothing else does."""

import json

from tests.bench.regression import RECORDED, best, report


def test_what_is_dearer_is_warned_of() -> None:
    lines = report({"a": 1.0, "b": 1.0, "gone": 1.0}, {"a": 1.2, "b": 2.0, "new": 5.0}, "v1.0")
    assert [line for line in lines if line.startswith("warning:")] == ["warning: b is 2.00 times what it was (v1.0)"]
    assert len(lines) == 5


def test_of_several_rounds_the_best_counts() -> None:
    assert best([{"a": 3.0, "b": 1.0}, {"a": 2.0, "b": 4.0}]) == {"a": 2.0, "b": 1.0}


def test_the_recorded_figures_are_ratios() -> None:
    recorded = json.loads(RECORDED.read_text())
    assert recorded
    assert all(value > 0 for value in recorded.values())
