"""What holds for every test: agentgrid's folders are throw-away ones, and no variable of the caller's pane reaches a test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_folders(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the runtime, state and configuration folders of this test; its path is short enough for sockets."""
    for name in [name for name in os.environ if name.startswith("AGENTGRID") and name != "AGENTGRID_AGENTS"]:
        monkeypatch.delenv(name)
    folder = Path(tempfile.mkdtemp(prefix="ag-"))
    for name in ("runtime", "state", "config"):
        monkeypatch.setenv(f"AGENTGRID_{name.upper()}_DIR", str(folder / name))
    yield folder
    shutil.rmtree(folder)
