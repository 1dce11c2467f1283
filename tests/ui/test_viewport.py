"""Looking back: which rows a view shows, what has to be fetched."""

import pytest

from agentgrid.client.mirror import PaneScreen
from agentgrid.geometry import Size
from agentgrid.terminal.emulator import Modes
from agentgrid.terminal.row import Line
from agentgrid.ui import viewport


def screen(*, history: int = 100, dropped: int = 1000, alternate: bool = False) -> PaneScreen:
    return PaneScreen(
        Size(10, 5),
        [Line(f"screen {n}") for n in range(5)],
        modes=Modes(alternate_screen=alternate),
        history_length=history,
        history_dropped=dropped,
        history={1000 + n: Line(f"history {n}") for n in range(50, 100)},
    )


@pytest.mark.parametrize(
    ("top", "rows", "new"),
    [
        pytest.param(None, 3, 1097, id="back from the live screen"),
        pytest.param(1097, 3, 1094, id="further back"),
        pytest.param(1094, -3, 1097, id="forward"),
        pytest.param(1097, -3, None, id="forward to the live screen"),
        pytest.param(1097, -30, None, id="beyond it"),
        pytest.param(None, 1000, 1000, id="no further than the oldest row"),
        pytest.param(900, 0, 1000, id="rows that are gone push the view on"),
        pytest.param(None, 0, None, id="nowhere"),
    ],
)
def test_scroll(top: int | None, rows: int, new: int | None) -> None:
    assert viewport.scroll(screen(), top, rows) == new


def test_the_alternate_screen_has_no_history() -> None:
    assert viewport.scroll(screen(alternate=True), None, 10) is None
    assert viewport.oldest(screen(alternate=True)) == 1100


def test_lines_are_those_of_history_and_screen() -> None:
    texts = [line.text if (line := viewport.line_at(screen(), row)) else None for row in (1049, 1050, 1099, 1100, 1104, 1105)]
    assert texts == [None, "history 50", "history 99", "screen 0", "screen 4", None]


def test_the_view_stays_while_the_program_prints() -> None:
    before, after = screen(), screen(history=120)
    assert viewport.top_of(before, 1090) == viewport.top_of(after, 1090) == 1090
    assert (viewport.scrolled(before, 1090), viewport.scrolled(after, 1090)) == (10, 30)


@pytest.mark.parametrize(
    ("top", "wanted"),
    [
        pytest.param(1060, None, id="all of it is known"),
        pytest.param(1100, None, id="the live screen"),
        pytest.param(1048, (0, 100), id="a part, with a margin"),
    ],
)
def test_missing(top: int, wanted: tuple[int, int] | None) -> None:
    assert viewport.missing(screen(), top, 5) == wanted


def test_what_is_asked_for_is_counted_from_the_oldest_row_that_is_kept() -> None:
    long = screen(history=5000)
    assert viewport.missing(long, 3000, 5) == (2000 - viewport.MARGIN_ROWS, 2005 + viewport.MARGIN_ROWS)


def test_what_is_far_is_forgotten() -> None:
    full = screen(history=100_000, dropped=0)
    full.history = {row: Line() for row in range(viewport.MAX_KEPT_ROWS + 1)}
    viewport.forget_far(full, 0)
    assert 0 < len(full.history) < viewport.MAX_KEPT_ROWS
    assert 0 in full.history
    viewport.forget_far(full, None)
    assert full.history == {}
