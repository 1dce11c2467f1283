"""OSC: what programs say in words, as effects and never as text."""

import pytest

from agentgrid.terminal import effects
from agentgrid.terminal.effects import Effect
from tests.terminal.drive import emulator, screen, style_at


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"\x1b]0;t\x07", [effects.IconNameChanged("t"), effects.TitleChanged("t")], id="OSC 0"),
        pytest.param(b"\x1b]1;n\x07", [effects.IconNameChanged("n")], id="OSC 1"),
        pytest.param("\x1b]2;✳ Claude; Code\x1b\\".encode(), [effects.TitleChanged("✳ Claude; Code")], id="OSC 2"),
        pytest.param("\x1b]2;a\u202eb\u2066c\x01d\x07".encode(), [effects.TitleChanged("abcd")], id="OSC 2 is cleaned"),
        pytest.param(b"\x1b]7;file://host/tmp\x07", [effects.WorkingDirectoryChanged("file://host/tmp")], id="OSC 7"),
        pytest.param(b"\x1b]9;hello\x07", [effects.Notification("hello")], id="OSC 9"),
        pytest.param(b"\x1b]9;4;1;42\x07", [effects.Progress(1, 42)], id="OSC 9;4"),
        pytest.param(b"\x1b]9;4;3\x07", [effects.Progress(3, 0)], id="OSC 9;4 indeterminate"),
        pytest.param(b"\x1b]9;4;9;999\x07", [effects.Progress(0, 100)], id="OSC 9;4 out of range"),
        pytest.param(b'\x1b]9;9;"/tmp"\x07', [effects.WorkingDirectoryChanged("/tmp")], id="OSC 9;9"),
        pytest.param(b"\x1b]9;2;message\x07", [], id="OSC 9;2 is ConEmu's alone"),
        pytest.param(b"\x1b]52;c;aGVsbG8=\x07", [effects.ClipboardSet("c", b"hello")], id="OSC 52"),
        pytest.param(b"\x1b]52;;aGVsbG8=\x07", [effects.ClipboardSet("c", b"hello")], id="OSC 52 names no selection"),
        pytest.param(b"\x1b]52;p;!\x07", [effects.ClipboardSet("p", b"")], id="OSC 52 clears"),
        pytest.param(b"\x1b]99;;hello\x07", [effects.Notification("hello")], id="OSC 99"),
        pytest.param(
            b"\x1b]99;i=1:d=0;ti\x07\x1b]99;i=1:d=0;tle\x07\x1b]99;i=1:p=body;text\x07",
            [effects.Notification("text", "title")],
            id="OSC 99 in parts",
        ),
        pytest.param(b"\x1b]99;e=1;aGk=\x07", [effects.Notification("hi")], id="OSC 99 base64"),
        pytest.param(b"\x1b]133;A\x07", [effects.PromptMark("A")], id="OSC 133 A"),
        pytest.param(b"\x1b]133;D;3\x07", [effects.PromptMark("D", 3)], id="OSC 133 D"),
        pytest.param(b"\x1b]133;D;x\x07", [effects.PromptMark("D")], id="OSC 133 D without a code"),
        pytest.param(b"\x1b]777;notify;title;body\x07", [effects.Notification("body", "title")], id="OSC 777"),
        pytest.param(b"\x1b]1337;CurrentDir=/tmp\x07", [effects.WorkingDirectoryChanged("/tmp")], id="OSC 1337 CurrentDir"),
        pytest.param(b"\x1b]1337;SetUserVar=a=Yg==\x07", [effects.UserVariable("a", "b")], id="OSC 1337 SetUserVar"),
        pytest.param(b"\x1b]1337;SetMark\x07", [effects.UserVariable("SetMark", "")], id="OSC 1337 SetMark"),
        pytest.param(b"\x1b]7501;state=working:msg=aGk=\x1b\\", [effects.StatusReport("state=working:msg=aGk=")], id="OSC 7501"),
        pytest.param(b"\x1b]4;1;#123456\x07", [effects.PaletteChanged()], id="OSC 4"),
        pytest.param(b"\x1b]5;1;red\x07", [effects.PaletteChanged()], id="OSC 5"),
        pytest.param(b"\x1b]10;#123456;blue\x07", [effects.PaletteChanged(), effects.PaletteChanged()], id="OSC 10"),
        pytest.param(b"\x1b]104\x07", [effects.PaletteChanged()], id="OSC 104"),
        pytest.param(b"\x1b]105\x07", [effects.PaletteChanged()], id="OSC 105"),
        pytest.param(b"\x1b]11;red\x07\x1b]111\x07", [effects.PaletteChanged(), effects.PaletteChanged()], id="OSC 11"),
        pytest.param(b"\x07", [effects.Bell()], id="BEL"),
        pytest.param(b"\x1b]22;pointer\x07\x1b]21;x\x07\x1b]66;w=1;x\x07\x1b]x\x07\x1b]\x07", [], id="unknown ones"),
    ],
)
def test_effect(data: bytes, expected: list[Effect]) -> None:
    made = emulator()
    assert made.feed(data) == expected
    assert screen(made) == []
    assert emulator().feed(data) == [effect for effect in expected]  # noqa: C416


def test_the_title_is_kept() -> None:
    made = emulator(b"\x1b]2;" + b"x" * 5000 + b"\x07")
    assert made.title == "x" * 1024
    assert made.snapshot().title == made.title


@pytest.mark.parametrize(
    ("data", "links"),
    [
        pytest.param(b"\x1b]8;;http://a\x07ab\x1b]8;;\x07c", [";http://a", ";http://a", None], id="OSC 8"),
        pytest.param(b"\x1b]8;id=7:x=y;http://a/;b\x1b\\a\x1b[1mb\x1b[mc", ["7;http://a/;b"] * 3, id="OSC 8 with an id; SGR 0 leaves it"),
        pytest.param(b"\x1b]8;;http://" + b"a" * 3000 + b"\x07abc", [None] * 3, id="OSC 8 beyond the limit"),
    ],
)
def test_hyperlinks_are_part_of_the_style(data: bytes, links: list[str | None]) -> None:
    made = emulator(data)
    assert [style_at(made, 0, x).link for x in range(3)] == links


def test_a_clipboard_write_of_a_megabyte_and_no_more() -> None:
    half = b"QUFB" * (256 * 1024 // 3)
    (effect,) = emulator().feed(b"\x1b]52;c;" + half + b"\x07")
    assert effect == effects.ClipboardSet("c", b"AAA" * (256 * 1024 // 3))
    assert emulator().feed(b"\x1b]52;c;" + half * 5 + b"\x07") == []


def test_notifications_that_never_end_take_no_memory() -> None:
    made = emulator(b"".join(b"\x1b]99;i=%d:d=0;x\x07" % number for number in range(1000)))
    assert len(made._screen.notifications) <= 16
    made.feed(b"\x1b]99;i=a:d=0;" + b"x" * 9999 + b"\x07" + b"\x1b]99;i=a:d=0:p=body;" + b"x" * 9999 + b"\x07")
    assert sum(map(len, made._screen.notifications["a"])) <= 1024 + 4096
