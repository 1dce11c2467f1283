"""The emulator as the rest of agentgrid, and suites from outside, drive it."""

from agentgrid.geometry import Size
from agentgrid.terminal.effects import Reply, TitleChanged
from agentgrid.terminal.emulator import Cursor, Emulator, Modes
from agentgrid.terminal.pyte_emulator import PyteEmulator
from agentgrid.terminal.row import BLANK, Line, Run
from agentgrid.terminal.style import Style
from tests.terminal.drive import emulator, screen


def test_it_is_an_emulator() -> None:
    made: Emulator = PyteEmulator(Size(columns=10, rows=3), history_limit=10_000)
    assert made.size == Size(10, 3)
    assert list(made.lines) == [BLANK] * 3
    assert made.styles[0] == Style()
    assert list(made.clusters) == []


def test_a_snapshot() -> None:
    made = PyteEmulator(Size(columns=10, rows=2))
    effects = made.feed("\x1b]2;t\x07\x1b[1mb\x1b[m日\x1b[?25l\x1b[c".encode())
    assert effects[0] == TitleChanged("t")
    assert isinstance(effects[1], Reply)
    snapshot = made.snapshot()
    assert snapshot.rows == ((Run("b", Style(bold=True)), Run("日", Style())), ())
    assert snapshot.cursor == Cursor(row=0, column=3, visible=False)
    assert snapshot.modes == Modes()
    assert snapshot.title == "t"
    assert snapshot.size == Size(10, 2)
    assert made.row(made.lines[0]) == snapshot.rows[0]


def test_generation_grows_with_any_change() -> None:
    made = emulator()
    seen = [made.generation]
    for change in (b"x", b"\x1b[H", b"\x1b[?25l", b"\x1b[?2004h"):
        made.feed(change)
        seen.append(made.generation)
    made.resize(Size(20, 4))
    seen.append(made.generation)
    made.load(made.dump())
    seen.append(made.generation)
    assert seen == sorted(set(seen))


def test_lines_are_lines() -> None:
    made = emulator(b"ab\r\n" * 9)
    assert all(type(line) is Line for line in [*made.lines, *made.history_lines(0, 5)])


def test_one_emulators_styles_are_its_own() -> None:
    first, second = emulator(b"\x1b[31mx"), emulator(b"\x1b[32mx")
    assert first.styles[1] == Style(foreground=1)
    assert second.styles[1] == Style(foreground=2)


def test_ambiguous_characters_by_option() -> None:
    narrow, wide = PyteEmulator(Size(10, 2)), PyteEmulator(Size(10, 2), ambiguous_width=2)
    for made in (narrow, wide):
        made.feed("α§x".encode())
    assert narrow.cursor.column == 3
    assert wide.cursor.column == 5
    assert screen(wide) == ["α§x"]
