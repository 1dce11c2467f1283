"""Every key through the whole program: an outer terminal's bytes in, a program's bytes out, a real PTY on both sides.

Five panes, each with a program that asked for keys in its own way, under each of three kinds of outer terminals. Both sides are
written out from the specifications (``tests.terminal.test_keys.TABLE``): what such a terminal sends for a key is what a program in
that mode gets there. Where two keys are the same bytes outside, ``ARRIVES`` says which of them is meant.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from agentgrid.geometry import Size
from agentgrid.terminal.emulator import Modes
from agentgrid.ui.input import Decoder
from tests.support.outer import Kind, Outer
from tests.support.session import COMMAND, Session
from tests.terminal.test_keys import COLUMNS, rows

PROGRAM = """
import os, sys, tty
tty.setraw(0)
os.write(1, sys.argv[1].encode() + b"listening")
with open(sys.argv[2], "ab", buffering=0) as log:
    while data := os.read(0, 65536):
        log.write(data)
"""
ASKS = {"legacy": "", "mok 1": "\x1b[>4;1m", "mok 2": "\x1b[>4;2m", "kitty 1": "\x1b[>1u", "kitty 31": "\x1b[>31u"}
OUTER = {"kitty": "kitty 31", "xterm": "mok 2", "silent": "legacy"}
"""The column with what such a terminal sends. (We ask for no releases, and nothing else of flag 2 is in the table.)"""

NOTHING = "hyper+k meta+k print_screen pause media_play left_shift right_control caps_lock iso_level3_shift"
ALIKE = """
kitty

xterm
!               shift+1
ctrl+shift+!    ctrl+shift+1
ctrl+shift+_    ctrl+shift+-
escape          shift+escape
ctrl+h          ctrl+backspace
5               kp_5
+               kp_add
alt++           alt+kp_add
ctrl+5          ctrl+kp_5
enter           kp_enter
shift+enter     shift+kp_enter
up              kp_up
ctrl+up         ctrl+kp_up
delete          kp_delete

