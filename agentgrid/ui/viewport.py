"""Which rows of a pane are shown: its live screen, or a part of its history. Pure.

Rows are counted once and for all: *absolute row* ``history_dropped + i`` is row i of the history, and the screen follows it.
A view that is scrolled back keeps its absolute top row, so that what one reads stays in place while the program prints on.
In the alternate screen there is no history to look back to.
"""

from agentgrid.client.mirror import PaneScreen
from agentgrid.terminal.row import Line

MARGIN_ROWS = 200  # Fetched beyond what is looked at, so that a turning wheel seldom waits for the server.
MAX_KEPT_ROWS = 20_000  # Rows of history a client keeps of one pane while it is scrolled back.


def screen_top(screen: PaneScreen) -> int:
    """The absolute row of the screen's first row."""
    return screen.history_dropped + screen.history_length


def oldest(screen: PaneScreen) -> int:
    """The absolute row one can scroll back to."""
    return screen_top(screen) if screen.modes.alternate_screen else screen.history_dropped


def end(screen: PaneScreen) -> int:
    """The absolute row after the last."""
    return screen_top(screen) + len(screen.lines)


def top_of(screen: PaneScreen, top: int | None) -> int:
    """The absolute row at the top of the view; rows that are gone meanwhile push it on."""
    return screen_top(screen) if top is None else max(oldest(screen), min(top, screen_top(screen)))


def scrolled(screen: PaneScreen, top: int | None) -> int:
    """How many rows the view is scrolled back."""
    return screen_top(screen) - top_of(screen, top)


def scroll(screen: PaneScreen, top: int | None, rows: int) -> int | None:
    """The view's top after scrolling back by ``rows`` (forward when negative); None is the live screen."""
    new = max(oldest(screen), top_of(screen, top) - rows)
    return None if new >= screen_top(screen) else new


def line_at(screen: PaneScreen, row: int) -> Line | None:
    """The line at an absolute row; None where it is not known here or does not exist."""
    index = row - screen_top(screen)
    if index < 0:
        return screen.history.get(row)
    return screen.lines[index] if index < len(screen.lines) else None


def missing(screen: PaneScreen, top: int, rows: int) -> tuple[int, int] | None:
    """What to ask the server for before ``rows`` rows from ``top`` on can be shown: (start, stop) counted from the oldest row."""
    wanted = [row for row in range(top, min(top + rows, screen_top(screen))) if row not in screen.history]
    if not wanted:
        return None
    start, stop = wanted[0] - MARGIN_ROWS, wanted[-1] + 1 + MARGIN_ROWS
    first = screen.history_dropped
    return max(0, start - first), min(screen.history_length, stop - first)


def forget_far(screen: PaneScreen, top: int | None) -> None:
    """Bound what is kept: everything once the view is live again, else what is far from it."""
    if top is None:
        screen.history.clear()
    elif len(screen.history) > MAX_KEPT_ROWS:
        for row in [row for row in screen.history if abs(row - top) > MAX_KEPT_ROWS // 4]:
            del screen.history[row]
