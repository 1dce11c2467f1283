"""Every key through the whole program: an outer terminal's bytes in, a program's bytes out, a real PTY on both sides.

Five panes, each with a program that asked for keys in its own way, under each of three kinds of outer terminals. From a kitty-like
one the program gets what the specifications say; from the others what is left of that (``docs/keys.md``).
"""

import sys
from pathlib import Path

import pytest

from agentgrid.geometry import Size
from agentgrid.terminal.emulator import Modes
from agentgrid.terminal.keys import Key, encode, parse_key
from agentgrid.ui.input import Decoder
from agentgrid.ui.outer_modes import KITTY_FLAGS
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
OUTER: dict[Kind, Modes] = {"kitty": Modes(kitty_flags=KITTY_FLAGS), "xterm": Modes(modify_other_keys=2), "silent": Modes()}

BETWEEN = "f19"  # After each key, so that no two make a run of text; in no row of the table.
OURS = {"ctrl+b", *(f"alt+{number}" for number in range(1, 10))}  # Keys that the window takes.
OURS |= {"ctrl+alt+1"}  # Is alt+1 where the terminal tells no more.


SPECIFIED = {(case.values[0], case.values[1]): case.values[2] for case in rows()}
SPECS = [spec for spec in dict.fromkeys(str(spec) for spec, _ in SPECIFIED) if spec not in OURS]


def expected(spec: str, kind: Kind, column: str) -> bytes:
    """By the specifications; where the outer terminal cannot tell the key, by what it tells."""
    if kind == "kitty":
        found = SPECIFIED[spec, COLUMNS[column]]
        assert isinstance(found, bytes)
        return found
    decoder = Decoder()
    events = decoder.feed(encode(parse_key(spec), OUTER[kind])) + decoder.flush()
    return b"".join(encode(event, COLUMNS[column]) for event in events if isinstance(event, Key))


@pytest.mark.parametrize("kind", OUTER)
def test_every_key_in_five_panes(session: Session, kind: Kind) -> None:
    logs = {column: session.base / column.replace(" ", "-") for column in COLUMNS}
    program = session.base / "program.py"
    program.write_text(PROGRAM)
    session.start([[sys.executable, str(program), ASKS[column], str(log)] for column, log in logs.items()], "2x3")
    for number in range(1, 6):
        session.wait_text(number, "listening")
    with Outer([COMMAND], kind, Size(160, 48), session.environment, session.folder) as outer:
        outer.wait_for(b"listening")
        for number, (column, log) in enumerate(logs.items(), 1):
            press(outer, kind, "ctrl+b")
            press(outer, kind, str(number))
            type_all(outer, kind, column, log)
            check(outer, kind, column, log)


def press(outer: Outer, kind: Kind, spec: str) -> None:
    outer.send(encode(parse_key(spec), OUTER[kind]))


def type_all(outer: Outer, kind: Kind, column: str, log: Path) -> None:
    """Every key, and the one between. After a lone ESC the terminal has to be silent, as after the key itself."""
    between = encode(parse_key(BETWEEN), COLUMNS[column])
    size = 0
    for spec in SPECS:
        sent = encode(parse_key(spec), OUTER[kind])
        size += len(expected(spec, kind, column))
        decoder = Decoder()
        decoder.feed(sent)
        outer.send(sent)
        if decoder.wait_seconds:
            outer.read_until(lambda size=size: log.stat().st_size >= size, what=f"{spec} arrives: {column}")  # type: ignore[misc]
        press(outer, kind, BETWEEN)
        size += len(between)


def check(outer: Outer, kind: Kind, column: str, log: Path) -> None:
    """All that came, key by key."""
    between = encode(parse_key(BETWEEN), COLUMNS[column])
    wanted = [expected(spec, kind, column) for spec in SPECS]
    outer.read_until(lambda: log.read_bytes().count(between) >= len(wanted), what=f"all keys arrive: {column}")
    came = log.read_bytes().split(between)
    assert came.pop() == b""
    wrong = {spec: (got, want) for spec, got, want in zip(SPECS, came, wanted, strict=True) if got != want}
    assert wrong == {}
