"""docs/terminal.md says what the code does, and every sequence in it has a test."""

import pytest

from tests.terminal import table


def test_the_page_is_up_to_date() -> None:
    page = table.PAGE.read_text(encoding="utf-8")
    assert table.page_with_table(page) == page, "run: python -m tests.terminal.table"


@pytest.mark.parametrize(
    ("sequence", "name", "tests"), [pytest.param(row[0], row[1], row[3], id=f"{row[0]} {row[1]}") for row in table.rows()]
)
def test_every_sequence_is_tested(sequence: str, name: str, tests: str) -> None:
    assert tests, f"no test has an id that names {name!r} ({sequence})"
