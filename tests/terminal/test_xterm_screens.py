"""Screens that the real xterm showed for short inputs (the fixtures of xterm.js)."""

from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from tests.terminal.drive import emulator, screen

FIXTURES = Path(__file__).parents[2] / ".." / "shared" / "conformance" / "xterm"

NEWER = "DECRC brings back that the next character wraps: DEC STD 070, and xterm since it was made to follow it"
DIFFERENT = {"t0060-DECSC": NEWER, "t0061-CSI_s": NEWER}


def _fixtures() -> list[ParameterSet]:
    found = sorted(FIXTURES.glob("*.in"))
    missing = pytest.mark.skip(reason="no fixtures beside the checkout: ../shared/conformance/xterm")
    return [pytest.param(path, id=path.stem) for path in found] or [pytest.param(FIXTURES, id="none", marks=missing)]


@pytest.mark.parametrize("path", _fixtures())
def test_screen(path: Path) -> None:
    expected = [row.rstrip() for row in path.with_suffix(".text").read_text(encoding="utf-8").split("\n")]
    while expected and not expected[-1]:
        expected.pop()
    shown = screen(emulator(path.read_bytes().replace(b"\n", b"\r\n"), columns=80, rows=25))
    if path.stem in DIFFERENT:
        assert shown != expected, DIFFERENT[path.stem]
    else:
        assert shown == expected
