"""Input through a real PTY: what three kinds of terminals send, and the inputs that stop, stall or fool Textual's own driver."""

import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agentgrid.geometry import Size
from agentgrid.terminal.keys import Key, typed
from agentgrid.ui.input import Decoder, Paste
from tests.support.outer import Kind
from tests.ui.input_sequences import SEQUENCES
from tests.ui.probe_app import Probe

pytestmark = pytest.mark.e2e

KINDS: list[Kind] = ["kitty", "xterm", "silent"]


def keys(notes: list[dict[str, Any]]) -> list[Key]:
    """The keys of notes; runs of text letter by letter, because a read may end anywhere."""
    pressed = [msgspec.convert(note["key"], Key) for note in notes if note["event"] in ("key", "quiet")]
    return [single for key in pressed for single in (typed(key.text) if not key.name else [key])]


def test_every_sequence_arrives(tmp_path: Path) -> None:
    """The decoder's whole table, but for what only silence ends, on a terminal that says nothing of itself."""
    sent, expected = b"", []
    for case in SEQUENCES:
        data, events = case.values
        assert isinstance(data, bytes)
        assert isinstance(events, list)
        decoder = Decoder()
        decoder.feed(data)
        if all(isinstance(event, (Key, Paste)) for event in events) and not decoder.wait_seconds:
            sent += data
            for event in events:
                if isinstance(event, Key):
                    expected += typed(event.text) if not event.name else [event]
    with Probe(tmp_path, "silent") as probe:
        notes = probe.type(sent)
        assert keys(notes) == expected
        assert sum(note["event"] == "paste" for note in notes) == sum(isinstance(e, Paste) for c in SEQUENCES for e in c.values[1])  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("kind", "data", "name", "character"),
    [
        pytest.param("kitty", b"\x1b[97;;97u", "a", "a", id="kitty: a"),
        pytest.param("kitty", b"\x1b[97;5u", "ctrl+a", None, id="kitty: ctrl+a"),
        pytest.param("kitty", b"\x1b[105;5u", "ctrl+i", None, id="kitty: ctrl+i is not tab"),
        pytest.param("kitty", b"\x1b[9u", "tab", "\t", id="kitty: tab"),
        pytest.param("kitty", b"\x1b[13;2u", "shift+enter", None, id="kitty: shift+enter"),
        pytest.param("kitty", b"\x1b[13;129u", "enter", "\r", id="kitty: enter with NumLock"),
        pytest.param("kitty", b"\x1b[97;3u", "alt+a", None, id="kitty: alt+a"),
        pytest.param("kitty", b"\x1b[97:65;4u", "alt+shift+a", None, id="kitty: alt+A"),
        pytest.param("kitty", b"\x1b[49:33;2;33u", "exclamation_mark", "!", id="kitty: !"),
        pytest.param("kitty", b"\x1b[57414u", "enter", "\r", id="kitty: keypad enter is Enter to a text field"),
        pytest.param("kitty", b"\x1b[57404;129;53u", "5", "5", id="kitty: keypad 5 is 5 to a text field"),
        pytest.param("kitty", b"\x1b[107;9u", "super+k", None, id="kitty: super+k"),
        pytest.param("xterm", b"\x1b[27;5;105~", "ctrl+i", None, id="xterm: ctrl+i"),
        pytest.param("xterm", b"\x1b[27;2;13~", "shift+enter", None, id="xterm: shift+enter"),
        pytest.param("xterm", b"\x1b[27;3;46~", "alt+full_stop", None, id="xterm: alt+."),
        pytest.param("xterm", b"\x1b[1;2R", "shift+f3", None, id="xterm: shift+f3"),
        pytest.param("silent", b"\x1b\r", "alt+enter", None, id="legacy: alt+enter"),
        pytest.param("silent", b"\x1bb", "alt+b", None, id="legacy: alt+b is not ctrl+left"),
        pytest.param("silent", b"\x1b\x7f", "alt+backspace", None, id="legacy: alt+backspace is not ctrl+w"),
        pytest.param("silent", b"\x1b\x01", "alt+ctrl+a", None, id="legacy: alt+ctrl+a"),
        pytest.param("silent", b"\0", "ctrl+space", None, id="legacy: ctrl+space"),
        pytest.param("silent", b"\x1bOu", "5", "5", id="legacy: keypad 5"),
    ],
)
def test_names_for_textual(probes: dict[Kind, Probe], kind: Kind, data: bytes, name: str, character: str | None) -> None:
    (note,) = probes[kind].type(data)
    assert (note["name"], note["character"]) == (name, character)


