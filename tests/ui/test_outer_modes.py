"""What is set in the outer terminal, and that each thing set is undone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentgrid.ui.outer_modes import OuterModes, Terminal, is_control

ANSWERS = [
    b"\x1b[?29u",
    b"\x1b[?0u",
    b"\x1b[?9u",
    b"\x1b[?2026;2$y",
    b"\x1b[?2026;0$y",
    b"\x1b[?2048;2$y",
    b"\x1b[?2048;4$y",
    b"\x1b[?62;4c",
]


def modes_on(output: str) -> set[str]:
    """Private modes set and not reset, but those that are on by default."""
    state = {"7": True, "25": True}
    for number, on in re.findall(r"\x1b\[\?(\d+)([hl])", output):
        state[number] = on == "h"
    return {number for number, on in state.items() if on}


@given(st.lists(st.sampled_from(ANSWERS) | st.tuples(st.booleans(), st.booleans(), st.booleans()) | st.none(), max_size=12), st.booleans())
def test_everything_set_is_undone(steps: list[bytes | tuple[bool, bool, bool] | None], mouse: bool) -> None:
    modes = OuterModes(Terminal(), mouse=mouse)
    output = modes.start()
    for step in steps:
        match step:
            case bytes():
                output += modes.on_reply(step)
            case None:
                output += modes.on_pixels()
            case (motion, releases, keypad):
                output += modes.want(motion, releases, keypad)
    output += modes.stop()
    assert modes_on(output) == {"7", "25"}
    assert output.count("\x1b[>29u") == output.count("\x1b[<u") == 1
    assert output.index("\x1b[?1049h") < output.index("\x1b[>29u") < output.index("\x1b[<u") < output.index("\x1b[?1049l")
    assert len(re.findall(r"\x1b\[>4;2m", output)) == len(re.findall(r"\x1b\[>4m", output))
    assert output.rfind("\x1b=") <= output.rfind("\x1b>")


def test_again_is_what_was_set() -> None:
    modes = OuterModes(Terminal())
    before = (
        modes.start() + modes.on_reply(b"\x1b[?29u") + modes.on_reply(b"\x1b[?2048;2$y") + modes.on_pixels() + modes.want(True, True, True)
    )
    assert modes_on(modes.again()) == modes_on(before)
    assert ">" not in modes.again(), "nothing is pushed twice"


def test_the_kitty_protocol_goes_before_modify_other_keys() -> None:
    modes = OuterModes(Terminal())
    assert modes.on_reply(b"\x1b[?29u") == ""
    assert modes.on_reply(b"\x1b[?62c") == ""
    assert (modes.kitty, modes.modify_other_keys) == (True, False)
    modes = OuterModes(Terminal())
    assert modes.on_reply(b"\x1b[?62c") == "\x1b[>4;2m"
    assert modes.on_reply(b"\x1b[?62c") == "", "once"
    assert modes.on_reply(b"\x1b[?29u") == "\x1b[>4m", "the attributes were those of an older question"


def test_keys_without_their_text_are_not_asked_for() -> None:
    modes = OuterModes(Terminal())
    assert modes.on_reply(b"\x1b[?13u") == "\x1b[=5;1u"
    assert modes.want(False, True, False) == "\x1b[=7;1u"


@pytest.mark.parametrize(("state", "known"), [(0, False), (1, True), (2, True), (3, True), (4, False)])
def test_synchronized_output(state: int, known: bool) -> None:
    modes = OuterModes(Terminal())
    modes.on_reply(b"\x1b[?2026;%d$y" % state)
    assert modes.synchronized == known


@pytest.mark.parametrize(
    ("environment", "terminal"),
    [
        pytest.param({}, Terminal(), id="any"),
        pytest.param({"TERM_PROGRAM": "Apple_Terminal"}, Terminal(can_be_asked=False), id="Apple's Terminal"),
        pytest.param({"TERM_PROGRAM": "iTerm.app"}, Terminal(tells_sizes=False), id="iTerm2"),
        pytest.param({"LC_TERMINAL": "iTerm2"}, Terminal(tells_sizes=False), id="iTerm2 over ssh"),
    ],
)
def test_by_the_environment(environment: dict[str, str], terminal: Terminal) -> None:
    assert Terminal.of(environment) == terminal


def test_no_mouse() -> None:
    modes = OuterModes(Terminal(), mouse=False)
    output = modes.start() + modes.on_reply(b"\x1b[?2048;2$y") + modes.on_pixels() + modes.want(True, False, False) + modes.again()
    assert not modes_on(output) & {"1000", "1002", "1003", "1006", "1016"}


def test_what_others_wrote_is_undone_too() -> None:
    modes = OuterModes(Terminal())
    modes.on_written("\x1b[5 q")
    modes.on_written("\x1b]22;pointer\x07")
    assert "\x1b[0 q" in modes.stop()
    assert "\x1b]22;\x1b\\" in modes.stop()
    assert " q" not in OuterModes(Terminal()).stop()


@pytest.mark.parametrize(
    ("data", "control"),
    [
        pytest.param("\x07", True, id="bell"),
        pytest.param("\x1b]52;c;aGk=\x07", True, id="clipboard"),
        pytest.param("\x1b]2;title\x1b\\", True, id="title"),
        pytest.param("\x1b]22;pointer\x07", True, id="pointer"),
        pytest.param("\x1b[?25h", True, id="cursor"),
        pytest.param("\x1b[?25h\x1b[5 q", True, id="cursor and its shape"),
        pytest.param("\x1b[>4;2m", True, id="modifyOtherKeys"),
        pytest.param("\x1b[?2026h", False, id="a frame begins"),
        pytest.param("\x1b[?2026l", False, id="a frame ends"),
        pytest.param("\x1b[1;1Hrow", False, id="a row"),
        pytest.param("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", False, id="a link is a row"),
        pytest.param("\x1b[2J", False, id="clear"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_controls_and_frames(data: str, control: bool) -> None:
    assert is_control(data) == control
