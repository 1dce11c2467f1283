"""The presentation state: reported, and restored from its report. The screen is 10 columns and 4 rows."""

import pytest

from agentgrid.terminal.style import Style
from tests.terminal.drive import emulator, place, replies, screen, style_at

ASK_CURSOR, ASK_TABS = b"\x1b[1$w", b"\x1b[2$w"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(ASK_CURSOR, b"\x1bP1$u1;1;1;@;@;@;0;2;@;BBBB\x1b\\", id="DECRQPSR of a new screen"),
        pytest.param(b"\x1b[3;4H\x1b[1;4;5;7m" + ASK_CURSOR, b"\x1bP1$u3;4;1;O;@;@;0;2;@;BBBB\x1b\\", id="DECRQPSR: place and rendition"),
        pytest.param(b'\x1b[1"q' + ASK_CURSOR, b"\x1bP1$u1;1;1;@;A;@;0;2;@;BBBB\x1b\\", id="DECRQPSR: protection"),
        pytest.param(b"\x1b[?6h" + ASK_CURSOR, b"\x1bP1$u1;1;1;@;@;A;0;2;@;BBBB\x1b\\", id="DECRQPSR: origin mode"),
        pytest.param(b"0123456789" + ASK_CURSOR, b"\x1bP1$u1;10;1;@;@;H;0;2;@;BBBB\x1b\\", id="DECRQPSR: pending wrap"),
        pytest.param(b"\x1b)0\x1b*%5\x0e\x1bO" + ASK_CURSOR, b"\x1bP1$u1;1;1;@;@;D;1;2;@;B0%5B\x1b\\", id="DECRQPSR: character sets"),
        pytest.param(ASK_TABS, b"\x1bP2$u9\x1b\\", id="DECRQPSR: tab stops"),
        pytest.param(b"\x1b[3G\x1bH" + ASK_TABS, b"\x1bP2$u3/9\x1b\\", id="DECRQPSR: tab stops in order"),
        pytest.param(b"\x1b[3g" + ASK_TABS, b"\x1bP2$u\x1b\\", id="DECRQPSR: no tab stops"),
        pytest.param(b"\x1b[$w\x1b[3$w", b"", id="DECRQPSR of nothing known"),
    ],
)
def test_report(data: bytes, expected: bytes) -> None:
    assert replies(emulator().feed(data)) == expected


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x1b[3;4H\x1b[1;4m", id="DECRSPS: place and rendition"),
        pytest.param(b"\x1b[2;3r\x1b[?6h\x1b[2;2H", id="DECRSPS: origin mode"),
        pytest.param(b'0123456789\x1b[5m\x1b[1"q', id="DECRSPS: pending wrap"),
        pytest.param(b"\x1b)0\x1b*%5\x1b+>\x0e\x1bN", id="DECRSPS: character sets"),
        pytest.param(b"\x1b[3g\x1b[2G\x1bH\x1b[5G\x1bH", id="DECRSPS: tab stops"),
        pytest.param(b"\x1b[3g", id="DECRSPS: no tab stops"),
    ],
)
def test_a_report_sent_back_restores_what_it_reported(data: bytes) -> None:
    made = emulator(data)
    reports = [replies(made.feed(ask)) for ask in (ASK_CURSOR, ASK_TABS)]
    made.feed(b'\x1b[0m\x1b[0"q\x1b[?6l\x1b(A\x1b)B\x1b*B\x1b+B\x0f\x1b[1;5H\x1bHxy\x1b[8G\x1bH\x1b[2;2H')
    for report in reports:
        made.feed(report.replace(b"$u", b"$t"))
    assert [replies(made.feed(ask)) for ask in (ASK_CURSOR, ASK_TABS)] == reports


def test_what_is_restored_is_in_force() -> None:
    made = emulator(b"\x1b[31m\x1bP1$t2;3;1;A;@;@;1;2;@;B0BB\x1b\\q")
    assert screen(made) == ["", "  ─"]
    assert style_at(made, 1, 2) == Style(foreground=1, bold=True)


@pytest.mark.parametrize(
    "report",
    [
        pytest.param(b"1$t2;3", id="cut short"),
        pytest.param(b"1$tx;y;1;@;@;@;0;2;@;BBBB", id="no numbers"),
        pytest.param(b"1$t2;3;1;@;@;@;9;2;@;BBBB", id="no such character set in use"),
        pytest.param(b"2$t3/x", id="no tab stop"),
        pytest.param(b"3$t3", id="another kind"),
        pytest.param(b"$t2;3;1;@;@;@;0;2;@;BBBB", id="no kind"),
    ],
)
def test_what_is_no_report_changes_nothing(report: bytes) -> None:
    made = emulator(b"\x1bP" + report + b"\x1b\\")
    assert place(made) == (0, 0)
    assert replies(made.feed(ASK_TABS)) == b"\x1bP2$u9\x1b\\"


def test_a_place_beyond_the_screen_is_its_edge() -> None:
    assert place(emulator(b"\x1bP1$t999999999;999999999;1;@;@;@;0;2;@;BBBB\x1b\\\x1bP2$t5/700\x1b\\")) == (3, 9)
