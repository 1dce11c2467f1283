"""The command lines that tell of a call: texts of programs are arguments, whatever is in them."""

import pytest

from agentgrid.server.notifying import commands
from agentgrid.session.calling import Call
from agentgrid.session.pane import PaneId

CALL = Call("agentgrid: shop", '1 claude-1 needs you: rm "$(x)" <b>\x1b[2J {title}', (PaneId(1), PaneId(3)))
BODY = '1 claude-1 needs you: rm "$(x)" <b> [2J {title}'


@pytest.mark.parametrize(
    ("desktop", "platform", "own", "wanted"),
    [
        pytest.param(False, "linux", (), [], id="nothing"),
        pytest.param(
            True,
            "linux",
            (),
            [["notify-send", "--app-name=agentgrid", "--", "agentgrid: shop", BODY.replace("<b>", "&lt;b&gt;")]],
            id="no markup",
        ),
        pytest.param(
            False,
            "linux",
            ("tell", "--to=me", "{title}/{body}", "{panes}"),
            [["tell", "--to=me", f"agentgrid: shop/{BODY}", "%1 %3"]],
            id="what is filled in is not looked at again",
        ),
    ],
)
def test_commands(desktop: bool, platform: str, own: tuple[str, ...], wanted: list[list[str]]) -> None:
    assert commands(CALL, own, desktop=desktop, platform=platform) == wanted


def test_the_texts_are_arguments_of_the_script() -> None:
    (command,) = commands(CALL, (), desktop=True, platform="darwin")
    assert command[-2:] == ["agentgrid: shop", BODY]
    assert not any("claude-1" in word for word in command[:-1])
