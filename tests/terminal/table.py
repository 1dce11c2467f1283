"""The table of docs/terminal.md, made from the code's own tables: ``python -m tests.terminal.table`` writes it.

A sequence is tested by the modules that have a test whose id names it.
"""

import re
from functools import cache
from pathlib import Path

from agentgrid.terminal import charsets
from agentgrid.terminal.csi import SEQUENCES
from agentgrid.terminal.escapes import CONTROLS
from agentgrid.terminal.escapes import SEQUENCES as ESCAPES
from agentgrid.terminal.modes import ANSI_MODES, PRIVATE_MODES, Mode
from agentgrid.terminal.osc import COMMANDS

PAGE = Path(__file__).parents[2] / "docs" / "terminal.md"
BEGIN, END = "<!-- table: made by python -m tests.terminal.table -->", "<!-- end of the table -->"


@cache
def _ids() -> dict[str, list[str]]:
    """By test module, the ids of its tests."""
    return {
        path.stem: re.findall(r'id=f?["\']([^"\']+)', path.read_text(encoding="utf-8"))
        for path in sorted(Path(__file__).parent.glob("test_*.py"))
        if path.stem not in ("test_docs", "test_keys", "test_mouse", "test_key_names", "test_pastes")
    }


def tested_by(name: str) -> list[str]:
    """The modules with a test of a sequence."""
    return [module for module, ids in _ids().items() if any(re.search(rf"(?:^|, |by ){re.escape(name)}\b", each) for each in ids)]


def _tests(*names: str) -> str:
    return ", ".join(dict.fromkeys(module for name in names for module in tested_by(name)))


def _code(text: str) -> str:
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _mode(mode: Mode) -> str:
    if mode.fixed:
        return "always set" if mode.fixed == 3 else "always reset"
    return "set and reset; set at the start" if mode.initial else "set and reset"


def rows() -> list[tuple[str, str, str, str]]:
    """Bytes, name, what we do, tested by."""
    found = [(f"`{ord(control):02X}`", entry.name, entry.what, _tests(entry.name)) for control, entry in CONTROLS.items()]
    found.append(("`18` `1A`", "CAN, SUB", "end a sequence or a string", _tests("CAN", "SUB")))
    found += [(_code(f"ESC {' '.join(key)}"), entry.name, entry.what, _tests(entry.name)) for key, entry in ESCAPES.items()]
    sets = " ".join(sorted(charsets.CHARSETS))
    found.append(("`ESC ( …` `) * + - . /`", "SCS", f"a character set into G0…G3: {_code(sets)}", _tests("ESC ( 0")))
    for key, entry in SEQUENCES.items():
        prefix, rest = (key[0], key[1:]) if key[0] in "<=>?" else ("", key)
        found.append((_code(" ".join(["CSI", *prefix, "…", *rest.replace(" ", "␠")])), entry.name, entry.what, _tests(entry.name)))
    found.append(
        (
            "`CSI … m`",
            "SGR",
            "rendition: all of ECMA-48, 256 and RGB colours in every spelling, underline styles and colour",
            _tests("SGR 1"),
        )
    )
    for number, command in COMMANDS.items():
        found.append((f"`OSC {number} ; …`", command.name, command.what, _tests(f"OSC {number}")))
    found += [
        ("`DCS $ q …`", "DECRQSS", "answered: SGR, margins, cursor shape, protection, level, size, extent", _tests("DECRQSS")),
        ("`DCS … $ t …`", "DECRSPS", "the state of the cursor (1), the tab stops (2) as DECRQPSR gave them", _tests("DECRSPS")),
        ("`DCS + q …`", "XTGETTCAP", "answered, name by name", _tests("XTGETTCAP")),
        ("`DCS … q …`", "sixel", "swallowed: no images", _tests("sixel")),
        ("`APC G …`", "kitty graphics", "swallowed: no images, and no answer, which says so", _tests("kitty graphics")),
        ("`SOS` `PM` `APC` `DCS`", "other strings", "swallowed", _tests("APC, PM, SOS")),
    ]
    modes = _tests("SM, RM"), _tests("DECSET, DECRST, DECRQM")
    found += [(f"`CSI {number} h` `l`", mode.name, _mode(mode), modes[0]) for number, mode in ANSI_MODES.items()]
    found += [(f"`CSI ? {number} h` `l`", mode.name, _mode(mode), modes[1]) for number, mode in PRIVATE_MODES.items()]
    return found


def table() -> str:
    lines = ["| bytes | name | what agentgrid does | tested by |", "|---|---|---|---|"]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows()]
    return "\n".join(lines)


def page_with_table(page: str) -> str:
    """A page with the table between its marks made anew."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page_with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
