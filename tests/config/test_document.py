"""The pages that are made from the code are what the code makes."""

from pathlib import Path

import pytest

from agentgrid.config.document import pages

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", pages())
def test_a_page_is_as_the_code_makes_it(name: str) -> None:
    made = pages()[name]
    assert (DOCS / name).read_text(encoding="utf-8") == made, "run: python -m agentgrid.config.document docs"


@pytest.mark.parametrize("name", pages())
def test_a_page_is_whole(name: str) -> None:
    assert "None" not in pages()[name]
    assert all(line.count("|") >= 3 for line in pages()[name].splitlines() if line.startswith("|"))
