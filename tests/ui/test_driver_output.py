"""Output to a terminal that is slow: the loop goes on, frames are dropped whole, what must arrive arrives."""

import os
import re
from pathlib import Path

import pytest

from agentgrid.ui.output import MAX_BACKLOG_BYTES
from tests.ui.probe_app import FLOOD_BYTES, FLOOD_FRAMES, Probe

pytestmark = pytest.mark.e2e

FRAME = re.compile(rb"\x1b\[H<(\d+)>(x*)</(\d+)>")


def test_a_terminal_that_does_not_read(tmp_path: Path) -> None:
    with Probe(tmp_path) as probe:
        probe.settle()  # Else the first frame may wait behind others, and be dropped with the rest.
        os.write(probe.descriptor, b"\x06")
        probe.wait_unread("flooded")
        (flooded,) = probe.notes("flooded")
        assert 0 < flooded["backlog"] <= MAX_BACKLOG_BYTES
        for i in range(20):  # Nothing is read, and keys go on.
            os.write(probe.descriptor, b"k")
            probe.wait_unread("key", 2 + i)

        since = len(probe.output)
        probe.wait_note(lambda note: note["event"] == "repaint")
        probe.wait_for(b"READY", since=since)
        output = bytes(probe.output[since:])
        frames = FRAME.findall(output)
        assert all(first == last and len(text) == FLOOD_BYTES for first, text, last in frames), "a frame is whole or not there"
        assert 0 < len(frames) < FLOOD_FRAMES
        assert output.count(b"x" * 100) == len(frames) * (FLOOD_BYTES // 100), "and no part of another"
        assert output.count(b"\x1b]2;a title in the flood\x07") == 1, "titles are never dropped"
        assert output.rfind(b"READY") > output.rfind(b"</"), "painted anew after what was dropped"
        assert output.rfind(b"\x1b[?25l") > output.rfind(b"</"), "with the cursor in a known state"
        probe.send(b"\x11")
        assert probe.wait_exit() == 0
        probe.assert_restored()


def test_an_update_is_one_write(tmp_path: Path) -> None:
    """Begin, rows and end of a synchronized update are never apart."""
    with Probe(tmp_path) as probe:
        probe.settle()
        output = bytes(probe.output)
        begun, ended = output.count(b"\x1b[?2026h"), output.count(b"\x1b[?2026l")
        assert begun == ended > 0
        assert re.fullmatch(rb"(?:(?!\x1b\[\?2026).|\x1b\[\?2026\$p|\x1b\[\?2026h(?:(?!\x1b\[\?2026).)*\x1b\[\?2026l)*", output, re.DOTALL)
