"""What a verb may not import: ``status`` answers in 150 ms in all, and most of that is Python's own start."""

import subprocess
import sys
from pathlib import Path

import pytest

from agentgrid.protocol import messages as m
from tests.cli.fake_session import fake_session

SLOW = set(
    "argparse asyncio click hashlib platformdirs psutil pyte rich shutil subprocess tempfile textual watchfiles wcwidth".split()  # noqa: SIM905
)
PROGRAM = """
import sys
from agentgrid.cli.main import main
code = main(sys.argv[1:])
print(*sys.modules, file=sys.stderr)
sys.exit(code)
"""


def imported_by(words: list[str], folder: Path) -> set[str]:
    """The modules that are loaded when a verb has ended."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, *words], cwd=folder, capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("words", [["status"], ["status", "--json"], ["send", "1", "x"], ["screen", "1"]], ids=" ".join)
def test_a_verb_imports_nothing_slow(folder: Path, words: list[str]) -> None:
    with fake_session(folder, {m.SendText: lambda _: {"receipt": "delivered"}, m.GetScreen: lambda _: "text"}):
        modules = imported_by(words, folder)
    assert modules & SLOW == set()
    assert "agentgrid.client.client" in modules


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["send", "--help"]], ids=" ".join)
def test_help_imports_neither_client_nor_messages(folder: Path, words: list[str]) -> None:
    modules = imported_by(words, folder)
    assert modules & (SLOW | {"msgspec", "socket", "pathlib"}) == set()
