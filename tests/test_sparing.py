"""What is kept out of a start stays out of it, and is there for whoever asks later."""

import subprocess
import sys

import pytest

SPARED = [
    # What is imported, what is not then, and where it still has to be had from.
    pytest.param("from agentgrid.ui.app import load; load()", "ssl", "SSLContext", id="the window needs no TLS"),
    pytest.param("from agentgrid.ui.app import load; load()", "textual.command", "Matcher", id="nor a command palette"),
    pytest.param("from agentgrid.ui.app import load; load()", "textual.widgets._tree", "Tree", id="nor its widgets"),
    pytest.param("from agentgrid.ui.app import load; load()", "platformdirs", "user_cache_dir", id="nor a folder for downloads"),
    pytest.param("import agentgrid.server.__main__", "typing_extensions", "get_type_hints", id="a server needs no newer typing"),
    pytest.param(
        "from agentgrid.cli.main import main; main(['ls']); import msgspec", "typing_extensions", "get_type_hints", id="nor does a verb"
    ),
]


@pytest.mark.parametrize(("imported", "spared", "name"), SPARED)
def test_kept_out_and_to_be_had(imported: str, spared: str, name: str) -> None:
    program = f"""
import sys
{imported}
assert "{spared}" not in sys.modules
from {spared} import {name}
assert {name}.__module__ and sys.modules["{spared}"].__spec__ is not None
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_loaded_already_stays() -> None:
    program = """
import json
from agentgrid.sparing import instead_of, without
with without("json"), instead_of("json", "Nothing"):
    import json as again
assert again is json
with without("fractions"), instead_of("colorsys", "Nothing"):
    from colorsys import Nothing
    try:
        import fractions
        raise SystemExit("found")
    except ImportError:
        pass
import colorsys, fractions
assert not hasattr(colorsys, "Nothing")
"""
    subprocess.run([sys.executable, "-c", program], check=True)
