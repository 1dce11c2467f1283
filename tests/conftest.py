"""What holds for every test: agentgrid's folders are throw-away ones, no variable of the caller's pane or Python reaches a
test (unbuffered output hides what users see), and ctrl+c is heard: a shell has its background jobs ignore it, and they all
that they start."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings

# No explanation of a failure: it traces every line, for many minutes. No deadlines: a loaded machine is no failure.
settings.register_profile("agentgrid", deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink])
settings.load_profile("agentgrid")

for number in (signal.SIGINT, signal.SIGQUIT):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


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