silent
!               shift+1 ctrl+shift+1 ctrl+shift+!
space           shift+space
ctrl+space      ctrl+shift+space ctrl+@ ctrl+2
tab             ctrl+i ctrl+tab
shift+tab       ctrl+shift+tab
enter           ctrl+m shift+enter ctrl+enter ctrl+shift+enter kp_enter shift+kp_enter
alt+enter       ctrl+alt+enter alt+shift+enter
escape          ctrl+[ ctrl+3 shift+escape ctrl+escape
backspace       ctrl+? ctrl+8 shift+backspace
ctrl+h          ctrl+backspace
ctrl+alt+h      ctrl+alt+backspace
ctrl+\\          ctrl+4
ctrl+]          ctrl+5 ctrl+kp_5
ctrl+^          ctrl+6
ctrl+_          ctrl+/ ctrl+7 ctrl+shift+- ctrl+shift+_
0               ctrl+0
1               ctrl+1
9               ctrl+9
.               ctrl+.
,               ctrl+,
;               ctrl+;
-               ctrl+-
=               ctrl+=
ctrl+a          ctrl+shift+a
ctrl+p          ctrl+shift+p
5               kp_5
+               kp_add
alt++           alt+kp_add
up              kp_up
ctrl+up         ctrl+kp_up
delete          kp_delete
"""
"""For a kind of terminal: the key that is meant, and those that cannot be told from it."""


def arrives() -> dict[str, dict[str, list[str]]]:
    """By kind and key: which keys come in."""
    found: dict[str, dict[str, list[str]]] = {}
    for block in ALIKE.strip().split("\n\n"):
        kind, *lines = block.splitlines()
        found[kind] = {key: [meant] for meant, *keys in map(str.split, lines) for key in keys}
    for kind in ("xterm", "silent"):
        found[kind].update({key: [] for key in NOTHING.split()})
    found["silent"] |= {"alt+escape": ["escape", "escape"], "super+k": []}
    return found


ARRIVES = arrives()

ENDS = {column: b"\x1b[57382u" if "kitty" in column else b"\x1b[33~" for column in COLUMNS}
"""F19, after each key, so that no two make a run of text; in no row of the table."""
OURS = {"ctrl+b", *(f"alt+{number}" for number in range(1, 10))}  # Keys that the window takes.
OURS |= {"ctrl+alt+1"}  # Is alt+1 where the terminal tells no more.


SPECIFIED: dict[tuple[str, Modes], bytes] = {(spec, modes): data for spec, modes, data in (case.values for case in rows())}  # type: ignore[misc]
SPECS = [spec for spec in dict.fromkeys(str(spec) for spec, _ in SPECIFIED) if spec not in OURS]


def sends(spec: str, kind: str) -> bytes:
    """What such a terminal sends for the key."""
    return SPECIFIED[spec, COLUMNS[OUTER[kind]]]


def expected(spec: str, kind: str, column: str) -> bytes:
    """What the program gets."""
    return b"".join(SPECIFIED[key, COLUMNS[column]] for key in ARRIVES[kind].get(spec, [spec]))


def test_the_table_is_large_enough_and_says_all_that_is_alike() -> None:
    assert len(SPECS) >= 120
    for kind in OUTER:
        meant = {spec for spec in SPECS if spec not in ARRIVES[kind]}
        sent = [sends(spec, kind) for spec in sorted(meant)]
        assert len(set(sent)) == len(sent), f"two keys are alike for {kind}"


def start(session: Session, columns: Iterable[str], grid: str) -> dict[str, Path]:
    """A pane for each way of asking for keys, all of them listening: where each writes down what it gets."""
    logs = {column: session.base / column.replace(" ", "-") for column in columns}
    program = session.base / "program.py"
    program.write_text(PROGRAM)
    session.start([[sys.executable, str(program), ASKS[column], str(log)] for column, log in logs.items()], grid)
    for number in range(1, len(logs) + 1):
        session.wait_text(number, "listening")
    return logs


@pytest.mark.parametrize("kind", OUTER)
def test_every_key_in_five_panes(session: Session, kind: Kind) -> None:
    logs = start(session, COLUMNS, "2x3")
    with Outer([COMMAND], kind, Size(160, 48), session.environment, session.folder) as outer:
        outer.wait_for(b"listening")
        for number, (column, log) in enumerate(logs.items(), 1):
            outer.send(sends("ctrl+b", kind) + b"%d" % number)
            type_all(outer, kind, column, log)
            check(outer, kind, column, log)


def type_all(outer: Outer, kind: Kind, column: str, log: Path) -> None:
    """Every key, and the one between. After a lone ESC the terminal has to be silent, as after the key itself."""
    between = ENDS[column]
    size = 0
    for spec in SPECS:
        sent = sends(spec, kind)
        size += len(expected(spec, kind, column))
        decoder = Decoder()
        decoder.feed(sent)
        outer.send(sent)
        if decoder.wait_seconds:
            outer.read_until(lambda size=size: log.stat().st_size >= size, what=f"{spec} arrives: {column}")  # type: ignore[misc]
        outer.send(ENDS[OUTER[kind]])
        size += len(between)


def check(outer: Outer, kind: Kind, column: str, log: Path) -> None:
    """All that came, key by key."""
    between = ENDS[column]
    wanted = [expected(spec, kind, column) for spec in SPECS]
    outer.read_until(lambda: log.read_bytes().count(between) >= len(wanted), what=f"all keys arrive: {column}")
    came = log.read_bytes().split(between)
    assert came.pop() == b""
    wrong = {spec: (got, want) for spec, got, want in zip(SPECS, came, wanted, strict=True) if got != want}
    assert wrong == {}


TEXTS = {
    "fast typing": "git status",
    "a dead key": "ê",
    "a commit of an input method": "日本語を入力",
    "emoji": "👍🏽",
    "a family": "👨‍👩‍👧",
    "a letter with marks": "e\u0301\u0323",
    "right to left": "שלום",
}


@pytest.mark.parametrize("kind", OUTER)
def test_text_arrives_whole(session: Session, kind: Kind) -> None:
    """UTF-8 as terminals send it for what no single key makes; in pieces, as a slow line has it."""
    columns = [column for column in COLUMNS if column != "kitty 31"]
    logs = start(session, columns, "2x2")
    with Outer([COMMAND], kind, Size(120, 40), session.environment, session.folder) as outer:
        outer.wait_for(b"listening")
        for number, log in enumerate(logs.values(), 1):
            outer.send(sends("ctrl+b", kind) + b"%d" % number)
            whole = b""
            for text in TEXTS.values():
                whole += text.encode()
                for byte in text.encode():
                    outer.send(bytes([byte]))
                outer.read_until(lambda log=log, whole=whole: log.read_bytes() == whole, what=text)  # type: ignore[misc]


HELD = {
    "a": b"\x1b[97;;97u",
    "a again": b"\x1b[97;1:2;97u",
    "a released": b"\x1b[97;1:3u",
    "shift": b"\x1b[57441;2u",
    "shift released": b"\x1b[57441;1:3u",
    "ctrl+left": b"\x1b[1;5D",
    "ctrl+left again": b"\x1b[1;5:2D",
    "ctrl+left released": b"\x1b[1;5:3D",
}


def test_releases_and_repeats_go_to_who_asked_for_them(session: Session) -> None:
    """The kitty protocol's event types; a program that did not ask hears of a repeat as of another press."""
    logs = start(session, ("kitty 31", "kitty 1", "legacy"), "1x3")
    plain = b"aa\x1b[1;5D\x1b[1;5D"
    wanted = {"kitty 31": b"".join(HELD.values()), "kitty 1": plain, "legacy": plain}
    with Outer([COMMAND], "kitty", Size(160, 40), session.environment, session.folder) as outer:
        outer.wait_for(b"listening")
        for number, (column, log) in enumerate(logs.items(), 1):
            outer.send(sends("ctrl+b", "kitty") + b"%d" % number)
            outer.wait_for(b"typing into %d" % number)
            if column == "kitty 31":
                outer.read_until(lambda: outer.kitty_stack and outer.kitty_stack[-1] & 2, what="releases are asked for")
            for sequence in HELD.values():
                outer.send(sequence)
            outer.read_until(lambda log=log, column=column: log.read_bytes() == wanted[column], what=f"{column}: {wanted[column]!r}")  # type: ignore[misc]
