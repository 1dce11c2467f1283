"""A pane's header: what it says, and what it gives up as the pane gets narrower."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcwidth

from agentgrid.session.pane import Pane, PaneId, PaneStatus
from agentgrid.ui.parts import cells
from agentgrid.ui.widgets.header import FLAG, GLYPHS, HERE, PENCIL, RUNNING, UP, exit_text, header, state_word


def pane(**fields: Any) -> Pane:
    given: dict[str, Any] = {
        "id": PaneId(3),
        "name": "claude-2",
        "command": (),
        "agent": "claude",
        "number": 3,
        "status": PaneStatus.WORKING,
    }
    return Pane(**given | fields)


def text(shown: Pane, width: int, **options: Any) -> str:
    return "".join(part.text for part in header(shown, width, **{"focused": False} | options))


HALF_PAST = time.mktime((2026, 11, 24, 15, 30, 0, 0, 0, -1))
BUSY = pane(title="◐ Refactor the parser", files_changed=4, conflicts=2)


@pytest.mark.parametrize(
    ("width", "row"),
    [
        pytest.param(60, " 3 ◐ working claude-2  Refactor the parser        ✎4  ⚑2 ", id="all"),
        pytest.param(50, " 3 ◐ working claude-2  Refactor the pars…  ✎4  ⚑2 ", id="the title shrinks"),
        pytest.param(40, " 3 ◐ working claude-2  Refacto…  ✎4  ⚑2 ", id="the title shrinks on"),
        pytest.param(34, " 3 ◐ working claude-2       ✎4  ⚑2 ", id="no title"),
        pytest.param(28, " 3 ◐ working claude-2    ⚑2 ", id="no files"),
        pytest.param(24, " 3 ◐ claude-2        ⚑2 ", id="no word"),
        pytest.param(15, " 3 ◐ claud… ⚑2 ", id="the name shrinks"),
        pytest.param(9, " 3 ◐ ⚑2 ", id="number, glyph and flag"),
        pytest.param(5, " 3 ◐…", id="hardly anything"),
        pytest.param(1, "…", id="one column"),
        pytest.param(0, "", id="nothing"),
    ],
)
def test_what_goes_first(width: int, row: str) -> None:
    shown = text(BUSY, width, rivals=(2,))
    assert " ".join(shown.split()) == " ".join(row.split())
    assert cells(shown) == width


TITLES = st.text("ab c日\u0301👨‍👩‍👧\x1b\n", max_size=40)


@given(
    title=TITLES,
    name=st.text("ab日", max_size=40),
    width=st.integers(0, 120),
    files=st.integers(0, 2000),
    rivals=st.lists(st.integers(1, 99), max_size=9).map(tuple),
    number=st.integers(0, 999),
    scrolled=st.integers(0, 100_000),
    status=st.sampled_from(list(PaneStatus)),
    focused=st.booleans(),
)
def test_it_is_always_exactly_as_wide_as_the_pane(
    title: str, name: str, width: int, files: int, rivals: tuple[int, ...], number: int, scrolled: int, status: PaneStatus, focused: bool
) -> None:
    shown = pane(title=title, name=name, files_changed=files, conflicts=len(rivals), number=number, status=status)
    assert cells(text(shown, width, focused=focused, scrolled=scrolled, rivals=rivals)) == width


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        pytest.param({"status": PaneStatus.WORKING}, "working", id="working"),
        pytest.param({"status": PaneStatus.WORKING, "progress": 40}, "working 40%", id="working, and how far it is"),
        pytest.param({"status": PaneStatus.LIMITED}, "limited", id="limited, nobody knows until when"),
        pytest.param({"status": PaneStatus.LIMITED, "status_until": HALF_PAST}, "limited until 15:30", id="limited until a time"),
        pytest.param({"status": PaneStatus.BLOCKED}, "blocked", id="blocked, nobody knows why"),
        pytest.param({"status": PaneStatus.BLOCKED, "status_kind": "question"}, "blocked: question", id="blocked by a question"),
        pytest.param({"status": PaneStatus.UNKNOWN}, "unknown", id="an agent whose state is not known"),
        pytest.param({"status": PaneStatus.UNKNOWN, "agent": ""}, "running", id="a program is no agent"),
        pytest.param({"status": PaneStatus.EXITED, "exit_code": 0}, "exited", id="ended well"),
        pytest.param({"status": PaneStatus.EXITED, "exit_code": 3}, "exited 3", id="with a code"),
        pytest.param({"status": PaneStatus.EXITED, "exit_code": -9}, "killed 9", id="by a signal"),
    ],
)
def test_state_in_a_word(fields: dict[str, Any], word: str) -> None:
    assert state_word(pane(**fields)) == word
    assert word in text(pane(**fields), 80)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        pytest.param("⠋ Building", "Building", id="a braille cell"),
        pytest.param("◑ Thinking", "Thinking", id="a half circle"),
        pytest.param("✳ Claude Code", "Claude Code", id="a star"),
        pytest.param("✋  Action Required", "Action Required", id="a hand"),
        pytest.param("◇  Ready (work)   ", "Ready (work)", id="a diamond"),
        pytest.param("OC | title", "OC | title", id="none"),
        pytest.param("* list", "list", id="an asterisk"),
        pytest.param("日本", "日本", id="a word is no sign"),
    ],
)
def test_what_turns_in_front_of_a_title_is_left_out(title: str, shown: str) -> None:
    assert text(pane(title=title), 80).strip().endswith(f"claude-2  {shown}")


def test_a_question_stands_where_the_title_does() -> None:
    asking = pane(status=PaneStatus.BLOCKED, message="Overwrite it?", title="Some title")
    assert "Overwrite it?" in text(asking, 80)
    assert "Some title" not in text(asking, 80)


def test_a_title_that_is_the_name_is_not_said_twice() -> None:
    assert text(pane(title="claude-2"), 80).count("claude-2") == 1


def test_the_focused_one_is_told_without_colour() -> None:
    assert text(BUSY, 60, focused=True).startswith(f"{HERE}3 ")
    assert text(BUSY, 60).startswith(" 3 ")


def test_how_far_it_is_scrolled_back() -> None:
    assert "↑1,234" in text(BUSY, 60, scrolled=1234)


@pytest.mark.parametrize("glyph", [*GLYPHS.values(), RUNNING, FLAG, PENCIL, HERE, UP])
def test_a_glyph_is_one_column_and_no_emoji(glyph: str) -> None:
    assert len(glyph) == 1
    assert wcwidth(glyph) == 1
    assert glyph not in "©®‼⁉™ℹ↔↕↖↗↘↙↩↪⌚⌛⌨⏏⏩⏪⏸⏹⏺▪▫▶◀◻◼☀☑☎☔☕☝☺♀♂♠♥♻⚠⚡⛔✂✅✈✉✊✋✌✏✒✔✖✝✡✨✳✴❄❇❌❓❗❤➡➰⤴⬅⬆⬇⬛⭐〰㊗"


@pytest.mark.parametrize(
    ("code", "words"), [(0, "ended"), (3, "exited with code 3"), (-9, "ended by SIGKILL"), (-4242, "ended by signal 4242")]
)
def test_exit_text(code: int, words: str) -> None:
    assert exit_text(code) == words


@pytest.mark.parametrize(
    ("width", "fields", "mark", "row"),
    [
        pytest.param(60, {}, "shared", "3 ◐ working claude-2 ≡ broadcast", id="broadcast"),
        pytest.param(37, {}, "shared", "3 ◐ working claude-2 ≡ broadcast", id="narrow, and there is room"),
        pytest.param(28, {}, "shared", "3 ◐ working claude-2 ≡", id="none for the word"),
        pytest.param(
            48, {"title": "Refactor the parser again"}, "shared", "3 ◐ working claude-2 Refactor the parser… ≡", id="the title comes first"
        ),
        pytest.param(50, {"locked": True}, "", "3 ◐ working claude-2 ⊘ locked", id="locked"),
        pytest.param(50, {"locked": True}, "chosen", "3 ◐ working claude-2 ≡ ⊘ locked", id="chosen is a sign alone"),
    ],
)
def test_words_at_signs(width: int, fields: dict[str, Any], mark: str, row: str) -> None:
    shown = text(pane(**fields), width, mark=mark)
    assert " ".join(shown.split()) == row
    assert cells(shown) == width
