"""Sequences that move the cursor, and tab stops. ``p`` holds the parameters, 0 where one was left out."""

from collections.abc import Sequence

from agentgrid.terminal import modes
from agentgrid.terminal.screen import Screen

P = Sequence[int]


def first(p: P, default: int = 1) -> int:
    """The first parameter; 0 counts as left out."""
    return (p[0] if p else 0) or default


def second(p: P, default: int = 1) -> int:
    return (p[1] if len(p) > 1 else 0) or default


def up(screen: Screen, p: P) -> None:
    """CUU: up to the top margin when at or below it."""
    cursor = screen.cursor
    limit = screen.top if cursor.y >= screen.top else 0
    cursor.y = max(limit, cursor.y - first(p))
    screen.wrap_next = False


def down(screen: Screen, p: P) -> None:
    """CUD: down to the bottom margin when at or above it."""
    cursor = screen.cursor
    limit = screen.bottom if cursor.y <= screen.bottom else screen.lines - 1
    cursor.y = min(limit, cursor.y + first(p))
    screen.wrap_next = False


def forward(screen: Screen, p: P) -> None:
    """CUF: right to the right margin when at or left of it."""
    cursor = screen.cursor
    limit = screen.right if cursor.x <= screen.right else screen.columns - 1
    cursor.x = min(limit, cursor.x + first(p))
    screen.wrap_next = False


def back(screen: Screen, p: P) -> None:
    """CUB: left to the left margin when at or right of it; further with reverse wrap."""
    cursor = screen.cursor
    count = first(p)
    if modes.DECAWM in screen.mode and (modes.REVERSE_WRAP in screen.mode or modes.REVERSE_WRAP_EXTENDED in screen.mode):
        _back_over_rows(screen, count)
        return
    limit = screen.left if cursor.x >= screen.left else 0
    cursor.x = max(limit, cursor.x - count)
    screen.wrap_next = False


def _back_over_rows(screen: Screen, count: int) -> None:
    """Reverse wrap: from the left margin to the right one of the row above, from the top margin to the bottom one."""
    cursor = screen.cursor
    if screen.wrap_next:
        count -= 1  # The first step only takes back that the next character would wrap.
        screen.wrap_next = False
    left = screen.left if cursor.x >= screen.left else 0
    count = min(count, screen.lines * screen.columns)
    while count > cursor.x - left:
        count -= cursor.x - left + 1
        if cursor.y == screen.top:
            cursor.y = screen.bottom
        else:
            cursor.y = cursor.y - 1 if cursor.y else screen.lines - 1
        left, cursor.x = screen.left, screen.right
    cursor.x -= count


def backspace(screen: Screen) -> None:
    back(screen, ())


def next_line(screen: Screen, p: P) -> None:
    down(screen, p)
    screen.carriage_return()


def previous_line(screen: Screen, p: P) -> None:
    up(screen, p)
    screen.carriage_return()


def position(screen: Screen, p: P) -> None:
    screen.address(first(p) - 1, second(p) - 1)


def _origin_row(screen: Screen) -> int:
    return screen.cursor.y - (screen.top if modes.DECOM in screen.mode else 0)


def _origin_column(screen: Screen) -> int:
    return screen.cursor.x - (screen.left if modes.DECOM in screen.mode else 0)


def column(screen: Screen, p: P) -> None:
    screen.address(_origin_row(screen), first(p) - 1)


def row(screen: Screen, p: P) -> None:
    screen.address(first(p) - 1, _origin_column(screen))


def column_relative(screen: Screen, p: P) -> None:
    screen.address(_origin_row(screen), _origin_column(screen) + first(p))


def row_relative(screen: Screen, p: P) -> None:
    screen.address(_origin_row(screen) + first(p), _origin_column(screen))


def tab(screen: Screen, p: P = ()) -> None:
    """HT, CHT: to the next tab stop, the right margin at most. Mode 41 is xterm's help for a curses that counts on wrapping."""
    cursor = screen.cursor
    if screen.wrap_next and modes.MORE_FIX in screen.mode:
        screen.index()
        cursor.x = screen.left
    limit = screen.right if cursor.x <= screen.right else screen.columns - 1
    for _ in range(min(first(p), screen.columns)):
        cursor.x = min((stop for stop in screen.tabstops if stop > cursor.x), default=limit)
        if cursor.x >= limit:
            cursor.x = limit
            break


def tab_back(screen: Screen, p: P) -> None:
    """CBT. As in xterm, the next character wraps all the same if it was to wrap."""
    cursor = screen.cursor
    limit = screen.left if modes.DECOM in screen.mode else 0
    for _ in range(min(first(p), screen.columns)):
        cursor.x = max((stop for stop in screen.tabstops if stop < cursor.x), default=limit)
        if cursor.x <= limit:
            cursor.x = limit
            break


def clear_tab_stop(screen: Screen, p: P) -> None:
    screen.clear_tab_stop(p[0] if p else 0)


def tab_control(screen: Screen, p: P) -> None:
    """CTC: set here, clear here, clear all."""
    match p[0] if p else 0:
        case 0:
            screen.set_tab_stop()
        case 2:
            screen.clear_tab_stop(0)
        case 4 | 5:
            screen.clear_tab_stop(3)


def default_tab_stops(screen: Screen, p: P) -> None:
    """DECST8C."""
    if first(p, 0) == 5:
        screen.tabstops = set(range(8, screen.columns, 8))


def back_index(screen: Screen) -> None:
    """DECBI: left, scrolling right at the left margin."""
    from agentgrid.terminal import editing

    if screen.cursor.x == screen.left and screen.in_margins:
        editing.shift_columns(screen, screen.left, 1)
    elif screen.cursor.x > 0:
        screen.cursor.x -= 1
    screen.wrap_next = False


def forward_index(screen: Screen) -> None:
    """DECFI: right, scrolling left at the right margin."""
    from agentgrid.terminal import editing

    if screen.cursor.x == screen.right and screen.in_margins:
        editing.shift_columns(screen, screen.left, -1)
    elif screen.cursor.x < screen.columns - 1:
        screen.cursor.x += 1
    screen.wrap_next = False


def set_rows(screen: Screen, p: P) -> None:
    """DECSTBM: top and bottom margin; home."""
    top, bottom = first(p), min(second(p, screen.lines), screen.lines)
    if top < bottom:
        screen.top, screen.bottom = top - 1, bottom - 1
        screen.tune()
        screen.home()


def set_columns(screen: Screen, p: P) -> None:
    """DECSLRM: left and right margin; home."""
    left, right = first(p), min(second(p, screen.columns), screen.columns)
    if left < right:
        screen.left, screen.right = left - 1, right - 1
        screen.tune()
        screen.home()
