"""Every test here starts the real program: marked ``e2e``, with a session of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.session import Session


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture
def session() -> Iterator[Session]:
    with Session() as own:
        yield own
