"""What holds for every test: agentgrid's folders are throw-away ones, and no variable of the caller's pane or
Python reaches a test (unbuffered output hides what users see)."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings

# No explanation of a failure: it traces every line, for many minutes. No deadlines: a loaded machine is no failure.
settings.register_profile("agentgrid", deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink])
settings.load_profile("agentgrid")


@pytest.fixture(autouse=True)
def own_folders(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the runtime, state and configuration folders of this test; its path is short enough for sockets."""
    for name in [name for name in os.environ if name.startswith(("AGENTGRID", "PYTHON")) and name != "AGENTGRID_AGENTS"]:
        monkeypatch.delenv(name)
    folder = Path(tempfile.mkdtemp(prefix="ag-"))
    for name in ("runtime", "state", "config"):
        monkeypatch.setenv(f"AGENTGRID_{name.upper()}_DIR", str(folder / name))
    yield folder
    shutil.rmtree(folder)
