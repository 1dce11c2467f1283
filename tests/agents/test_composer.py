"""What stands in a composer, on screens as agents draw them, and on the recordings of six of them."""

import pytest

from agentgrid.agents.composer import Composer, composer, half_typed, holds
from agentgrid.geometry import Size
from agentgrid.terminal.pyte_emulator import PyteEmulator
from tests.agents.playback import OWN, Recording

TYPED = [
    pytest.param("─────\r\n❯ ", "", True, id="claude, empty"),
    pytest.param("─────\r\n❯ fix the test", "fix the test", True, id="claude"),
    pytest.param("─────\r\n❯ fix\r\n  the test", "fix\nthe test", True, id="claude, two lines"),
    pytest.param("─────\r\n❯ [Pasted text #1 +300 lines]", "[Pasted text #1 +300 lines]", True, id="claude, a paste"),
    pytest.param("› Ask Codex to do anything\x1b[1;3H", "", True, id="codex, a hint behind the cursor"),
    pytest.param("  ┃\r\n  ┃  fix\r\n  ┃  the test", "fix\nthe test", True, id="opencode"),
    pytest.param("╭────╮\r\n│ > fix it", "fix it", True, id="gemini"),
    pytest.param("me@here:~$ make", "me@here:~$ make", False, id="a shell"),
    pytest.param("one\r\ntwo\r\n", "", False, id="nothing"),
]


@pytest.mark.parametrize(("printed", "typed", "certain"), TYPED)
def test_what_is_typed(printed: str, typed: str, certain: bool) -> None:
    emulator = PyteEmulator(Size(columns=40, rows=10))
    emulator.feed(printed.encode())
    found = composer(emulator.lines, emulator.clusters, emulator.cursor)
    assert (found.typed, found.certain) == (typed, certain)


@pytest.mark.parametrize(
    ("shown", "text", "there"),
    [
        pytest.param("fix the test", "fix the test", True, id="as it is"),
        pytest.param(
            "have a look and fix\n  the failing test",
            "would you please have a look and fix the failing test",
            True,
            id="wrapped, its beginning scrolled away",
        ),
        pytest.param("", "fix the test", False, id="gone"),
        pytest.param("another", "fix the test", False, id="another text"),
        pytest.param("?", "?", True, id="no letters"),
        pytest.param("", "", False, id="no text"),
    ],
)
def test_holds(shown: str, text: str, there: bool) -> None:
    assert holds(shown, text) is there


@pytest.mark.parametrize(
    ("keys", "shown", "agent", "half"),
    [
        pytest.param("", Composer("fix", "", True), True, "fix", id="the screen knows, whoever typed it"),
        pytest.param("fix", Composer("", "", True), True, "", id="the screen knows that it is gone"),
        pytest.param("fix", Composer("", "fix", True), True, "fix", id="the cursor is at the beginning"),
        pytest.param("fix", Composer("…", "", False), True, "fix", id="no composer is to be seen"),
        pytest.param("make", Composer("$ make", "", False), False, "make", id="a shell"),
        pytest.param("q", Composer("(END)", "", False), False, "", id="a key that was a command"),
        pytest.param("", Composer("$ ", "", False), False, "", id="a shell at its prompt"),
    ],
)
def test_half_typed(keys: str, shown: Composer, agent: bool, half: str) -> None:
    assert half_typed(keys, shown, agent=agent) == half


@pytest.mark.parametrize("agent", ["claude", "codex", "copilot", "gemini", "opencode", "qwen"])
def test_recorded_composers_are_seen_to_be_empty(agent: str) -> None:
    recording = Recording(f"{agent}-40x15-full", agent, OWN)
    emulator, data, place, looked = PyteEmulator(Size(40, 15)), recording.data(), 0, 0
    for event in recording.events():
        if event.kind == "o":
            emulator.feed(data[place : place + event.fields["len"]])
            place += event.fields["len"]
        elif event.kind == "mark" and event.fields.get("name", event.fields.get("label", "")).startswith(("idle", "working", "done")):
            found = composer(emulator.lines, emulator.clusters, emulator.cursor)
            assert (found.typed, found.certain) == ("", True), event
            looked += 1
    assert looked >= 3
