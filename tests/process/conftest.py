"""A session's runtime folder, and a spawner whose hosts are all gone afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agentgrid.process.spawning import Spawner
from tests.process.support import spawning


@pytest.fixture
def folder(own_folders: Path) -> Path:
    return own_folders / "runtime" / "s"


@pytest.fixture
def spawner(folder: Path) -> Iterator[Spawner]:
    with spawning(folder) as spawner:
        yield spawner