@pytest.fixture(scope="module")
def probes(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A program on a terminal of each kind, for tests that leave it as it was."""
    folder = tmp_path_factory.mktemp("probes")
    running = {kind: Probe(folder, kind) for kind in KINDS}
    yield running
    for probe in running.values():
        probe.close()


# ------------------------------------------------------------------ what stops, stalls or fools


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xff", id="no UTF-8"),
        pytest.param(b"\xe9a", id="Latin-1"),
        pytest.param(b"\x1b[97;1:3u", id="a release"),
        pytest.param(b"\x1b[1;1:2A", id="a repeat"),
        pytest.param(b"\x1b[97:65;2u", id="an alternate key"),
        pytest.param(b"\x1b[1114112;1u", id="beyond Unicode"),
        pytest.param(b"\x1b[0;;55296u", id="a surrogate"),
        pytest.param(b"\x1b[M \xe8!", id="an X10 coordinate beyond ASCII"),
        pytest.param(b"\x1b[<99999;1;1M", id="no button"),
        pytest.param(b"\x1b[48;0;0;0;0t", id="no size"),
        pytest.param(b"\x1b[?99;1n", id="a report nobody knows"),
        pytest.param(b"\x1b]" * 50 + b"\x1b\\", id="OSC upon OSC"),
        pytest.param(bytes(range(0x80, 0x100)), id="every byte beyond ASCII"),
    ],
)
def test_it_goes_on(probes: dict[Kind, Probe], kind: Kind, data: bytes) -> None:
    probes[kind].type(data)
    assert keys(probes[kind].type(b"ok")) == typed("ok")


@pytest.mark.parametrize("kind", KINDS)
def test_escape_needs_nothing_after_it(probes: dict[Kind, Probe], kind: Kind) -> None:
    probe = probes[kind]
    before = len(probe.notes())
    probe.send(b"\x1b")
    probe.read_until(lambda: len(probe.notes()) > before)
    assert keys(probe.notes()[before:]) == [Key("escape")]
    assert keys(probe.type(b"j")) == [Key("j", "j")]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_held_after_alt(probes: dict[Kind, Probe], kind: Kind) -> None:
    probe = probes[kind]
    for byte in b"hello":
        before = len(probe.notes())
        probe.send(b"\x1bx" + bytes([byte]))
        probe.read_until(lambda before=before: len(keys(probe.notes()[before:])) == 2)  # type: ignore[misc]


@pytest.mark.parametrize("kind", KINDS)
def test_answers_are_never_keys(probes: dict[Kind, Probe], kind: Kind) -> None:
    answers = [b"\x1b[?62;4c", b"\x1b]11;rgb:1e/1e/2e\x1b\\", b"\x1bP>|kitty(0.36)\x1b\\", b"\x1b[?997;1n", b"\x1b[24;80R"]
    notes = probes[kind].type(b"".join(answers))
    assert [note.get("raw", "").encode("latin-1") for note in notes] == answers


def test_nothing_happens_while_nothing_happens(tmp_path: Path) -> None:
    """No thread, no timer: an idle client does not wake up."""
    if sys.platform != "linux":
        pytest.skip("counts wake-ups in /proc")
    with Probe(tmp_path) as probe:
        probe.read_for(0.5)

        def wakeups() -> int:
            return sum(
                int(line.split()[1])
                for status in Path(f"/proc/{probe.pid}/task").glob("*/status")
                for line in status.read_text().splitlines()
                if line.startswith("voluntary_ctxt_switches")
            )

        before = wakeups()
        probe.read_for(1.0)
        assert wakeups() - before <= 1
        assert len(list(Path(f"/proc/{probe.pid}/task").iterdir())) == 1


# ------------------------------------------------------------------ pastes

PASTES = [
    pytest.param(b"", id="nothing"),
    pytest.param(b"one\r\ntwo\nthree\rfour\ttab", id="newlines"),
    pytest.param(bytes(c for c in range(32) if c != 27), id="all controls"),
    pytest.param(b"a\0b", id="NUL"),
    pytest.param(b"red \x1b[31mtext\x1b[0m end", id="sequences"),
    pytest.param(b"tail\x1b", id="ESC at the end"),
    pytest.param(b"a\x1b\x1bb", id="ESC ESC"),
    pytest.param(b"a\x1b[200~b", id="a start marker"),
    pytest.param(b"a\x1b\x11" + b"x" * 40, id="ESC, ctrl+q and letters"),
    pytest.param(b"a\x1b[48;24;80;480;800tb", id="a size"),
    pytest.param(b"a\x1b[Ib", id="a focus report"),
    pytest.param("é日本😀\u200d\u0301".encode() * 100, id="UTF-8"),
    pytest.param(b"a\xffb", id="no UTF-8"),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("data", PASTES)
def test_pastes_are_exact(probes: dict[Kind, Probe], kind: Kind, data: bytes) -> None:
    (note,) = probes[kind].type(b"\x1b[200~" + data + b"\x1b[201~")
    assert (note["event"], note["size"], note["digest"]) == ("paste", len(data), sha256(data).hexdigest())


def test_a_paste_of_16_mb(probes: dict[Kind, Probe]) -> None:
    data = b"    def f(self, x):  # comment \x1b[31m\xff\n" * (16 * 1024 * 1024 // 39)
    (note,) = probes["kitty"].type(b"\x1b[200~" + data + b"\x1b[201~")
    assert (note["size"], note["digest"]) == (len(data), sha256(data).hexdigest())


def test_text_without_brackets_is_few_events(probes: dict[Kind, Probe]) -> None:
    """A paste into a terminal that does not bracket it: runs, not letters."""
    notes = probes["silent"].type(b"hello world\r" * 500)
    assert b"".join(note["key"][1].encode() or b"\r" for note in notes) == b"hello world\r" * 500
    assert len(notes) < 500 * 4


# ------------------------------------------------------------------ mouse, focus, size


def test_the_mouse_in_cells(probes: dict[Kind, Probe]) -> None:
    notes = probes["xterm"].type(b"\x1b[<0;5;3M\x1b[<32;6;3M\x1b[<32;9;3M\x1b[<0;9;3m\x1b[<65;9;3M\x1b[<132;9;3M\x1b[<132;9;3m")
    assert [note["mouse"] for note in notes if note["mouse"]] == [
        ["press", 1, 4, 2, 0, -1, -1],
        ["move", 1, 8, 2, 0, -1, -1],
        ["release", 1, 8, 2, 0, -1, -1],
        ["press", 5, 8, 2, 0, -1, -1],
        ["press", 8, 8, 2, 1, -1, -1],
        ["release", 8, 8, 2, 1, -1, -1],
    ]


def test_the_mouse_in_pixels(probes: dict[Kind, Probe]) -> None:
    assert 1016 in probes["kitty"].modes
    notes = probes["kitty"].type(b"\x1b[<0;46;51M\x1b[<0;46;51m")
    assert [note["mouse"] for note in notes if note["mouse"]] == [["press", 1, 4, 2, 0, 45, 50], ["release", 1, 4, 2, 0, 45, 50]]
    assert (notes[0]["x"], notes[0]["y"]) == (4.5, 2.5)


@pytest.mark.parametrize("kind", KINDS)
def test_the_focus(probes: dict[Kind, Probe], kind: Kind) -> None:
    assert [note["gained"] for note in probes[kind].type(b"\x1b[O\x1b[I")] == [False, True]


def test_motion_releases_and_the_keypad_on_demand(tmp_path: Path) -> None:
    with Probe(tmp_path) as probe:
        assert 1003 not in probe.modes
        assert probe.kitty_stack == [29]
        probe.type(b"\x17")
        probe.read_until(lambda: 1003 in probe.modes and probe.kitty_stack == [31] and probe.keypad)
        notes = probe.type(b"\x1b[97;1:3u")
        assert [(note["event"], note["key"][3]) for note in notes] == [("quiet", 3)]
        probe.type(b"\x19")
        probe.read_until(lambda: 1003 not in probe.modes and probe.kitty_stack == [29] and not probe.keypad)
        assert {1000, 1002, 1006} <= probe.modes


@pytest.mark.parametrize("kind", KINDS)
def test_a_modifier_alone_is_no_key(probes: dict[Kind, Probe], kind: Kind) -> None:
    notes = probes[kind].type(b"\x1b[57441;2u")
    assert [note["event"] for note in notes] == ["quiet"]


@pytest.mark.parametrize("in_band", [None, False], ids=["as the terminal does", "by the signal alone"])
@pytest.mark.parametrize("kind", KINDS)
def test_sizes(tmp_path: Path, kind: Kind, in_band: bool | None) -> None:
    with Probe(tmp_path, kind) as probe:
        for columns in range(60, 160):
            probe.resize(Size(columns, 30), in_band)
        probe.wait_note(lambda note: note["event"] == "resize" and note["size"] == [159, 30])
        probe.type(b"")
        assert probe.notes("resize")[-1]["size"] == [159, 30]


def test_pixels_follow_a_resize_by_signal(tmp_path: Path) -> None:
    with Probe(tmp_path) as probe:
        probe.resize(Size(120, 40), in_band=False)
        probe.wait_note(lambda note: note["event"] == "resize" and note["size"] == [120, 40])
        (note, *_) = probe.type(b"\x1b[<0;46;51M")
        assert note["mouse"][2:4] == [4, 2]


# ------------------------------------------------------------------ what is set


def test_modes_of_a_kitty(probes: dict[Kind, Probe]) -> None:
    probe = probes["kitty"]
    assert probe.modes - {1003, 2026} == {1000, 1002, 1004, 1006, 1016, 1049, 2004, 2031, 2048}
    assert (probe.kitty_stack, probe.modify_other_keys) == ([29], 0)


def test_modes_of_an_xterm(probes: dict[Kind, Probe]) -> None:
    probe = probes["xterm"]
    assert probe.modes == {1000, 1002, 1004, 1006, 1049, 2004, 2031}
    assert probe.modify_other_keys == 2


def test_modes_of_a_silent_terminal(tmp_path: Path) -> None:
    with Probe(tmp_path, "silent") as probe:
        probe.type(b"x")
        assert probe.modes == {1000, 1002, 1004, 1006, 1049, 2004, 2031}
        assert probe.modify_other_keys == 0


def test_apples_terminal_is_not_asked_what_it_would_print(tmp_path: Path) -> None:
    with Probe(tmp_path, "xterm", environment={"TERM_PROGRAM": "Apple_Terminal"}) as probe:
        probe.type(b"x")
        assert b"$p" not in probe.output
        assert b"\x1b[>4" not in probe.output


@pytest.mark.parametrize("cut", range(1, 4))
def test_how_far_the_terminal_is_reaches_nobody(probes: dict[Kind, Probe], cut: int) -> None:
    """Answers that nobody waits for any more, and such as come in two parts, too."""
    answer = b"\x1b[0n"
    probe = probes["kitty"]
    probe.send(answer[:cut])
    assert probe.type(answer[cut:] + answer + b"\x1b[3n") == []
