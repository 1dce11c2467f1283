"""The window inside another terminal, at the sizes people have."""

import os
import signal
from collections.abc import Iterator

import psutil
import pytest

from agentgrid.geometry import Size
from tests.support.deadline import eventually
from tests.support.outer import Outer
from tests.support.session import COMMAND, Session
from tests.support.tmux import Tmux

LARGE, MIDDLE, SMALL = Size(240, 72), Size(160, 48), Size(100, 30)


def marked_shells() -> list[list[str]]:
    """Nine shells; each says its number in a word that only its own screen can show."""
    return [["/bin/sh", "-c", f"echo pane-number-{number}; exec /bin/sh"] for number in range(1, 10)]


EVERY_SIZE = pytest.mark.parametrize("size", [LARGE, MIDDLE, SMALL], ids=lambda size: f"{size.columns}x{size.rows}")


@pytest.fixture
def size() -> Size:
    """For what does not depend on it."""
    return MIDDLE


@pytest.fixture
def window(session: Session, size: Size) -> Iterator[Tmux]:
    """A grid of nine shells, attached."""
    session.start(marked_shells())
    with Tmux(session.folder, session.environment, size) as tmux:
        tmux.enter(COMMAND)
        tmux.wait_text("pane-number-1")
        yield tmux


@EVERY_SIZE
def test_every_pane_is_readable(window: Tmux, size: Size, session: Session) -> None:
    seen = {number for number in range(1, 10) if f"pane-number-{number}" in window.text}
    for _ in range(9):
        if len(seen) == 9:
            break
        before = window.text
        window.press("C-b", "Tab")
        window.wait("another page", lambda shown, before=before: shown != before and "pane-number-" in shown)  # type: ignore[misc]
        seen |= {number for number in range(1, 10) if f"pane-number-{number}" in window.text}
    assert seen == set(range(1, 10))
    sizes = {(pane["columns"], pane["rows"]) for pane in session.panes()}
    assert min(columns for columns, _rows in sizes) >= (79 if size == LARGE else 40)
    assert min(rows for _columns, rows in sizes) >= (22 if size == LARGE else 10)


def test_a_window_that_hears_late_that_the_session_has_ended_does_not_begin_it_anew(session: Session) -> None:
    session.start([["/bin/sh", "-c", "echo ready; exec cat"]], "1x1")
    with Outer([COMMAND], "kitty", MIDDLE, session.environment, session.folder) as outer:
        outer.wait_for(b"ready")
        os.kill(outer.pid, signal.SIGSTOP)
        session.ok("down", "--yes")
        eventually(lambda: not session.serves(), "the server has gone")
        os.kill(outer.pid, signal.SIGCONT)  # The end, and that nobody is there any more, come in one turn.
        assert outer.wait_exit() == 0
        assert b"the session has ended" in outer.output
    eventually(lambda: not session.processes(), "everything has ended")
    assert session.json("ls") == []


@EVERY_SIZE
def test_typed_keys_reach_the_focused_pane_only(window: Tmux, session: Session) -> None:
    window.enter("echo typed-$((6 * 7))")
    window.wait_text("typed-42")
    window.press("C-b", "2")
    window.enter("echo second-$((6 * 8))")
    window.wait_text("second-48")
    screens = {number: session.screen(number) for number in range(1, 10)}
    assert [number for number, text in screens.items() if "typed-" in text] == [1]
    assert [number for number, text in screens.items() if "second-" in text] == [2]


def test_the_prefix_moves_the_focus(window: Tmux, session: Session) -> None:
    window.press("C-b", "Right")
    window.enter("echo moved-$((5 * 5))")
    window.wait_text("moved-25")
    assert [number for number in range(1, 10) if "moved-" in session.screen(number)] == [2]


@EVERY_SIZE
def test_zoom_gives_one_pane_the_window_and_gives_it_back(window: Tmux, session: Session, size: Size) -> None:
    def first() -> dict[str, int]:
        return {name: session.panes()[0][name] for name in ("columns", "rows")}

    small = first()
    window.press("C-b", "z")
    window.wait("the zoom", lambda _shown: first()["rows"] > small["rows"])
    assert first()["columns"] >= size.columns * 3 // 4
    assert first()["rows"] >= size.rows - 4
    window.enter("stty size")
    window.wait_text(f"{first()['rows']} {first()['columns']}")
    window.press("C-b", "z")
    window.wait("the grid", lambda _shown: first() == small)


@EVERY_SIZE
def test_detached_and_back_with_the_same_text(window: Tmux, session: Session) -> None:
    window.enter("echo kept-$((6 * 9))")
    window.wait_text("kept-54")
    window.press("C-b", "d")
    window.wait_gone("pane-number-1")
    window.enter("echo outside-$((2 * 2))")
    window.wait_text("outside-4")
    window.enter(COMMAND)
    window.wait_text("kept-54")
    assert "outside-4" not in "".join(session.screen(number) for number in range(1, 10))


def test_a_resize_reaches_every_pane(window: Tmux, size: Size, session: Session) -> None:
    def sizes() -> list[tuple[int, int]]:
        return [(pane["columns"], pane["rows"]) for pane in session.panes()]

    before = sizes()
    window.resize(Size(size.columns + 30, size.rows + 12))
    window.wait("new sizes", lambda _shown: all(now != then for now, then in zip(sizes()[:4], before, strict=False)))
    for number in (1, 2):
        session.ok("send", str(number), "stty size")
        session.wait_text(number, "{1} {0}".format(*sizes()[number - 1]))


def test_a_killed_client_is_a_detach(window: Tmux, session: Session) -> None:
    pids = [pane["pid"] for pane in session.panes()]
    (client,) = [process for process in session.processes() if process.cmdline()[1:] == [COMMAND]]
    client.kill()
    window.wait_gone("pane-number-1\n")
    window.enter("reset; clear")
    window.enter(COMMAND)
    window.wait_text("pane-number-1")
    assert [pane["pid"] for pane in session.panes()] == pids
    assert all(psutil.pid_exists(pid) for pid in pids)


def test_the_window_survives_its_server(window: Tmux, session: Session) -> None:
    window.enter("echo before-$((7 * 7))")
    window.wait_text("before-49")
    session.server().kill()
    window.wait("word of it, or the grid again", lambda shown: "pane-number-1" in shown or "agentgrid" in shown)
    session.ok("up", "--no-attach")
    assert "before-49" in session.screen(1)
