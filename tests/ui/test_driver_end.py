"""The terminal is given back as it was, whatever way it ends."""

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.support.outer import Kind, Outer
from tests.ui.probe_app import Probe

pytestmark = pytest.mark.e2e

KINDS: list[Kind] = ["kitty", "xterm", "silent"]


@pytest.mark.parametrize("kind", KINDS)
def test_at_the_end(tmp_path: Path, kind: Kind) -> None:
    with Probe(tmp_path, kind) as probe:
        probe.send(b"\x11")
        assert probe.wait_exit() == 0
        probe.assert_restored()


@pytest.mark.parametrize("kind", KINDS)
def test_with_everything_on(tmp_path: Path, kind: Kind) -> None:
    with Probe(tmp_path, kind) as probe:
        probe.type(b"\x17")
        probe.send(b"\x11")
        assert probe.wait_exit() == 0
        probe.assert_restored()


@pytest.mark.parametrize("kind", KINDS)
def test_when_it_fails(tmp_path: Path, kind: Kind) -> None:
    with Probe(tmp_path, kind) as probe:
        probe.send(b"\x18")
        assert probe.wait_exit() == 1
        probe.assert_restored()
        assert b"asked to fail" in probe.output
        assert probe.output.rfind(b"\x1b[?1049l") < probe.output.rfind(b"asked to fail"), "told on the screen that is gone"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT], ids=lambda number: number.name)
@pytest.mark.parametrize("kind", KINDS)
def test_on_a_signal(tmp_path: Path, kind: Kind, number: signal.Signals) -> None:
    with Probe(tmp_path, kind) as probe:
        probe.signal(number)
        assert probe.wait_exit() == 128 + number
        probe.assert_restored()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_on_a_signal_while_the_terminal_does_not_read(tmp_path: Path, number: signal.Signals) -> None:
    """It has a second; then it ends with what the terminal took."""
    with Probe(tmp_path) as probe:
        probe.send(b"\x06")
        probe.wait_unread("flooded")
        probe.signal(number)
        _, status = os.waitpid(probe.pid, 0)
        probe.exit_code = os.waitstatus_to_exitcode(status)
        assert probe.exit_code == 128 + number
        assert probe.attributes == probe.attributes_before


@pytest.mark.parametrize("blocked", [False, True], ids=["with SIGHUP", "without"])
def test_when_the_window_is_closed(tmp_path: Path, blocked: bool) -> None:
    """No spinning on a terminal that is not there."""
    with Probe(tmp_path, environment={"PROBE_BLOCKS_SIGHUP": "1"} if blocked else {}) as probe:
        probe.hang_up()
        _, status = os.waitpid(probe.pid, 0)
        probe.exit_code = os.waitstatus_to_exitcode(status)
        assert probe.exit_code == 128 + signal.SIGHUP


@pytest.mark.parametrize("kind", KINDS)
def test_suspended_and_continued(tmp_path: Path, kind: Kind) -> None:
    """SIGTSTP gives the terminal back; SIGCONT takes it again and paints it."""
    with Probe(tmp_path, kind) as probe:
        probe.signal(signal.SIGTSTP)
        os.waitpid(probe.pid, os.WUNTRACED)
        probe.read_for(0.05)
        probe.assert_restored()
        since = len(probe.output)
        probe.signal(signal.SIGCONT)
        probe.wait_for(b"READY", since=since)
        probe.wait_note(lambda note: note["event"] == "repaint")
        assert [note["name"] for note in probe.type(b"a") if note["event"] == "key"] == ["a"]
        assert {1000, 1002, 1004, 1006, 1049, 2004, 2031} <= probe.modes
        assert probe.kitty_stack == ([29] if kind == "kitty" else [])
        probe.send(b"\x11")
        assert probe.wait_exit() == 0
        probe.assert_restored()


def test_suspended_by_its_own_action(tmp_path: Path) -> None:
    with Probe(tmp_path) as probe:
        probe.send(b"\x13")
        os.waitpid(probe.pid, os.WUNTRACED)
        probe.read_for(0.05)
        probe.assert_restored()


def test_stopped_without_a_word(tmp_path: Path) -> None:
    """SIGSTOP cannot be seen; after SIGCONT the modes are set again, whatever happened, and everything is painted."""
    with Probe(tmp_path) as probe:
        probe.type(b"\x17")
        probe.signal(signal.SIGSTOP)
        os.waitpid(probe.pid, os.WUNTRACED)
        probe.read_for(0.05)  # What was on its way.
        probe.modes.clear()
        since = len(probe.output)
        probe.signal(signal.SIGCONT)
        probe.wait_for(b"READY", since=since)
        probe.read_until(lambda: probe.modes >= {1000, 1002, 1003, 1004, 1006, 1016, 1049, 2004, 2031, 2048})
        assert probe.kitty_stack == [31], "one level of flags, not two"
        probe.send(b"\x11")
        assert probe.wait_exit() == 0
        probe.assert_restored()


LEFT_OVER = """
import os, select, subprocess, sys
subprocess.run([sys.executable, "-m", "tests.ui.probe_app", sys.argv[1]])
sys.stdout.write("WAITING")
sys.stdout.flush()
readable, _, _ = select.select([0], [], [], 0.3)
print("LEFT", os.read(0, 1000) if readable else b"")
"""


def test_nothing_reaches_the_shell_afterwards(tmp_path: Path) -> None:
    """Reports that were on their way when it ended are swallowed, not typed at the prompt."""
    log = tmp_path / "log"
    with Outer([sys.executable, "-c", LEFT_OVER, str(log)], folder=Path(__file__).parents[2]) as outer:
        outer.wait_for(b"READY")
        outer.read_until(lambda: b"62;4" in log.read_bytes())
        outer.send(b"\x11" + b"\x1b[<35;1;1M\x1b[<35;2;2M" * 50)
        outer.wait_for(b"LEFT b''\r\n")


def test_output_redirected(tmp_path: Path) -> None:
    """`2>file` leaves the screen where it is."""
    command = f"{sys.executable} -m tests.ui.probe_app {tmp_path / 'log'} 2>{tmp_path / 'errors'}"
    with Outer(["sh", "-c", command], folder=Path(__file__).parents[2]) as outer:
        outer.wait_for(b"READY")
        outer.send(b"\x11")
        assert outer.wait_exit() == 0
        outer.assert_restored()
    assert (tmp_path / "errors").read_bytes() == b""


def test_the_shells_descriptors_go_on_blocking(tmp_path: Path) -> None:
    """What does not block is a descriptor of our own: others that share the terminal must not get EAGAIN."""
    if sys.platform != "linux":
        pytest.skip("reads the descriptors' flags in /proc")
    with Probe(tmp_path) as probe:
        for descriptor in (0, 1, 2):
            information = Path(f"/proc/{probe.pid}/fdinfo/{descriptor}").read_text()
            (flags,) = (int(line.split()[1], 8) for line in information.splitlines() if line.startswith("flags"))
            assert not flags & os.O_NONBLOCK
