"""A key all the way: from three kinds of outer terminals, through the decoder, to a program in each of five modes.

Also holds the table in ``docs/keys.md`` that says what each kind of terminal can tell.
"""

from pathlib import Path

import pytest

from agentgrid.terminal.emulator import Modes
from agentgrid.terminal.keys import Key, encode, key_name, parse_key
from agentgrid.ui.input import Decoder
from agentgrid.ui.outer_modes import KITTY_FLAGS
from tests.terminal.test_keys import rows

OUTER = {"kitty protocol": Modes(kitty_flags=KITTY_FLAGS), "modifyOtherKeys": Modes(modify_other_keys=2), "neither": Modes()}


def arrived(spec: str, outer: Modes) -> list[Key]:
    """The keys that come in when this one is pressed on such a terminal."""
    decoder = Decoder()
    sent = encode(parse_key(spec), outer)
    return [event for event in decoder.feed(sent) + decoder.flush() if isinstance(event, Key)]


@pytest.mark.parametrize(("spec", "modes", "expected"), rows())
def test_through_a_kitty_nothing_is_lost(spec: str, modes: Modes, expected: bytes) -> None:
    assert b"".join(encode(key, modes) for key in arrived(spec, OUTER["kitty protocol"])) == expected


@pytest.mark.parametrize("outer", OUTER)
@pytest.mark.parametrize(("spec", "modes", "expected"), rows())
def test_what_the_program_would_get_without_us(spec: str, modes: Modes, expected: bytes, outer: str) -> None:
    """A program in the outer terminal's own mode gets the same bytes through us as it would there, whatever they can tell."""
    if modes == OUTER[outer]:
        assert b"".join(encode(key, modes) for key in arrived(spec, OUTER[outer])) == expected or spec in AMBIGUOUS


AMBIGUOUS = {"ctrl+backspace"}  # modifyOtherKeys 2 has BS for it, which is ctrl+h in every other mode.


# ------------------------------------------------------------------ the page

TOLD = """
shift+enter ctrl+enter alt+enter ctrl+shift+enter ctrl+j ctrl+i ctrl+m ctrl+h ctrl+[ ctrl+space ctrl+1 ctrl+. ctrl+/
ctrl+a ctrl+shift+a alt+a alt+A escape shift+tab ctrl+tab backspace ctrl+backspace alt+backspace shift+space
ctrl+left shift+f5 kp_enter kp_5 super+k left_shift
"""
PAGE = Path(__file__).parents[2] / "docs" / "keys.md"


def table() -> str:
    """What each kind of terminal tells of a key: itself (✓), another key, or nothing (–)."""
    lines = [f"| key | {' | '.join(OUTER)} |", f"|---{'|---' * len(OUTER)}|"]
    for spec in TOLD.split():
        pressed = parse_key(spec)
        cells = []
        for modes in OUTER.values():
            keys = arrived(spec, modes)
            same = [(key.name, key.modifiers) for key in keys] == [(pressed.name, pressed.modifiers)]
            cells.append("✓" if same else ", ".join(f"`{key_name(key)}`" for key in keys) or "–")
        lines.append(f"| `{spec}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def test_the_page_says_so() -> None:
    assert table() in PAGE.read_text(encoding="utf-8"), f"docs/keys.md lacks this table:\n{table()}"
